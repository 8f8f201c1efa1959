"""How a wait is counted, and the words that say so: from which day, which way, by which calendar, and what is left out.

Each answer lets a reader count along on a wall calendar, so that nobody has to believe the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.core.calendar import NEXT_DAY, ONE_DAY, Calendar, OutsideCalendar, add, counted_from, in_words, last_day
from engine.core.definition import Wait

MOST_HOLIDAYS = 6
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True, slots=True)
class Counted:
    """A wait that has begun: it counts from `start`, ends with the day `last`, and is over on the next calendar day."""

    wait: Wait
    start: date
    last: date
    over_on: date
    calendar: Calendar


def counted(wait: Wait, start: date, calendar: Calendar) -> Counted:
    """Returns how a wait is counted, by its own calendar or else by `calendar`.

    Raises:
        OutsideCalendar: where the calendar is not known, or has not the holidays of a year that would be counted.
    """
    own = calendar.called(wait.calendar)
    last = last_day(start, wait.length, wait.counting_from, own)
    return Counted(wait, start, last, add(last, NEXT_DAY), own)


def explained(count: Counted, said: str, today: date) -> tuple[str, ...]:
    """Returns the sentences that explain a wait, read on the day `today`.

    `said` tells where its date stands, like “Notice” (Published on: 2 February 2026).
    """
    length, calendar = count.wait.length, count.calendar
    begins = counted_from(count.start, count.wait.counting_from)
    if length.unit != "working_days":
        every = "Every day counts, weekends and bank holidays too."
        return f"{length} from {said}.", _ends(count, begins, "day"), every, f"{_over(count, today)}."
    first = calendar.nth_working_day(1, begins)
    return (
        f"{length} from {said}.",
        _ends(count, first, "working day"),
        *_left_out(calendar, begins, count.last),
        f"Calendar: {calendar.title}.",
        f"{_over(count, today)}{_first_working_day(count, today)}.",
    )


def ordinal(n: int) -> str:
    """Returns 1st, 2nd, 3rd, 4th, 11th, 21st and so on."""
    return f"{n}{'th' if n % 100 in (11, 12, 13) else _ENDINGS.get(n % 10, 'th')}"


def _ends(count: Counted, first: date, unit: str) -> str:
    """Says the first and the last day that count, and how they follow from the start."""
    if count.wait.counting_from == "next_day":
        how = f"The day after that, {in_words(count.start + ONE_DAY, beside=count.last)}, is left out"
    elif first == count.start:
        how = "That day itself counts"
    else:
        how = "Counting begins with that day itself, which is no working day"
    length = count.wait.length
    days = length.n if length.unit in ("days", "working_days") else 0
    if days == 1:
        return f"{how}: the 1st and only {unit} is {in_words(first)}."
    last = f"the {ordinal(days)} and last" if days else "the last"
    return f"{how}: the 1st {unit} is {in_words(first, beside=count.last)}, {last} is {in_words(count.last)}."


def _left_out(calendar: Calendar, begins: date, last: date) -> list[str]:
    """Says which weekdays between two days are holidays; those that a setting added in a sentence of their own."""
    days = [date.fromordinal(n) for n in range(begins.toordinal(), last.toordinal() + 1)]
    holidays = [day for day in days if day.weekday() < 5 and day in calendar.holidays]
    known, added = (
        [f"{calendar.holidays[d]} {in_words(d, beside=last)}" for d in holidays if (d in calendar.added) is own]
        for own in (False, True)
    )
    sentences = [f"Not counted: {_list(['weekends', *known])}."]
    if added:
        sentences.append(f"Not counted either, by a setting of this register: {_list(added)}.")
    return sentences


def _list(names: list[str]) -> str:
    """Returns names as people list them, and of a long list how many more there are."""
    more = len(names) - 1 - MOST_HOLIDAYS
    if more > 0:
        names = [*names[: 1 + MOST_HOLIDAYS], f"{more} more bank holiday{'s' if more > 1 else ''}"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _over(count: Counted, today: date) -> str:
    tense = "It has been over since" if today >= count.over_on else "It is over on"
    return f"{tense} {in_words(count.over_on)}"


def _first_working_day(count: Counted, today: date) -> str:
    """Names, until it has come, the first working day after a wait that is over on a day on which nobody works."""
    try:
        opens = count.calendar.nth_working_day(1, count.over_on)
    except OutsideCalendar:  # the year after the table's last one; the wait itself was counted without it
        return ""
    # no law of ours rolls an end forward to it, so it is told and never counted
    return "" if opens == count.over_on or today >= opens else f"; the first working day from then is {in_words(opens)}"
