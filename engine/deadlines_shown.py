"""How deadlines are shown: placed on a day, and as JSON values in the shape of the public contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.core.calendar import Calendar
from engine.core.deadlines import Deadline, NotKnown, Placed, WorkingDays, placed, urgency
from engine.core.deadlines_derived import Derived, derive
from engine.core.deadlines_said import meaning, name_of
from engine.core.definition import Workflow
from engine.room import calendar_of
from engine.sight import Sight


@dataclass(slots=True)
class Near:
    """Places deadlines on a day; the holidays of a calendar are put in order once."""

    _working: dict[str, WorkingDays] = field(default_factory=dict)

    def of(self, sight: Sight) -> tuple[list[Placed], tuple[NotKnown, ...]]:
        """Returns the deadlines of a project that stand on the day it is seen, and those whose day is not known."""
        derived = self.derived(sight)
        standing = (self.place(one, sight.today, sight.calendar) for one in derived.deadlines)
        return [one for one in standing if one is not None], derived.not_known

    def derived(self, sight: Sight) -> Derived:
        """Returns the deadlines of a project, whatever day it is; plugins are asked where they judge."""
        return derive(sight.workflow, sight.project, sight.today, sight.calendar, calendar_of(sight.workflow))

    def place(self, deadline: Deadline, today: date, calendar: Calendar) -> Placed | None:
        """Returns how near a deadline is on a day; None for a wait that has been over since an earlier day."""
        working = self._working.get(calendar.id)
        if working is None:
            working = self._working[calendar.id] = WorkingDays(calendar)
        return placed(deadline, today, working)


def deadlines_of(sight: Sight, near: Near | None = None) -> list[dict[str, Any]]:
    """Returns the deadlines of one project as JSON values, the most pressing first."""
    some, _ = (near or Near()).of(sight)
    title, on_hold = sight.project.title, sight.project.hold is not None
    return [deadline_json(one, title, on_hold, sight.workflow) for one in sorted(some, key=urgency)]


def deadline_json(found: Placed, project_title: str | None, on_hold: bool, workflow: Workflow) -> dict[str, Any]:
    """Returns a deadline in the shape of the public contract, with what screens and calendars need beside it."""
    deadline, basis, length = found.deadline, found.deadline.basis, found.deadline.length
    return {
        "project": deadline.project,
        "what": deadline.what,
        "requirement": deadline.requirement,
        "due": deadline.due.isoformat(),
        "days_left": found.days_left,
        "state": found.state,
        "id": deadline.id,
        "kind": deadline.kind,
        "title": deadline.title,
        "project_title": project_title,
        "on_hold": on_hold,
        "act_by": found.act_by.isoformat(),
        "working_days_left": found.working_days_left,
        "severity": deadline.severity,
        "who": list(deadline.who),
        "who_titles": [workflow.roles.get(role, role) for role in deadline.who],
        "owner": deadline.owner,
        "gate": deadline.gate,
        "gate_title": None if deadline.gate is None else workflow.gates[deadline.gate].title,
        "passed": deadline.passed,
        "one_of": deadline.one_of,
        "length": None if length is None else {"n": length.n, "unit": length.unit},
        "basis": None if basis is None else {"kind": basis.kind, "source": basis.source},
        "says": deadline.says,
        "name": name_of(deadline, workflow),
        "means": meaning(deadline, workflow, late=found.days_left < 0),
    }


def not_known_json(found: NotKnown, project_title: str | None) -> dict[str, Any]:
    """Returns a deadline whose day cannot be told."""
    return {
        "project": found.project,
        "kind": found.kind,
        "subject": found.subject,
        "title": found.title,
        "project_title": project_title,
        "why": found.why,
    }
