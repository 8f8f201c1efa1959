"""The files that an exporter makes of its sheets: one workbook, and a CSV file of each sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from engine.hookspecs import CannotExport, ExportedFile
from plugins.spreadsheet.sheets import Sheet, csv_of
from plugins.spreadsheet.workbook import workbook_of

EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS: Final = ("both", "xlsx", "csv")


def files_of(name: str, sheets: Sequence[Sheet], settings: Mapping[str, str]) -> list[ExportedFile]:
    """Returns the workbook and the CSV files, or those that the setting `form` asks for.

    Raises:
        CannotExport: `form` is none that there is.
    """
    form = settings.get("form", "both").strip().lower()
    if form not in FORMS:
        raise CannotExport(f"The setting form is {form}; it is one of: {', '.join(FORMS)}.")
    found = [] if form == "csv" else [ExportedFile(f"{name}.xlsx", EXCEL, workbook_of(sheets))]
    if form != "xlsx":
        alone = len(sheets) == 1
        for sheet in sheets:
            stem = name if alone else f"{name}-{sheet.title.lower().replace(' ', '-')}"
            found.append(ExportedFile(f"{stem}.csv", "text/csv", csv_of(sheet)))
    return found
