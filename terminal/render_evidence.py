"""Records of evidence on the screen: the list of a project, and one record whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from terminal.form import record_fields, titled
from terminal.scene import Scene
from terminal.screen import LABEL, Page
from terminal.words import day, inside, level, moment, plain_id, size, together

FRAME = "=" * 60
EXAMINED: Mapping[str, tuple[str, str | None]] = {
    "passed": ("no fault was found", None),
    "faulty": ("it does not count, because of what is below", "red"),
    "failed": ("the examiner itself broke down, so it does not count; hand it in again", "red"),
}

STATES: Mapping[str, str] = {
    "current": "Counts now",
    "superseded": "Superseded",
    "withdrawn": "Withdrawn",
    "erased": "Erased",
}


def render_evidence_list(page: Page, found: Sequence[Mapping[str, Any]], scene: Scene) -> None:
    """Writes one row a record: what it is for, whether it counts, its level, who handed it in and when."""
    if not found:
        page.say("Nothing has been handed in yet.")
    rows = []
    for one in found:
        claimed = level(one["level"]) if one["level"] else "no level"
        person = one.get("name") or scene.name_of(one["by"])
        files = ", ".join(f["name"] or "(name erased)" for f in one["files"])
        last = f"{scene.requirement(one['requirement'])}, by {person}{': ' + files if files else ''}{_answering(one)}"
        rows.append((one["evidence"], _standing(one), claimed, day(one["happened_on"]), last))
    page.columns(rows, 0)
    page.heading("Next")
    if found:
        page.command(scene.asked.command("evidence", "show", found[-1]["evidence"], plain=True))
    page.command(scene.asked.command("gate", scene.project, plain=True))


def render_evidence(page: Page, found: Mapping[str, Any], scene: Scene) -> None:
    """Writes one record whole."""
    title = found.get("requirement_title") or scene.requirement(found["requirement"])
    page.say(f"{found['evidence']}: {found.get('kind_title') or plain_id(found['kind'])} for “{title}”")
    page.gap()
    page.labelled("Project", found["project"], 0)
    page.labelled("State", _state(found), 0)
    page.labelled("Happened on", day(found["happened_on"]), 0)
    page.labelled(
        "Handed in", f"{moment(found['recorded_at'])}, by {found.get('name') or scene.name_of(found['by'])}", 0
    )
    page.labelled("Level", _level(found), 0)
    if found.get("answers"):
        page.labelled("Answers", together(found["answers"]), 0)
    if found.get("answered_by"):
        page.labelled("Answered by", together(found["answered_by"]), 0)
    render_contents(page, found, scene)
    if found.get("examined"):
        render_examined(page, found["examined"])
    render_contradictions(page, found.get("contradictions", ()))
    if found.get("signatures"):
        page.heading("Signatures")
        for one in found["signatures"]:
            name = one.get("name") or scene.name_of(one["person"])
            page.say(f"{name}, {inside(scene.role(one['role']))}, on {moment(one['at'])}{_lapse(one)}", 2)
    page.heading("Next")
    for one in found["files"][:1] if found["state"] != "erased" else ():
        name = [one["name"]] if one["name"] and len(found["files"]) > 1 else []
        page.command(scene.asked.command("evidence", "get", found["evidence"], *name, plain=True))
    page.command(scene.asked.command("gate", found["project"], plain=True))


def render_contents(page: Page, found: Mapping[str, Any], scene: Scene) -> None:
    """Writes what a record says and its files with their digests."""
    if found.get("facts"):
        page.heading("What it says")
        fields, facts = record_fields(scene.document, found["kind"]), found["facts"]
        kept = {name: fact for name, fact in facts.items() if fact is not None}
        gone = {name: {"title": fields[name]["title"], "type": "text"} for name in facts if name not in kept}
        page.columns([*titled(fields, kept), *titled(gone, dict.fromkeys(gone, "(erased)"))])
    if found["files"]:
        page.heading("Files")
        page.columns([(f["name"] or "(name erased)", size(f["size"]), _digest(f["sha256"])) for f in found["files"]])


def render_examined(page: Page, examined: Mapping[str, Any]) -> None:
    """Writes what the examiner of a record's kind found when it was handed in."""
    page.heading("Examined")
    said, _ = EXAMINED[examined["state"]]
    page.say(f"By the plugin {examined['plugin']} {examined['version']}: {said}.", 2)
    render_found(page, examined)


def render_found(page: Page, examined: Mapping[str, Any]) -> None:
    """Writes each thing that an examiner found, a line each."""
    colour = EXAMINED[examined["state"]][1]
    for one in examined["found"]:
        word = "Fault" if one["severity"] == "fault" else "Note"
        page.labelled(word, one["says"] or f"(erased) [{one['code']}]", 2, colour if word == "Fault" else None)


def render_contradictions(page: Page, found: Sequence[Mapping[str, Any]]) -> None:
    """Writes each claim that the facts of a record do not carry, in a frame of its own."""
    for one in found:
        page.gap()
        page.say(FRAME)
        page.labelled("Look here first", one["title"], 0, "red")
        page.say(one["says"], LABEL)
        page.say(one["why"], LABEL)
        page.say(FRAME)


def _standing(found: Mapping[str, Any]) -> str:
    """Returns how a record stands; the newest one does not count where its examiner found a fault, or broke down."""
    examined = found.get("examined")
    if found["state"] == "current" and examined is not None and examined["state"] != "passed":
        return "Does not count"
    return STATES[found["state"]]


def _state(found: Mapping[str, Any]) -> str:
    if found["state"] != "erased":
        return _standing(found)
    return f"Erased on {day(found['erased_on'])} (entry {found['erased_by']}); it counts for no gate still to be passed"


def _digest(sha256: str | None) -> str:
    return "(erased)" if sha256 is None else f"SHA-256 {sha256}"


def _answering(one: Mapping[str, Any]) -> str:
    answers = f"; answers {together(one['answers'])}" if one.get("answers") else ""
    answered = f"; answered by {together(one['answered_by'])}" if one.get("answered_by") else ""
    return answers + answered


def _level(found: Mapping[str, Any]) -> str:
    if not found["level"]:
        return "none was claimed"
    claimed = found.get("claimed_level")
    if claimed and claimed != found["level"]:
        return f"{level(found['level'])}, judged by an auditor; {level(claimed)} was claimed"
    return level(found["level"])


def _lapse(signature: Mapping[str, Any]) -> str:
    return f" (lapsed: {signature['lapsed']})" if signature.get("lapsed") else ""
