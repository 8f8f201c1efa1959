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
        self._edge = _Edge()

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self.hashes) // 32

    def add(self, leaf: bytes) -> None:
        """Adds a leaf hash at the end."""
        self.hashes += leaf
        for height, node in self._edge.add(leaf):
            if not height % _TILE:
                self.nodes[height // _TILE, (self.size >> height) - 1] = node

    def root(self) -> bytes:
        """Returns the root over all leaves."""
        return self._edge.folded()

    def leaf_hash(self, index: int) -> bytes:
        """Returns the hash of the leaf at an index that there is."""
        return bytes(self.hashes[32 * index : 32 * index + 32])

    def root_at(self, size: int) -> bytes:
        """Returns the root over the first `size` leaves, which there are."""
        edge = _Edge()
        for place in range(size >> _TILE):
            edge.add(self.nodes[1, place], _TILE)
        for index in range(size & ~255, size):
            edge.add(self.leaf_hash(index))
        return edge.folded()

    def edge_bytes(self) -> bytes:
        """Returns the size and the edge as the next entry is sealed with: 8 bytes, big-endian, then the hashes."""
        return self.size.to_bytes(8, "big") + b"".join(self._edge.nodes)


class _Edge:
    """The complete trees on the right edge of a tree, largest first: their roots, and their heights."""

    __slots__ = ("_heights", "nodes")

    def __init__(self) -> None:
        self.nodes: list[bytes] = []
        self._heights: list[int] = []

    def add(self, node: bytes, height: int = 0) -> list[tuple[int, bytes]]:
        """Adds a complete tree at the end, joining trees of equal height for as long as there are two.

        Returns:
            height and root of each tree that comes about by that.
        """
        nodes, heights = self.nodes, self._heights
        made: list[tuple[int, bytes]] = []
        while heights and heights[-1] == height:
            node = sha256(b"\x01" + nodes.pop() + node).digest()
            height = heights.pop() + 1
            made.append((height, node))
        nodes.append(node)
        heights.append(height)
        return made

    def folded(self) -> bytes:
        """Returns the root over all of them."""
        if not self.nodes:
            return sha256(b"").digest()
        root = self.nodes[-1]
        for left in self.nodes[-2::-1]:
            root = sha256(b"\x01" + left + root).digest()
        return root


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
