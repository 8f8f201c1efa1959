"""The tree against its own definition in RFC 6962, written out naively, and against published proofs."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.merkle import (
    EMPTY_ROOT,
    HASH_SIZE,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

VECTORS = Path(__file__).parents[2].parent / "shared" / "vectors" / "merkle-inclusion"

leaf_lists = st.lists(st.binary(max_size=3), max_size=70)
some_leaves = st.lists(st.binary(max_size=3), min_size=1, max_size=70)
hashes = st.binary(min_size=HASH_SIZE, max_size=HASH_SIZE)


def naive_split(leaves: Sequence[bytes]) -> int:
    k = 1
    while 2 * k < len(leaves):
        k = 2 * k
    return k


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = naive_split(leaves)
    return sha256(b"\1" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = naive_split(leaves)
    if index < k:
        return [*naive_path(index, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(index - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(old: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2."""
    if old == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = naive_split(leaves)
    if old <= k:
        return [*naive_subproof(old, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_subproof(old - k, leaves[k:], False), naive_root(leaves[:k])]


def hashed(leaves: Sequence[bytes]) -> list[bytes]:
    return [leaf_hash(leaf) for leaf in leaves]


@given(leaf_lists)
def test_root_is_the_definition(leaves: list[bytes]) -> None:
    """The root over the frontier is the recursive definition's."""
    assert root_of(hashed(leaves)) == naive_root(leaves)


@given(leaf_lists)
def test_frontier_survives_storage_at_every_size(leaves: list[bytes]) -> None:
    """A frontier written and read back after each append grows into the same tree."""
    frontier = Frontier()
    for count, leaf in enumerate(leaves):
        assert frontier.root() == naive_root(leaves[:count])
        frontier = Frontier.from_bytes(frontier.to_bytes())
        frontier.append(leaf_hash(leaf))
    assert frontier.size == len(leaves)
    assert frontier.root() == naive_root(leaves)


@pytest.mark.parametrize("data", [b"", b"\0" * 7, b"\0" * 9, b"\0" * 7 + b"\1", b"\0" * 7 + b"\3" + b"x" * 32])
def test_no_frontier_from_other_bytes(data: bytes) -> None:
    """Bytes with another number of hashes than the size asks for are refused."""
    with pytest.raises(ValueError, match="are not the edge"):
        Frontier.from_bytes(data)


@given(some_leaves, st.data())
def test_inclusion_proof_is_the_definition(leaves: list[bytes], data: st.DataObject) -> None:
    """The inclusion proof of every leaf is the definition's, and verifies."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = inclusion_proof(index, hashed(leaves))
    assert proof == naive_path(index, leaves)
    assert verify_inclusion(index, len(leaves), leaf_hash(leaves[index]), proof, naive_root(leaves))


@given(some_leaves, st.data())
def test_inclusion_proof_holds_for_nothing_else(leaves: list[bytes], data: st.DataObject) -> None:
    """A proof with another leaf, another root, a hash changed, dropped or added does not verify."""
    index, size = data.draw(st.integers(0, len(leaves) - 1)), len(leaves)
    proof, root, leaf = inclusion_proof(index, hashed(leaves)), naive_root(leaves), leaf_hash(leaves[index])
    wrong = data.draw(hashes.filter(lambda h: h not in (leaf, root, *proof)))
    at = data.draw(st.integers(0, len(proof)))
    assert not verify_inclusion(index, size, wrong, proof, root)
    assert not verify_inclusion(index, size, leaf, proof, wrong)
    assert not verify_inclusion(index, size, leaf, [*proof[:at], wrong, *proof[at:]], root)
    if at < len(proof):
        assert not verify_inclusion(index, size, leaf, [*proof[:at], wrong, *proof[at + 1 :]], root)
        assert not verify_inclusion(index, size, leaf, [*proof[:at], *proof[at + 1 :]], root)
        assert not verify_inclusion(index, size, leaf, [*proof[:at], proof[at][:-1], *proof[at + 1 :]], root)


@given(leaf_lists, st.data())
def test_consistency_proof_is_the_definition(leaves: list[bytes], data: st.DataObject) -> None:
    """The consistency proof from every older tree is the definition's, and verifies."""
    old = data.draw(st.integers(0, len(leaves)))
    proof = consistency_proof(old, hashed(leaves))
    assert proof == (naive_subproof(old, leaves, True) if old else [])
    assert verify_consistency(old, len(leaves), naive_root(leaves[:old]), naive_root(leaves), proof)


@given(some_leaves, st.data())
def test_consistency_proof_holds_for_nothing_else(leaves: list[bytes], data: st.DataObject) -> None:
    """A proof with another old or new root, or with a hash changed, dropped or added, does not verify."""
    old, new = data.draw(st.integers(0, len(leaves))), len(leaves)
    proof, old_root, new_root = consistency_proof(old, hashed(leaves)), naive_root(leaves[:old]), naive_root(leaves)
    wrong = data.draw(hashes.filter(lambda h: h not in (old_root, new_root, *proof)))
    at = data.draw(st.integers(0, len(proof)))
    assert not verify_consistency(old, new, wrong, new_root, proof)
    assert old == 0 or not verify_consistency(old, new, old_root, wrong, proof)
    assert not verify_consistency(old, new, old_root, new_root, [*proof[:at], wrong, *proof[at:]])
    if at < len(proof):
        assert not verify_consistency(old, new, old_root, new_root, [*proof[:at], wrong, *proof[at + 1 :]])
        assert not verify_consistency(old, new, old_root, new_root, [*proof[:at], *proof[at + 1 :]])


def test_every_proof_between_small_trees() -> None:
    """Every proof of every tree of up to 20 leaves is the definition's, and verifies."""
    for size in range(1, 21):
        leaves = [bytes([number]) for number in range(size)]
        root = naive_root(leaves)
        for index in range(size):
            proof = inclusion_proof(index, hashed(leaves))
            assert proof == naive_path(index, leaves)
            assert verify_inclusion(index, size, leaf_hash(leaves[index]), proof, root)
        for old in range(1, size + 1):
            proof = consistency_proof(old, hashed(leaves))
            assert proof == naive_subproof(old, leaves, True)
            assert verify_consistency(old, size, naive_root(leaves[:old]), root, proof)


def test_a_rewritten_history_is_not_consistent() -> None:
    """No proof made from a history with one leaf changed leads from the old root to the new one."""
    told, changed = [b"a", b"b", b"c", b"d", b"e"], [b"a", b"x", b"c", b"d", b"e", b"f", b"g"]
    for old in range(2, 6):
        proof = consistency_proof(old, hashed(changed))
        assert not verify_consistency(old, 7, naive_root(told[:old]), naive_root(changed), proof)


def test_what_does_not_exist_has_no_proof() -> None:
    """Indices and sizes outside the tree are refused by the maker and denied by the verifier."""
    leaves = hashed([b"a", b"b"])
    for index in (-1, 2):
        with pytest.raises(ValueError, match="has no leaf"):
            inclusion_proof(index, leaves)
        assert not verify_inclusion(index, 2, leaves[0], [leaves[1]], root_of(leaves))
    for old in (-1, 3):
        with pytest.raises(ValueError, match="does not begin"):
            consistency_proof(old, leaves)
        assert not verify_consistency(old, 2, EMPTY_ROOT, root_of(leaves), [])
    assert not verify_consistency(3, 7, leaves[0], leaves[1], [])
    assert not verify_consistency(1, 7, leaves[0], leaves[1], [])
    assert not verify_consistency(0, 0, EMPTY_ROOT, leaves[0], [])


def test_an_inner_node_is_no_leaf() -> None:
    """The hashes of a leaf and of a node over the same bytes differ."""
    assert leaf_hash(b"a" * 32 + b"b" * 32) != node_hash(b"a" * 32, b"b" * 32)


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the shared Merkle vectors are not beside this checkout")
def test_published_vectors() -> None:
    """Every published inclusion proof, good or altered, is judged as published."""
    files = sorted(VECTORS.rglob("*.json"))
    assert len(files) == 98
    for file in files:
        vector = json.loads(file.read_text("utf-8"))
        proof = [base64.b64decode(part) for part in vector["proof"] or ()]
        leaf, root = base64.b64decode(vector["leafHash"]), base64.b64decode(vector["root"])
        good = verify_inclusion(vector["leafIdx"], vector["treeSize"], leaf, proof, root)
        assert good is not vector["wantErr"], file.name
