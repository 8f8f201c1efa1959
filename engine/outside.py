"""What leaves the register for other hands: receipts for those who decide, and checkpoints for outside places.

Both come after an act and never in its way. The act is history by then; what goes wrong here is noted, told, and tried
again by `anchor`, which whoever keeps the register has run every quarter of an hour.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from engine.choke_point import ChokePoint
from engine.clock import stamp
from engine.core.errors import CocycleError, IntegrityFailure
from engine.store import journal, people, settings
from engine.store.anchors import (
    LetterRow,
    anchors,
    forget_letter,
    letter_failed,
    letters,
    put_anchor,
    put_letter,
)
from engine.store.database import Transaction

if TYPE_CHECKING:
    from engine.anchoring.deliver import Ended, Errand
    from engine.anchoring.parcel import Parcel
    from engine.signer import Signed

AFTER_AN_ACT: Final = 2.0  # seconds that somebody who decided waits for outside places, at most
AT_LEISURE: Final = 20.0  # seconds, when nobody waits
SPARED: Final = 60.0  # seconds in which a place that failed is not asked again after an act
LETTERS: Final = 50  # at most, in one go
GATE_EVENTS: Final = ("decided", "affirmed", "advanced")


@dataclass(slots=True)
class Post:
    """Letters on their way: each with its address and receipt, and what came of it ("" is sent)."""

    bag: list[tuple[LetterRow, str, str]] = field(default_factory=list)
    gone: list[LetterRow] = field(default_factory=list)
    came_of: dict[LetterRow, str] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)


class Outside(ChokePoint):
    """Receipts and anchors."""

    def anchor(self) -> dict[str, Any]:
        """Takes the newest checkpoint to every outside place, and sends the receipts that wait.

        Returns:
            `checkpoint`, `size`, `places` (each with `place`, `size`, `at`, `tried_at`, `failure`), `letters` (`sent`,
            `waiting`) and `warnings`. What one place did not take is its `failure`.

        Raises:
            IntegrityFailure: `contradicted`, where a place holds what this ledger contradicts; or as signing.
        """
        from engine.signer import sign_head

        signed = sign_head(self.database)
        found = self._hand_over(signed, AT_LEISURE)
        if found["contradictions"]:
            raise IntegrityFailure(" ".join(found["contradictions"]), code="contradicted", details=found)
        return found

    def give_out(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the answer to a decision with its `receipt`; a decision at a gate goes to the outside places.

        `answer` is what `decide`, `affirm` or `advance` gave. It never fails and keeps nobody waiting for long: what
        went wrong stands in `warnings`, and the receipt is None where none could be made.
        """
        from engine.receipts import receipt
        from engine.signer import sign_head

        found: dict[str, Any] = {**answer, "receipt": None}
        warnings: list[str] = list(answer.get("warnings", ()))
        try:
            signed = sign_head(self.database)
            warnings += signed.warnings
            found["receipt"] = receipt(self.database, self.receipt_seq(answer))
            if answer.get("gate") and not answer["replayed"]:
                self._note_letter(self.receipt_seq(answer))
                done = self._hand_over(signed, AFTER_AN_ACT)
                warnings += [*done["contradictions"], *(_failures(done["places"]))]
        except CocycleError as error:
            warnings.append(error.message)
        return found | ({"warnings": warnings} if warnings else {})

    @staticmethod
    def receipt_seq(answer: Mapping[str, Any]) -> int:
        """Returns the entry that the answer to a decision is proven by: that of the decision itself."""
        events = list(answer["events"])
        place = next((n for n, name in enumerate(events) if name in GATE_EVENTS), len(events) - 1)
        return int(answer["seq"]) - len(events) + 1 + place

    def _note_letter(self, seq: int) -> None:
        """Notes that whoever made an entry gets its receipt by mail, where there is a server to send it by."""
        if self.settings.places.server is None:
            return
        with self.database.write() as tx:
            for entry in journal.entries(tx, first=seq, last=seq):
                put_letter(tx, seq, entry.by)

    def _hand_over(self, signed: Signed, seconds: float) -> dict[str, Any]:
        """Takes a checkpoint everywhere, with the letters; notes how it ended and returns `anchor`'s answer."""
        from engine.anchoring.deliver import errands_for, row_after, run_all
        from engine.signer import REMEMBERS

        places, parcel = self.settings.places, self._parcel(signed, seconds)
        now = stamp(self.clock.now())
        with self.database.read() as tx:
            kept = anchors(tx)
            marked = settings.setting(tx, REMEMBERS) is not None
        spared = {r.place for r in kept.values() if seconds < AT_LEISURE and r.failure and _lately(r.tried_at, now)}
        errands = errands_for(places, kept, parcel, spared)
        post = self._post_bag()
        ended = run_all(errands | self._letter_errand(post, parcel), seconds)
        post.stop.set()
        letters_ended = ended.pop("letters", None)
        sent = [letter for letter, why in post.came_of.items() if not why]
        if ended or post.bag or post.gone or not marked:
            with self.database.write() as tx:
                for name, end in ended.items():
                    if not (end.note or end.failure):
                        continue
                    put_anchor(tx, row_after(name, kept.get(name), end, parcel, now))
                self._note_letters(tx, post, letters_ended)
                if not marked and not signed.warnings:
                    settings.put_setting(tx, REMEMBERS, "yes")  # from here on its memory being gone is a finding
        with self.database.read() as tx:
            rows, waiting = anchors(tx), len(letters(tx, LETTERS))
        return {
            "checkpoint": signed.note,
            "size": signed.size,
            "places": [_place(label, name, rows) for name, label in places.labels().items()],
            "letters": {"sent": len(sent), "waiting": waiting},
            "contradictions": [end.failure for end in ended.values() if end.contradiction],
            "warnings": list(signed.warnings),
        }

    def _parcel(self, signed: Signed, seconds: float) -> Parcel:
        from engine.anchoring.parcel import Parcel
        from engine.ledger.checkpoint import open_checkpoint
        from engine.ledger.tree import consistency
        from engine.signer import verifiers_of
        from engine.store.proofs import nodes_of

        with self.database.read() as tx:
            verifiers = tuple(verifiers_of(tx))
        checkpoint, _ = open_checkpoint(signed.note, verifiers)

        def proof(old: int) -> list[bytes]:
            with self.database.read() as tx:
                return consistency(old, checkpoint.size, nodes_of(tx))

        def size() -> int:
            with self.database.read() as tx:
                return journal.head(tx).size

        return Parcel(signed.note, checkpoint, verifiers, proof, size, seconds)

    def _post_bag(self) -> Post:
        """Returns the letters to send now; those to people who were erased are taken off the list."""
        from engine.receipts import receipt

        post = Post()
        if self.settings.places.server is None:
            return post
        with self.database.read() as tx:
            waiting = [(letter, people.person_by_id(tx, letter.person)) for letter in letters(tx, LETTERS)]
        for letter, person in waiting:
            if person is None or person.email is None:
                post.gone.append(letter)
            else:
                post.bag.append((letter, person.email, receipt(self.database, letter.seq)))
        return post

    def _letter_errand(self, post: Post, parcel: Parcel) -> dict[str, Errand]:
        if not post.bag:
            return {}
        from engine.anchoring.mail import send_receipt
        from engine.anchoring.parcel import NotTaken

        places = self.settings.places

        def send() -> str:
            for letter, address, receipt in post.bag:
                if post.stop.is_set():
                    break
                try:
                    send_receipt(address, parcel.checkpoint.origin, letter.seq, receipt, places, parcel.seconds)
                    post.came_of[letter] = ""
                except NotTaken as error:
                    post.came_of[letter] = str(error)
            return ""

        return {"letters": send}

    @staticmethod
    def _note_letters(tx: Transaction, post: Post, ended: Ended | None) -> None:
        for letter in post.gone:
            forget_letter(tx, letter)
        for letter, _, _ in post.bag:
            why = post.came_of.get(letter, ended.failure if ended is not None else "")
            if letter in post.came_of and not why:
                forget_letter(tx, letter)
            else:
                letter_failed(tx, letter, why or "It was not its turn yet.")


def _place(label: str, name: str, rows: Mapping[str, Any]) -> dict[str, Any]:
    row = rows.get(name)
    found: dict[str, Any] = {"place": label, "size": 0, "at": None, "tried_at": None, "failure": None}
    if row is not None:
        found |= {"size": row.size, "at": row.at or None, "tried_at": row.tried_at, "failure": row.failure}
    return found


def _failures(places: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"The checkpoint has not reached {one['place']}. {one['failure']}" for one in places if one["failure"]]


def _lately(tried_at: str, now: str) -> bool:
    return (datetime.fromisoformat(now) - datetime.fromisoformat(tried_at)).total_seconds() < SPARED
