"""Lists of evidence: a row for each file of each record, with the digest by which anyone can tell the file again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from engine.hookspecs import Json
from plugins.spreadsheet.cells import Cell, cell_of, day_of, words
from plugins.spreadsheet.sheets import Sheet

HEADINGS: Final = (
    "Project",
    "Title",
    "Requirement",
    "Evidence",
    "Kind",
    "Level",
    "State",
    "Happened on",
    "Handed in on",
    "Round",
    "By",
    "Personal",
    "Examined",
    "File",
    "Size in bytes",
    "SHA-256",
)


def sheets(what: Json) -> list[Sheet]:
    """Returns the sheet of the evidence of every project of the document."""
    return [Sheet("Evidence", HEADINGS, lambda: _rows(what))]


def _rows(what: Json) -> Iterator[Sequence[Cell]]:
    for project in what["projects"]:
        for record in project["evidence"]:
            before = _record(project, record)
            for file in record["files"] or [{"name": None, "sha256": None, "size": None}]:
                yield (*before, _text(file["name"]), file["size"], _text(file["sha256"]))


def _record(project: Json, record: Json) -> tuple[Cell, ...]:
    examined: Any = record.get("examined")
    level = record["level"]
    return (
        _text(project["project"]),
        _text(project["title"]),
        _text(record["requirement"]),
        _text(record["evidence"]),
        words(record["kind"]),
        None if level is None else words(level),
        words(record["state"]),
        day_of(record["happened_on"]),
        day_of(record["recorded_at"]),
        record["cycle"],
        _text(record["name"] or record["by"]),
        cell_of(record["personal"]),
        None if examined is None else words(str(examined.get("state", ""))),
    )


def _text(value: str | None) -> str | None:
    """Returns what is text whatever it looks like: a title `2026-06-01` is no day."""
    return value
