"""The portfolio and lists of evidence as Excel and CSV files, and a starter sheet that opens many projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from engine.hookspecs import ExportedFile, Exporter, Json, hookimpl

if TYPE_CHECKING:
    import click


@hookimpl
def cocycle_exporters() -> list[Exporter]:
    """Returns the exporter of the portfolio and that of the lists of evidence."""
    return [
        Exporter("portfolio", "Projects, deadlines and what is missing, as an Excel workbook and CSV files", portfolio),
        Exporter("evidence", "Lists of evidence with the digests of its files, as an Excel workbook and CSV", evidence),
    ]


def portfolio(what: Json, settings: Mapping[str, str]) -> Sequence[ExportedFile]:
    """Returns `portfolio.xlsx` with three sheets, and each sheet as a CSV file; `form` asks for one kind only."""
    from plugins.spreadsheet.files import files_of
    from plugins.spreadsheet.portfolio import sheets

    return files_of("portfolio", sheets(what), settings)


def evidence(what: Json, settings: Mapping[str, str]) -> Sequence[ExportedFile]:
    """Returns `evidence.xlsx` and `evidence.csv`, a row for each file of each record; `form` asks for one of them."""
    from plugins.spreadsheet.evidence import sheets
    from plugins.spreadsheet.files import files_of

    return files_of("evidence", sheets(what), settings)


@hookimpl
def cocycle_commands() -> list[click.Command]:
    """Returns the commands that make a starter sheet and open the projects it holds."""
    from plugins.spreadsheet.commands import open_sheet, starter

    return [starter, open_sheet]
