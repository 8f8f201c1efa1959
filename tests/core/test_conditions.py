"""The closed operators: each with its truths, its reasons in words, and how it is described."""

from __future__ import annotations

from typing import Any

import pytest

from engine.core.canonical_form import condition_from
from engine.core.conditions import (
    Scope,
    describe,
    holds,
    missing_items,
    reasons,
)
from engine.core.definition import Field

from .builders import Json, against, check, group, share, typed

PROJECT: dict[str, Field] = {
    f.id: f
    for f in (
        typed("list", "text", id="groups"),
        typed("money", id="value"),
        typed("integer", id="target"),
        typed("date", id="starts_on"),
        typed("choice", "open", "very_open", id="regime"),
        typed("counts", "lived", "carer", id="team"),
        typed("list", "money", id="amounts"),
    )
}
RECORD: dict[str, Field] = {
    f.id: f
    for f in (
        typed("text", id="said"),
        typed("integer", id="score"),
        typed("money", id="cost"),
        typed("date", id="held_on"),
        typed("choice", "good", "very_good", id="grade"),
        typed("yes_no", id="agreed"),
        typed("list", "text", id="heard"),
        typed("list", "money", id="prices"),
        typed("counts", "lived", "carer", id="present"),
    )
}


def scope(project: Json | None = None, **record: Any) -> Scope:
    return Scope(project or {}, PROJECT, record, RECORD)


def true(written: Json, project: Json | None = None, **record: Any) -> bool:
    return holds(condition_from(written), scope(project, **record))


def why(written: Json, project: Json | None = None, **record: Any) -> list[str]:
    return reasons(condition_from(written), scope(project, **record))


TRUTHS = [
    ("equals", "score", 3, 3, True),
    ("equals", "score", 3, 4, False),
    ("equals", "agreed", False, False, True),
    ("equals", "grade", "good", "very_good", False),
    ("not", "score", 3, 4, True),
    ("not", "score", 3, 3, False),
    ("in", "grade", ["good", "very_good"], "good", True),
    ("in", "grade", ["good"], "very_good", False),
    ("at_least", "score", 3, 3, True),
    ("at_least", "score", 3, 2, False),
    ("at_least", "score", 3, 4, True),
    ("at_most", "score", 3, 3, True),
    ("at_most", "score", 3, 4, False),
    ("at_most", "score", 3, 2, True),
    ("before", "held_on", "2026-06-02", "2026-06-01", True),
    ("before", "held_on", "2026-06-02", "2026-06-02", False),
    ("after", "held_on", "2026-06-02", "2026-06-03", True),
    ("after", "held_on", "2026-06-02", "2026-06-02", False),
    ("includes_all_of", "heard", ["Roma", "Deaf people"], ["Deaf people", "roma", "x"], True),
    ("includes_all_of", "heard", ["Roma", "Deaf people"], ["Roma"], False),
    ("includes_all_of", "heard", [], [], True),
    ("not_empty", "heard", True, ["x"], True),
    ("not_empty", "heard", True, [], False),
    ("not_empty", "said", True, "x", True),
    ("not_empty", "said", True, "", False),
    ("not_empty", "score", True, 0, True),
    ("not_empty", "agreed", True, False, True),
    ("not_empty", "present", True, {"lived": 0}, False),
    ("not_empty", "present", True, {"lived": 1}, True),
    ("not_empty", "present.lived", True, {"lived": 1}, True),
    ("not_empty", "present.carer", True, {"lived": 1}, False),
    ("at_least", "present", 3, {"lived": 2, "carer": 1}, True),
    ("at_least", "present.carer", 1, {"lived": 2}, False),
    ("at_most", "present.carer", 0, {"lived": 2}, True),
]


@pytest.mark.parametrize(("op", "field", "value", "recorded", "truth"), TRUTHS)
def test_each_operator_has_its_truths(op: str, field: str, value: Any, recorded: Any, truth: bool) -> None:
    """Each operator holds exactly where its word says so; a count that is left out is 0, a whole count is its total.

    Seen red: `not_empty` took the number 0 and a plain no for nothing.
    """
    facts = {field.partition(".")[0]: recorded}
    assert true(check(field, op, value), **facts) is truth
    assert (why(check(field, op, value), **facts) == []) is truth


OPERATORS = sorted({op for op, *_ in TRUTHS})


@pytest.mark.parametrize(("op", "field", "value"), [(op, f, v) for op, f, v, _, truth in TRUTHS if truth])
def test_a_condition_over_something_absent_is_false_with_a_reason(op: str, field: str, value: Any) -> None:
    """A condition over something absent is false, with a reason, whatever the operator: `not` is no exception."""
    assert not true(check(field, op, value))
    assert why(check(field, op, value)) == [f"{_title(field)} is not recorded."]
    of_project = check(f"project.{field}", op, value)
    assert not true(of_project)


def _title(field: str) -> str:
    name, _, part = field.partition(".")
    title = name.replace("_", " ").capitalize()
    return f"{title}: {part}" if part else title


def test_every_operator_of_the_language_is_tried() -> None:
    """The table of truths leaves no operator out."""
    language = {"equals", "not", "in", "at_least", "at_most", "not_empty", "includes_all_of", "before", "after"}
    assert set(OPERATORS) == language


def test_an_operator_the_loader_does_not_know_is_a_bug() -> None:
    """The operators are closed: another one is no condition that is false but a crash."""
    with pytest.raises(AssertionError, match="like"):
        true(check("score", "like", 3), score=3)


@pytest.mark.parametrize(
    ("lived", "carer", "clinician", "per_cent", "truth"),
    [
        (2, 1, 3, 50, True),
        (2, 1, 4, 50, False),
        (1, 0, 0, 100, True),
        (100, 25, 127, 50, False),  # 49.6 per cent are no half
        (0, 0, 0, 1, False),
        (0, 0, 0, 0, False),
    ],
)
def test_a_share_is_of_the_total(lived: int, carer: int, clinician: int, per_cent: int, truth: bool) -> None:
    """A share holds where the parts are that many per cent of the whole; a share of a total of 0 is false."""
    present = {"lived": lived, "carer": carer, "clinician": clinician}
    assert true(share(["present.lived", "present.carer"], "present", per_cent), present=present) is truth


def test_a_share_of_something_absent_is_false() -> None:
    """A share of a count that is not recorded is false, and so is one where the part is not."""
    assert not true(share(["present.lived"], "present", 1))
    assert not true(share(["score"], "present", 1), present={"lived": 5})


def test_a_share_says_how_many_there_were() -> None:
    """The reason of a share tells the part, the whole and what it must be."""
    asked = share(["present.lived", "present.carer"], "present", 60)
    assert why(asked, present={"lived": 1, "carer": 1, "clinician": 2}) == [
        "lived, carer are 2 of 4 and must be at least 60%."
    ]
    assert why(asked, present={"clinician": 1}) == ["lived, carer are 0 of 1 and must be at least 60%."]
    assert why(asked, present={}) == ["Present counts nobody, so no share can be reached."]
    assert why(asked) == ["Present is not recorded."]
    assert why(share(["score"], "present", 50), present={"lived": 5}) == ["Score are 0 of 5 and must be at least 50%."]


def test_groups_of_conditions() -> None:
    """`all` needs every one, `any` one, `none` not a single one."""
    yes, no = check("score", "at_least", 1), check("score", "at_least", 9)
    assert [true(group(op, yes, yes), score=5) for op in ("all", "any", "none")] == [True, True, False]
    assert [true(group(op, yes, no), score=5) for op in ("all", "any", "none")] == [False, True, False]
    assert [true(group(op, no, no), score=5) for op in ("all", "any", "none")] == [False, False, True]


def test_none_of_something_absent_holds() -> None:
    """What is absent is false, so that none of it holds."""
    assert true(group("none", check("score", "at_least", 1)))


@pytest.mark.parametrize(
    ("written", "project", "record", "sentences"),
    [
        (check("score", "equals", 3), {}, {"score": 4}, ["Score is 4 and must be 3."]),
        (check("score", "not", 4), {}, {"score": 4}, ["Score is 4 and must not be 4."]),
        (
            check("grade", "in", ["good", "very_good"]),
            {},
            {"grade": "poor"},
            ["Grade is poor and must be one of: good, very good."],
        ),
        (check("cost", "at_most", 10000), {}, {"cost": 10050}, ["Cost is £100.50 and must be at most £100."]),
        (check("cost", "at_least", 10000), {}, {"cost": 1}, ["Cost is £0.01 and must be at least £100."]),
        (
            check("held_on", "before", "2026-06-02"),
            {},
            {"held_on": "2026-06-02"},
            ["Held on is 2 June 2026 and must be before 2 June 2026."],
        ),
        (
            against("held_on", "after", "starts_on"),
            {"starts_on": "2026-06-02"},
            {"held_on": "2026-06-01"},
            ["Held on is 1 June 2026 and must be after 2 June 2026."],
        ),
        (check("agreed", "equals", True), {}, {"agreed": False}, ["Agreed is no and must be yes."]),
        (check("heard", "includes_all_of", ["Roma", "x"]), {}, {"heard": ["X"]}, ["Heard lacks: Roma."]),
        (check("prices", "includes_all_of", [150, 200]), {}, {"prices": [200]}, ["Prices lacks: £1.50."]),
        (
            against("heard", "includes_all_of", "groups"),
            {"groups": ["Roma"]},
            {"heard": []},
            ["Heard lacks: Roma."],
        ),
        (
            against("heard", "includes_all_of", "groups"),
            {},
            {"heard": []},
            ["The project does not record Groups yet."],
        ),
        (against("heard", "includes_all_of", "groups"), {}, {}, ["Heard is not recorded."]),
        (check("heard", "not_empty"), {}, {"heard": []}, ["Heard is empty."]),
        (
            check("present.lay_members", "at_least", 3),
            {},
            {"present": {}},
            ["Present: lay members is 0 and must be at least 3."],
        ),
        (
            check("present.lived", "at_least", 3),
            {},
            {"present": {"carer": 1}},
            ["Present: lived is 0 and must be at least 3."],
        ),
        (check("project.value", "at_least", 10000), {"value": 5}, {}, ["Value is £0.05 and must be at least £100."]),
        (
            check("project.regime", "equals", "open"),
            {"regime": "very_open"},
            {},
            ["Regime is very open and must be open."],
        ),
        (check("strange", "equals", 1), {}, {"strange": 2}, ["strange is 2 and must be 1."]),
        (
            group("all", check("score", "at_least", 3), check("agreed", "equals", True), check("said", "not_empty")),
            {},
            {"score": 1, "said": "x"},
            ["Score is 1 and must be at least 3.", "Agreed is not recorded."],
        ),
        (
            group(
                "any",
                check("score", "at_least", 3),
                group("all", check("said", "not_empty"), check("agreed", "equals", True)),
            ),
            {},
            {"score": 1},
            [
                "None of these holds: Score is 1 and must be at least 3; "
                "Said is not recorded and Agreed is not recorded."
            ],
        ),
        (
            group("none", check("score", "at_least", 3), check("agreed", "equals", True)),
            {},
            {"score": 5, "agreed": False},
            ["This must not hold: Score is at least 3."],
        ),
    ],
)
def test_a_condition_that_fails_says_why(written: Json, project: Json, record: Json, sentences: list[str]) -> None:
    """Why a condition does not hold is said in the words of its fields, one sentence a failing part."""
    assert why(written, project, **record) == sentences


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (check("score", "equals", 3), "Score is 3"),
        (check("score", "not", 3), "Score is not 3"),
        (check("grade", "in", ["good", "very_good"]), "Grade is one of: good, very good"),
        (check("cost", "at_least", 150), "Cost is at least £1.50"),
        (check("cost", "at_most", 15000), "Cost is at most £150"),
        (check("held_on", "before", "2026-06-02"), "Held on is before 2 June 2026"),
        (check("held_on", "after", "2026-06-02"), "Held on is after 2 June 2026"),
        (check("heard", "not_empty"), "Heard is not empty"),
        (check("heard", "includes_all_of", ["Roma", "x"]), "Heard includes all of: Roma, x"),
        (against("heard", "includes_all_of", "groups"), "Heard includes all of: Groups"),
        (against("cost", "at_most", "value"), "Cost is at most Value"),
        (check("present.lived", "at_least", 3), "Present: lived is at least 3"),
        (
            share(["present.lived", "present.carer"], "present", 50),
            "Present: lived, Present: carer are at least 50% of Present",
        ),
        (group("all", check("score", "equals", 3), check("said", "not_empty")), "Score is 3 and Said is not empty"),
        (group("any", check("score", "equals", 3), check("said", "not_empty")), "Score is 3 or Said is not empty"),
        (
            group("none", check("score", "equals", 3), check("said", "not_empty")),
            "none of: Score is 3; Said is not empty",
        ),
        (check("project.regime", "equals", "very_open"), "Regime is very open"),
    ],
)
def test_a_condition_can_be_described(written: Json, words: str) -> None:
    """A condition reads as words, whether it holds or not."""
    assert describe(condition_from(written), scope()) == words


def test_items_are_compared_as_people_read_them() -> None:
    """Text in lists is compared without regard to case, spacing or the form of its letters; other items exactly."""
    assert missing_items(["  deaf   PEOPLE", "Cafe\u0301", "ﬁn"], ["Deaf people", "Café", "fin", "Roma"]) == ["Roma"]
    assert missing_items([1, 2], [2, 3]) == [3]
    assert missing_items(["1"], [1]) == [1]


def test_a_comparison_with_a_field_of_the_project() -> None:
    """A value may be a field of the project; while that is absent the comparison is false."""
    assert true(against("cost", "at_most", "value"), {"value": 100}, cost=100)
    assert not true(against("cost", "at_most", "value"), {"value": 100}, cost=101)
    assert not true(against("cost", "at_most", "value"), {}, cost=0)
    assert not true(against("cost", "not", "value"), {}, cost=0)
