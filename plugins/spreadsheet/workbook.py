"""An Excel workbook (ECMA-376) of plain sheets, written row by row: nothing in it can run, and nothing says when.

Every text is written into its own cell as text, so no formula can come about, whatever was typed. openpyxl writes such
workbooks too, in ten times the time; it reads them in the tests.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Final
from xml.sax.saxutils import escape

from plugins.spreadsheet.cells import in_excel, width_of
from plugins.spreadsheet.same_bytes import part_named
from plugins.spreadsheet.sheets import Sheet

MOST_ROWS: Final = 1_048_576  # of a sheet, its heading among them
LOOKED_AT: Final = 300  # rows, for how wide a column is
NARROWEST, WIDEST = 8, 60
HEADING: Final = 1
"""The place of the style of headings in `_STYLES`; those of cells are in `cells.py`."""

_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PARTS: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES: Final = f"""{_XML}<styleSheet xmlns="{_MAIN}">\
<numFmts count="1"><numFmt numFmtId="164" formatCode="d\\ mmm\\ yyyy"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
<fill><patternFill patternType="solid"><fgColor rgb="FFE8EDEE"/></patternFill></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" \
applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


def workbook_of(sheets: Sequence[Sheet]) -> bytes:
    """Returns a workbook (.xlsx): headings that stay in sight, filters, columns as wide as what is in them, no macros.

    Raises:
        ValueError: there are more rows than a sheet of Excel can hold.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _frame(sheets):
            book.writestr(part_named(name), text)
        for number, sheet in enumerate(sheets, 1):
            with book.open(part_named(f"xl/worksheets/sheet{number}.xml"), "w") as part:
                _write(sheet, part)
    return made.getvalue()


def _frame(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str]]:
    """Yields every part but the sheets themselves."""
    numbers = range(1, len(sheets) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
    )
    yield (
        "[Content_Types].xml",
        f'{_XML}<Types xmlns="{_PARTS}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{types}'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    )
    yield "_rels/.rels", _relations([(1, "officeDocument", "xl/workbook.xml")])
    listed = "".join(
        f'<sheet name="{escape(sheet.title)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    yield "xl/workbook.xml", f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    pages = [(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*pages, (len(sheets) + 1, "styles", "styles.xml")])
    yield "xl/styles.xml", _STYLES


def _relations(targets: Sequence[tuple[int, str, str]]) -> str:
    said = "".join(f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for n, kind, to in targets)
    return f'{_XML}<Relationships xmlns="{_PARTS}/relationships">{said}</Relationships>'


def _write(sheet: Sheet, part: IO[bytes]) -> None:
    letters = [letters_of(place) for place in range(1, len(sheet.headings) + 1)]
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(_widths(sheet), 1)
    )
    pane = '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>'
    start = (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    )
    part.write(f"{start}<cols>{widths}</cols><sheetData>".encode())
    part.write(_row(1, letters, [in_excel(h, HEADING) for h in sheet.headings]))
    last = 1
    for row in sheet.rows():
        last += 1
        if last > MOST_ROWS:
            raise ValueError(f"A sheet of Excel holds {MOST_ROWS - 1:,} rows, and “{sheet.title}” has more.")
        part.write(_row(last, letters, [in_excel(cell) for cell in row]))
    part.write(f'</sheetData><autoFilter ref="A1:{letters[-1]}{last}"/></worksheet>'.encode())


def _row(number: int, letters: Sequence[str], cells: Sequence[str]) -> bytes:
    said = "".join([f'<c r="{letter}{number}"{cell}</c>' for letter, cell in zip(letters, cells, strict=True) if cell])
    return f'<row r="{number}">{said}</row>'.encode()


def letters_of(place: int) -> str:
    """Returns the letters of a column by its place from 1: A to Z, AA and so on."""
    found = ""
    while place:
        place, left = divmod(place - 1, 26)
        found = chr(ord("A") + left) + found
    return found


def _widths(sheet: Sheet) -> Iterator[int]:
    found = [len(heading) // 2 + 4 for heading in sheet.headings]  # a heading may take two lines
    for row in islice(sheet.rows(), LOOKED_AT):
        found = [max(width, width_of(cell) + 2) for width, cell in zip(found, row, strict=True)]
    yield from (min(max(width, NARROWEST), WIDEST) for width in found)
