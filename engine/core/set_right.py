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
from engine.core.gates import HOLDS, judge_from
from engine.core.soundness import affirming, bench_of, overdue
from engine.core.unsound import Frozen, without


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
    planned = [a for a in found.acts if (a.act, a.requirement) == (ADD, name)]
    recorded = [
        replace(a, detail={**a.detail, "says": says})
        for a in planned or [Act(ADD, name, tuple(workflow.roles), asked(workflow, name), None)]
    ]
    signed: list[Act] = []
    deciding: list[Act] = []
    if transition.gate is not None and workflow.gate_of[name] == transition.gate:
        last = max((a.not_before for a in found.acts if a.not_before is not None), default=None)
        signed = [Act(SIGN, name, (r,), {"role": r}, None) for r in workflow.requirements[name].signed_by]
        deciding = [Act(DECIDE, None, (r,), {"role": r}, last) for r in workflow.gates[transition.gate].decided_by]
    others = [a for a in found.acts if a not in planned and a not in signed]
    acts = (*recorded, *signed, *others, *(a for a in deciding if a not in others))
    return replace(found, open=False, acts=acts, elsewhere=elsewhere)


def while_frozen(found: Answer, frozen: tuple[Frozen, ...], calendar: Calendar, altered: frozenset[str]) -> Answer:
    """Returns the answer of a gate that nothing passes for now: what puts the gates before it right comes first."""
    first: list[Act] = []
    helpless = found.earliest_open is None
    for one in frozen:
        gate = found.workflow.gates[one.passing.gate]
        bench = bench_of(found.workflow, without(found.project, altered), one.passing, found.today, calendar)
        judgement = judge_from(bench, gate)
        explain, now = Explainer(bench, judgement), judgement.by_id()
        for verdict in (now[v.requirement.id] for v in one.weighed.verdicts):
            acts = explain.needs(verdict)
            helpless = helpless or (verdict.state not in HOLDS and not acts)
            first += acts
        first += _affirming(found.workflow, one, found.today, first)
    acts = () if helpless else (*first, *found.acts)
    days = [a.not_before for a in acts if a.not_before is not None]
    earliest = None if helpless else max(days, default=found.today)
    return replace(found, open=False, acts=acts, earliest_open=earliest, frozen=frozen)


def _affirming(workflow: Workflow, one: Frozen, today: date, first: Iterable[Act]) -> list[Act]:
    """Returns the acts of affirming a gate, once what is missing is there; none where putting it right is enough."""
    if not one.weighed.lost:
        return []
    passing, gate = one.passing, workflow.gates[one.passing.gate]
    said: dict[str, Any] = {"affirm": passing.seq, "gate": gate.id, "title": gate.title}
    if unmet := [place + 1 for place in overdue(passing, today)]:
        said["conditions"] = unmet
    after = max((a.not_before for a in first if a.not_before is not None), default=None)
    if not gate.decided_by:
        return [Act(DECIDE, None, tuple(workflow.roles), said, after)]
    done = {a.role for a in affirming(passing, one.weighed)}
    return [Act(DECIDE, None, (role,), {**said, "role": role}, after) for role in gate.decided_by if role not in done]
