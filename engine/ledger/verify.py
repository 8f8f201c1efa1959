"""Verifies a stored ledger from its bytes alone, sharing no tree code with the floor that wrote it.

The tree is rebuilt here a second time, in the plainest way, on purpose: a mistake in `merkle.Frontier` would otherwise
write wrong roots and find them right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from engine.ledger.leaf import NotALeaf, read_leaf


class Problem(NamedTuple):
    """One thing that is not as it was recorded.

    Attributes:
        seq: the index of the entry it belongs to; None where it belongs to none.
        kind: gap, leaf_hash, leaf, time, version, root or head here; the store adds kinds of its own.
        message: one sentence for people.
    """

    seq: int | None
    kind: str
    message: str


def verify_entries(entries: Iterable[tuple[int, bytes, bytes, bytes]], size: int, root: bytes) -> Iterator[Problem]:
    """Yields every problem of a ledger, in order; reads the entries once, keeping one number for each project.

    A root depends on every leaf before it, so only the first root that is wrong is told: those after it would say
    nothing new. The indices are told on from the one that was found, so one gap is one problem.

    Args:
        entries: (index, leaf, stored leaf hash, stored root of the tree that ends with it), in the order of the index.
        size: how many entries there should be.
        root: the root they should have.
    """
    edge: list[tuple[int, bytes]] = []
    versions: dict[str, int] = {}
    expected, at, count, roots_agree = 0, "", 0, True
    for seq, leaf, stored_hash, stored_root in entries:
        if seq != expected:
            yield Problem(seq, "gap", f"Entry {seq} stands where entry {expected} should.")
        expected, count = seq + 1, count + 1

        computed = sha256(b"\x00" + leaf).digest()
        if computed != stored_hash:
            yield Problem(seq, "leaf_hash", f"The bytes of entry {seq} are not those that were hashed.")
        _grow(edge, computed)
        if roots_agree and _root(edge) != stored_root:
            roots_agree = False
            yield Problem(seq, "root", f"From entry {seq} on the tree over the entries is not the one recorded.")

        try:
            read = read_leaf(leaf)
        except NotALeaf as error:
            yield Problem(seq, "leaf", f"Entry {seq} cannot be read: {error}.")
            continue
        if read.at < at:
            yield Problem(seq, "time", f"Entry {seq} says {read.at}, which is before {at} of an entry before it.")
        at = max(at, read.at)
        if read.project is not None:
            due = versions.get(read.project, 0) + 1
            if read.version != due:
                yield Problem(
                    seq, "version", f"Entry {seq} is version {read.version} of {read.project}, and {due} was due."
                )
            versions[read.project] = read.version
    if count != size:
        yield Problem(None, "head", f"The ledger should hold {size} entries and holds {count}.")
    if _root(edge) != root:
        yield Problem(None, "head", "The root over all entries is not the one the ledger ends with.")


def _grow(edge: list[tuple[int, bytes]], leaf: bytes) -> None:
    """Adds a leaf to the complete trees of the edge, (height, root) each, joining two of equal height into one."""
    height, node = 0, leaf
    while edge and edge[-1][0] == height:
        node = sha256(b"\x01" + edge.pop()[1] + node).digest()
        height += 1
    edge.append((height, node))


def _root(edge: list[tuple[int, bytes]]) -> bytes:
    if not edge:
        return sha256(b"").digest()
    root = edge[-1][1]
    for _, left in reversed(edge[:-1]):
        root = sha256(b"\x01" + left + root).digest()
    return root
