"""Reads the stored nodes of the tree, from which proofs are made."""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.errors import IntegrityFailure
from engine.ledger.merkle import EMPTY_ROOT, TILE_HEIGHT
from engine.ledger.tree import Nodes
from engine.store import statements
from engine.store.database import Transaction
from engine.store.driver import as_bytes


def nodes_of(tx: Transaction) -> Nodes:
    """Returns the reader of stored nodes that `engine.ledger.tree` makes proofs from.

    The nodes are read as they are stored. A proof made from them is believed once it leads to a root that is.

    The reader raises IntegrityFailure where a node is not stored, naming the first entry below it.
    """

    def nodes(level: int, first: int, last: int) -> list[bytes]:
        span = {"first": first, "last": last}
        if level == 0:
            rows = tx.execute(statements.LEAF_HASHES, span)
        else:
            rows = tx.execute(statements.NODES, {**span, "which": level})
        found: list[bytes] = []
        for place, hash_ in rows:
            if place != first + len(found):
                break
            found.append(as_bytes(hash_))
        if len(found) != last - first + 1:
            entry = (first + len(found)) << TILE_HEIGHT * level
            raise IntegrityFailure(f"The ledger has lost a part of its tree, from entry {entry} on.")
        return found

    return nodes


def stored_root(tx: Transaction, size: int) -> bytes:
    """Returns the root that was stored with the last of the first `size` entries, 32 bytes.

    Raises:
        IntegrityFailure: that entry is not stored.
    """
    if size == 0:
        return EMPTY_ROOT
    row = tx.execute(statements.ROOT, {"which": size - 1}).fetchone()
    if row is None:
        raise IntegrityFailure(f"The ledger has lost entry {size - 1}.")
    return as_bytes(row[0])


def leaves(tx: Transaction, size: int) -> Iterator[bytes]:
    """Yields the exact bytes of the first `size` entries, in order.

    Raises:
        IntegrityFailure: one is not stored.
    """
    due = 0
    for seq, leaf in tx.execute(statements.ENTRIES, {"first": 0, "last": size - 1}):
        if seq != due:
            break
        yield as_bytes(leaf)
        due += 1
    if due != size:
        raise IntegrityFailure(f"The ledger has lost entry {due}.")
