"""Who may what: the one place that answers it. What is not allowed here is denied."""

from __future__ import annotations

from collections.abc import Iterable

from engine.core.definition import Workflow
from engine.core.outcome import Actor, Refused
from engine.core.records import role_title

ADMIN, MANAGER, AUDITOR, INTEGRATOR = "admin", "programme_manager", "auditor", "integrator"
REGISTER_ROLES = (ADMIN, MANAGER, AUDITOR, INTEGRATOR)

# acts for which a role in the register is what counts
_BY_REGISTER_ROLE = {
    "manage people and roles": (ADMIN,),
    "load a definition": (ADMIN,),
    "open a project": (MANAGER, ADMIN),
    "set the fields of a project": (MANAGER, ADMIN),
    "hold or resume a project": (MANAGER, ADMIN),
    "judge evidence down": (AUDITOR,),
    "erase what people wrote": (ADMIN,),
    "confirm the clock": (ADMIN,),
}


def refuse(actor: Actor, sentence: str) -> Refused:
    """Returns a refusal for want of permission; someone unknown is told so first."""
    if not actor.person:
        return Refused(
            "not_permitted", "unknown_person", f"Nobody with the e-mail {actor.name} is known in this register."
        )
    return Refused("not_permitted", "not_permitted", sentence)


def may(actor: Actor, act: str) -> Refused | None:
    """Returns None where the actor's roles in the register allow the act, else the refusal."""
    allowed = _BY_REGISTER_ROLE[act]
    if actor.person and actor.register.intersection(allowed):
        return None
    return refuse(actor, f"Only {either(allowed)} may {act}.")


def takes_part(actor: Actor) -> Refused | None:
    """Returns None for anyone known but an auditor, who judges evidence and has no part in making or weighing it."""
    if not actor.person or AUDITOR in actor.register:
        return refuse(actor, "An auditor judges evidence down and takes no other part in a project.")
    return None


def may_hand_in(actor: Actor) -> Refused | None:
    """Returns None for anyone who holds a role in the project."""
    if actor.person and actor.held:
        return takes_part(actor)
    return refuse(actor, "Only someone who holds a role in the project may hand in evidence.")


def may_withdraw(actor: Actor, submitter: str) -> Refused | None:
    """Returns None for the submitter and for programme managers."""
    if actor.person and (actor.person == submitter or MANAGER in actor.register):
        return takes_part(actor)
    return refuse(actor, "Only the person who handed it in, or a programme manager, may withdraw evidence.")


def may_take(actor: Actor, by: tuple[str, ...], workflow: Workflow) -> Refused | None:
    """Returns None where the actor may take a transition: by the roles it names, else any role in the project."""
    if by:
        if actor.person and actor.held.intersection(by):
            return takes_part(actor)
        return refuse(actor, f"Only the {' or the '.join(role_title(workflow, r) for r in by)} may do this.")
    if actor.person and (actor.held or MANAGER in actor.register):
        return takes_part(actor)
    return refuse(actor, "Only someone who holds a role in the project, or a programme manager, may move it.")


def either(roles: Iterable[str]) -> str:
    """Returns register roles as people read them: an admin or a programme manager."""
    named = [r.replace("_", " ") for r in roles]
    return " or ".join(("an " if r[0] in "aeiou" else "a ") + r for r in named)
