"""Who sends what is in the box: the mail server, the channels of plugins, and the look at a gate that asks a plugin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import orjson

from engine.clock import Clock, stamp
from engine.core.errors import NotFound
from engine.hookshapes import DeliveryFailed
from engine.notices.at_once import decisions_waiting, gates_ahead
from engine.notices.box import channels, put, put_channels
from engine.notices.wanted import LOOKS, NOTICE
from engine.outbox import MOST_TRIES, Deliver, OfThemAll, OfThisOneOnly
from engine.room import Room
from engine.settings import Settings
from engine.store.database import Database
from engine.store.outbox import Delivery
from engine.telling.composing import NOTHING_SENT, Composed, as_json, compose
from engine.telling.listing import STALE
from engine.telling.mailing import Postman
from engine.telling.seen import NobodyToTell, NothingToSay, Seen


class Plugins(Protocol):
    """What is asked of the host of plugins."""

    def active(self) -> list[str]:
        """Returns the names of the active plugins."""
        ...

    def channels(self) -> list[str]:
        """Returns the channels of the active plugins, those of a broken one left out."""
        ...

    def notify(self, use: str, notice: dict[str, Any]) -> str:
        """Hands a notice to a channel; returns its line, an empty one where it does not want it."""
        ...


class Sending:
    """Sends the notices of one register. `close` when done: a line to the mail server may be open."""

    def __init__(self, database: Database, room: Room, settings: Settings, host: Plugins, clock: Clock) -> None:
        self._database, self._room, self._settings, self._host, self._clock = database, room, settings, host, clock
        self._postman = Postman(settings.places)
        self.needless = 0  # notices that had nothing to say any more, and were not sent

    def looks(self) -> dict[str, Deliver]:
        """Returns who looks at gates that waited for a plugin; what is found is put into the box."""
        return {LOOKS: self._look}

    def deliverers(self) -> dict[str, Deliver]:
        """Returns who sends what, by topic. Without a mail server nobody does so by e-mail, and notices wait."""
        found: dict[str, Deliver] = {} if self._settings.places.server is None else {NOTICE: self._by_mail}
        for use in self._meet(self._host.channels()):
            found[f"{NOTICE}:{use}"] = self._by_channel(use)
        return found

    def close(self) -> None:
        """Ends the line to the mail server."""
        self._postman.close()

    def _meet(self, here: Iterable[str]) -> list[str]:
        """Notes the channels that notices go to from now on; returns those that can be used now.

        One whose plugin is broken at the moment stays: its notices wait for it. One whose plugin is not active any more
        is forgotten.
        """
        found = sorted(here)
        with self._database.read() as tx:
            known = channels(tx)
        active = set(self._host.active()) if known else set()
        wanted = sorted({*found, *(use for use in known if use.partition("/")[0] in active)})
        if wanted != known:
            with self._database.write() as tx:
                put_channels(tx, wanted)
        return found

    def _composed(self, one: Delivery) -> Composed | str:
        """Returns a notice to send, or why nothing is sent; raises OfThisOneOnly where nobody can be told."""
        with self._database.read() as tx:
            seen = Seen(tx, self._room, stamp(self._clock.now()), self._settings.url)
            try:
                return compose(seen, one)
            except NothingToSay as nothing:
                self.needless += 1
                return f"{NOTHING_SENT} {nothing}"
            except NobodyToTell as nobody:
                raise OfThisOneOnly(str(nobody), final=True) from nobody

    def _by_mail(self, one: Delivery) -> str:
        found = self._composed(one)
        if isinstance(found, str):
            return found
        try:
            return self._postman.send(found, one.told if one.tries else None)
        except OfThemAll as error:
            if one.tries + 1 < MOST_TRIES or one.made_at > stamp(self._clock.now() - STALE):
                raise
            raise DeliveryFailed(str(error), final=True) from error

    def _by_channel(self, use: str) -> Deliver:
        def deliver(one: Delivery) -> str:
            found = self._composed(one)
            return found if isinstance(found, str) else self._host.notify(use, as_json(found))

        return deliver

    def _look(self, one: Delivery) -> None:
        """Looks at a gate with its plugins, and puts what people are to be told into the box; newer looks see more."""
        payload = orjson.loads(one.payload)
        with self._database.read() as tx:
            try:
                project, workflow = self._room.load(tx, payload["project"])
            except NotFound as gone:
                raise DeliveryFailed(gone.message, final=True) from gone
            gate = next((g for g in gates_ahead(project, workflow) if g.id == payload["about"]["gate"]), None)
            if gate is None or project.version != payload["about"]["version"]:
                return
            today, calendar = self._room.today(workflow), self._room.calendar(workflow)
            wanted = decisions_waiting(tx, project, workflow, today, calendar, gate)
        with self._database.write() as tx:
            for notice in wanted:
                put(tx, notice, stamp(self._clock.now()))
