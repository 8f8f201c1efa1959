"""Reads the extra holidays of a register, the days that a government proclaims after a table has been printed."""

from __future__ import annotations

from datetime import date

from engine.core.bank_holidays import FIRST_YEAR, LAST_YEAR, Extra
from engine.core.errors import InputRefused
from engine.core.values import BadValue, day, text

UNNAMED = "Extra holiday"
LONGEST_NAME = 80


def extra_holidays_from(written: str) -> Extra:
    """Returns the holidays of a list like `2026-05-08=Liberation Day, 2027-06-02`, by date, each with its name.

    Raises:
        InputRefused: with one sentence for each part that cannot be used, all of them at once.
    """
    found: dict[date, str] = {}
    mistakes = []
    for part in filter(None, (part.strip() for part in written.split(","))):
        raw, named, name = part.partition("=")
        try:
            known = day(raw, f"“{_shown(raw)}”")
            if not FIRST_YEAR <= known.year <= LAST_YEAR:
                raise BadValue(f"“{raw.strip()}” is not in the years {FIRST_YEAR} to {LAST_YEAR} of the calendars.")
            if known in found:
                raise BadValue(f"“{raw.strip()}” stands there twice; leave one of them out.")
            found[known] = text(name, f"The name of “{raw.strip()}”", LONGEST_NAME) if named else UNNAMED
        except BadValue as mistake:
            mistakes.append(str(mistake))
    if mistakes:
        raise InputRefused(f"COCYCLE_EXTRA_HOLIDAYS cannot be used. {' '.join(mistakes)}")
    return tuple(sorted(found.items()))


def _shown(raw: str) -> str:
    """Returns what was written in place of a date, short and in one line, so that it can be said back."""
    seen = "".join(letter if letter.isprintable() else "?" for letter in raw.strip())
    return seen if len(seen) <= 40 else f"{seen[:39]}…"
