"""Does what is due: tells observers what was recorded, takes checkpoints to outside places, cleans up after erasures.

None of it is an act, and none of it is in the way of one. Each part is tried whatever became of the others.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import orjson

from engine.clock import stamp
from engine.core.errors import CocycleError, InputRefused, NotFound, StorageUnavailable
from engine.outside import LETTERS, Outside
from engine.store import journal, outbox
from engine.store.anchors import anchors, letters
from engine.store.database import Transaction
from engine.store.outbox import OBSERVER, Delivery
from engine.telling.listing import Notices
from engine.turn import ENDLESS, Turn

if TYPE_CHECKING:
    from engine.outbox import Deliver

KEPT: Final = timedelta(days=90)  # what was delivered is listed so long
MOST_AT_ONCE: Final = 10_000  # deliveries in one sweep
MOST_LISTED: Final = 1_000


class Sweeping(Outside, Notices):
    """What a scheduler would do, and the log of what was sent."""

    def sweep(
        self, *, outside: bool = True, seconds: float = math.inf, stop: threading.Event | None = None
    ) -> dict[str, Any]:
        """Does everything that is due.

        By a clock that nobody could write by now nothing is sent: what was sent too early cannot be taken back.

        Args:
            outside: False leaves the outside places in peace.
            seconds: how long deadlines, deliveries and notices may take each; what is left is for the next sweep.
            stop: once it is set, what was not begun is left for the next sweep.

        Returns:
            `fired`, how many deadlines had a step of reminding, and `reminders`, how many that made; `delivered`,
            `failed`, `dead`, `waiting` as `deliver_pending`; `notices` as `send_notices`, None where that could not be
            done; `anchored`, the answer of `anchor` or None
            where no place waits for anything; `scrubbed`, False where old copies of what was erased are still in the
            files, else True; and `problems`, each with `part`, `code` and `message`: the parts that did not end well.
        """
        found: dict[str, Any] = {"delivered": 0, "failed": 0, "dead": 0, "waiting": 0}
        found |= {"fired": 0, "reminders": 0, "notices": None, "anchored": None, "scrubbed": False}
        problems: list[dict[str, str]] = []
        bugs: list[Exception] = []

        def part(name: str, do: Callable[[], Mapping[str, Any]]) -> None:
            try:
                found.update(do())
            except CocycleError as error:
                problems.append({"part": name, "code": error.code, "message": error.message})
            except Exception as error:  # noqa: BLE001  # a bug: it is raised once the other parts are done
                bugs.append(error)

        part("clock", self._clock_is_fit)
        if not problems:
            part("deadlines", lambda: self._fired(problems, bugs, Turn(seconds, stop)))
            part("deliveries", lambda: self.deliver_pending(turn=Turn(seconds, stop)))
            part("notices", lambda: self.send_notices(turn=Turn(seconds, stop)))
        if outside and not (stop is not None and stop.is_set()):
            part("anchors", lambda: {"anchored": self.anchor() if self._anchors_wait() else None})
        part("erasures", self._scrubbed)
        if bugs:
            raise bugs[0]
        anchored = found["anchored"] or {"places": []}
        problems += [
            {"part": "anchors", "code": "not_taken", "message": f"{place['place']}: {place['failure']}"}
            for place in anchored["places"]
            if place["failure"]
        ]
        self.log("sweep", **{name: found[name] for name in ("delivered", "failed", "dead", "waiting")})
        return {**found, "problems": problems}

    def deliver_pending(
        self, limit: int = MOST_AT_ONCE, deliverers: Mapping[str, Deliver] | None = None, turn: Turn = ENDLESS
    ) -> dict[str, int]:
        """Sends what is due, at most `limit` of it, while it is our turn.

        Args:
            deliverers: who sends what, by topic; the observers of the active plugins where it is not given.

        Returns:
            `delivered`; `failed`, to be tried again; `dead`, given up just now; and `waiting`, all that is left in the
            box, due or not.
        """
        from engine.outbox import Box

        box = Box(self.database, self.clock, turn)
        tally = box.deliver(self._observing() if deliverers is None else deliverers, limit)
        before = stamp(self.clock.now() - KEPT)
        with self.database.read() as tx:
            old = outbox.delivered_before(tx, before)
        if old:
            with self.database.write() as tx:
                outbox.prune(tx, before)
        with self.database.read() as tx:
            left = outbox.waiting_under(tx)
        done = asdict(tally)
        return {**{name: done[name] for name in ("delivered", "failed", "dead")}, "waiting": left}

    def deliveries(self, name: str | None = None, *, state: str | None = None, limit: int = 100) -> dict[str, Any]:
        """Returns the log of what was sent, newest first, and how far each observer was told.

        Args:
            name: a plugin, PLUGIN/OBSERVER, or None for everything.
            state: waiting, delivered or dead; None for all.

        Returns:
            `deliveries`, each with `id`, `to`, `entry`, `state`, `tries`, `made_at`, `next_at` (None once it ended),
            `done_at` and `told`; `counts` by state, over everything; `observers`, each with `observer`, `next`, the
            entry that is next put into its box, and `behind`, how many there are.

        Raises:
            InputRefused: there is no such state.
        """
        if state is not None and state not in outbox.STATES:
            raise InputRefused(f"A delivery is {', '.join(outbox.STATES[:-1])} or {outbox.STATES[-1]}, not {state}.")
        topic = OBSERVER if name is None else OBSERVER + (name if "/" in name else f"{name}/")
        with self.database.read() as tx:
            found = outbox.deliveries(tx, topic, state, max(1, min(limit, MOST_LISTED)))
            places, size, counts = outbox.observer_places(tx), journal.head(tx).size, outbox.counts(tx)
        return {
            "deliveries": [_listed(one) for one in found],
            "counts": counts,
            "observers": [
                {"observer": observer, "next": place, "behind": max(0, size - place)}
                for observer, place in places.items()
                if name is None or name in (observer, observer.partition("/")[0])
            ],
        }

    def redeliver(self, numbers: Sequence[int] = (), *, all_dead: bool = False) -> dict[str, Any]:
        """Makes deliveries due once more, by their ids, or all that were given up; they keep their ids.

        Returns:
            `due`, how many are; and `busy`, the ids of those that are being sent at this moment.

        Raises:
            NotFound: there is no delivery of one of these ids; nothing was changed.
        """
        now = stamp(self.clock.now())
        with self.database.write() as tx:
            missing = [number for number in numbers if not _is_of_an_observer(tx, number)]
            if missing:
                names = ", ".join(map(str, missing))
                raise NotFound(
                    f"There is no delivery {names}. See: cocycle plugin deliveries.", code="no_such_delivery"
                )
            busy = [number for number in dict.fromkeys(numbers) if not outbox.again(tx, number, now)]
            due = len(dict.fromkeys(numbers)) - len(busy) + (outbox.dead_again(tx, now) if all_dead else 0)
        return {"due": due, "busy": busy}

    def observe_from(self, observer: str, seq: int) -> dict[str, Any]:
        """Puts an observer's place back, so that it is told of entries it was not told of; returns `next` and `was`.

        What lies in its box already, sent or not, is not put there again.

        Raises:
            NotFound: nobody of that name was ever active here.
            InputRefused: `seq` is no entry before the observer's place.
        """
        with self.database.write() as tx:
            was = outbox.observer_place(tx, observer)
            if was is None:
                known = ", ".join(outbox.observer_places(tx)) or "none yet"
                raise NotFound(f"No observer {observer} was active here. There is: {known}.", code="no_such_observer")
            if not 0 <= seq <= was:
                raise InputRefused(f"{observer} is told of entry {was} next; name an entry from 0 to {was}.")
            outbox.put_observer(tx, observer, seq)
        return {"observer": observer, "next": seq, "was": was}

    def _observing(self) -> dict[str, Deliver]:
        """Returns the observers of the active plugins, by their topics."""

        def telling(use: str) -> Deliver:
            return lambda one: self.host.wants_and_observe(use, orjson.loads(one.payload))

        return {OBSERVER + use: telling(use) for use in self.host.observers()}

    def _fired(self, problems: list[dict[str, str]], bugs: list[Exception], turn: Turn) -> dict[str, Any]:
        """Fires the deadlines whose day has come; what is not well of them is added to the problems and bugs."""
        from engine.firing import fire
        from engine.notices.remind import remind

        fired = fire(self.database, self.room, self.settings.extra_holidays, self.clock.now(), remind, turn)
        problems += [{"part": "deadlines", "code": "not_fired", "message": why} for why in fired.problems]
        bugs += fired.bugs
        return {"fired": fired.deadlines, "reminders": fired.notices}

    def _clock_is_fit(self) -> dict[str, Any]:
        """Raises RulesRefused where this clock is behind the last entry, or far ahead of all that is known."""
        with self.database.read() as tx:
            self.room.at(tx)
        return {}

    def _anchors_wait(self) -> bool:
        """Answers whether a place has not got the newest checkpoint, or a receipt is still to be sent."""
        with self.database.read() as tx:
            rows, size = anchors(tx), journal.head(tx).size
            post = self.settings.places.server is not None and bool(letters(tx, LETTERS))
        names = self.settings.places.labels()
        return post or any(name not in rows or rows[name].failure or rows[name].size < size for name in names)

    def _scrubbed(self) -> dict[str, Any]:
        from engine.store.scrub import scrub, scrub_due

        with self.database.read() as tx:
            if not scrub_due(tx):
                return {"scrubbed": True}
        done, why = scrub(self.database)
        if not done:
            raise StorageUnavailable(why, code="scrub_due")
        return {"scrubbed": True}


def _is_of_an_observer(tx: Transaction, number: int) -> bool:
    """False where there is no delivery of this id, or it is a notice to somebody, which `resend` is for."""
    one = outbox.delivery(tx, number) if 0 < number < 2**63 else None
    return one is not None and one.topic.startswith(OBSERVER)


def _listed(one: Delivery) -> dict[str, Any]:
    observer = one.topic.startswith(OBSERVER)
    return {
        "id": one.id,
        "to": one.topic.removeprefix(OBSERVER),
        "entry": int(one.occurrence) if observer else None,
        "state": one.state,
        "tries": one.tries,
        "made_at": one.made_at,
        "next_at": one.next_at if one.state == outbox.WAITING else None,
        "done_at": one.done_at,
        "told": one.told,
    }
