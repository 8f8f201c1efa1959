"""Pauses that end when they should, however the clocks of the machine are being moved meanwhile.

Whoever tries out a register on another day moves its clock with `faketime`. That can move the steady clock as well, and
the day on which a timed wait for a lock ends is then out of reach; or it leaves that clock alone, and then `time.sleep`
is refused. A timed wait for files is for so many seconds in either case.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time


def pause(seconds: float) -> None:
    """Waits for some seconds."""
    if os.name == "posix":
        select.select((), (), (), seconds)
    else:
        time.sleep(seconds)


class Bell:
    """Rings once, for whoever waits for it then or later."""

    def __init__(self) -> None:
        self._heard, self._struck = socket.socketpair()
        self._struck.setblocking(False)

    def ring(self) -> None:
        """Rings; may be called from a signal's handler and from any thread, and more than once."""
        with contextlib.suppress(BlockingIOError):  # it has been ringing for a while
            self._struck.send(b"!")

    def wait(self, seconds: float) -> bool:
        """Returns True once it has rung, and False where it did not for so many seconds."""
        return bool(select.select([self._heard], (), (), seconds)[0])
