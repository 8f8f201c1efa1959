"""How long is waited for a process: so many seconds of its own, and the time in which the machine did not let it run.

On a busy machine a process waits for a processor, which is no fault of the plugin in it. Linux counts that time for
every process; where nobody counts it, nothing is added. What a plugin spends sleeping or reckoning is its own.
"""

from __future__ import annotations

import os
import time

from engine.hosting.limits import LONGEST_KEPT_WAITING


class Turns:
    """The time in which a process could have run and had no processor, as the kernel counts it."""

    def __init__(self, pid: int) -> None:
        self._descriptor: int | None = None
        try:
            self._descriptor = os.open(f"/proc/{pid}/schedstat", os.O_RDONLY)
        except OSError:
            return  # another system than Linux, or one that keeps no count

    def waited(self) -> float:
        """Returns the seconds since the process was started; 0 where nobody knows."""
        if self._descriptor is None:
            return 0.0
        try:
            return int(os.pread(self._descriptor, 100, 0).split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            return 0.0

    def close(self) -> None:
        """Lets go of the count."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


class Patience:
    """So many seconds from now on; for a process whose `turns` are known, those that it was kept waiting on top."""

    def __init__(self, seconds: float, turns: Turns | None = None) -> None:
        self._ends, self._turns = time.monotonic() + seconds, turns
        self._before = 0.0 if turns is None else turns.waited()

    def left(self) -> float:
        """Returns how many seconds are left; none, or less, once nothing more is waited for."""
        rest = self._ends - time.monotonic()
        if rest > 0 or self._turns is None:
            return rest
        return rest + min(max(0.0, self._turns.waited() - self._before), LONGEST_KEPT_WAITING)
