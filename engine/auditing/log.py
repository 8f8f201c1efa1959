"""`audit log`: the entries that a query wants, oldest first, read from the leaves one at a time.

The columns that entries are filed by are believed for finding a project's entries quickly, and for nothing else: what
is asked for is held against the leaf itself, so that an altered column hides nothing that the whole log would show.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

import orjson

from engine.auditing.places import Place, Places
from engine.auditing.query import Names, Query, read_query
from engine.core.errors import InputRefused, IntegrityFailure
from engine.core.events import ERASED, Entry
from engine.core.values import without_small
from engine.room import Room
from engine.store import definitions_shelf, journal, people, search
from engine.store.database import Database, Transaction

NEAR: Final = 2_000  # how many names are looked through for one that is near
SYSTEM: Final = "system"
FIRST_PAGE, PAGE = 20, 1_000  # entries read at a time: few at first, so that they are there at once


def log(
    database: Database, room: Room, words: Sequence[str], *, after: str | None = None, limit: int | None = None
) -> Generator[dict[str, Any], None, None]:
    """Returns an iterator over the entries that are wanted, oldest first; close it, or read it to its end.

    Args:
        database: an open register.
        room: what knows its definitions.
        words: the query, as `read_query` takes it; none for everything.
        after: the ledger index to go on after, as text: the `seq` of the last entry that was seen.
        limit: the most entries.

    Raises:
        InputRefused: at once, with every mistake of the query, the cursor and the limit.
    """
    with database.read() as tx:
        query = _query(tx, room, words, after, limit)
    return _entries(database, room, query, -1 if after is None else int(after), limit)


def row(entry: Entry, place: Place | None, name: Callable[[str], str | None]) -> dict[str, Any]:
    """Returns an entry as searches show it; words that were erased are null, numbers that are hidden stay hidden.

    Who was refused and is unknown to the register has no name; such refusals stand under the register's own.
    """
    event = entry.event
    project = about(event.project, event.body)
    named = {m: event.body[m] for m in ("person", "second", "owner") if isinstance(event.body.get(m), str)}
    return {
        "seq": entry.seq,
        "at": entry.at,
        "by": entry.by,
        "name": None if event.name == "refused" and entry.by == SYSTEM else name(entry.by),
        "action": event.name,
        "project": project,
        "stage": None if place is None else place.stage,
        "definition": None if place is None else place.definition,
        "version": entry.version,
        "body": dict(event.body),
        "words": {n: None if w is ERASED else without_small(w) for n, w in event.words.items()},
        "names": {person: name(person) for person in named.values()},
    }


def about(project: Any, body: Mapping[str, Any]) -> str | None:
    """Returns the project that an entry is of or, where it is the register's own, that it is about."""
    found = project or body.get("project") or body.get("scope")
    return found if isinstance(found, str) and found else None


def place_of(places: Places, seq: int, leaf: Mapping[str, Any]) -> Place | None:
    """Returns where the project of an entry stood; an entry that moves it belongs to the stage that it left."""
    body = leaf["body"]
    if leaf["event"] == "project_opened":
        return Place(body["stage"], body["definition"])
    project = about(leaf.get("project"), body)
    return None if project is None else places.before(project, seq)


def read_raw(seq: int, leaf: bytes) -> dict[str, Any]:
    """Returns a leaf as JSON, unchecked and therefore quick; raises IntegrityFailure where it is none."""
    try:
        found = orjson.loads(leaf)
        if isinstance(found, dict) and isinstance(found["body"], dict) and all(map(found.get, ("at", "by", "event"))):
            return found
    except (orjson.JSONDecodeError, KeyError):
        pass
    raise IntegrityFailure(f"Entry {seq} of the ledger cannot be read; see cocycle ledger verify.")


def _entries(
    database: Database, room: Room, query: Query, after: int, limit: int | None
) -> Generator[dict[str, Any], None, None]:
    with database.read() as tx:
        first, size = max(after + 1, _first_at(tx, query.first_at)), journal.head(tx).size
    places, left, most = Places(whole=not query.register_only), limit, FIRST_PAGE
    while first < size and left != 0:
        with database.read() as tx:  # one for each page: whoever reads slowly keeps nobody's log file from being cut
            page, first = _page(tx, room, query, places, (first, size), most if left is None else min(most, left))
        yield from page
        left, most = None if left is None else left - len(page), PAGE


def _page(
    tx: Transaction, room: Room, query: Query, places: Places, span: tuple[int, int], most: int
) -> tuple[list[dict[str, Any]], int]:
    """Returns at most so many entries of a span of indices, and the index to go on from; the end where none is left."""
    first, end = span
    found: list[dict[str, Any]] = []
    names = room.names(tx)
    places.read_by(tx)
    for seq, leaf in _leaves(tx, query, query.wanted.get("project"), first):
        if len(found) == most or seq >= end:
            return found, seq
        raw = read_raw(seq, leaf)
        if raw["at"] > query.last_at:
            break
        if query.suits(raw["at"], raw["by"], raw["event"], about(raw.get("project"), raw["body"])):
            place = place_of(places, seq, raw)
            if query.suits_stage(None if place is None else place.stage):
                found.append(row(journal.hydrated(tx, seq, leaf), place, names))
        places.pass_by(raw)
    return found, end


def _leaves(tx: Transaction, query: Query, projects: Iterable[str] | None, first: int) -> Iterator[tuple[int, bytes]]:
    if query.register_only:
        return search.leaves(tx, register_only=True, first=first)
    if projects is None:
        return search.leaves(tx, first=first)
    streams = [search.leaves(tx, project=project, first=first) for project in sorted(projects)]
    # what the register records about a project, a role in it or a refusal, belongs to it as well
    streams.append(search.leaves(tx, register_only=True, first=first))
    return heapq.merge(*streams, key=itemgetter(0))


def _first_at(tx: Transaction, moment: str) -> int:
    """Returns the first index that is not before a moment: moments never decrease, so halving finds it."""
    low, high = 0, journal.head(tx).size if moment else 0
    while low < high:
        middle = (low + high) // 2
        if read_raw(middle, journal.leaf(tx, middle))["at"] < moment:
            low = middle + 1
        else:
            high = middle
    return low


def _query(tx: Transaction, room: Room, words: Sequence[str], after: str | None, limit: int | None) -> Query:
    problems: list[InputRefused] = []
    try:
        query = read_query(words, _names(tx, room))
    except InputRefused as refused:
        problems.append(refused)
    if after is not None and not (after.isdecimal() and after.isascii() and len(after) <= 15):
        problems.append(
            _wrong("after", f"The cursor is the seq of the last entry that was seen, like 57, not {after}.")
        )
    if limit is not None and limit < 1:
        problems.append(_wrong("limit", "The limit must be at least 1."))
    if problems:
        listed = [p for problem in problems for p in problem.details["problems"]]
        raise InputRefused(" ".join(p.message for p in problems), details={"problems": listed})
    return query


def _wrong(field: str, message: str) -> InputRefused:
    return InputRefused(message, details={"problems": [{"field": field, "message": message}]})


def _names(tx: Transaction, room: Room) -> Names:
    def actor(value: str) -> str | None:
        if value == SYSTEM:
            return value
        found = people.person_by_email(tx, value) or people.person_by_id(tx, value)
        return None if found is None else found.id

    def project(value: str) -> str | None:
        return None if next(search.leaves(tx, project=value), None) is None else value

    def stages() -> Iterator[str]:
        for kept in definitions_shelf.definitions(tx):
            yield from room.workflow(tx, kept.digest).stages

    def emails() -> list[str]:
        return [p.email for p in people.people(tx)[:NEAR] if p.email]

    return Names(actor, project, emails, lambda: search.some_project_ids(tx, NEAR), stages)
