"""Whether the rows about people, roles, settings and definitions are what the register's own entries make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from engine.core.events import ERASED, Entry
from engine.ledger.verify import Problem
from engine.store import definitions_shelf, journal, people, settings
from engine.store.database import Transaction

SETTINGS = ("origin", "public_key")


@dataclass(slots=True)
class Recorded:
    """What the register's own entries say, folded."""

    persons: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    grants: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    definitions: dict[str, tuple[int, str]] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Folds one entry in."""
        body, words = entry.event.body, entry.event.words
        match entry.event.name:
            case "register_opened":
                self.settings = {name: body[name] for name in SETTINGS} | {"opened_at": entry.at}
            case "person_added":
                email, name = (None if words[w] is ERASED else words[w] for w in ("email", "name"))
                self.persons[body["person"]] = (email, name)
            case "role_granted":
                self.grants.setdefault(body["person"], set()).add((body["role"], body["scope"]))
            case "role_revoked":
                self.grants.get(body["person"], set()).discard((body["role"], body["scope"]))
            case "definition_loaded":
                self.definitions[body["definition"]] = (entry.seq, body["source"])


def register_problems(tx: Transaction) -> Iterator[Problem]:
    """Yields what in the rows about the register is not what its entries make."""
    recorded = Recorded()
    for entry in journal.entries(tx, register_only=True):
        recorded.take(entry)
    yield from _people(tx, recorded)
    for name, value in recorded.settings.items():
        if settings.setting(tx, name) != value:
            yield Problem(None, "state", f"The setting {name} is not what was recorded when the register was made.")
    rows = definitions_shelf.definitions(tx)
    shelved = {row.digest: (row.loaded, sha256(str(row.source).encode()).hexdigest()) for row in rows}
    for digest in sorted(shelved.keys() | recorded.definitions.keys()):
        if shelved.get(digest) != recorded.definitions.get(digest):
            seq = recorded.definitions[digest][0] if digest in recorded.definitions else None
            yield Problem(seq, "state", f"The definition {digest} is not on the shelf as it was loaded.")


def _people(tx: Transaction, recorded: Recorded) -> Iterator[Problem]:
    known = {p.id: p for p in people.people(tx)}
    for person in sorted(known.keys() | recorded.persons.keys()):
        row, said = known.get(person), recorded.persons.get(person)
        if row is None or said is None or (row.email, row.name, row.active) != (*said, True):
            yield Problem(None, "state", f"What is stored of the person {person} is not what was recorded.")
        elif (row := people.person_by_email(tx, row.email or "")) is None or row.id != person:
            yield Problem(None, "state", f"The person {person} is not found by their e-mail.")
        if set(people.grants_of(tx, person)) != recorded.grants.get(person, set()):
            yield Problem(None, "state", f"The roles of the person {person} are not those that were given.")
