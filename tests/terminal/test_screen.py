"""The screen's parts that hold for any text: safety, wrapping, quoting, and how values are given."""

from __future__ import annotations

import json
import shlex
import unicodedata
from contextlib import redirect_stdout
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.command_line import command_line, shown_place
from terminal.form import pounds
from terminal.given import conditions_given, fields_given
from terminal.mistake import Mistake
from terminal.screen import Page, print_json, safe
from terminal.words import day, moment


@given(st.text())
def test_no_control_character_reaches_the_screen(text: str) -> None:
    """Whatever is stored, what is printed is one line without a control character or a surrogate."""
    assert not {unicodedata.category(c) for c in safe(text)} & {"Cc", "Cs", "Zl", "Zp"}


@given(st.text(st.characters(blacklist_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
def test_ordinary_text_is_printed_as_it_is(text: str) -> None:
    """Text without control characters is not changed."""
    assert safe(text) == text


@given(st.text(), st.integers(min_value=40, max_value=200))
def test_wrapping_loses_no_word(text: str, width: int) -> None:
    """A paragraph holds the same words wrapped and unwrapped."""
    wide, narrow = Page(), Page(width)
    for page in (wide, narrow):
        page.labelled("Met", text)
        page.numbered(1, text)
    assert wide.text().split() == narrow.text().split()


@given(
    st.lists(st.tuples(*[st.text("abc ", min_size=18, max_size=60)] * 4), min_size=1),
    st.integers(min_value=70, max_value=120),
)
def test_a_row_keeps_to_the_screen(rows: list[tuple[str, ...]], width: int) -> None:
    """However wide its columns are, no line of a row is longer than the screen, and no word of it is lost.

    Seen to fail when what does not fit stays in its column.
    """
    wide, narrow = Page(), Page(width)
    for page in (wide, narrow):
        page.columns(rows)
    assert wide.text().split() == narrow.text().split()
    assert max(map(len, narrow.text().splitlines())) <= width


def test_what_does_not_fit_stands_below() -> None:
    """Where the columns of a row are wider than the screen, those from the third on stand below it, in one piece.

    Seen to fail when what does not fit stays in its column.
    """
    page = Page(80)
    page.columns([("CC-002", "Emotional wellbeing 0-25 (lots North, South)", "expected 28 September 2026", "Overdue")])
    assert page.text() == (
        "  CC-002  Emotional wellbeing 0-25 (lots North, South)\n      expected 28 September 2026  Overdue\n"
    )


def test_a_command_is_never_wrapped() -> None:
    """A command stays on one line, whatever the width of the screen."""
    page = Page(40)
    page.command("cocycle " + "word " * 40)
    assert len(page.text().splitlines()) == 1


@given(st.lists(st.text(min_size=1)))
def test_a_command_can_be_typed(words: list[str]) -> None:
    """A shell that reads a suggested command finds the very words it was made of."""
    assert shlex.split(command_line(words)) == ["cocycle", *words]


def test_a_password_is_not_shown() -> None:
    """The address of a register is shown without its password."""
    assert shown_place("postgresql://cocycle:s3cret@db/x") == "postgresql://cocycle:…@db/x"
    assert shown_place("folder/cocycle.db") == "folder/cocycle.db"


@given(st.dictionaries(st.text(), st.text()))
def test_json_comes_back_as_it_was(found: dict[str, str]) -> None:
    """What is printed as JSON is the same when read, and holds no control character but line ends."""
    with redirect_stdout(StringIO()) as screen:
        print_json(found)
    printed = screen.getvalue()
    assert json.loads(printed) == found
    assert not {c for c in printed if unicodedata.category(c) == "Cc"} - {"\n"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [("2026-06-03", "3 June 2026"), ("2026-06-03T08:14:00.000000Z", "3 June 2026"), ("soon", "soon")],
)
def test_a_date_is_read_as_people_write_it(typed: str, read: str) -> None:
    """A date is shown as 3 June 2026."""
    assert day(typed) == read


def test_a_moment_is_shown_by_the_clocks_of_the_country() -> None:
    """A moment of a summer evening in UTC is shown by summer time."""
    assert moment("2026-06-03T23:14:00.000000Z") == "4 June 2026, 12:14am"
    assert moment("2026-12-03T12:05:00.000000Z") == "3 December 2026, 12:05pm"


@pytest.mark.parametrize(
    ("kept", "shown"), [("1450000.00", "£1,450,000"), ("0.50", "£0.50"), ("-12.30", "-£12.30"), ("0.00", "£0")]
)
def test_money_is_shown_in_pounds(kept: str, shown: str) -> None:
    """An amount is shown with its thousands, and pence only where there are any."""
    assert pounds(kept) == shown


def test_fields_given_in_parts_make_counts_and_given_twice_make_lists() -> None:
    """Parts make a mapping, repetition makes a list, and a value may hold any further equals sign."""
    found = fields_given(["a.x=1", "a.y=2", "l=p, q", "l=r", "t=u=v", "n="])
    assert found == {"a": {"x": "1", "y": "2"}, "l": ["p", "q", "r"], "t": "u=v", "n": ""}


@pytest.mark.parametrize(
    "words", [["a"], ["=1"], ["a.=1"], ["a.x=1", "a.x=1"], ["a=1", "a.x=1"], ["a.x=1", "a=1"]], ids=" ".join
)
def test_a_field_that_cannot_be_read_is_named(words: list[str]) -> None:
    """A word that gives no field, or one in two ways, is refused."""
    with pytest.raises(Mistake) as refused:
        fields_given(words)
    assert refused.value.details["problems"]


def test_every_mistake_in_fields_is_told_at_once() -> None:
    """All mistakes are in one refusal, each with its field."""
    with pytest.raises(Mistake) as refused:
        fields_given(["a", "b", "c=1"])
    assert [p["field"] for p in refused.value.details["problems"]] == ["a", "b"]


def test_a_condition_needs_its_owner_and_its_day() -> None:
    """Conditions, owners and days are given in step."""
    assert conditions_given(("c",), ("o",), ("d",)) == [("c", "o", "d")]
    with pytest.raises(Mistake):
        conditions_given(("c", "d"), ("o",), ("d",))
