"""Takes in the files of a record: all that is wrong with any of them at once, and nothing larger than allowed.

A file of a personal record is sealed before the register is locked, and kept sealed; any other is kept as it is.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.core.errors import InputRefused
from engine.core.evidence import File
from engine.sealing import NotOpened, Sealed, open_sealed, seal
from engine.store import files as plain_files
from engine.store import sealed as sealed_files
from engine.store.database import Transaction

CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileGiven:
    """A file as it was handed in; `sealed` is what is kept of it in a personal record."""

    name: str
    content: bytes
    sha256: str
    sealed: Sealed | None = None

    def described(self) -> File:
        """Returns what a record says of it."""
        sealed = None if self.sealed is None else self.sealed.digest
        return File(self.sha256, len(self.content), self.name, sealed)


def given(name: str, content: bytes) -> FileGiven:
    """Returns a file from its name and bytes."""
    return FileGiven(name, content, hashlib.sha256(content).hexdigest())


def read_files(paths: Sequence[Path | FileGiven], most_bytes: int) -> tuple[list[FileGiven], InputRefused | None]:
    """Returns the files that could be read, and what is wrong with the others, a sentence each.

    Wrong is what is missing, unreadable, no plain file, or larger than `most_bytes`.
    """
    found, problems = [], []
    for path in paths:
        if isinstance(path, FileGiven):
            if len(path.content) > most_bytes:
                problems.append(_too_large(Path(path.name), len(path.content), most_bytes))
            found.append(path)
            continue
        try:
            found.append(given(path.name, _read(path, most_bytes)))
        except _Unusable as error:
            problems.append(str(error))
        except OSError as error:
            problems.append(f"{_shown(path)} cannot be read: {error.strerror or error}.")
        except ValueError:
            problems.append(f"{_shown(path)} is not the name of a file.")
    if not problems:
        return found, None
    details = {"problems": [{"field": "file", "message": p} for p in problems]}
    return found, InputRefused(" ".join(problems), details=details)


def sealed_each(files: Sequence[FileGiven]) -> list[FileGiven]:
    """Returns the files of a personal record, each sealed with a key of its own, equal bytes too."""
    return [replace(file, sealed=seal(file.content)) for file in files]


def keep_files(tx: Transaction, files: Sequence[FileGiven]) -> None:
    """Keeps the files of a record that is being handed in: the sealed ones sealed, with their keys."""
    for file in files:
        if file.sealed is None:
            plain_files.put_file(tx, file.sha256, file.content)
        else:
            sealed_files.put_sealed(tx, file.sealed.digest, file.sealed.content, file.sealed.key)


def kept_bytes(tx: Transaction, file: File) -> bytes | None:
    """Returns the bytes of a record's file as they were handed in, hashed again.

    None where what is kept is not that: a bit of it, or of its key, is another, or it is gone.
    """
    if file.sealed is None:
        content = None if file.sha256 is None else plain_files.file_content(tx, file.sha256)
    else:
        content = _opened(tx, file.sealed)
    return content if content is not None and hashlib.sha256(content).hexdigest() == file.sha256 else None


def _opened(tx: Transaction, digest: str) -> bytes | None:
    content, key = sealed_files.sealed_content(tx, digest), sealed_files.key_of(tx, digest)
    if content is None or key is None:
        return None
    try:
        return open_sealed(Sealed(digest, content, key))
    except NotOpened:
        return None


class _Unusable(Exception):
    pass


def _read(path: Path, most_bytes: int) -> bytes:
    # opened without waiting, so that a pipe nobody writes to cannot hang us; the size is counted while reading
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        facts = os.fstat(descriptor)
        if stat.S_ISDIR(facts.st_mode):
            raise _Unusable(f"{_shown(path)} is a folder; name a file.")
        if not stat.S_ISREG(facts.st_mode):
            raise _Unusable(f"{_shown(path)} is not a plain file.")
        if facts.st_size > most_bytes:
            raise _Unusable(_too_large(path, facts.st_size, most_bytes))
        parts, size = [], 0
        while part := os.read(descriptor, CHUNK):
            size += len(part)
            if size > most_bytes:  # it grew while it was read
                raise _Unusable(_too_large(path, size, most_bytes))
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(descriptor)


def _too_large(path: Path, size: int, most: int) -> str:
    return f"{_shown(path)} is too large: {size / CHUNK:,.0f} MiB, and {most // CHUNK} MiB is the most for one file."


def _shown(path: Path) -> str:
    return "".join(c if c.isprintable() else "�" for c in str(path))
