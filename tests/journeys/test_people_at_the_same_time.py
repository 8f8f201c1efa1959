"""Concurrency: people act at the same moment, in threads and in processes, and nothing is lost or done twice."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.api import CocycleError, Conflict, StorageUnavailable, open_register

from .town import COCHAIR, EDI, LEAD, MANAGER, PROJECT, SRO, Json, Town, refused

RACER = Path(__file__).with_name("racer.py")


def race(town: Town, runners: Sequence[tuple[str, str, int]]) -> list[list[Json]]:
    """Starts a process for each runner, lets them all go at once, and returns what each answered."""
    moment = town.clock.now().isoformat()
    started = [
        subprocess.Popen(
            [sys.executable, str(RACER), str(town.path), moment, act, email, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for act, email, number in runners
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == '"ready"'
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [[json.loads(line) for line in process.communicate(timeout=100)[0].splitlines()] for process in started]
    assert [process.returncode for process in started] == [0] * len(started)
    return answers


def open_gate(town: Town) -> int:
    """Opens a project and its plan gate; returns the version that everybody has seen."""
    town.open()
    town.fill_plan()
    town.decide()
    return town.engine.version(PROJECT)


def test_of_two_processes_that_advance_one_wins(town: Town) -> None:
    """Of two people in two processes who saw the same version, one advances and the other hears that it moved."""
    seen = open_gate(town)
    [sro], [cochair] = race(town, [("advance", SRO, seen), ("advance", COCHAIR, seen)])
    assert sorted([sro.get("refused", "won"), cochair.get("refused", "won")]) == ["moved", "won"]
    assert town.happened().count("advanced") == 1


def test_of_eight_threads_that_advance_one_wins(town: Town) -> None:
    """Of eight threads of one process that saw the same version, one advances and seven hear that it moved."""
    seen = open_gate(town)
    start = threading.Barrier(8)

    def advance(_: int) -> str:
        start.wait()
        try:
            return str(town.engine.advance(PROJECT, expect=seen, actor=SRO)["outcome"])
        except Conflict as conflict:
            return conflict.code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(advance, range(8))) == ["moved"] * 7 + ["passed"]
    assert town.happened().count("advanced") == 1


def test_whoever_saw_an_older_version_is_told_so(town: Town) -> None:
    """A version that is no longer the project's is a conflict, and so is one that never was; the right one passes."""
    seen = open_gate(town)
    for other in (seen - 1, seen + 1, 0):
        refused(Conflict, "moved", lambda: town.engine.advance(PROJECT, expect=other, actor=SRO))  # noqa: B023  # called at once
    assert town.engine.advance(PROJECT, expect=seen, actor=SRO)["version"] == seen + 1


def test_two_hundred_records_of_four_processes_are_all_there(town: Town) -> None:
    """Of 200 records handed in by four processes at once none is lost: each has an index and a version of its own."""
    town.open()
    before = town.size
    answers = [a for runner in race(town, [("add", who, 50) for who in (SRO, COCHAIR, LEAD, EDI)]) for a in runner]
    assert not [a for a in answers if "refused" in a]
    assert sorted(a["seq"] for a in answers) == list(range(before, before + 200))
    assert sorted(a["version"] for a in answers) == list(range(2, 202))
    listed = town.engine.evidence_list(PROJECT)["evidence"]
    assert {r["evidence"] for r in listed} == {a["evidence"] for a in answers}
    assert sum(r["state"] == "current" for r in listed) == 1
    with town.sql() as database:
        assert database.execute("SELECT count(*) FROM file").fetchone() == (50,), "equal files are kept once"


def test_whoever_reads_meanwhile_sees_one_moment(town: Town) -> None:
    """A reader beside busy writers never sees half a write: what it reads is one moment of the register."""
    town.open()
    done = threading.Event()
    problems: list[object] = []

    def read() -> None:
        reader = open_register(town.path, read_only=True, clock=town.clock)
        while not done.is_set():
            shown = reader.project(PROJECT)
            if len(reader.history(PROJECT)["history"]) < shown["version"]:
                problems.append(shown["version"])
            problems.extend(reader.verify()["problems"])
        reader.close()

    reading = threading.Thread(target=read)
    reading.start()
    try:
        for n in range(40):
            town.add("mandate")
            if n % 10 == 0:
                town.engine.set_fields(PROJECT, {"lifetime_value": n}, actor=MANAGER)
    finally:
        done.set()
        reading.join()
    assert problems == []


def test_a_register_that_stays_locked_is_unavailable_and_unharmed(town: Town) -> None:
    """Where another program keeps the register locked, a write is refused as 'locked' and reading goes on."""
    town.open()
    engine = town.engine
    engine.database.connection().execute("PRAGMA busy_timeout = 200")  # the contract's ten seconds, made short
    with town.sql() as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CocycleError) as caught:
            engine.hold(PROJECT, "A pause", actor=MANAGER)
        assert isinstance(caught.value, StorageUnavailable)
        assert caught.value.code == "locked"
        assert engine.project(PROJECT)["on_hold"] is False
    assert engine.hold(PROJECT, "A pause", actor=MANAGER)["events"] == ["held"]
