"""Deadlines as rows: what was derived of each project, and on which day somebody is to be told next.

Every project has one row of its own, of the kind `project`, that says from which version its deadlines were derived and
which of them have a day that cannot be told. A deadline's row is written only where the deadline changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from engine.store import statements_deadlines as sql
from engine.store.database import Transaction

OF_PROJECT: Final = "project"
"""The kind of a project's own row; its id is the project's."""

ALL_KNOWN: Final = ""
SOME_UNKNOWN: Final = "0"
"""What stands for the day in a project's own row; both are before every day."""

BEGINNING: Final = ("00", "")
"""What stands before every day and after the own rows of projects, as a place in the order of (due, id)."""

LATEST: Final = "9999-12-31"


class DeadlineRow(NamedTuple):
    """A deadline as it is kept; see `tables_of_time.DeadlineTable`. `due` and `next_on` are days, ISO."""

    id: str
    project: str
    version: int
    kind: str
    severity: str
    due: str
    next_on: str | None
    owner: str | None
    body: str


class Due(NamedTuple):
    """A deadline that somebody is to be told of. `definition` is its project's, by digest; None where that is gone."""

    due: str
    id: str
    project: str
    next_on: str
    definition: str | None


class Listed(NamedTuple):
    """A row with what is shown of its project. `definition` is the digest it is pinned to."""

    row: DeadlineRow
    title: str | None
    on_hold: bool
    definition: str


def of_project(tx: Transaction, project: str) -> dict[str, DeadlineRow]:
    """Returns the rows of a project by id, its own among them; none where none were made."""
    found = tx.execute(sql.DEADLINES_OF_PROJECT, {"which": project}).fetchall()
    return {row[0]: DeadlineRow(*row) for row in found}


def put(tx: Transaction, rows: Iterable[DeadlineRow]) -> None:
    """Writes rows, new or not."""
    for row in rows:
        tx.execute(sql.PUT_DEADLINE, row._asdict())


def forget(tx: Transaction, ids: Iterable[str]) -> None:
    """Takes rows out."""
    for one in ids:
        tx.execute(sql.FORGET_DEADLINE, {"which": one})


def derived_from(tx: Transaction, project: str, version: int) -> None:
    """Notes that the rows of a project, as they stand, are those of a version."""
    tx.execute(sql.DERIVED_FROM, {"which": project, "version": version})


def tell_next(tx: Transaction, deadline: str, on: str | None) -> None:
    """Sets the next day on which somebody is to be told of a deadline; None for never."""
    tx.execute(sql.TELL_NEXT, {"which": deadline, "next_on": on})


def to_tell(tx: Transaction, today: str, after: tuple[str, str], most: int) -> list[Due]:
    """Returns what somebody is to be told of by a day, in due order, after a (due, id)."""
    given = {"today": today, "after_due": after[0], "after_id": after[1], "limit": most}
    return [Due(*row) for row in tx.execute(sql.DEADLINES_TO_TELL, given)]


def listed(tx: Transaction, until: str = LATEST, after: tuple[str, str] = BEGINNING) -> Iterator[Listed]:
    """Yields the deadlines up to a day, by day and id, after such a pair."""
    given = {"until": until, "after_due": after[0], "after_id": after[1]}
    yield from map(_listed, tx.execute(sql.LISTED_DEADLINES, given))


def listed_of_project(tx: Transaction, project: str, until: str = LATEST) -> Iterator[Listed]:
    """Yields the deadlines of a project up to a day, in no order."""
    yield from map(_listed, tx.execute(sql.LISTED_OF_PROJECT, {"which": project, "until": until}))


def listed_of_owner(tx: Transaction, person: str, until: str = LATEST) -> Iterator[Listed]:
    """Yields the deadlines that somebody answers for up to a day, in no order."""
    yield from map(_listed, tx.execute(sql.LISTED_OF_OWNER, {"which": person, "until": until}))


def listed_as_not_known(tx: Transaction) -> Iterator[Listed]:
    """Yields the own rows of the projects that have a deadline whose day cannot be told."""
    yield from map(_listed, tx.execute(sql.LISTED_AS_NOT_KNOWN))


def old(tx: Transaction, after: str, most: int) -> list[str]:
    """Returns projects, by id after one, whose rows were derived from another version than they are at, or never."""
    return [project for (project,) in tx.execute(sql.OLD_DEADLINES, {"after": after, "limit": most})]


def count_old(tx: Transaction) -> int:
    """Returns how many projects have rows that were derived from another version than they are at, or never."""
    return int(tx.execute(sql.COUNT_OLD_DEADLINES).fetchone()[0])


def projects_after(tx: Transaction, after: str, most: int) -> list[str]:
    """Returns the next projects by id."""
    return [project for (project,) in tx.execute(sql.SOME_PROJECT_IDS, {"after": after, "limit": most})]


def definitions(tx: Transaction) -> list[str]:
    """Returns the digests of all definitions that were ever loaded."""
    return [digest for (digest,) in tx.execute(sql.DEFINITION_DIGESTS)]


def _listed(row: tuple[object, ...]) -> Listed:
    *kept, title, on_hold, definition = row
    return Listed(DeadlineRow(*kept), title, bool(on_hold), definition)  # type: ignore[arg-type]  # the columns of the statement, in the order of the fields
