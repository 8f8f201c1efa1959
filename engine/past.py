"""A project as it stood at a point in the past, rebuilt from the ledger alone.

The stored state of the project, the rows it is listed by and the rows of people are not looked at: what stood is the
fold of its entries up to that point, the definition is the one its first entry names (whose bytes are hashed again),
and names are those of the entries that added people. What stored files hold now is not looked at either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from engine.clock import day_in, stamp
from engine.core.definition import Workflow
from engine.core.errors import InputRefused, NotFound
from engine.core.events import ERASED, Entry
from engine.core.project import Project, replay
from engine.room import Room
from engine.sight import Sight, a_day, a_point
from engine.store import journal, search
from engine.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Past:
    """A point in the past of a project.

    Attributes:
        project: the state then; workflow: the definition it was pinned to then.
        entries: the project's entries up to it, oldest first.
        at: the moment itself, RFC 3339 in UTC.
        index: the ledger index that was asked for; None where a day or a moment was.
    """

    project: Project
    workflow: Workflow
    entries: tuple[Entry, ...]
    at: str
    index: int | None

    def as_json(self) -> dict[str, Any]:
        """Returns the point in words for screens: the last entry of the project that counts, and the moment."""
        return {"project": self.project.id, "entry": self.entries[-1].seq, "index": self.index, "at": self.at}


def past(tx: Transaction, room: Room, project: str, as_of: str) -> Past:
    """Returns a project as of a day (its end), a moment or a ledger index (both included).

    Raises:
        InputRefused: `as_of` is none of these, or is still to come.
        NotFound: the ledger knows no such project, or it was opened later.
    """
    every = journal.entries(tx, project=project)
    opened = next(every, None)
    if opened is None:
        raise NotFound(f"There is no project {project}.", code="no_such_project")
    zone = room.workflow(tx, opened.event.body["definition"]).time_zone
    last, until = a_point(as_of, zone)
    _must_be_past(tx, room, last, until, zone)
    kept = []
    for entry in chain([opened], every):
        if (last is not None and entry.seq > last) or (until is not None and entry.at > until):
            break
        kept.append(entry)
    then = replay(kept)
    if then is None:
        raise NotFound(f"The project {project} had not been opened then.", code="no_such_project")
    at = until if until is not None else next(journal.entries(tx, first=last or 0)).at
    return Past(then, room.workflow(tx, then.definition), tuple(kept), at, last)


def sight_of(found: Past, room: Room, at: str | None) -> Sight:
    """Returns what stood then, to be judged as on the day it was, or as on the day `at` where one is given."""
    workflow = found.workflow
    day = a_day(at) if at is not None else day_in(workflow.time_zone, found.at)
    return Sight(found.project, workflow, day, room.calendar(workflow))


def recorded_names(tx: Transaction) -> Callable[[str], str | None]:
    """Returns a look-up from a person's id to the name they were added with, read from the ledger once it is asked."""
    known: dict[str, str | None] = {"system": "cocycle"}

    def name(person: str) -> str | None:
        if len(known) == 1:
            for seq, leaf in search.leaves(tx, register_only=True):
                if (
                    b'"event":"person_added"' in leaf
                ):  # an index gives the register's own entries, of which these are few
                    event = journal.hydrated(tx, seq, leaf).event
                    if event.name == "person_added":
                        word = event.words["name"]
                        known[event.body["person"]] = None if word is ERASED else word
        return known.get(person)

    return name


def _must_be_past(tx: Transaction, room: Room, last: int | None, until: str | None, zone: str) -> None:
    """Refuses a point that is still to come; a day may be today."""
    size = journal.head(tx).size
    if last is not None and last >= size:
        raise InputRefused(f"The ledger has no entry {last} yet; its last is {size - 1}.")
    if until is not None and day_in(zone, until) > day_in(zone, stamp(room.clock.now())):
        raise InputRefused("That is still to come; --as-of looks back, --at looks ahead.")
