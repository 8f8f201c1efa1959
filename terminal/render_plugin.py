"""Plugins on the screen: those that are here, one that was written, and what a check found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from terminal.asked import Asked
from terminal.screen import Page
from terminal.words import count

FROM: Mapping[str, str] = {"bundled": "comes with cocycle", "installed": "installed", "folder": "in the plugins folder"}
LONGEST_EXAMPLE = 400
_TOLD = ("kind", "own", "level", "happened_on", "facts")


def render_plugins(page: Page, found: Mapping[str, Any], asked: Asked) -> None:
    """Writes every plugin with what it brings or what is wrong with it, then what holds plugins back here."""
    for plugin in found["plugins"]:
        active = "cannot be used" if plugin["error"] else "active" if plugin["active"] else "not active"
        place = f", {FROM[plugin['from']]}" if plugin["digest"] else ""  # what was only named is nowhere
        version = f" {plugin['version']}" if plugin["version"] else ""
        page.gap()
        page.say(f"{plugin['name']}{version}: {active}{place}.")
        if plugin["error"]:
            page.labelled("Error", plugin["error"], colour="red")
        if plugin["brings"]:
            page.labelled("Brings", ", ".join(plugin["brings"]))
        if "cocycle_commands" in plugin["hooks"]:
            page.labelled("Commands", f"see `cocycle {plugin['name']} --help`")
        if plugin["digest"]:
            page.labelled("Digest", plugin["digest"])
    page.heading("What holds plugins back on this machine")
    for one in found["protections"]:
        page.labelled("Holds" if one["holds"] else "Not here", one["says"], colour=None if one["holds"] else "yellow")


def render_new(page: Page, found: Mapping[str, Any], asked: Asked) -> None:
    """Writes what was written, and what to do next."""
    page.say(f"Wrote the plugin {found['plugin']}: {count(len(found['files']), 'file')} in {found['folder']}.")
    for file in found["files"]:
        page.item(file)
    page.heading("Next")
    page.command(asked.command("plugin", "check", str(found["folder"]), plain=True))


def render_check(page: Page, found: Mapping[str, Any], asked: Asked, place: str) -> None:
    """Writes the level that is reached, what was found rule by rule, and what is missing for the next level."""
    name = f"{found['plugin']} {found['version']}".strip()
    names = {0: "nothing yet"} | {one["level"]: one["name"] for one in found["levels"]}
    good = "Good" if found["ok"] else "Not good enough"
    asks = "" if found["ok"] else f" Level {found['asked']}, {names[found['asked']]}, was asked for."
    page.say(f"{name}: {good}. It reaches level {found['level']} of 4, {names[found['level']]}.{asks}")
    for one in found["findings"]:
        word, colour = ("Fault", "red") if one["severity"] == "fault" else ("Note", "yellow")
        page.labelled(word, f"{one['subject']}: {one['message']} [{one['rule']}]", colour=colour)
        if one["example"] is not None:
            page.beside(f"For example {_example(one['example'])}")
    measured = found["measured"]
    if measured["questions"]:
        times = f"half within {measured['p50_ms']} ms, all but one in a hundred within {measured['p99_ms']} ms"
        page.labelled("Measured", f"{measured['questions']} verdicts: {times}.")
    missing = [one for one in found["levels"] if not one["reached"]]
    if missing:
        nearest = missing[0]
        page.labelled(f"For level {nearest['level']}", f"mend {', '.join(nearest['missing']) or 'the levels below'}.")


def _example(example: Mapping[str, Any]) -> str:
    """Returns an example in a line, without what says nothing in it; all of it is in the JSON."""
    question = example.get("question")
    if question is None and "facts" in example:
        told = f"{_json(example['facts'])}, with the files {_json(example['files'])}"
    elif question is None:
        told = _json(example)
    else:
        records = [
            {name: value for name, value in one.items() if value and name in _TOLD} for one in question["records"]
        ]
        parts = {"options": question["with"], "fields of the project": question["fields"], "records": records}
        told = "; ".join(f"{name} {_json(value)}" for name, value in parts.items() if value or name == "records")
        told = f"on {question['today']}, {told}"
    return told if len(told) <= LONGEST_EXAMPLE else f"{told[:LONGEST_EXAMPLE]}… (all of it with --json)"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
