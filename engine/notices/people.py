"""Who is told: those who can do something about it, then the sponsor, and always somebody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from engine.core.authority import ADMIN, MANAGER, REGISTER_ROLES
from engine.core.definition import Workflow
from engine.store import outbox, people
from engine.store.database import Transaction

SPONSOR: Final = "sro"


def holders(tx: Transaction, roles: Iterable[str], project: str) -> list[str]:
    """Returns the ids of the active people who hold one of these roles, there or in the whole register; each once."""
    return list(dict.fromkeys(person for role in roles for person in outbox.holders(tx, role, project)))


def somebody(tx: Transaction, roles: Iterable[str], project: str) -> list[str]:
    """Returns the holders of these roles; where nobody holds one, who can see to that: programme managers, else admins.

    A register always has an admin, so what has to be known is always told to somebody.
    """
    return holders(tx, roles, project) or holders(tx, [MANAGER], project) or holders(tx, [ADMIN], project)


def reminded(
    tx: Transaction, project: str, workflow: Workflow, who: Iterable[str], owner: str | None, *, late: bool
) -> list[str]:
    """Returns who is reminded of a deadline: its owner, else the holders of the roles that can act; late, the sponsor.

    Args:
        who: the roles that can do something about it; where it names none, everybody's who holds one in the project.
        owner: the id of the person who answers for it, if there is one.
        late: whether its day has gone by. Then the sponsor is told as well, or the programme managers without one.
    """
    found = [owner] if owner is not None and is_active(tx, owner) else somebody(tx, who or workflow.roles, project)
    if late:
        found += holders(tx, [SPONSOR], project) or somebody(tx, [MANAGER], project)
    return list(dict.fromkeys(found))


def is_active(tx: Transaction, person: str) -> bool:
    """True for a person who is there and was not erased."""
    row = people.person_by_id(tx, person)
    return row is not None and row.active


def roles_in(tx: Transaction, person: str, project: str, workflow: Workflow) -> frozenset[str]:
    """Returns the roles of the definition, and of the register, that somebody holds in a project."""
    held = {role for role, scope in people.grants_of(tx, person) if scope in ("", project)}
    return frozenset(role for role in held if role in workflow.roles or role in REGISTER_ROLES)
