"""Makes the file of a new register, whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from engine.core.errors import InputRefused, StorageUnavailable
from engine.ledger.merkle import EMPTY_ROOT, Frontier
from engine.store import statements
from engine.store.connections import APPLICATION, connect
from engine.store.failures import plain_failures
from engine.store.schema import SCHEMA


def make_file(path: Path, revision: str) -> None:
    """Makes an empty register of a schema revision at `path`, under another name first; a crash leaves only that.

    Raises:
        InputRefused: something that is not empty is there already, or the folder does not exist.
        StorageUnavailable: nothing can be written there.
    """
    if os.path.lexists(path) and not _is_an_empty_file(path):
        raise _taken(path)
    if not path.parent.is_dir():
        raise InputRefused(f"There is no folder {path.parent} to make a register in.")
    making = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.making")
    try:
        with plain_failures(path):
            _fill(making, revision)
        _put_in_place(making, path)
    except OSError as error:
        raise StorageUnavailable(f"{path} cannot be written: {error.strerror}.", code="cannot_write") from error
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):  # it is not there, or the disk is read-only and never held it
                Path(f"{making}{suffix}").unlink()


def _is_an_empty_file(path: Path) -> bool:
    """True for a plain file of no bytes, which may be replaced; a link, a pipe or a device never may."""
    found = path.lstat()
    return stat.S_ISREG(found.st_mode) and found.st_size == 0


def _fill(path: Path, revision: str) -> None:
    connection = connect(path, "mode=rwc", timeout=0)
    try:
        connection.execute("PRAGMA synchronous=EXTRA")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id={APPLICATION}")
        for sql in SCHEMA.values():
            connection.execute(sql)
        connection.execute("INSERT INTO alembic_version (version_num) VALUES (?)", (revision,))
        head = {
            "id": 1,
            "size": 0,
            "root": EMPTY_ROOT,
            "frontier": Frontier().to_bytes(),
            "at": "",
            "people_version": 0,
        }
        connection.execute(statements.ADD_HEAD, head)
        connection.execute("COMMIT")
    finally:
        connection.close()


def _put_in_place(making: Path, path: Path) -> None:
    """Gives the finished file its name, losing against anyone who was there first."""
    with suppress(FileNotFoundError):
        if _is_an_empty_file(path):
            path.unlink()
    try:
        os.link(making, path)  # unlike a rename, this never replaces a register that appeared meanwhile
    except FileExistsError:
        raise _taken(path) from None
    except OSError:  # a file system without links
        making.rename(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _taken(path: Path) -> InputRefused:
    return InputRefused(f"{path} exists already; a new register needs a new file.", code="already_exists")
