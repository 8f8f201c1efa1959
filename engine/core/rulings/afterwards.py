"""What is left to do about a gate after it was passed: meeting its conditions, affirming it once it is right again."""

from __future__ import annotations

from engine.core.authority import MANAGER, refuse, takes_part
from engine.core.calendar import in_words
from engine.core.circumstances import circumstances
from engine.core.commands import Affirm, MeetCondition
from engine.core.definition import Gate
from engine.core.events import Event
from engine.core.evidence import Passing
from engine.core.outcome import Accepted, Hearing, Outcome, Refused, bad_input, known_or
from engine.core.project import Project
from engine.core.records import role_title
from engine.core.rulings.assent import role_to_act_in
from engine.core.rulings.opening import Mistakes, reason_in
from engine.core.soundness import affirming, bound_to, weigh


def affirm(project: Project, command: Affirm, hearing: Hearing) -> Outcome:
    """Rules on affirming a passed gate: all it rested on holds again, and each who decides says so for themselves.

    The gate is sound again once the last of them has. A gate without deciders is affirmed by one holder of a role.
    """
    workflow, actor, moment = hearing.workflow, hearing.actor, hearing.moment
    passing = _passing(project, command.passing)
    if isinstance(passing, Refused):
        return passing
    if command.role is not None and command.role not in workflow.roles:
        return bad_input([("role", f"There is no role {command.role}. {known_or(workflow.roles, command.role)}")])
    gate = workflow.gates[passing.gate]
    weighed = weigh(workflow, project, passing, moment.today, moment.calendar, hearing.altered)
    names = affirming(passing, weighed)
    own = next((a.role for a in names if a.by == actor.person), None)
    done = frozenset(a.role for a in names)
    role = (
        role_to_act_in(actor, gate.decided_by, command.role, done, own, "affirm", hearing)
        if gate.decided_by
        else _any_role(command.role, hearing)
    )
    if isinstance(role, Refused):
        return role
    if project.hold is not None:
        return Refused("rules", "on_hold", "The project is on hold; nothing is affirmed until it is resumed.")
    if passing.reopened:
        return _reopened(gate)
    if weighed.sound:
        return Refused("rules", "sound_already", f"{gate.title}, entry {passing.seq}, is sound; nothing is to affirm.")
    if weighed.wrong:
        why = " ".join(weighed.wrong)
        return Refused("rules", "still_unsound", f"{gate.title} cannot be affirmed while this is not put right. {why}")
    if own is not None:
        return Refused("rules", "decided_already", f"You have affirmed it already, as the {role_title(workflow, own)}.")
    if role in done:
        return Refused("rules", "decided_already", f"The {role_title(workflow, role)} has affirmed it already.")
    heals = set(gate.decided_by) <= done | {role}
    verdicts = {v.requirement.id: [v.state, list(v.evidence)] for top in weighed.verdicts for v in top.family()}
    body = {
        "decision": command.id,
        "gate": gate.id,
        "passing": passing.seq,
        "role": role,
        "binds": bound_to(passing, weighed),
        "heals": heals,
        "verdicts": verdicts if heals else {},
        **circumstances(moment.calendar, hearing.altered, project, (v for w in weighed.verdicts for v in w.family())),
    }
    return Accepted((Event("affirmed", project.id, body),))


def _any_role(named: str | None, hearing: Hearing) -> str | Refused:
    """Returns the role somebody affirms in where no role decides: the one named, else the first they hold."""
    actor, workflow = hearing.actor, hearing.workflow
    if no := takes_part(actor):
        return no
    if not actor.held:
        return refuse(actor, "Only someone who holds a role in the project may affirm this.")
    if named is None:
        return next(role for role in workflow.roles if role in actor.held)
    if named not in actor.held:
        return refuse(actor, f"You do not hold the role {role_title(workflow, named)} in this project.")
    return named


def meet_condition(project: Project, command: MeetCondition, hearing: Hearing) -> Outcome:
    """Rules on accepting that a condition is met: by somebody who decides at the gate, and never by its owner alone."""
    workflow = hearing.workflow
    passing = _passing(project, command.passing)
    if isinstance(passing, Refused):
        return passing
    gate = workflow.gates[passing.gate]
    if not 1 <= command.number <= len(passing.conditions):
        count = len(passing.conditions)
        has = "no conditions" if count == 0 else f"{count} condition{'s' if count > 1 else ''}"
        sentence = f"{gate.title}, entry {passing.seq}, was passed with {has}; there is no number {command.number}."
        return Refused("not_found", "no_such_condition", sentence)
    mistakes: Mistakes = []
    reason = reason_in(command.reason, mistakes)
    if mistakes:
        return bad_input(mistakes)
    condition = passing.conditions[command.number - 1]
    if no := _may_accept(gate, condition.owner, hearing):
        return no
    if passing.reopened:
        return _reopened(gate)
    if condition.met_on is not None:
        sentence = f"Condition {command.number} was accepted as met on {in_words(condition.met_on)} already."
        return Refused("rules", "met_already", sentence)
    body = {"passing": passing.seq, "condition": command.number - 1, "today": hearing.moment.today.isoformat()}
    return Accepted((Event("condition_met", project.id, body, {"reason": reason}),))


def _may_accept(gate: Gate, owner: str, hearing: Hearing) -> Refused | None:
    actor = hearing.actor
    if no := takes_part(actor):
        return no
    if gate.decided_by:
        may = actor.held.intersection(gate.decided_by)
        who = " or the ".join(role_title(hearing.workflow, r) for r in gate.decided_by)
        sentence = f"Only the {who} may accept that a condition of this gate is met."
    else:
        may = actor.held or actor.register & {MANAGER}
        sentence = "Only someone who holds a role in the project, or a programme manager, may accept that it is met."
    if not may:
        return refuse(actor, sentence)
    if actor.person == owner:
        return refuse(actor, "You own this condition, so somebody else accepts that it is met.")
    return None


def _passing(project: Project, seq: int) -> Passing | Refused:
    found = next((p for p in project.passings if p.seq == seq), None)
    if found is not None:
        return found
    entries = ", ".join(str(p.seq) for p in project.passings)
    known = f" It passed gates at: {entries}." if entries else " It has passed no gate yet."
    sentence = f"The project {project.id} passed no gate at entry {seq} of the ledger.{known}"
    return Refused("not_found", "no_such_passing", sentence)


def _reopened(gate: Gate) -> Refused:
    sentence = (
        f"The project was put back to {gate.title}, so this passing counts no more; the gate is to be passed again."
    )
    return Refused("rules", "reopened", sentence)
