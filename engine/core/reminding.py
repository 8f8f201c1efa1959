"""The days on which people are reminded of a deadline: 10, 5, 1 and 0 working days before, then every five once late.

The last step before a deadline falls on its `act_by` day: the last working day up to it. A wait has one step, the day
on which it is over. Where the holidays of a year are not known every weekday counts, so a reminder comes a few days
early at most, and never not at all. Pure: nothing here knows what day it is.

Source: the issue's own rule, in working days of the definition's calendar; no law sets when people are to be reminded.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from engine.core.calendar import ONE_DAY, Calendar
from engine.core.deadlines import PLAN, WAIT

AHEAD = (10, 5, 1, 0)
"""The steps before a deadline, in working days left on its `act_by` day, in the order in which they come."""

EVERY = 5
"""The working days between two reminders of something that is late."""


@dataclass(frozen=True, slots=True)
class Step:
    """One of the days on which somebody is told.

    Attributes:
        left: the working days until the `act_by` day: 10, 5, 1 or 0; once it is late -5, -10 and so on; of a wait 0.
        on: the day, in the definition's time zone.
    """

    left: int
    on: date


class Steps:
    """The steps of deadlines by one calendar."""

    def __init__(self, calendar: Calendar) -> None:
        self._holidays = calendar.holidays
        self._ordinals = sorted(day.toordinal() for day in calendar.holidays if day.weekday() < 5)

    def first(self, kind: str, due: date) -> Step:
        """Returns the first step of a deadline."""
        if kind == WAIT:
            return Step(0, due)
        return Step(AHEAD[0], self._before(self._act_by(due), AHEAD[0]))

    def newest(self, kind: str, due: date, today: date) -> Step | None:
        """Returns the last step that has come by a day; None where none has."""
        if kind == WAIT:
            return Step(0, due) if due <= today else None
        act_by = self._act_by(due)
        late = (self._until(today) - self._until(act_by)) // EVERY if today > act_by else 0
        if late > 0:
            return Step(-EVERY * late, self._after(act_by, EVERY * late))
        come = [step for step in (Step(n, self._before(act_by, n)) for n in AHEAD) if step.on <= today]
        return come[-1] if come else None

    def next(self, kind: str, due: date, today: date) -> Step | None:
        """Returns the first step after a day; None for a wait that is over by then."""
        if kind == WAIT:
            return Step(0, due) if due > today else None
        act_by = self._act_by(due)
        for n in AHEAD:
            step = Step(n, self._before(act_by, n))
            if step.on > today:
                return step
        late = (self._until(today) - self._until(act_by)) // EVERY + 1
        return Step(-EVERY * late, self._after(act_by, EVERY * late))

    def _is_working(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self._holidays

    def _act_by(self, due: date) -> date:
        day = due
        while not self._is_working(day) and day > date.min:
            day -= ONE_DAY
        return day

    def _before(self, day: date, n: int) -> date:
        while n > 0 and day > date.min:
            day -= ONE_DAY
            n -= self._is_working(day)
        return day

    def _after(self, day: date, n: int) -> date:
        """Returns the n-th working day after a day, without going through the years between."""
        wanted = self._until(day) + n
        found = min(day.toordinal() + n * 7 // 5, date.max.toordinal())
        here = date.fromordinal(found)
        while self._until(here) < wanted and here < date.max:
            here += ONE_DAY
        while here > day and self._until(here - ONE_DAY) >= wanted:
            here -= ONE_DAY
        return here

    def _until(self, day: date) -> int:
        """Returns how many working days there are from the first day of the calendar up to a day, that one counted."""
        weeks, rest = divmod(day.toordinal(), 7)  # ordinal 1 is a Monday
        return weeks * 5 + min(rest, 5) - bisect_right(self._ordinals, day.toordinal())


def is_silent(severity: str, *, on_hold: bool) -> bool:
    """True where nobody is reminded: of our own plan while the project is on hold; the law waits for nobody."""
    return on_hold and severity == PLAN
