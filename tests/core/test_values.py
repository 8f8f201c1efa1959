"""Values: what people type becomes what is kept, or one sentence that says what would do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.definition import Field
from engine.core.values import LARGEST, BadValue, day, is_words, parse, plain, show, text

from .builders import typed
from .worlds import moderate

CHOICE = typed("choice", "good", "very_good")
COUNTS = typed("counts", "carer", "lived")
LISTS = {of: typed("list", of) for of in ("text", "integer", "money", "date", "yes_no")} | {
    "choice": typed("list", "choice", "good", "very_good"),
}


@pytest.mark.parametrize(
    ("field", "raw", "kept"),
    [
        (typed("text"), "  two\r\nlines\t ", "two\nlines"),
        (typed("integer"), " 12 ", 12),
        (typed("integer"), "-3", -3),
        (typed("integer"), 0, 0),
        (typed("integer"), LARGEST, LARGEST),
        (typed("integer"), -LARGEST, -LARGEST),
        (typed("money"), "1450000.00", 145000000),
        (typed("money"), "£1,450,000.5", 145000050),
        (typed("money"), " -£3.07 ", -307),
        (typed("money"), 12, 1200),
        (typed("money"), -12, -1200),
        (typed("money"), "0.01", 1),
        (typed("money"), str(LARGEST // 100), LARGEST // 100 * 100),
        (typed("date"), " 2026-06-30 ", "2026-06-30"),
        (CHOICE, " very_good ", "very_good"),
        (typed("yes_no"), True, True),
        (typed("yes_no"), " Yes ", True),
        (typed("yes_no"), "true", True),
        (typed("yes_no"), "NO", False),
        (typed("yes_no"), "false", False),
        (LISTS["text"], "Roma, ,Deaf people ", ["Roma", "Deaf people"]),
        (LISTS["text"], ["a, b"], ["a, b"]),
        (LISTS["text"], [], []),
        (typed("list"), "one,two", ["one", "two"]),
        (LISTS["integer"], "1,2", [1, 2]),
        (LISTS["money"], ["1.50"], [150]),
        (LISTS["date"], ["2026-01-01"], ["2026-01-01"]),
        (LISTS["choice"], "good,very_good", ["good", "very_good"]),
        (COUNTS, {"carer": "2", "lived": 3}, {"carer": 2, "lived": 3}),
        (COUNTS, {}, {}),
        (COUNTS, {"carer": 0}, {"carer": 0}),
        (LISTS["text"], ["x"] * 500, ["x"] * 500),
        (typed("text"), "x" * 20_000, "x" * 20_000),
    ],
)
def test_what_is_typed_becomes_what_is_kept(field: Field, raw: Any, kept: Any) -> None:
    """Text as typed after `--set` and values of JSON mean the same."""
    assert parse(field, raw) == kept
    assert type(parse(field, raw)) is type(kept)


@pytest.mark.parametrize(
    ("field", "raw", "sentence"),
    [
        (typed("text"), 5, "Thing must be text."),
        (typed("text"), None, "Thing must be text."),
        (typed("text"), " \n ", "Thing must not be empty."),
        (typed("text"), "x" * 20_001, "Thing has 20001 characters; 20000 is the most."),
        (typed("text"), "a\x00b", "Thing holds a control character; take it out."),
        (typed("text"), "a\u202eb", "Thing holds a control character; take it out."),
        (typed("text"), "a\ud800b", "Thing holds a control character; take it out."),
        (typed("integer"), "1.5", "Thing must be a whole number, like 12."),
        (typed("integer"), 1.0, "Thing must be a whole number, like 12."),
        (typed("integer"), True, "Thing must be a whole number, like 12."),
        (typed("integer"), LARGEST + 1, "Thing must be a whole number, like 12."),
        (typed("integer"), "9" * 17, "Thing must be a whole number, like 12."),
        (typed("integer"), None, "Thing must be a whole number, like 12."),
        (typed("money"), "12 pounds", "Thing must be an amount in pounds, like 1450000 or 1450000.00."),
        (typed("money"), "1.234", "Thing must be an amount in pounds, like 1450000 or 1450000.00."),
        (typed("money"), "1,45", "Thing must be an amount in pounds, like 1450000 or 1450000.00."),
        (typed("money"), 1.5, "Thing must be an amount in pounds, like 1450000 or 1450000.00."),
        (typed("money"), True, "Thing must be an amount in pounds, like 1450000 or 1450000.00."),
        (typed("money"), "9" * 30, "Thing is larger than can be recorded."),
        (typed("money"), LARGEST, "Thing is larger than can be recorded."),
        (typed("money"), "9" * 5000, "Thing is larger than can be recorded."),
        (typed("date"), "30/06/2026", "Thing must be a date, written like 2026-06-30."),
        (typed("date"), "20260630", "Thing must be a date, written like 2026-06-30."),
        (typed("date"), "2026-W27-2", "Thing must be a date, written like 2026-06-30."),
        (typed("date"), 20260630, "Thing must be a date, written like 2026-06-30."),
        (typed("date"), "2026-02-29", "Thing: 2026-02-29 is not a day of the calendar."),
        (typed("date"), "0000-01-01", "Thing: 0000-01-01 is not a day of the calendar."),
        (CHOICE, "bad", "Thing must be one of: good, very_good."),
        (CHOICE, ["good"], "Thing must be one of: good, very_good."),
        (typed("yes_no"), "perhaps", "Thing must be yes or no."),
        (typed("yes_no"), 1, "Thing must be yes or no."),
        (LISTS["text"], {"a": 1}, "Thing must be a list."),
        (LISTS["text"], None, "Thing must be a list."),
        (LISTS["text"], ["x"] * 501, "Thing has 501 items; 500 is the most."),
        (LISTS["text"], ["a", 5], "Each item of Thing must be text."),
        (LISTS["integer"], "1,b", "Each item of Thing must be a whole number, like 12."),
        (LISTS["choice"], ["bad"], "Each item of Thing must be one of: good, very_good."),
        (COUNTS, 5, "Thing is counted by part: give thing.carer=2 and so on."),
        (COUNTS, {"nurse": 1, "doctor": 2}, "Thing has no nurse, doctor; it counts: carer, lived."),
        (COUNTS, {"carer": "two"}, "Thing: carer must be a whole number, like 12."),
        (COUNTS, {"carer": -1}, "Thing counts people or things, so no number may be below 0."),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(field: Field, raw: Any, sentence: str) -> None:
    """Each value that does not fit is refused with one sentence that says what is expected.

    Seen red: with a date written 20260630.
    """
    with pytest.raises(BadValue) as refused:
        parse(field, raw)
    assert str(refused.value) == sentence


def test_a_number_of_thousands_of_digits_is_refused_like_any_other() -> None:
    """A number too long for Python to write out is refused in words.

    Seen red: ValueError of Python for an amount of 5,000 digits in JSON.
    """
    for huge in (10**5000, -(10**5000)):
        with pytest.raises(BadValue, match="larger than can be recorded"):
            parse(typed("money"), huge)
        with pytest.raises(BadValue, match="must be a whole number"):
            parse(typed("integer"), huge)


@pytest.mark.parametrize("digits", [5_000, 1_000_001])
def test_an_amount_of_any_number_of_digits_is_refused_in_words(digits: int) -> None:
    """An amount of any number of digits is refused as too large, and so is the first one beyond the largest.

    Seen red: `decimal.Overflow` for an amount of a million digits.
    """
    assert parse(typed("money"), "90071992547409.91") == LARGEST
    assert parse(typed("money"), "-90071992547409.91") == -LARGEST
    for huge in ("1" * digits, f"-{'9' * digits}.99", "90071992547409.92", "-90071992547409.92"):
        with pytest.raises(BadValue) as refused:
            parse(typed("money"), huge)
        assert str(refused.value) == "Thing is larger than can be recorded."


def test_a_type_the_loader_does_not_know_is_a_bug() -> None:
    """The types are closed: a value of another one is never taken for nothing."""
    with pytest.raises(AssertionError, match="colour"):
        parse(typed("colour"), "red")  # type: ignore[arg-type]  # what mypy refuses is what is tried here


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FIELDS = [typed(t) for t in ("text", "integer", "money", "date", "yes_no")] + [CHOICE, COUNTS, *LISTS.values()]


@moderate(400)
@given(st.sampled_from(FIELDS), JSON)
def test_any_value_is_kept_or_refused(field: Field, raw: Any) -> None:
    """Whatever is handed in is kept as JSON that parses to itself, or refused; nothing else is raised."""
    try:
        kept = parse(field, raw)
    except BadValue:
        return
    assert json.loads(json.dumps(kept)) == kept
    shown = plain(field, kept)
    assert parse(field, shown) == kept
    assert show(field, kept)


@moderate(200)
@given(st.integers(-LARGEST, LARGEST))
def test_money_given_out_is_money_taken_in(pence: int) -> None:
    """An amount in the contract's words parses to the same pence."""
    assert parse(typed("money"), plain(typed("money"), pence)) == pence
    assert parse(typed("money"), show(typed("money"), pence)) == pence


@pytest.mark.parametrize(
    ("field", "kept", "given"),
    [
        (typed("money"), 145000000, "1450000.00"),
        (typed("money"), -7, "-0.07"),
        (typed("money"), None, None),
        (typed("integer"), 5, 5),
        (LISTS["money"], [150, 5], ["1.50", "0.05"]),
        (LISTS["text"], ["a"], ["a"]),
        (COUNTS, {"carer": 2}, {"carer": 2}),
        (None, 5, 5),
    ],
)
def test_fields_give_money_in_pounds_and_the_rest_as_it_is(field: Field | None, kept: Any, given: Any) -> None:
    """`fields` gives money as text in pounds, dates as ISO text, lists and counts as they are."""
    assert plain(field, kept) == given


@pytest.mark.parametrize(
    ("field", "kept", "words"),
    [
        (typed("yes_no"), True, "yes"),
        (typed("yes_no"), False, "no"),
        (typed("money"), 145000000, "£1,450,000"),
        (typed("money"), 145000050, "£1,450,000.50"),
        (typed("money"), -307, "-£3.07"),
        (typed("integer"), 1500, "1500"),
        (LISTS["text"], ["Roma", "Deaf people"], "Roma, Deaf people"),
        (LISTS["text"], [], "none"),
        (LISTS["money"], [150, 200], "£1.50, £2"),
        (LISTS["choice"], ["very_good"], "very good"),
        (COUNTS, {"carer": 2, "lived_experience": 1}, "2 carer, 1 lived experience"),
        (CHOICE, "very_good", "very good"),
        (typed("date"), "2026-06-30", "2026-06-30"),
        (typed("text"), "very_good", "very_good"),
        (None, ["a", 1], "a, 1"),
        (None, 500, "500"),
    ],
)
def test_values_read_the_way_people_write_them(field: Field | None, kept: Any, words: str) -> None:
    """A kept value is shown with pounds, commas, yes and no, and no underscores in a choice.

    Seen red: a list of money was shown in pence, an odd amount without its commas.
    """
    assert show(field, kept) == words


def test_words_are_what_people_type() -> None:
    """Text and lists are what a person types; the rest may stand in a leaf in clear."""
    words = [f.type for f in FIELDS if is_words(f)]
    assert set(words) == {"text", "list"}


def test_text_is_trimmed_and_has_a_length() -> None:
    """Typed text is trimmed before it is measured."""
    assert text(" abc ", "A word", 3) == "abc"
    with pytest.raises(BadValue, match="A word has 4 characters; 3 is the most"):
        text("abcd", "A word", 3)


def test_a_day_is_a_date_of_the_calendar() -> None:
    """A day is read from ISO text with its dashes, and nothing else."""
    assert day(" 2026-06-30 ", "It").isoformat() == "2026-06-30"
    with pytest.raises(BadValue, match="It must be a date"):
        day(None, "It")
