"""Sheets as rows of cells, and the CSV files that are made of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from plugins.spreadsheet.cells import Cell, in_csv


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its title, its headings, and its rows, which can be asked for more than once."""

    title: str
    headings: Sequence[str]
    rows: Callable[[], Iterable[Sequence[Cell]]]


def csv_of(sheet: Sheet) -> bytes:
    """Returns a sheet as RFC 4180 has it, in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([in_csv(heading) for heading in sheet.headings])
    for row in sheet.rows():
        writer.writerow([in_csv(cell) for cell in row])
    return text.getvalue().encode()
