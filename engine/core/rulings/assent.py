"""Putting one's name to something: signing, waiving, deciding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.core.answer import standing, undecided
from engine.core.authority import refuse, takes_part
from engine.core.bench import Bench, is_law
from engine.core.circumstances import circumstances
from engine.core.commands import Decide, Sign, Waive
from engine.core.contradictions import contradictions
from engine.core.definition import Gate, Requirement, Transition
from engine.core.events import Event
from engine.core.evidence import Record, digest_of
from engine.core.gates import MET, NOT_APPLICABLE, judge, verdict_on
from engine.core.outcome import Accepted, Actor, Hearing, Outcome, Refused, bad_input, known_or
from engine.core.project import Project
from engine.core.records import role_title
from engine.core.rulings.evidence import no_requirement, words_are_gone
from engine.core.rulings.moves import find_transition, shut, standstill
from engine.core.rulings.opening import Mistakes, reason_in
from engine.core.values import BadValue, day, text


def sign(project: Project, command: Sign, hearing: Hearing) -> Outcome:
    """Rules on a signature: one a role and a person, bound to the newest record, never by its submitter alone."""
    workflow, actor = hearing.workflow, hearing.actor
    requirement = workflow.requirements.get(command.requirement)
    if requirement is None:
        return no_requirement(workflow, command.requirement)
    if not requirement.signed_by:
        return bad_input([("requirement", f"{requirement.title} asks for no signature.")])
    if command.role is not None and command.role not in workflow.roles:
        return bad_input([("role", f"There is no role {command.role}. {known_or(workflow.roles, command.role)}")])
    bench = _bench(project, hearing)
    record = next(iter(bench.records(requirement)), None) if requirement.type == "evidence" else None
    signed = bench.signatures(requirement, record)
    own = next((r for r, s in signed.items() if s.by == actor.person), None)  # what they signed as, if they did
    role = role_to_act_in(actor, requirement.signed_by, command.role, frozenset(signed), own, "sign", hearing)
    if isinstance(role, Refused):
        return role
    if record is not None and len(requirement.signed_by) == 1 and actor.person == record.by:
        return refuse(actor, "You handed this record in, so you may not be the only one to sign it.")
    if own is not None and own != role:
        return refuse(actor, f"You have signed this as the {role_title(workflow, own)}; one person, one role.")
    if workflow.stages[project.stage].final:
        return Refused("rules", "project_ended", "The project has ended; nothing more can be signed.")
    if requirement.type == "evidence" and record is None:
        return Refused("rules", "nothing_to_sign", f"Nothing has been handed in yet for {requirement.title}.")
    if record is not None and (no := words_are_gone(record, "sign")):
        return no
    if role in signed:
        return Refused("rules", "signed_already", f"It is signed by the {role_title(workflow, role)} already.")
    body: dict[str, Any] = {
        "signature": command.id,
        "requirement": requirement.id,
        "role": role,
        "evidence": None if record is None else record.id,
        "binds": _bound(project, requirement, record),
    }
    shown = [] if record is None else contradictions(workflow, record, project)
    if shown:  # whoever signs has seen them, and the ledger says so
        body["contradictions"] = [one.id for one in shown]
    return Accepted((Event("signed", project.id, body),))


def _bound(project: Project, requirement: Requirement, record: Record | None) -> str:
    if record is not None:
        return record.digest
    return digest_of({"definition": project.definition, "requirement": requirement.id, "cycle": project.cycle})


def _bench(project: Project, hearing: Hearing) -> Bench:
    moment = hearing.moment
    return Bench(hearing.workflow, project, moment.today, moment.calendar, project.entered_order, project.cycle)


def role_to_act_in(
    actor: Actor,
    asked: tuple[str, ...],
    named: str | None,
    done: frozenset[str],
    own: str | None,
    verb: str,
    hearing: Hearing,
) -> str | Refused:
    """Returns the role somebody acts in: the one named, else their own from before, else the open one they hold."""
    if no := takes_part(actor):
        return no
    titles = " or the ".join(role_title(hearing.workflow, r) for r in asked)
    if named is not None:
        if named not in asked:
            return refuse(actor, f"The {role_title(hearing.workflow, named)} does not {verb} this; the {titles} does.")
        if named not in actor.held:
            return refuse(actor, f"You do not hold the role {role_title(hearing.workflow, named)} in this project.")
        return named
    if own is not None and own in actor.held:
        return own
    held = [r for r in asked if r in actor.held]
    if not held:
        return refuse(actor, f"Only the {titles} may {verb} this.")
    left = [r for r in held if r not in done]
    if len(left) > 1:
        return bad_input(
            [("role", f"You hold several roles that may {verb} this; say which: --role {' or '.join(left)}.")]
        )
    return left[0] if left else held[0]


def waive(project: Project, command: Waive, hearing: Hearing) -> Outcome:
    """Rules on a waiver: a reason, an end, and two who may waive and did not submit what is looked at."""
    workflow = hearing.workflow
    requirement = workflow.requirements.get(command.requirement)
    if requirement is None:
        return no_requirement(workflow, command.requirement)
    mistakes: Mistakes = []
    reason = reason_in(command.reason, mistakes)
    until = hearing.moment.today
    try:
        until = day(command.until, "The end of the waiver")
        if until < hearing.moment.today:
            mistakes.append(("until", f"The waiver would have ended on {until} already; give a later day."))
    except BadValue as bad:
        mistakes.append(("until", str(bad)))
    if mistakes:
        return bad_input(mistakes)
    verdict = verdict_on(_bench(project, hearing), requirement)
    looked_at = [e for v in verdict.family() for e in v.evidence]
    if no := _may_waive(project, workflow.gates[workflow.gate_of[requirement.id]], looked_at, command, hearing):
        return no
    if workflow.stages[project.stage].final:
        return Refused("rules", "project_ended", "The project has ended; there is nothing to waive.")
    if is_law(workflow, requirement):
        why = (
            "is required by law"
            if requirement.holds_law
            else "stands beside a requirement of law and is a way round it"
        )
        return Refused("rules", "law", f"{requirement.title} {why}, so it cannot be waived.")
    if verdict.state in (MET, NOT_APPLICABLE):
        state = "is met" if verdict.state == MET else "does not apply"
        return Refused("rules", "nothing_to_waive", f"{requirement.title} {state}; there is nothing to waive.")
    body = {
        "waiver": command.id,
        "requirement": requirement.id,
        "until": until.isoformat(),
        "second": command.second.person,
    }
    return Accepted((Event("waived", project.id, body, {"reason": reason}),))


def _may_waive(
    project: Project, gate: Gate, evidence: Iterable[str], command: Waive, hearing: Hearing
) -> Refused | None:
    actor, second = hearing.actor, command.second
    allowed = gate.waived_by or gate.decided_by
    titles = " or the ".join(role_title(hearing.workflow, r) for r in allowed)
    for person in (actor, second):
        if no := takes_part(person):
            return no
        if not person.held.intersection(allowed):
            who = "You" if person is actor else person.name
            sentence = f"{who} may not waive this" + (f"; the {titles} may." if allowed else "; nobody may.")
            return refuse(person, sentence)
    if actor.person == second.person:
        return refuse(actor, "A waiver needs two people, and the second is somebody else.")
    submitters = {project.records[e].by for e in evidence}
    for person in (actor, second):
        if person.person in submitters:
            return refuse(person, f"{person.name} handed in what this requirement looks at, and so may not waive it.")
    return None


def decide_gate(project: Project, command: Decide, hearing: Hearing) -> Outcome:
    """Rules on one person's decision to pass a gate: once every requirement holds, one role and one person each."""
    workflow, actor, moment = hearing.workflow, hearing.actor, hearing.moment
    transition = find_transition(project, workflow, command.to, command.act, gated=True)
    if isinstance(transition, Refused) and transition.kind != "rules":
        return transition
    mistakes: Mistakes = []
    if command.role is not None and command.role not in workflow.roles:
        mistakes.append(("role", f"There is no role {command.role}. {known_or(workflow.roles, command.role)}"))
    words = None
    if command.dissent is not None:
        try:
            words = text(command.dissent, "The words of a dissent", 4_000)
        except BadValue as bad:
            mistakes.append(("dissent", str(bad)))
    guarded = isinstance(transition, Transition) and transition.gate is not None
    if isinstance(transition, Transition) and not (guarded and workflow.gates[str(transition.gate)].decided_by):
        mistakes.append(("to", "Nobody has to decide on this way; there is nothing to decide."))
    if mistakes:
        return bad_input(mistakes)
    if isinstance(transition, Refused):
        return transition if actor.held else refuse(actor, "Only someone who holds a role in the project may decide.")
    gate = workflow.gates[str(transition.gate)]
    judgement = judge(workflow, gate, project, moment.today, moment.calendar, altered=hearing.altered)
    decisions = standing(project, judgement) if judgement.holds else ()
    waiting = undecided(gate, decisions)
    own = next((d for d in decisions if d.by == actor.person), None)
    before = None if own is None else own.role
    lifts = own is not None and own.dissent and own.role in actor.held and command.role in (None, own.role)
    lifting = before if lifts else None
    done = frozenset(gate.decided_by) - frozenset(waiting)
    role = lifting or role_to_act_in(actor, gate.decided_by, command.role, done, before, "decide on", hearing)
    if isinstance(role, Refused):
        return role
    if project.hold is not None:
        return Refused("rules", "on_hold", "The project is on hold; nothing is decided until it is resumed.")
    if (frozen := standstill(project, transition, hearing)) is not None:
        return frozen
    if not judgement.holds:
        return shut(project, transition, hearing)
    if own is not None and (lifting is None or words is not None):
        return Refused(
            "rules", "decided_already", f"You have decided already, as the {role_title(workflow, own.role)}."
        )
    if lifting is None and any(d.role == role for d in decisions):
        return Refused("rules", "decided_already", f"The {role_title(workflow, role)} has decided already.")
    body = {
        "decision": command.id,
        "gate": gate.id,
        "role": role,
        "binds": judgement.binds,
        "dissent": words is not None,
        **circumstances(moment.calendar, hearing.altered, project, judgement.by_id().values()),
    }
    return Accepted((Event("decided", project.id, body, {} if words is None else {"dissent": words}),))
