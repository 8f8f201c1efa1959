"""The table of bank holidays against two independent sources: a package, and a calculation from the rules."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from engine.core.bank_holidays import england_and_wales

TABLE = england_and_wales().holidays
ONE_OFF = {  # proclaimed, moved or added by order; no rule gives them
    2020: {"off": [date(2020, 5, 4)], "on": [date(2020, 5, 8)]},
    2022: {"off": [date(2022, 5, 30)], "on": [date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)]},
    2023: {"off": [], "on": [date(2023, 5, 8)]},
}


def easter(year: int) -> date:
    """Returns Easter Sunday by the anonymous Gregorian computus."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, last = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, last + 1)


def monday_on_or_after(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def last_monday_of(year: int, month: int) -> date:
    last = date(year, month + 1, 1) - timedelta(days=1)
    return last - timedelta(days=last.weekday())


def by_the_rules(year: int) -> set[date]:
    """Returns the bank holidays of a year, on the days themselves and on the weekdays that stand in for them."""
    found = {
        easter(year) - timedelta(days=2),
        easter(year) + timedelta(days=1),
        monday_on_or_after(date(year, 5, 1)),
        last_monday_of(year, 5),
        last_monday_of(year, 8),
    }
    fixed = (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26))
    found |= set(fixed)
    for day in fixed:
        if day.weekday() >= 5:  # the first weekday after it that is no holiday stands in
            while day.weekday() >= 5 or day in found:
                day += timedelta(days=1)
            found.add(day)
    change = ONE_OFF.get(year, {"off": [], "on": []})
    return (found - set(change["off"])) | set(change["on"])


def weekdays(days: set[date], year: int) -> set[date]:
    return {d for d in days if d.year == year and d.weekday() < 5}


@pytest.mark.parametrize("year", range(2015, 2036))
def test_the_table_agrees_with_the_holidays_package(year: int) -> None:
    """On every weekday of every year the table says what an independent package says."""
    known = set(holidays.country_holidays("GB", subdiv="ENG", years=year))
    assert weekdays(set(TABLE), year) == weekdays(known, year)


@pytest.mark.parametrize("year", range(2020, 2036))
def test_the_table_agrees_with_the_rules(year: int) -> None:
    """On every weekday the table says what the rules give: Easter, three Mondays, three days with their stand-ins.

    Seen red: with the substitute of Boxing Day on the same Monday as that of Christmas Day.
    """
    assert weekdays(set(TABLE), year) == weekdays(by_the_rules(year), year)


@pytest.mark.parametrize(("year", "sunday"), [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2030, (4, 21))])
def test_the_computus_gives_known_easters(year: int, sunday: tuple[int, int]) -> None:
    """The calculation the table is tested with gives Easters that are known."""
    assert easter(year) == date(year, *sunday)
