"""When a project is stuck: it has waited longer than its definition expects, and is not on hold.

Where the stage has a target, what the definition expects is the last day of that. Where it has none, the definition
expects what stands at the gates ahead: that evidence is used before it runs out, a waiver before it ends, a timer is
kept, and that somebody goes on once the last wait is over. Being stuck is a state that is read off, and no event:
nothing happens to a project by it, and no gate looks at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.core.calendar import Calendar, OutsideCalendar, after, in_words
from engine.core.deadlines import FRESHNESS, STAGE, TIMER, WAIT, WAIVER, Deadline, WorkingDays
from engine.core.deadlines_derived import derive
from engine.core.definition import Span, Workflow
from engine.core.project import Project

KINDS = (FRESHNESS, TIMER, WAIT, WAIVER)
"""The kinds of deadlines that say what a stage without a target expects."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """Since when a project is stuck, and why.

    Attributes:
        since: the last day on which all was as expected.
        days, working_days: how long ago that is; working days None where the calendar does not know those years.
        kind: stage, freshness, timer, wait or waiver; `subject` the stage or the requirement.
        why: a sentence.
    """

    since: date
    days: int
    working_days: int | None
    kind: str
    subject: str
    why: str


def stuck(workflow: Workflow, project: Project, today: date, calendar: Calendar, published: Calendar) -> Stuck | None:
    """Returns why a project is stuck on a day; None where it is not, is on hold, or has ended.

    Args:
        calendar: the one that waits and working days are counted by.
        published: the one that stage targets are counted by.
    """
    stage = workflow.stages[project.stage]
    if stage.final or project.hold is not None:
        return None
    if stage.target is not None:
        due = _expected(project, stage.target, published)
        why = "" if due is None else f"{stage.title} was expected to be over by {in_words(due)}."
        return None if due is None or due >= today else _since(due, STAGE, stage.id, why, today, calendar)
    past = _past(workflow, project, today, calendar, published)
    if past is None:
        return None
    return _since(past.due, past.kind, past.subject, _why(past), today, calendar)


def _expected(project: Project, target: Span, published: Calendar) -> date | None:
    try:
        return after(date.fromisoformat(project.entered_on), target, published)
    except OutsideCalendar:
        return None


def _past(
    workflow: Workflow, project: Project, today: date, calendar: Calendar, published: Calendar
) -> Deadline | None:
    """Returns the oldest deadline ahead that is past; waits count once the last of them is over."""
    every = derive(workflow, project, today, calendar, published).deadlines
    here = [one for one in every if one.kind in KINDS and not one.passed]
    waiting = any(one.kind == WAIT and one.due > today for one in here)
    over = max((one.due for one in here if one.kind == WAIT), default=None)
    past = [one for one in here if one.due < today and (one.kind != WAIT or (not waiting and one.due == over))]
    return past[0] if past else None


def _why(past: Deadline) -> str:
    day = in_words(past.due)
    match past.kind:
        case "wait":
            return f"“{past.title}”: the wait has been over since {day}."
        case "freshness":
            return f"“{past.title}”: the evidence counted until {day}."
        case "waiver":
            return f"“{past.title}”: the waiver ended on {day}."
        case _:
            return f"“{past.title}” was due by {day}."


def _since(day: date, kind: str, subject: str, why: str, today: date, calendar: Calendar) -> Stuck:
    left = WorkingDays(calendar).left(today, day)
    return Stuck(day, (today - day).days, None if left is None else -left, kind, subject, why)
