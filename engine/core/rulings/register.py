"""Wishes about the register itself: people, their roles, definitions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from engine.core.authority import ADMIN, REGISTER_ROLES, may
from engine.core.events import Event
from engine.core.outcome import Accepted, Actor, Outcome, Refused, bad_input, known_or
from engine.core.rulings.opening import Mistakes
from engine.core.values import BadValue, text

EMAIL = re.compile(r"[^@\s<>\"',;:()\[\]\\]{1,64}@[^@\s<>\"',;:()\[\]\\]{1,190}")
ROLE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a role is held: in the whole register (`project` None) or in a project, and the roles known there."""

    project: str | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Registry:
    """What the register knows that these rulings look at: how many admins are active."""

    admins: int


def add_person(
    actor: Actor, registry: Registry, person: str, email: str, name: str, roles: Sequence[str], scope: Scope
) -> Outcome:
    """Rules on a new person with roles; the first admin of a register that has none adds themself."""
    mistakes: Mistakes = []
    if not EMAIL.fullmatch(email) or not email.isprintable():
        mistakes.append(("email", f"{email!r} is not an e-mail address, like sam@example.org."))
    try:
        name = text(name, "The name", 200)
    except BadValue as bad:
        mistakes.append(("name", str(bad)))
    for role in dict.fromkeys(roles):
        _check_role(role, scope, mistakes)
    if mistakes:
        return bad_input(mistakes)
    founding = registry.admins == 0 and ADMIN in roles and actor.name.casefold() in ("", email.casefold())
    if not founding and (no := may(actor, "manage people and roles")):
        return no
    granted = [_granted(person, role, scope) for role in dict.fromkeys(roles)]
    return Accepted((Event("person_added", None, {"person": person}, {"email": email, "name": name}), *granted))


def grant(actor: Actor, person: str, role: str, scope: Scope, *, held: bool) -> Outcome:
    """Rules on giving a role that the person does not hold there yet."""
    mistakes: Mistakes = []
    _check_role(role, scope, mistakes)
    if mistakes:
        return bad_input(mistakes)
    if no := may(actor, "manage people and roles"):
        return no
    if held:
        return Refused("rules", "held_already", f"They hold the role {role} already.")
    return Accepted((_granted(person, role, scope),))


def revoke(actor: Actor, registry: Registry, person: str, role: str, scope: Scope, *, held: bool) -> Outcome:
    """Rules on taking a role away; the last active admin stays."""
    if no := may(actor, "manage people and roles"):
        return no
    if not held:
        where = f"in the project {scope.project}" if scope.project else "in the register"
        return Refused("rules", "not_held", f"They do not hold the role {role} {where}.")
    if role == ADMIN and registry.admins <= 1:
        return Refused("rules", "last_admin", "This is the last active admin; make somebody else an admin first.")
    body = {"person": person, "role": role, "scope": scope.project or ""}
    return Accepted((Event("role_revoked", None, body),))


def load_definition(actor: Actor, workflow: str, digest: str, source: str, *, current: bool) -> Outcome:
    """Rules on loading a definition that is not the current one of its id already; `source` is its text's digest."""
    if no := may(actor, "load a definition"):
        return no
    if current:
        return Refused("rules", "loaded_already", f"This very definition of {workflow} is loaded already.")
    return Accepted((Event("definition_loaded", None, {"workflow": workflow, "definition": digest, "source": source}),))


def confirm_clock(actor: Actor, was: str, *, ahead: bool) -> Outcome:
    """Rules on confirming a clock that is ahead; `was` is the newest moment that was known without it."""
    if no := may(actor, "confirm the clock"):
        return no
    if not ahead:
        return Refused(
            "rules", "nothing_to_confirm", "The clock is not ahead of what is known here; there is nothing to confirm."
        )
    return Accepted((Event("clock_confirmed", None, {"was": was}),))


def _granted(person: str, role: str, scope: Scope) -> Event:
    return Event("role_granted", None, {"person": person, "role": role, "scope": scope.project or ""})


def _check_role(role: str, scope: Scope, mistakes: Mistakes) -> None:
    if not ROLE.fullmatch(role):
        mistakes.append(("role", f"{role!r} is not the name of a role."))
    elif scope.project is not None and role in REGISTER_ROLES:
        mistakes.append(("role", f"The role {role} is held in the whole register; leave --project out."))
    elif scope.project is not None and role not in scope.roles:
        near = known_or(dict.fromkeys(scope.roles), role)
        mistakes.append(("role", f"The project {scope.project} has no role {role}. {near}"))
    elif role not in (*REGISTER_ROLES, *scope.roles) and (like := get_close_matches(role, scope.roles, 1, 0.85)):
        # a definition that is still to be loaded may bring new roles, but hardly one so like a role there is
        mistakes.append(("role", f"No definition that is loaded has a role {role}. Did you mean {like[0]}?"))
