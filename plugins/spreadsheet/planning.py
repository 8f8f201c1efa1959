"""What opening the projects of a sheet would do: each project, and every mistake by its cell. Nothing is written.

The key of each opening is made of the digest of the file and the number of the row. So the same file can be opened
again after a crash: what was opened is not opened a second time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from engine.api import Engine, InputRefused
from plugins.spreadsheet.columns import ID, TITLE, Column, columns_of
from plugins.spreadsheet.meaning import Unfit, meaning_of
from plugins.spreadsheet.reading import Said, book_of, cell_named, columns_in, without_examples
from plugins.spreadsheet.starter import PROJECTS
from plugins.spreadsheet.unpacked import NoWorkbook

Json = dict[str, Any]


@dataclass(slots=True)
class Wanted:
    """A project that a row asks for.

    `cells` says where each field was written; `opened` is the project that the same row of the same file opened before.
    """

    row: int
    key: str
    title: str = ""
    project_id: str | None = None
    fields: Json = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    opened: str | None = None

    def as_json(self) -> Json:
        """Returns it for programs."""
        named = {"row": self.row, "title": self.title, "project": self.opened or self.project_id}
        return {**named, "opened_before": self.opened is not None, "fields": self.fields}


@dataclass(slots=True)
class Plan:
    """What opening a sheet would do: every project, every mistake, and what is good to know.

    `called` is how the workflow was named: by its id, or a definition of it by its digest. `digest` is the file's.
    `titles` are what people call the fields, by the fields' names; they are for people, so JSON leaves them out.
    """

    workflow: str
    called: str
    definition: str
    digest: str
    titles: Mapping[str, str] = field(default_factory=dict)
    projects: list[Wanted] = field(default_factory=list)
    mistakes: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)

    def as_json(self) -> Json:
        """Returns it for programs."""
        return {
            "workflow": self.workflow,
            "definition": self.definition,
            "sha256": self.digest,
            "projects": [one.as_json() for one in self.projects],
            "mistakes": [one.as_json() for one in self.mistakes],
            "notes": [one.as_json() for one in self.notes],
        }


def plan_of(engine: Engine, content: bytes, workflow: str | None, actor: str | None) -> Plan:
    """Returns what opening the projects of a workbook would do; nothing is written.

    Args:
        engine: the register.
        content: the bytes of the workbook.
        workflow: the workflow they follow; None takes the one that the workbook was made for.
        actor: who would open them; None asks what a programme manager could do.

    Raises:
        InputRefused: the file cannot be read at all, or does not say which workflow.
        NotFound: there is no such workflow.
    """
    try:
        book = book_of(content)
    except NoWorkbook as error:
        raise InputRefused(f"The file cannot be used. {error}", code="no_workbook") from error
    named = workflow or book.workflow
    if named is None:
        raise InputRefused("The file does not say which workflow its projects follow; give --workflow.", code="usage")
    definition = engine.workflow(named)
    plan = Plan(definition["id"], named, definition["definition"], sha256(content).hexdigest())
    columns = columns_of(definition)
    plan.titles = {column.field: column.title for column in columns if column.field is not None}
    places = columns_in(book, columns)
    without_examples(book, places)
    plan.mistakes, plan.notes = book.mistakes, book.notes
    if workflow is None and book.definition not in (None, plan.definition):
        message = "The workflow was changed since this sheet was made; the fields are those of today."
        plan.notes.append(Said("About!B3", message))
    for number, cells in book.rows.items():
        wanted = _wanted(plan, number, cells, places, book.headings)
        if places.keys() & cells.keys():
            plan.projects.append(wanted)
    _tell_ids_given_twice(plan)
    _ask(engine, plan, actor, columns)
    _tell_known_titles(engine, plan)
    plan.mistakes.sort(key=_by_cell)
    return plan


def _wanted(
    plan: Plan, number: int, cells: Mapping[int, Any], places: Mapping[int, Column], headings: Collection[int]
) -> Wanted:
    found = Wanted(number, f"spreadsheet/{plan.digest}/{number}")
    for place, cell in cells.items():
        column, where = places.get(place), cell_named(number, place)
        if column is None:
            if place not in headings:  # one that nobody knows was told already
                plan.mistakes.append(Said(where, "There is no heading above this cell. Take it out, or give it one."))
            continue
        try:
            value = meaning_of(cell, column)
        except Unfit as error:
            plan.mistakes.append(Said(where, f"{column.title}: {error}"))
            value = None
        found.cells[column.field or column.id] = where
        if value is None:
            continue
        if column.id == TITLE:
            found.title = value
        elif column.id == ID:
            found.project_id = str(value).strip()
        elif column.field is not None:
            found.fields[column.field] = value
    for place, column in places.items():
        found.cells.setdefault(column.field or column.id, cell_named(number, place))
    return found


def _tell_ids_given_twice(plan: Plan) -> None:
    seen: dict[str, Wanted] = {}
    for one in plan.projects:
        if one.project_id is None:
            continue
        first = seen.setdefault(one.project_id, one)
        if first is not one:
            message = f"The id {one.project_id} stands in {first.cells[ID]} already; give each project its own."
            plan.mistakes.append(Said(one.cells[ID], message))


def _ask(engine: Engine, plan: Plan, actor: str | None, columns: Sequence[Column]) -> None:
    asked = [
        {"title": one.title, "project_id": one.project_id, "fields": one.fields, "key": one.key}
        for one in plan.projects
    ]
    told = {said.cell for said in plan.mistakes}
    missing = {column.field or column.id for column in columns if column.required}
    for one, found in zip(plan.projects, engine.would_open(plan.called, asked, actor=actor), strict=True):
        one.opened = found["project"]
        for problem in found["problems"]:
            name = problem["field"]
            where = one.cells.get(name) or next((c for f, c in one.cells.items() if f.startswith(f"{name}.")), None)
            if where is None and name in missing:
                continue  # the column is missing as a whole, and that was told
            where = where or f"{PROJECTS}!{one.row}"
            if where not in told:  # else more is wrong with it than it says
                plan.mistakes.append(Said(where, _for_a_sheet(problem["message"])))


def _for_a_sheet(message: str) -> str:
    """Returns a sentence without what one would type on the command line."""
    return message.partition(": give ")[0] + ("; fill it in." if ": give " in message else "")


def _tell_known_titles(engine: Engine, plan: Plan) -> None:
    """Notes the titles that a project has already; two may share one, but mostly it is the same project again."""
    known = engine.projects_titled({one.title for one in plan.projects if one.opened is None})
    for one in plan.projects:
        other = known.get(one.title)
        if other is not None and one.opened is None:
            plan.notes.append(Said(one.cells[TITLE], f"There is a project with this title already: {other}."))


def _by_cell(said: Said) -> tuple[int, int, str]:
    """Returns what puts cells in the order in which they are read."""
    reference = said.cell.rpartition("!")[2].partition(":")[0]
    letters = reference.rstrip("0123456789")
    number = reference[len(letters) :]
    return int(number or 0), len(letters), letters
