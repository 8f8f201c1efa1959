"""The Merkle tree of RFC 6962 with SHA-256: hashes, the right edge of a growing tree, proofs and their verification.

A register's history is a list of leaves. The tree turns the whole list into one hash of 32 bytes, its *root*, in such a
way that two short proofs become possible:

- an *inclusion proof* shows that one leaf stands at one index of the list with that root;
- a *consistency proof* shows that the list with one root is the beginning of the list with another.

Whoever keeps a root, on paper if need be, can later be shown that nothing before it was changed, left out or put in
between. That is all the ledger promises, and everything it promises rests on this file.

The tree over n > 1 leaves is a node over two trees: the left one holds k leaves, k being the largest power of two
*smaller* than n, and the right one the rest. So left parts are always complete and never change again, and only the
right edge of the tree is still growing:

    n = 7:            root
                    /      \\
               0..3          4..6          The complete trees on the edge, largest first, hold 4, 2 and 1 leaves,
              /    \\        /    \\         which is n in binary: 111. Appending a leaf is adding one in binary:
            0..1  2..3    4..5    6        every carry joins two trees of equal size into one of twice the size.

`Frontier` keeps just these complete trees, at most 64 hashes however long the history is. An append costs at most
log2(n) hashes and on average one. The root is the edge folded from the right.

Leaves and inner nodes are hashed with different first bytes (0 and 1), so that no inner node can ever be passed off as
a leaf. The proofs are those of RFC 6962 section 2.1, the ways to verify them those of RFC 9162 sections 2.1.3.2 and
2.1.4.2: a verifier needs the two roots, the two sizes and the proof, and no tree. A verifier answers False for every
proof that is not exactly right, one hash too many included.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

HASH_SIZE: Final = 32
TILE_HEIGHT: Final = 8  # of C2SP tlog-tiles: a tile has 2^8 hashes
EMPTY_ROOT: Final = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Returns the hash of a leaf: SHA-256(0x00, leaf)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Returns the hash of an inner node over two hashes: SHA-256(0x01, left, right)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a tree: its size and the roots of its complete subtrees, largest first."""

    __slots__ = ("_edge", "size")

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def append(self, leaf: bytes) -> list[bytes]:
        """Adds a leaf, given as its hash, at the end.

        Returns:
            The roots of the trees of 256, 256^2, … leaves that this leaf completes, smallest first; mostly none. They
            are the hashes of the tiles above the lowest, from which proofs are made without reading every leaf.
        """
        carry, bits, joined = leaf, self.size, 0
        complete: list[bytes] = []
        while bits & 1:
            carry = sha256(b"\x01" + self._edge.pop() + carry).digest()
            bits >>= 1
            joined += 1
            if not joined % TILE_HEIGHT:
                complete.append(carry)
        self._edge.append(carry)
        self.size += 1
        return complete

    def root(self) -> bytes:
        """Returns the root of the tree as it is now."""
        if not self._edge:
            return EMPTY_ROOT
        root = self._edge[-1]
        for left in self._edge[-2::-1]:
            root = sha256(b"\x01" + left + root).digest()
        return root

    def to_bytes(self) -> bytes:
        """Returns the size (8 bytes, big-endian) followed by the hashes of the edge."""
        return self.size.to_bytes(8, "big") + b"".join(self._edge)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        """Returns the frontier that `to_bytes` wrote.

        Raises:
            ValueError: `data` is not a frontier; a size has exactly one number of hashes.
        """
        frontier = cls()
        frontier.size = int.from_bytes(data[:8], "big")
        if len(data) != 8 + HASH_SIZE * frontier.size.bit_count():
            raise ValueError(f"{len(data)} bytes are not the edge of a tree of {frontier.size} leaves")
        frontier._edge = [data[i : i + HASH_SIZE] for i in range(8, len(data), HASH_SIZE)]
        return frontier


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """Returns the root of the tree over these leaf hashes, reading them once."""
    frontier = Frontier()
    for leaf in leaf_hashes:
        frontier.append(leaf)
    return frontier.root()


def inclusion_proof(index: int, leaf_hashes: Sequence[bytes]) -> list[bytes]:
    """Returns the hashes that lead from the leaf at `index` to the root, lowest first.

    Raises:
        ValueError: there is no such leaf.
    """
    low, high = 0, len(leaf_hashes)
    if not 0 <= index < high:
        raise ValueError(f"a tree of {high} leaves has no leaf {index}")
    proof: list[bytes] = []
    while high - low > 1:
        middle = low + _left_size(high - low)
        if index < middle:
            proof.append(root_of(leaf_hashes[middle:high]))
            high = middle
        else:
            proof.append(root_of(leaf_hashes[low:middle]))
            low = middle
    return proof[::-1]


def consistency_proof(old_size: int, leaf_hashes: Sequence[bytes]) -> list[bytes]:
    """Returns the hashes that show the tree of `old_size` leaves to be the beginning of the tree over all of them.

    The proof is empty for two trees of equal size, and for an old tree that was empty (which begins every tree).

    Raises:
        ValueError: the old tree would be larger than the new one, or have less than no leaves.
    """
    low, high = 0, len(leaf_hashes)
    if not 0 <= old_size <= high:
        raise ValueError(f"a tree of {high} leaves does not begin with one of {old_size}")
    if old_size == 0:
        return []
    proof: list[bytes] = []
    whole = True  # is the part of the old tree in low..high a tree whose root the verifier holds already?
    while old_size < high:
        middle = low + _left_size(high - low)
        if old_size <= middle:
            proof.append(root_of(leaf_hashes[middle:high]))
            high = middle
        else:
            proof.append(root_of(leaf_hashes[low:middle]))
            low, whole = middle, False
    if not whole:
        proof.append(root_of(leaf_hashes[low:high]))
    return proof[::-1]


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Answers whether `proof` shows the leaf hash `leaf` at `index` of the tree of `size` leaves with `root`."""
    if not 0 <= index < size or not _all_hashes(leaf, root, *proof):
        return False
    node, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False  # already at the root
        if node & 1 or node == last:
            computed = node_hash(sibling, computed)
            while not node & 1 and node:  # the right edge is shorter: skip the levels where it has no sibling
                node, last = node >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and computed == root


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Answers whether `proof` shows that the tree with `old_root` is the beginning of the tree with `new_root`."""
    if not 0 <= old_size <= new_size or not _all_hashes(old_root, new_root, *proof):
        return False
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT and (new_size > 0 or new_root == EMPTY_ROOT)
    if old_size == new_size:
        return not proof and old_root == new_root
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)  # the old tree is complete, so its root is itself the first node of the path
    if not path:
        return False
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _left_size(size: int) -> int:
    """The leaves in the left part of a tree of `size` > 1 leaves: the largest power of two smaller than it."""
    return 1 << ((size - 1).bit_length() - 1)


def _all_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_SIZE for value in values)
