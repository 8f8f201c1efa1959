"""Opening a project and setting its fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.core.authority import may
from engine.core.commands import OpenProject, SetFields
from engine.core.definition import Field
from engine.core.events import Event
from engine.core.outcome import Accepted, Hearing, Outcome, Refused, bad_input, known_or
from engine.core.project import Project
from engine.core.values import BadValue, is_words, parse, text

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
Mistakes = list[tuple[str, str]]


def open_project(command: OpenProject, hearing: Hearing) -> Outcome:
    """Rules on a new project. That the id is free is for the register to say."""
    mistakes: Mistakes = []
    workflow = hearing.workflow
    if not ID.fullmatch(command.id):
        mistakes.append(("id", "A project's id is 1 to 64 letters, digits, dots, dashes or underscores, like CC-001."))
    title = _text(command.title, "The title", mistakes, "title", 300)
    given = parsed(workflow.fields, command.fields, mistakes)
    named = {name.partition(".")[0] for name in command.fields}
    for field in workflow.fields.values():
        if field.id in given:
            continue
        if field.default is not None:
            given[field.id] = field.default
        elif field.required and field.id not in named:
            mistakes.append((field.id, f"{field.title} is required: give {example_of(field)}"))
    if mistakes:
        return bad_input(mistakes)
    if no := may(hearing.actor, "open a project"):
        return no
    clear, words = split(workflow.fields, given, "field.")
    body = {
        "workflow": workflow.id,
        "definition": workflow.digest,
        "stage": workflow.first_stage.id,
        "fields": clear,
        "today": hearing.moment.today.isoformat(),
    }
    return Accepted((Event("project_opened", command.id, body, {"title": title, **words}),))


def set_fields(project: Project, command: SetFields, hearing: Hearing) -> Outcome:
    """Rules on new values for fields. Empty text unsets a field that is not required."""
    mistakes: Mistakes = []
    fields = hearing.workflow.fields
    if not command.fields:
        mistakes.append(("fields", "Say which field to set, like regime=psr."))
    unset = [name for name, raw in command.fields.items() if raw in ("", None) and name in fields]
    mistakes += [(n, f"{fields[n].title} is required and cannot be emptied.") for n in unset if fields[n].required]
    given = parsed(fields, {n: raw for n, raw in command.fields.items() if n not in unset}, mistakes)
    if mistakes:
        return bad_input(mistakes)
    if no := may(hearing.actor, "set the fields of a project"):
        return no
    if hearing.workflow.stages[project.stage].final:
        return Refused("rules", "project_ended", "The project has ended; its fields no longer change.")
    clear, words = split(fields, given, "field.")
    return Accepted((Event("fields_set", project.id, {"fields": clear | dict.fromkeys(unset)}, words),))


def parsed(fields: Mapping[str, Field], raw: Mapping[str, Any], mistakes: Mistakes) -> dict[str, Any]:
    """Returns the values that were given, by field, and adds every mistake: unknown fields and unfit values.

    `name.part=2` gives one part of a counts field.
    """
    gathered: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {}
    for name, value in raw.items():
        whole, _, part = name.partition(".")
        field = fields.get(whole)
        if field is None or (name != whole and field.type != "counts"):
            mistakes.append((name, f"There is no field {name}. {known_or(fields, whole)}"))
        elif name != whole:
            parts.setdefault(whole, {})[part] = value
        else:
            gathered[whole] = value
    for name in gathered.keys() & parts.keys():
        mistakes.append((name, f"{fields[name].title} is given as a whole and in parts; give it in one way."))
    gathered |= parts
    found: dict[str, Any] = {}
    for name, value in gathered.items():
        try:
            found[name] = parse(fields[name], value)
        except BadValue as bad:
            mistakes.append((name, str(bad)))
    return found


def split(fields: Mapping[str, Field], values: Mapping[str, Any], prefix: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns what may stand in a leaf in clear, and what a person typed, the latter under `prefix`."""
    clear = {n: v for n, v in values.items() if not is_words(fields[n])}
    return clear, {f"{prefix}{n}": v for n, v in values.items() if is_words(fields[n])}


def example_of(field: Field) -> str:
    """Returns how a field is given, like regime=… or attendance.carer=…"""
    return f"{field.id}.{field.of[0]}=…" if field.type == "counts" else f"{field.id}=…"


def _text(raw: str, what: str, mistakes: Mistakes, field: str, longest: int) -> str:
    try:
        return text(raw, what, longest)
    except BadValue as bad:
        mistakes.append((field, str(bad)))
        return ""


def reason_in(raw: str | None, mistakes: Mistakes) -> str:
    """Returns a reason as typed, or adds the mistake."""
    return _text(raw or "", "The reason", mistakes, "reason", 2_000)
