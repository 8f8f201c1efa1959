"""What can be set of the calendar, read from the plugin's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.hookspecs import CannotExport

MOST_DAYS = 366
MOST_HOURS = 24 * 31
KINDS = ("stage", "wait", "freshness", "waiver", "condition", "timer")


@dataclass(frozen=True, slots=True)
class Options:
    """How a calendar is wanted.

    Attributes:
        name: what the calendar is called; empty for `Deadlines` and the register.
        alarm_days: how many days before each deadline people are reminded, at 9 in the morning; 0 for never. Seven days
            are five working days, where no bank holiday is among them.
        refresh_hours: how often those who subscribe should look again.
        kinds: the kinds of deadlines that go in.
    """

    name: str = ""
    alarm_days: int = 7
    refresh_hours: int = 12
    kinds: tuple[str, ...] = KINDS


def options_from(settings: Mapping[str, str]) -> Options:
    """Returns the options; raises CannotExport with a sentence for each setting that cannot be."""
    wrong = [f"There is no setting {name}; there are name, alarm_days, refresh_hours and kinds." for name in settings]
    wrong = [said for said, name in zip(wrong, settings, strict=True) if name not in Options.__slots__]
    kinds = tuple(settings.get("kinds", " ".join(KINDS)).replace(",", " ").split())
    wrong += [
        f"There is no kind of deadline {kind}; there are {', '.join(KINDS)}." for kind in kinds if kind not in KINDS
    ]
    if not kinds:
        wrong.append(f"Name at least one kind of deadline in kinds: {', '.join(KINDS)}.")
    alarm_days, refresh_hours = settings.get("alarm_days", "7"), settings.get("refresh_hours", "12")
    if not _number(alarm_days, 0, MOST_DAYS):
        wrong.append(f"alarm_days is a number from 0 to {MOST_DAYS}, not {alarm_days}.")
    if not _number(refresh_hours, 1, MOST_HOURS):
        wrong.append(f"refresh_hours is a number from 1 to {MOST_HOURS}, not {refresh_hours}.")
    if wrong:
        raise CannotExport(" ".join(wrong))
    return Options(settings.get("name", "").strip(), int(alarm_days), int(refresh_hours), kinds)


def _number(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5 and least <= int(text) <= most
