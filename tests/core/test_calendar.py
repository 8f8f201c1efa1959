"""Working days, spans and waits, and what the calendar refuses to guess."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.bank_holidays import TITLES, calendars, england_and_wales, uk_any
from engine.core.calendar import Calendar, OutsideCalendar, add, after, in_words, last_day
from engine.core.definition import Span

from .worlds import moderate

ENGLAND = england_and_wales()


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "span", "same_day", "next_day"),
    [
        ("2026-06-01", Span(1, "days"), "2026-06-01", "2026-06-03"),
        ("2026-06-01", Span(14, "days"), "2026-06-14", "2026-06-16"),
        ("2026-06-01", Span(2, "weeks"), "2026-06-14", "2026-06-16"),
        ("2026-01-31", Span(1, "months"), "2026-02-27", "2026-03-01"),
        ("2026-01-30", Span(1, "months"), "2026-02-27", "2026-02-28"),
        ("2023-11-30", Span(3, "months"), "2024-02-28", "2024-03-01"),
        ("2026-12-15", Span(1, "months"), "2027-01-14", "2027-01-16"),
        ("2024-02-29", Span(1, "years"), "2025-02-27", "2025-03-01"),
    ],
)
def test_calendar_days_weeks_and_months_follow_the_same_two_formulas(
    start: str, span: Span, same_day: str, next_day: str
) -> None:
    """Calendar days, weeks and months follow the same two formulas, and months clip to the month's end."""
    assert last_day(day(start), span, "same_day", ENGLAND) == day(same_day)
    assert last_day(day(start), span, "next_day", ENGLAND) == day(next_day)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-10-31", 4, "2027-02-28"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-01-15", 24, "2028-01-15"),
    ],
)
def test_months_clip_to_the_end_of_the_month(start: str, months: int, end: str) -> None:
    """A month after the 31st is the last day of a shorter month."""
    assert add(day(start), Span(months, "months")) == day(end)


def test_years_are_twelve_months() -> None:
    """A year after 29 February is 28 February."""
    assert add(day("2024-02-29"), Span(1, "years")) == add(day("2024-02-29"), Span(12, "months")) == day("2025-02-28")


def test_a_span_in_working_days_skips_weekends_and_holidays() -> None:
    """A target in working days begins to count on the day after."""
    assert after(day("2026-04-02"), Span(1, "working_days"), ENGLAND) == day("2026-04-07")
    assert after(day("2026-04-02"), Span(1, "days"), ENGLAND) == day("2026-04-03")


@pytest.mark.parametrize(
    ("text", "working"),
    [("2026-06-05", True), ("2026-06-06", False), ("2026-06-07", False), ("2026-06-08", True), ("2026-12-28", False)],
)
def test_a_working_day_is_a_weekday_that_is_no_holiday(text: str, working: bool) -> None:
    """Saturday, Sunday and bank holidays are no working days."""
    assert ENGLAND.is_working_day(day(text)) is working


def test_the_first_working_day_may_be_the_day_itself() -> None:
    """Counting from a day on, that day counts where it is a working day."""
    assert ENGLAND.nth_working_day(1, day("2026-06-05")) == day("2026-06-05")
    assert ENGLAND.nth_working_day(1, day("2026-06-06")) == day("2026-06-08")
    assert ENGLAND.nth_working_day(2, day("2026-06-05")) == day("2026-06-08")


@pytest.mark.parametrize("year", [2014, 2036])
def test_a_year_without_a_table_is_not_guessed(year: int) -> None:
    """A calendar refuses a year whose holidays it does not know, and says which years it knows."""
    with pytest.raises(OutsideCalendar, match=f"England and Wales has the holidays of 2015 to 2035, not of {year}"):
        ENGLAND.is_working_day(date(year, 6, 1))


@pytest.mark.parametrize("year", [2015, 2035])
def test_the_first_and_last_year_of_the_table_are_known(year: int) -> None:
    """The calendar knows its first and its last year."""
    assert not ENGLAND.is_working_day(date(year, 1, 1))


@pytest.mark.parametrize(
    ("start", "span", "counting_from"),
    [
        ("9999-12-30", Span(2, "days"), "next_day"),
        ("9999-12-31", Span(1, "days"), "next_day"),
        ("9999-12-01", Span(1, "months"), "next_day"),
        ("9000-01-01", Span(1_000, "years"), "same_day"),
        ("2026-01-01", Span(10**12, "weeks"), "same_day"),
    ],
)
def test_a_day_after_the_last_of_the_calendar_is_refused(start: str, span: Span, counting_from: str) -> None:
    """A span that leads beyond the year 9999 is refused, not a crash.

    Seen red: OverflowError out of the judge, for a notice said to be published on 9999-12-31.
    """
    with pytest.raises(OutsideCalendar, match="after the year 9999"):
        last_day(day(start), span, counting_from, ENGLAND)


@moderate(200)
@given(
    st.dates(date(2016, 1, 1), date(2034, 1, 1)),
    st.integers(1, 60),
    st.sampled_from(["days", "weeks", "months", "working_days"]),
)
def test_next_day_never_ends_before_same_day(start: date, n: int, unit: str) -> None:
    """Counting from the next day never ends before counting from the day itself, nor a longer wait before a shorter."""
    same, later = (last_day(start, Span(n, unit), c, ENGLAND) for c in ("same_day", "next_day"))
    assert start <= same + timedelta(days=1)
    assert same <= later
    assert later <= last_day(start, Span(n + 1, unit), "next_day", ENGLAND)


@moderate(100)
@given(st.dates(date(2016, 1, 1), date(2034, 1, 1)), st.integers(1, 30))
def test_the_last_day_of_a_working_wait_is_a_working_day(start: date, n: int) -> None:
    """Between the beginning and the last day lie exactly N working days, and the last one is one."""
    end = last_day(start, Span(n, "working_days"), "same_day", ENGLAND)
    counted = [d for d in range(start.toordinal(), end.toordinal() + 1) if ENGLAND.is_working_day(date.fromordinal(d))]
    assert len(counted) == n
    assert counted[-1] == end.toordinal()


@moderate(200)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_months_keep_the_day_or_clip_it(start: date, months: int) -> None:
    """Months later the month is the right one, and the day the same unless that month is too short."""
    end = add(start, Span(months, "months"))
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


def test_a_day_is_written_the_way_people_write_it() -> None:
    """A date reads like 3 June 2026, from a date or from ISO text."""
    assert in_words(date(2026, 6, 3)) == in_words("2026-06-03") == "3 June 2026"
    assert in_words("2027-12-31") == "31 December 2027"


@pytest.mark.parametrize(
    ("span", "words"),
    [(Span(1, "days"), "1 day"), (Span(8, "working_days"), "8 working days"), (Span(1, "months"), "1 month")],
)
def test_a_span_reads_like_english(span: Span, words: str) -> None:
    """A span is shown with its unit in the singular or the plural."""
    assert str(span) == words


def test_calendars_are_found_by_the_name_a_definition_gives() -> None:
    """Each calendar is found by its id, carries it with its title, and finds the others."""
    assert {name: (calendar.id, calendar.title) for name, calendar in calendars().items()} == {
        name: (name, title) for name, title in TITLES.items()
    }
    assert ENGLAND.called(None) is ENGLAND.called("england-and-wales") is ENGLAND
    assert ENGLAND.called("uk-any") is uk_any()
    assert uk_any().called("england-and-wales") is ENGLAND


def test_a_calendar_that_nobody_knows_is_no_guess() -> None:
    """A calendar that this version does not have is refused, never counted by another one."""
    with pytest.raises(OutsideCalendar, match="There is no calendar mars in this version of cocycle"):
        ENGLAND.called("mars")


def test_a_calendar_is_a_table_that_is_handed_in() -> None:
    """Another table of holidays gives another count; the calendar knows nothing else."""
    local = Calendar("local", "Local", {date(2026, 6, 2): "Market day"}, (2026, 2026))
    assert last_day(day("2026-06-01"), Span(2, "working_days"), "same_day", local) == day("2026-06-03")


def test_calendars_can_be_compared_and_printed() -> None:
    """Calendars know each other, and still comparing or printing two of them comes to an end.

    Seen to fail when `beside` was compared, too: RecursionError.
    """
    other = calendars(((date(2026, 6, 2), "Market day"),))["england-and-wales"]
    alike = calendars.__wrapped__()["england-and-wales"]  # made anew, so that nothing is the same object
    assert alike == ENGLAND != other
    assert "Market day" in repr(other)


@moderate(200)
@given(st.dates(date(2016, 1, 1), date(2034, 1, 1)), st.integers(1, 40), st.sampled_from(["same_day", "next_day"]))
def test_the_whole_kingdom_never_counts_faster(start: date, n: int, counting_from: str) -> None:
    """By the holidays of any nation a wait never ends before it does by those of England and Wales alone."""
    span = Span(n, "working_days")
    assert last_day(start, span, counting_from, ENGLAND) <= last_day(start, span, counting_from, uk_any())


def test_a_day_leaves_its_year_out_beside_a_day_of_the_same_year() -> None:
    """Beside a day of the same year the year is not said again; beside another it is."""
    assert in_words("2026-06-03", beside=date(2026, 1, 1)) == "3 June"
    assert in_words("2026-06-03", beside=date(2027, 1, 1)) == "3 June 2026"
