"""Several workers at once, one of them killed in the middle of a round: everything is done, and done once."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from engine.api import Settings
from tests.plugins.receiving import SECRET, Receiving, receiving, say, verified

from .machine import (
    LONG,
    ended,
    give_conditions,
    machine_of,
    reminders,
    reminders_of_one_sweep,
    rounds,
    scheduling,
    until,
    until_rounds,
)
from .town import ADMIN, LONDON, Town


@pytest.fixture
def server() -> Iterator[Receiving]:
    """A receiver on this machine."""
    with receiving() as found:
        yield found


def test_deliveries_by_three_workers_of_which_one_is_killed(town: Town, server: Receiving) -> None:
    """Each entry is told to the receiver; twice at most what the one that was killed had in its hand.

    The entries that it had claimed are free again when its claim runs out, two minutes later by the machine's clock.
    """
    held, release = threading.Event(), threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if len(server.got) == 20:
            held.set()
            assert release.wait(LONG)
        say(handler, 204)

    server.answer = answer
    machine = machine_of(town)  # its clock is moved, but not by faketime, under which plugins cannot be held back
    own = {f"COCYCLE_PLUGIN_WEBHOOK__{name.upper()}": value for name, value in server.settings().items()}
    surroundings = {**own, "COCYCLE_PLUGINS": "webhook"}
    webhook = Settings(str(town.path), plugins=("webhook",), plugin_settings={"webhook": server.settings()})
    assert town.reopen(settings=webhook).sweep()["problems"] == []  # the receiver is known from here on
    before = town.size
    for number in range(150):
        town.engine.add_person(f"person{number}@example.org", f"Person {number}", actor=ADMIN)
    machine.put(town.clock.now() + timedelta(seconds=1))
    with ExitStack() as stack:
        workers = [stack.enter_context(scheduling(town, "runs long", surroundings)) for _ in range(3)]
        until(held.is_set, "the first deliveries")
        until(lambda: sum(rounds(town, one) > 0 for one in workers) == 2, "a round of those that do not send")
        with town.sql() as database:
            (claims,) = database.execute("SELECT count(*) FROM outbox WHERE claimed_until IS NOT NULL").fetchone()
        assert claims, "somebody is at it"
        (victim,) = [one for one in workers if rounds(town, one) == 0]  # whoever sends has not ended its first round
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        release.set()
        machine.move(minutes=3)
        until(lambda: town.engine.health()["waiting"] == 0 and len(server.got) >= 150, "the rest")
        for one in workers:
            if one is not victim:
                until_rounds(town, one)
                one.terminate()
    told = Counter(verified(got.headers, got.body, SECRET)["data"]["seq"] for got in server.got)
    assert sorted(told) == list(range(before, before + 150))
    assert sum(told.values()) <= 151, "sent, and not noted any more"
    states = Counter(one["state"] for one in town.engine.deliveries("webhook", limit=1000)["deliveries"])
    assert states == {"delivered": 150}


def test_deadlines_by_three_workers_of_which_one_is_killed(town: Town, tmp_path: Path) -> None:
    """Three workers, one killed while it fires, remind of exactly what one undisturbed sweep would, once each.

    Seen to fail when a deadline's next day is not moved on in the transaction that writes its reminders.
    """
    give_conditions(town, projects=10, each=20)
    moment = datetime(2026, 7, 13, 12, 0, tzinfo=LONDON)
    wanted = reminders_of_one_sweep(town, moment, tmp_path)
    assert len(wanted) > 100
    machine = machine_of(town)
    town.clock.set(moment)
    town.engine.add_person("new@example.org", "New", actor=ADMIN)  # so the time is known
    machine.put(moment)
    with ExitStack() as stack:
        workers = [stack.enter_context(machine.worker()) for _ in range(3)]
        until(lambda: reminders(town.path), "the first reminders")
        workers[0].send_signal(signal.SIGKILL)
        workers[0].wait()
        until(lambda: len(reminders(town.path)) >= len(wanted), "all of them")
        for one in workers[1:]:
            until_rounds(town, one, 2)
            assert ended(one)[-1]["stopped"] >= 2
    assert sorted(reminders(town.path)) == sorted(wanted)
