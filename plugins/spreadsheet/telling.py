"""Tells people and programs what came of a sheet: what would be opened, what is wrong, what was opened."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

import click

from plugins.spreadsheet.planning import Plan, Wanted
from plugins.spreadsheet.reading import Said

# control characters, and the marks that turn the direction of text round or hide in it
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def _line(text: object, *, err: bool = False) -> None:
    """Prints a line in which nothing that somebody typed can move the cursor or turn the text round."""
    click.echo(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", str(text).replace("\n", " ")), err=err)


def _json(found: Mapping[str, Any]) -> None:
    click.echo(json.dumps(found, indent=2))


def _many(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def next_command(*words: str, db: str | None) -> str:
    """Returns a command to type next, whole, and for the register that was named just now."""
    return shlex.join(["cocycle", "spreadsheet", *words, *(() if db is None else ("--db", db))])


def tell_starter(found: Mapping[str, Any], *, after: str, as_json: bool) -> None:
    """Tells of a starter sheet that was made, and what to do with it; `after` is the command that comes next."""
    if as_json:
        _json(found)
        return
    _line(f"Made {found['file']} for projects of {found['workflow']}.")
    _line("Write a project in each row, then look what would be opened:")
    _line(f"  {after}")


def tell_mistakes(file: str, plan: Plan) -> None:
    """Tells every mistake by its cell, on standard error."""
    _line(f"{file}: {_many(len(plan.mistakes), 'mistake')}. Nothing was opened.", err=True)
    _each(plan.mistakes, err=True)
    _notes(plan, err=True)


def _each(said: Sequence[Said], *, err: bool = False) -> None:
    for one in said:
        _line(f"  {one.cell}: {one.message}", err=err)


def _notes(plan: Plan, *, err: bool = False) -> None:
    if plan.notes:
        _line("Good to know:", err=err)
        _each(plan.notes, err=err)


def tell_plan(file: str, plan: Plan, *, after: str, as_json: bool) -> None:
    """Tells what would be opened, every project with every value; `after` is the command that opens them."""
    if as_json:
        _json({"file": file, "dry_run": True, **plan.as_json()})
        return
    new = [one for one in plan.projects if one.opened is None]
    _line(f"{file}: {_many(len(new), 'project')} would be opened, of {plan.workflow}. Nothing was opened yet.")
    for one in plan.projects:
        _project(one, plan.titles)
    _notes(plan)
    if new:
        _line("To open them:")
        _line(f"  {after}")


def _project(one: Wanted, titles: Mapping[str, str]) -> None:
    if one.opened is not None:
        _line(f"  Row {one.row}: {one.title} was opened from this file before, as {one.opened}.")
        return
    _line(f"  Row {one.row}: {one.title} ({one.project_id or 'its id is made'})")
    for name, value in one.fields.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        _line(f"    {one.cells[name]}: {titles[name]} ({name}) = {shown}")


def tell_opened(file: str, plan: Plan, answers: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Tells what was opened now, and what the same file had opened before."""
    now = [answer for answer in answers if not answer["replayed"]]
    if as_json:
        projects = [
            {"row": one.row, "project": answer["project"], "seq": answer["seq"], "replayed": answer["replayed"]}
            for one, answer in zip(plan.projects, answers, strict=True)
        ]
        notes = [note.as_json() for note in plan.notes]
        said = {"file": file, "workflow": plan.workflow, "definition": plan.definition, "sha256": plan.digest}
        _json({**said, "opened": len(now), "projects": projects, "notes": notes})
        return
    before = (
        f" {_many(len(answers) - len(now), 'project')} had been opened from it before."
        if len(now) < len(answers)
        else ""
    )
    _line(f"Opened {_many(len(now), 'project')} from {file}.{before}")
    for one, answer in zip(plan.projects, answers, strict=True):
        if not answer["replayed"]:
            _line(f"  Row {one.row}: {answer['project']}, {one.title}")
    _notes(plan)
