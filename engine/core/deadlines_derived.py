"""`derive`: the deadlines of a project, from what was recorded and from its definition.

Pure, and but for requirements that a plugin judges independent of the day it is asked on: asked tomorrow, with nothing
recorded meanwhile, it says the same. Each deadline is known by its kind, what it is about and its occurrence, so that
one that moves stays itself: a newer record that counts until later moves the day, and makes no second deadline.

A project on hold keeps its deadlines, since no law and no evidence waits for it. One that has ended keeps only the
conditions its gates were passed with, which can still be accepted as met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from engine.core.bench import Bench
from engine.core.calendar import Calendar, OutsideCalendar, after
from engine.core.deadlines import CONDITION, GATE, PLAN, STAGE, TIMER, Deadline, NotKnown, by_day
from engine.core.deadlines_asked import waived_until, who_decides
from engine.core.deadlines_at_gates import Way, ahead, rested_on
from engine.core.deadlines_timers import timers
from engine.core.definition import Workflow
from engine.core.project import Project
from engine.core.soundness import bench_of, resting_on


@dataclass(frozen=True, slots=True)
class Derived:
    """The deadlines of a project by day, and those whose day cannot be told."""

    deadlines: tuple[Deadline, ...]
    not_known: tuple[NotKnown, ...] = ()


def derive(
    workflow: Workflow, project: Project, today: date, calendar: Calendar, published: Calendar | None = None
) -> Derived:
    """Returns the deadlines of a project.

    Args:
        workflow: the definition it is pinned to.
        project: what was recorded.
        today: the day plugins are asked about; nothing else here looks at it.
        calendar: the one waits are counted by.
        published: the one stage targets are counted by, without what a register added; `calendar` where None.
    """
    kept: dict[str, Deadline] = {}
    unknown: dict[tuple[str, str], NotKnown] = {}
    for kind, subject, title, way in _ways(workflow, project, today, calendar, published or calendar):
        try:
            found = way()
        except OutsideCalendar as outside:
            unknown.setdefault((kind, subject), NotKnown(project.id, kind, subject, title, str(outside)))
            continue
        if found is not None:
            kept.setdefault(found.id, found)
    return Derived(tuple(sorted(kept.values(), key=by_day)), tuple(unknown.values()))


def _ways(
    workflow: Workflow, project: Project, today: date, calendar: Calendar, published: Calendar
) -> Iterator[tuple[str, str, str, Way]]:
    """Yields what may have a deadline: its kind, what it is about, the title of that, and the way to the deadline."""
    for condition in _conditions(workflow, project):
        yield CONDITION, condition.subject, condition.title, partial(_as_it_is, condition)
    stage = workflow.stages[project.stage]
    if stage.final:
        return
    yield STAGE, stage.id, stage.title, partial(_stage, workflow, project, published)
    bench = Bench(workflow, project, today, calendar, project.entered_order, project.cycle, quiet=True)
    for gate in dict.fromkeys(t.gate for t in stage.transitions if t.gate is not None):
        for kind, asked, way in ahead(bench, workflow.gates[gate]):
            yield kind, asked.id, asked.title, way
    for passing in resting_on(project):
        past = bench_of(workflow, project, passing, today, calendar)
        for kind, asked, way in rested_on(past, workflow.gates[passing.gate], passing):
            yield kind, asked.id, asked.title, way
    for asked, timer in timers(bench):
        yield TIMER, asked.id, asked.title, partial(_unless_waived, timer, waived_until(bench, asked))


def _as_it_is(found: Deadline) -> Deadline:
    return found


def _unless_waived(timer: Callable[[], Deadline], waived: date | None) -> Deadline | None:
    found = timer()
    return None if waived is not None and waived >= found.due else found


def _stage(workflow: Workflow, project: Project, published: Calendar) -> Deadline | None:
    """Returns when the project's stage should be over, as `project show` says it; None where no target is set."""
    stage = workflow.stages[project.stage]
    if stage.target is None:
        return None
    due = after(date.fromisoformat(project.entered_on), stage.target, published)
    gates = dict.fromkeys(t.gate for t in stage.transitions if t.gate is not None)
    who = dict.fromkeys(role for gate in gates for role in who_decides(workflow.gates[gate]))
    return Deadline(
        project.id,
        STAGE,
        stage.id,
        f"{project.cycle}.{project.entered_order}",
        due,
        "The last day for this stage",
        stage.title,
        PLAN,
        tuple(who),
        length=stage.target,
    )


def _conditions(workflow: Workflow, project: Project) -> Iterator[Deadline]:
    """Yields the conditions that gates were passed with and that are not met; none of a gate that was reopened."""
    for passing in project.passings:
        gate = workflow.gates[passing.gate]
        for place, condition in enumerate(() if passing.reopened else passing.conditions):
            if condition.met_on is None:
                yield Deadline(
                    project.id,
                    CONDITION,
                    gate.id,
                    f"{passing.seq}.{place + 1}",
                    date.fromisoformat(condition.due),
                    f"Condition {place + 1} is to be met",
                    gate.title,
                    GATE,
                    who_decides(gate),
                    owner=condition.owner,
                    gate=gate.id,
                    passed=True,
                    says=condition.text,
                )
