"""Verifies a stored ledger from its bytes alone, sharing no tree code with the floor that wrote it.

The tree is rebuilt here a second time, in the plainest way, on purpose: a mistake in `merkle.Frontier` would otherwise
write wrong roots and find them right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from engine.ledger.leaf import Leaf, NotALeaf, read_leaf

_TILE = 8  # of C2SP tlog-tiles: the stored nodes are the roots of complete trees of 256, 256^2, … leaves


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


class Tree:
    """The tree over the leaf hashes it was given, in order; it keeps them all, 32 bytes an entry.

    Attributes:
        hashes: the leaf hashes, one after the other.
        nodes: the roots of the complete trees of 256^level leaves, by (level, place), as the store keeps them.
    """

    def __init__(self) -> None:
        self.hashes = bytearray()
        self.nodes: dict[tuple[int, int], bytes] = {}
        self._edge: list[tuple[int, bytes]] = []  # the complete trees of the right edge: height and root

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self.hashes) // 32

    def add(self, leaf: bytes) -> None:
        """Adds a leaf hash at the end: joins trees of equal height for as long as there are two."""
        self.hashes += leaf
        edge, height, node = self._edge, 0, leaf
        while edge and edge[-1][0] == height:
            node = sha256(b"\x01" + edge.pop()[1] + node).digest()
            height += 1
            if not height % _TILE:
                self.nodes[height // _TILE, (self.size >> height) - 1] = node
        edge.append((height, node))

    def root(self) -> bytes:
        """Returns the root over all leaves."""
        return _folded(self._edge)

    def leaf_hash(self, index: int) -> bytes:
        """Returns the hash of the leaf at an index that there is."""
        return bytes(self.hashes[32 * index : 32 * index + 32])

    def root_at(self, size: int) -> bytes:
        """Returns the root over the first `size` leaves, which there are."""
        edge: list[tuple[int, bytes]] = []
        for place in range(size >> _TILE):
            _grow(edge, _TILE, self.nodes[1, place])
        for index in range(size & ~255, size):
            _grow(edge, 0, self.leaf_hash(index))
        return _folded(edge)

    def edge_bytes(self) -> bytes:
        """Returns the size and the edge as the next entry is sealed with: 8 bytes, big-endian, then the hashes."""
        return self.size.to_bytes(8, "big") + b"".join(node for _, node in self._edge)


class LedgerCheck:
    """Checks a ledger entry by entry as it is read, keeping one number for each project.

    Attributes:
        problems: what was found so far, in order.
        tree: over the leaves that were read.
        versions: of each project the version of its last entry.
        at: the latest moment that an entry tells.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.tree = Tree()
        self.versions: dict[str, int] = {}
        self.at = ""
        self._expected = 0
        self._roots_agree = True

    def take(self, seq: int, leaf: bytes, stored_hash: bytes, stored_root: bytes) -> Leaf | None:
        """Checks the next entry and returns what it says; None where it cannot be read.

        A root depends on every leaf before it, so only the first root that is wrong is told: those after it would say
        nothing new. The indices are told on from the one that was found, so one gap is one problem.
        """
        if seq != self._expected:
            self._add(seq, "gap", f"Entry {seq} stands where entry {self._expected} should.")
        self._expected = seq + 1
        computed = sha256(b"\x00" + leaf).digest()
        if computed != stored_hash:
            self._add(seq, "leaf_hash", f"The bytes of entry {seq} are not those that were hashed.")
        tree = self.tree
        tree.add(computed)
        if self._roots_agree and tree.root() != stored_root:
            self._roots_agree = False
            self._add(seq, "root", f"From entry {seq} on the tree over the entries is not the one recorded.")
        try:
            read = read_leaf(leaf)
        except NotALeaf as error:
            self._add(seq, "leaf", f"Entry {seq} cannot be read: {error}.")
            return None
        self._check(seq, read)
        return read

    def _check(self, seq: int, read: Leaf) -> None:
        if read.at < self.at:
            self._add(seq, "time", f"Entry {seq} says {read.at}, which is before {self.at} of an entry before it.")
        else:
            self.at = read.at
        project = read.project
        if project is not None:
            due = self.versions.get(project, 0) + 1
            if read.version != due:
                self._add(seq, "version", f"Entry {seq} is version {read.version} of {project}, and {due} was due.")
            self.versions[project] = read.version

    def end(self, size: int, root: bytes) -> None:
        """Checks that the ledger ends where it should: how many entries there should be, and the root they have."""
        if self.tree.size != size:
            self._add(None, "head", f"The ledger should hold {size} entries and holds {self.tree.size}.")
        if self.tree.root() != root:
            self._add(None, "head", "The root over all entries is not the one the ledger ends with.")

    def _add(self, seq: int | None, kind: str, message: str) -> None:
        self.problems.append(Problem(seq, kind, message))


def verify_entries(entries: Iterable[tuple[int, bytes, bytes, bytes]], size: int, root: bytes) -> Iterator[Problem]:
    """Yields every problem of a ledger, in order; reads the entries once.

    Args:
        entries: (index, leaf, stored leaf hash, stored root of the tree that ends with it), in the order of the index.
        size: how many entries there should be.
        root: the root they should have.
    """
    check = LedgerCheck()
    for entry in entries:
        check.take(*entry)
    check.end(size, root)
    yield from check.problems


def _grow(edge: list[tuple[int, bytes]], height: int, node: bytes) -> None:
    while edge and edge[-1][0] == height:
        node = sha256(b"\x01" + edge.pop()[1] + node).digest()
        height += 1
    edge.append((height, node))


def _folded(edge: list[tuple[int, bytes]]) -> bytes:
    if not edge:
        return sha256(b"").digest()
    root = edge[-1][1]
    for _, left in reversed(edge[:-1]):
        root = sha256(b"\x01" + left + root).digest()
    return root
