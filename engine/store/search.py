"""Reading the ledger for searches: leaves as they are, one at a time, and where a project stood before an entry."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from engine.store import statements
from engine.store.database import Transaction
from engine.store.driver import as_bytes

_LAST = 2**63 - 1


def leaves(
    tx: Transaction, *, project: str | None = None, register_only: bool = False, first: int = 0
) -> Iterator[tuple[int, bytes]]:
    """Yields (index, leaf) in order from the index `first` on; keeps one in memory at a time.

    Of one project, or of the register itself, they are found by an index.
    """
    span = {"first": first, "last": _LAST}
    if project is not None:
        rows = tx.execute(statements.ENTRIES_OF_PROJECT, {**span, "project": project})
    else:
        rows = tx.execute(statements.ENTRIES_OF_REGISTER if register_only else statements.ENTRIES, span)
    for seq, leaf in rows:
        yield seq, as_bytes(leaf)


def where_it_stood(tx: Transaction, project: str, before: int) -> tuple[bytes, bytes] | None:
    """Returns the leaf that opened a project and the newest one that moved it before the index `before`.

    None where the project was not opened before it.
    """
    asked = {"project": project, "before": before}
    opened = tx.execute(statements.OPENING_BEFORE, asked).fetchone()
    moved = tx.execute(statements.MOVE_BEFORE, asked).fetchone()
    return None if opened is None or moved is None else (as_bytes(opened[0]), as_bytes(moved[0]))


def digest_words(tx: Transaction, digest: str) -> list[tuple[int, str]]:
    """Returns (index, name) of every word that is this plain digest of a sealed file, unless it was erased."""
    found = tx.execute(statements.DIGEST_WORDS, {"value": f'"{digest}"'})
    return [(seq, name) for seq, name in found]


def some_project_ids(tx: Transaction, most: int) -> list[str]:
    """Returns the ids of projects in their order, at most `most`."""
    return [row[0] for row in islice(tx.execute(statements.PROJECT_IDS), most)]
