"""Keeps the deadlines of projects as rows: derived anew with every act, in its own transaction, and only then.

The rows say what `derive` says of the project's last version, so every one of them can be made again. What cannot is
`next_on`, which remembers how far people were told: it stays with a deadline as long as its day does. A deadline that
moved begins anew with its first step.

No plugin is asked here, since nobody may wait for a plugin while the register is locked: a wait that only a plugin
knows of has no row, and is found where a single project is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

import orjson

from engine.core.bank_holidays import FIRST_YEAR, LAST_YEAR, Extra
from engine.core.calendar import Calendar
from engine.core.deadlines import CONDITION, STAGE, WAIT, Deadline, NotKnown
from engine.core.deadlines_derived import Derived, derive
from engine.core.definition import Basis, Span, Workflow
from engine.core.opinions import NOBODY
from engine.core.project import Project
from engine.core.reminding import Steps, is_silent
from engine.room import MOST_WORKFLOWS, Room, calendar_of
from engine.store import deadlines
from engine.store.database import Transaction
from engine.store.deadlines import ALL_KNOWN, OF_PROJECT, SOME_UNKNOWN, DeadlineRow

RULES: Final = 2
"""The number of the rules that rows are derived by. It goes up where `derive`, or what a row holds, changes."""

_alone: dict[str, Workflow] = {}
_steps: dict[int, tuple[Calendar, Steps]] = {}


def refresh(tx: Transaction, room: Room, project: Project, workflow: Workflow) -> Mapping[str, DeadlineRow]:
    """Makes the rows of a project those of its state, writing only what changed; returns its deadlines' rows by id.

    Args:
        tx: from `Database.write`, the one in which the project changed.
    """
    kept = deadlines.of_project(tx, project.id)
    derived = without_plugins(room, project, workflow)
    now = {one.id: _row(one, project, kept.get(one.id), room, workflow) for one in derived.deadlines}
    gone = [id_ for id_ in kept if id_ not in now and id_ != project.id]
    own, was = _own_row(project, derived), kept.get(project.id)
    deadlines.forget(tx, gone)
    deadlines.put(tx, [row for id_, row in now.items() if row is not kept.get(id_)])
    if was is None or was.body != own.body:
        deadlines.put(tx, [own])
    elif was.version != own.version:
        deadlines.derived_from(tx, project.id, own.version)
    return now


def without_plugins(room: Room, project: Project, workflow: Workflow) -> Derived:
    """Returns the deadlines of a project as far as they are known without asking a plugin; on any day the same."""
    alone = _alone.get(workflow.digest)
    if alone is None:
        if len(_alone) >= MOST_WORKFLOWS:
            _alone.clear()
        alone = _alone[workflow.digest] = replace(workflow, judges=NOBODY)
    some_day = date.fromisoformat(project.entered_on)  # only plugins would be told what day it is
    return derive(alone, project, some_day, room.calendar(workflow), calendar_of(workflow))


def steps_of(calendar: Calendar) -> Steps:
    """Returns the days of reminders by a calendar, whose holidays are put in order once."""
    found = _steps.get(id(calendar))
    if found is None:
        found = _steps[id(calendar)] = calendar, Steps(calendar)  # kept beside it, so that its id stays its own
    return found[1]


def derived_by(extra: Extra) -> str:
    """Returns what the rows of a register hang on beside its entries: the rules, the holidays, those added to them."""
    days = [[day.isoformat(), name] for day, name in extra]
    return orjson.dumps([RULES, FIRST_YEAR, LAST_YEAR, days]).decode()


def deadline_of(row: DeadlineRow, workflow: Workflow) -> Deadline:
    """Returns a kept deadline as it was derived, but for what people typed about it, which is in no row."""
    _, kind, subject, occurrence = row.id.split("/", 3)
    said = orjson.loads(row.body)
    basis, length = said.get("basis"), said.get("length")
    return Deadline(
        row.project,
        kind,
        subject,
        occurrence,
        date.fromisoformat(row.due),
        said["what"],
        _title(kind, subject, workflow),
        row.severity,
        tuple(said["who"]),
        row.owner,
        said.get("gate"),
        said.get("passed", False),
        said.get("one_of"),
        None if length is None else Span(*length),
        None if basis is None else Basis(*basis),
    )


def not_known_of(row: DeadlineRow) -> Iterator[NotKnown]:
    """Yields the deadlines whose day cannot be told, from a project's own row."""
    for kind, subject, title, why in orjson.loads(row.body):
        yield NotKnown(row.project, kind, subject, title, why)


def _title(kind: str, subject: str, workflow: Workflow) -> str:
    if kind == STAGE:
        return workflow.stages[subject].title
    return workflow.gates[subject].title if kind == CONDITION else workflow.requirements[subject].title


def _row(one: Deadline, project: Project, was: DeadlineRow | None, room: Room, workflow: Workflow) -> DeadlineRow:
    """Returns the row of a deadline: the very one that is kept where nothing of it changed."""
    due, body = one.due.isoformat(), _body(one)
    silent = is_silent(one.severity, on_hold=project.hold is not None)
    if was is not None and was.due == due and (silent or one.kind == WAIT or was.next_on is not None):
        next_on = None if silent else was.next_on
    else:
        awaited = was is not None and was.next_on is not None
        next_on = None if silent else _first_day(one, room, workflow, awaited=awaited)
    row = DeadlineRow(one.id, project.id, project.version, one.kind, one.severity, due, next_on, one.owner, body)
    return was if was is not None and was == row._replace(version=was.version) else row


def _first_day(one: Deadline, room: Room, workflow: Workflow, *, awaited: bool) -> str | None:
    """Returns the day of the first step; None for a wait that was over before anybody knew of it.

    One that people still wait for is told, also where it turns out that it was over long ago: by another record, say,
    or because holidays were taken back. They were told of another day, and would go on waiting.
    """
    if one.kind == WAIT and not awaited and one.due < room.today(workflow):
        return None
    return steps_of(room.calendar(workflow)).first(one.kind, one.due).on.isoformat()


def _own_row(project: Project, derived: Derived) -> DeadlineRow:
    unknown = [[one.kind, one.subject, one.title, one.why] for one in derived.not_known]
    due = SOME_UNKNOWN if unknown else ALL_KNOWN
    body = orjson.dumps(unknown).decode()
    return DeadlineRow(project.id, project.id, project.version, OF_PROJECT, "", due, None, None, body)


def _body(one: Deadline) -> str:
    said: dict[str, Any] = {"what": one.what, "who": one.who}
    if one.gate is not None:
        said["gate"] = one.gate
    if one.passed:
        said["passed"] = True
    if one.one_of is not None:
        said["one_of"] = one.one_of
    if one.length is not None:
        said["length"] = (one.length.n, one.length.unit)
    if one.basis is not None:
        said["basis"] = (one.basis.kind, one.basis.source)
    return orjson.dumps(said).decode()
