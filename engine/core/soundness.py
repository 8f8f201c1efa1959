"""Whether a gate that was passed is still sound: judged again with what stands now, as it was asked then.

What a gate rested on and has lost is lost: evidence that comes later does not bring it back by itself. So wherever an
act changes records, `losses` says what it cost the gates that were passed, and an event records it.
"""

from __future__ import annotations

from copy import copy
from datetime import date

from engine.core.bench import Bench
from engine.core.calendar import Calendar
from engine.core.definition import GROUPS, Workflow
from engine.core.events import Event
from engine.core.evidence import Passing
from engine.core.gates import HOLDS, MET, NOT_APPLICABLE, WAIVED, Verdict, group_state, judge_from, needed_of
from engine.core.project import Project


def why_unsound(workflow: Workflow, project: Project, passing: Passing, today: date, calendar: Calendar) -> list[str]:
    """Returns why what a passed gate rested on no longer stands, one sentence a requirement; empty while it is sound.

    A newer record that is as good keeps a gate sound. Fields of the project that changed since leave it alone.
    """
    found = []
    for verdict in _judged_again(workflow, project, passing, today, calendar):
        title = verdict.requirement.title
        if verdict.state not in HOLDS:
            found.append(f"{title}: {' '.join(_reasons(verdict))}")
        elif verdict.requirement.id in passing.lost:
            found.append(f"{title}: What it rested on was lost; what was handed in since does not heal it by itself.")
    return found


def losses(before: Project, after: Project, workflow: Workflow, today: date, calendar: Calendar) -> list[Event]:
    """Returns an event for each passed gate that has lost something by now, and did not say so yet.

    Both sides of an act are looked at: what ran out before it is as lost as what it takes away.
    """
    events = []
    for passing in after.passings:
        lost = {
            verdict.requirement.id
            for project in (before, after)
            for verdict in _judged_again(workflow, project, passing, today, calendar)
            if is_lost(verdict)
        }
        new = [name for name in passing.verdicts if name in lost and name not in passing.lost]
        if new:
            body = {"gate": passing.gate, "passing": passing.seq, "requirements": new}
            events.append(Event("gate_unsound", after.id, body))
    return events


def is_lost(verdict: Verdict) -> bool:
    """True where what a verdict rested on is gone; a newer record that only waits for its signatures is as good."""
    return _but_for_signatures(verdict) not in HOLDS


def _but_for_signatures(verdict: Verdict) -> str:
    requirement = verdict.requirement
    if requirement.type in GROUPS and verdict.state not in HOLDS:
        states = [_but_for_signatures(child) for child in verdict.of if child.state != NOT_APPLICABLE]
        return group_state(states, needed_of(requirement, len(states)))
    if verdict.unsigned and verdict.evidence and verdict.good:
        return MET
    return verdict.state


def _judged_again(
    workflow: Workflow, project: Project, passing: Passing, today: date, calendar: Calendar
) -> list[Verdict]:
    """Returns what the requirements that held when the gate was passed say now."""
    then = copy(project)
    then.fields = dict(passing.fields)
    bench = Bench(workflow, then, today, calendar, passing.entered_order, passing.cycle)
    verdicts = judge_from(bench, workflow.gates[passing.gate]).verdicts
    return [v for v in verdicts if passing.verdicts[v.requirement.id][0] in (MET, WAIVED)]


def _reasons(verdict: Verdict) -> list[str]:
    """Returns why a verdict does not hold; of a group, why its parts do not, each by its title."""
    if not verdict.of:
        return list(verdict.why)
    parts = [v for child in verdict.of for v in child.family() if not v.of and v.state not in HOLDS]
    return [f"“{v.requirement.title}”: {' '.join(v.why)}" for v in parts]
