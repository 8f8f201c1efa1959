"""Advances a few projects between two marks, to be watched from outside: `python -m tests.journeys.flusher FOLDER`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bench.registers import SRO, register_of

ADVANCES = 8


def main() -> None:
    """Makes a register, empties its log, and advances between the marks."""
    engine = register_of(Path(sys.argv[1]) / "cocycle.db", ADVANCES + 1)
    engine.advance(f"B-{ADVANCES:06}", actor=SRO)
    engine.database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os.write(2, b"MARK\n")
    for number in range(ADVANCES):
        engine.advance(f"B-{number:06}", actor=SRO)
    os.write(2, b"MARK\n")
    engine.close()


if __name__ == "__main__":
    main()
