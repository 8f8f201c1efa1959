"""Tiles (c2sp.org/tlog-tiles): a ledger as files, 256 hashes or entries in each, and where each file lies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from engine.ledger.merkle import TILE_HEIGHT

WIDTH: Final = 1 << TILE_HEIGHT
ENTRIES: Final = "entries"
MOST_ENTRY_BYTES: Final = 0xFFFF
MOST_BUNDLE_BYTES: Final = WIDTH * (2 + MOST_ENTRY_BYTES)

_PATH = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?",
    re.ASCII,
)


class BadBundle(ValueError):
    """Bytes that are no bundle of entries; `entries` are those before the place where they stop being one."""

    def __init__(self, message: str, entries: list[bytes]) -> None:
        super().__init__(message)
        self.entries = entries


class Tile(NamedTuple):
    """One file of a ledger: hashes of a level, or entries.

    Attributes:
        level: 0 for hashes of leaves, 1 for hashes of trees of 256 leaves, and so on; `ENTRIES` for entries.
        place: in its level, from 0; width: how much it holds, 1 to 256.
    """

    level: int | str
    place: int
    width: int

    @property
    def path(self) -> str:
        """Where it lies, from the top of the directory."""
        return tile_path(self.level, self.place, self.width)

    @property
    def first(self) -> int:
        """The index of the first entry below it."""
        return self.first_of(0)

    def first_of(self, number: int) -> int:
        """Returns the index of the first entry below one of the hashes that it holds, numbered from 0."""
        return (self.place * WIDTH + number) * (WIDTH**self.level if isinstance(self.level, int) else 1)


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Returns where a tile lies: `tile/<level>/<index>`, and `.p/<width>` for one of fewer than 256.

    Args:
        level: from 0, or `ENTRIES`; index: from 0; width: 1 to 256.
    """
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    place = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"tile/{level}/{place}" + ("" if width == WIDTH else f".p/{width}")


def read_path(path: str) -> Tile | None:
    """Returns the tile that lies at a path; None where none can."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    level, place, width = found.groups()
    tile = Tile(
        level if level == ENTRIES else int(level),
        int(place.replace("x", "").replace("/", "")),
        WIDTH if width is None else int(width),
    )
    # a number has one form only: no part of nothing but zeros in front, no width of a full tile
    return tile if tile.path == path and (level == ENTRIES or int(level) < 64) else None


def layout(size: int) -> Iterator[Tile]:
    """Yields every tile of a ledger of `size` entries: the entries, then the hashes level by level, from the left."""
    yield from _row(ENTRIES, size)
    level = 0
    while size:
        yield from _row(level, size)
        level, size = level + 1, size // WIDTH


def pack_entries(entries: Iterable[bytes]) -> bytes:
    """Returns entries as a bundle: each with its length in front, two bytes, the larger first.

    Raises:
        ValueError: an entry has more than 65,535 bytes.
    """
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MOST_ENTRY_BYTES:
            raise ValueError(f"an entry of {len(entry):,} bytes has no place in a bundle")
        parts += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def unpack_entries(bundle: bytes) -> list[bytes]:
    """Returns the entries of a bundle.

    Raises:
        BadBundle: it ends in the middle of an entry.
    """
    entries: list[bytes] = []
    at, end = 0, len(bundle)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(bundle[at:start], "big")
        if start > end or at > end:
            raise BadBundle("the bundle ends in the middle of an entry", entries)
        entries.append(bundle[start:at])
    return entries


def _row(level: int | str, size: int) -> Iterator[Tile]:
    full, rest = divmod(size, WIDTH)
    for place in range(full):
        yield Tile(level, place, WIDTH)
    if rest:
        yield Tile(level, full, rest)
