"""The portfolio and the evidence as files: nothing in them runs, values keep their kind, same in, same out."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.api import Engine
from engine.api import given as given_file
from engine.hookspecs import CannotExport, ExportedFile
from plugins.spreadsheet import evidence, portfolio
from plugins.spreadsheet.cells import cell_of, in_csv
from plugins.spreadsheet.sheets import Sheet
from plugins.spreadsheet.workbook import letters_of, workbook_of

from .sheets import GOOD, PAT, made_once, read_book, register

__all__ = ["made_once", "register"]  # fixtures
NASTY = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.example")', "#REF!", "_x0041_", "<&>", "a\nb")


def what_of(engine: Engine) -> dict[str, Any]:
    """Returns the document of a register with a project that is on its way, and one whose words are awkward."""
    fields = {"commissioner": "=cmd|' /C calc'!A0", "worth": "1450000.5", "starts_on": "2026-06-01", "consulted": True}
    more = {"heard": ["Roma", "@all"], "present": {"lived_experience": 3}, "members": 12}
    engine.new_project('=HYPERLINK("x")', "small", project_id="CC-1", fields=fields | more, actor=PAT)
    engine.new_project("Plain", "small", project_id="CC-2", fields={"commissioner": "B"}, actor=PAT)
    engine.grant(PAT, "sro", project="CC-1", actor=PAT)
    engine.add_evidence("CC-1", "survey", files=[given_file("=evil().pdf", b"%PDF")], actor=PAT)
    return engine.export_document()


def by_name(files: Any) -> dict[str, ExportedFile]:
    return {file.name: file for file in files}


def rows_of(file: ExportedFile) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.content.decode(), newline="")))


def test_the_portfolio_tells_projects_deadlines_and_what_is_missing(register: Engine) -> None:
    """Three sheets, with headings that stay in sight, filters, and widths; and the same as three CSV files."""
    files = by_name(portfolio(what_of(register), {}))
    assert list(files) == [
        "portfolio.xlsx",
        "portfolio-projects.csv",
        "portfolio-deadlines.csv",
        "portfolio-what-is-missing.csv",
    ]
    book = read_book(files["portfolio.xlsx"].content)
    assert book.sheetnames == ["Projects", "Deadlines", "What is missing"]
    for page in book:
        assert page.freeze_panes == "B2"
        assert page.auto_filter.ref == page.dimensions
        assert all(8 <= page.column_dimensions[letters_of(n)].width <= 60 for n in range(1, page.max_column + 1))
        assert page["A1"].font.bold
    rows = rows_of(files["portfolio-what-is-missing.csv"])
    assert {row[3] for row in rows if row[0] == "CC-1"} == {"Case for change", "Decision of the Sro"}
    assert {row[3] for row in rows if row[0] == "CC-2"} == {"Case for change", "Survey", "Decision of the Sro"}


def test_values_keep_their_kind(register: Engine) -> None:
    """Dates are dates, money is a number with two decimals, numbers are numbers, yes and no are words.

    Seen to fail when an amount went into the sheet as text.
    """
    book = read_book(by_name(portfolio(what_of(register), {}))["portfolio.xlsx"].content)
    page = book["Projects"]
    said = {heading.value: cell for heading, cell in zip(page[1], page[2], strict=True)}
    assert said["Worth"].value == 1450000.5
    assert said["Worth"].number_format == "#,##0.00"
    assert said["Starts on"].value == datetime(2026, 6, 1)  # noqa: DTZ001  # a cell of Excel knows no time zone
    assert said["Starts on"].is_date
    assert (said["Members"].value, said["Present: lived experience"].value) == (12, 3)
    assert (said["Consulted"].value, said["Open now"].value) == ("yes", "no")
    (row,) = (r for r in rows_of(by_name(portfolio(register.export_document(), {}))["portfolio-projects.csv"])[1:2])
    assert "1450000.50" in row
    assert "2026-06-01" in row


def test_nothing_in_a_workbook_is_a_formula(register: Engine) -> None:
    """What people typed stays text in every cell, quoted where it looks like a formula; CSV has an apostrophe there.

    Seen to fail when a text was left to the program that opens it to guess.
    """
    what = what_of(register)
    for files in (portfolio(what, {}), evidence(what, {})):
        for file in files:
            if file.name.endswith(".csv"):
                cells = [cell for row in rows_of(file) for cell in row]
                assert not any(c.startswith(("=", "+", "@", "\t", "\r")) for c in cells)
                continue
            with zipfile.ZipFile(io.BytesIO(file.content)) as parts:
                assert not any(b"<f" in parts.read(n) for n in parts.namelist() if "worksheets" in n)
                assert not any("vba" in n.lower() for n in parts.namelist())
            texts = [c for page in read_book(file.content) for row in page for c in row if isinstance(c.value, str)]
            assert all(c.data_type != "f" for c in texts)
            assert all(c.quotePrefix for c in texts if c.value.startswith("="))


def test_the_evidence_is_listed_with_its_digests(register: Engine) -> None:
    """A row for each file, with the SHA-256 by which anyone can tell it again, and no name of a person unasked."""
    files = by_name(evidence(what_of(register), {}))
    assert list(files) == ["evidence.xlsx", "evidence.csv"]
    head, row = rows_of(files["evidence.csv"])
    said = dict(zip(head, row, strict=True))
    assert said["SHA-256"] == given_file("x", b"%PDF").sha256
    assert (said["File"], said["Size in bytes"], said["Requirement"]) == ("'=evil().pdf", "4", "survey")
    assert said["By"].startswith("p-")
    assert "Pat" not in files["evidence.csv"].content.decode()


def test_the_same_document_gives_the_same_bytes(register: Engine) -> None:
    """Nothing in a file says when it was made; zip files know time in steps of two seconds.

    Seen to fail when the parts of the workbook had the hour they were written.
    """
    what = what_of(register)
    before = portfolio(what, {}), evidence(what, {})
    time.sleep(2.1)
    assert (portfolio(what, {}), evidence(what, {})) == before


def test_one_form_may_be_asked_for(register: Engine) -> None:
    """`form` asks for the workbook alone, or the CSV files alone; another is refused with the ones there are."""
    what = what_of(register)
    assert [file.name for file in portfolio(what, {"form": "XLSX"})] == ["portfolio.xlsx"]
    assert all(file.media_type == "text/csv" for file in portfolio(what, {"form": "csv"}))
    with pytest.raises(CannotExport, match="one of: both, xlsx, csv"):
        portfolio(what, {"form": "pdf"})


def test_a_portfolio_of_nothing_has_its_headings(register: Engine) -> None:
    """Without a project there are the headings, and the filters over them."""
    book = read_book(portfolio(register.export_document(), {})[0].content)
    assert [page.max_row for page in book] == [1, 1, 1]
    assert book["Deadlines"].auto_filter.ref == "A1:K1"


def test_what_looks_like_an_amount_or_a_day_is_read_as_one() -> None:
    """Only the engine's own way of writing them counts: two decimals, ISO; nothing else is taken for a number."""
    assert cell_of("1450000.00") == Decimal("1450000.00")
    assert cell_of("-5.10") == Decimal("-5.10")
    assert cell_of("2026-06-01") == date(2026, 6, 1)
    for text in ("1450000", "007.10", "1,450.00", "2026-02-30", "1e5", "0001-01-01"):
        assert cell_of(text) == text
    assert cell_of(2**53) == str(2**53), "Excel keeps fifteen digits"


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_text_comes_back_as_it_was(text: str) -> None:
    """What is written into a cell reads as the very text again, for whoever reads Excel as the standard has it."""
    page = read_book(workbook_of([Sheet("S", [text], lambda: [(text,)])]))["S"]
    assert page["A2"].value == text.replace("_x0041_", "_x005F_x0041_")
    assert page["A2"].data_type == "s"


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=40), st.integers(), st.dates(), st.booleans()), max_size=6))
def test_any_values_make_a_workbook(values: list[Any]) -> None:
    """Whatever people typed, the workbook can be read, holds no formula, and CSV no cell that begins like one."""
    cells = [cell_of(v.isoformat() if isinstance(v, date) else v) for v in values]
    page = read_book(workbook_of([Sheet("S", [str(n) for n in range(len(cells) + 1)], lambda: [(*cells, "end")])]))["S"]
    assert all(cell.data_type != "f" for row in page for cell in row)
    assert page.cell(2, len(cells) + 1).value == "end"
    assert not any(in_csv(c).startswith(("=", "+", "@", "\t", "\r", "\n")) for c in cells)


def test_many_rows_are_written_without_delay() -> None:
    """A sheet of 20,000 rows takes seconds, and less memory than its cells would as objects."""
    row = ("CC-1", "A title", Decimal("12.50"), date(2026, 6, 1), 12, None)
    began = time.perf_counter()
    made = workbook_of([Sheet("S", list("abcdef"), lambda: (row for _ in range(20_000)))])
    assert time.perf_counter() - began < 30
    assert len(made) < 2**20


def test_a_starter_field_survives_the_way_out_and_in(register: Engine) -> None:
    """A column for each part of a count, as the starter has it, is a column of the portfolio, too."""
    register.new_project("A", "small", fields={"commissioner": GOOD["commissioner"], "present.carer": "2"}, actor=PAT)
    rows = rows_of(by_name(portfolio(register.export_document(), {}))["portfolio-projects.csv"])
    assert dict(zip(rows[0], rows[1], strict=True))["Present: carer"] == "2"
