"""What verifying a large register costs: `python -m bench.verifying [EVENTS] [--register FILE]`.

A register of about as many events is made (or taken from a file that was made before), and verified as a stranger
would, opened for reading only. Then the parts of the work are timed by themselves, over the same entries.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench.registers import large_register
from engine.api import Engine, open_register
from engine.ledger.leaf import read_leaf
from engine.ledger.verify import Tree
from engine.store import everything
from engine.verifying import replaying
from engine.verifying.judging import Sitting


class _Meter:
    """Adds up the processor time that a function takes, at the cost of two looks at the clock a call."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Returns the function, metered."""

        def metered(*args: Any) -> Any:
            started = time.thread_time()
            try:
                return call(*args)
            finally:
                self.seconds += time.thread_time() - started

        return metered


def main() -> None:
    """Makes the register where none is given, verifies it, and prints the figures."""
    asked = argparse.ArgumentParser()
    asked.add_argument("events", nargs="?", type=int, default=10_000)
    asked.add_argument("--register", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        register: Path = given.register or Path(folder) / "large.db"
        if not register.exists():
            large_register(register, given.events)
        _report(register)


def _report(register: Path) -> None:
    engine = open_register(register, read_only=True)
    started, worked = time.perf_counter(), time.process_time()
    found = engine.verify()
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(
        f"{found['size']:,} entries, {found['states_checked']:,} projects, {found['rejudged']:,} decisions judged again"
    )
    print(f"intact: {found['ok']}; {seconds:.1f} s ({cpu:.1f} s of one core), at most {peak / 1e6:.0f} MB")
    for name, part in _parts(engine).items():
        print(f"  {name:<28}{part:8.1f} s")
    engine.close()


def _parts(engine: Engine) -> dict[str, float]:
    """Times the parts over all entries, in seconds of one core; what is left is reading, comparing and book-keeping."""
    parts: dict[str, float] = {}
    with engine.database.read() as tx:
        leaves = [entry.leaf for entry in everything.stored_entries(tx) if entry.leaf is not None]
        started = time.process_time()
        for leaf in leaves:
            sha256(b"\x00" + leaf).digest()
        parts["hashing leaves"] = time.process_time() - started
        started, tree = time.process_time(), Tree()
        for leaf in leaves:
            tree.add(sha256(b"\x00" + leaf).digest())
            tree.root()
        parts["the tree and every root"] = time.process_time() - started - parts["hashing leaves"]
        started = time.process_time()
        for leaf in leaves:
            read_leaf(leaf)
        parts["parsing"] = time.process_time() - started
    judging, replay = _Meter(), _Meter()
    plain = (Sitting.judge, Sitting.refused, vars(replaying)["taken_on"])
    Sitting.judge = judging.around(plain[0])  # type: ignore[method-assign]  # metered for this one run
    Sitting.refused = judging.around(plain[1])  # type: ignore[method-assign]  # as above
    vars(replaying)["taken_on"] = replay.around(plain[2])
    engine.verify()
    Sitting.judge, Sitting.refused = plain[0], plain[1]  # type: ignore[method-assign]  # put back
    vars(replaying)["taken_on"] = plain[2]
    return {**parts, "replay": replay.seconds, "judging again": judging.seconds}


if __name__ == "__main__":
    main()
