"""Working days, spans and waits. A `Calendar` is a table of holidays that is handed in; nothing here knows a clock."""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date, timedelta

from engine.core.definition import Span

ONE_DAY = timedelta(days=1)
NEXT_DAY = Span(1, "days")
# not from the locale: an answer reads the same everywhere
_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905  # shorter than the list


class OutsideCalendar(Exception):
    """A day was asked about that the calendar cannot count: its year has no table of holidays, or no date at all."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A working-day calendar: Monday to Friday less `holidays`, known for `years` (first, last) only.

    Attributes:
        holidays: the name of each holiday by its day.
        added: those of them that a setting of the register added, so that an answer can say so.
        beside: the other calendars by id, for a wait that names one of its own.
    """

    id: str
    title: str
    holidays: Mapping[date, str]
    years: tuple[int, int]
    added: Set[date] = frozenset()
    # calendars know each other, so comparing or printing through here would go round for ever
    beside: Mapping[str, Calendar] = field(default_factory=dict, compare=False, repr=False)

    def called(self, id: str | None) -> Calendar:
        """Returns this calendar for None or its own id, else the one beside it; raises OutsideCalendar for neither."""
        if id is None or id == self.id:
            return self
        if id not in self.beside:
            raise OutsideCalendar(f"There is no calendar {id} in this version of cocycle, so nothing can be counted.")
        return self.beside[id]

    def is_working_day(self, day: date) -> bool:
        """True for a weekday that is no holiday; raises OutsideCalendar for a year not in the table."""
        if not self.years[0] <= day.year <= self.years[1]:
            raise OutsideCalendar(
                f"The calendar {self.title} has the holidays of {self.years[0]} to {self.years[1]}, not of {day.year}."
            )
        return day.weekday() < 5 and day not in self.holidays

    def nth_working_day(self, n: int, first: date) -> date:
        """Returns the n-th working day from `first` on, `first` counting if it is one."""
        day = first
        while True:
            if self.is_working_day(day):
                n -= 1
                if n == 0:
                    return day
            day += ONE_DAY


def add(day: date, span: Span) -> date:
    """Returns the day `span` of calendar time after `day`; months and years clip to the end of the month.

    Raises:
        OutsideCalendar: where that would be after the year 9999.
    """
    try:
        if span.unit in ("days", "weeks"):
            return day + timedelta(**{span.unit: span.n})
        months = span.n * (12 if span.unit == "years" else 1)
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        raise OutsideCalendar(f"{span} after {in_words(day)} is after the year 9999.") from None


def after(day: date, span: Span, calendar: Calendar) -> date:
    """Returns the day `span` after `day`, in working days of `calendar` where the span says so."""
    if span.unit == "working_days":
        return calendar.nth_working_day(span.n, add(day, NEXT_DAY))
    return add(day, span)


def last_day(start: date, span: Span, counting_from: str, calendar: Calendar) -> date:
    """Returns the last day of a wait; the wait is over on the next calendar day.

    `same_day`: N days beginning with the day itself (Procurement Act 2023, s.51). `next_day`: the end of the N-th day
    after the day that follows it (SI 2023/1348, reg. 12, the Provider Selection Regime).
    """
    if span.unit == "working_days":
        return calendar.nth_working_day(span.n, counted_from(start, counting_from))
    if counting_from == "same_day":
        return add(start, span) - ONE_DAY
    return add(add(start, NEXT_DAY), span)


def counted_from(start: date, counting_from: str) -> date:
    """Returns the first day that may be counted: the day itself, or the day after the one that follows it."""
    return start if counting_from == "same_day" else add(start, Span(2, "days"))


def in_words(day: date | str, *, beside: date | None = None) -> str:
    """Returns a day the way people write it: 3 June 2026; without its year `beside` a day of the same year."""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    said = f"{day.day} {_MONTHS[day.month - 1]}"
    return said if beside is not None and beside.year == day.year else f"{said} {day.year}"
