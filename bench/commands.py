"""How long whole commands take, from the shell's point of view, on the register of the demonstration."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
    """Measures and prints; the advance is refused by a shut gate, the hold is recorded once and then replayed."""
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
            measured = times[1:]
            low, middle, high = min(measured), statistics.median(measured), max(measured)
            print(f"{name:28} median {middle:5.3f} s   from {low:5.3f} to {high:5.3f}")


if __name__ == "__main__":
    main()
