"""The calendars the engine has, and the bank holidays of England and Wales, 2015 to 2035: a table of public facts.

Source: the bank-holiday orders as published by the government of the United Kingdom; later years follow the
Banking and Financial Dealings Act 1971 and hold no holiday that may still be proclaimed. Only weekdays are listed:
where a holiday falls on a weekend, the day that stands in for it is. Tests compare the table with an independent
source and with a calculation from the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from engine.core.bank_holidays_uk import ELSEWHERE
from engine.core.calendar import Calendar

FIRST_YEAR, LAST_YEAR = 2015, 2035
TITLES = {"england-and-wales": "England and Wales", "uk-any": "United Kingdom (any nation)"}
DEFAULT_CALENDAR = "england-and-wales"
Extra = tuple[tuple[date, str], ...]

_ENGLAND_AND_WALES = {
    "New Year's Day": (
        "2015-01-01 2016-01-01 2018-01-01 2019-01-01 2020-01-01 2021-01-01 2024-01-01 2025-01-01 2026-01-01 "
        "2027-01-01 2029-01-01 2030-01-01 2031-01-01 2032-01-01 2035-01-01"
    ),
    "New Year's Day (substitute)": "2017-01-02 2022-01-03 2023-01-02 2028-01-03 2033-01-03 2034-01-02",
    "Good Friday": (
        "2015-04-03 2016-03-25 2017-04-14 2018-03-30 2019-04-19 2020-04-10 2021-04-02 2022-04-15 2023-04-07 "
        "2024-03-29 2025-04-18 2026-04-03 2027-03-26 2028-04-14 2029-03-30 2030-04-19 2031-04-11 2032-03-26 "
        "2033-04-15 2034-04-07 2035-03-23"
    ),
    "Easter Monday": (
        "2015-04-06 2016-03-28 2017-04-17 2018-04-02 2019-04-22 2020-04-13 2021-04-05 2022-04-18 2023-04-10 "
        "2024-04-01 2025-04-21 2026-04-06 2027-03-29 2028-04-17 2029-04-02 2030-04-22 2031-04-14 2032-03-29 "
        "2033-04-18 2034-04-10 2035-03-26"
    ),
    "Early May bank holiday": (
        "2015-05-04 2016-05-02 2017-05-01 2018-05-07 2019-05-06 2020-05-08 2021-05-03 2022-05-02 2023-05-01 "
        "2024-05-06 2025-05-05 2026-05-04 2027-05-03 2028-05-01 2029-05-07 2030-05-06 2031-05-05 2032-05-03 "
        "2033-05-02 2034-05-01 2035-05-07"
    ),
    "Spring bank holiday": (
        "2015-05-25 2016-05-30 2017-05-29 2018-05-28 2019-05-27 2020-05-25 2021-05-31 2022-06-02 2023-05-29 "
        "2024-05-27 2025-05-26 2026-05-25 2027-05-31 2028-05-29 2029-05-28 2030-05-27 2031-05-26 2032-05-31 "
        "2033-05-30 2034-05-29 2035-05-28"
    ),
    "Summer bank holiday": (
        "2015-08-31 2016-08-29 2017-08-28 2018-08-27 2019-08-26 2020-08-31 2021-08-30 2022-08-29 2023-08-28 "
        "2024-08-26 2025-08-25 2026-08-31 2027-08-30 2028-08-28 2029-08-27 2030-08-26 2031-08-25 2032-08-30 "
        "2033-08-29 2034-08-28 2035-08-27"
    ),
    "Christmas Day": (
        "2015-12-25 2017-12-25 2018-12-25 2019-12-25 2020-12-25 2023-12-25 2024-12-25 2025-12-25 2026-12-25 "
        "2028-12-25 2029-12-25 2030-12-25 2031-12-25 2034-12-25 2035-12-25"
    ),
    "Boxing Day": (
        "2016-12-26 2017-12-26 2018-12-26 2019-12-26 2022-12-26 2023-12-26 2024-12-26 2025-12-26 2028-12-26 "
        "2029-12-26 2030-12-26 2031-12-26 2033-12-26 2034-12-26 2035-12-26"
    ),
    "Christmas Day (substitute)": "2016-12-27 2021-12-27 2022-12-27 2027-12-27 2032-12-27 2033-12-27",
    "Boxing Day (substitute)": "2015-12-28 2020-12-28 2021-12-28 2026-12-28 2027-12-28 2032-12-28",
    "Platinum Jubilee bank holiday": "2022-06-03",
    "State funeral of Queen Elizabeth II": "2022-09-19",
    "Coronation of King Charles III": "2023-05-08",
}


@cache
def calendars(extra: Extra = ()) -> Mapping[str, Calendar]:
    """Returns every calendar by its id, each knowing the others, with these extra holidays in all of them.

    A calendar counts from 2015 to 2035 and refuses any other year. In `uk-any` a day is a working day only where it is
    a holiday in none of England and Wales, Scotland, and Northern Ireland.
    """
    own = _by_day(_ENGLAND_AND_WALES)
    known = {"england-and-wales": own, "uk-any": {**_by_day(ELSEWHERE), **own}}
    family: dict[str, Calendar] = {}
    for id, holidays in known.items():
        added = {day: name for day, name in extra if day not in holidays}
        years = (FIRST_YEAR, LAST_YEAR)
        family[id] = Calendar(id, TITLES[id], {**holidays, **added}, years, frozenset(added), family)
    return family


def england_and_wales() -> Calendar:
    """Returns the calendar of England and Wales."""
    return calendars()["england-and-wales"]


def uk_any() -> Calendar:
    """Returns the calendar in which a holiday of any nation of the United Kingdom is one."""
    return calendars()["uk-any"]


def _by_day(table: Mapping[str, str]) -> dict[date, str]:
    return {date.fromisoformat(day): name for name, days in table.items() for day in days.split()}
