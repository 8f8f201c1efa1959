"""The questions that a kind of requirement is asked, and how an example is made small, whatever the kind declares."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conformance.questions import ASKED, MOST_RECORDS, Kind, options_for, questions_for
from engine.conformance.shrinking import shrunk
from engine.conformance.values import value_for
from engine.core.definition import Field
from engine.core.opinions import question_of
from engine.core.values import parse, plain

NAMES = st.from_regex(r"[a-z][a-z_]{0,7}", fullmatch=True)
WORDS = st.lists(st.sampled_from(["red", "green", "blue"]), min_size=1, max_size=3, unique=True)
FIELDS = st.one_of(
    st.sampled_from(["text", "integer", "money", "date", "yes_no"]).map(lambda kind: {"type": kind}),
    st.tuples(st.sampled_from(["choice", "counts"]), WORDS).map(lambda it: {"type": it[0], "of": it[1]}),
    st.sampled_from(["text", "integer", "date"]).map(lambda of: {"type": "list", "of": of}),
    WORDS.map(lambda options: {"type": "list", "of": "choice", "options": options}),
)
DECLARED = st.dictionaries(NAMES, FIELDS, max_size=4)
KINDS = st.builds(
    lambda options, fields, evidence: Kind("acme/panel", options, "visit" if evidence else None, {"visit": fields}),
    DECLARED,
    DECLARED,
    st.booleans(),
)


def field_of(name: str, declared: Mapping[str, Any]) -> Field:
    """Returns a declared field as the core knows it."""
    of = declared.get("of", ())
    items = (of, *declared.get("options", ())) if isinstance(of, str) else tuple(of)
    return Field(name, declared["type"], name, None, False, None, items)


def typed(field: Field, value: Any) -> Any:
    """Returns a value as somebody would hand it in who reads it on a screen."""
    shown = plain(field, value)
    return shown if not isinstance(shown, bool) else "yes" if shown else "no"


def members_of_a_question() -> tuple[set[str], set[str]]:
    """Returns the members of a question and of a record in it, as the core writes them."""
    written = ast.parse(inspect.getsource(question_of))
    objects = [node for node in ast.walk(written) if isinstance(node, ast.Dict)]
    named = [{ast.literal_eval(key) for key in node.keys if key is not None} for node in objects]
    whole = next(names for names in named if "requirement" in names and "with" in names)
    return whole, next(names for names in named if "own" in names)


@settings(max_examples=10, deadline=None)
@given(KINDS)
def test_the_same_kind_is_asked_the_same(kind: Kind) -> None:
    """A kind is asked the same questions every time, in the same order.

    Seen to fail when the generator was not given the kind's name for a seed.
    """
    assert list(questions_for(kind)) == list(questions_for(kind))


@settings(max_examples=10, deadline=None)
@given(KINDS)
def test_questions_have_the_shape_that_the_judge_asks_in(kind: Kind) -> None:
    """Every question has the members of a real one, and so has every record in it.

    Seen to fail when a question had no profile.
    """
    whole, record = members_of_a_question()
    for question in questions_for(kind):
        assert question.keys() == whole
        assert len(question["records"]) <= MOST_RECORDS
        for one in question["records"]:
            assert one.keys() == record
            assert one["own"] == (one["requirement"] == ASKED)
            assert kind.evidence is not None or not one["own"]


@settings(max_examples=10, deadline=None)
@given(KINDS)
def test_questions_hold_little_and_much(kind: Kind) -> None:
    """Among the questions are one with nothing on record, one with a great deal, and more than one day."""
    questions = list(questions_for(kind))
    sizes = {len(question["records"]) for question in questions}
    assert {0, MOST_RECORDS} <= sizes
    assert any(not question["fields"] for question in questions)
    assert len({question["today"] for question in questions}) > 5


@settings(max_examples=200, deadline=None)
@given(FIELDS, st.sampled_from(["rich", "poor", "odd"]), st.randoms(use_true_random=False))
def test_values_are_of_their_type(declared: dict[str, Any], mood: Any, random: Any) -> None:
    """Every value that is made up is one that the core takes for a field so declared, and keeps as it is.

    Seen to fail when an amount of money was made up in pounds and pence.
    """
    field = field_of("one", declared)
    value = value_for(declared, "2026-06-15", mood, random)
    assert parse(field, typed(field, value)) == value


@settings(max_examples=50, deadline=None)
@given(KINDS, st.randoms(use_true_random=False))
def test_what_is_required_is_always_there(kind: Kind, random: Any) -> None:
    """An option that is required, or has a default, is among the options of every question."""
    options = {f"{n}{name}": {**one, "required": True} for n, (name, one) in enumerate(kind.options.items())}
    asked = Kind("acme/panel", options, None, {})
    for mood in ("rich", "poor", "odd"):
        assert options_for(asked, mood, random).keys() == options.keys()


@settings(max_examples=10, deadline=None)
@given(KINDS, st.data())
def test_a_small_example_still_shows_it(kind: Kind, data: st.DataObject) -> None:
    """What is left of an example shows the same, and is no larger; with tries enough nothing more can be taken out.

    Seen to fail when the last try was returned whether it showed anything or not.
    """
    question = data.draw(st.sampled_from(list(questions_for(kind))))
    wanted = {record["kind"] for record in question["records"][:1]}

    def shows(one: dict[str, Any]) -> bool:
        return wanted <= {record["kind"] for record in one["records"]}

    small = shrunk(question, shows, 10_000)
    assert shows(small)
    assert len(small["records"]) == len(wanted)
    assert small["fields"] == {}
    assert shrunk(question, shows, 0) == question
