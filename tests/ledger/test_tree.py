"""Proofs from stored nodes are those made from all leaves, and read few hashes."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ledger import tree
from engine.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

MOST = 70_000  # two levels of nodes, and the beginning of a third
LEAVES = [leaf_hash(b"%d" % number) for number in range(MOST)]


@cache
def stored() -> dict[int, list[bytes]]:
    """The nodes that the journal would store, from what the growing tree gives."""
    rows: dict[int, list[bytes]] = {0: LEAVES, 1: [], 2: [], 3: []}
    frontier = Frontier()
    for leaf in LEAVES:
        for level, node in enumerate(frontier.append(leaf), 1):
            rows[level].append(node)
    return rows


class Stored:
    """A reader of nodes that counts what is read, and refuses what a ledger of this size has not stored."""

    def __init__(self, size: int) -> None:
        self.size, self.read = size, 0

    def __call__(self, level: int, first: int, last: int) -> list[bytes]:
        assert 0 <= first <= last < self.size // 256**level, "no such node is stored yet"
        self.read += last - first + 1
        return stored()[level][first : last + 1]


sizes = st.one_of(st.integers(1, 2000), st.integers(1, MOST), st.sampled_from([255, 256, 257, 65_535, 65_536, 65_537]))


@settings(max_examples=40, deadline=None)
@given(sizes, st.data())
def test_a_proof_from_nodes_is_the_proof_from_leaves(size: int, data: st.DataObject) -> None:
    """The root and both proofs are the same whether they come from all leaves or from a few hundred nodes.

    Seen to fail when the level of a complete tree was rounded up.
    """
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    nodes, leaves = Stored(size), LEAVES[:size]
    assert tree.root(size, nodes) == root_of(leaves)
    nodes = Stored(size)
    assert tree.inclusion(index, size, nodes) == inclusion_proof(index, leaves)
    assert tree.consistency(old, size, nodes) == consistency_proof(old, leaves)
    assert nodes.read <= 2 * 256 * 3


@settings(max_examples=60, deadline=None)
@given(sizes, st.data())
def test_proofs_from_nodes_hold(size: int, data: st.DataObject) -> None:
    """What comes from nodes is verified by the rules of RFC 9162, at every size."""
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    nodes = Stored(size)
    root = tree.root(size, nodes)
    assert verify_inclusion(index, size, LEAVES[index], tree.inclusion(index, size, nodes), root)
    assert verify_consistency(old, size, tree.root(old, nodes), root, tree.consistency(old, size, nodes))


def test_what_does_not_exist_has_no_proof() -> None:
    """Indices and sizes outside the tree are refused; the empty tree has its own root."""
    nodes = Stored(10)
    assert tree.root(0, nodes) == EMPTY_ROOT
    for index in (-1, 10):
        with pytest.raises(ValueError, match="has no leaf"):
            tree.inclusion(index, 10, nodes)
    for old, new in ((-1, 5), (6, 5)):
        with pytest.raises(ValueError, match="does not begin"):
            tree.consistency(old, new, nodes)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40))
def test_folding_is_the_tree(hashes: list[bytes]) -> None:
    """The fold of hashes is the root of the tree over them, also where they are no power of two."""
    assert tree.fold(hashes) == root_of(hashes)
