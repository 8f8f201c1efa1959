"""Which of two lengths of time, or of two waits, is the longer one whatever the day it is counted from."""

from __future__ import annotations

from engine.core.definition import Span, Wait
from engine.definitions.comparing.change import Kind, combined

# A day that is a holiday under the first is one under the second, too: `uk-any` takes the holidays of all its parts.
_FEWER_HOLIDAYS = {("england-and-wales", "uk-any")}


def longer(was: Span, is_now: Span) -> Kind | None:
    """Returns `more` where the new length ends no sooner on any day, `less` no later, None always on the same day."""
    if is_at_least(is_now, was) and is_at_least(was, is_now):
        return None
    if is_at_least(is_now, was):
        return "more"
    return "less" if is_at_least(was, is_now) else "otherwise"


def is_at_least(one: Span, other: Span) -> bool:
    """Returns True only if `one` ends no sooner than `other`, whatever the day both are counted from."""
    if _kind(one) == _kind(other):
        return _in_its_kind(one) >= _in_its_kind(other)
    if _kind(one) == "working_days" and _kind(other) == "days":
        return one.n >= _in_its_kind(other)  # among N days at most N are working days
    if "working_days" in (_kind(one), _kind(other)):
        return False
    return _days(one)[0] >= _days(other)[1]


def _kind(span: Span) -> str:
    return {"weeks": "days", "years": "months"}.get(span.unit, span.unit)


def _in_its_kind(span: Span) -> int:
    return span.n * {"weeks": 7, "years": 12}.get(span.unit, 1)


def _days(span: Span) -> tuple[int, int]:
    """Returns the fewest and the most days that a length can be; months clip to their end, so with some room."""
    if _kind(span) == "days":
        return (_in_its_kind(span),) * 2
    months = _in_its_kind(span)
    return int(months * 30.4) - 4, int(months * 30.5) + 5


def wait_kind(was: Wait, is_now: Wait, calendars: tuple[str, str]) -> Kind | None:
    """Returns how a wait changed: `more` where it never ends sooner; `calendars` are those the two really count by."""
    if (was.requirement, was.field) != (is_now.requirement, is_now.field):
        return "otherwise"
    counting: Kind | None = None
    if was.counting_from != is_now.counting_from:
        counting = "more" if is_now.counting_from == "next_day" else "less"
    return combined([longer(was.length, is_now.length), counting, _calendar_kind(was, is_now, calendars)])


def _calendar_kind(was: Wait, is_now: Wait, calendars: tuple[str, str]) -> Kind | None:
    if "working_days" not in (was.length.unit, is_now.length.unit):
        return None
    if was.length.unit != is_now.length.unit:
        return None  # only one of the two looks at a calendar, and longer() reckons with any
    return calendar_kind(*calendars)


def calendar_kind(was: str, is_now: str) -> Kind | None:
    """Returns what another calendar of working days means for a wait: more holidays, a longer wait."""
    if was == is_now:
        return None
    if (was, is_now) in _FEWER_HOLIDAYS:
        return "more"
    return "less" if (is_now, was) in _FEWER_HOLIDAYS else "otherwise"
