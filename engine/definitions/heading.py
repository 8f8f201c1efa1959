"""What stands at the head of a definition: its id, version and title, its calendar and its time zone."""

from __future__ import annotations

import zoneinfo
from typing import Any, Final

from engine.core.bank_holidays import DEFAULT_CALENDAR, TITLES
from engine.definitions.report import Report, quoted
from engine.definitions.tree import Node
from engine.definitions.words import text_at

DEFAULT_ZONE: Final = "Europe/London"


def heading_of(root: Node, report: Report) -> dict[str, Any]:
    """Returns the head of the canonical form; reports a calendar or a time zone that nobody knows."""
    return {
        "cocycle": 1,
        "id": text_at(root, "id"),
        "version": text_at(root, "version"),
        "title": text_at(root, "title"),
        "summary": text_at(root, "summary") or "",
        "calendar": calendar_named(root.get("calendar"), report) or DEFAULT_CALENDAR,
        "time_zone": _zone(root.get("time_zone"), report),
    }


def calendar_named(node: Node | None, report: Report) -> str | None:
    """Returns the id of the calendar that is named, None where none is; reports one that nobody knows."""
    if node is None or node.word is None:
        return None
    if node.word not in TITLES:
        near = report.near(node.word, TITLES)
        message = f"There is no calendar {quoted(node.word)}; the engine has {' and '.join(TITLES)}.{near}"
        report.mistake("name/calendar", node, message)
    return node.word


def _zone(node: Node | None, report: Report) -> str:
    if node is None or node.word is None:
        return DEFAULT_ZONE
    if node.word != DEFAULT_ZONE and not _is_zone(node.word):
        near = report.near(node.word, sorted(zoneinfo.available_timezones()))
        message = f"There is no time zone {quoted(node.word)}; write one like Europe/London.{near}"
        report.mistake("name/time-zone", node, message)
    return node.word


def _is_zone(word: str) -> bool:
    """True for a zone of the IANA database; only names like Area/City and UTC, not the files that lie beside them."""
    if not (word == "UTC" or "/" in word) or len(word) > 64 or word.startswith(("posix/", "right/")):
        return False
    try:
        zoneinfo.ZoneInfo(word)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
