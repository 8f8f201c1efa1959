"""The solver: what it finds holds, and what it calls impossible no record does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.conditions import Scope, holds
from engine.core.definition import Condition, Field
from engine.core.values import MOST_RECORDS
from engine.definitions.prover.linear import AtLeastZero, Undecided, solve
from engine.definitions.prover.solver import Found, Impossible, Space


def field(id: str, type: Any, *of: str, required: bool = False) -> Field:
    """Declares a field."""
    return Field(id, type, id, None, required, None, of)


RECORD = {
    f.id: f
    for f in (
        field("n", "integer"),
        field("must", "integer", required=True),
        field("word", "text"),
        field("pick", "choice", "x", "y"),
        field("sure", "yes_no"),
        field("on", "date"),
        field("heard", "list", "text"),
        field("who", "counts", "a", "b", "c"),
        field("away", "counts", "a", "b", "c"),
        field("cited", "records"),
    )
}
PROJECT = {f.id: f for f in (field("size", "integer"), field("begun", "date"), field("groups", "list", "text"))}
small = st.integers(-1, 5)
days = st.sampled_from(["2026-01-04", "2026-01-05", "2026-01-06"])
words = st.sampled_from(["Roma", "Deaf people", "old"])


def none(condition: Condition) -> Condition:
    """Returns the opposite of a condition."""
    return Condition("none", of=(condition,))


def conditions() -> st.SearchStrategy[Condition]:
    """Draws conditions over all types, with groups, shares, people who stand aside, and fields of the project."""
    number = st.sampled_from(["n", "must", "who", "who.a", "who.b", "cited", "project.size"])
    by_number = st.builds(Condition, st.sampled_from(["at_least", "at_most", "equals", "not"]), number, small)
    return st.recursive(
        st.one_of(
            by_number,
            st.builds(lambda op, v: Condition(op, "word", v), st.sampled_from(["equals", "not"]), words),
            st.builds(
                lambda op, v: Condition(op, "pick", v), st.sampled_from(["equals", "not"]), st.sampled_from("xy")
            ),
            st.builds(lambda v: Condition("equals", "sure", v), st.booleans()),
            st.builds(lambda op, v: Condition(op, "on", v), st.sampled_from(["before", "after", "equals"]), days),
            st.builds(lambda op: Condition(op, "on", None, "begun"), st.sampled_from(["before", "after"])),
            st.builds(lambda v: Condition("includes_all_of", "heard", v), st.lists(words, min_size=1, max_size=2)),
            st.just(Condition("includes_all_of", "heard", None, "groups")),
            st.builds(lambda f: Condition("not_empty", f, True), st.sampled_from([*RECORD, "project.groups"])),
            st.builds(lambda v, p: Condition("share", "who", v, None, p), st.sampled_from([0, 50, 100]), parts),
            st.builds(lambda v: Condition("share", "project.size", v, None, ("who",)), st.sampled_from([50, 100])),
            st.builds(
                lambda op, f, v: Condition(op, f, v, less="away"),
                st.sampled_from(["at_least", "at_most"]),
                st.sampled_from(["who", "who.a"]),
                small,
            ),
        ),
        lambda inner: st.builds(
            lambda op, of: Condition(op, of=tuple(of)),
            st.sampled_from(["all", "any", "none"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        max_leaves=8,
    )


parts = st.sampled_from([("who.a",), ("who.a", "who.b"), ("who.c",)])
counts = st.dictionaries(st.sampled_from("abc"), st.integers(0, 6))


def record() -> st.SearchStrategy[dict[str, Any]]:
    """Draws a record that could be handed in."""
    return st.fixed_dictionaries(
        {"must": small},
        optional={
            "n": small,
            "word": words,
            "pick": st.sampled_from("xy"),
            "sure": st.booleans(),
            "on": days,
            "heard": st.lists(words, max_size=3),
            "who": counts,
            "away": counts,
            "cited": st.lists(st.just("r"), max_size=4),
        },
    )


def project() -> st.SearchStrategy[dict[str, Any]]:
    """Draws the fields of a project."""
    return st.fixed_dictionaries({}, optional={"size": small, "begun": days, "groups": st.lists(words, max_size=2)})


@settings(max_examples=600, deadline=None)
@given(st.lists(conditions(), min_size=1, max_size=4), project(), st.lists(record(), max_size=25), st.booleans())
def test_what_is_impossible_is_done_by_no_record_and_what_is_found_holds(
    asked: list[Condition], given_fields: dict[str, Any], records: list[dict[str, Any]], free: bool
) -> None:
    """Found values hold; where the solver says impossible, no record drawn fulfils the conditions.

    Seen to fail when the neighbours of a day that nobody named were not tried, and when a condition on an absent field
    could not be denied.
    """
    found = Space(RECORD, PROJECT, None if free else given_fields).solve(asked)
    if isinstance(found, Found):
        fields = found.project if free else given_fields
        scope = Scope(fields, PROJECT, found.record, RECORD)
        assert all(holds(condition, scope) for condition in asked)
    elif isinstance(found, Impossible):
        for one in records:
            scope = Scope(given_fields, PROJECT, one, RECORD)
            assert not all(holds(condition, scope) for condition in asked), one


@pytest.mark.parametrize(
    ("asked", "possible"),
    [
        ([Condition("at_least", "who.a", 3), Condition("at_most", "who", 2)], False),
        ([Condition("at_least", "who.a", 3), Condition("at_most", "who", 3)], True),
        ([Condition("share", "who", 60, None, ("who.a",)), Condition("share", "who", 60, None, ("who.b",))], False),
        ([Condition("share", "who", 50, None, ("who.a",)), Condition("share", "who", 50, None, ("who.b",))], True),
        ([Condition("after", "on", "2026-01-04"), Condition("before", "on", "2026-01-05")], False),
        ([Condition("after", "on", None, "begun"), Condition("before", "on", None, "begun")], False),
        ([Condition("equals", "pick", "x"), Condition("equals", "pick", "y")], False),
        ([Condition("not", "pick", "x"), Condition("not", "pick", "y")], False),
        ([Condition("none", of=(Condition("not_empty", "must", True),))], False),
        ([Condition("none", of=(Condition("not_empty", "n", True),))], True),
        ([Condition("at_least", "cited", 3), Condition("at_most", "cited", 2)], False),
        ([Condition("at_least", "who", 5, less="away"), Condition("at_most", "who", 4)], False),
        ([Condition("at_least", "who.a", 2, less="away"), Condition("at_least", "away.a", 2)], True),
        ([Condition("share", "project.size", 50, None, ("who",)), Condition("at_most", "who", 1)], True),
    ],
)
def test_plain_contradictions_are_seen(asked: list[Condition], possible: bool) -> None:
    """Plain contradictions are shown, and what only looks like one is solved. Seen to fail with shares left out."""
    assert isinstance(Space(RECORD, PROJECT).solve(asked), Found if possible else Impossible)


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            AtLeastZero, st.dictionaries(st.sampled_from("xyz"), st.integers(-3, 3), max_size=3), st.integers(-6, 6)
        ),
        max_size=6,
    )
)
def test_sums_are_solved_or_shown_to_have_no_solution(rows: list[AtLeastZero]) -> None:
    """A solution keeps every constraint; where there is said to be none, none is found between -8 and 8.

    Seen to fail when the constant was rounded up.
    """

    def kept(row: AtLeastZero, values: dict[str, int]) -> bool:
        return sum(n * values.get(name, 0) for name, n in row.times.items()) + row.plus >= 0

    try:
        found = solve(rows)
    except Undecided:
        return
    if found is not None:
        assert all(kept(row, found) for row in rows)
        return
    span = range(-8, 9)
    grid = ({"x": x, "y": y, "z": z} for x in span for y in span for z in span)
    assert not any(all(kept(row, values) for row in rows) for values in grid)


@pytest.mark.parametrize(
    "asked",
    [
        [Condition("includes_all_of", "heard", ["a", "b"]), none(Condition("includes_all_of", "heard", ["b", "c"]))],
        [Condition("not_empty", "few", True), none(Condition("includes_all_of", "few", ["x"]))],
        [Condition("not", "word", "As agreed"), none(Condition("in", "word", ["As agreed 1", "As agreed 2"]))],
        [
            none(Condition("in", "who", list(range(10, 19)))),
            Condition("at_most", "who", 9),
            Condition("at_least", "n", 0),
        ],
        [
            Condition("equals", "who", 1),
            Condition("at_least", "there", 5),
            Condition("at_most", "there", 0, less="away"),
            Condition("at_most", "who", 1, less="away"),
        ],
    ],
)
def test_what_a_record_can_say_is_not_called_impossible(asked: list[Condition]) -> None:
    """What some record says is never called impossible, however the conditions are mixed.

    Seen to fail, for each of these, when lists were tried with all that is named or one of it, when a text that is
    named was the only other one there was, when numbers to keep clear of were tried in 200 ways only, and when those
    who stood aside were thought to be no more than those who are there.
    """
    fields = {
        **RECORD,
        "few": field("few", "list", "choice", "x", "y"),
        "there": field("there", "counts", "a", "b", "c"),
    }
    assert not isinstance(Space(fields, PROJECT).solve(asked), Impossible)


def test_a_record_names_no_more_records_than_it_may() -> None:
    """A number of records that the engine refuses is not taken for one a record can name.

    Seen to fail when as many records as items of a list were thought to be possible.
    """
    assert isinstance(Space(RECORD, PROJECT).solve([Condition("at_least", "cited", MOST_RECORDS)]), Found)
    assert isinstance(Space(RECORD, PROJECT).solve([Condition("at_least", "cited", MOST_RECORDS + 1)]), Impossible)
