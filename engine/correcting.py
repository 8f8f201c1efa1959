"""Corrections: an entry that says beside another that it is wrong, and what is right; nothing edits the ledger.

The entry that is wrong stays, hash and all, and so does every state that was made from it. What it should have led to
is done as an act of its own (a record is withdrawn, a role taken away); the correction is for whoever reads the ledger.
Two people put their names to it, so that nobody alone can talk a fact away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.choke_point import Call, ChokePoint
from engine.core.authority import ADMIN, AUDITOR, MANAGER, refuse
from engine.core.errors import NotFound
from engine.core.events import Entry, Event
from engine.core.outcome import Accepted, Actor, Outcome, bad_input
from engine.core.rulings.opening import Mistakes, reason_in
from engine.store import journal
from engine.store.database import Transaction

SRO = "sro"


@dataclass(frozen=True, slots=True)
class Faulty:
    """The entry that is said to be wrong: its index, its leaf hash, who made it, and the project it speaks of."""

    seq: int
    leaf: str
    by: str
    project: str | None


def correct(actor: Actor, second: Actor, faulty: Faulty, reason: str) -> Outcome:
    """Rules on a correction: two different people, each of whom may, and a reason.

    The first made the entry, or is a programme manager or an admin; an auditor corrects nothing they made, since they
    write nothing but regradings. The second is a programme manager, an admin, or the sro of the entry's project.
    """
    mistakes: Mistakes = []
    words = reason_in(reason, mistakes)
    if mistakes:
        return bad_input(mistakes)
    made_it = actor.person == faulty.by and AUDITOR not in actor.register
    if not actor.person or not (made_it or actor.register & {MANAGER, ADMIN}):
        return refuse(actor, "Only the person who made an entry, a programme manager or an admin may correct it.")
    if second.person == actor.person:
        return refuse(actor, "A correction needs two people, and the second is somebody else.")
    sro = SRO in second.held and AUDITOR not in second.register
    if not (sro or second.register & {MANAGER, ADMIN}):
        who = (
            "a programme manager, an admin or the project's sro"
            if faulty.project
            else "a programme manager or an admin"
        )
        return refuse(actor, f"{second.name} may not be the second person of a correction; {who} may.")
    body = {"entry": faulty.seq, "leaf": faulty.leaf, "second": second.person}
    if faulty.project is not None:
        body["project"] = faulty.project
    return Accepted((Event("corrected", None, body, {"reason": words}),))


class Correcting(ChokePoint):
    """The act of correcting."""

    def correct(
        self, seq: int, reason: str, second: str, *, actor: str | None, key: str | None = None
    ) -> dict[str, Any]:
        """Says beside an entry of the ledger that it is wrong, and what is right; changes no state.

        Raises:
            NotFound: there is no such entry, or nobody has the second person's e-mail.
        """

        def ruling(tx: Transaction, person: Actor) -> Outcome:
            faulty = _faulty(tx, seq)
            workflow = None
            if faulty.project is not None:
                workflow = self.room.workflow(tx, self.room.stored(tx, faulty.project).definition)
            other = self.room.actor(tx, second, faulty.project, workflow)
            if not other.person:
                raise NotFound(f"Nobody with the e-mail {second} is known in this register.", code="no_such_person")
            return correct(person, other, faulty, reason)

        return self._change_register(Call(actor, key, ["correct", seq, reason, second]), ruling)


def _faulty(tx: Transaction, seq: int) -> Faulty:
    size = journal.head(tx).size
    if not 0 <= seq < size:
        raise NotFound(f"The ledger has no entry {seq}; its last is {size - 1}.")
    entry: Entry = next(journal.entries(tx, first=seq, last=seq))
    spoken_of = entry.event.project or entry.event.body.get("project")
    return Faulty(seq, entry.leaf, entry.by, spoken_of)
