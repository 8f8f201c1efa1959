"""Moving a project: taking a transition, holding, resuming."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches

from engine.core.answer import answer, standing, undecided
from engine.core.answer_json import summary
from engine.core.authority import may, may_take
from engine.core.calendar import in_words
from engine.core.circumstances import circumstances
from engine.core.commands import Advance, ConditionGiven, Hold, Resume
from engine.core.definition import Transition, Workflow
from engine.core.events import Event
from engine.core.follows import astray, decided_on
from engine.core.gates import Judgement, judge
from engine.core.machine import step
from engine.core.outcome import Accepted, Hearing, Outcome, Refused, bad_input, known_or
from engine.core.project import Project
from engine.core.rulings.opening import Mistakes, reason_in
from engine.core.unsound import frozen_by
from engine.core.values import BadValue, day, text


def find_transition(
    project: Project, workflow: Workflow, to: str | None, act: str | None, *, gated: bool = False
) -> Transition | Refused:
    """Returns the way out that is meant: by act, by target, else the one called advance, else the only one.

    Where `gated`, only ways that a gate guards are meant, if there are any: nobody decides on the others.
    """
    stage = workflow.stages[project.stage]
    if to is not None and to not in workflow.stages:
        return Refused("not_found", "no_such_stage", f"There is no stage {to}. {known_or(workflow.stages, to)}")
    found = [t for t in stage.transitions if to in (None, t.to) and act in (None, t.id)]
    if gated and any(t.gate is not None for t in found):
        found = decided_on(workflow, project, [t for t in found if t.gate is not None])
    if not found:
        if stage.final:
            return Refused(
                "rules", "project_ended", f"The project has ended ({stage.title}); it goes nowhere from here."
            )
        wanted = f"to {workflow.stages[to].title}" if to is not None else f"called {act}"
        near = get_close_matches(act or "", [t.id for t in stage.transitions], n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        ways = ", ".join(f"{t.id} (to {workflow.stages[t.to].title})" for t in stage.transitions)
        return Refused(
            "rules", "no_such_transition", f"From {stage.title} there is no way {wanted}. There is: {ways}." + hint
        )
    usual = [t for t in found if t.id == "advance"]
    if len(found) > 1 and len(usual) == 1:
        found = usual
    if gated and len({t.gate for t in found}) == 1:
        return found[0]  # one gate guards them all, and it is the gate that is asked about
    if len(found) > 1 and gated:
        named = "act" if len({t.to for t in found}) < len(found) else "to"  # two gates may lead to one stage
        said = {t.id: t.id if named == "act" else t.to for t in found}
        ways = ", ".join(f"--{named} {said[t.id]} ({workflow.gates[str(t.gate)].title})" for t in found)
        return bad_input([(named, f"There are several gates out of {stage.title}; say which: {ways}.")])
    if len(found) > 1:
        ways = ", ".join(f"--act {t.id} (to {workflow.stages[t.to].title})" for t in found)
        return bad_input([("act", f"There are several ways from {stage.title}; say which: {ways}.")])
    return found[0]


def shut(project: Project, transition: Transition, hearing: Hearing) -> Refused:
    """Returns the refusal of a shut gate: its complete answer."""
    moment = hearing.moment
    found = answer(hearing.workflow, project, transition, moment.today, moment.calendar, hearing.altered)
    return Refused("rules", "gate_shut", summary(found), answer=found)


def standstill(project: Project, transition: Transition, hearing: Hearing) -> Refused | None:
    """Returns the refusal of any gate while one that was passed before is unsound and freezes; None where none is."""
    moment = hearing.moment
    if not frozen_by(hearing.workflow, project, moment.today, moment.calendar, hearing.altered):
        return None
    found = answer(hearing.workflow, project, transition, moment.today, moment.calendar, hearing.altered)
    return Refused("rules", "frozen", summary(found), answer=found)


def advance(project: Project, command: Advance, hearing: Hearing) -> Outcome:
    """Rules on a move: finds the way, has its gate judged, asks the machine for one step, and builds the event."""
    workflow, moment = hearing.workflow, hearing.moment
    transition = find_transition(project, workflow, command.to, command.act)
    if isinstance(transition, Refused) and transition.kind != "rules":
        return transition
    mistakes: Mistakes = []
    reason = None if command.reason is None else reason_in(command.reason, mistakes)
    conditions = _conditions(command, moment.today, mistakes)
    if isinstance(transition, Transition):
        if transition.reason_required and command.reason is None:
            mistakes.append(("reason", f"{transition.title} needs a reason: give --reason."))
        if conditions and transition.gate is None:
            mistakes.append(("condition", "Conditions go with passing a gate; no gate guards this way."))
    if mistakes:
        return bad_input(mistakes)
    by = () if isinstance(transition, Refused) else transition.by
    if no := may_take(hearing.actor, by, workflow):
        return no
    if isinstance(transition, Refused):
        return transition
    if project.hold is not None:
        since = in_words(project.hold[0][:10])
        return Refused("rules", "on_hold", f"The project is on hold since {since}; nothing moves until it is resumed.")
    if (elsewhere := astray(workflow, project, transition)) is not None:
        return Refused("rules", "not_decided", elsewhere)
    judgement: Judgement | None = None
    may_pass = False
    if transition.gate is not None:
        if (frozen := standstill(project, transition, hearing)) is not None:
            return frozen
        gate, altered = workflow.gates[transition.gate], hearing.altered
        judgement = judge(workflow, gate, project, moment.today, moment.calendar, quiet=True, altered=altered)
        may_pass = judgement.holds and not undecided(judgement.gate, standing(project, judgement))
    if step(workflow, project.stage, transition.id, may_pass=may_pass) is None:
        return shut(project, transition, hearing)
    return Accepted((_moved(project, transition, judgement, reason, conditions, hearing),))


def _conditions(command: Advance, today: date, mistakes: Mistakes) -> list[ConditionGiven]:
    """Returns the conditions as they are kept, and adds every mistake in them."""
    found = []
    for condition in command.conditions:
        words, due = condition.text, today
        try:
            words = text(condition.text, "A condition", 2_000)
        except BadValue as bad:
            mistakes.append(("condition", str(bad)))
        try:
            due = day(condition.due, "The day a condition is due")
            if due < today:
                mistakes.append(("due", f"A condition cannot be due on {due}, which is past."))
        except BadValue as bad:
            mistakes.append(("due", str(bad)))
        found.append(ConditionGiven(words, condition.owner, due.isoformat()))
    return found


def _moved(
    project: Project,
    transition: Transition,
    judgement: Judgement | None,
    reason: str | None,
    conditions: list[ConditionGiven],
    hearing: Hearing,
) -> Event:
    words = {f"condition.{place}": c.text for place, c in enumerate(conditions)}
    if reason is not None:
        words["reason"] = reason
    verdicts = {} if judgement is None else {name: [v.state, list(v.evidence)] for name, v in judgement.by_id().items()}
    body = {
        "act": transition.id,
        "from": project.stage,
        "to": transition.to,
        "gate": transition.gate,
        "outcome": outcome_of(hearing.workflow, project.stage, transition, conditions=bool(conditions)),
        "new_cycle": transition.new_cycle,
        "binds": None if judgement is None else judgement.binds,
        "verdicts": verdicts,
        "conditions": [{"owner": c.owner, "due": c.due} for c in conditions],
        "today": hearing.moment.today.isoformat(),
    }
    if judgement is not None:
        body |= circumstances(hearing.moment.calendar, hearing.altered, project, judgement.by_id().values())
    return Event("advanced", project.id, body, words)


def outcome_of(workflow: Workflow, stage: str, transition: Transition, *, conditions: bool) -> str:
    """Returns passed or passed_with_conditions at a gate; without one returned (back), stopped (to an end) or moved."""
    if transition.gate is not None:
        return "passed_with_conditions" if conditions else "passed"
    if workflow.stages[transition.to].final:
        return "stopped"
    order = list(workflow.stages)
    return "returned" if order.index(transition.to) <= order.index(stage) else "moved"


def hold(project: Project, command: Hold, hearing: Hearing) -> Outcome:
    """Rules on putting a project on hold: in any stage that is not final, once."""
    mistakes: Mistakes = []
    reason = reason_in(command.reason, mistakes)
    if mistakes:
        return bad_input(mistakes)
    if no := may(hearing.actor, "hold or resume a project"):
        return no
    if hearing.workflow.stages[project.stage].final:
        return Refused("rules", "project_ended", "The project has ended; there is nothing to hold.")
    if project.hold is not None:
        return Refused("rules", "on_hold", "The project is on hold already.")
    return Accepted((Event("held", project.id, {}, {"reason": reason}),))


def resume(project: Project, command: Resume, hearing: Hearing) -> Outcome:
    """Rules on taking a project off hold."""
    mistakes: Mistakes = []
    reason = reason_in(command.reason, mistakes)
    if mistakes:
        return bad_input(mistakes)
    if no := may(hearing.actor, "hold or resume a project"):
        return no
    if project.hold is None:
        return Refused("rules", "not_on_hold", "The project is not on hold.")
    return Accepted((Event("resumed", project.id, {}, {"reason": reason}),))
