"""Reads a text file that was named on the command line: a definition, a record."""

from __future__ import annotations

import os
import stat

from terminal.mistake import Mistake

MOST_BYTES = 8 * 1024 * 1024


def refuse_folder(path: str) -> None:
    """Refuses a folder, or nothing, where a new file is to be made; raises Mistake."""
    if not path or os.path.isdir(path):
        why = f"{path} is a folder; name a new file in it." if path else "Name the file to be made."
        raise Mistake(why, code="bad_file")


def read_file(path: str) -> bytes:
    """Returns the bytes of a plain file; of one larger than is read anywhere, one byte more than is read.

    Raises:
        Mistake: it is missing, a folder, no plain file, or cannot be read.
    """
    if not path:
        raise Mistake("Name the file to be read.", code="bad_file", details={"file": path})
    why = "is not the name of a file"
    try:
        # opened without waiting, so that a pipe nobody writes to cannot hang us
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            mode = os.fstat(descriptor).st_mode
            if stat.S_ISREG(mode):
                return file.read(MOST_BYTES + 1)
            why = "is not a plain file"
    except IsADirectoryError:
        why = "is a folder; name a file"
    except FileNotFoundError:
        why = "does not exist"
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
    except ValueError:
        pass
    if os.path.isdir(path):
        why = "is a folder; name a file"
    raise Mistake(f"{path} {why}.", code="bad_file", details={"file": path})
