"""The engine's notices: what there is, to whom, and what became of it; one as it reads; sending one again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import orjson

from engine.choke_point import ChokePoint
from engine.clock import stamp
from engine.core.errors import CocycleError, InputRefused, NotFound
from engine.deadlines_whose import whose
from engine.notices.box import channels, reminders_in
from engine.notices.wanted import DIGEST, NOTICE
from engine.room import Room
from engine.store import outbox, people
from engine.store.database import Transaction
from engine.store.outbox import DELIVERED, STATES, WAITING, Delivery
from engine.turn import ENDLESS, Turn

# What writes and sends is imported by the methods: most commands do neither, and it takes long to load.

MOST_LISTED: Final = 1_000
STALE: Final = timedelta(days=14)
KEPT: Final = timedelta(days=90)  # a notice that was given up; then it is taken out of the list
TOO_OLD: Final = f"Not sent: it waited for more than {STALE.days} days, and what is that old helps nobody."
NO_SERVER: Final = "Not sent yet: no mail server is set (COCYCLE_MAIL_SERVER)."
MAIL: Final = "e-mail"


class Notices(ChokePoint):
    """Notices to people."""

    def send_notices(self, limit: int = 10_000, turn: Turn = ENDLESS) -> dict[str, Any]:
        """Sends the notices that are due, at most `limit`, while it is our turn; gives up what is too old to help.

        Returns:
            `notices`: `sent`; `needless`, which had nothing to say any more; `failed`, to be tried again; `dead`,
            given up just now; `waiting`, due or not; and `server`, whether a mail server is set.
        """
        from engine.outbox import Box, Tally
        from engine.telling.sending import Sending

        box = Box(self.database, self.clock, turn)
        sending = Sending(self.database, self.room, self.settings, self.host, self.clock)
        try:
            box.deliver(sending.looks(), limit)
            deliverers = sending.deliverers()
            stale = self._give_up_stale()
            tally = box.deliver(deliverers, limit) if self._any_waits() else Tally()
        finally:
            sending.close()
        with self.database.read() as tx:
            left = outbox.waiting_under(tx, NOTICE)
        return {
            "notices": {
                "sent": tally.delivered - sending.needless,
                "needless": sending.needless,
                "failed": tally.failed,
                "dead": tally.dead + stale,
                "waiting": left,
                "server": self.settings.places.server is not None,
            }
        }

    def notices(
        self, person: str | None = None, *, mine: str | None = None, state: str | None = None, limit: int = 50
    ) -> dict[str, Any]:
        """Returns the notices there are, newest first.

        Args:
            person: the e-mail of somebody, for theirs only.
            mine: the e-mail of whoever asks, for theirs only, in place of `person`.
            state: waiting, delivered or dead; None for all.

        Returns:
            `notices`, each with `id`, `person`, `name`, `kind`, `project`, `what`, `channel`, `state`, `tries`,
            `made_at`, `next_at`, `done_at`, `told` and `reminders`; `counts` by state, over all; and `server`, whether
            a mail server is set.

        Raises:
            InputRefused: there is no such state.
            NotFound: nobody has that e-mail.
            NotPermitted: `unknown_person`; nobody has the e-mail of whoever asks.
        """
        if state is not None and state not in STATES:
            raise InputRefused(f"A notice is {', '.join(STATES[:-1])} or {STATES[-1]}, not {state}.")
        most = max(1, min(limit, MOST_LISTED))
        with self.database.read() as tx:
            if mine is not None:
                found = self._of(tx, whose(tx, mine).person, state)
            elif person is None:
                found = outbox.deliveries(tx, f"{NOTICE}:", state, most)
                found += outbox.deliveries(tx, NOTICE, state, most)
            else:
                found = self._of(tx, self.room.known_person(tx, person), state)
            found = sorted({one.id: one for one in found}.values(), key=lambda one: -one.id)[:most]
            server = self.settings.places.server is not None
            shown = [_listed(tx, self.room, one, server=server) for one in found]
            return {"notices": shown, "counts": outbox.counts(tx, NOTICE), "server": server}

    def notice(self, number: int) -> dict[str, Any]:
        """Returns a notice as `notices` does, with `to`, `subject`, `text`, `html` and `as_of`.

        One that was sent is written again from the register as it stood then, so that what was erased since is not in
        it; one that waits, as it would be sent now. Where nothing would be sent, `text` is None and `told` says why.

        Raises:
            NotFound: there is no such notice.
        """
        from engine.telling.composing import NOTHING_SENT, compose
        from engine.telling.seen import NobodyToTell, NothingToSay, Seen

        with self.database.read() as tx:
            one = self._numbered(tx, number)
            then = one.state == DELIVERED and one.done_at is not None
            at = str(one.done_at) if then else stamp(self.clock.now())
            seen = Seen(tx, self.room, at, self.settings.url, then)
            shown = _listed(tx, self.room, one, server=self.settings.places.server is not None)
            shown |= {"to": None, "subject": None, "text": None, "html": None, "as_of": at}
            row = people.person_by_id(tx, shown["person"])
            shown["to"] = None if row is None else row.email
            if then and str(one.told).startswith(NOTHING_SENT):
                return shown
            try:
                letter = compose(seen, one).letter
            except (NothingToSay, NobodyToTell) as why:
                shown["told"] = shown["told"] or str(why)
                return shown
            except CocycleError as error:  # the project cannot be read as it stood then
                shown["told"] = error.message
                return shown
            return {**shown, "subject": letter.subject, "text": letter.plain(), "html": letter.html()}

    def resend(self, number: int) -> dict[str, Any]:
        """Makes a notice due once more, whatever became of it, under the id it had; returns `id` and `busy`.

        Raises:
            NotFound: there is no such notice.
        """
        with self.database.write() as tx:
            one = self._numbered(tx, number)
            return {"id": one.id, "busy": not outbox.again(tx, one.id, stamp(self.clock.now()))}

    def _numbered(self, tx: Transaction, number: int) -> Delivery:
        one = outbox.delivery(tx, number) if 0 < number < 2**63 else None
        if one is None or not (one.topic == NOTICE or one.topic.startswith(f"{NOTICE}:")):
            raise NotFound(f"There is no notice {number}. See: cocycle notices.", code="no_such_notice")
        return one

    @staticmethod
    def _of(tx: Transaction, person: str, state: str | None) -> list[Delivery]:
        topics = [NOTICE, *(f"{NOTICE}:{use}" for use in channels(tx))]
        found = [one for topic in topics for one in outbox.all_about(tx, topic, f"{person}/")]
        return [one for one in found if state in (None, one.state)]

    def _any_waits(self) -> bool:
        with self.database.read() as tx:
            return outbox.waiting_under(tx, NOTICE) > 0

    def _give_up_stale(self) -> int:
        """Gives up what was due two weeks ago and nobody sent; takes out what is far older, given up or never sent."""
        now = self.clock.now()
        at, stale, old = stamp(now), stamp(now - STALE), stamp(now - KEPT)
        with self.database.read() as tx:
            some, forgotten = outbox.stale(tx, NOTICE, stale, at), outbox.dead_before(tx, NOTICE, old)
        if some or forgotten:
            with self.database.write() as tx:
                outbox.prune_stale(tx, NOTICE, old, at)
                some = outbox.give_up_stale(tx, NOTICE, stale, at, TOO_OLD)
                outbox.prune_dead(tx, NOTICE, old)
        return some


def _listed(tx: Transaction, room: Room, one: Delivery, *, server: bool) -> dict[str, Any]:
    payload = orjson.loads(one.payload)
    waits = one.state == WAITING
    row = people.person_by_id(tx, payload["person"])
    channel = one.topic.partition(":")[2] or MAIL
    reminders = reminders_in(tx, payload["person"], payload["about"]["day"]) if payload["kind"] == DIGEST else []
    return {
        "id": one.id,
        "person": payload["person"],
        "name": None if row is None else row.name,
        "kind": payload["kind"],
        "project": payload["project"],
        "gate": _gate(tx, room, payload),
        "day": payload["about"].get("day"),
        "channel": channel,
        "state": one.state,
        "tries": one.tries,
        "made_at": one.made_at,
        "next_at": one.next_at if waits else None,
        "done_at": one.done_at,
        "told": NO_SERVER if waits and not one.told and channel == MAIL and not server else one.told,
        "reminders": [{"project": r["project"], **r["about"]} for r in reminders],
    }


def _gate(tx: Transaction, room: Room, payload: Mapping[str, Any]) -> str | None:
    """Returns what people call the gate a notice is about; None where it is about none, or nobody knows any more."""
    gate = payload["about"].get("gate")
    if gate is None:
        return None
    try:
        return room.workflow(tx, room.stored(tx, payload["project"]).definition).gates[gate].title
    except (CocycleError, KeyError):
        return str(gate)
