"""The acts on the signing key, each by two admins: changing it, and beginning anew after a loss."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from typing import Any, NamedTuple

from engine.choke_point import Call, ChokePoint
from engine.core.authority import ADMIN, refuse
from engine.core.errors import IntegrityFailure, StorageUnavailable
from engine.core.events import Event
from engine.core.outcome import Accepted, Actor, Outcome, Refused, bad_input
from engine.core.values import BadValue, text
from engine.store import journal, people, settings
from engine.store.database import Transaction


class Lost(NamedTuple):
    """What the signer signed last of a ledger that was lost: size, root (base64), origin; None where nobody knows."""

    size: int | None = None
    root: str | None = None
    origin: str | None = None


class Rekeying(ChokePoint):
    """Changing the signing key, and recovering the ledger. Each takes the e-mail of a second admin."""

    def rotate_key(self, reason: str, second: str, *, actor: str | None, key: str | None = None) -> dict[str, Any]:
        """Puts a new signing key in the place of the old one, which signs for it and is then destroyed.

        Wherever this is cut short the register has one key that it names, and signs with it.

        Raises:
            IntegrityFailure: the register contradicts what was signed; nothing is signed for it.
        """
        from engine.ledger.checkpoint import Checkpoint, sign_checkpoint
        from engine.ledger.note import new_key
        from engine.ledger.rotation import sign_rotation
        from engine.signer import PUBLIC_KEY, checked, remembered
        from engine.signer_memory import write_memory
        from engine.signing_key import discard_unused, one_at_a_time, own_key, put_in_place, waiting_file, write_key

        register = self.database.path

        def begin(tx: Transaction) -> Event:
            public_key = settings.setting(tx, PUBLIC_KEY) or ""
            put_in_place(register, public_key)
            edge = checked(tx, remembered(tx, register))
            signer = own_key(register, public_key)
            text_of_new, new = new_key(signer.name)
            try:
                write_memory(
                    register, sign_checkpoint(Checkpoint(signer.name, edge.size, edge.root()), signer), edge
                )  # the old key is about to sign this, so it is remembered first
            except OSError as error:
                raise StorageUnavailable(f"The signer's memory cannot be written: {error.strerror}.") from error
            discard_unused(register, public_key)  # of an attempt that was cut short
            write_key(waiting_file(register), text_of_new + "\n")
            settings.put_setting(tx, PUBLIC_KEY, new)
            return Event("key_rotated", None, sign_rotation(signer, new, edge.size, edge.root()))

        with one_at_a_time(register):
            return self._new_key(Call(actor, key, ["ledger rotate-key", reason, second]), reason, second, begin)

    def recover(self, reason: str, second: str, *, actor: str | None, key: str | None = None) -> dict[str, Any]:
        """Begins a new signature under a new name, where what was signed before is lost for ever.

        The event says what was signed and what is here, so that `verify` tells it from then on. Refused where nothing
        was lost.

        Raises:
            IntegrityFailure: an entry that is here was altered: that is no loss, and nothing is signed for it.
        """
        from engine.ledger.note import new_key
        from engine.signer import PUBLIC_KEY, checked, sign_held
        from engine.signing_key import discard_unused, one_at_a_time, put_in_place, waiting_file, write_key

        register = self.database.path

        def begin(tx: Transaction) -> Event | Refused:
            public_key = settings.setting(tx, PUBLIC_KEY) or ""
            put_in_place(register, public_key)
            lost = self._lost(tx)
            if lost is None:
                return Refused(
                    "rules", "nothing_lost", "Nothing was lost: the signer remembers this register, and has its key."
                )
            edge = checked(tx, None)
            name = _next_name(tx, lost)
            text_of_new, new = new_key(name)
            discard_unused(register, public_key)  # of an attempt that was cut short
            write_key(waiting_file(register), text_of_new + "\n")
            settings.put_setting(tx, PUBLIC_KEY, new)
            settings.put_setting(tx, "origin", name)
            body = {"from": public_key, "to": new, "size": edge.size}
            body |= {"root": base64.b64encode(edge.root()).decode(), "lost_size": lost.size, "lost_root": lost.root}
            return Event("ledger_recovered", None, body)

        with one_at_a_time(register):
            answer = self._new_key(Call(actor, key, ["ledger recover", reason, second]), reason, second, begin)
            if not answer["replayed"]:
                signed = sign_held(self.database, anew=True)
                return answer | {"warnings": list(signed.warnings)}
            return answer

    def _new_key(
        self, call: Call, reason: str, second: str, begin: Callable[[Transaction], Event | Refused]
    ) -> dict[str, Any]:
        """Records that a new key begins, and puts it in its place; where that does not come about, it is destroyed."""
        from engine.signer import PUBLIC_KEY
        from engine.signing_key import discard_unused, put_in_place

        register = self.database.path

        def ruling(tx: Transaction, person: Actor) -> Outcome:
            other = self.room.known_person(tx, second)
            if no := _refusal(tx, person, other, reason):
                return no
            made = begin(tx)
            if isinstance(made, Refused):
                return made
            body = {**made.body, "second": other}
            return Accepted((Event(made.name, None, body, {"reason": text(reason, "The reason")}),))

        try:
            answer = self._change_register(call, ruling)
        finally:  # whether it committed is what the register says, not how the call ended
            with self.database.read() as tx:
                public_key = settings.setting(tx, PUBLIC_KEY) or ""
            put_in_place(register, public_key)
            discard_unused(register, public_key)
        with self.database.read() as tx:
            (entry,) = journal.entries(tx, first=answer["seq"], last=answer["seq"])
        body = entry.event.body
        found = {"public_key": body["to"], "old_public_key": body["from"], "origin": body["to"].partition("+")[0]}
        if entry.event.name == "ledger_recovered":
            found |= {name: body[name] for name in ("size", "lost_size")}
        return answer | found

    def _lost(self, tx: Transaction) -> Lost | None:
        """Returns what was lost; None where the register, the memory and the key agree.

        Raises:
            IntegrityFailure: an entry was altered, which is another thing than a loss.
        """
        from engine.signer import PUBLIC_KEY, checked, remembered
        from engine.signing_key import own_key

        register, memory = self.database.path, None
        try:
            memory = remembered(tx, register)
            checked(tx, memory)
        except IntegrityFailure as failure:
            if failure.code == "memory_lost":
                return Lost()
            if failure.code == "older_copy":
                return Lost(*(failure.details[f"signed_{name}"] for name in Lost._fields))
            raise
        try:
            own_key(register, settings.setting(tx, PUBLIC_KEY) or "")
        except StorageUnavailable as failure:
            if failure.code != "no_key":
                raise
            if memory is None:
                return Lost()
            signed = memory.checkpoint
            return Lost(signed.size, base64.b64encode(signed.root).decode(), signed.origin)
        return None


def _refusal(tx: Transaction, person: Actor, other: str, reason: str) -> Refused | None:
    """Returns why these two may not do it; None where they may."""
    try:
        text(reason, "The reason")
    except BadValue as bad:
        return bad_input([("reason", str(bad))])
    if not person.person or ADMIN not in person.register:
        return refuse(person, "Only an admin may change the signing key, with a second admin.")
    if other == person.person:
        return Refused("not_permitted", "not_permitted", "The second person must be another admin than the first.")
    row = people.person_by_id(tx, other)
    if row is None or not row.active or (ADMIN, people.WHOLE_REGISTER) not in people.grants_of(tx, other):
        return Refused("not_permitted", "not_permitted", "The second person must be an admin, too.")
    return None


def _next_name(tx: Transaction, lost: Lost) -> str:
    """Returns a name that no signature of this ledger had: strangers hold that a name has one history."""
    from engine.signer import key_changes

    names = [change.public_key.partition("+")[0] for change in key_changes(tx)]
    first = names[0]
    ends = [name.removeprefix(f"{first}/") for name in (*names, lost.origin or "") if name.startswith(f"{first}/")]
    number = max([1, *(int(n) for end in ends if (n := end.partition("-")[0]).isdecimal())]) + 1
    return f"{first}/{number}" if lost.origin else f"{first}/{number}-{secrets.token_hex(4)}"
