"""Short pauses while something else comes to its end."""

from __future__ import annotations

import os
import select
import time


def pause(seconds: float) -> None:
    """Waits for some seconds, however the clocks of the machine are being moved meanwhile.

    Whoever tries out a register on another day moves its clock with `faketime`. That can move the steady clock as well,
    and the day on which a timed wait for a lock ends is then out of reach; or it leaves that clock alone, and then
    `time.sleep` is refused. A timed wait for files, of which there are none, is for so many seconds in either case.
    """
    if os.name == "posix":
        select.select((), (), (), seconds)
    else:
        time.sleep(seconds)
