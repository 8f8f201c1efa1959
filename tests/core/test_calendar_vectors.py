"""The vectors of the domain sheet: every number it gives about working days, and where each comes from.

`domain.md` is the sheet that the requirements of this project come from; section 3.2 holds the table and the lists of
bank holidays, section 8 the timelines of the sample projects.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.core.bank_holidays import calendars, england_and_wales, uk_any
from engine.core.calendar import add, after, counted_from, in_words, last_day
from engine.core.definition import Span

PAGE = Path(__file__).parents[2] / "docs" / "working-days.md"
DOMAIN = Path(__file__).parents[2].parent / "shared" / "domain.md"
EIGHT = Span(8, "working_days")
ENGLAND = england_and_wales()
ONE = timedelta(days=1)

# section 3.2: published, PSR start, PSR representations close, earliest PSR award, last day under PA23
TABLE = [
    ("2026-02-02", "2026-02-03", "2026-02-13", "2026-02-16", "2026-02-11"),
    ("2026-02-05", "2026-02-06", "2026-02-18", "2026-02-19", "2026-02-16"),
    ("2026-02-06", "2026-02-07", "2026-02-18", "2026-02-19", "2026-02-17"),
    ("2026-02-07", "2026-02-08", "2026-02-18", "2026-02-19", "2026-02-18"),
    ("2026-03-30", "2026-03-31", "2026-04-14", "2026-04-15", "2026-04-10"),
    ("2025-12-22", "2025-12-23", "2026-01-07", "2026-01-08", "2026-01-05"),
    ("2026-05-20", "2026-05-21", "2026-06-03", "2026-06-04", "2026-06-01"),
    ("2026-07-08", "2026-07-09", "2026-07-21", "2026-07-22", "2026-07-17"),
]
UK_ANY = [("2025-12-22", "2026-01-06"), ("2026-07-08", "2026-07-20")]  # last day under PA23

# section 3.2: the bank holidays of England and Wales that fall on a weekday
LISTED = {
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}

# section 8: project, what is published, how it is counted, last day
STANDSTILLS = [
    ("CC-001", "2025-04-22", "next_day", "2025-05-06"),
    ("CC-002", "2026-02-09", "next_day", "2026-02-20"),
    ("CC-004", "2025-09-22", "same_day", "2025-10-01"),
    ("CC-006", "2025-07-07", "next_day", "2025-07-18"),
    ("CC-008", "2026-07-20", "next_day", "2026-07-31"),
]
AWARDS = [  # section 8: project, last day of the standstill, the day the contract was awarded or may be
    ("CC-001", "2025-05-06", "2025-05-08"),
    ("CC-006", "2025-07-18", "2025-07-21"),
    ("CC-008", "2026-07-31", "2026-08-03"),
]
NOTICES = [  # section 8 by the deadlines of 3.11: project, from, calendar days, due
    ("CC-001", "2025-05-08", 30, "2025-06-07"),
    ("CC-002", "2026-03-11", 30, "2026-04-10"),
    ("CC-004", "2025-10-08", 120, "2026-02-05"),
    ("CC-006", "2025-07-21", 30, "2025-08-20"),
]


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("published", "start", "close", "award", "pa23"), TABLE)
def test_eight_working_days_end_as_the_law_counts_them(
    published: str, start: str, close: str, award: str, pa23: str
) -> None:
    """`next_day` ends on the Nth day after the day that follows (SI 2023/1348), `same_day` begins with the day itself.

    The standstill of the Provider Selection Regime starts on the day that follows, and the earliest award is on the
    first working day after its close. Seen to fail when the day that follows was counted as the first day.
    """
    assert day(published) + timedelta(days=1) == day(start) == counted_from(day(published), "next_day") - ONE
    assert last_day(day(published), EIGHT, "next_day", ENGLAND) == day(close)
    assert ENGLAND.nth_working_day(1, day(close) + ONE) == day(award)
    assert last_day(day(published), EIGHT, "same_day", ENGLAND) == day(pa23)


@pytest.mark.parametrize(("published", "pa23"), UK_ANY)
def test_a_holiday_of_any_nation_makes_the_wait_longer(published: str, pa23: str) -> None:
    """By `uk-any` the two vectors of the sheet end one working day later than by England and Wales.

    The days are 2 January, a holiday in Scotland, and 13 July 2026, one in Northern Ireland.
    Seen to fail when `uk-any` was handed the table of England and Wales.
    """
    assert last_day(day(published), EIGHT, "same_day", uk_any()) == day(pa23)


def test_the_award_may_come_on_a_saturday_by_the_letter_of_the_law() -> None:
    """The wait is over on the calendar day after its last, Saturday 14 February 2026; people work again on Monday."""
    over = last_day(day("2026-02-02"), EIGHT, "next_day", ENGLAND) + ONE
    assert (over, over.weekday()) == (day("2026-02-14"), 5)


@pytest.mark.parametrize(("year", "listed"), LISTED.items())
def test_the_bank_holidays_are_those_the_sheet_lists(year: int, listed: str) -> None:
    """The table has the bank holidays that the sheet lists for 2024 to 2027, no more and no fewer.

    The sheet leaves out 26 December 2026 and 25 and 26 December 2027, which fall on a weekend. So does the table.
    """
    days = {d for d in ENGLAND.holidays if d.year == year}
    assert days == {date.fromisoformat(f"{year}-{d}") for d in listed.split()}


@pytest.mark.parametrize(("project", "published", "counting_from", "last"), STANDSTILLS)
def test_the_standstills_of_the_samples_are_counted_so(
    project: str, published: str, counting_from: str, last: str
) -> None:
    """The standstill of each sample project ends on the day that its timeline says."""
    assert last_day(day(published), EIGHT, counting_from, ENGLAND) == day(last), project


@pytest.mark.parametrize(("project", "closed", "award"), AWARDS)
def test_no_sample_is_awarded_before_its_standstill_is_over(project: str, closed: str, award: str) -> None:
    """Each award of the timelines is on or after the first working day after the standstill."""
    assert ENGLAND.nth_working_day(1, day(closed) + ONE) <= day(award), project


@pytest.mark.parametrize(("project", "start", "days", "due"), NOTICES)
def test_the_notices_of_the_samples_are_due_so(project: str, start: str, days: int, due: str) -> None:
    """A notice within N days of an award is due N calendar days after it, whatever day of the week that is."""
    assert add(day(start), Span(days, "days")) == day(due), project


def test_five_days_after_the_further_decision_are_counted_in_the_longer_reading() -> None:
    """CC-002: the sheet ends the five working days on 9 March 2026, one day before `next_day` does.

    Where the sheet and the language differ: 3.2 says only "wait 5 working days", and its timeline counts the day after
    the decision as the first. The language has two ways, both from the regulations on standstill: `same_day` would end
    on 6 March, `next_day` on 10 March. The shipped workflow takes the longer, and the sheet's own award, on 11 March,
    is the very day that is over.
    """
    decided, five = day("2026-03-02"), Span(5, "working_days")
    assert after(decided, five, ENGLAND) == day("2026-03-09")
    assert last_day(decided, five, "same_day", ENGLAND) == day("2026-03-06")
    assert last_day(decided, five, "next_day", ENGLAND) + ONE == day("2026-03-11")


def test_fourteen_days_after_the_intended_approach_are_counted_with_the_day_itself() -> None:
    """CC-001: the earliest assessment, 3 March 2025, is the day after 14 days beginning with 17 February.

    The sheet does not say which day is the first; its date is that of `same_day`. By `next_day` it would be 5 March.
    """
    intended, fortnight = day("2025-02-17"), Span(14, "days")
    assert last_day(intended, fortnight, "same_day", ENGLAND) + ONE == day("2025-03-03")
    assert last_day(intended, fortnight, "next_day", ENGLAND) + ONE == day("2025-03-05")


def test_the_page_for_managers_shows_the_vectors() -> None:
    """The table on the page has every vector, each day with the weekday it is."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if re.match(r"\| \w+day \d", line)]
    shown = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    assert shown == [
        [weekday(row[0], with_year=True), *(weekday(row[n], with_year=row[n][:4] != row[0][:4]) for n in (2, 3, 4))]
        for row in TABLE
    ]


def weekday(text: str, *, with_year: bool) -> str:
    """Returns a day as the page writes it: Monday 2 February 2026."""
    found = day(text)
    return f"{calendar.day_name[found.weekday()]} {in_words(found, beside=None if with_year else found)}"


@pytest.mark.skipif(not DOMAIN.exists(), reason="the domain sheet lies outside this repository")
def test_the_vectors_are_those_of_the_domain_sheet() -> None:
    """The table of the sheet has the vectors that are tested here, no more and no fewer."""
    table = DOMAIN.read_text(encoding="utf-8").split("| notice published |")[1].split("\n\n")[0].splitlines()[2:]
    rows = [[re.findall(r"\b(?:\d{4}-)?(\d\d-\d\d)\b", cell) for cell in line.split("|")[1:-1]] for line in table]
    assert [tuple(cell[0] for cell in row) for row in rows] == [tuple(d[5:] for d in row) for row in TABLE]
    uk = [(row[0][0], row[4][1]) for row in rows if len(row[4]) > 1]
    assert uk == [(published[5:], last[5:]) for published, last in UK_ANY]


@pytest.mark.skipif(not DOMAIN.exists(), reason="the domain sheet lies outside this repository")
def test_the_timelines_are_those_of_the_domain_sheet() -> None:
    """Each day of the timelines that is tested here stands in the sheet under its project."""
    projects = dict(re.findall(r"- id: (CC-\d+)\n(.*?)(?=- id: |```)", DOMAIN.read_text(encoding="utf-8"), re.DOTALL))
    told = [(p, d) for p, published, _, last in STANDSTILLS for d in (published, last)]
    told += [(p, d) for p, closed, award in AWARDS for d in (closed, award)]
    told += [(p, d) for p, start, _, due in NOTICES for d in (start, due)]
    assert [(p, d) for p, d in told if d not in projects[p]] == []


def test_each_calendar_is_counted_by_its_own_table() -> None:
    """No two calendars share a table: a mix-up of two would not go unseen."""
    assert len({frozenset(one.holidays) for one in calendars().values()}) == len(calendars())
