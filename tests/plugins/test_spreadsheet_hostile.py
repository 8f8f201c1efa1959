"""A workbook comes from anywhere: what is none, hides something or would burst is refused in a sentence, and soon."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.spreadsheet.columns import columns_of
from plugins.spreadsheet.reading import Book, book_of, columns_in
from plugins.spreadsheet.starter import starter_of
from plugins.spreadsheet.structure import structures
from plugins.spreadsheet.unpacked import MOST_FILE_BYTES, NoWorkbook, opened

from .sheets import repacked, saved

DEFINITION: dict[str, Any] = {"id": "tiny", "title": "Tiny", "definition": "ab" * 32, "fields": []}
STARTER = starter_of(DEFINITION)
PAGE = "xl/worksheets/sheet1.xml"


def zipped(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name.replace("__", "/") + ".xml", content)
    return made.getvalue()


def with_page(change: Callable[[bytes], bytes]) -> bytes:
    return repacked(STARTER, lambda name, content: change(content) if name == PAGE else content)


def in_place_of_rows(rows: bytes) -> bytes:
    """Returns a starter whose sheet of projects has these rows behind its headings."""

    def change(content: bytes) -> bytes:
        return content.replace(b"</sheetData>", rows + b"</sheetData>")

    return with_page(change)


def encrypted() -> bytes:
    found = bytearray(STARTER)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = found.find(mark)
        while at >= 0:
            found[at + place] |= 1
            at = found.find(mark, at + 4)
    return bytes(found)


BOMB = b"<worksheet>" + b" " * (70 * 2**20) + b"</worksheet>"
GROWING = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no Excel workbook"),
        (b"id,title\r\nCC-1,Crisis\r\n", "looks like text, perhaps CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel (.xls), or has a password"),
        (b"%PDF-1.7\xff\xfe\x00", "It is something else"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (STARTER[:2_000], "damaged"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "no Excel workbook"),
        (zipped(word__document=b"<a/>"), "no Excel workbook"),
        (repacked(STARTER, xl__worksheets__bomb=BOMB), "unpack to more than 64 MB"),
        (zipped(**{f"xl__p{n}": b"<a/>" for n in range(600)}), "unpack to more than 64 MB"),
        (b"PK" + b"\0" * MOST_FILE_BYTES, "more than 16 MB"),
        (repacked(STARTER, xl__vbaProject=b"x"), "holds macros"),
        (repacked(STARTER, xl__externalLinks__externalLink1=b"<a/>"), "refers to other files"),
        (repacked(STARTER, xl__embeddings__a=b"x"), "refers to other files"),
        (with_page(lambda content: GROWING), "not written as Excel writes it"),
        (with_page(lambda content: GROWING.decode().encode("utf-16")), "not written as Excel writes it"),
        (with_page(lambda content: content[: len(content) // 2]), "a sheet of it cannot be read"),
        (with_page(lambda content: b"<a>" * 200_000), "a sheet of it cannot be read"),
        (encrypted(), "locked with a password"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_used_is_refused_in_a_sentence(content: bytes, says: str) -> None:
    """Whatever is handed over as a workbook and is none, or is not one to trust, is told as such before it is read.

    Seen to fail (by eating all memory) when the size was looked at after unpacking.
    """
    began = time.perf_counter()
    with pytest.raises(NoWorkbook, match=r"\.$") as refused:
        book_of(content)
    assert says in str(refused.value)
    assert time.perf_counter() - began < 20


def test_a_workbook_with_macros_says_so_by_its_types() -> None:
    """An .xlsm that was given another name is known by what it says it is."""
    sheet, macro = b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
    content = repacked(STARTER, lambda name, part: part.replace(sheet, macro) if "Content_Types" in name else part)
    with pytest.raises(NoWorkbook, match="xlsm"):
        book_of(content)


def test_two_parts_of_one_name_are_refused() -> None:
    """Where two parts have one name, what is looked at and what is read could be two different things."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = repacked(STARTER, xl__worksheets__sheet1=b"<a/>")
    with pytest.raises(NoWorkbook, match="two parts of one name"):
        book_of(content)


def test_a_sheet_of_another_name_is_told() -> None:
    """Without the sheet of projects the ones there are, are named."""
    book = openpyxl.Workbook()
    with pytest.raises(NoWorkbook, match="no sheet called Projects; its sheets are: Sheet"):
        book_of(saved(book))


def test_a_hundred_thousand_empty_rows_take_seconds_and_no_project() -> None:
    """Rows with a format and nothing in them are nothing, however many there are."""
    rows = b"".join(
        b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(200, 100_200)
    )
    began = time.perf_counter()
    book = book_of(in_place_of_rows(rows))
    assert time.perf_counter() - began < 30
    assert set(book.rows) == {2}, "the example"


def test_a_sheet_that_lies_about_its_size_is_read_as_it_is() -> None:
    """What a sheet says of its own size neither hides rows nor makes up a million.

    Seen to fail: the library believes it.
    """
    row = b'<row r="300"><c r="B300" t="inlineStr"><is><t>Here</t></is></c></row>'
    for said in (b'<dimension ref="A1:A1"/>', b'<dimension ref="A1:XFD1048576"/>'):

        def change(content: bytes, said: bytes = said) -> bytes:
            at = content.index(b"<dimension"), content.index(b"/>", content.index(b"<dimension")) + 2
            return (content[: at[0]] + said + content[at[1] :]).replace(b"</sheetData>", row + b"</sheetData>")

        book = book_of(with_page(change))
        assert [cell.value for cell in book.rows[300].values()] == ["Here"]


def test_a_cell_at_the_far_end_is_told_and_not_walked_to() -> None:
    """Something in the last column of the last row costs no walk through all that lies between."""
    began = time.perf_counter()
    book = book_of(in_place_of_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    assert time.perf_counter() - began < 30
    assert any("something from here on to the right" in said.message for said in book.mistakes)


def test_more_projects_than_a_sheet_may_have_are_refused() -> None:
    """A sheet of more rows than anybody would look through is refused as a whole."""
    rows = b"".join(b'<row r="%d"><c r="B%d"><v>1</v></c></row>' % (n, n) for n in range(200, 5_210))
    with pytest.raises(NoWorkbook, match="5,000 projects are the most"):
        book_of(in_place_of_rows(rows))


def test_cells_that_do_not_say_where_they_are_are_counted() -> None:
    """References of rows and cells may be left out; hidden rows are told all the same."""
    content = in_place_of_rows(b'<row hidden="1"><c t="inlineStr"><is><t>a</t></is></c></row>')
    with opened(content) as unpacked:
        found = structures(unpacked)["Projects"]
    assert found.last_row in found.hidden_rows
    assert any("hidden" in said.message for said in book_of(content).mistakes)


def test_rows_out_of_order_are_refused() -> None:
    """A row that comes twice would be read by one program and left out by another; nobody is to guess.

    Seen to fail: the library left it out without a word.
    """
    row = b'<row r="3"><c r="B3" t="inlineStr"><is><t>Here</t></is></c></row>'
    with pytest.raises(NoWorkbook, match="out of order"):
        book_of(in_place_of_rows(row))


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.data())
def test_a_workbook_with_broken_bytes_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever bytes are changed, the answer is a book or a sentence, and never anything else."""
    content = bytearray(STARTER)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found: Book | None = None
    with suppress(NoWorkbook):
        found = book_of(bytes(content))
    if found is not None:
        columns_in(found, columns_of(DEFINITION))
