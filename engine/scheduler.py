"""Wakes up once a minute and has the register swept; it holds no truth, so it may die at any moment.

What is due stands in the register as rows. So nothing is lost with the scheduler, however it ends: the next one finds
the rows. APScheduler does the waking, with one job in its memory and UTC only. Two things it cannot do are done by the
thread that watches it:

- It waits for a moment of the wall clock. Where that is set back, it would sleep until the old moment comes round once
  more. So the watch compares the wall clock with one that nobody can set, and wakes the job where they part.
- A thread of it that died is silent. So the watch counts how long no round ended, and ends the process; whatever keeps
  services running starts it anew. It counts its own ticks, not the time: a process that was stopped, or a machine that
  slept, is not taken for one that is stuck.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from engine.pausing import Bell
from engine.rounds import Register, Rounds

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # it has no types

EVERY: Final = 60.0  # seconds from one round to the next
PATIENCE: Final = 600.0  # seconds without a round's end after which a scheduler counts as dead
TICK: Final = 1.0  # seconds between two looks of the watch
MOVED: Final = 2.0  # seconds by which the wall clock parts from the steady one before it counts as set
STUCK: Final = 70  # the exit code of a bug, which a scheduler that stands still is


class Scheduler:
    """Has rounds made, one at a time, until it is told to stop."""

    def __init__(
        self,
        opening: Callable[[], Register],
        said: Callable[[dict[str, Any]], None],
        broke: Callable[[Exception], str],
        *,
        every: float = EVERY,
        patience: float = PATIENCE,
    ) -> None:
        """Makes a scheduler that has not begun.

        Args:
            opening: opens the register; it is called in the thread that sweeps, at first and whenever the register
                could not be used or another file has come to its place.
            said: is told how each round ended, as `Rounds.make` says it, in that same thread.
            broke: keeps the particulars of a bug for whoever mends it, and returns a sentence for the round's problems.
            every: seconds from one round to the next, 1 at least: a clock that is set forward has them counted up.
            patience: seconds without a round's end after which the process ends itself.
        """
        self._stop, self._bell = threading.Event(), Bell()
        self.rounds = Rounds(opening, f"worker:{socket.gethostname()}-{os.getpid()}", broke, self._stop)
        self._said, self._every, self._patience = said, every, patience
        self._ended = 0  # rounds, however they ended
        self.scheduler: BackgroundScheduler | None = None

    def stop(self) -> None:
        """Has `run` end after what is in hand, one letter or one batch; for a signal's handler, and for any thread."""
        self._stop.set()
        self._bell.ring()

    def run(self) -> None:
        """Makes rounds until `stop`. The first begins at once.

        The process ends here with the exit code 70 where no round ended for as long as patience lasts.
        """
        self.scheduler = self._waking()
        self.scheduler.start()
        try:
            self._watch(self.scheduler)
        finally:
            self._end(self.scheduler)

    def _waking(self) -> BackgroundScheduler:
        from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]  # it has no types
        from apscheduler.jobstores.memory import MemoryJobStore  # type: ignore[import-untyped]  # it has no types
        from apscheduler.schedulers.background import BackgroundScheduler

        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # what is to be told is told by `said`
        made = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        made.add_job(self._round, "interval", seconds=self._every, id="sweep", next_run_time=datetime.now(UTC))
        return made

    def _round(self) -> None:
        try:
            self._said(self.rounds.make())
        finally:
            self._ended += 1

    def _watch(self, scheduler: BackgroundScheduler) -> None:
        """Returns when it is time to stop; ends the process where no round ends any more."""
        ended, ticks = self._ended, 0
        apart = time.time() - time.monotonic()
        most = self._patience / TICK
        while not self._bell.wait(TICK):
            scheduler.wakeup()  # its own waiting may end in another year, where the steady clock is moved as well
            was, apart = apart, time.time() - time.monotonic()
            if abs(apart - was) > MOVED and scheduler.get_job("sweep") is not None:
                scheduler.modify_job("sweep", next_run_time=datetime.now(UTC))
            ticks = ticks + 1 if ended == self._ended else 0
            ended = self._ended
            if ticks >= most:
                self._give_up()

    def _end(self, scheduler: BackgroundScheduler) -> None:
        """Lets the round in hand end, then lets go of the register; a round that never ends is not waited for."""
        waiting = threading.Thread(target=scheduler.shutdown, daemon=True)
        waiting.start()
        waiting.join(self._patience)
        if waiting.is_alive():
            self._give_up()
        self.rounds.close()

    def _give_up(self) -> None:
        self._said({"stuck": self._patience, "rounds": self._ended})
        os._exit(STUCK)  # a thread that hangs would keep any gentler way out waiting for ever
