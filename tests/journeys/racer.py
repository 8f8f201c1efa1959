"""A process of its own that acts on a register when it is told to start, for races between processes.

    python racer.py REGISTER MOMENT advance EMAIL VERSION
    python racer.py REGISTER MOMENT add EMAIL HOW-MANY

It says `ready`, waits for a line, acts, and prints one JSON answer a line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from engine.api import CocycleError, SetClock, given, open_register  # noqa: E402  # found by the line above

PROJECT = "CC-1"


def run(register: str, moment: str, act: str, email: str, number: int) -> None:
    """Acts as the command line says."""
    engine = open_register(register, clock=SetClock(datetime.fromisoformat(moment)))
    say("ready")
    sys.stdin.readline()
    if act == "advance":
        say(tried(lambda: engine.advance(PROJECT, expect=number, actor=email)))
        return
    for n in range(number):
        file = given(f"{n}.txt", f"paper {n}\n".encode())
        say(tried(lambda: engine.add_evidence(PROJECT, "mandate", files=[file], actor=email)))  # noqa: B023  # called at once


def tried(act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Returns the answer, or the code it was refused with."""
    try:
        return act()
    except CocycleError as error:
        return {"refused": error.code}


def say(line: Any) -> None:
    """Prints one line that whoever waits for it sees at once."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]))
