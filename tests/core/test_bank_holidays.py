"""The tables of bank holidays against two independent sources: a package, and a calculation from the rules.

The two sources agree on every weekday of 2015 to 2035 in every nation, so nothing had to be decided between them. They
differ from each other in two ways that no weekday shows: the package also lists a holiday on the weekend it falls on,
and in 2017, 2023 and 2034 it gives two names to 2 January in Scotland, the holiday of that day and the substitute for
1 January. Days that were proclaimed cannot be calculated; they stand in `PROCLAIMED`, from the proclamations.
"""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from engine.core.bank_holidays import FIRST_YEAR, LAST_YEAR, calendars, england_and_wales, uk_any

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
NATIONS = ("ENG", "WLS", "SCT", "NIR")
TABLES = {"england-and-wales": ("ENG", "WLS"), "uk-any": NATIONS}
EVERYWHERE = ("ENG", "WLS", "SCT", "NIR")
PROCLAIMED = [  # the nations, the day a rule gives that was moved away, the day that is one instead or besides
    (EVERYWHERE, "2020-05-04", "2020-05-08"),  # early May, moved to the 75th anniversary of VE Day
    (EVERYWHERE, "2022-05-30", "2022-06-02"),  # spring, moved to the Platinum Jubilee
    (EVERYWHERE, None, "2022-06-03"),  # the Platinum Jubilee
    (EVERYWHERE, None, "2022-09-19"),  # the state funeral of Queen Elizabeth II
    (EVERYWHERE, None, "2023-05-08"),  # the coronation of King Charles III
    (("SCT",), None, "2026-06-15"),  # the men's football World Cup, proclaimed on 4 February 2026
]


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


def first_monday(year: int, month: int) -> date:
    day = date(year, month, 1)
    return day + timedelta(days=-day.weekday() % 7)


def last_monday(year: int, month: int) -> date:
    last = date(year, month + 1, 1) - timedelta(days=1)
    return last - timedelta(days=last.weekday())


def by_the_rules(year: int, nation: str) -> set[date]:
    """Returns the bank holidays of a year in a nation, on weekdays: the days themselves and those that stand in."""
    scotland = nation == "SCT"
    found = {
        easter(year) - timedelta(days=2),
        first_monday(year, 5),
        last_monday(year, 5),
        first_monday(year, 8) if scotland else last_monday(year, 8),
    }
    fixed = [(1, 1), (12, 25), (12, 26)]
    if scotland:
        fixed += [(1, 2), (11, 30)]
    else:
        found.add(easter(year) + timedelta(days=1))
    if nation == "NIR":
        fixed += [(3, 17), (7, 12)]
    days = [date(year, month, day) for month, day in fixed]
    found |= set(days)
    for day in days:
        if day.weekday() >= 5:  # the first weekday after it that is no holiday stands in
            while day.weekday() >= 5 or day in found:
                day += timedelta(days=1)
            found.add(day)
    for nations, moved, instead in PROCLAIMED:
        if nation in nations and instead.startswith(str(year)):
            found -= {date.fromisoformat(moved)} if moved else set()
            found.add(date.fromisoformat(instead))
    return {day for day in found if day.weekday() < 5}


def in_the_package(year: int, nation: str) -> set[date]:
    known = holidays.country_holidays("GB", subdiv=nation, years=year)
    return {day for day in known if day.year == year and day.weekday() < 5}


def tabled(calendar: str, year: int) -> set[date]:
    return {day for day in calendars()[calendar].holidays if day.year == year}


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("calendar", TABLES)
def test_the_table_agrees_with_the_holidays_package(calendar: str, year: int) -> None:
    """On every weekday of every year each table says what an independent package says of its nations.

    Seen to fail when St Andrew's Day of 2024, a Saturday, was not moved to Monday 2 December.
    """
    assert tabled(calendar, year) == set().union(*(in_the_package(year, nation) for nation in TABLES[calendar]))


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("calendar", TABLES)
def test_the_table_agrees_with_the_rules(calendar: str, year: int) -> None:
    """On every weekday each table says what the rules give: Easter, the Mondays, the fixed days with their stand-ins.

    Seen to fail when the substitute of Boxing Day was put on the same Monday as that of Christmas Day.
    """
    assert tabled(calendar, year) == set().union(*(by_the_rules(year, nation) for nation in TABLES[calendar]))


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("nation", NATIONS)
def test_the_two_sources_agree_with_each_other(nation: str, year: int) -> None:
    """The package and the rules agree in every nation by itself, not only in their union."""
    assert in_the_package(year, nation) == by_the_rules(year, nation)


@pytest.mark.parametrize(("year", "sunday"), [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2030, (4, 21))])
def test_the_computus_gives_known_easters(year: int, sunday: tuple[int, int]) -> None:
    """The calculation the tables are tested with gives Easters that are known."""
    assert easter(year) == date(year, *sunday)


def test_the_tables_hold_weekdays_only_each_with_its_name() -> None:
    """No table lists a Saturday or a Sunday, and every holiday has a name, since answers name it."""
    for calendar in calendars().values():
        assert all(day.weekday() < 5 for day in calendar.holidays)
        assert all(name.strip() for name in calendar.holidays.values())


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-04-03", "Good Friday"),
        ("2026-04-06", "Easter Monday"),
        ("2026-12-28", "Boxing Day (substitute)"),
        ("2027-12-27", "Christmas Day (substitute)"),
        ("2022-01-03", "New Year's Day (substitute)"),
        ("2022-09-19", "State funeral of Queen Elizabeth II"),
        ("2026-01-02", "2nd January (Scotland)"),
        ("2026-08-03", "Summer bank holiday (Scotland)"),
        ("2026-08-31", "Summer bank holiday"),
        ("2025-12-01", "St Andrew's Day substitute (Scotland)"),
        ("2026-07-13", "Battle of the Boyne substitute (Northern Ireland)"),
        ("2023-01-02", "New Year's Day (substitute)"),
    ],
)
def test_a_holiday_goes_by_its_name(day: str, name: str) -> None:
    """A holiday is called what people call it, and by the name it has in England and Wales where it is one there."""
    assert uk_any().holidays[date.fromisoformat(day)] == name


def test_a_name_fits_its_day() -> None:
    """Days that are called the same lie in the same season of each year, on the weekday that the name allows."""
    for day, name in uk_any().holidays.items():
        if "Monday" in name or "bank holiday" in name and "Jubilee" not in name and day.year not in (2020, 2022):
            assert day.weekday() == 0, f"{name} {day}"
        if name == "Good Friday":
            assert england_and_wales().holidays[day + timedelta(days=3)] == "Easter Monday"


def test_every_holiday_of_england_and_wales_is_one_of_the_whole_kingdom() -> None:
    """`uk-any` has every holiday of England and Wales, under the same name, and more."""
    assert england_and_wales().holidays.items() < uk_any().holidays.items()
