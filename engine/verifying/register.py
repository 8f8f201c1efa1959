"""Whether the rows about people, roles, settings and definitions are what the register's own entries make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any

import orjson

from engine.core.errors import CocycleError
from engine.ledger.key_chain import KeyChain
from engine.ledger.leaf import Leaf
from engine.ledger.note import BadKey, read_verifier
from engine.ledger.verify import Problem, Tree
from engine.store import definitions_shelf, people, settings
from engine.store.database import Transaction
from engine.store.everything import Word
from engine.store.people import PersonRow
from engine.verifying.roles import Roles

KEY_EVENTS = frozenset({"register_opened", "key_rotated", "ledger_recovered"})
_GONE = "gone"  # in the place of words that are missing; whether they may be is told elsewhere


class Register:
    """What the register's own entries say, folded.

    Attributes:
        roles: who held which role when.
        chain: the keys that signed for the register, from rotation to rotation.
        losses: a sentence for each time the ledger began anew after a loss.
        loaded: of each definition the index of the entry that loaded it first.
        people: what was recorded of each person, by id: e-mail, name, and False for active once they were erased.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self.roles = Roles()
        self.chain = KeyChain()
        self.people: dict[str, tuple[Any, Any, bool]] = {}
        self.losses: list[str] = []
        self.loaded: dict[str, int] = {}
        self._definitions: dict[str, tuple[int, str]] = {}
        self._settings: dict[str, str] = {}
        self._problems = problems

    def take(self, seq: int, leaf: Leaf, words: list[Word], tree: Tree) -> None:
        """Folds an entry in; `tree` is the one that ends with it."""
        body = leaf.body
        match leaf.name:
            case "person_added":
                said = _read(words)
                self.people[body["person"]] = (said.get("email", _GONE), said.get("name", _GONE), True)
            case "person_erased":
                self.people[body["person"]] = (None, None, False)
            case "role_granted" | "role_revoked":
                self.roles.change(seq, body, given=leaf.name == "role_granted")
            case "definition_loaded":
                self._definitions[body["definition"]] = (seq, body["source"])
                self.loaded.setdefault(body["definition"], seq)
            case "corrected":
                if not 0 <= body["entry"] < seq or tree.leaf_hash(body["entry"]).hex() != body["leaf"]:
                    message = f"Entry {seq} corrects entry {body['entry']}, and names other bytes than stand there."
                    self._problems.append(Problem(seq, "correction", message))
            case name if name in KEY_EVENTS:
                self._key(seq, leaf, tree)

    def _key(self, seq: int, leaf: Leaf, tree: Tree) -> None:
        self.chain.add(seq, leaf, tree.root_at(tree.size - 1), self._problems)
        if leaf.name == "register_opened":
            self._settings = {"origin": leaf.body["origin"], "public_key": leaf.body["public_key"]}
            self._settings["opened_at"] = leaf.at
            return
        self._settings["public_key"] = leaf.body["to"]
        if leaf.name == "ledger_recovered":
            lost = leaf.body["lost_size"]
            signed = "more had been signed" if lost is None else f"{lost} entries had been signed"
            self.losses.append(f"Entry {seq} says that entries were lost: {seq} were left, and {signed}.")
        with suppress(BadKey):  # told by the chain of keys
            self._settings["origin"] = read_verifier(leaf.body["to"]).name

    def problems(self, tx: Transaction) -> Iterator[Problem]:
        """Yields what in the rows about the register is not what its entries make."""
        yield from self._of_people(tx)
        for name, value in self._settings.items():
            if settings.setting(tx, name) != value:
                yield Problem(None, "state", f"The setting {name} is not what was recorded.")
        rows = definitions_shelf.definitions(tx)
        shelved = {row.digest: (row.loaded, sha256(str(row.source).encode()).hexdigest()) for row in rows}
        for digest in sorted(shelved.keys() | self._definitions.keys()):
            if shelved.get(digest) != self._definitions.get(digest):
                seq = self._definitions[digest][0] if digest in self._definitions else None
                yield Problem(seq, "state", f"The definition {digest} is not on the shelf as it was loaded.")
        for row in rows:
            try:
                definitions_shelf.definition(tx, row.digest)  # hashes it again
            except CocycleError as error:
                yield Problem(row.loaded, "definition", error.message)
                continue
            said = orjson.loads(row.canonical)  # its digest holds, so it is what was loaded
            named = tuple(map(said.get, ("id", "version", "title"))) if isinstance(said, dict) else ()
            if (row.workflow, row.version, row.title) != named:
                yield Problem(row.loaded, "definition", f"The definition {row.digest} is listed under another's name.")

    def _of_people(self, tx: Transaction) -> Iterator[Problem]:
        known = {p.id: p for p in people.people(tx)}
        held = self.roles.now()
        for person in sorted(known.keys() | self.people.keys()):
            row, said = known.get(person), self.people.get(person)
            if row is None or said is None or not _is(row, said):
                yield Problem(None, "state", f"What is stored of the person {person} is not what was recorded.")
            elif row.email is not None and (
                (found := people.person_by_email(tx, row.email)) is None or found.id != person
            ):
                yield Problem(None, "state", f"The person {person} is not found by their e-mail.")
            if set(people.grants_of(tx, person)) != held.get(person, set()):
                yield Problem(None, "state", f"The roles of the person {person} are not those that were given.")


def _is(row: PersonRow, said: tuple[Any, Any, bool]) -> bool:
    return all(b in (a, _GONE) for a, b in zip((row.email, row.name, row.active), said, strict=True))


def _read(words: list[Word]) -> Mapping[str, Any]:
    found = {}
    for name, value, _ in words:
        try:
            found[name] = orjson.loads(value)
        except orjson.JSONDecodeError:
            found[name] = _GONE  # told where words are held against their commitments
    return found
