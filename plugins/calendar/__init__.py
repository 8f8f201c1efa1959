"""The deadlines of projects as a calendar: a file to open, or a feed that other calendars subscribe to.

It brings the exporter `calendar/deadlines`.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.hookspecs import ExportedFile, Exporter, Json, hookimpl


@hookimpl
def cocycle_exporters() -> list[Exporter]:
    """Returns the exporter."""
    return [Exporter("deadlines", "Deadlines as a calendar (iCalendar), a file or a feed", export)]


def export(what: Json, settings: Mapping[str, str]) -> list[ExportedFile]:
    """Returns the one file `deadlines.ics`; the same document and settings give the same bytes."""
    from plugins.calendar.feed import feed  # the library takes a while to load, and only exporting needs it
    from plugins.calendar.options import options_from

    return [ExportedFile("deadlines.ics", "text/calendar; charset=utf-8", feed(what, options_from(settings)))]
