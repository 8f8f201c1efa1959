"""The portfolio: a sheet of the projects, one of what is due, and one of what is missing at the gates ahead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from engine.hookspecs import Json
from plugins.spreadsheet.cells import Cell, cell_of, day_of, words
from plugins.spreadsheet.missing import HEADINGS as MISSING
from plugins.spreadsheet.missing import is_missing, rows_of
from plugins.spreadsheet.sheets import Sheet

PROJECTS: Final = (
    "Project",
    "Title",
    "Workflow",
    "Stage",
    "In this stage since",
    "Expected by",
    "On hold",
    "Round",
    "Waiting for",
    "Gate ahead",
    "Open now",
    "Requirements missing",
    "Earliest day it can open",
    "Passed gates no longer sound",
    "Next deadline",
    "What is due then",
)
DEADLINES: Final = (
    "Project",
    "Title",
    "State",
    "Due",
    "Days left",
    "What",
    "About",
    "Who",
    "How firm",
    "Gate",
    "Source",
)


def sheets(what: Json) -> list[Sheet]:
    """Returns the three sheets of a document of projects."""
    fields = _fields(what["projects"])
    return [
        Sheet("Projects", (*PROJECTS, *_named(fields)), lambda: (_project(p, fields) for p in what["projects"])),
        Sheet("Deadlines", DEADLINES, lambda: (_deadline(p, d) for p in what["projects"] for d in p["deadlines"])),
        Sheet("What is missing", MISSING, lambda: (row for p in what["projects"] for row in rows_of(p))),
    ]


def _fields(projects: Sequence[Json]) -> list[tuple[str, str | None]]:
    """Returns the columns of the projects' own fields, a part of a counted field each, in the order they turn up."""
    found: dict[tuple[str, str | None], None] = {}
    for project in projects:
        for name, value in project["fields"].items():
            parts: Iterator[str | None] = iter(value) if isinstance(value, Mapping) else iter([None])
            found.update(dict.fromkeys((name, part) for part in parts))
    order = list(dict.fromkeys(name for name, _ in found))
    return sorted(found, key=lambda column: order.index(column[0]))


def _named(fields: Sequence[tuple[str, str | None]]) -> list[str]:
    """Returns a heading for each field; its id where two of them would read the same."""
    ids = [name if part is None else f"{name}.{part}" for name, part in fields]
    said = [words(name) if part is None else f"{words(name)}: {words(part).lower()}" for name, part in fields]
    return [id if said.count(one) > 1 or one in PROJECTS else one for id, one in zip(ids, said, strict=True)]


def _project(project: Json, fields: Sequence[tuple[str, str | None]]) -> Sequence[Cell]:
    ahead, first = project["gates_ahead"], next(iter(project["deadlines"]), None)
    gate = ahead[0] if ahead else None
    earliest = None if gate is None else gate["earliest_open"]
    return (
        project["project"],
        project["title"],
        project.get("workflow_title") or project["workflow"],
        project.get("stage_title") or project["stage"],
        day_of(project["entered_at"]),
        day_of(project["expected_by"]),
        cell_of(project["on_hold"]),
        project["cycle"],
        cell_of([words(role) for role in project["waiting_for"]]),
        None if gate is None else gate["gate_title"],
        None if gate is None else cell_of(gate["open"]),
        None if gate is None else sum(is_missing(r) for r in gate["requirements"]),
        day_of(earliest),
        sum(not g["sound"] for g in project["gates"]),
        None if first is None else day_of(first["due"]),
        None if first is None else first["what"],
        *(_field(project["fields"], name, part) for name, part in fields),
    )


def _field(values: Mapping[str, Any], name: str, part: str | None) -> Cell:
    value = values.get(name)
    if part is None:
        return None if isinstance(value, Mapping) else cell_of(value)
    return cell_of(value.get(part)) if isinstance(value, Mapping) else None


def _deadline(project: Json, due: Json) -> Sequence[Cell]:
    basis = due.get("basis") or {}
    return (
        project["project"],
        project["title"],
        words(due["state"]),
        day_of(due["due"]),
        due["days_left"],
        due["what"],
        due.get("title"),
        cell_of(due.get("who_titles", ())),
        words(due["severity"]) if due.get("severity") else None,
        due.get("gate_title"),
        basis.get("source"),
    )
