"""Reads the deadlines of a whole register from its rows, in the order of their days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from engine.core.deadlines import CONDITION, Deadline, NotKnown
from engine.core.definition import Workflow
from engine.core.project import Project
from engine.deadlines_whose import Whose
from engine.due import deadline_of, not_known_of
from engine.room import Room
from engine.store import deadlines
from engine.store.database import Transaction
from engine.store.deadlines import Listed

Place = tuple[str, str]
"""A place in the order of deadlines: the day, ISO, and the id."""


class Seen(NamedTuple):
    """A deadline with what is shown of its project beside it."""

    deadline: Deadline
    title: str | None
    on_hold: bool
    workflow: Workflow

    @property
    def place(self) -> Place:
        """Where it stands among all, by day and id."""
        return self.deadline.due.isoformat(), self.deadline.id


class Unknown(NamedTuple):
    """A deadline whose day cannot be told, with what is shown of its project beside it."""

    not_known: NotKnown
    title: str | None
    workflow: Workflow


def kept(tx: Transaction, room: Room, mine: Whose | None, until: str, after: Place) -> Iterator[Seen]:
    """Yields deadlines up to a day, those after a place, by day and id; where somebody's are asked for, only theirs.

    Somebody who holds roles in a few projects costs only those, however many others there are.
    """
    projects: dict[str, Project] = {}
    for one in _rows(tx, mine, until, after):
        workflow = room.workflow(tx, one.definition)
        deadline = deadline_of(one.row, workflow)
        if mine is not None and not mine.has(deadline, workflow):
            continue
        if deadline.kind == CONDITION:  # what people typed is in no row, so that erasing need not look for it here
            project = projects.get(deadline.project) or room.load(tx, deadline.project)[0]
            projects[deadline.project] = project
            deadline = replace(deadline, says=_typed(project, deadline))
        yield Seen(deadline, one.title, one.on_hold, workflow)


def kept_not_known(tx: Transaction, room: Room, mine: Whose | None) -> Iterator[Unknown]:
    """Yields the deadlines whose day cannot be told; where somebody's are asked for, those of their projects."""
    for one in deadlines.listed_as_not_known(tx):
        workflow = room.workflow(tx, one.definition)
        if mine is None or mine.held(one.row.project, workflow):
            for unknown in not_known_of(one.row):
                yield Unknown(unknown, one.title, workflow)


def _rows(tx: Transaction, mine: Whose | None, until: str, after: Place) -> Iterator[Listed]:
    if mine is None or mine.everywhere:
        yield from deadlines.listed(tx, until, max(after, deadlines.BEGINNING))
        return
    found = {one.row.id: one for project in mine.projects for one in deadlines.listed_of_project(tx, project, until)}
    found |= {one.row.id: one for one in deadlines.listed_of_owner(tx, mine.person, until)}
    places = sorted((one.row.due, one.row.id) for one in found.values())
    yield from (found[id_] for due, id_ in places if (due, id_) > after)


def _typed(project: Project, deadline: Deadline) -> str | None:
    """Returns the words of a condition; None where they were erased."""
    seq, number = map(int, deadline.occurrence.split("."))
    passing = next(p for p in project.passings if p.seq == seq)
    return passing.conditions[number - 1].text
