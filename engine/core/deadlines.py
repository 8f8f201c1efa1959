"""A deadline: a day on which something has to be done, ends, or may begin, and how near it is on the day one looks.

Where a deadline comes from is in `deadlines_derived`: it follows from what was recorded and from the definition, and
not from the day on which it is asked about. What hangs on the day is only how many days are left, and the state. So a
deadline can be kept as a row, and everybody who reads it on the same day reads the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.core.calendar import ONE_DAY, Calendar, OutsideCalendar
from engine.core.definition import Basis, Span

STAGE, WAIT, FRESHNESS, WAIVER, CONDITION, TIMER = "stage", "wait", "freshness", "waiver", "condition", "timer"
CRITICAL, OVERDUE, SOON, LATER = "critically_overdue", "overdue", "due_soon", "not_due_yet"
STATES = (CRITICAL, OVERDUE, SOON, LATER)
"""The states, the most pressing first."""

LAW, GATE, WATCH, PLAN, OPENS = "law", "gate", "watch", "plan", "opens"


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the states of a severity begin, in working days.

    Attributes:
        soon: due soon when so many are left, or fewer.
        critical: critically overdue when more than so many have gone by since the day; None for what is never late.
    """

    soon: int
    critical: int | None


LINES: Mapping[str, Lines] = {
    LAW: Lines(20, 0),
    GATE: Lines(10, 5),
    WATCH: Lines(10, None),
    PLAN: Lines(10, 20),
    OPENS: Lines(10, None),
}
"""By severity: a duty of law, what a gate rests on, what a passed gate that only warns rests on, our own plan, and a
wait, which nobody can be late for.

Ten working days before is when the first reminder goes out. A duty of law is told four weeks ahead, and is critical
once one working day has gone by. A gate that only warns lets the work go on, so what it loses is overdue and never
critical. The other numbers are our own choice.
"""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that matters to a project.

    Attributes:
        kind: stage, wait, freshness, waiver, condition or timer.
        subject: the requirement; of a stage the stage's id, of a condition the gate's.
        occurrence: what tells it from others of the same kind and subject; the same while it only moves.
        due: the last day on which all is well; of a wait the first day on which it is over.
        what: what the day means, in a few words; `title` what it is about.
        severity: law, gate, watch, plan or opens.
        who: the roles that can do something about it, any of them; `owner` the id of the person who answers for it.
        gate: the gate it belongs to; `passed` where that gate was passed and rests on it.
        one_of: the title of the group in which it is one of several ways; None where it is none.
        length: how long it ran, where that is counted from a recorded day.
        says: what people typed about it; None where they typed nothing, or it was erased.
    """

    project: str
    kind: str
    subject: str
    occurrence: str
    due: date
    what: str
    title: str
    severity: str
    who: tuple[str, ...] = ()
    owner: str | None = None
    gate: str | None = None
    passed: bool = False
    one_of: str | None = None
    length: Span | None = None
    basis: Basis | None = None
    says: str | None = None

    @property
    def id(self) -> str:
        """What the deadline is known by, for ever."""
        return f"{self.project}/{self.kind}/{self.subject}/{self.occurrence}"

    @property
    def requirement(self) -> str | None:
        """The requirement it is about; None for stages and conditions."""
        return None if self.kind in (STAGE, CONDITION) else self.subject


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A deadline there is, and whose day cannot be told: why not, in a sentence."""

    project: str
    kind: str
    subject: str
    title: str
    why: str


@dataclass(slots=True)
class WorkingDays:
    """Counts working days between two days without going through them one by one."""

    calendar: Calendar
    _holidays: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._holidays = sorted(day.toordinal() for day in self.calendar.holidays if day.weekday() < 5)

    def left(self, today: date, due: date) -> int | None:
        """Returns how many there are after `today` up to `due`, that day counted; below 0 where `due` is before it.

        None where the calendar has not the holidays of all those years.
        """
        first, last = self.calendar.years
        if min(today.year, due.year) < first or max(today.year, due.year) > last:
            return None
        return self._until(due) - self._until(today)

    def act_by(self, due: date) -> date:
        """Returns the last working day up to `due`; `due` itself where nobody knows."""
        day = due
        try:
            while not self.calendar.is_working_day(day):
                day -= ONE_DAY
        except OutsideCalendar:
            return due
        return day

    def _until(self, day: date) -> int:
        weeks, rest = divmod(day.toordinal(), 7)  # the first day of the calendar, ordinal 1, is a Monday
        return weeks * 5 + min(rest, 5) - bisect_right(self._holidays, day.toordinal())


@dataclass(frozen=True, slots=True)
class Placed:
    """A deadline as it stands on a day: `days_left` in calendar days, `working_days_left` None where nobody knows."""

    deadline: Deadline
    act_by: date
    days_left: int
    working_days_left: int | None
    state: str


def placed(deadline: Deadline, today: date, working: WorkingDays) -> Placed | None:
    """Returns how near a deadline is on a day; None for a wait that has been over since an earlier day."""
    days, left = (deadline.due - today).days, working.left(today, deadline.due)
    if deadline.kind == WAIT and days < 0:
        return None
    by = deadline.due if deadline.kind == WAIT else working.act_by(deadline.due)
    return Placed(deadline, by, days, left, _state(LINES[deadline.severity], days, left))


def _state(lines: Lines, days: int, working: int | None) -> str:
    # where the holidays of a year are not known every weekday counts, which is at most a few days out
    near = days * 5 // 7 if working is None else working
    if days >= 0:
        return SOON if near <= lines.soon else LATER
    return CRITICAL if lines.critical is not None and -near > lines.critical else OVERDUE


def urgency(found: Placed) -> tuple[int, date, str]:
    """Returns what placed deadlines are sorted by: the state, then the day, then the id."""
    return STATES.index(found.state), found.deadline.due, found.deadline.id


def by_day(deadline: Deadline) -> tuple[date, str]:
    """Returns what deadlines are sorted by before anybody looks at them: the day, then the id."""
    return deadline.due, deadline.id
