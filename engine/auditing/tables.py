"""The log as JSON Lines, as CSV, and as an Excel sheet in which nothing can run.

A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula. In CSV such a text gets an apostrophe
before it; in Excel each cell is written as text and says so, and one that looks like a formula is marked as quoted, so
that it stays text where somebody edits it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any, Final

from engine.core.errors import InputRefused

Row = Mapping[str, Any]
COLUMNS: Final = ("seq", "at", "by", "name", "action", "project", "stage", "says", "body", "words")
MOST_ROWS: Final = 1_048_576  # of an Excel sheet, its heading among them
MOST_LETTERS: Final = 32_767  # of an Excel cell
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# line ends of other alphabets and marks that turn the direction of text round: legal in JSON, unwelcome in a line
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def json_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yields one JSON object a line, in UTF-8."""
    for row in rows:
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        yield _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode() + b"\n"


def csv_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yields a heading and a record a row as RFC 4180 has them, in UTF-8; `body` and `words` are JSON texts."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for cells in _cells(rows):
        writer.writerow([_tamed(cell) for cell in cells])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def write_excel(rows: Iterable[Row], target: IO[bytes]) -> None:
    """Writes an Excel workbook of one sheet; every cell is text, characters that XML cannot hold are `�`.

    Raises:
        InputRefused: there are more rows than a sheet can hold.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Log")
    sheet.freeze_panes = "A2"
    for number, cells in enumerate(_cells(rows), 1):
        if number > MOST_ROWS:
            raise InputRefused(
                f"An Excel sheet holds {MOST_ROWS - 1:,} entries, and there are more; narrow the search, or take CSV."
            )
        line = []
        for text in cells:
            cell = WriteOnlyCell(sheet, value=_fitting(text))
            cell.data_type = "s"  # or a text that begins with = would be a formula
            if text.startswith(_FORMULA):
                cell.quotePrefix = True
            line.append(cell)
        sheet.append(line)
    book.save(target)


FORMS: Final[Mapping[str, Callable[[Iterable[Row]], Iterator[bytes]]]] = {"jsonl": json_lines, "csv": csv_lines}
"""The forms that are written line by line."""


def _cells(rows: Iterable[Row]) -> Iterator[list[str]]:
    yield list(COLUMNS)
    for row in rows:
        yield [_text(row.get(column)) for column in COLUMNS]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _tamed(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _fitting(text: str) -> str:
    """Returns a text that a cell can hold; one that is too long says that it was cut."""
    text = _NOT_XML.sub("�", text)
    if len(text) <= MOST_LETTERS:
        return text
    end = "… (cut here: a cell holds no more; CSV and JSON Lines have all of it)"
    return text[: MOST_LETTERS - len(end)] + end
