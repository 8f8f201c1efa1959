"""The copies of registers that cannot be read in their place: where they lie, and that none outlives its reader.

A copy holds every word of the register. Its reader takes it away; where the reader was killed, whoever makes a copy or
erases next does.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

_NAME = re.compile(r"cocycle-read-([0-9]+)-")


def folder_for_a_copy() -> tempfile.TemporaryDirectory[str]:
    """Makes a folder that only this account can look into, named after this process; raises OSError."""
    remove_abandoned()
    return tempfile.TemporaryDirectory(prefix=f"cocycle-read-{os.getpid()}-")


def remove_abandoned() -> None:
    """Removes the copies whose readers have ended without doing so; those of other accounts are left alone."""
    if os.name != "posix":
        return  # asking whether a process lives ends it there
    try:
        found = list(Path(tempfile.gettempdir()).iterdir())
    except OSError:
        return
    for folder in found:
        reader = _NAME.match(folder.name)
        if reader is not None and not _lives(int(reader[1])):
            shutil.rmtree(folder, ignore_errors=True)  # of another account, or gone already


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # another account's, or no number of a process: leave it
        return True
    return True
