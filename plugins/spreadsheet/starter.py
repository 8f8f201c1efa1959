"""The starter sheet: a workbook with a column for each field of a workflow's projects, choices to pick, an example."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from plugins.spreadsheet.columns import ID, Column, columns_of, example_of, how_to_fill, said_choice
from plugins.spreadsheet.same_bytes import same_bytes

PROJECTS, HELP, CHOICES, ABOUT = "Projects", "How to fill it in", "Choices", "About"
ROWS_TO_FILL: Final = 2_000
_WIDTH: Final = {"text": 24, "list": 40, "choice": 26, "money": 16}


def starter_of(definition: Mapping[str, Any]) -> bytes:
    """Returns the workbook (.xlsx) for the projects of a definition, in its canonical form; no macros, no formulas.

    The same definition gives the same bytes.
    """
    from openpyxl import Workbook

    columns = columns_of(definition)
    book = Workbook()
    page: Any = book.active
    page.title = PROJECTS
    lists = _choices(book, columns)
    _projects(page, columns, lists)
    _help(book, columns)
    _about(book, definition)
    made = io.BytesIO()
    book.save(made)
    return same_bytes(made.getvalue())


def _projects(page: Any, columns: Sequence[Column], lists: Mapping[str, str]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    page.freeze_panes = "C2"
    for place, column in enumerate(columns, 1):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = max(_WIDTH.get(column.type, 14), min(len(column.heading) * 0.7, 36))
        heading = page.cell(1, place, column.heading)
        heading.data_type = "s"  # or a title that begins with = would be a formula
        heading.font = Font(bold=True)
        heading.alignment = Alignment(wrap_text=True, vertical="top")
        heading.fill = PatternFill("solid", fgColor="FFEB9C" if column.required else "E8EDEE")
        heading.comment = Comment(_note(column), "cocycle", width=320, height=140)
        shown = example_of(column)
        example = page.cell(2, place, _as_cell(shown, column))
        if isinstance(shown, str) and column.type != "date":
            example.data_type = "s"
        example.font = Font(italic=True, color="4C6272")
        _format(page, column, place)
        if column.id in lists:
            allowed = DataValidation("list", formula1=lists[column.id], allow_blank=True)
            allowed.errorTitle, allowed.error = "Not one of the choices", f"Pick one from the list for {column.title}."
            page.add_data_validation(allowed)
            allowed.add(f"{letter}2:{letter}{ROWS_TO_FILL}")


def _as_cell(value: Any, column: Column) -> Any:
    return date.fromisoformat(value) if column.type == "date" else value


def _format(page: Any, column: Column, place: int) -> None:
    """Gives the cells of a column their kind: ids stay text whatever they look like, dates and amounts are such."""
    kinds = {"money": "#,##0.00", "date": "d mmm yyyy", "integer": "0"}
    kind = "@" if column.id == ID else kinds.get(column.type)
    for row in range(2, 102) if kind else ():
        page.cell(row, place).number_format = kind


def _note(column: Column) -> str:
    needed = "Must be filled in. " if column.required else ""
    return f"{needed}{how_to_fill(column)} {column.help}".strip()


def _choices(book: Any, columns: Sequence[Column]) -> dict[str, str]:
    """Writes each list of choices into a column of a sheet of its own, and returns where, by the id of its column."""
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(CHOICES)
    found: dict[str, str] = {}
    for column in columns:
        listed = ["yes", "no"] if column.type == "yes_no" else [said_choice(c) for c in column.of]
        if not listed:
            continue
        place = len(found) + 1
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = 32
        page.cell(1, place, column.title).data_type = "s"
        for row, choice in enumerate(listed, 2):
            page.cell(row, place, choice).data_type = "s"
        found[column.id] = f"'{CHOICES}'!${letter}$2:${letter}${len(listed) + 1}"
    return found


def _help(book: Any, columns: Sequence[Column]) -> None:
    from openpyxl.styles import Alignment, Font

    page = book.create_sheet(HELP, 1)
    page.freeze_panes = "A2"
    for letter, width in zip("ABCDE", (34, 30, 12, 52, 70), strict=True):
        page.column_dimensions[letter].width = width
    page.append(["Column", "Name in cocycle", "Needed", "What to write", "Help"])
    for cell in page[1]:
        cell.font = Font(bold=True)
    for row, column in enumerate(columns, 2):
        needed = "yes" if column.required else "no"
        for place, text in enumerate((column.title, column.name, needed, how_to_fill(column), column.help), 1):
            cell = page.cell(row, place, text)
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _about(book: Any, definition: Mapping[str, Any]) -> None:
    page = book.create_sheet(ABOUT)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 16, 90
    rows = (
        ("Workflow", definition["id"]),
        ("Title", definition["title"]),
        ("Definition", definition["definition"]),
        ("How", "Write a project in each row of the sheet Projects. The row that begins with EXAMPLE is left out."),
        ("Then", "Look first: cocycle spreadsheet open FILE --dry-run. Nothing is opened while there is a mistake."),
    )
    for number, row in enumerate(rows, 1):
        for place, text in enumerate(row, 1):
            page.cell(number, place, text).data_type = "s"
