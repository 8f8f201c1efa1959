"""Holds the tiles of an export against each other: every level against the one below it, up to the root.

For each hash two answers come from below: the one made from the entries all the way up, and the one made from the
stored tile just beneath. A stored hash that agrees with either is right, or is wrong because of something below it that
is told already; so one altered byte is one problem, at its own index, and not one more at every level above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from engine.ledger.merkle import EMPTY_ROOT, HASH_SIZE, node_hash
from engine.ledger.tiles import WIDTH, Tile, tile_path
from engine.ledger.tree import fold
from engine.ledger.verify import Problem

Read = Callable[[str], bytes | None]
Pair = tuple[bytes | None, bytes | None]  # a hash as the entries make it, and as the tile below makes it


class Levels:
    """The tree above the leaves' hashes, built while the tiles are read once from the left.

    Attributes:
        used: the paths that were read.
    """

    def __init__(self, read: Read, size: int) -> None:
        self._read, self._size = read, size
        self._rows: list[list[Pair]] = []  # of each level from 1 on
        self._edges: list[list[bytes | None]] = []  # of each level from 0 on: the last tile, where it is partial
        self.used: set[str] = set()

    def file(self, tile: Tile) -> tuple[bytes | None, int, str]:
        """Returns the bytes of a tile, how wide the file is, and its path; a full tile may stand for a partial one."""
        for path, width in ((tile.path, tile.width), (tile_path(tile.level, tile.place), WIDTH)):
            raw = self._read(path)
            if raw is not None:
                self.used.add(path)
                return raw, width, path
        return None, tile.width, tile.path

    def hashes(self, tile: Tile, problems: list[Problem]) -> list[bytes] | None:
        """Returns the hashes that are stored in a tile, as many as are due; None where they cannot be read."""
        raw, width, path = self.file(tile)
        if raw is None:
            problems.append(Problem(tile.first, "missing", f"The hashes from entry {tile.first} on are not in {path}."))
            return None
        if len(raw) != width * HASH_SIZE:
            place = tile.first + min(len(raw) // HASH_SIZE, width - 1) * (tile.first_of(1) - tile.first_of(0))
            why = f"{path} has {len(raw):,} bytes, and {width * HASH_SIZE:,} are due."
            problems.append(Problem(place, "tile", why))
            return None
        return [raw[at : at + HASH_SIZE] for at in range(0, tile.width * HASH_SIZE, HASH_SIZE)]

    def add(self, level: int, derived: Sequence[bytes | None], stored: Sequence[bytes] | None) -> None:
        """Takes in the next tile of a level: its hashes as the entries make them, and as they are stored."""
        beneath: Sequence[bytes | None] = derived if stored is None else stored
        filled = [d if d is not None else s for d, s in zip(derived, beneath, strict=True)]
        if len(derived) == WIDTH:
            while len(self._rows) <= level:
                self._rows.append([])
            self._rows[level].append((_fold(filled), _fold(beneath)))
        else:
            while len(self._edges) <= level:
                self._edges.append([])
            self._edges[level] = _edge(beneath)

    def climb(self, problems: list[Problem]) -> None:
        """Checks every level above the lowest, once that one was taken in."""
        level, size = 1, self._size // WIDTH
        while size:
            below = self._rows[level - 1]
            for place in range(-(-size // WIDTH)):
                tile = Tile(level, place, min(WIDTH, size - place * WIDTH))
                stored = self.hashes(tile, problems)
                pairs = below[place * WIDTH : place * WIDTH + tile.width]
                problems += _differing(tile, pairs, stored)
                self.add(level, [d if d is not None else c for d, c in pairs], stored)
            level, size = level + 1, size // WIDTH

    def root(self) -> bytes | None:
        """Returns the root that the stored tiles make; None where a part of them is missing."""
        edge = [hash_ for row in reversed(self._edges) for hash_ in row]
        if not edge:
            return EMPTY_ROOT
        root = edge[-1]
        for left in edge[-2::-1]:
            if root is None or left is None:
                return None
            root = node_hash(left, root)
        return root


def _differing(tile: Tile, pairs: Sequence[Pair], stored: Sequence[bytes] | None) -> Iterator[Problem]:
    for place, (pair, hash_) in enumerate(zip(pairs, stored or (), strict=False)):
        if hash_ not in pair and pair != (None, None):
            entry = tile.first_of(place)
            why = f"The hash {place} in {tile.path} is not that of the tile below it, which begins with entry {entry}."
            yield Problem(entry, "tile", why)


def _fold(hashes: Sequence[bytes | None]) -> bytes | None:
    known = [hash_ for hash_ in hashes if hash_ is not None]
    return fold(known) if len(known) == len(hashes) else None


def _edge(hashes: Sequence[bytes | None]) -> list[bytes | None]:
    """The roots of the complete trees that a partial tile is made of, largest first."""
    edge: list[bytes | None] = []
    at = 0
    for bit in range(WIDTH.bit_length() - 1, -1, -1):
        if len(hashes) >> bit & 1:
            edge.append(_fold(hashes[at : at + (1 << bit)]))
            at += 1 << bit
    return edge
