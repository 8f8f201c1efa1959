"""The signing key of a register: where it lies, and how it is written so that nobody else can read it."""

from __future__ import annotations

import os
from pathlib import Path

from engine.core.errors import StorageUnavailable


def key_file(register: Path) -> Path:
    """Returns where the signing key of a register lies: beside it, so that copying the folder copies both."""
    return register.with_name(register.name + ".key")


def write_key(key: Path, text: str) -> None:
    """Writes a key to a new file that only its owner can read, and flushes it to the disk.

    Raises:
        StorageUnavailable: the file cannot be made.
    """
    try:
        descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
    except OSError as error:
        raise StorageUnavailable(f"The signing key cannot be written to {key}: {error.strerror}.") from error
