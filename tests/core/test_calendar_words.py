"""What a wait says of itself: a reader can count along, and find every day that was left out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.bank_holidays import Extra, calendars, england_and_wales
from engine.core.calendar import Calendar, OutsideCalendar, in_words
from engine.core.counting import MOST_HOLIDAYS, counted, explained, ordinal
from engine.core.definition import Span, Wait

from .worlds import moderate

ENGLAND = england_and_wales()


def told(
    start: str,
    n: int = 8,
    unit: str = "working_days",
    counting_from: str = "next_day",
    *,
    calendar: str | None = None,
    extra: Extra = (),
    today: str = "2015-01-01",
) -> str:
    """Returns what a wait says, from a notice published on a day."""
    wait = Wait("notice", "published_on", Span(n, unit), counting_from, calendar)
    count = counted(wait, date.fromisoformat(start), calendars(extra)["england-and-wales"])
    return " ".join(explained(count, f"“Notice” (Published on: {in_words(start)})", date.fromisoformat(today)))


EXAMPLES = {
    "the Provider Selection Regime, over Easter": (
        told("2026-03-30"),
        "8 working days from “Notice” (Published on: 30 March 2026). The day after that, 31 March, is left out: "
        "the 1st working day is 1 April, the 8th and last is 14 April 2026. Not counted: weekends, Good Friday 3 April "
        "and Easter Monday 6 April. Calendar: England and Wales. It is over on 15 April 2026.",
    ),
    "the Procurement Act, over Easter": (
        told("2026-03-30", counting_from="same_day"),
        "8 working days from “Notice” (Published on: 30 March 2026). That day itself counts: the 1st working day is "
        "30 March, the 8th and last is 10 April 2026. Not counted: weekends, Good Friday 3 April and Easter Monday "
        "6 April. Calendar: England and Wales. It is over on 11 April 2026; the first working day from then is "
        "13 April 2026.",
    ),
    "from a Saturday": (
        told("2026-02-07", counting_from="same_day"),
        "8 working days from “Notice” (Published on: 7 February 2026). Counting begins with that day itself, which is "
        "no working day: the 1st working day is 9 February, the 8th and last is 18 February 2026. Not counted: "
        "weekends. Calendar: England and Wales. It is over on 19 February 2026.",
    ),
    "by the holidays of any nation, over the end of the year": (
        told("2025-12-22", counting_from="same_day", calendar="uk-any"),
        "8 working days from “Notice” (Published on: 22 December 2025). That day itself counts: the 1st working day is "
        "22 December 2025, the 8th and last is 6 January 2026. Not counted: weekends, Christmas Day 25 December 2025, "
        "Boxing Day 26 December 2025, New Year's Day 1 January and 2nd January (Scotland) 2 January. Calendar: United "
        "Kingdom (any nation). It is over on 7 January 2026.",
    ),
    "calendar days, after they are over": (
        told("2025-02-17", 14, "days", today="2026-01-01"),
        "14 days from “Notice” (Published on: 17 February 2025). The day after that, 18 February, is left out: the 1st "
        "day is 19 February, the 14th and last is 4 March 2025. Every day counts, weekends and bank holidays too. "
        "It has been over since 5 March 2025.",
    ),
    "weeks": (
        told("2025-02-17", 2, "weeks", "same_day"),
        "2 weeks from “Notice” (Published on: 17 February 2025). That day itself counts: the 1st day is 17 February, "
        "the last is 2 March 2025. Every day counts, weekends and bank holidays too. It is over on 3 March 2025.",
    ),
    "one working day": (
        told("2025-02-17", 1, counting_from="same_day"),
        "1 working day from “Notice” (Published on: 17 February 2025). That day itself counts: the 1st and only "
        "working day is 17 February 2025. Not counted: weekends. Calendar: England and Wales. It is over on "
        "18 February 2025.",
    ),
    "an extra holiday": (
        told("2026-02-02", extra=((date(2026, 2, 5), "Day of mourning"),)),
        "8 working days from “Notice” (Published on: 2 February 2026). The day after that, 3 February, is left out: "
        "the 1st working day is 4 February, the 8th and last is 16 February 2026. Not counted: weekends. Not counted "
        "either, by a setting of this register: Day of mourning 5 February. Calendar: England and Wales. "
        "It is over on 17 February 2026.",
    ),
}


@pytest.mark.parametrize(("said", "words"), EXAMPLES.values(), ids=list(EXAMPLES))
def test_a_wait_tells_how_it_is_counted(said: str, words: str) -> None:
    """A wait names its start, its way of counting, its first and last day, what is left out, its calendar and its end.

    Seen to fail when the year was left out of the last day, and when the left-out day was the notice itself.
    """
    assert said == words


def test_an_extra_holiday_is_named_only_where_it_moved_something() -> None:
    """An extra holiday after the last day, on a weekend, or on a bank holiday is not blamed for anything."""
    extra = ((date(2026, 2, 14), "A Saturday"), (date(2026, 4, 3), "By another name"), (date(2026, 6, 2), "Much later"))
    assert told("2026-02-02", extra=extra) == told("2026-02-02")
    assert told("2026-03-30", extra=extra) == told("2026-03-30")


def test_a_long_wait_does_not_list_every_holiday() -> None:
    """Of many holidays the first are named and the others are counted."""
    said = told("2026-01-05", 250)
    assert said.count("bank holiday") == 4, "early May, spring, summer, and those that are only counted"
    assert "Summer bank holiday 31 August" in said
    assert "Christmas Day" in said
    assert "and 1 more bank holiday." in said


def test_the_year_after_the_table_is_not_needed_for_the_last_word() -> None:
    """A wait that ends with the table's last year is counted; only the first working day after it is left unsaid.

    Seen to fail when that last word asked for the holidays of 2036: the gate was broken by a wait that was over.
    """
    assert told("2035-12-17", 9, counting_from="same_day").endswith("It is over on 1 January 2036.")


def test_an_unknown_calendar_is_not_counted_by_another() -> None:
    """A wait that names a calendar nobody has is refused; the default does not stand in."""
    with pytest.raises(OutsideCalendar, match="There is no calendar moon"):
        told("2026-02-02", calendar="moon")


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st")]
    + [(22, "22nd"), (33, "33rd"), (40, "40th"), (101, "101st"), (111, "111th"), (112, "112th")],
)
def test_ordinals_read_like_english(n: int, said: str) -> None:
    """First is 1st, eleventh is 11th, a hundred and first is 101st."""
    assert ordinal(n) == said


@moderate(150)
@given(
    st.dates(date(2016, 1, 1), date(2034, 1, 1)),
    st.integers(2, 40),
    st.sampled_from(["same_day", "next_day"]),
    st.sampled_from([None, "uk-any"]),
)
def test_whoever_counts_along_comes_to_the_same_last_day(
    start: date, n: int, counting_from: str, name: str | None
) -> None:
    """From the 1st day named, skipping weekends and the holidays named, the Nth day is the last day named."""
    wait = Wait("notice", "published_on", Span(n, "working_days"), counting_from, name)
    count = counted(wait, start, ENGLAND)
    said = " ".join(explained(count, "the notice", start))
    first = next(d for d in days_from(start) if said.count(f"the 1st working day is {in_words(d, beside=count.last)},"))
    named = [d for d in days_from(first) if d <= count.last and mentions(said, count.calendar, d, count.last)]
    assert "more bank holiday" not in said or len(named) == MOST_HOLIDAYS
    if "more bank holiday" not in said:
        along = [d for d in days_from(first) if d.weekday() < 5 and d not in named][:n]
        assert along[-1] == count.last
        assert f"the {ordinal(n)} and last is {in_words(count.last)}." in said


def days_from(start: date) -> list[date]:
    return [start + timedelta(days=n) for n in range(120)]


def mentions(said: str, calendar: Calendar, day: date, last: date) -> bool:
    """True where the answer names a day as a holiday."""
    return day in calendar.holidays and f"{calendar.holidays[day]} {in_words(day, beside=last)}" in said
