"""The outbox when receivers fail: what is tried again, when, how often, and what is left in peace."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import outbox as sending
from engine.clock import SetClock, stamp
from engine.hookshapes import DeliveryFailed
from engine.outbox import (
    FIRST_WAIT,
    LEASE,
    LONGEST,
    LONGEST_WAIT,
    MOST_TRIES,
    MOST_WAITING,
    PATIENCE,
    Box,
    OfThisOneOnly,
    wait_after,
)
from engine.store import outbox
from engine.store.database import Database
from engine.store.outbox import DEAD, DELIVERED, WAITING, Delivery

from .boxes import TOPIC, Told, box, clock, later, record, stood

__all__ = ["box", "clock"]  # fixtures


def test_a_failure_does_not_stop_the_others_and_is_tried_again(box: Box, database: Database, clock: SetClock) -> None:
    """Those after a failed one are sent; it is tried again after a minute or a little more, not before."""
    record(database, 4)
    shut = {4}
    told = Told(lambda seq: DeliveryFailed("shut") if seq in shut else None)
    tally = box.deliver({TOPIC: told}, 100)
    assert (tally.delivered, tally.failed) == (3, 1)
    shut.clear()
    later(clock, seconds=FIRST_WAIT - 1)
    assert box.deliver({TOPIC: told}, 100).delivered == 0
    later(clock, seconds=FIRST_WAIT * 0.2 + 1)
    assert box.deliver({TOPIC: told}, 100).delivered == 1
    assert told.got == [3, 5, 6, 4]


def test_after_twelve_tries_it_is_given_up(box: Box, database: Database, clock: SetClock) -> None:
    """A receiver that always fails is tried twelve times within a day, then no more until somebody asks for it.

    Seen to fail when `wait_after` does not count the try that just failed.
    """
    record(database, 1)
    shut = True
    told = Told(lambda seq: DeliveryFailed("500") if shut else None)
    for _ in range(200):
        box.deliver({TOPIC: told}, 100)
        later(clock, minutes=10)
    assert len(told.tried) == MOST_TRIES
    assert stood(database) == {WAITING: 0, DELIVERED: 0, DEAD: 1}
    shut = False
    with database.write() as tx:
        assert outbox.dead_again(tx, stamp(clock.now())) == 1
    assert box.deliver({TOPIC: told}, 100).delivered == 1
    assert told.got == [3]


def test_what_is_final_is_given_up_at_once(box: Box, database: Database, clock: SetClock) -> None:
    """A failure that says it is final is not tried again, and its sentence is kept."""
    record(database, 1)
    told = Told(lambda seq: DeliveryFailed("410:\ngone\x07", final=True))
    assert box.deliver({TOPIC: told}, 100).dead == 1
    later(clock, days=2)
    box.deliver({TOPIC: told}, 100)
    with database.read() as tx:
        (kept,) = outbox.deliveries(tx, TOPIC, DEAD, 10)
    assert (told.tried, kept.tries, kept.told) == ([3], 1, "410: gone")


@pytest.mark.parametrize("failure", [ValueError("odd"), DeliveryFailed("shut")])
def test_a_receiver_that_is_down_is_left_in_peace(box: Box, database: Database, failure: Exception) -> None:
    """After three failures in a row the rest is not tried this time, and another observer is told all the same.

    Seen to fail when the count is not looked at inside a batch.
    """
    box.meet(["acme/other"])
    record(database, 10)
    down, well = Told(lambda seq: failure), Told()
    tally = box.deliver({TOPIC: down, "observer:acme/other": well}, 100)
    assert (len(down.tried), tally.failed, len(well.got)) == (PATIENCE, PATIENCE, 10)
    down.fails = lambda seq: None
    assert box.deliver({TOPIC: down}, 100).delivered == 7  # at once, since their turn had not come


def test_a_receiver_that_is_down_does_not_fill_the_register(box: Box, database: Database) -> None:
    """No more than a thousand deliveries of an observer wait in the box; the rest waits in the ledger.

    Seen to fail when `_fill` does not count what waits.
    """
    record(database, MOST_WAITING + 250)
    down = True
    told = Told(lambda seq: DeliveryFailed("down") if down else None)
    for _ in range(8):
        box.deliver({TOPIC: told}, 5_000)
        with database.write() as tx:  # as if all of it had been tried
            tx.execute("UPDATE outbox SET next_at = '2027-01-01T00:00:00.000000Z'")
    assert stood(database)[WAITING] == MOST_WAITING
    down = False
    with database.write() as tx:
        tx.execute("UPDATE outbox SET next_at = made_at")
    box.deliver({TOPIC: told}, 5_000)
    assert sorted(told.got) == list(range(3, MOST_WAITING + 253))


@given(tries=st.integers(0, 40), asked=st.floats(0, 1e9), occurrence=st.text(max_size=5))
def test_waits_grow_and_have_an_end(tries: int, asked: float, occurrence: str) -> None:
    """A wait is a minute doubled for each try, up to six hours and a fifth; longer only where asked, a day at most."""
    one = Delivery(1, TOPIC, occurrence, "{}", WAITING, tries, "", "", None, None, None)
    wait, plain = wait_after(one, asked), wait_after(one)
    assert (wait is None) == (plain is None) == (tries >= MOST_TRIES - 1)
    if wait is not None and plain is not None:
        least = min(FIRST_WAIT * 2**tries, LONGEST_WAIT)
        assert least <= plain <= least * 1.2
        assert wait == max(plain, min(asked, 86_400))


def test_what_is_final_is_no_sign_of_a_receiver_that_is_down(box: Box, database: Database) -> None:
    """A receiver that says no for good to message after message is up, and is told of the rest at once.

    Seen to fail when what is final counted among the failures in a row.
    """
    record(database, 2 * PATIENCE)
    last = 3 + 2 * PATIENCE - 1
    told = Told(lambda seq: None if seq == last else DeliveryFailed("410", final=True))
    tally = box.deliver({TOPIC: told}, 100)
    assert (tally.dead, tally.delivered, told.got) == (2 * PATIENCE - 1, 1, [last])


def test_a_slow_receiver_never_holds_a_claim_longer_than_it_lasts(
    box: Box, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where each sending takes long, what could be claimed by somebody else meanwhile is given back and claimed anew.

    Seen to fail when a claim was worked off however long that took.
    """
    passed = [0.0]
    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: passed[0]))
    claims: list[float] = []
    claim = outbox.claim

    def noted(*given: Any) -> list[Delivery] | None:
        claims.append(passed[0])
        return claim(*given)

    monkeypatch.setattr(outbox, "claim", noted)
    record(database, 10)
    longest = 0.0

    def slow(seq: int) -> None:
        nonlocal longest
        passed[0] += LONGEST
        longest = max(longest, passed[0] - claims[-1])

    told = Told(slow)
    assert box.deliver({TOPIC: told}, 100).delivered == 10
    assert told.got == list(range(3, 13))
    assert longest <= LEASE


def test_what_fails_of_one_alone_says_nothing_of_the_others(box: Box, database: Database) -> None:
    """However many in a row fail for a reason of their own, an address that is refused say, all the others are sent.

    Seen to fail when such a failure counted for a sign of a receiver that is down.
    """
    odd = PATIENCE + 2
    record(database, odd + 2)
    told = Told(lambda seq: OfThisOneOnly("refused for now") if seq < 3 + odd else None)
    tally = box.deliver({TOPIC: told}, 100)
    assert (tally.delivered, tally.failed, tally.dead) == (2, odd, 0)
    assert told.got == [3 + odd, 4 + odd]
