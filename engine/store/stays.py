"""How long stages took, as rows beside the ledger; and the moves of a project, from which they can be made again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from engine.core.errors import IntegrityFailure
from engine.core.events import Entry, Event
from engine.ledger.leaf import NotALeaf, read_leaf
from engine.store import statements_stays as sql
from engine.store.database import Transaction
from engine.store.driver import as_bytes

LATEST = "9999-12-31"


class StayRow(NamedTuple):
    """A stage that a project left by going on: its `version` then, the day it left (ISO), and how many days it took."""

    project: str
    version: int
    workflow: str
    stage: str
    left_on: str
    days: int


def add(tx: Transaction, rows: Iterable[StayRow]) -> None:
    """Writes rows; those that are there already stay as they are."""
    for row in rows:
        tx.execute(sql.ADD_STAY, row._asdict())


def forget(tx: Transaction, project: str) -> None:
    """Takes out the rows of a project."""
    tx.execute(sql.FORGET_STAYS, {"which": project})


def days_in(tx: Transaction, workflow: str, stage: str, most: int, until: str = LATEST) -> list[int]:
    """Returns how many days a stage took, at most the so many that were left last by a day."""
    asked = {"workflow": workflow, "stage": stage, "until": until, "limit": most}
    return [days for (days,) in tx.execute(sql.STAYS_IN, asked)]


def every(tx: Transaction) -> Iterator[StayRow]:
    """Yields all rows by project and version."""
    yield from (StayRow(*row) for row in tx.execute(sql.STAYS))


def moves(tx: Transaction, project: str) -> list[Entry]:
    """Returns the entries that opened and moved a project, oldest first, without the words people typed with them.

    Raises:
        IntegrityFailure: one of them cannot be read.
    """
    return [_entry(seq, leaf) for seq, leaf in tx.execute(sql.MOVES, {"which": project})]


def last_move(tx: Transaction, project: str, before: int) -> Entry | None:
    """Returns the newest of them before an index of the ledger; raises as `moves`."""
    row = tx.execute(sql.LAST_MOVE, {"which": project, "before": before}).fetchone()
    return None if row is None else _entry(*row)


def _entry(seq: int, leaf: object) -> Entry:
    try:
        read = read_leaf(as_bytes(leaf))
    except NotALeaf as error:
        raise IntegrityFailure(f"Entry {seq} of the ledger cannot be read: {error}.") from error
    return Entry(seq, read.at, read.by, read.version, "", Event(read.name, read.project, read.body))
