"""Sends what is to be sent: fills the box from the ledger, sends what is due, notes how it ended.

The ledger itself is the source of what observers are told. Their entries are put into the box a few hundred at a time,
in the same transaction that moves the observer's place on, so none is left out and none is put there twice; and an
observer that is away or broken only keeps its place. What else is to be sent (a notice to somebody) is put into the box
by the act that asks for it, under a topic of its own, with its own `Deliver` here.

    claim (a transaction) -> send (none; it may take its time) -> note (a transaction)

A receiver that fails does not stop what comes after: its delivery waits, and the next one is sent. After a few failures
in a row the topic is left for the next time, so that a receiver that hangs does not hold up the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

import orjson

from engine.clock import Clock, stamp
from engine.core.errors import CocycleError, IntegrityFailure, StorageUnavailable
from engine.hookshapes import DeliveryFailed
from engine.store import journal, outbox, settings
from engine.store.database import Database, Transaction
from engine.store.outbox import OBSERVER, Delivery
from engine.turn import ENDLESS, Turn

Deliver = Callable[[Delivery], str | None]
"""Sends one thing and returns a line for the log; None or an empty line where there was nothing to send.

Raises DeliveryFailed; any other error counts as a failure that may pass.
"""


class OfThisOneOnly(DeliveryFailed):
    """A failure that says nothing of the others: they are sent all the same, however many fail in this way."""


class OfThemAll(DeliveryFailed):
    """A failure of the way itself, which says nothing of what is sent: however often it happens, it gives nothing up.

    Whoever raises it says when that is enough, by raising DeliveryFailed with `final` instead.
    """


BATCH: Final = 100  # claimed in one go
FILL: Final = 200  # entries put into the box in one go
MOST_WAITING: Final = 1_000  # of one observer; the rest waits in the ledger, which keeps it anyway
LEASE: Final = 120.0  # seconds until what somebody claimed and never noted may be claimed by others
LONGEST: Final = 40.0  # seconds that one sending takes at most, with room to spare; an observer is stopped after 15
MOST_TRIES: Final = 12
FIRST_WAIT: Final = 60.0  # seconds
LONGEST_WAIT: Final = 6 * 3600.0
LONGEST_ASKED: Final = 24 * 3600.0  # however long a receiver asks us to wait
PATIENCE: Final = 3  # failures in a row after which a topic is left for the next time


@dataclass(slots=True)
class Tally:
    """How it went: `failed` are to be tried again, `dead` were given up, `passed` were not wanted by their observer."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0
    passed: int = 0

    @property
    def looked_at(self) -> int:
        """Everything that was sent, or was tried to."""
        return self.delivered + self.failed + self.dead


def wait_after(delivery: Delivery, asked: float = 0.0) -> float | None:
    """Returns the seconds until the next try of a delivery that just failed; None after the last.

    A minute, doubled up to six hours, and up to a fifth more by the delivery's own digest: what failed together is not
    tried again together, and a test can tell when. `asked` is what the receiver asks for, in seconds.
    """
    tries = delivery.tries + 1
    if tries >= MOST_TRIES:
        return None
    digest = sha256(f"{delivery.topic}\n{delivery.occurrence}\n{tries}".encode()).digest()
    more = 1 + int.from_bytes(digest[:4], "big") / 2**32 / 5
    return max(min(FIRST_WAIT * float(1 << (tries - 1)), LONGEST_WAIT) * more, min(asked, LONGEST_ASKED))


class Box:
    """The box of one register, and the hands that empty it."""

    def __init__(self, database: Database, clock: Clock, turn: Turn = ENDLESS) -> None:
        """Takes the box of a register into hand; when the `turn` is over, what is left is for the next hand."""
        self._database, self._clock, self._turn = database, clock, turn

    def deliver(self, deliverers: Mapping[str, Deliver], limit: int) -> Tally:
        """Sends what is due of these topics, at most `limit`; `observer:PLUGIN/OBSERVER` is filled from the ledger.

        Raises:
            StorageUnavailable: the register cannot be written; what was sent and not noted will be sent again.
            IntegrityFailure: an entry of the ledger cannot be read; the other topics were seen to all the same.
        """
        tally, damage = Tally(), None
        self.meet(topic.removeprefix(OBSERVER) for topic in deliverers if topic.startswith(OBSERVER))
        for topic, deliver in deliverers.items():
            try:
                self._empty(topic, deliver, limit, tally)
            except IntegrityFailure as error:  # an entry that one observer has come to, and the next ones have not
                damage = error
        if damage is not None:
            raise damage
        return tally

    def meet(self, observers: Iterable[str]) -> None:
        """Notes observers that were never seen; each is told of what is recorded from now on."""
        with self._database.read() as tx:
            known = outbox.observer_places(tx)
        new = [one for one in observers if one not in known]
        if new:
            with self._database.write() as tx:
                for one in new:
                    if outbox.observer_place(tx, one) is None:
                        outbox.put_observer(tx, one, journal.head(tx).size)

    def _empty(self, topic: str, deliver: Deliver, limit: int, tally: Tally) -> None:
        failures = 0
        while failures < PATIENCE and tally.looked_at < limit and not self._turn.over():
            claimed = self._claim(topic, min(BATCH, limit - tally.looked_at))
            if claimed is None:
                return  # somebody else is at it
            if claimed:
                failures = self._send(topic, deliver, claimed, failures, tally)
            elif not (topic.startswith(OBSERVER) and self._fill(topic)):
                return

    def _fill(self, topic: str) -> bool:
        """Puts the next entries for an observer into its box; False where there is none, or the box is full enough."""
        observer = topic.removeprefix(OBSERVER)
        with self._database.read() as tx:  # most of the time there is nothing, and nobody has to wait for that
            if (outbox.observer_place(tx, observer) or 0) >= journal.head(tx).size:
                return False
        with self._database.write() as tx:
            first, size = outbox.observer_place(tx, observer) or 0, journal.head(tx).size
            last = min(size, first + min(FILL, MOST_WAITING - outbox.waiting(tx, topic))) - 1
            if last < first:
                return False
            outbox.put(tx, topic, _payloads(tx, first, last), stamp(self._clock.now()))
            outbox.put_observer(tx, observer, last + 1)
        return True

    def _claim(self, topic: str, most: int) -> list[Delivery] | None:
        with self._database.read() as tx:
            if not outbox.waiting(tx, topic):
                return []
        with self._database.write() as tx:
            now = self._clock.now()  # only here, since the lock may have been waited for
            until, longest = (stamp(now + timedelta(seconds=n * LEASE)) for n in (1, 2))
            return outbox.claim(tx, topic, stamp(now), until, most, longest)

    def _send(self, topic: str, deliver: Deliver, claimed: list[Delivery], failures: int, tally: Tally) -> int:
        """Sends what was claimed; returns how many failures in a row there are now."""
        began, unwanted, left = time.monotonic(), [], False
        try:
            for one in claimed:
                if left := failures >= PATIENCE or self._turn.over() or self._lease_ends(one, began):
                    break
                try:
                    told = deliver(one)
                except DeliveryFailed as error:
                    failures = 0 if error.final else failures + (not isinstance(error, OfThisOneOnly))
                    self._note_failure(one, str(error), _wait_of(one, error), tally)
                except CocycleError as error:
                    failures += 1
                    self._note_failure(one, error.message, wait_after(one), tally)
                except Exception as error:  # noqa: BLE001  # a deliverer that breaks must not take the others along
                    failures += 1
                    self._note_failure(one, f"It broke: {type(error).__name__}: {error}", wait_after(one), tally)
                else:
                    failures = 0
                    if told:
                        self._note_success(one, told)
                        tally.delivered += 1
                    else:
                        unwanted.append(one)
        finally:
            tally.passed += len(unwanted)
            if unwanted or left:
                with self._database.write() as tx:
                    outbox.forget(tx, unwanted)
                    assert claimed[0].claimed_until is not None
                    outbox.release(tx, topic, claimed[0].claimed_until)
        return failures

    def _lease_ends(self, one: Delivery, began: float) -> bool:
        """Answers whether somebody else may claim this before it could be sent, by either clock.

        Others go by the wall clock. Where that was set forward, they take for free what is claimed here.
        """
        latest = stamp(self._clock.now() + timedelta(seconds=LONGEST))
        return time.monotonic() - began > LEASE - LONGEST or one.claimed_until is None or latest > one.claimed_until

    def _note_success(self, one: Delivery, told: str) -> None:
        """Notes a success, and does not give up at once where the register is locked: it would be sent once more."""
        for last in (False, False, True):
            try:
                with self._database.write() as tx:
                    outbox.delivered(tx, one, stamp(self._clock.now()), told)
            except StorageUnavailable as error:
                if last or error.code != "locked":
                    raise
            else:
                return

    def _note_failure(self, one: Delivery, why: str, wait: float | None, tally: Tally) -> None:
        now = self._clock.now()
        next_at = None if wait is None else stamp(now + timedelta(seconds=wait))
        with self._database.write() as tx:
            outbox.not_delivered(tx, one, stamp(now), next_at, why)
        if next_at is None:
            tally.dead += 1
        else:
            tally.failed += 1


def _wait_of(one: Delivery, error: DeliveryFailed) -> float | None:
    tries = min(one.tries, MOST_TRIES - 2) if isinstance(error, OfThemAll) else one.tries
    return None if error.final else wait_after(one._replace(tries=tries), error.after)


def _payloads(tx: Transaction, first: int, last: int) -> Iterator[tuple[str, str]]:
    """Yields (index, entry as JSON in `hookshapes.Entry`'s members): what stands in clear, and nobody's words."""
    origin = settings.setting(tx, "origin") or ""
    for seq, leaf in outbox.leaves(tx, first, last):
        entry = {
            "seq": seq,
            "at": leaf.at,
            "by": leaf.by,
            "name": leaf.name,
            "project": leaf.project,
            "version": leaf.version,
            "body": leaf.body,
            "origin": origin,
        }
        yield str(seq), orjson.dumps(entry).decode()
