"""A round that takes too long leaves the rest to the next one: nothing is left out for good, and nothing done twice."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from engine.api import Engine, open_register
from engine.firing import BATCH, fire
from engine.notices.remind import remind
from engine.outbox import Box
from engine.rebuilding import BY, are_current, keep_current
from engine.rounds import EACH, Rounds
from engine.stays import keep_stays_current
from engine.store import settings
from engine.store.outbox import Delivery
from engine.turn import ENDLESS, Turn

from .kept_rows import mistakes_in_rows
from .machine import give_conditions, reminders, reminders_of_one_sweep
from .posting import Office, office, with_office
from .test_notices_sending import three_wait
from .town import ADMIN, LONDON, Town


class Looks(Turn):
    """A turn that is over after it was looked at so many times, however fast this machine is."""

    def __init__(self, most: int) -> None:
        super().__init__(math.inf)
        self._left = most

    def over(self) -> bool:
        """True once it was looked at often enough."""
        self._left -= 1
        return self._left < 0


@pytest.fixture
def post(town: Town) -> Iterator[Office]:
    """A mail server to which the town's notices go."""
    with office() as found:
        with_office(town, found.server)
        yield found


def test_a_turn_ends_by_itself() -> None:
    """A turn of no time is over, one without end never is."""
    assert Turn(0).over()
    assert not Turn(60).over()
    assert not ENDLESS.over()


def test_rows_are_made_anew_in_as_many_turns_as_it_takes(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each turn does its part, and only the last one says that all rows are of today."""
    give_conditions(town, projects=5, each=2)
    monkeypatch.setattr("engine.rebuilding.BATCH", 2)
    database, room = town.engine.database, town.engine.room
    with database.write() as tx:
        settings.put_setting(tx, BY, "")
        tx.execute("DELETE FROM deadline")
    made = []
    while True:
        with database.read() as tx:
            if are_current(tx, ()):
                break
        made.append(keep_current(database, room, (), Looks(1)))
    assert made == [2, 2, 1]
    assert mistakes_in_rows(town.engine) == []
    assert keep_stays_current(database, room, Looks(0)) == 0


def test_deadlines_are_fired_in_as_many_turns_as_it_takes(town: Town, tmp_path: Path) -> None:
    """The reminders of many short turns are those of one sweep, once each and in the same order.

    Seen to fail when a turn that is over leaves out what it had looked up.
    """
    give_conditions(town, projects=2, each=BATCH)
    moment = datetime(2026, 12, 14, 12, 0, tzinfo=LONDON)
    expected = reminders_of_one_sweep(town, moment, tmp_path)
    assert len(expected) >= 2 * BATCH
    town.clock.set(moment)
    in_a_turn = []
    while True:
        fired = fire(town.engine.database, town.engine.room, (), town.clock.now(), remind, Looks(5))
        if not fired.deadlines:
            break
        in_a_turn.append(fired.deadlines)
    assert len(in_a_turn) > 1
    assert max(in_a_turn) <= BATCH
    assert reminders(town.path) == expected


def test_what_is_sent_is_sent_in_as_many_turns_as_it_takes(town: Town) -> None:
    """What was claimed and not sent is free at once, so that the next hand sends it, in order.

    Seen to fail when a turn that is over keeps its claim.
    """
    topic, got = "observer:acme/ledger", list[int]()

    def told(one: Delivery) -> str:
        got.append(int(one.occurrence))
        return "told"

    box = partial(Box, town.engine.database, town.clock)
    box().deliver({topic: told}, 100)
    first = town.size
    for number in range(9):
        town.engine.add_person(f"p{number}@example.org", f"P {number}", actor=ADMIN)
    sent: list[int] = []
    while len(got) < town.size - first and len(sent) < 100:
        sent.append(box(Looks(6)).deliver({topic: told}, 100).delivered)
    assert max(sent) < town.size - first
    assert got == list(range(first, town.size))


def test_each_part_of_a_workers_round_has_its_turn(town: Town, post: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker gives no part of its round more than it has; the next round does what was left.

    Seen to fail when the deadlines, or the notices, were not told of their turn.
    """
    give_conditions(town, projects=1, each=3)
    town.clock.set(datetime(2026, 12, 14, 12, 0, tzinfo=LONDON))
    rounds = Rounds(lambda: town.engine, "worker:here-1", repr)
    monkeypatch.setattr("engine.rounds.EACH", 0.0)
    found = rounds.make()
    assert (found["fired"], found["notices"]["sent"], found["problems"]) == (0, 0, [])
    assert fire(town.engine.database, town.engine.room, (), town.clock.now(), remind).deadlines == 3
    found = rounds.make()
    assert found["notices"]["sent"] == 0
    assert found["notices"]["waiting"] > 0
    monkeypatch.setattr("engine.rounds.EACH", EACH)
    found = rounds.make()
    assert found["notices"]["sent"] > 0
    assert found["notices"]["waiting"] == 0
    assert post.messages


def test_who_is_told_to_stop_ends_the_round_early(town: Town, post: Office) -> None:
    """Told to stop while it sends, a round begins nothing new, and what it had claimed is free for the next at once.

    Seen to fail when the parts of a sweep are not told of it: all is sent before the round ends.
    """
    three_wait(town)
    stop = threading.Event()
    post.before = lambda message: stop.set()
    rounds = Rounds(lambda: town.engine, "worker:here-1", repr, stop)
    found = rounds.make()
    assert (found["notices"]["sent"], found["problems"]) == (1, [])
    assert found["notices"]["waiting"] == 2
    assert Rounds(lambda: town.engine, "worker:here-2", repr).make()["notices"]["sent"] == 2
    assert len(post.messages) == 3


def test_the_same_bug_round_after_round_is_kept_once(town: Town) -> None:
    """The particulars of a bug are kept once for as long as it lasts, and once more when it comes back.

    Seen to fail when each round keeps them: a log grows by 1,440 incidents a day.
    """
    kept: list[Exception] = []

    def keep(error: Exception) -> str:
        kept.append(error)
        return f"Incident {len(kept)}."

    well = town.engine

    def opening() -> Engine:
        return well if 1 / breaks else well

    breaks = 0
    rounds = Rounds(opening, "worker:here-1", keep)
    said = [rounds.make()["problems"][0]["message"] for _ in range(3)]
    assert said == ["Incident 1."] * 3
    breaks = 1
    assert rounds.make()["problems"] == []
    rounds.close()
    breaks = 0
    assert rounds.make()["problems"][0]["message"] == "Incident 2."
    town.reopen()


def test_a_file_that_comes_while_the_register_is_opened_is_noticed(town: Town, tmp_path: Path) -> None:
    """Where a backup is put back at the very moment at which a worker opens the register, the next round opens that.

    Seen to fail when the file is looked at after it was opened: the worker sweeps one that has no name, for ever.
    """
    kept, opened = tmp_path / "kept.db", list[Engine]()
    town.engine.backup(kept)

    def opening() -> Engine:
        opened.append(open_register(town.path, clock=town.clock))
        if len(opened) == 2:
            kept.replace(town.path)
        return opened[-1]

    rounds = Rounds(opening, "worker:here-1", repr)
    rounds.make()
    rounds.close()
    town.engine.close()
    rounds.make()
    rounds.make()
    assert len(opened) == 3
    rounds.make()
    assert len(opened) == 3
    rounds.close()
    town.reopen()
