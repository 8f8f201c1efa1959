"""A machine whose clock is moved from outside, by `faketime`, and the processes of cocycle that run on it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from engine.api import SetClock, open_register
from engine.store.driver import dbapi as sqlite

from .town import ROOT, SRO, Json, Town

Process = subprocess.Popen[str]
LONG = 45.0  # seconds that a test waits for what is sure to come


def _library() -> str:
    """Returns what the loader is told to load first; the machine's own words for it."""
    if shutil.which("faketime") is None:
        raise FileNotFoundError("These tests move the clock with faketime; install the package faketime.")
    found = subprocess.run(
        ["faketime", "-m", "-f", "+0", "printenv", "LD_PRELOAD"], capture_output=True, text=True, check=True
    )
    return found.stdout.strip()


@dataclass
class Machine:
    """A register on a machine of its own clock, which stands at nothing until it is put somewhere.

    What runs sees the clock move at once. The steady clock, which nobody can set, is left as it is.
    """

    register: Path
    more: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._file = self.register.with_name("machines-clock")
        self._surroundings = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COCYCLE_")},
            "LD_PRELOAD": _library(),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "PYTHONPATH": str(ROOT),
            "COCYCLE_DB": str(self.register),
            "COCYCLE_PLUGINS": "none",
            "TZ": "Europe/London",  # a machine here is set to local time, as most are
        }

    def put(self, moment: datetime) -> None:
        """Puts the clock somewhere; it goes on from there."""
        self._ahead = moment - datetime.now(UTC)
        waiting = self._file.with_suffix(".new")
        waiting.write_text(f"{self._ahead.total_seconds():+.6f}\n")
        waiting.replace(self._file)  # in one piece: what runs reads it all the time

    def now(self) -> datetime:
        """Returns what the clock says."""
        return datetime.now(UTC) + self._ahead

    def move(self, **by: float) -> None:
        """Moves the clock by days, hours, seconds; back where they are below nothing."""
        self.put(self.now() + timedelta(**by))

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        return subprocess.run(
            self._words(*words), capture_output=True, text=True, timeout=60, check=False, **self._how()
        )

    def asked(self, *words: str) -> Json:
        """Returns what a command answers with `--json`, be it refused or not."""
        found: Json = json.loads(self.run(*words, "--json").stdout)
        return found

    @contextmanager
    def worker(self, *words: str) -> Iterator[Process]:
        """Starts a worker, and sees to it that none is left."""
        process = self.start("worker", "--every", "1", "--json", *words)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.communicate(timeout=LONG)

    def start(self, *words: str) -> Process:
        """Starts a command; what it says is kept in a pipe."""
        return subprocess.Popen(
            self._words(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **self._how()
        )

    @staticmethod
    def _words(*words: str) -> list[str]:
        return [sys.executable, "-m", "cli", *words]

    def _how(self) -> Json:
        return {"env": {**self._surroundings, **self.more}, "cwd": self.register.parent}


def machine_of(town: Town) -> Machine:
    """Returns a machine that keeps the town's register, its clock a second after the town's last entry."""
    machine = Machine(town.path)
    machine.put(datetime.fromisoformat(town.leaves(town.size - 1)[0]["at"]) + timedelta(seconds=1))
    return machine


@contextmanager
def scheduling(town: Town, how: str, surroundings: Mapping[str, str] | None = None) -> Iterator[Process]:
    """Starts a scheduler in `scheduling.py`, which goes wrong in a way, and sees to it that none is left."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("scheduling.py")), str(town.path), how],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(surroundings or {}), "PYTHONPATH": str(ROOT)},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=LONG)


def ended(process: Process) -> list[Json]:
    """Tells a worker to stop; returns the lines it printed."""
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=LONG)
    assert (process.returncode, err) == (0, ""), (out, err)
    return [json.loads(line) for line in out.splitlines()]


def until(holds: Callable[[], object], what: str) -> None:
    """Waits until something holds; fails where that takes too long."""
    end = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < end, f"In {LONG:g} seconds it did not come about: {what}."
        time.sleep(0.05)


def rounds(town: Town, process: Process) -> int:
    """Returns how many rounds a worker has noted."""
    found = [w["rounds"] for w in town.engine.health()["workers"] if w["name"].endswith(f"-{process.pid}")]
    return found[0] if found else 0


def until_rounds(town: Town, process: Process, more: int = 1) -> None:
    """Waits until a worker has made and noted so many more rounds."""
    before = rounds(town, process)
    until(lambda: rounds(town, process) >= before + more, f"{more} more rounds")


def give_conditions(town: Town, projects: int, each: int) -> None:
    """Opens projects that pass their plan gate with conditions, each due on a working day from 1 July 2026 on."""
    days = [day for n in range(400) if (day := date(2026, 7, 1) + timedelta(days=n)).weekday() < 5]
    for place in range(projects):
        project = f"CC-{place:03}"
        town.open(project)
        town.fill_plan(project)
        town.decide(project)
        mine = [(f"Condition {n}", SRO, days[place + n].isoformat()) for n in range(each)]
        town.engine.advance(project, conditions=mine, actor=SRO)


def reminders(register: Path) -> list[tuple[str, str]]:
    """Returns whom the box reminds of what, in the order in which that was written."""
    connection = sqlite.connect(register)
    try:
        return list(
            connection.execute("SELECT topic, occurrence FROM outbox WHERE topic LIKE 'reminder:%' ORDER BY id")
        )
    finally:
        connection.close()


def reminders_of_one_sweep(town: Town, moment: datetime, folder: Path) -> list[tuple[str, str]]:
    """Returns what one undisturbed sweep of a copy of the register, at a moment, would remind of."""
    town.engine.backup(folder / "kept.db")
    engine = open_register(folder / "kept.db", clock=SetClock(moment))
    assert engine.sweep()["problems"] == []
    engine.close()
    return reminders(folder / "kept.db")
