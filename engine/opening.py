"""Makes a register and opens one: the database, its signing key beside it, its first entries."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine import keys
from engine.clock import Clock, SystemClock
from engine.core.errors import InputRefused, StorageUnavailable
from engine.core.events import Event
from engine.core.outcome import Accepted, Actor, Refused
from engine.core.rulings import register as rulings
from engine.due import derived_by
from engine.ledger.checkpoint import Checkpoint, sign_checkpoint
from engine.ledger.note import BadKeyName, new_key, read_signer
from engine.rebuilding import BY
from engine.refusals import raise_refusal
from engine.replies import reply
from engine.room import Room, new_id
from engine.signer import REMEMBERS, checked
from engine.signer_memory import memory_file, write_memory
from engine.signing_key import key_file, waiting_file, write_key
from engine.stays import note_stays_current
from engine.store import definitions_shelf, journal, people, settings
from engine.store.database import Database, Transaction, create_database
from engine.store.definitions_shelf import DefinitionRow


def create(
    where: Path, *, origin: str | None, admin: str | None, name: str | None, clock: Clock | None = None
) -> tuple[Database, dict[str, Any]]:
    """Makes a register with its key, its first admin where one is named, and the shipped definitions loaded.

    Nothing is left behind where it fails.

    Raises:
        InputRefused: something is there already, or the origin or the e-mail cannot be used.
        StorageUnavailable: the folder cannot be written.
    """
    if origin is None:
        origin = f"cocycle.local/{secrets.token_hex(4)}"
    if name is not None and admin is None:
        raise InputRefused("A name goes with an admin: give --admin, too.")
    try:
        signer, verifier = new_key(origin)
    except BadKeyName as error:
        raise InputRefused(f"The origin cannot be used: {error}.") from error
    key, memory = key_file(where), memory_file(where)
    for what, found in (("signing key", key), ("new signing key", waiting_file(where)), ("signer's memory", memory)):
        if os.path.exists(found):  # a name too long to be one is told of by whoever makes the file
            raise InputRefused(f"There is a {what} at {found} already; a new register needs a place of its own.")
    database = create_database(where)
    try:
        with database.write() as tx:
            answer = _first_entries(tx, Room(clock or SystemClock()), origin, verifier, admin, name)
            # before the commit: a register without its key could never sign, a key without a register harms nobody
            write_key(key, signer + "\n")
            _remember(tx, where, signer)
            settings.put_setting(tx, BY, derived_by(()))  # it has no project whose deadlines were not derived so
            note_stays_current(tx)
    except BaseException:
        database.close()
        for path in (where, key, memory, *(where.with_name(where.name + end) for end in ("-wal", "-shm"))):
            path.unlink(missing_ok=True)
        raise
    return database, {**answer, "register": str(where), "origin": origin, "public_key": verifier}


def _first_entries(
    tx: Transaction, room: Room, origin: str, verifier: str, admin: str | None, name: str | None
) -> dict[str, Any]:
    from engine.shipped import definitions

    person = new_id("p") if admin is not None else ""
    events = [Event("register_opened", None, {"origin": origin, "public_key": verifier})]
    if admin is not None:
        events += _granted(admin, name or admin.partition("@")[0], person)
    given = definitions()
    events += [
        Event(
            "definition_loaded",
            None,
            {"workflow": found.id, "definition": found.digest, "source": room.text_digest(found.raw)},
        )
        for found in given
    ]
    key = new_id("k")
    for place, found in enumerate(given):
        loaded = len(events) - len(given) + place
        definitions_shelf.put_definition(tx, DefinitionRow(*found[:-1], found.raw.decode("utf-8-sig"), loaded))
    entries = _append(tx, room, events, key)
    return reply(entries, key, replayed=False)


def _remember(tx: Transaction, where: Path, signer: str) -> None:
    """Has the signer remember the register as it begins, so that its memory being gone is never taken for its start."""
    settings.put_setting(tx, REMEMBERS, "yes")
    edge, key = checked(tx, None), read_signer(signer)
    try:
        write_memory(where, sign_checkpoint(Checkpoint(key.name, edge.size, edge.root()), key), edge)
    except OSError as error:
        raise StorageUnavailable(
            f"The signer's memory cannot be written to {memory_file(where)}: {error.strerror}."
        ) from error


def _granted(admin: str, name: str, person: str) -> Sequence[Event]:
    nobody, empty = Actor("", admin), rulings.Registry(admins=0)
    outcome = rulings.add_person(nobody, empty, person, admin.strip(), name, ["admin"], rulings.Scope())
    if isinstance(outcome, Refused):
        raise_refusal(outcome, lambda _: None)
    assert isinstance(outcome, Accepted)
    return outcome.events


def _append(tx: Transaction, room: Room, events: Sequence[Event], key: str) -> list[Any]:
    entries = journal.append(
        tx,
        [(event, 0) for event in events],
        at=room.at(tx),
        by="system",
        key_hash=keys.hash_of(key),
        fingerprint=keys.fingerprint(key, ["init"]),
    )
    for entry in entries:
        people.apply_register_entry(tx, entry)
    return entries
