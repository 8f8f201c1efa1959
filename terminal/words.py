"""Says dates, states and numbers as people say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

STATES: Mapping[str, tuple[str, str]] = {
    "met": ("Met", "green"),
    "unmet": ("Missing", "red"),
    "pending": ("Waiting", "yellow"),
    "waived": ("Waived", "yellow"),
    "not_applicable": ("Does not apply", "cyan"),
    "error": ("Broken", "red"),
}
"""The word and the colour for each state of a requirement; never the colour alone."""

OUTCOMES: Mapping[str, str] = {
    "passed": "passed",
    "passed_with_conditions": "passed with conditions",
    "returned": "sent back",
    "stopped": "stopped",
}


def day(text: str | None) -> str:
    """Returns an ISO date, or the day of a moment, as `3 June 2026`; what is neither comes back as it is."""
    if not text:
        return "no date"
    try:
        found = date.fromisoformat(text) if len(text) == 10 else _local(text).date()
    except ValueError:
        return text
    return f"{found.day} {found:%B %Y}"


def weekday(text: str) -> str:
    """Returns an ISO date with its day of the week, as `Wednesday 3 June 2026`, for a day that somebody plans for."""
    return f"{date.fromisoformat(text):%A} {day(text)}"


def moment(text: str | None) -> str:
    """Returns an RFC 3339 moment as `3 June 2026, 9:14am`, by the clocks of England and Wales."""
    if not text:
        return "no date"
    try:
        found = _local(text)
    except ValueError:
        return text
    return f"{found.day} {found:%B %Y}, {found.hour % 12 or 12}:{found:%M}{'am' if found.hour < 12 else 'pm'}"


def _local(text: str) -> datetime:
    from zoneinfo import ZoneInfo

    return datetime.fromisoformat(text).astimezone(ZoneInfo("Europe/London"))


def level(name: str) -> str:
    """Returns a level of participation in words: `co_design` as co-design."""
    return name.replace("_", "-")


def plain_id(name: str) -> str:
    """Returns an id as words, for where nothing gives its title: `lived_experience` as lived experience."""
    return name.replace("_", " ")


def inside(title: str) -> str:
    """Returns a title as it stands inside a sentence: with a small first letter, unless it is an abbreviation."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def count(number: int, one: str, many: str | None = None) -> str:
    """Returns `1 project`, `2 projects`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def either(names: Iterable[str]) -> str:
    """Returns `A`, `A or B`, `A, B or C`."""
    found = list(names)
    return found[0] if len(found) == 1 else ", ".join(found[:-1]) + " or " + found[-1] if found else "nobody"


def together(names: Iterable[str]) -> str:
    """Returns `A`, `A and B`, `A, B and C`."""
    found = list(names)
    return found[0] if len(found) == 1 else ", ".join(found[:-1]) + " and " + found[-1] if found else "nobody"


def an(noun: str) -> str:
    """Returns a noun with its article."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def size(number: int) -> str:
    """Returns a number of bytes as people read it."""
    if number < 1024:
        return count(number, "byte")
    return f"{number / 1024:,.0f} KB" if number < 1024 * 1024 else f"{number / 1024 / 1024:,.1f} MB"


def value(found: Any) -> str:
    """Returns a field's value, as the contract gives it in JSON, as people read it."""
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, Mapping):
        return ", ".join(f"{n} {plain_id(name)}" for name, n in found.items()) or "none"
    if isinstance(found, list):
        return ", ".join(value(item) for item in found) or "none"
    return "not given" if found is None else str(found)
