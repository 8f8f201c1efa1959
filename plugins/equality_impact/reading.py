"""What a record says, read without trusting it: words that say something, days, and the impacts of an assessment."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from engine.hookspecs import Facts, RecordFact
from plugins.equality_impact.characteristics import CHARACTERISTICS, IMPACTS, Characteristic, cells

PLACEHOLDERS: Final = frozenset(
    {
        *("na", "none", "nil", "tbc", "tbd", "tba", "x", "xx", "xxx", "test", "text", "todo", "see above", "as above"),
        *("to be confirmed", "to be completed", "to be decided", "please complete", "insert text here"),
        *("not applicable", "no impact", "no evidence"),
    }
)
"""What stands in a form that nobody filled in; compared in lower case, letters and spaces only."""


def said(facts: Mapping[str, Any], field: str) -> str:
    """Returns the words of a field in one line; empty where there are none, or only what a blank form holds."""
    words = facts.get(field)
    if not isinstance(words, str):
        return ""
    line = " ".join(words.split())
    bare = "".join(c for c in line.casefold() if c.isalpha() or c == " ").strip()
    return "" if not bare or bare in PLACEHOLDERS else line


def day(facts: Mapping[str, Any], field: str) -> date | None:
    """Returns the day in a field; None where there is none."""
    return parsed_day(facts.get(field))


def parsed_day(written: object) -> date | None:
    """Returns the day that is written as ISO text; None for anything else."""
    try:
        return date.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None


def names(facts: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """Returns the text items of a list field."""
    found = facts.get(field)
    if not isinstance(found, Sequence) or isinstance(found, str):
        return ()
    return tuple(item for item in found if isinstance(item, str))


def in_words(one: date) -> str:
    """Returns a day as people write it: `3 June 2026`."""
    return f"{one.day} {calendar.month_name[one.month]} {one.year}"


def months_before(one: date, months: int) -> date:
    """Returns the day so many months earlier; the last of the month where it is shorter."""
    count = one.year * 12 + one.month - 1 - months
    year, month = count // 12, count % 12 + 1
    if not date.min.year <= year <= date.max.year:
        return date.min if months > 0 else date.max
    return date(year, month, min(one.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Assessment:
    """The facts of an equality assessment."""

    facts: Mapping[str, Any]

    def impacts(self, one: Characteristic) -> tuple[str, ...]:
        """Returns the impacts that are said of a characteristic, one for each limb it is filled in for."""
        return tuple(str(self.facts[field]) for _, field in one.cells if self.facts.get(field) in IMPACTS)

    def missing(self) -> dict[str, list[Characteristic]]:
        """Returns the characteristics of which no impact is said, by limb; a limb that is complete is left out."""
        found: dict[str, list[Characteristic]] = {}
        for one, limb, field in cells():
            if self.facts.get(field) not in IMPACTS:
                found.setdefault(limb, []).append(one)
        return found

    def with_impact(self, *impacts: str) -> list[Characteristic]:
        """Returns the characteristics with one of these impacts under any limb."""
        return [one for one in CHARACTERISTICS if any(found in impacts for found in self.impacts(one))]

    def said(self, one: Characteristic, what: str) -> str:
        """Returns the words that an assessment has of a characteristic; empty for none."""
        return said(self.facts, f"{one.id}_{what}")

    def day(self, one: Characteristic, what: str) -> date | None:
        """Returns a day that an assessment names for a characteristic."""
        return day(self.facts, f"{one.id}_{what}")

    def unanswered(self) -> list[Characteristic]:
        """Returns the negative effects with neither something that will be done nor a reason to go ahead."""
        negative = self.with_impact("negative")
        return [one for one in negative if not self.said(one, "mitigation") and not self.said(one, "justification")]

    def has_figures(self, one: Characteristic) -> bool:
        """True where figures are named: what they show, and the last day they cover."""
        return bool(self.said(one, "evidence")) and self.day(one, "figures_to") is not None

    def untouched(self) -> bool:
        """True for no impact on anybody, anywhere, without a single figure."""
        every = [impact for one in CHARACTERISTICS for impact in self.impacts(one)]
        return bool(every) and set(every) == {"neutral"} and not any(self.has_figures(one) for one in CHARACTERISTICS)

    def copied(self) -> bool:
        """True where every characteristic has the very same words, as in a template that was filled in once."""
        words = [(self.said(one, "evidence"), self.said(one, "no_figures")) for one in CHARACTERISTICS]
        return any(words[0]) and all(pair == words[0] for pair in words)


def newest(facts: Facts, kind: str) -> RecordFact | None:
    """Returns the newest record of a kind, whatever it was handed in for; None where there is none."""
    return next((record for record in facts.records if record.kind == kind), None)
