"""Opening a pack, a folder or a .zip, and reading what lies in it without trusting any of it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

MOST_FILES = 200_000
MOST_BYTES = 16 * 1024**3  # of one file, and of a whole pack
MOST_TEXT = 64 * 1024**2  # of a file that is read into memory
MOST_SQUEEZED = 2000  # how many times larger than in the .zip a file may be
MOST_DIGITS = 17
# what desktops leave in folders that somebody looked at; nothing in a pack is called so, or rests on it
LEFT_BY_DESKTOPS = {".DS_Store", "Thumbs.db", "desktop.ini"}
CHUNK = 1024 * 1024
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*", re.ASCII)


class NotReadable(Exception):
    """What cannot be read as what it should be. The message is a sentence."""


def is_plain(name: str) -> bool:
    """Returns whether a path is one that packs have: below the pack, in plain letters, with nothing that leads out."""
    return len(name) <= 240 and NAME.fullmatch(name) is not None


class Folder:
    """A pack that lies in a folder."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.odd: list[str] = []
        self._sizes = dict(self._walk(path, ""))

    def _walk(self, place: str, prefix: str) -> Iterator[tuple[str, int]]:
        for found in sorted(os.scandir(place), key=lambda entry: entry.name):
            name = prefix + found.name
            facts = found.stat(follow_symlinks=False)
            if stat.S_ISDIR(facts.st_mode) and not stat.S_ISLNK(facts.st_mode) and name.count("/") < 8:
                yield from self._walk(found.path, name + "/")
            elif stat.S_ISREG(facts.st_mode) and is_plain(name):
                yield name, facts.st_size
            else:  # a link, a pipe, a device, or a name that no pack has
                self.odd.append(name)

    def names(self) -> list[str]:
        """Returns the paths of all files."""
        return list(self._sizes)

    def size(self, name: str) -> int:
        """Returns how many bytes a file has."""
        return self._sizes[name]

    def open(self, name: str) -> BinaryIO:
        """Opens a file for reading."""
        return open(os.path.join(self.path, *name.split("/")), "rb")


class Zip:
    """A pack in a .zip file, read without unpacking it."""

    def __init__(self, path: str) -> None:
        self.odd: list[str] = []
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._zip = zipfile.ZipFile(path)
        inside = [one for one in self._zip.infolist() if not one.filename.endswith("/")]
        tops = {one.filename.partition("/")[0] for one in inside}
        top = f"{tops.pop()}/" if len(tops) == 1 and "bagit.txt" not in tops else ""
        for one in inside:
            name = one.filename[len(top) :]
            kind = stat.S_IFMT(one.external_attr >> 16)
            plain = is_plain(name) and kind in (0, stat.S_IFREG) and not one.flag_bits & 1
            if not plain or name in self._members or one.file_size > MOST_SQUEEZED * max(one.compress_size, 1000):
                self.odd.append(one.filename)
            else:
                self._members[name] = one

    def names(self) -> list[str]:
        """Returns the paths of all files."""
        return list(self._members)

    def size(self, name: str) -> int:
        """Returns how many bytes a file has, as the .zip says; reading stops there."""
        return self._members[name].file_size

    def open(self, name: str) -> BinaryIO:
        """Opens a file for reading."""
        return self._zip.open(self._members[name])  # type: ignore[return-value]  # it reads like a file, and that is all


class Pack:
    """What lies in a pack, each file read at most once and hashed on the way."""

    def __init__(self, path: str) -> None:
        try:
            self._place = Folder(path) if os.path.isdir(path) else Zip(path)
        except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
            # the last is how the standard library says that a .zip is of a kind it cannot read
            why = "there is nothing of that name" if isinstance(error, FileNotFoundError) else "it is no whole .zip"
            why = "this account may not read it" if isinstance(error, PermissionError) else why
            raise NotReadable(f"{path} cannot be opened as a pack: {why}.") from error
        self.names = sorted(name for name in self._place.names() if name.rpartition("/")[2] not in LEFT_BY_DESKTOPS)
        self.odd = sorted(name for name in self._place.odd if name.rpartition("/")[2] not in LEFT_BY_DESKTOPS)
        if len(self.names) > MOST_FILES or sum(map(self._place.size, self.names)) > MOST_BYTES:
            raise NotReadable("This is larger than any pack: it was not looked at.")
        self._texts: dict[str, bytes] = {}

    def read(self, name: str) -> bytes:
        """Returns the bytes of a file of a few megabytes at most; raises NotReadable."""
        if name not in self._texts:
            if name not in self.names:
                raise NotReadable(f"{name} is not in the pack.")
            if self._place.size(name) > MOST_TEXT:
                raise NotReadable(f"{name} is larger than any such file.")
            self._texts[name] = b"".join(self._chunks(name))
        return self._texts[name]

    def digest(self, name: str) -> str:
        """Returns the SHA-256 of a file, in hexadecimal; raises NotReadable."""
        total = hashlib.sha256()
        for part in self._chunks(name):
            total.update(part)
        return total.hexdigest()

    def folder(self, prefix: str, ending: str) -> dict[int, str]:
        """Returns the files `prefix` + number + `ending` by their number."""
        found = {}
        for name in self.names:
            middle = name[len(prefix) : len(name) - len(ending)]
            number = int(middle) if re.fullmatch("[0-9]{6,16}", middle, re.ASCII) else -1
            if name == f"{prefix}{number:06d}{ending}":
                found[number] = name
        return found

    def _chunks(self, name: str) -> Iterator[bytes]:
        left = self._place.size(name)
        try:
            with self._place.open(name) as file:
                while left >= 0:
                    part = file.read(CHUNK)
                    if not part:
                        return
                    left -= len(part)
                    yield part
        except Exception as error:  # noqa: BLE001  # a broken .zip breaks its reader in many ways
            raise NotReadable(f"{name} cannot be read: {error}.") from error
        raise NotReadable(f"{name} is larger than it says.")


def strict_json(data: bytes) -> Any:
    """Returns a JSON value of objects with each member once, whole numbers within 2^53, and no others.

    Raises:
        NotReadable: it is anything else.
    """
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once,
            parse_int=_whole,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as error:
        raise NotReadable(f"it is not JSON as packs have it ({error})") from error


def canonical(value: Any) -> bytes:
    """Returns the one form (RFC 8785) of a value that `strict_json` read."""
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise NotReadable(f"it has no canonical form ({error})") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice")
    if not all(name.isascii() for name in found):
        raise ValueError("a member's name has other letters than plain ones")
    return found


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS or abs(int(digits)) > 2**53 - 1 or digits == "-0":
        raise ValueError("a number that has no place here")
    return int(digits)


def _no_number(digits: str) -> int:
    raise ValueError("a number that is not whole")
