"""Takes what was erased out of every byte of the register's files, after the erasure has committed.

Where words were deleted their bytes lie on: in free pages, in free room of pages that were split or rewritten, in
older states of a project's row, in the write-ahead log. What it takes (of 9,088 copies of words in a trial):

1. `secure_delete` while deleting: should the rest have to wait, the pages in use hold nothing (925 copies were left,
   in pages rewritten earlier and in the log);
2. VACUUM, which writes every row into fresh pages; as one transaction, so that a crash leaves the register as it was
   (without it 103 were left, and with it 277, all in the log);
3. a checkpoint that truncates, since the log holds the old pages, and the new ones reach the file only so (0 left).

Nothing of the ledger changes: every row is copied, none is computed anew. A register with damaged pages is not
touched, because rows that cannot be read would be lost by copying.

The setting `scrub_due` stands from the erasure's own transaction until all this is done. It says how far it got: a
mark of its own for each erasure, so that one that comes in between is not taken for done, and `VACUUMED` behind it
once only the log is left. Whoever opens the register for writing goes on where it stopped.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.core.errors import CocycleError
from engine.store import statements
from engine.store.driver import dbapi
from engine.store.failures import plain_failures

if TYPE_CHECKING:
    from engine.store.database import Database, Transaction

DUE: Final = "scrub_due"
VACUUMED: Final = " vacuumed"
_ROUNDS = 3  # an erasure by somebody else while we are at it is ours to finish, too; but not for ever


class Scrubbed(NamedTuple):
    """Whether everything is gone from the disk; where not, `why`, in a sentence or two for people, says what is left.

    `why` is empty where it is done.
    """

    done: bool
    why: str


def scrub_due(tx: Transaction) -> bool:
    """Answers whether old copies of what was erased may still lie in the register's files."""
    return tx.execute(statements.SETTING, {"which": DUE}).fetchone() is not None


def scrub(database: Database) -> Scrubbed:
    """Cleans the files of a register after an erasure, as long as other programs let it; call it after the commit.

    Waits for others as long as every write does. It never fails: what was in the way is told, and is made good by the
    next who opens the register for writing.
    """
    from engine.store.connections import connect  # which itself finishes what is due
    from engine.store.copies import remove_abandoned

    remove_abandoned()
    try:
        with plain_failures(database.path):
            # a connection of its own: one that somebody still reads from cannot be vacuumed
            connection = connect(database.path, "mode=rw", timeout=database.timeout)
    except CocycleError as error:
        return _left(error.message)
    try:
        return clean(connection, database.path)
    finally:
        connection.close()


def clean(connection: dbapi.Connection, path: Path) -> Scrubbed:
    """Does what is due on a connection that is in no transaction; see `scrub`."""
    try:
        with plain_failures(path):
            for _ in range(_ROUNDS):
                mark = _mark(connection)
                if mark is None:
                    return Scrubbed(True, "")
                if (left := _round(connection, mark)) is not None:
                    return left
    except CocycleError as error:
        return _left(error.message)
    return _left("Other people were erasing at the same time.")


def _round(connection: dbapi.Connection, mark: str) -> Scrubbed | None:
    """Cleans once; returns what kept it from that, if something did."""
    connection.execute("PRAGMA secure_delete=ON").fetchone()
    if not mark.endswith(VACUUMED):
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            return _left("Pages of the register are damaged; run: cocycle doctor.")
        connection.execute("VACUUM")
        mark = _move(connection, mark, mark + VACUUMED)
    blocked, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if blocked:
        return _left("Another program is reading the register, and needs the old pages until it has finished.")
    _move(connection, mark, None)
    return None


def _mark(connection: dbapi.Connection) -> str | None:
    row: tuple[str] | None = connection.execute(statements.SETTING, {"which": DUE}).fetchone()
    return None if row is None else row[0]


def _move(connection: dbapi.Connection, mark: str, to: str | None) -> str:
    """Writes how far it got, unless somebody erased meanwhile; returns what the mark would be."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        gone = connection.execute(statements.FORGET_SETTING, {"name": DUE, "value": mark}).rowcount == 1
        if gone and to is not None:
            connection.execute(statements.PUT_SETTING, {"name": DUE, "value": to})
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return to or mark


def _left(reason: str) -> Scrubbed:
    return Scrubbed(
        False,
        f"The erasure is recorded, and the words are gone from the register. Old copies of them are still in its files:"
        f" {reason} They go with the next command that writes to the register and finds it free.",
    )
