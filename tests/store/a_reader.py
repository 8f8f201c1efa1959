"""A program of its own that reads a register under hardship, and says how many entries it found, and in which mode.

Its arguments: the register, and a hardship: `none`, `nobody` (an account without rights) or `no-room`.
"""

from __future__ import annotations

import os
import sys

from engine.core.errors import CocycleError
from engine.store import journal
from engine.store.database import open_database


def say(what: object) -> None:
    """Says a line at once."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def read(path: str, hardship: str) -> None:
    """Reads every entry twice, from one opening and from the next."""
    if hardship == "nobody" and os.geteuid() == 0:
        os.seteuid(65534)
    if hardship == "no-room":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    for _ in range(2):
        with open_database(path, read_only=True) as database, database.read() as tx:
            say(len(list(journal.entries(tx))))


if __name__ == "__main__":
    try:
        read(sys.argv[1], sys.argv[2])
    except CocycleError as error:
        say(f"{error.code}: {error.message}")
