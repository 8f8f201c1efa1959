"""Who is meant by a deadline, by name: whom to ask, who answers for it, and what of it is one's own."""

from __future__ import annotations

from typing import Any

from engine.core.deadlines import Deadline
from engine.core.definition import Workflow
from engine.deadlines_whose import Whose
from engine.store import people
from engine.store.database import Transaction
from engine.waiting import asked_json

Json = dict[str, Any]
MOST_NAMED = 1_000
"""Deadlines in a list with names in it. A longer one is for a machine, and each project has people of its own."""


class Meant:
    """Looks up the people of a page of deadlines, each role of a project once."""

    def __init__(self, tx: Transaction, own: Whose | None) -> None:
        self._tx, self._own = tx, own
        self._asked: dict[tuple[str, str], Json] = {}

    def of(self, one: Deadline, workflow: Workflow) -> Json:
        """Returns `ask`, as a project that is stuck has it; `owner_name`; and `yours`, None in everybody's list."""
        owner = None if one.owner is None else people.person_by_id(self._tx, one.owner)
        return {
            "ask": [self._ask(role, one.project, workflow) for role in one.who],
            "owner_name": None if owner is None else owner.name,
            "yours": self._yours(one, workflow),
        }

    def unnamed(self, one: Deadline, workflow: Workflow) -> Json:
        """Returns the same for a list that is too long for names."""
        return {"ask": None, "owner_name": None, "yours": self._yours(one, workflow)}

    def _ask(self, role: str, project: str, workflow: Workflow) -> Json:
        found = self._asked.get((role, project))
        if found is None:
            found = self._asked[role, project] = asked_json(self._tx, workflow, project, role)
        return found

    def _yours(self, one: Deadline, workflow: Workflow) -> Json | None:
        if self._own is None:
            return None
        held = self._own.held(one.project, workflow)
        roles = [workflow.roles.get(role, role) for role in one.who if role in held]
        return {"roles": roles, "owner": one.owner == self._own.person}
