"""A project as it is seen on a day, and what can be said of it without asking the register again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from engine.clock import end_of, stamp
from engine.core.acts import DECIDE
from engine.core.answer import Act, Answer, answer
from engine.core.calendar import Calendar, after
from engine.core.definition import Transition, Workflow
from engine.core.errors import InputRefused
from engine.core.evidence import Passing
from engine.core.project import Project
from engine.core.set_right import righting
from engine.core.soundness import weigh, why_unsound
from engine.core.unsound import Frozen
from engine.room import calendar_of

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sight:
    """A project as it is seen: its state, its definition, and the day and the calendar it is judged by.

    `altered` are the records whose stored files were found altered, where somebody looked.
    """

    project: Project
    workflow: Workflow
    today: date
    calendar: Calendar
    altered: frozenset[str] = frozenset()


def placed(sight: Sight) -> dict[str, Any]:
    """Returns which project this is, the workflow it follows, and where in it the project stands."""
    project, workflow = sight.project, sight.workflow
    stage = workflow.stages[project.stage]
    return {
        "project": project.id,
        "title": project.title,
        "workflow": project.workflow,
        "workflow_title": workflow.title,
        "definition": project.definition,
        "cycle": project.cycle,
        "stage": project.stage,
        "stage_title": stage.title,
        "final": stage.final,
    }


def answered(sight: Sight, transition: Transition | None) -> Answer:
    """Returns what the gate on a way out says."""
    return answer(sight.workflow, sight.project, transition, sight.today, sight.calendar, sight.altered)


def unsound(sight: Sight, passing: Passing) -> list[str]:
    """Returns why a gate that was passed is no longer sound."""
    return why_unsound(sight.workflow, sight.project, passing, sight.today, sight.calendar, sight.altered)


def acts_to_right(sight: Sight, passing: Passing) -> tuple[Act, ...]:
    """Returns the acts that make a passed gate sound again, in order; none where nothing does any more.

    Evidence of an earlier cycle cannot be handed in now, nor any once the project has ended.
    """
    project, workflow = sight.project, sight.workflow
    weighed = weigh(workflow, project, passing, sight.today, sight.calendar, sight.altered)
    one = Frozen(passing, weighed)
    acts, hopeless = righting(workflow, project, one, sight.today, sight.calendar, sight.altered)
    over = passing.cycle != project.cycle or workflow.stages[project.stage].final
    return () if hopeless or (over and any(a.act != DECIDE for a in acts)) else acts


def waiting_for_roles(sight: Sight, ways: Sequence[Answer]) -> list[str]:
    """Returns the roles that can do something now towards the gates of the stage.

    Handing evidence in is anyone's, so it is said to wait for those who sign that requirement, where somebody does.
    """
    roles: dict[str, None] = {}
    for way in ways:
        to_right = (act for one in way.frozen for act in acts_to_right(sight, one.passing)) if not way.acts else ()
        for act in (*way.acts, *to_right):
            if act.not_before is not None and act.not_before > sight.today:
                continue
            asked = act.roles
            if act.act == "add_evidence" and act.requirement is not None:
                asked = sight.workflow.requirements[act.requirement].signed_by or act.roles
            roles.update(dict.fromkeys(asked))
    return [r for r in sight.workflow.roles if r in roles] + [r for r in roles if r not in sight.workflow.roles]


def who_can_help(sight: Sight, ways: Sequence[Answer]) -> list[str]:
    """Returns the roles that can supply what is missing now.

    Those that only decide are not among them as long as anything else is to be done first: their decision would be
    refused, and nobody is to be asked for what they cannot give.
    """
    first = [replace(way, acts=tuple(act for act in way.acts if act.act != DECIDE) or way.acts) for way in ways]
    return waiting_for_roles(sight, first)


def expected_by(sight: Sight) -> str | None:
    """Returns the day the stage should be left, ISO; None where no target is set."""
    target = sight.workflow.stages[sight.project.stage].target
    if target is None:
        return None
    return after(date.fromisoformat(sight.project.entered_on), target, calendar_of(sight.workflow)).isoformat()


def a_day(raw: str) -> date:
    """Returns a day as people type it; raises InputRefused."""
    try:
        if DAY.fullmatch(raw):
            return date.fromisoformat(raw)
    except ValueError:
        pass  # a day that no calendar has
    raise InputRefused(f"The day must be written like 2026-06-30, not {raw}.")


def a_point(raw: str, zone: str) -> tuple[int | None, str | None]:
    """Returns a point of the past as (ledger index, moment), one of them None; a day means its end."""
    if raw.isdecimal() and len(raw) <= 15:
        return int(raw), None
    try:
        if DAY.fullmatch(raw):
            return None, end_of(zone, date.fromisoformat(raw))
        moment = datetime.fromisoformat(raw)
        if moment.tzinfo is not None:
            return None, stamp(moment)
    except (ValueError, OverflowError):
        raise InputRefused(
            f"A point in the past is a day (2026-06-30), a time (2026-06-30T12:00:00Z) or a ledger index, not {raw}."
        ) from None
    raise InputRefused(f"Say in which time zone {raw} is meant, like {raw}Z.")
