"""A program of its own that reads a register under hardship, and says how many entries it found, and in which mode.

Its arguments: the register, and a hardship: `none`, `nobody` (an account without rights) or `no-room` (no file may grow).
"""

from __future__ import annotations

import os
import sys

from engine.core.errors import CocycleError
from engine.store import journal
from engine.store.database import open_database


def read(path: str, hardship: str) -> None:
    """Reads every entry twice, from one opening and from the next."""
    if hardship == "nobody" and os.geteuid() == 0:
        os.seteuid(65534)
    if hardship == "no-room":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    for _ in range(2):
        with open_database(path, read_only=True) as database, database.read() as tx:
            print(len(list(journal.entries(tx))), flush=True)


if __name__ == "__main__":
    try:
        read(sys.argv[1], sys.argv[2])
    except CocycleError as error:
        print(f"{error.code}: {error.message}", flush=True)
