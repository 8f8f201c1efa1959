"""Whether what was done to the register could be done by whoever it names: by the roles the ledger says they held.

Everything of one act is judged by the roles that stood before it. Two acts need no admin: the one that makes a
register, and the one by which the first admin of a register without any adds themself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.core.authority import ADMIN, AUDITOR, MANAGER, REGISTER_ROLES
from engine.known_time import MOST_AHEAD
from engine.ledger.leaf import Leaf, NotALeaf, read_leaf
from engine.ledger.verify import Problem
from engine.store import journal
from engine.store.database import Transaction
from engine.verifying.roles import Roles

SYSTEM = "system"
SRO = "sro"
_BY_ADMINS = frozenset(
    {
        "person_added",
        "role_granted",
        "role_revoked",
        "definition_loaded",
        "person_erased",
        "register_words_erased",
        "key_rotated",
        "ledger_recovered",
        "clock_confirmed",
    }
)
_BY_TWO = frozenset({"person_erased", "register_words_erased", "key_rotated", "ledger_recovered"})


class RegisterRules:
    """Judges the register's own entries, one after the other.

    Attributes:
        added: by a person's id the entry that added them.
        corrects: by the index of each correction the index of the entry it speaks of.
    """

    def __init__(self, roles: Roles, problems: list[Problem]) -> None:
        self.added: dict[str, int] = {}
        self.corrects: dict[int, int] = {}
        self._roles, self._problems = roles, problems
        self._act: tuple[str | None, int] = (None, -1)  # the key of the act, and its first entry
        self._typed: set[int] = set()  # the entries whose words may be erased by themselves
        self._founding: str | None = None  # the key of the act that needs no admin
        self._admins: set[str] = set()
        self._erased: set[str] = set()
        self._corrected: list[tuple[int, str, int]] = []  # those made by nobody who may correct the work of others

    def take(self, seq: int, leaf: Leaf, projects: Collection[str]) -> None:
        """Judges an entry before its roles are taken in; `projects` are those that were opened before it."""
        if leaf.key is None or leaf.key != self._act[0]:
            self._act = (leaf.key, seq)
            founding = leaf.by == SYSTEM and not self._admins and leaf.name in ("register_opened", "person_added")
            self._founding = leaf.key if founding else None
        body, name = leaf.body, leaf.name
        if leaf.commitments and name != "person_added":
            self._typed.add(seq)
        if name in _BY_ADMINS and not self._may(leaf):
            self._add(seq, "permission", f"({name}) is in the name of {leaf.by}, who could not do that then")
        if name in _BY_TWO:
            self._two(seq, leaf)
        if name == "refused":
            if leaf.by != SYSTEM and leaf.by not in self.added:
                self._add(seq, "permission", f"(refused) is in the name of {leaf.by}, whom nobody had added")
        elif name == "register_opened":
            if seq != 0:
                self._add(seq, "judged", "opens the register, which was open")
        elif name == "corrected":
            self._correction(seq, leaf)
        elif name == "clock_confirmed":
            if datetime.fromisoformat(leaf.at) - datetime.fromisoformat(body["was"]) <= MOST_AHEAD:
                self._add(seq, "judged", "confirms a clock that nobody had to confirm")
        else:
            self._people(seq, name, body, projects)

    def _may(self, leaf: Leaf) -> bool:
        return self._founded(leaf) or self._admin(leaf.by)

    def _founded(self, leaf: Leaf) -> bool:
        return leaf.by == SYSTEM and leaf.key is not None and leaf.key == self._founding

    def _admin(self, person: Any) -> bool:
        return isinstance(person, str) and ADMIN in self._roles.held(person, "", self._act[1])

    def _two(self, seq: int, leaf: Leaf) -> None:
        second = leaf.body["second"]
        if second == leaf.by or not self._admin(second):
            self._add(seq, "permission", f"({leaf.name}) names {second} as the second admin, who could not be that")

    def _people(self, seq: int, name: str, body: Mapping[str, Any], projects: Collection[str]) -> None:
        person = body.get("person")
        if name == "person_added":
            if person in self.added:
                self._add(seq, "judged", f"adds {person}, who was there already")
            self.added.setdefault(str(person), seq)
        elif name == "person_erased":
            if person not in self.added or person in self._erased:
                self._add(seq, "judged", f"erases {person}, who was not there, or not any more")
            if person in (body["second"], None):
                self._add(seq, "permission", "has somebody help to erase themself")
            self._erased.add(str(person))
            self._own_words(seq, body, {self.added.get(str(person), -1)})
        elif name == "register_words_erased":
            self._own_words(seq, body, self._typed & {body["entry"]})
        elif name in ("role_granted", "role_revoked"):
            self._role(seq, name, body, projects)

    def _role(self, seq: int, name: str, body: Mapping[str, Any], projects: Collection[str]) -> None:
        person, role, scope = body["person"], body["role"], body["scope"]
        held = role in self._roles.held(person, scope)
        if name == "role_granted":
            if person not in self.added or person in self._erased:
                self._add(seq, "judged", f"gives a role to {person}, who was not there, or not any more")
            elif held:
                self._add(seq, "judged", f"gives {person} the role {role}, which they held")
            if scope and (scope not in projects or role in REGISTER_ROLES):
                self._add(seq, "judged", f"gives the role {role} where it cannot be held")
        elif not held:
            self._add(seq, "judged", f"takes the role {role} from {person}, who did not hold it")
        if (role, scope) == (ADMIN, ""):
            (self._admins.add if name == "role_granted" else self._admins.discard)(person)
            if not self._admins:
                self._add(seq, "judged", "takes their role from the last admin")

    def _own_words(self, seq: int, body: Mapping[str, Any], own: Collection[int]) -> None:
        for of_seq, _ in body["words"]:
            if of_seq not in own:
                self._add(seq, "judged", f"erases words of entry {of_seq}, which are not what it is about")

    def _correction(self, seq: int, leaf: Leaf) -> None:
        body, second = leaf.body, leaf.body["second"]
        self.corrects[seq] = body["entry"]
        held = self._roles.held(leaf.by, "", seq)
        if not held & {MANAGER, ADMIN}:
            self._corrected.append((seq, leaf.by, body["entry"]))
        theirs = self._roles.held(second, "", seq)
        here = theirs | self._roles.held(second, str(body.get("project", "")), seq)
        sro = body.get("project") is not None and SRO in here and AUDITOR not in theirs
        if second == leaf.by or not (sro or theirs & {MANAGER, ADMIN}):
            self._add(seq, "permission", f"(corrected) names {second} as the second person, who could not be that")

    def end(self, tx: Transaction) -> Iterator[Problem]:
        """Yields the corrections by people who neither may correct the work of others nor made the entry themselves."""
        for seq, by, entry in self._corrected:
            try:
                own = read_leaf(journal.leaf(tx, entry)).by == by and AUDITOR not in self._roles.held(by, "", seq)
            except NotALeaf:
                continue  # told where the entry is read
            if not own:
                message = f"Entry {seq} (corrected) is in the name of {by}, who could not do that then."
                yield Problem(seq, "permission", message)

    def _add(self, seq: int, kind: str, words: str) -> None:
        self._problems.append(Problem(seq, kind, f"Entry {seq} {words}."))
