"""A box of things to send, an observer that keeps what it is told, and entries to tell it of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.clock import SetClock
from engine.core.events import Event
from engine.outbox import Box
from engine.store import journal, outbox
from engine.store.database import Database
from engine.store.outbox import Delivery
from engine.store.settings import put_setting

TOPIC = "observer:acme/ledger"
START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


class Told:
    """An observer that keeps what it is told, and fails as it is asked to."""

    def __init__(self, fails: Callable[[int], Exception | None] = lambda seq: None) -> None:
        self.fails = fails
        self.tried: list[int] = []
        self.got: list[int] = []
        self.payloads: list[str] = []

    def __call__(self, delivery: Delivery) -> str:
        seq = int(delivery.occurrence)
        self.tried.append(seq)
        failure = self.fails(seq)
        if failure is not None:
            raise failure
        self.got.append(seq)
        self.payloads.append(delivery.payload)
        return "200"


def record(database: Database, entries: int) -> None:
    """Puts so many entries at the end of the ledger, each with words that somebody typed."""
    with database.write() as tx:
        size = journal.head(tx).size
        events = [
            (Event("person_added", None, {"person": f"p-{size + n}"}, {"name": "Rosa"}), 0) for n in range(entries)
        ]
        journal.append(tx, events, at="2026-11-22T10:00:00.000000Z", by="p1", key_hash=None, fingerprint=None)


def stood(database: Database) -> dict[str, int]:
    """Returns how many deliveries stand in each state."""
    with database.read() as tx:
        return outbox.counts(tx)


@pytest.fixture
def clock() -> SetClock:
    """A clock that is set by hand."""
    return SetClock(START)


@pytest.fixture
def box(database: Database, clock: SetClock) -> Box:
    """The box of a register in which one observer was just made active."""
    with database.write() as tx:
        put_setting(tx, "origin", "cocycle.example/box")
    record(database, 3)
    made = Box(database, clock)
    made.meet(["acme/ledger"])
    return made


def later(clock: SetClock, **how: float) -> None:
    """Puts the clock forward."""
    clock.set(clock.moment + timedelta(**how))
