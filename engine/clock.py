"""The clocks an engine can be given: the system's, or one that is set by hand to play a history."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """Returns the moment, with its time zone."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Returns the moment in UTC."""
        return datetime.now(UTC)


class SetClock:
    """A clock that stands where it is put, and moves on a microsecond each time it is read."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)

    def set(self, moment: datetime) -> None:
        """Puts the clock to a moment."""
        self.moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Returns the moment in UTC, later than the one before."""
        self.moment += timedelta(microseconds=1)
        return self.moment


def stamp(moment: datetime) -> str:
    """Returns a moment as the ledger writes it: RFC 3339 in UTC with microseconds and `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def day_in(zone: str, at: str) -> date:
    """Returns the day it is at a stamped moment in a time zone."""
    return _day_of_minute(zone, at[:16])


@lru_cache(maxsize=256)
def _day_of_minute(zone: str, minute: str) -> date:
    # every zone changes its day on a whole minute, and most acts come several to a minute
    return datetime.fromisoformat(f"{minute}+00:00").astimezone(_zone(zone)).date()


def end_of(zone: str, day: date) -> str:
    """Returns the last microsecond of a day in a time zone, as the ledger writes it."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=_zone(zone)) + timedelta(days=1)
    return stamp(midnight.astimezone(UTC) - timedelta(microseconds=1))
