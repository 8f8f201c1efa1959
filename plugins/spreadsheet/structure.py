"""What the sheets of a workbook are made of beside their cells: hidden rows, merged cells, how far they are filled."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat

from plugins.spreadsheet.unpacked import NoWorkbook, content_of

MOST_ROWS: Final = 5_002
"""So many rows may hold something: 5,000 projects, the headings, the example."""

_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(slots=True)
class Structure:
    """What a sheet is made of, beside its cells.

    Attributes:
        hidden_rows, hidden_columns: by number from 1.
        merged: areas of merged cells, like `A1:B2`.
        last_row, last_column: the last of each that holds something; 0 where nothing does.
        filled: the rows that hold something, by number, up to one more than may.
        hidden: True where the sheet itself is hidden.
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0
    filled: set[int] = field(default_factory=set)
    hidden: bool = False


def structures(found: zipfile.ZipFile) -> dict[str, Structure]:
    """Returns what each sheet is made of, by its title.

    Raises:
        NoWorkbook: the parts do not fit together.
    """
    try:
        book = ElementTree.fromstring(content_of(found, "xl/workbook.xml"))  # noqa: S314  # no word can be defined in it
        related = ElementTree.fromstring(content_of(found, "xl/_rels/workbook.xml.rels"))  # noqa: S314  # nor in this
    except ElementTree.ParseError as error:
        raise NoWorkbook("It is damaged: it does not say which sheets it has. Save it once more.") from error
    targets = {one.get("Id"): str(one.get("Target", "")) for one in related}
    sheets: dict[str, Structure] = {}
    for one in book.iter():
        if not one.tag.endswith("}sheet"):
            continue
        target = targets.get(one.get(_RELATION), "")
        path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if path in found.namelist() and path.startswith("xl/worksheets/"):
            sheets[str(one.get("name"))] = _structure(content_of(found, path))
            sheets[str(one.get("name"))].hidden = one.get("state", "visible") != "visible"
    return sheets


def _structure(content: bytes) -> Structure:
    found = Structure()
    row = column = 0

    def start(name: str, said: dict[str, str]) -> None:
        nonlocal row, column
        match name.rpartition(":")[2]:
            case "row":
                before, row, column = row, _number(said.get("r"), row + 1), 0
                _refuse_disorder(before, row)
                if said.get("hidden") in ("1", "true"):
                    found.hidden_rows.add(row)
            case "c":
                before, column = column, _column(said.get("r"), column + 1)
                _refuse_disorder(before, column)
            case "v" | "is" | "f":
                found.last_row, found.last_column = max(found.last_row, row), max(found.last_column, column)
                if len(found.filled) <= MOST_ROWS:
                    found.filled.add(row)
            case "mergeCell":
                found.merged.append(said.get("ref", ""))
            case "col" if said.get("hidden") in ("1", "true"):
                first = _number(said.get("min"), 1)
                found.hidden_columns.update(range(first, min(_number(said.get("max"), first), 16_384) + 1))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        if isinstance(error, NoWorkbook):
            raise
        raise NoWorkbook("It is damaged: a sheet of it cannot be read. Save it once more.") from error
    return found


def _refuse_disorder(before: int, after: int) -> None:
    """Refuses rows, or cells of a row, that come twice or out of order: every reader makes something else of them."""
    if after <= before:
        raise NoWorkbook("It is damaged: its rows or cells are out of order. Save it once more.")


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 8 else otherwise


def _column(reference: str | None, otherwise: int) -> int:
    letters = "" if reference is None else reference.rstrip("0123456789")
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        return otherwise
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - ord("A") + 1
    return place
