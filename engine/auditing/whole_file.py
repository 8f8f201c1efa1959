"""Makes a file whole or not at all: it is written under another name, and gets its own once it is on the disk."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from engine.core.errors import InputRefused, StorageUnavailable


@contextmanager
def whole_file(path: Path, *, replace: bool = False) -> Iterator[IO[bytes]]:
    """Gives a file to write to; it appears at `path` when the block ends, and nothing is left where it fails.

    Args:
        path: where it goes.
        replace: True to replace a plain file that is there; anything else there is never replaced.

    Raises:
        InputRefused: something is there, or its folder is not.
        StorageUnavailable: it cannot be written: no room, or no right to.
    """
    _refuse_taken(path, replace)
    making = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.making")
    try:
        with open(making, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _put_in_place(making, path, replace)
    except OSError as error:
        raise StorageUnavailable(
            f"{path} cannot be written: {error.strerror or error}.", code="cannot_write"
        ) from error
    finally:
        with suppress(OSError):  # it was moved, or never made
            making.unlink()


def _refuse_taken(path: Path, replace: bool) -> None:
    try:
        if not path.parent.is_dir():
            raise InputRefused(f"There is no folder {path.parent} to write a file in.")
        found = path.lstat()
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise InputRefused(f"{path} is not the name of a file.") from error
    if not stat.S_ISREG(found.st_mode):
        raise InputRefused(f"{path} is no plain file; name a new file.")
    if not replace:
        raise _taken(path)


def _taken(path: Path) -> InputRefused:
    return InputRefused(f"{path} exists already; give --force to replace it.", code="already_exists")


def _put_in_place(making: Path, path: Path, replace: bool) -> None:
    if replace:
        os.replace(making, path)
        return
    try:
        os.link(making, path)  # unlike a rename, this never replaces a file that appeared meanwhile
    except FileExistsError:
        raise _taken(path) from None
    except OSError:  # a file system without links
        if os.path.lexists(path):
            raise _taken(path) from None
        making.rename(path)
