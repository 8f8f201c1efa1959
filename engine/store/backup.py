"""Copies a register while it is in use: the copy is whole, of one moment, and on the disk when the call returns."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from engine.core.errors import InputRefused, StorageUnavailable
from engine.store.connections import connect
from engine.store.database import LOCK_TIMEOUT, Database
from engine.store.driver import dbapi
from engine.store.failures import no_room, plain_failures
from engine.store.scrub import clean


def backup(database: Database, target: Path | str) -> None:
    """Copies the register into a new file; raises as `copy_into`."""
    copy_into(database.connection, Path(target))


def copy_into(source: Callable[[], dbapi.Connection], target: Path) -> None:
    """Copies what a connection reads into a new file.

    Args:
        source: gives the connection, once it is sure that there is a place for the copy.
        target: where nothing is yet.

    Raises:
        InputRefused: the target exists, or its folder does not.
        StorageUnavailable: there is no room for it, or nothing may be written there.
    """
    if not target.parent.is_dir():
        raise InputRefused(f"There is no folder {target.parent} to put the backup in.")
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError as error:
        raise InputRefused(f"{target} exists already; a backup needs a new file.", code="already_exists") from error
    except OSError as error:
        raise StorageUnavailable(f"{target} cannot be written: {error.strerror}.", code="cannot_write") from error
    try:
        with plain_failures(target):
            copy = connect(target, "mode=rw", timeout=LOCK_TIMEOUT)
            try:
                copy.execute("PRAGMA synchronous=EXTRA")
                try:
                    source().backup(copy)
                except dbapi.Error as error:  # of a copy that fails, the driver does not say why
                    raise no_room(target) or StorageUnavailable(
                        f"The backup cannot be written to {target}: {error}.", code="cannot_write"
                    ) from error
                clean(copy, target)  # where an erasure's old copies of pages were still due, here they go at once
            finally:
                copy.close()
        _sync(target)
        _sync(target.parent)
    except BaseException:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{target}{suffix}").unlink()
        raise


def _sync(path: Path) -> None:
    if path.is_dir() and os.name != "posix":
        return
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
