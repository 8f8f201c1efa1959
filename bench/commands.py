"""How long whole commands take, from the shell's point of view, on the register of the demonstration."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from terminal.demo import perform_on_its_day
from terminal.playing import confirm_clock, play, tour_acts

COCYCLE = Path(sys.executable).parent / "cocycle"
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "cocycle --help": [str(COCYCLE), "--help"],
    "cocycle project list": [str(COCYCLE), "project", "list"],
    "cocycle gate CC-007": [str(COCYCLE), "gate", "CC-007"],
    "cocycle advance CC-007": [str(COCYCLE), "advance", "CC-007", "--as", "alison.kettle@example.org"],
    "cocycle project hold CC-007": [str(COCYCLE), "project", "hold", "CC-007", "--reason", "x", "--as"]
    + ["ines.carvalho@example.org", "--key", "k"],
    "cocycle ledger verify": [str(COCYCLE), "ledger", "verify"],
}


def main() -> None:
    """Measures and prints; the first advance is refused by a shut gate, the hold is recorded once and then replayed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=15, help="how many runs of each command")
    runs = parser.parse_args().n
    with tempfile.TemporaryDirectory(dir=".") as folder:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment["COCYCLE_DB"] = str(Path(folder) / "demo.db")
        demo = [str(COCYCLE), "demo", "--db", environment["COCYCLE_DB"]]
        subprocess.run(demo, check=True, capture_output=True, env=environment)
        for name, command in COMMANDS.items():
            times = []
            for _ in range(runs + 1):
                started = time.perf_counter()
                subprocess.run(command, check=False, capture_output=True, env=environment)
                times.append(time.perf_counter() - started)
            tell(name, times[1:])
        measure_an_advance(Path(folder), runs, environment)


def measure_an_advance(folder: Path, runs: int, environment: dict[str, str]) -> None:
    """Measures an advance that is carried out, each on a fresh copy of a register whose gate was just opened."""
    played = play(folder / "open.db")
    project, acts = tour_acts()
    for act in acts:
        perform_on_its_day(played, project, act)
    confirm_clock(played)
    played.engine.close()
    times = []
    for number in range(runs + 1):
        copy = shutil.copy(folder / "open.db", folder / f"{number}.db")
        command = [str(COCYCLE), "advance", project, "--db", str(copy), "--as", "margaret.oyelaran@example.org"]
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=environment)
        times.append(time.perf_counter() - started)
    tell("cocycle advance, carried out", times[1:])


def tell(name: str, times: list[float]) -> None:
    """Prints one line of figures."""
    low, middle, high = min(times), statistics.median(times), max(times)
    print(f"{name:28} median {middle:5.3f} s   from {low:5.3f} to {high:5.3f}")


if __name__ == "__main__":
    main()
