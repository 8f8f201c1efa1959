"""Who held which role at which point of the ledger."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from engine.core.authority import REGISTER_ROLES
from engine.core.definition import Workflow
from engine.core.outcome import Actor

_Change = tuple[int, str, bool]  # the index of the entry, the role, and whether it was given


class Roles:
    """The roles of everybody, with the entries that gave and took them."""

    def __init__(self) -> None:
        self._changes: dict[tuple[str, str], tuple[_Change, ...]] = {}
        # who was asked for last: in a project one person often does several things in a row
        self._asked: tuple[str, str, str] | None = None
        self._actor, self._from, self._until = Actor("", ""), 0, 0

    def change(self, seq: int, body: Mapping[str, str], *, given: bool) -> None:
        """Takes in that an entry gave somebody a role, or took it."""
        key = (body["person"], body["scope"])
        self._changes[key] = (*self._changes.get(key, ()), (seq, body["role"], given))

    def held(self, person: str, scope: str, before: int | None = None) -> set[str]:
        """Returns the roles somebody held in a scope before an entry; at the end of the ledger for None."""
        found: set[str] = set()
        for seq, role, given in self._changes.get((person, scope), ()):
            if before is not None and seq >= before:
                break
            (found.add if given else found.discard)(role)
        return found

    def actor(self, person: str, project: str, workflow: Workflow, before: int) -> Actor:
        """Returns somebody as they could act in a project before an entry."""
        asked = (person, project, workflow.digest)
        if self._asked == asked and self._from <= before <= self._until:
            return self._actor
        everywhere = self.held(person, "", before)
        here = self.held(person, project, before)
        held = frozenset(role for role in everywhere | here if role in workflow.roles)
        self._actor = Actor(person, person, frozenset(role for role in everywhere if role in REGISTER_ROLES), held)
        self._asked, self._from, self._until = asked, before, self._next_change(person, project, before)
        return self._actor

    def _next_change(self, person: str, project: str, after: int) -> int:
        changes = (*self._changes.get((person, ""), ()), *self._changes.get((person, project), ()))
        return min((seq for seq, _, _ in changes if seq >= after), default=sys.maxsize)

    def now(self) -> dict[str, set[tuple[str, str]]]:
        """Returns each person's roles at the end of the ledger, as (role, scope)."""
        found: dict[str, set[tuple[str, str]]] = {}
        for person, scope in self._changes:
            for role in self.held(person, scope):
                found.setdefault(person, set()).add((role, scope))
        return found
