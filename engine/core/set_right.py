"""What comes before a gate may be passed: a gate passed earlier is put right, and the decision followed is taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from engine.core.acts import ADD, DECIDE, SIGN
from engine.core.answered import Act, Answer
from engine.core.calendar import Calendar
from engine.core.definition import Workflow
from engine.core.explaining import Explainer, asked
from engine.core.follows import astray
from engine.core.gates import Judgement, judge_from
from engine.core.project import Project
from engine.core.soundness import affirming, bench_of, overdue
from engine.core.unsound import REOPENS, Frozen


def as_decided(found: Answer) -> Answer:
    """Returns the answer of a way that follows a decision: where that says otherwise, it is recorded anew first.

    A new record of a requirement of the gate itself is signed anew, and everyone who decides sees it.
    """
    workflow, transition = found.workflow, found.transition
    elsewhere = None if transition is None else astray(workflow, found.project, transition)
    if transition is None or transition.follows is None or elsewhere is None:
        return found
    if found.earliest_open is None:
        return replace(found, open=False, elsewhere=elsewhere)
    name, says = transition.follows.requirement, {transition.follows.field: transition.follows.value}
    acts, to_sign, deciding = list(found.acts), [], []
    if all((a.act, a.requirement) != (ADD, name) for a in acts):
        acts.insert(0, Act(ADD, name, tuple(workflow.roles), asked(workflow, name), None))
    # where it is planned anyway it stays in its place: what it answers comes before it
    places = [n for n, a in enumerate(acts) if (a.act, a.requirement) == (ADD, name)]
    for place in places:
        acts[place] = replace(acts[place], detail={**acts[place].detail, "says": says})
    if transition.gate is not None and workflow.gate_of[name] == transition.gate:
        last = max((a.not_before for a in acts if a.not_before is not None), default=None)
        signed = [Act(SIGN, name, (r,), {"role": r}, None) for r in workflow.requirements[name].signed_by]
        to_sign = [a for a in signed if not any((b.act, b.requirement, b.roles) == (SIGN, name, a.roles) for b in acts)]
        deciders = [Act(DECIDE, None, (r,), {"role": r}, last) for r in workflow.gates[transition.gate].decided_by]
        deciding = [a for a in deciders if a not in acts]
    after = places[-1] + 1
    acts = [*acts[:after], *to_sign, *acts[after:], *deciding]
    return replace(found, open=False, acts=tuple(acts), elsewhere=elsewhere)


def while_frozen(found: Answer, frozen: tuple[Frozen, ...], calendar: Calendar, altered: frozenset[str]) -> Answer:
    """Returns the answer of a gate that nothing passes for now: what puts the gates before it right comes first.

    Nothing done here opens it where one of those gates reopens: the next act puts the project back to that gate.
    """
    first: list[Act] = []
    helpless = found.earliest_open is None
    for one in frozen:
        acts, hopeless = righting(found.workflow, found.project, one, found.today, calendar, altered)
        reopens = one.weighed.lost and found.workflow.gates[one.passing.gate].if_unsound == REOPENS
        helpless = helpless or hopeless or reopens
        first += acts
    acts = () if helpless else (*first, *found.acts)
    days = [a.not_before for a in acts if a.not_before is not None]
    earliest = None if helpless else max(days, default=found.today)
    return replace(found, open=False, acts=acts, earliest_open=earliest, frozen=frozen)


def righting(
    workflow: Workflow, project: Project, one: Frozen, today: date, calendar: Calendar, altered: frozenset[str]
) -> tuple[tuple[Act, ...], bool]:
    """Returns the acts that make a passed gate sound again, in order, and whether there is no way to do so.

    One that reopens is not affirmed: once what was lost is there again, the gate is passed anew.
    """
    gate = workflow.gates[one.passing.gate]
    bench = bench_of(workflow, project, one.passing, today, calendar, altered)
    now = judge_from(bench, gate).by_id()
    # together: a decision that is taken anew, for a record that came after it, is signed anew, too; and what would have
    # expired by the day a wait is over is handed in anew. No field is set, since the gate is judged by what the project
    # said when it was passed, and no principle is asked for anew
    explain = Explainer(bench, Judgement(gate, tuple(now[v.requirement.id] for v in one.weighed.verdicts), {}))
    found = next(explain.way_with(frozenset()), None)
    if found is None:
        return (), True
    way, explain.then = found
    acts = list(explain.acts(way.keys))
    if gate.if_unsound != REOPENS:
        acts += _affirming(workflow, one, today, acts)
    return tuple(acts), False


def _affirming(workflow: Workflow, one: Frozen, today: date, first: Iterable[Act]) -> list[Act]:
    """Returns the acts of affirming a gate, once what is missing is there; none where putting it right is enough."""
    if not one.weighed.lost:
        return []
    passing, gate = one.passing, workflow.gates[one.passing.gate]
    said: dict[str, Any] = {"affirm": passing.seq, "gate": gate.id, "title": gate.title}
    after = max((a.not_before for a in first if a.not_before is not None), default=None)
    # a condition that will be overdue by then is to be met, too
    if unmet := [place + 1 for place in overdue(passing, after or today)]:
        said |= {"conditions": unmet, "owners": [passing.conditions[number - 1].owner for number in unmet]}
    if not gate.decided_by:
        return [Act(DECIDE, None, tuple(workflow.roles), said, after)]
    done = {a.role for a in affirming(passing, one.weighed)}
    return [Act(DECIDE, None, (role,), {**said, "role": role}, after) for role in gate.decided_by if role not in done]
