"""Days and moments to search by: `2026-06-01`, `>=2026-06-01`, `2026-06-01..2026-06-30`, `*..2026-06-30`.

A day is a day by the clocks of England and Wales, as the screens show it. Both ends of a range belong to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from engine.clock import end_of, stamp

ZONE: Final = "Europe/London"
EARLIEST, LATEST = "", "~"  # before and after every moment, as text
_SPAN = re.compile(r"(>=|<=|>|<)?(.+)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_TICK = timedelta(microseconds=1)


class BadSpan(ValueError):
    """What was typed is no day and no range of days; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment to a moment, both included, in the form of an entry's `at`."""

    first: str
    last: str


def span(raw: str) -> Span:
    """Returns the moments that a value of `created:` means; raises BadSpan."""
    first, dots, last = raw.partition("..")
    if dots:
        if first == last == "*":
            raise BadSpan(f"created:{raw} leaves both ends open; give at least one day, like 2026-06-01..*.")
        found = Span(
            EARLIEST if first == "*" else _one(first, raw).first, LATEST if last == "*" else _one(last, raw).last
        )
        if found.first > found.last:
            raise BadSpan(f"The range {raw} ends before it begins; write the earlier day first.")
        return found
    matched = _SPAN.fullmatch(raw)
    assert matched is not None  # an empty value was refused before
    one = _one(matched[2], raw)
    match matched[1]:
        case ">=":
            return Span(one.first, LATEST)
        case "<=":
            return Span(EARLIEST, one.last)
        case ">":
            return Span(_moved(one.last, _TICK, raw), LATEST)
        case "<":
            return Span(EARLIEST, _moved(one.first, -_TICK, raw))
    return one


def _one(text: str, raw: str) -> Span:
    """Returns a day from its first to its last microsecond, or the moment, the second or the minute that is meant."""
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            before = end_of(ZONE, day - timedelta(days=1))
            return Span(_moved(before, _TICK, raw), end_of(ZONE, day))
        if parts := _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text.upper())
            length = _TICK if parts[2] else timedelta(seconds=1) if parts[1] else timedelta(minutes=1)
            return Span(stamp(moment), stamp(moment + length - _TICK))
    except (ValueError, OverflowError):
        pass  # a day that no calendar has
    raise BadSpan(
        f"created:{raw} is no day; write it like 2026-06-01, >=2026-06-01, 2026-06-01..2026-06-30,"
        " or with a time and its zone, like >=2026-06-01T12:00:00Z."
    )


def _moved(moment: str, by: timedelta, raw: str) -> str:
    try:
        return stamp(datetime.fromisoformat(moment) + by)
    except OverflowError:
        raise BadSpan(f"created:{raw} lies outside the calendar.") from None
