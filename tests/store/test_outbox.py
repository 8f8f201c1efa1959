"""The outbox: every entry goes to its observer at least once, and never again after its success was noted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import SetClock, SystemClock, stamp
from engine.hookshapes import DeliveryFailed
from engine.outbox import LEASE, Box
from engine.store import outbox, statements_outbox
from engine.store.database import Database, create_database, open_database
from engine.store.outbox import DEAD, DELIVERED, WAITING, Delivery

from .boxes import ROOT, START, TOPIC, Told, box, clock, later, record, stood

__all__ = ["box", "clock"]  # fixtures


# ---- what is sent


def test_an_observer_is_told_of_what_is_recorded_after_it_was_made_active(box: Box, database: Database) -> None:
    """Each entry from then on is sent once, in order, and nothing from before.

    Seen to fail when `meet` begins at 0.
    """
    record(database, 5)
    told = Told()
    assert box.deliver({TOPIC: told}, 100).delivered == 5
    assert told.got == [3, 4, 5, 6, 7]
    assert box.deliver({TOPIC: told}, 100).delivered == 0
    record(database, 1)
    box.deliver({TOPIC: told}, 100)
    assert told.got == [3, 4, 5, 6, 7, 8]


def test_what_is_sent_holds_what_stands_in_clear_and_no_words(box: Box, database: Database) -> None:
    """The payload is the entry as the ledger shows it, and holds nothing that somebody typed.

    Seen to fail when the payload is made of entries with their words put back.
    """
    record(database, 1)
    told = Told()
    box.deliver({TOPIC: told}, 100)
    (payload,) = told.payloads
    assert json.loads(payload) == {
        "seq": 3,
        "at": "2026-11-22T10:00:00.000000Z",
        "by": "p1",
        "name": "person_added",
        "project": None,
        "version": 0,
        "body": {"person": "p-3"},
        "origin": "cocycle.example/box",
    }
    with database.read() as tx:
        (kept,) = outbox.deliveries(tx, None, None, 10)
    assert "Rosa" not in repr(kept)


def test_what_an_observer_does_not_want_leaves_nothing(box: Box, database: Database) -> None:
    """An entry for which the observer answers None or nothing is not listed and not asked about again."""
    record(database, 4)
    asked: list[str] = []

    def picky(delivery: Delivery) -> str | None:
        asked.append(delivery.occurrence)
        return {"4": "200", "5": ""}.get(delivery.occurrence)

    assert box.deliver({TOPIC: picky}, 100).passed == 3
    box.deliver({TOPIC: picky}, 100)
    assert asked == ["3", "4", "5", "6"]
    assert stood(database) == {WAITING: 0, DELIVERED: 1, DEAD: 0}


def test_an_observer_that_is_away_keeps_its_place(box: Box, database: Database) -> None:
    """What is recorded while an observer is not active is sent once it is again."""
    record(database, 2)
    box.deliver({}, 100)
    record(database, 2)
    told = Told()
    box.deliver({TOPIC: told}, 100)
    assert told.got == [3, 4, 5, 6]


def test_other_topics_have_their_own_deliverer(box: Box, database: Database) -> None:
    """What an act puts into the box under a topic of its own is sent by who delivers that topic, once an occurrence."""
    with database.write() as tx:
        outbox.put(tx, "notice:mail", [("due-1", "{}"), ("due-2", "{}"), ("due-1", "again")], stamp(START))
    sent: list[tuple[str, str]] = []

    def mail(delivery: Delivery) -> str:
        sent.append((delivery.occurrence, delivery.payload))
        return "sent"

    box.deliver({"notice:mail": mail}, 100)
    assert sent == [("due-1", "{}"), ("due-2", "{}")]


# ---- at least once, and not twice


@settings(max_examples=40, deadline=None)
@given(
    fates=st.lists(st.lists(st.sampled_from(["fails", "final", "unwanted"]), max_size=3), min_size=1, max_size=8),
    limit=st.integers(1, 20),
)
def test_every_entry_ends_once(fates: list[list[str]], limit: int) -> None:
    """Whatever fails in whatever order, each entry ends sent, given up or unwanted, once, and is not asked after it."""
    clock = SetClock(START)
    with tempfile.TemporaryDirectory() as folder, create_database(Path(folder) / "r.db") as database:
        made = Box(database, clock)
        made.meet(["acme/ledger"])
        record(database, len(fates))
        ended: list[int] = []

        def told(delivery: Delivery) -> str | None:
            seq = int(delivery.occurrence)
            assert seq not in ended
            fate = fates[seq].pop(0) if fates[seq] else "sent"
            if fate != "fails":
                ended.append(seq)
            if fate in ("fails", "final"):
                raise DeliveryFailed(fate, final=fate == "final")
            return None if fate == "unwanted" else "200"

        smooth = [seq for seq, fate in enumerate(fates) if "fails" not in fate]
        for _ in range(60):
            made.deliver({TOPIC: told}, limit)
            later(clock, hours=8)
        assert sorted(ended) == list(range(len(fates)))
        if len(smooth) == len(fates):
            assert ended == smooth


def test_two_workers_send_each_once_and_in_order(box: Box, database: Database, path: Path) -> None:
    """Two workers at the same register send every entry once, in order, however they meet.

    Seen to fail when `claim` does not look for other claims (the order), and when it claims nothing (twice).
    """
    record(database, 300)
    got: list[int] = []

    def told(delivery: Delivery) -> str:
        got.append(int(delivery.occurrence))
        time.sleep(0.0005)
        return "200"

    def work() -> None:
        with open_database(path) as own:
            for _ in range(40):
                Box(own, SystemClock()).deliver({TOPIC: told}, 40)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    Box(database, SystemClock()).deliver({TOPIC: told}, 1_000)
    assert got == list(range(3, 303))


CRASHES = """
import os, sys
from datetime import datetime
from pathlib import Path
from engine.clock import SetClock
from engine.outbox import Box
from engine.store.database import open_database

def told(delivery):
    Path(sys.argv[2]).open("a").write(f"{delivery.id} {delivery.occurrence}\\n")
    if delivery.occurrence == "4":
        os._exit(9)
    return "200"

with open_database(sys.argv[1]) as database:
    Box(database, SetClock(datetime.fromisoformat(sys.argv[3]))).deliver({"observer:acme/ledger": told}, 100)
"""


def test_a_crash_between_sending_and_noting_sends_again(
    box: Box, database: Database, path: Path, tmp_path: Path, clock: SetClock, product_environment: dict[str, str]
) -> None:
    """What was sent and not noted is sent again under the same id, once the claim of the dead worker has run out."""
    record(database, 3)
    log = tmp_path / "sent"
    words = [sys.executable, "-c", CRASHES, str(path), str(log), START.isoformat()]
    assert subprocess.run(words, env=product_environment, cwd=ROOT, check=False).returncode == 9
    sent = [tuple(map(int, line.split())) for line in log.read_text().splitlines()]
    assert [seq for _, seq in sent] == [3, 4]
    again: list[tuple[int, int]] = []

    def told(delivery: Delivery) -> str:
        again.append((delivery.id, int(delivery.occurrence)))
        return "200"

    clock.set(START + timedelta(seconds=LEASE - 1))
    assert box.deliver({TOPIC: told}, 100).delivered == 0
    clock.set(START + timedelta(seconds=LEASE + 1))
    assert box.deliver({TOPIC: told}, 100).delivered == 2
    assert again[0] == sent[1]
    assert [seq for _, seq in again] == [4, 5]


def test_a_worker_whose_claim_ran_out_notes_success_only(box: Box, database: Database, clock: SetClock) -> None:
    """One who took too long may still say that it was sent, not that it failed: another one is at it by then."""
    record(database, 2)
    box._fill(TOPIC)
    now, until = stamp(clock.now()), stamp(clock.now())
    with database.write() as tx:
        slow = outbox.claim(tx, TOPIC, now, until, 10)
    later(clock, minutes=5)
    with database.write() as tx:
        assert slow is not None
        assert len(outbox.claim(tx, TOPIC, stamp(clock.now()), "2026-11-23T00:00:00.000000Z", 10) or ()) == 2
        outbox.not_delivered(tx, slow[0], now, None, "too late")
        outbox.delivered(tx, slow[1], now, "sent")
    assert stood(database) == {WAITING: 1, DELIVERED: 1, DEAD: 0}


# ---- the log


def test_a_thousand_entries(box: Box, database: Database) -> None:
    """A thousand entries go out in one call, in a matter of seconds."""
    record(database, 1_000)
    told, began = Told(), time.perf_counter()
    assert box.deliver({TOPIC: told}, 10_000).delivered == 1_000
    assert told.got == list(range(3, 1_003))
    assert time.perf_counter() - began < 60


@pytest.fixture
def listed(database: Database) -> Callable[..., list[str]]:
    """Lists what is in the box, by occurrence."""

    def look(topic: str | None = None, state: str | None = None) -> list[str]:
        with database.read() as tx:
            return [one.occurrence for one in outbox.deliveries(tx, topic, state, 10)]

    return look


def test_the_log_is_listed_by_plugin_and_state(box: Box, database: Database, listed: Callable[..., list[str]]) -> None:
    """Deliveries are listed newest first, of a plugin, of one observer, in a state; a like name is another."""
    with database.write() as tx:
        outbox.put(tx, TOPIC, [("1", "{}"), ("2", "{}")], stamp(START))
        outbox.put(tx, "observer:acme/ledger_2", [("3", "{}")], stamp(START))
        outbox.put(tx, "observer:acme_2/ledger", [("4", "{}")], stamp(START))
        outbox.delivered(tx, outbox.deliveries(tx, TOPIC, None, 1)[0], stamp(START), "200")
    assert listed() == ["4", "3", "2", "1"]
    assert listed("observer:acme/") == ["3", "2", "1"]
    assert listed(TOPIC) == ["2", "1"]
    assert listed(TOPIC, DELIVERED) == ["2"]
    assert listed(state=WAITING) == ["4", "3", "1"]


# ---- clocks that are set while somebody sends


def test_a_clock_set_forward_has_nothing_sent_by_two(box: Box, database: Database, clock: SetClock) -> None:
    """Set forward while somebody sends, the clock makes their claims look free: what is not sent yet they give back.

    Seen to fail when only the steady clock is looked at: whoever claims meanwhile sends all the others once more.
    """
    record(database, 10)
    other = Told()

    def forward(seq: int) -> None:
        if seq == 5:
            later(clock, hours=23)
            Box(database, clock).deliver({TOPIC: other}, 100)

    told = Told(forward)
    box.deliver({TOPIC: told}, 100)
    assert (told.got, other.got) == ([3, 4, 5], [5, 6, 7, 8, 9, 10, 11, 12]), "the one in hand, and no other, twice"


def test_a_claim_by_a_clock_that_was_ahead_ends_in_time(box: Box, database: Database, clock: SetClock) -> None:
    """Somebody claims by a clock that is 23 hours ahead and dies; set right, it is free again after two minutes.

    Seen to fail when claims are not made shorter: nothing of that topic is sent for 23 hours.
    """
    record(database, 3)

    class Killed(BaseException):
        """What ends a process at once, as far as the box can tell."""

    def die(seq: int) -> None:
        raise Killed

    later(clock, hours=23)
    with pytest.raises(Killed):
        box.deliver({TOPIC: Told(die)}, 100)
    later(clock, hours=-23)
    told = Told()
    assert box.deliver({TOPIC: told}, 100).delivered == 0, "whoever claimed it may still be at it"
    later(clock, seconds=LEASE + 1)
    assert box.deliver({TOPIC: told}, 100).delivered == 3


def test_machines_whose_clocks_are_a_minute_apart_leave_each_others_claims(
    box: Box, database: Database, clock: SetClock
) -> None:
    """A claim by a clock that is a minute ahead stays as it is, so that whoever made it can note a failure."""
    record(database, 1)

    def look_on(seq: int) -> Exception:
        later(clock, minutes=-1)
        Box(database, clock).deliver({TOPIC: Told()}, 100)
        return DeliveryFailed("shut")

    later(clock, minutes=1)
    assert box.deliver({TOPIC: Told(look_on)}, 100).failed == 1
    with database.read() as tx:
        (kept,) = outbox.deliveries(tx, TOPIC, WAITING, 10)
    assert (kept.tries, kept.told) == (1, "shut")


# ---- what it costs


def test_what_was_delivered_is_not_gone_through(database: Database) -> None:
    """What a round asks of the box takes an index, so that its cost hangs on what waits and not on what ever was.

    Seen to fail when one of the three small indexes is not there: SQLite goes through the whole table, or the topic.
    """
    asked = {
        "COUNT_WAITING": "ix_outbox_waiting",
        "COUNT_WAITING_UNDER": "ix_outbox_waiting",
        "NEWEST_CLAIM": "ix_outbox_waiting",
        "SHORTEN_CLAIMS": "ix_outbox_waiting",
        "DUE_DELIVERIES": "ix_outbox_waiting",
        "RELEASE_DELIVERIES": "ix_outbox_waiting",
        "COUNT_STALE": "ix_outbox_due",
        "COUNT_OLD_DELIVERIES": "ix_outbox_delivered",
        "COUNT_DEAD_UNDER": "ix_outbox_dead",
        "COUNT_FORGOTTEN": "ix_outbox_dead",
    }
    with database.read() as tx:
        for name, index in asked.items():
            statement = getattr(statements_outbox, name)
            given = dict.fromkeys(re.findall(r":(\w+)", statement), "1")
            (plan,) = [row[3] for row in tx.execute(f"EXPLAIN QUERY PLAN {statement}", given)]
            assert index in plan, f"{name}: {plan}"
