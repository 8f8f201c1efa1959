"""Proofs from stored nodes: a few hundred hashes are read for each, however long the ledger is.

What is stored are the roots of complete trees of 1, 256, 256^2, … leaves. Every proof of RFC 6962 is made of roots of
complete trees of 2^k leaves, and at the right edge of some that are put together of these; each is folded here from at
most 128 stored hashes of the level below it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.ledger.merkle import EMPTY_ROOT, TILE_HEIGHT, node_hash

Nodes = Callable[[int, int, int], list[bytes]]
"""`nodes(level, first, last)`: the stored roots of the trees of 256^level leaves, both ends of the range included."""


def root(size: int, nodes: Nodes) -> bytes:
    """Returns the root of the tree over the first `size` leaves."""
    return _subtree(0, size, nodes) if size else EMPTY_ROOT


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """Returns the hashes that lead from the leaf at `index` to the root of the tree of `size` leaves, lowest first.

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    low, high = 0, size
    proof: list[bytes] = []
    while high - low > 1:
        middle = low + _left_size(high - low)
        if index < middle:
            proof.append(_subtree(middle, high, nodes))
            high = middle
        else:
            proof.append(_subtree(low, middle, nodes))
            low = middle
    return proof[::-1]


def consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """Returns the hashes that show the tree of `old` leaves to be the beginning of the tree of `new` leaves.

    The proof is empty for two trees of equal size, and for an old tree that was empty.

    Raises:
        ValueError: the old tree would be larger than the new one, or have less than no leaves.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not begin with one of {old}")
    if old == 0:
        return []
    low, high = 0, new
    proof: list[bytes] = []
    whole = True  # is the part of the old tree in low..high a tree whose root the verifier holds already?
    while old < high:
        middle = low + _left_size(high - low)
        if old <= middle:
            proof.append(_subtree(middle, high, nodes))
            high = middle
        else:
            proof.append(_subtree(low, middle, nodes))
            low, whole = middle, False
    if not whole:
        proof.append(_subtree(low, high, nodes))
    return proof[::-1]


def fold(hashes: Sequence[bytes]) -> bytes:
    """Returns the root of the tree over these hashes, which are at least one: of leaves, or of trees of equal size."""
    row = list(hashes)
    while len(row) > 1:
        # the last of an odd number is carried up as it is, which is how the right edge of RFC 6962 comes about
        pairs = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        row = pairs + row[len(row) - len(row) % 2 :]
    return row[0]


def _subtree(low: int, high: int, nodes: Nodes) -> bytes:
    """The root over the leaves low..high; low is a multiple of the size of the complete tree that begins there."""
    size = high - low
    if size & (size - 1):
        middle = low + _left_size(size)
        return node_hash(_subtree(low, middle, nodes), _subtree(middle, high, nodes))
    level = (size.bit_length() - 1) // TILE_HEIGHT
    of = 1 << TILE_HEIGHT * level
    return fold(nodes(level, low // of, high // of - 1))


def _left_size(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)
