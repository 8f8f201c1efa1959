"""Workflows on the screen: a definition in its own words, and what a check found in files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from terminal.asked import Asked
from terminal.form import blanks, family, project_fields
from terminal.screen import Page
from terminal.words import count, either, inside, level, plain_id, together

Document = Mapping[str, Any]
GROUPS: Mapping[str, str] = {"any_of": "any one of these", "all_of": "all of these", "at_least": "at least {} of these"}


def render_workflow(page: Page, found: Document, asked: Asked) -> None:
    """Writes a definition: its stages with the ways out of them, and its gates with what they ask."""
    roles = {r["id"]: inside(r["title"]) for r in found["roles"]}
    stages = {s["id"]: s["title"] for s in found["stages"]}
    gates = {g["id"]: g["title"] for g in found["gates"]}
    names = roles | {r["id"]: r["title"] for g in found["gates"] for r in family(g["requires"])}
    page.say(f"{found['title']} ({found['id']}, version {found['version']})")
    if found["summary"]:
        page.say(found["summary"])
    page.labelled("Definition", found["definition"], 0)
    page.heading("Stages")
    for stage in found["stages"]:
        target = stage["target"]
        length = f", {count(target['n'], plain_id(target['unit'])[:-1])}" if target else ""
        page.say(f"{stage['title']}{length}{' (final)' if stage['final'] else ''}", 2)
        for way in stage["transitions"]:
            gate = f" through “{gates[way['gate']]}”" if way["gate"] else ""
            by = f", by the {either(roles.get(r, r) for r in way['by'])}" if way["by"] else ""
            page.say(f"{way['id']}: to {stages[way['to']]}{gate}{by}", 6)
    for gate in found["gates"]:
        page.heading(f"{gate['title']} ({gate['id']})")
        if gate["decided_by"]:
            page.say(f"Decided by the {together(roles.get(r, r) for r in gate['decided_by'])}.", 2)
        for requirement in gate["requires"]:
            _requirement(page, requirement, names, 2)
    page.heading("Next")
    words = ("project", "new", "TITLE", "--workflow", found["id"])
    fields = project_fields(found)
    required = [name for name, field in fields.items() if field["required"]]
    page.command(asked.command(*words, *blanks(fields, required)))


def _requirement(page: Page, requirement: Document, names: Mapping[str, str], indent: int) -> None:
    law = " (required by law)" if requirement["law"] else ""
    page.item(f"{requirement['title']}{law}  [{requirement['id']}]", indent)
    asked = []
    if requirement["level"]:
        asked.append(f"{level(requirement['level'])} or above")
    if wait := requirement["wait"]:
        length = count(wait["n"], plain_id(wait["unit"])[:-1])
        asked.append(f"{length} after “{names[wait['requirement']]}” ({plain_id(wait['field'])})")
    if requirement["type"] in GROUPS:
        asked.append(GROUPS[requirement["type"]].format(requirement["at_least"]))
    if use := requirement.get("use"):
        plugin, _, kind = use.partition("/")
        asked.append(f"judged by the plugin {plugin}: {kind}")
    if requirement["signed_by"]:
        asked.append(f"signed by the {together(names[r] for r in requirement['signed_by'])}")
    if asked:
        page.say("; ".join(asked), indent + 2)
    for child in requirement["of"]:
        _requirement(page, child, names, indent + 2)


def render_checks(page: Page, files: Sequence[Document], asked: Asked) -> None:
    """Writes what a check found, file by file: each problem with its place, its rule and its example."""
    for file in files:
        errors = sum(p["severity"] == "error" for p in file["problems"])
        warnings = len(file["problems"]) - errors
        said = ", ".join(count(n, noun) for n, noun in ((errors, "error"), (warnings, "warning")) if n) or "no mistakes"
        page.gap()
        page.say(f"{file['file']}: {'Good' if file['ok'] else 'Not good'}, {said}.")
        for problem in file["problems"]:
            place = f"line {problem['line']}, column {problem['column']}" if problem["line"] else "the whole file"
            word, colour = ("Error", "red") if problem["severity"] == "error" else ("Warning", "yellow")
            page.labelled(word, f"{place}: {problem['message']} [{problem['rule']}]", colour=colour)
            if problem["path"]:
                page.beside(f"At {problem['path']}.")
            if problem["example"]:
                page.beside(f"For example: {problem['example']}")
    if all(f["ok"] for f in files):
        page.heading("Next")
        page.command(asked.command("workflow", "load", str(files[0]["file"])))
