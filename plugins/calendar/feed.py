"""Writes deadlines as iCalendar (RFC 5545, with the properties of RFC 7986 that name a calendar and say when to look).

Each deadline is an event of a whole day, known for ever by its UID: register and deadline. DTSTAMP is when the project
last changed, and SEQUENCE its version, both as they are on record. So the same state gives the same bytes, a deadline
that moved is known again and is newer than it was, and one that is gone is gone from the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event

from plugins.calendar.options import Options
from plugins.calendar.sentences import categories, clean, description, heading

PRODUCT = "-//cocycle//calendar//EN"
PRIORITIES = {"law": 1, "gate": 3}
"""RFC 5545: 1 is the highest, 5 is medium."""

MORNING = timedelta(hours=9)


def feed(what: Mapping[str, Any], options: Options) -> bytes:
    """Returns the calendar of all deadlines in the exporter's document, by day, in the order of their ids."""
    projects = {one["project"]: one for one in what["projects"]}
    wanted = [d for one in projects.values() for d in one["deadlines"] if d["kind"] in options.kinds]
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    name = clean(options.name) or f"Deadlines, {clean(what['register'])}".removesuffix(", ")
    for member in ("name", "x-wr-calname"):
        found.add(member, name)
    found.add("x-wr-caldesc", "What is due in commissioning projects. A day here approves and refuses nothing.")
    every = timedelta(hours=options.refresh_hours)
    found.add("refresh-interval", every, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", f"PT{options.refresh_hours}H")
    for deadline in sorted(wanted, key=lambda d: (d["due"], d["id"])):
        found.add_component(_event(deadline, projects[deadline["project"]], what["register"], options))
    return bytes(found.to_ical())


def _event(deadline: Mapping[str, Any], project: Mapping[str, Any], register: str, options: Options) -> Event:
    due, changed = date.fromisoformat(deadline["due"]), _last_changed(project)
    found = Event()
    found.add("uid", f"{deadline['id']}@{clean(register) or 'cocycle'}")
    found.add("dtstamp", changed)
    found.add("last-modified", changed)
    found.add("sequence", project["version"])
    found.add("dtstart", due)
    found.add("dtend", due + timedelta(days=1))
    found.add("summary", heading(deadline))
    found.add("description", description(deadline))
    found.add("categories", categories(deadline))
    found.add("priority", PRIORITIES.get(deadline["severity"], 5))
    found.add("status", "CONFIRMED")
    found.add("transp", "TRANSPARENT")  # a day with a deadline is no day that is taken
    if options.alarm_days:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", heading(deadline))
        alarm.add("trigger", MORNING - timedelta(days=options.alarm_days))
        found.add_component(alarm)
    return found


def _last_changed(project: Mapping[str, Any]) -> datetime:
    """Returns when the last entry of a project was recorded, in UTC, to the second."""
    last = max(entry["at"] for entry in project["history"])
    return datetime.fromisoformat(last).astimezone(UTC).replace(microsecond=0)
