"""What a failure of the database means for people: the one place where the driver's errors become ours."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.core.errors import (
    CocycleError,
    Conflict,
    InputRefused,
    IntegrityFailure,
    NotFound,
    StorageUnavailable,
)
from engine.store.driver import dbapi

_ROOM = 1 << 20  # with less than this left, a write that failed is taken to have failed for want of room


@contextmanager
def plain_failures(path: Path) -> Iterator[None]:
    """Turns the driver's errors about the register at `path` into deliberate ones; what is our own bug stays a bug."""
    try:
        yield
    except dbapi.Error as error:
        meant = failure(error, path)
        if meant is None:
            raise
        raise meant from error
    except UnicodeEncodeError as error:  # a name or an id came in as broken bytes; no row is called that
        raise NotFound("Nothing here has a name of characters that are no text; type it anew.") from error


def failure(error: dbapi.Error, path: Path) -> CocycleError | None:
    """Returns what an error means; None where it can only be a mistake of ours."""
    match getattr(error, "sqlite_errorcode", dbapi.SQLITE_OK) & 0xFF:
        case dbapi.SQLITE_BUSY | dbapi.SQLITE_LOCKED | dbapi.SQLITE_PROTOCOL:
            return StorageUnavailable(f"The register {path} is locked by another program. Try again.", code="locked")
        case dbapi.SQLITE_FULL | dbapi.SQLITE_IOERR:
            return no_room(path) or StorageUnavailable(
                f"The disk that holds {path} reports an error: {error}.", code="disk_error"
            )
        case dbapi.SQLITE_CANTOPEN | dbapi.SQLITE_PERM | dbapi.SQLITE_AUTH if _writable(path):
            return no_room(path) or StorageUnavailable(f"{path} cannot be opened: {error}.", code="cannot_open")
        case dbapi.SQLITE_READONLY | dbapi.SQLITE_CANTOPEN | dbapi.SQLITE_PERM | dbapi.SQLITE_AUTH:
            what = f"The register {path} can be read" if path.exists() else f"{path.parent} can be looked into"
            return StorageUnavailable(f"{what} but not written to.", code="read_only")
        case dbapi.SQLITE_NOTADB:
            return not_a_register(path)
        case dbapi.SQLITE_CORRUPT:
            return IntegrityFailure(f"The database {path} is damaged: {error}.")
        case dbapi.SQLITE_ERROR if str(error).startswith(("no such table", "no such column")):
            return IntegrityFailure(f"The database {path} is not as cocycle made it: {error}.")
        case _ if str(error).startswith("Could not decode to UTF-8"):
            return IntegrityFailure(f"The database {path} holds text that is no text.")
        case dbapi.SQLITE_CONSTRAINT if str(error).startswith("UNIQUE"):
            return Conflict(f"Someone else was there first: {error}.")
        case _:
            return None


def no_register(path: Path) -> NotFound:
    """Returns the error for a path where nothing is."""
    return NotFound(f"There is no register at {path}. Make one with: cocycle init")


def not_a_register(path: Path) -> InputRefused:
    """Returns the error for a path where something else is."""
    return InputRefused(f"{path} is not a cocycle register.", code="not_a_register")


def no_room(path: Path) -> StorageUnavailable | None:
    """Answers which of disk and file-size limit is in the way, if one of them is.

    SQLite tells a full disk only when the system's answer was exactly that; a limit on the size of files, a quota or a
    log that cannot be mapped all come as the same I/O error. So it is looked up here.
    """
    largest = max((file.stat().st_size for file in _files_of(path)), default=0)
    limit = _file_size_limit()
    if limit is not None and limit < largest + _ROOM:
        return StorageUnavailable(
            f"Nothing can be written to {path}: files may not grow beyond {limit:,} bytes here (a file-size limit).",
            code="full",
            details={"limit": "file_size"},
        )
    try:
        free = shutil.disk_usage(path.parent).free
    except OSError:
        return None
    if free < _ROOM:
        return StorageUnavailable(
            f"Nothing can be written to {path}: the disk is full.", code="full", details={"limit": "disk"}
        )
    return None


def _file_size_limit() -> int | None:
    try:
        import resource
    except ImportError:  # not a system with such limits
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    return None if soft == resource.RLIM_INFINITY else soft


def _files_of(path: Path) -> list[Path]:
    return [file for suffix in ("", "-wal", "-shm", "-journal") if (file := Path(f"{path}{suffix}")).exists()]


def _writable(path: Path) -> bool:
    return may_write(path.parent) and all(may_write(file) for file in _files_of(path))


def may_write(path: Path) -> bool:
    """Answers whether this process may write to a file or folder, as far as can be told without trying."""
    effective = os.access in os.supports_effective_ids
    return os.access(path, os.W_OK, effective_ids=effective)
