"""The folder of an export: reading it as it lies, and writing into it so that each file appears whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Final

from engine.ledger.levels import Read
from engine.ledger.tiles import MOST_BUNDLE_BYTES, WIDTH, read_path

PART: Final = ".part-"  # how a file begins to be called that is still being written


def files_in(folder: Path) -> list[str]:
    """Returns the path of every file in a folder, from its top, with `/` between the parts; links are not followed.

    Raises:
        OSError: the folder, or one in it, cannot be listed.
    """
    found: list[str] = []

    def stop(error: OSError) -> None:
        raise error

    for place, _, names in os.walk(folder, onerror=stop):
        found += [(Path(place) / name).relative_to(folder).as_posix() for name in names]
    return found


def reader_of(folder: Path) -> Read:
    """Returns a way to read files by their path from the top: the bytes, None where there is no plain file.

    No more is read than the largest bundle of entries can hold, and one byte, by which too much is told. A file that
    cannot be read raises OSError.
    """

    def read(path: str) -> bytes | None:
        file = folder / path
        if not file.is_file():
            return None
        with open(file, "rb") as opened:
            return opened.read(MOST_BUNDLE_BYTES + 1)

    return read


class Differs(Exception):
    """A file is there already, with other bytes."""


class Writer:
    """Writes files into a folder. What is there already is never written over, but for `replace`.

    Attributes:
        written: how many files were.
    """

    def __init__(self, folder: Path) -> None:
        self.written = 0
        self._folder = folder
        self._places: set[Path] = set()
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{PART}*"):  # by one that was cut short
            left.unlink(missing_ok=True)

    def put(self, path: str, content: bytes) -> None:
        """Writes a file, unless it is there as it should be.

        Raises:
            Differs: it is there, and holds something else.
            OSError: it cannot be written.
        """
        file = self._folder / path
        if not file.exists():
            self.replace(path, content)
        elif not file.is_file() or file.read_bytes() != content:
            raise Differs(path)

    def replace(self, path: str, content: bytes) -> None:
        """Writes a file in place of what is there; after a crash it is there whole, as it was or as it is now."""
        file = self._folder / path
        if file.is_file() and file.read_bytes() == content:
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        part = self._folder / f"{PART}{os.getpid()}"
        with open(part, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(part, file)
        self._places |= {place for place in file.parents if place.is_relative_to(self._folder)}
        self.written += 1

    def sync(self) -> None:
        """Flushes to the disk that the files are where they are: what is written after this is there after them."""
        for place in sorted(self._places):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        self._places.clear()

    def clear(self, due: Collection[str]) -> None:
        """Removes the partial tiles of before that are not among those due now; strangers' files stay."""
        for path in files_in(self._folder):
            tile = read_path(path)
            if tile is not None and tile.width < WIDTH and path not in due:
                file = self._folder / path
                file.unlink()
                with suppress(OSError):  # another partial tile lies beside it
                    file.parent.rmdir()
