"""Clocks that misbehave, moved as the operating system would move them: nothing is written by one that may be wrong."""

from __future__ import annotations

import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.api import NotPermitted, RulesRefused, SetClock, open_register

from .machine import (
    Machine,
    ended,
    give_conditions,
    machine_of,
    reminders,
    reminders_of_one_sweep,
    rounds,
    until,
    until_rounds,
)
from .town import ADMIN, LONDON, MANAGER, PROJECT, Town, refused

ADD = ("person", "add", "new@example.org", "--name", "New")


def last_at(town: Town) -> datetime:
    """Returns the moment of the last entry."""
    return datetime.fromisoformat(town.leaves(town.size - 1)[0]["at"])


# ---- a clock that is ahead


def test_a_clock_a_day_ahead_is_taken_as_it_is(town: Town) -> None:
    """Up to 24 hours after the last entry nobody is asked."""
    machine = machine_of(town)
    machine.put(last_at(town) + timedelta(hours=23, minutes=59))
    assert machine.asked(*ADD, "--as", ADMIN)["events"] == ["person_added"]


@pytest.mark.parametrize("days", [1, 400])
def test_a_clock_further_ahead_waits_for_an_admin(town: Town, days: int) -> None:
    """More than 24 hours after the last entry nothing is written, and both times and the way on are told.

    Once an admin has confirmed the clock, everybody writes again, and the register is in order.
    Seen to fail when the clock is not held against what is known: the person is added at once.
    """
    town.open()
    machine, known, size = machine_of(town), last_at(town), town.size
    machine.put(known + timedelta(days=days, minutes=1))
    error = machine.asked(*ADD, "--as", ADMIN)["error"]
    assert (error["code"], error["details"]["known"]) == ("clock_ahead", town.leaves(size - 1)[0]["at"])
    assert datetime.fromisoformat(error["details"]["now"]) > known + timedelta(days=days)
    assert "cocycle clock confirm" in error["message"]
    assert (
        f"since {known:%-d %B %Y, %H:%M} UTC: that is {'24 hours' if days == 1 else f'{days} days'}."
        in error["message"]
    )
    assert machine.run("project", "hold", PROJECT, "--reason", "A pause", "--as", MANAGER).returncode == 4
    assert machine.run("gate", PROJECT).returncode == 0, "reading goes on"
    assert town.size == size
    confirmed = machine.asked("clock", "confirm", "--as", ADMIN, "--key", "k1")
    assert (confirmed["events"], confirmed["seq"], confirmed["replayed"]) == (["clock_confirmed"], size, False)
    assert datetime.fromisoformat(confirmed["was"]) == known
    assert machine.asked("clock", "confirm", "--as", ADMIN, "--key", "k1") == {**confirmed, "replayed": True}
    assert machine.asked(*ADD, "--as", ADMIN)["events"] == ["person_added"]
    assert machine.asked("clock", "confirm", "--as", ADMIN)["error"]["code"] == "nothing_to_confirm"
    assert "Confirmed the clock, which was far ahead" in machine.run("audit", "log", "action:clock_confirmed").stdout


def test_only_an_admin_confirms_and_whoever_tries_makes_nothing_known(town: Town) -> None:
    """Somebody else is not permitted to; that goes on record, under a time that confirms nothing.

    Seen to fail when it is put on record under this clock: the next write is not asked any more.
    """
    machine, known = machine_of(town), last_at(town)
    machine.move(days=30)
    assert machine.run("clock", "confirm", "--as", MANAGER).returncode == 6
    assert machine.run("clock", "confirm", "--as", "nobody@example.org").returncode == 6
    assert machine.run("clock", "confirm").returncode == 2
    assert town.recorded(town.size - 2) == ["refused", "refused"]
    assert last_at(town) == known
    assert machine.asked(*ADD, "--as", ADMIN)["error"]["code"] == "clock_ahead"


def test_a_clock_that_a_program_sets_is_not_asked(town: Town) -> None:
    """Only the machine's own clock is asked: a story goes from year to year, and can be confirmed at its end."""
    town.clock.set(last_at(town) + timedelta(days=300))
    refused(NotPermitted, "not_permitted", lambda: town.engine.confirm_clock(actor=MANAGER))
    assert town.engine.confirm_clock(actor=ADMIN)["events"] == ["clock_confirmed"]
    town.clock.set(last_at(town) + timedelta(days=300))
    assert town.engine.add_person("new@example.org", "New", actor=ADMIN)["events"] == ["person_added"]
    refused(RulesRefused, "nothing_to_confirm", lambda: town.engine.confirm_clock(actor=ADMIN))
    town.clock.set(last_at(town) - timedelta(seconds=30))
    refused(RulesRefused, "clock_behind", lambda: town.engine.confirm_clock(actor=ADMIN))


def test_what_the_clock_says_is_shown(town: Town) -> None:
    """`cocycle clock` says this machine's time, the last entry, the last beat, and how far they are apart."""
    machine = machine_of(town)
    machine.move(hours=5)
    shown = machine.asked("clock")
    assert (shown["last_beat"], shown["ahead"], shown["state"]) == (None, "5 hours", "fine")
    machine.move(hours=-8)
    assert machine.asked("clock")["state"] == "behind"
    machine.move(days=40)
    assert (machine.asked("clock")["state"], machine.run("clock").returncode) == ("ahead", 0)
    said = machine.run("clock").stdout
    assert "No worker was ever seen here." in said
    assert said.rstrip().endswith("cocycle clock confirm --as EMAIL")


# ---- what a worker has to do with it


def test_where_a_worker_runs_nobody_is_asked_on_a_monday(town: Town) -> None:
    """What a worker saw is known: over a weekend without an entry the clock stays known, and nobody has to confirm it.

    Seen to fail when only the last entry is known.
    """
    machine = machine_of(town)
    with machine.worker() as worker:
        for _ in range(4):
            until_rounds(town, worker)
            machine.move(hours=20)
            until_rounds(town, worker, 2)
        ended(worker)
    assert machine.now() > last_at(town) + timedelta(days=3)
    assert machine.asked(*ADD, "--as", ADMIN)["events"] == ["person_added"]


def test_a_worker_does_not_make_a_clock_known_that_is_not(town: Town, tmp_path: Path) -> None:
    """A worker on a machine whose clock is a month ahead sends nothing and is no proof of it, until that is confirmed.

    Seen to fail when a beat is noted without asking whether anybody could write by that clock.
    """
    give_conditions(town, projects=2, each=3)
    machine = machine_of(town)
    machine.move(days=30)
    with machine.worker() as worker:
        until(lambda: worker.stdout is not None and "clock_ahead" in worker.stdout.readline(), "it is told")
        time.sleep(2)
        assert (town.engine.health()["workers"], reminders(town.path)) == ([], [])
        assert machine.asked(*ADD, "--as", ADMIN)["error"]["code"] == "clock_ahead"
        assert machine.asked("clock", "confirm", "--as", ADMIN)["events"] == ["clock_confirmed"]
        until(lambda: reminders(town.path), "what is due is told of")
        until_rounds(town, worker)
        assert any(line["problems"] == [] for line in ended(worker) if "problems" in line)


def test_thirty_days_without_a_machine(town: Town, tmp_path: Path) -> None:
    """After thirty days without a machine everything that came due is told of once, the longest due first.

    Seen to fail when what is due is not read in the order of its days.
    """
    give_conditions(town, projects=5, each=10)
    machine = machine_of(town)
    with machine.worker() as worker:
        until_rounds(town, worker, 2)
        ended(worker)
    assert reminders(town.path) == [], "nothing is due in June"
    machine.move(days=30)
    wanted = reminders_of_one_sweep(town, machine.now(), tmp_path)
    assert machine.asked("clock", "confirm", "--as", ADMIN)["events"] == ["clock_confirmed"]
    for _ in range(2):
        with machine.worker() as worker:
            until_rounds(town, worker, 2)
            ended(worker)
    found = reminders(town.path)
    assert found == wanted
    days = [occurrence.split("/")[-2] for _, occurrence in found]
    assert days == sorted(days)
    assert len(found) == len(set(found)) > 20


# ---- a clock that is moved while a worker is at it


def test_a_clock_that_is_set_back_does_not_stop_the_rounds(town: Town) -> None:
    """Set back by three hours, the worker makes its next round at once and not in three hours; nothing is told twice.

    Seen to fail when the watch does not wake the scheduler: it waits for the old time to come round again.
    """
    give_conditions(town, projects=2, each=3)
    machine = machine_of(town)
    with machine.worker() as worker:
        moment = datetime(2026, 6, 18, 12, 0, tzinfo=LONDON)
        machine.put(moment)
        assert machine.asked("clock", "confirm", "--as", ADMIN)["events"] == ["clock_confirmed"]
        machine.move(hours=20)
        until(lambda: reminders(town.path), "the first reminders")
        before = reminders(town.path)
        until_rounds(town, worker)
        machine.move(hours=-3)
        until_rounds(town, worker, 3)
        machine.move(hours=-3)
        until_rounds(town, worker, 3)
        machine.move(hours=6)
        until_rounds(town, worker, 3)
        ended(worker)
    assert reminders(town.path) == before


def test_a_clock_that_is_set_back_behind_the_last_entry_sends_nothing(town: Town) -> None:
    """Behind the last entry the worker says so and waits; when the clock is right again it goes on by itself."""
    machine = machine_of(town)
    with machine.worker() as worker:
        until_rounds(town, worker)
        machine.move(hours=-3)
        time.sleep(3)
        stood = rounds(town, worker)
        assert town.engine.health()["workers"][0]["at"] >= town.leaves(town.size - 1)[0]["at"]
        machine.move(hours=3)
        until(lambda: rounds(town, worker) > stood, "it goes on")
        lines = ended(worker)
    told = [[one["code"] for one in line["problems"]] for line in lines if "problems" in line]
    assert told == [["clock_behind"], []]


def test_a_long_sleep_is_made_up_for_by_one_round(town: Town) -> None:
    """A worker that was stopped for three hours makes one round when it goes on, not one for each that it missed."""
    machine = machine_of(town)
    with machine.worker() as worker:
        until_rounds(town, worker)
        worker.send_signal(signal.SIGSTOP)
        before, slept = rounds(town, worker), time.monotonic()
        machine.move(hours=3)
        time.sleep(3)
        worker.send_signal(signal.SIGCONT)
        until_rounds(town, worker, 2)
        awake = time.monotonic() - slept - 3
        assert rounds(town, worker) - before <= awake + 3
        assert worker.poll() is None
        ended(worker)


MOMENTS = {
    "summer time begins": "2026-03-29T01:00:00",
    "summer time ends": "2026-10-25T01:00:00",
    "the hour that is there twice": "2026-10-25T00:30:00",
    "leap day begins": "2028-02-29T00:00:00",
    "leap day ends": "2028-03-01T00:00:00",
    "the year ends": "2027-01-01T00:00:00",
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_the_calendar_does_not_disturb_the_rounds(tmp_path: Path, moment: str) -> None:
    """Over each odd moment of the calendar a round is made each second, none twice, on a machine set to local time.

    Seen to fail when the scheduler counts by local time: at the end of summer time it stands still for an hour.
    """
    odd, machine = datetime.fromisoformat(moment).replace(tzinfo=UTC), Machine(tmp_path / "town.db")
    machine.put(odd - timedelta(minutes=1))
    assert machine.run("init", "--admin", ADMIN).returncode == 0
    town = Town(machine.register, open_register(machine.register, clock=(clock := SetClock(odd))), clock)
    with machine.worker() as worker:
        until_rounds(town, worker)
        machine.put(odd - timedelta(seconds=2))
        before, began = rounds(town, worker), time.monotonic()
        until_rounds(town, worker, 6)
        took = time.monotonic() - began
        assert rounds(town, worker) - before <= took + 3, "at most one a second, and one for each time it was moved"
        assert machine.now() > odd
        assert all(line.get("problems", []) == [] for line in ended(worker))
    assert town.engine.verify()["ok"]
    town.engine.close()
