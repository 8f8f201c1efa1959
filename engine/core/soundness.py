"""Whether a gate that was passed is still sound: judged again with what stands now, as it was asked then."""

from __future__ import annotations

from copy import copy
from datetime import date

from engine.core.bench import Bench
from engine.core.calendar import Calendar
from engine.core.definition import Workflow
from engine.core.evidence import Passing
from engine.core.gates import HOLDS, MET, WAIVED, Verdict, judge_from
from engine.core.project import Project


def why_unsound(workflow: Workflow, project: Project, passing: Passing, today: date, calendar: Calendar) -> list[str]:
    """Returns why what a passed gate rested on no longer stands, one sentence a requirement; empty while it is sound.

    A newer record that is as good keeps a gate sound. Fields of the project that changed since leave it alone.
    """
    then = copy(project)
    then.fields = dict(passing.fields)
    bench = Bench(workflow, then, today, calendar, passing.entered_order, passing.cycle)
    found = []
    for verdict in judge_from(bench, workflow.gates[passing.gate]).verdicts:
        recorded = passing.verdicts[verdict.requirement.id][0]
        if recorded in (MET, WAIVED) and verdict.state not in HOLDS:
            found.append(f"{verdict.requirement.title}: {' '.join(_reasons(verdict))}")
    return found


def _reasons(verdict: Verdict) -> list[str]:
    """Returns why a verdict does not hold; of a group, why its parts do not."""
    if not verdict.of:
        return list(verdict.why)
    return [reason for child in verdict.of if child.state not in HOLDS for reason in _reasons(child)]
