"""The document that exporters are handed: projects as the readings show them, without the names of people.

Everything in it is read in one transaction, so that it fits together. It holds the ids of people, never their e-mail
addresses; their names, and what personal records say, only where that was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from engine.books import Books
from engine.clock import day_in, stamp
from engine.core.definition import Workflow
from engine.core.evidence import Record
from engine.core.project import Project
from engine.core.values import is_words, plain
from engine.deadlines_shown import Near, deadlines_of
from engine.hosting.host import Host
from engine.reads import Reads
from engine.room import Room
from engine.sight import Sight
from engine.store import journal, projects, settings
from engine.store.database import Database, Transaction

Json = dict[str, Any]
_PERSON = ("person", "owner", "by")
"""Members that hold the id of a person; a `name` beside one of them is that person's."""

_ID_OF_A_PERSON = "p-"
"""What the ids of people begin with; a `name` beside such an `id` is that person's, too."""

_OTHERS = frozenset({"fields", "facts", "history"})
"""Members in which names are those of a workflow's fields or of events."""


class OneReading(Database):
    """A database whose every reading is the same transaction, so that several readings see one state."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Gives the transaction."""
        yield self._tx


class Nameless(Room):
    """A room in which people have their ids for names."""

    def __init__(self, room: Room) -> None:
        self.__dict__.update(room.__dict__)  # the same clock, calendars and definitions, read once for both

    def names(self, tx: Transaction) -> Callable[[str], str | None]:
        """Returns what gives a person's id for their id."""
        return lambda person: person


def what_of(database: Database, room: Room, host: Host, wanted: Sequence[str], *, with_names: bool = False) -> Json:
    """Returns the document of projects, in the order they are named; of all projects where none is.

    Args:
        database: the register.
        room: its room.
        host: its plugins, which requirements may be judged by.
        wanted: the ids of projects.
        with_names: also people's names, and the words and file names of personal records.

    Raises:
        NotFound: one of the projects is not there.
    """
    with database.read() as tx:
        ids = list(dict.fromkeys(wanted)) or list(projects.project_ids(tx))
        still, near, seen = OneReading(tx), Near(), room if with_names else Nameless(room)
        reads, books = Reads(still, seen), Books(still, seen)
        reads.host = host
        found = [_project(tx, reads, books, project, near, with_names) for project in ids]
        return {
            "register": settings.setting(tx, "origin") or "",
            "today": day_in("Europe/London", stamp(room.clock.now())).isoformat(),
            "projects": found if with_names else [_unnamed(one) for one in found],
        }


def _project(tx: Transaction, reads: Reads, books: Books, project: str, near: Near, with_names: bool) -> Json:
    room = reads.room
    now, workflow = room.load(tx, project)
    ways = {t.gate: t for t in reversed(workflow.stages[now.stage].transitions) if t.gate is not None}
    sight = Sight(now, workflow, room.today(workflow), room.calendar(workflow))
    return {
        **reads.project(project),
        "evidence": [
            _evidence(one, now.records[one["evidence"]], workflow, with_names)
            for one in books.evidence_list(project)["evidence"]
        ],
        "gates_ahead": [reads.gate(project, act=way.id) for way in reversed(ways.values())],
        "deadlines": deadlines_of(sight, near),
        "history": _history(tx, now),
    }


def _evidence(listed: Json, record: Record, workflow: Workflow, with_names: bool) -> Json:
    """Returns a record as it is listed, with its facts; of a personal one no words that were typed, and no file name.

    What was erased, or is kept back, is null.
    """
    fields = workflow.evidence[record.kind].fields
    kept_back = record.personal and not with_names
    facts = {
        name: None if kept_back and is_words(fields[name]) else plain(fields.get(name), value)
        for name, value in record.facts.items()
    }
    files = [{**file, "name": None} for file in listed["files"]] if kept_back else listed["files"]
    return {**listed, "files": files, "facts": {**facts, **dict.fromkeys(record.erased)}}


def _history(tx: Transaction, project: Project) -> list[Json]:
    """Returns what happened in a project, oldest first: what stands in the ledger in clear, and no words of people."""
    return [
        {
            "seq": entry.seq,
            "at": entry.at,
            "by": entry.by,
            "event": entry.event.name,
            "name": entry.event.name,
            "version": entry.version,
            "body": dict(entry.event.body),
        }
        for entry in journal.entries(tx, project=project.id)
    ]


def _unnamed(value: Any) -> Any:
    """Returns JSON values in which no person has a name: it is null beside their id."""
    if isinstance(value, Mapping):
        found = {name: one if name in _OTHERS else _unnamed(one) for name, one in value.items()}
        of_a_person = str(found.get("id") or "").startswith(_ID_OF_A_PERSON)
        if "name" in found and (of_a_person or not found.keys().isdisjoint(_PERSON)):
            found["name"] = None
        return found
    return [_unnamed(one) for one in value] if isinstance(value, list | tuple) else value
