"""Reads the sheet of projects out of a workbook: which columns it has, what stands in each row, mistakes by cell."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from plugins.spreadsheet.columns import EXAMPLE, ID, Column, column_called
from plugins.spreadsheet.starter import ABOUT, CHOICES, HELP, PROJECTS
from plugins.spreadsheet.structure import MOST_ROWS, Structure, structures
from plugins.spreadsheet.unpacked import NoWorkbook, opened
from plugins.spreadsheet.workbook import letters_of

MOST_COLUMNS: Final = 300


@dataclass(frozen=True, slots=True)
class Said:
    """Something to tell about a cell, like `Projects!C7`; a row alone is `Projects!7`."""

    cell: str
    message: str

    def as_json(self) -> dict[str, str]:
        """Returns it for programs."""
        return {"cell": self.cell, "message": self.message}


@dataclass(slots=True)
class Book:
    """A workbook as it was read.

    Attributes:
        workflow, definition: what the sheet About says it was made for; None where it does not.
        headings: the headings of the sheet of projects by their place from 1.
        rows: the cells of each row that holds something, by the number of the row, then by the place of the column.
        mistakes, notes: what is wrong with it whatever stands in the cells, and what is only to be known.
    """

    workflow: str | None = None
    definition: str | None = None
    headings: dict[int, str] = field(default_factory=dict)
    rows: dict[int, dict[int, Any]] = field(default_factory=dict)
    mistakes: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)


def cell_named(row: int, place: int) -> str:
    """Returns what people call a cell of the sheet of projects."""
    return f"{PROJECTS}!{letters_of(place)}{row}"


def book_of(content: bytes) -> Book:
    """Returns what a workbook holds.

    Raises:
        NoWorkbook: it is none, is not safe to read, or has no sheet of projects.
    """
    with opened(content) as unpacked:
        made_of = structures(unpacked)
    if PROJECTS not in made_of:
        there = ", ".join(list(made_of)[:10]) or "none"
        raise NoWorkbook(f"It has no sheet called {PROJECTS}; its sheets are: {there}.")
    book = Book()
    _tell_structure(book, made_of)
    sheet = made_of[PROJECTS]
    if len(sheet.filled) > MOST_ROWS:
        raise NoWorkbook(f"It has too many rows; {MOST_ROWS - 2:,} projects are the most for one sheet.")
    _read(content, book, sheet)
    return book


def _tell_structure(book: Book, made_of: Mapping[str, Structure]) -> None:
    sheet = made_of[PROJECTS]
    if sheet.hidden:
        book.mistakes.append(Said(PROJECTS, "The sheet is hidden. Show it, so that everybody sees what is opened."))
    for area in sheet.merged[:100]:
        message = "These cells are merged, so nobody can say which row they belong to. Take the merging off."
        book.mistakes.append(Said(f"{PROJECTS}!{area[:40]}", message))
    for title, other in made_of.items():
        if title not in (PROJECTS, HELP, CHOICES, ABOUT) and other.last_row:
            book.notes.append(Said(title[:40], f"This sheet is not read; only {PROJECTS} is."))


def _read(content: bytes, book: Book, sheet: Structure) -> None:
    from openpyxl import load_workbook

    try:
        loaded = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            _read_about(loaded, book)
            page: Any = loaded[PROJECTS]
            page.reset_dimensions()  # what it says of its own size may be anything
            last = min(sheet.last_column, MOST_COLUMNS)
            lines = page.iter_rows(min_row=1, max_row=sheet.last_row, max_col=last) if last else ()
            for number, line in enumerate(lines, 1):
                if number not in sheet.filled:
                    continue
                cells = {place: cell for place, cell in enumerate(line, 1) if not _is_empty(cell)}
                if cells:
                    book.rows[number] = cells
        finally:
            loaded.close()
    except Exception as error:  # noqa: BLE001  # the library raises whatever it stumbles over; the file is at fault
        raise NoWorkbook(
            f"It cannot be read as an Excel workbook ({type(error).__name__}). Open it in Excel or LibreOffice and save"
            " it as .xlsx once more."
        ) from error
    if sheet.last_column > MOST_COLUMNS:
        cell = f"{PROJECTS}!{letters_of(MOST_COLUMNS + 1)}"
        book.mistakes.append(Said(cell, f"There is something from here on to the right; {MOST_COLUMNS} columns do."))
    book.headings = {place: str(cell.value) for place, cell in book.rows.pop(1, {}).items()}
    for number in sorted(sheet.hidden_rows & book.rows.keys()):
        book.mistakes.append(Said(f"{PROJECTS}!{number}", "This row is hidden. Show it, or take it out."))
    for place in sorted(sheet.hidden_columns):
        if any(place in cells for cells in book.rows.values()):
            message = "This column is hidden and holds something. Show it, or take it out."
            book.mistakes.append(Said(f"{PROJECTS}!{letters_of(place)}", message))


def _is_empty(cell: Any) -> bool:
    return cell.value is None or (isinstance(cell.value, str) and not cell.value.strip())


def _read_about(loaded: Any, book: Book) -> None:
    if ABOUT not in loaded.sheetnames:
        return
    page = loaded[ABOUT]
    page.reset_dimensions()
    said = {}
    for line in page.iter_rows(min_row=1, max_row=10, max_col=2):
        if len(line) == 2 and isinstance(line[0].value, str) and isinstance(line[1].value, str):
            said[line[0].value.strip()] = line[1].value.strip()
    book.workflow, book.definition = said.get("Workflow"), said.get("Definition")


def columns_in(book: Book, columns: Sequence[Column]) -> dict[int, Column]:
    """Returns the columns that the sheet has, by place, and adds what is wrong with its headings to the mistakes."""
    found: dict[int, Column] = {}
    if not book.headings:
        book.mistakes.append(Said(f"{PROJECTS}!1", "The first row holds no headings. Begin with a starter sheet."))
        return {}
    for place, heading in book.headings.items():
        column, cell = column_called(heading, columns), cell_named(1, place)
        if column is None:
            message = f"There is no column “{heading[:60]}” for this workflow. Take it out, or mend its name."
            book.mistakes.append(Said(cell, message))
        elif column in found.values():
            book.mistakes.append(Said(cell, f"The column {column.name} is there twice. Keep one of them."))
        else:
            found[place] = column
    for column in columns:
        if column.required and column not in found.values() and not column.name.count("."):
            book.mistakes.append(Said(f"{PROJECTS}!1", f"The column “{column.heading}” is missing. Put it back."))
    _tell_repeated_headings(book, found, columns)
    return found


def _tell_repeated_headings(book: Book, found: Mapping[int, Column], columns: Sequence[Column]) -> None:
    for number, cells in list(book.rows.items()):
        texts = {place: cell.value for place, cell in cells.items() if isinstance(cell.value, str)}
        again = [place for place, text in texts.items() if found.get(place) and column_called(text, columns)]
        if len(again) > 1 and len(again) * 2 >= len(cells):
            del book.rows[number]
            book.mistakes.append(Said(f"{PROJECTS}!{number}", "This row repeats the headings. Take it out."))


def without_examples(book: Book, found: Mapping[int, Column]) -> None:
    """Takes the rows out that only show how it is done."""
    place = next((place for place, column in found.items() if column.id == ID), None)
    for number, cells in list(book.rows.items()):
        value = getattr(cells.get(place or 0), "value", None)
        if isinstance(value, str) and value.strip().upper() == EXAMPLE:
            del book.rows[number]
