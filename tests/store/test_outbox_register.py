"""The outbox when it is the register that fails: locked at the wrong moment, or damaged at one entry."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from engine.clock import SetClock
from engine.core.errors import IntegrityFailure
from engine.outbox import LEASE, Box
from engine.store import outbox
from engine.store.database import Database, open_database
from engine.store.outbox import Delivery

from .boxes import TOPIC, Told, box, clock, later, record

__all__ = ["box", "clock"]  # fixtures


def test_what_was_sent_while_somebody_kept_the_register_is_noted_all_the_same(
    box: Box, database: Database, path: Path, clock: SetClock
) -> None:
    """A lock that outlasts one wait does not lose that something was sent: it would be sent a second time.

    Seen to fail when the success is noted in one try only.
    """
    record(database, 1)
    held, done = threading.Event(), threading.Event()

    def keep() -> None:
        with open_database(path) as other, other.write():
            held.set()
            done.wait(1.5)  # longer than one wait for the lock, and shorter than three

    keeper = threading.Thread(target=keep)

    def told(delivery: Delivery) -> str:
        got.append(delivery.id)
        keeper.start()
        assert held.wait(10)
        return "200"

    got: list[int] = []
    with open_database(path, timeout=1.0) as impatient:
        assert Box(impatient, clock).deliver({TOPIC: told}, 100).delivered == 1
        keeper.join()
        later(clock, seconds=LEASE + 1)
        assert Box(impatient, clock).deliver({TOPIC: told}, 100).delivered == 0
    assert len(got) == 1


def test_a_damaged_entry_keeps_only_those_back_who_came_to_it(box: Box, database: Database) -> None:
    """An observer that comes to an entry that cannot be read stays there; one that is further on is told all the same.

    Seen to fail when the first damage ended the round of all observers.
    """
    further, told = "observer:acme/further", Told()
    record(database, 1)
    box.meet(["acme/further"])
    record(database, 1)
    with database.write() as tx:
        first = outbox.observer_places(tx)["acme/ledger"]
        tx.execute("DROP TRIGGER entry_is_never_updated")
        tx.execute("UPDATE entry SET leaf = ? WHERE seq = ?", (b"{", first))
    with pytest.raises(IntegrityFailure):
        box.deliver({TOPIC: told, further: told}, 100)
    assert told.got == [first + 1]
