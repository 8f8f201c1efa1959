"""A register that is tried out on another day, by those who move the clock with `faketime` as it comes."""

from __future__ import annotations

import json
import subprocess

import pytest

from .machine import ended, machine_of, rounds, until
from .town import ADMIN, Town


@pytest.mark.parametrize("steady_too", [True, False])
def test_commands_come_to_their_end_however_the_clock_is_moved(town: Town, *, steady_too: bool) -> None:
    """A write, a sweep and a sweep that talks to plugins end as they should, and soon, on a day in the future.

    `faketime` moves the steady clock too unless it is told not to. A timed wait for a lock then ends when that day has
    come, and where it is told not to, `time.sleep` is refused.
    Seen to fail when the pause between two transactions of a sweep waits for an event, with the steady clock moved; and
    when the end of a plugin's process is waited for with `time.sleep`, with the steady clock left alone.
    """
    town.open()
    machine = machine_of(town)
    machine.move(hours=20)
    machine.more = {"COCYCLE_PLUGINS": "webhook", "FAKETIME_DONT_FAKE_MONOTONIC": "0" if steady_too else "1"}
    for words in (
        ("person", "add", "new@example.org", "--name", "New", "--as", ADMIN),
        ("sweep",),
        ("deadlines",),
        ("ledger", "checkpoint"),
    ):
        done = _soon(machine.start(*words, "--json"))
        assert (done.returncode, done.stderr) == (0, ""), words


@pytest.mark.parametrize("steady_too", [True, False])
def test_a_worker_makes_its_rounds_however_the_clock_is_moved(town: Town, *, steady_too: bool) -> None:
    """A worker goes on from round to round on a day in the future, and ends when it is told to.

    Seen to fail when the watch, and when what wakes the rounds, waits for a lock with the steady clock moved.
    """
    machine = machine_of(town)
    machine.move(hours=20)
    machine.more = {"FAKETIME_DONT_FAKE_MONOTONIC": "0" if steady_too else "1"}
    with machine.worker() as worker:
        until(lambda: rounds(town, worker) >= 3, "three rounds")
        assert not [problem for said in ended(worker) for problem in said.get("problems", ())]


@pytest.mark.parametrize(("hours", "code"), [(72, "clock_ahead"), (-1, "clock_behind")])
def test_a_sweep_by_a_wrong_clock_is_refused_by_the_rules(town: Town, hours: int, code: str) -> None:
    """A clock that may write nothing is exit 4 for a sweep, too, and an error like any other beside what was done.

    Seen to fail when all that goes wrong in a sweep, but a contradiction, was exit 5.
    """
    machine = machine_of(town)
    machine.move(hours=hours)
    done = machine.run("sweep", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["error"]["code"], done.stderr) == (4, code, "")
    assert set(found["error"]) == {"code", "message", "details"}
    assert [(one["part"], one["code"]) for one in found["problems"]] == [("clock", code)]
    assert machine.run("sweep").returncode == 4


def _soon(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """Waits for the end of a process, which hangs for ever where it goes wrong."""
    try:
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
