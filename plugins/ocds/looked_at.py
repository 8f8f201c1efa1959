"""The release that is looked at, and how checks speak of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.hookspecs import Finding, Submission
from plugins.ocds.notices import NOTICES, Notice, asked_for
from plugins.ocds.structure import moment

UK = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A release in a file that is handed in, `path` its JSON path."""

    release: dict[str, Any]
    path: str
    submission: Submission

    @property
    def regime(self) -> str | None:
        """The route that the project records; None where it records none."""
        found = self.submission.fields.get("regime")
        return found if isinstance(found, str) and found != "undecided" else None

    @property
    def declared(self) -> Notice | None:
        """The notice that the record says it is; else the one that its requirement asks for on the project's route."""
        said = self.submission.facts.get("notice_type")
        if isinstance(said, str) and said in NOTICES:
            return NOTICES[said]
        return asked_for(self.submission.requirement, self.regime)

    @property
    def today(self) -> date:
        """The day on which the record is handed in."""
        return given_day(self.submission.today) or date.max

    def named(self, name: str) -> dict[str, Any]:
        """Returns an object of the release; an empty one where there is none."""
        found = self.release.get(name)
        return found if isinstance(found, dict) else {}

    def each(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yields the objects of a list of the release, each with its JSON path."""
        yield from objects(self.release, name, self.path)

    def day(self, holder: dict[str, Any], name: str) -> date | None:
        """Returns the day in the United Kingdom of a moment; None where there is none that can be read."""
        return uk_day(moment(holder.get(name)))


def uk_day(at: datetime | None) -> date | None:
    """Returns the day that a moment was in the United Kingdom."""
    try:
        return None if at is None else at.astimezone(UK).date()
    except (OverflowError, ValueError):  # the first day of the year 1, seen from further west
        return None


def given_day(text: object) -> date | None:
    """Returns the day of an ISO text; None for everything else."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def objects(holder: dict[str, Any], name: str, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the objects of a list member, each with its JSON path; nothing where there is no such list."""
    found = holder.get(name)
    for place, item in enumerate(found if isinstance(found, list) else ()):
        if isinstance(item, dict):
            yield f"{path}.{name}[{place}]", item


def fault(code: str, says: str) -> Finding:
    """Returns a finding that keeps the record from counting."""
    return Finding(code, says[:900], "fault")


def note(code: str, says: str) -> Finding:
    """Returns a finding that people should know of, and that keeps nothing from counting."""
    return Finding(code, says[:900], "note")


def in_words(day: date) -> str:
    """Returns a day as people write it: 9 February 2026."""
    return f"{day.day} {day:%B %Y}"
