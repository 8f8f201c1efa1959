"""The clock of this machine against what the register knows: looking at it, and an admin's word that it is right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from engine.choke_point import Call, ChokePoint
from engine.core.errors import RulesRefused
from engine.core.outcome import Refused
from engine.core.rulings import register as rulings
from engine.known_time import gap_in_words, known_time, refuse_ahead, refuse_behind, since
from engine.refused import Attempt
from engine.store import journal
from engine.store.database import Transaction

HOUR: Final = timedelta(hours=1)


class Clocks(ChokePoint):
    """What is known about the time, and the one act that makes a clock known which is far ahead."""

    def clock_state(self) -> dict[str, Any]:
        """Returns how the clock stands.

        Returns:
            `now`, `last_event` and `last_beat` (of a worker; None where there was none), RFC 3339 in UTC; `ahead`
            in words, from the newer of the two to now, empty where that is less than an hour; `state`: `fine`,
            `ahead` (an admin has to confirm it) or `behind` (nothing can be written); and `message`, what to do.
        """
        with self.database.read() as tx:
            time = known_time(tx, self.clock)
        message = "The clock can be used."
        for refuse in (refuse_behind, refuse_ahead):
            try:
                refuse(time)
            except RulesRefused as error:
                message = error.message
        return {
            "now": time.now,
            "last_event": time.last_entry or None,
            "last_beat": time.last_beat or None,
            "ahead": gap_in_words(time.known, time.now) if since(time.known, time.now) >= HOUR else "",
            "state": "behind" if time.behind else "ahead" if time.ahead else "fine",
            "message": message,
        }

    def confirm_clock(self, *, actor: str | None, key: str | None = None) -> dict[str, Any]:
        """Makes this clock known, which is more than 24 hours ahead; from then on everybody may write again.

        Returns:
            The answer to a write, with `was`, the newest moment that was known, and `now`, the moment confirmed.

        Raises:
            NotPermitted: this person is no admin. It goes on record under the last entry's moment, since a clock that
                is not confirmed says nothing.
            RulesRefused: `nothing_to_confirm`; `clock_behind`.
        """
        call = Call(actor, key, ["clock confirm"])
        answer: dict[str, Any] | None = None
        with self.database.write() as tx:
            seen = self._seen(tx, call)
            if isinstance(seen, dict):
                return seen | self._confirmed(tx, seen)
            time = known_time(tx, self.clock)
            refuse_behind(time)
            person = self.room.actor(tx, call.actor, None, None)
            ruled = self._heard(tx, rulings.confirm_clock(person, time.known, ahead=time.ahead), seen, call)
            if isinstance(ruled, Refused):
                at = time.last_entry if time.ahead else max(time.now, time.last_entry)
                refusal = self._put_on_record(tx, ruled, Attempt(call.asked[0], ruled.code), person, at)
            else:
                answer = self._append(tx, None, ruled.events, None, person, call, time.now)
                answer |= self._confirmed(tx, answer)
        if answer is None:
            raise refusal
        self.log("act", verb=call.asked[0], seq=answer["seq"])
        return answer

    @staticmethod
    def _confirmed(tx: Transaction, answer: dict[str, Any]) -> dict[str, Any]:
        (entry,) = journal.entries(tx, first=answer["seq"], last=answer["seq"])
        return {"was": entry.event.body["was"], "now": entry.at}
