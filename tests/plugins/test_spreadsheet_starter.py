"""The starter sheet: a column a field, help where it is needed, choices to pick, and an example nobody opens."""

from __future__ import annotations

import time

from engine.api import Engine
from plugins.spreadsheet.columns import EXAMPLE, column_called, columns_of
from plugins.spreadsheet.starter import starter_of

from .sheets import made_once, place_of, read_book, register

__all__ = ["made_once", "register"]  # fixtures


def test_every_field_has_a_column_with_its_help(register: Engine) -> None:
    """Each field has a heading that says its name and whether it is needed, a note, and a line on the help sheet."""
    definition = register.workflow("small")
    book = read_book(starter_of(definition))
    page = book["Projects"]
    headings = [cell.value for cell in page[1]]
    assert headings == [column.heading for column in columns_of(definition)]
    assert headings[2:4] == ["Commissioner (commissioner) *", "Value (worth)"]
    assert "Present: lived experience (present.lived_experience)" in headings
    assert "Must be filled in." in page["C1"].comment.text
    assert page["D1"].comment.text.endswith("All of it.")
    assert [row[1].value for row in book["How to fill it in"].iter_rows(min_row=2)] == [
        column.name for column in columns_of(definition)
    ]


def test_choices_are_picked_from_a_list(register: Engine) -> None:
    """A choice, and yes or no, has a list to pick from that holds every choice in words.

    Seen to fail when a list was written into the cell's rule, which ends at 255 letters.
    """
    book = read_book(starter_of(register.workflow("small")))
    rules = {str(rule.sqref): rule.formula1 for rule in book["Projects"].data_validations.dataValidation}
    assert rules == {"F2:F2000": "'Choices'!$A$2:$A$4", "G2:G2000": "'Choices'!$B$2:$B$3"}
    columns = [[cell.value for cell in column if cell.value] for column in book["Choices"].iter_cols()]
    assert columns == [["Route", "not said", "open call", "direct award"], ["Consulted", "yes", "no"]]


def test_the_example_says_that_it_is_one(register: Engine) -> None:
    """The second row is filled in from end to end, and its id keeps it from ever being opened."""
    page = read_book(starter_of(register.workflow("small")))["Projects"]
    assert page["A2"].value == EXAMPLE
    assert all(cell.value is not None for cell in page[2])
    assert page.cell(2, place_of(page, "starts_on")).is_date


def test_the_same_definition_gives_the_same_bytes(register: Engine) -> None:
    """Nothing in a starter says when it was made, so two people can tell that theirs are the same."""
    definition = register.workflow("small")
    before = starter_of(definition)
    time.sleep(2.1)  # zip files know time in steps of two seconds
    assert starter_of(definition) == before


def test_nothing_in_a_starter_runs(register: Engine) -> None:
    """A definition whose titles look like formulas makes a sheet of texts.

    Seen to fail: the headings were formulas.
    """
    definition = register.workflow("small") | {"title": "=1+1"}
    definition["fields"] = [{**field, "title": "=2+2", "help": "@x"} for field in definition["fields"]]
    book = read_book(starter_of(definition))
    cells = [cell for page in book for row in page for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []


def test_every_heading_is_known_again(register: Engine) -> None:
    """What the starter writes as a heading is read as that very column, for every workflow that comes with cocycle."""
    for one in register.workflows()["workflows"]:
        columns = columns_of(register.workflow(one["workflow"]))
        assert [column_called(column.heading, columns) for column in columns] == columns
        assert len({column.name for column in columns}) == len(columns)
