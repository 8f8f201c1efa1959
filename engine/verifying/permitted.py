"""Whether whoever put their name to an event in a project could: by the roles that the ledger says they held then."""

from __future__ import annotations

from collections.abc import Callable

from engine.core import authority
from engine.core.definition import Workflow
from engine.core.events import Entry
from engine.core.outcome import Actor, Refused
from engine.core.project import Project
from engine.verifying.roles import Roles

_Rule = Callable[[Project, Entry, Workflow, Actor, Roles], bool]


def not_permitted(project: Project | None, entry: Entry, workflow: Workflow, roles: Roles) -> str | None:
    """Returns why an event could not be made by whoever it names, in a sentence; None where it could.

    What is drawn by the engine itself from another act (decisions that lapse, gates found unsound or reopened) is
    anybody's. What `engine.verifying.ruled` has ruled on again is not asked about here.
    """
    name, of = entry.event.name, str(entry.event.project)
    if name == "project_opened":
        return _unless(authority.may(roles.actor(entry.by, of, workflow, entry.seq), "open a project"), entry)
    rule = _RULES.get(name)
    if rule is None or project is None:
        return None
    if rule(project, entry, workflow, roles.actor(entry.by, of, workflow, entry.seq), roles):
        return None
    return f"Entry {entry.seq} ({name}) is in the name of {entry.by}, who could not do that then."


def _unless(refused: Refused | None, entry: Entry) -> str | None:
    if refused is None:
        return None
    return f"Entry {entry.seq} ({entry.event.name}) is in the name of {entry.by}, who could not do that then."


def _by_manager(act: str) -> _Rule:
    return lambda project, entry, workflow, actor, roles: authority.may(actor, act) is None


def _handed_in(project: Project, entry: Entry, workflow: Workflow, actor: Actor, roles: Roles) -> bool:
    return authority.may_hand_in(actor) is None


def _waived(project: Project, entry: Entry, workflow: Workflow, actor: Actor, roles: Roles) -> bool:
    body = entry.event.body
    gate = workflow.gates[workflow.gate_of[body["requirement"]]]
    allowed = gate.waived_by or gate.decided_by
    second = roles.actor(body["second"], project.id, workflow, entry.seq)
    both = all(p.held.intersection(allowed) and authority.takes_part(p) is None for p in (actor, second))
    return both and actor.person != second.person


def _in_role(project: Project, entry: Entry, workflow: Workflow, actor: Actor, roles: Roles) -> bool:
    return _acts_as(actor, entry.event.body["role"])


def _moved(project: Project, entry: Entry, workflow: Workflow, actor: Actor, roles: Roles) -> bool:
    ways = workflow.stages[project.stage].transitions
    way = next((t for t in ways if t.id == entry.event.body["act"]), None)
    return way is None or authority.may_take(actor, way.by, workflow) is None  # a way there is not is told by the judge


def _acts_as(actor: Actor, role: str) -> bool:
    return role in actor.held and authority.takes_part(actor) is None


_RULES: dict[str, _Rule] = {
    "fields_set": _by_manager("set the fields of a project"),
    "evidence_added": _handed_in,
    "waived": _waived,
    "decided": _in_role,
    "affirmed": _in_role,
    "advanced": _moved,
}
