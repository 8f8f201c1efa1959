"""A process of its own that runs a scheduler which goes wrong: python scheduling.py REGISTER HOW."""

from __future__ import annotations

import json
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from engine.api import Engine, Scheduler, open_register, settings_from  # noqa: E402  # found by the line above

PATIENCE = {"falls-asleep": 3.0, "hangs": 3.0, "runs": 8.0}  # a busy machine may take seconds for a round


class Moved:
    """A clock that is as far from this machine's as a file says in seconds, and is moved by writing to that."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        """Returns the moment in UTC."""
        seconds = float(self._file.read_text()) if self._file.exists() else 0.0
        return datetime.now(UTC) + timedelta(seconds=seconds)


def run(register: str, how: str) -> None:
    """Runs a scheduler with a round a second until something ends it."""
    opened = 0

    def opening() -> Engine:
        nonlocal opened
        opened += 1
        if how == "breaks-at-first" and opened == 1:
            return open_register(register) if 1 / (opened - 1) else open_register(register)
        if how == "hangs" and opened == 1:
            threading.Event().wait()
        clock = Moved(Path(register).with_name("machines-clock"))
        return open_register(register, clock=clock, settings=settings_from())

    def said(found: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
        if how == "falls-asleep" and scheduler.scheduler is not None and "stuck" not in found:
            scheduler.scheduler.pause()
        if how == "breaks-at-first" and found["rounds"] == 3:
            scheduler.stop()

    patience = PATIENCE.get(how, 600.0)
    scheduler = Scheduler(opening, said, lambda error: f"Kept: {type(error).__name__}.", every=1, patience=patience)
    signal.signal(signal.SIGTERM, lambda _sign, _frame: scheduler.stop())
    scheduler.run()


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2])
