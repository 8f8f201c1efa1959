"""The corrections in the ledger, found by an index that holds nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.events import Entry
from engine.store import statements
from engine.store.database import Transaction
from engine.store.driver import as_bytes
from engine.store.journal import hydrated


def corrections(tx: Transaction) -> Iterator[Entry]:
    """Yields every correction, oldest first; the length of the ledger costs nothing, only how many there are."""
    for seq, leaf in tx.execute(statements.CORRECTIONS).fetchall():
        yield hydrated(tx, seq, as_bytes(leaf))
