"""Whose a deadline is: by a role somebody holds in its project or in all, or because they answer for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from engine.core.authority import ADMIN, AUDITOR, MANAGER, REGISTER_ROLES
from engine.core.deadlines import Deadline
from engine.core.definition import Workflow
from engine.core.errors import NotPermitted
from engine.store import people
from engine.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Whose:
    """Somebody whose deadlines are asked for: the id, and (role, project) of what they hold, "" for all projects."""

    person: str
    grants: Collection[tuple[str, str]]

    @property
    def looks_after_all(self) -> bool:
        """True for those whose work is every project: admins, programme managers and auditors."""
        return any((role, "") in self.grants for role in (ADMIN, MANAGER, AUDITOR))

    @property
    def everywhere(self) -> bool:
        """True for somebody who holds a role of workflows in all projects."""
        return any(scope == "" and role not in REGISTER_ROLES for role, scope in self.grants)

    @property
    def projects(self) -> list[str]:
        """The projects in which they hold a role of their own."""
        return sorted({scope for _, scope in self.grants if scope})

    def held(self, project: str, workflow: Workflow) -> set[str]:
        """Returns the roles of a workflow that they hold in a project."""
        return {role for role, scope in self.grants if scope in ("", project)}.intersection(workflow.roles)

    def has(self, one: Deadline, workflow: Workflow) -> bool:
        """True for what they own or one of their roles can do; what names no role is theirs who hold any there."""
        held = self.held(one.project, workflow)
        return one.owner == self.person or bool(held.intersection(one.who or held))


def whose(tx: Transaction, email: str) -> Whose:
    """Returns whoever acts, by e-mail.

    Raises:
        NotPermitted: `unknown_person`; nobody active has it.
    """
    known = people.actor(tx, email) if email.isprintable() else None
    if known is None or not known[0].active:
        named = email if email.isprintable() else "that"
        raise NotPermitted(f"Nobody with the e-mail {named} is known in this register.", code="unknown_person")
    return Whose(known[0].id, frozenset(known[1]))
