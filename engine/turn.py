"""A turn: for how long a part of a round works before it lets the next part, and the next round, have theirs.

A worker that catches up on a month, or makes the rows of a hundred thousand projects anew, would otherwise not be seen
for half an hour, and what watches it would take it for one that hangs. One that is told to stop ends its turn early, so
that nobody has to kill it. Whatever is given a turn keeps how far it came.
"""

from __future__ import annotations

import math
import threading
import time
from typing import Final


class Turn:
    """So many seconds from now on, by a clock that nobody sets, and no longer than until `stop` is set."""

    def __init__(self, seconds: float, stop: threading.Event | None = None) -> None:
        self._ends, self._stop = time.monotonic() + seconds, stop

    def over(self) -> bool:
        """True once nothing new is begun."""
        return time.monotonic() >= self._ends or (self._stop is not None and self._stop.is_set())


ENDLESS: Final = Turn(math.inf)
"""The turn of whoever waits for all of it, a person at a terminal for example."""
