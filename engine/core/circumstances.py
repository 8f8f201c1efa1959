"""What a judgement hung on that stands nowhere else in the ledger: extra holidays, altered files, words of plugins.

All are of the place and the hour: the extra holidays of a register are a setting, an altered file may be put right
later, and a plugin may be another one by then. So where there were any, they go into the event that tells of the
judgement, and whoever judges again years later has the same in front of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.core.bank_holidays import calendars
from engine.core.calendar import Calendar
from engine.core.definition import Workflow
from engine.core.opinions import NOTHING_RECORDED, Recorded, on_record

if TYPE_CHECKING:
    from engine.core.gates import Verdict
    from engine.core.project import Project

NAME = "Extra holiday"


def circumstances(
    calendar: Calendar, altered: Set[str], project: Project | None = None, verdicts: Iterable[Verdict] = ()
) -> dict[str, Any]:
    """Returns the members of an event that tell of them; none where there was nothing to tell.

    `verdicts` of `project` are what was judged, parts of groups included.
    """
    found: dict[str, Any] = {}
    if project is not None and (opinions := on_record(verdicts, project.records)):
        found["opinions"] = opinions
    extra = {day for one in (calendar, *calendar.beside.values()) for day in one.added}
    if extra:
        found["extra_holidays"] = sorted(day.isoformat() for day in extra)
    if altered:
        found["altered"] = sorted(altered)
    return found


def calendar_then(workflow: Workflow, body: Mapping[str, Any]) -> Calendar:
    """Returns the calendar that counted for an event, from its body; raises ValueError for what is no list of days."""
    days = body.get("extra_holidays", ())
    return calendars(tuple((date.fromisoformat(day), NAME) for day in days))[workflow.calendar]


def altered_then(body: Mapping[str, Any]) -> frozenset[str]:
    """Returns the records whose files were altered when an event was decided on, from its body."""
    return frozenset(body.get("altered", ()))


def judges_then(workflow: Workflow, body: Mapping[str, Any]) -> Workflow:
    """Returns the definition with what its plugins said when an event was decided on, from its body."""
    return replace(workflow, judges=Recorded(body["opinions"]) if "opinions" in body else NOTHING_RECORDED)
