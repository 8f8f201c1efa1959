"""The laws of groups: how many parts are needed, what states add up to, and groups and waivers in each other."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.gates import group_state, needed_of

from .builders import Json, all_of, any_of, asking, at_least, check, hand_in, needs, sign, signature, waive
from .story import Story, story
from .worlds import moderate

BEST_FIRST = ["met", "waived", "pending", "error", "unmet"]
states = st.lists(st.sampled_from(BEST_FIRST), min_size=1, max_size=5)


def worst(of: tuple[str, ...]) -> str:
    return max(of, key=BEST_FIRST.index)


@moderate(200)
@given(states, st.integers(1, 5))
def test_a_group_is_as_good_as_the_best_choice_of_enough_parts(parts: list[str], need: int) -> None:
    """A group has the state of the worst part of the best choice of as many parts as are needed; too few are unmet."""
    choices = [worst(chosen) for chosen in combinations(parts, need)]
    assert group_state(parts, need) == min(choices, key=BEST_FIRST.index, default="unmet")


@moderate(200)
@given(states, st.integers(1, 5), st.data())
def test_a_part_that_gets_better_makes_no_group_worse(parts: list[str], need: int, data: st.DataObject) -> None:
    """Monotone: a part in a better state, or one part fewer to have, never makes a group worse."""
    place = data.draw(st.integers(0, len(parts) - 1))
    better = data.draw(st.sampled_from(BEST_FIRST[: BEST_FIRST.index(parts[place]) + 1]))
    before = BEST_FIRST.index(group_state(parts, need))
    assert BEST_FIRST.index(group_state([*parts[:place], better, *parts[place + 1 :]], need)) <= before
    assert need == 1 or BEST_FIRST.index(group_state(parts, need - 1)) <= before


@pytest.mark.parametrize(
    ("asked", "applying", "needed"),
    [
        (any_of("g", needs("a"), needs("b"), needs("c")), 2, 1),
        (all_of("g", needs("a"), needs("b"), needs("c")), 2, 2),
        (at_least("g", 3, needs("a"), needs("b"), needs("c")), 2, 3),
    ],
)
def test_how_many_parts_a_group_needs(asked: Json, applying: int, needed: int) -> None:
    """`any_of` needs one, `all_of` every part that applies, and `at_least` its count, however many apply."""
    assert needed_of(asking(asked).requirements["g"], applying) == needed


def nested() -> Story:
    """Two of: either of two papers, a signature, and a group that does not apply to small projects."""
    big = check("project.target", "at_least", 5)
    asked = at_least(
        "g",
        2,
        any_of("either", needs("a"), needs("b")),
        signature("name", "edi"),
        all_of("large", needs("c", when=big), needs("d", when=big)),
    )
    return story(asking(asked, waived_by=["sro", "cochair"]), target=1)


def test_groups_lie_in_each_other() -> None:
    """A group within a group counts as one part, by its own state, and drops out where none of its parts applies."""
    told = nested()
    assert {name: told.state(name) for name in ("g", "either", "name", "large")} == {
        "g": "unmet",
        "either": "unmet",
        "name": "unmet",
        "large": "not_applicable",
    }
    told.given(hand_in("a"), hand_in("b"))
    assert told.state("g") == "unmet"
    told.given(sign("name"), by="edi")
    found = told.verdict("g")
    assert (found.state, found.why) == ("met", ("Needs at least 2 of 2; so far “Either”, “Name”.",))
    assert found.evidence == ("a1", "a2")


def test_a_waived_part_makes_a_waived_group() -> None:
    """A group that needs a waived part is waived itself, by no waiver of its own, and rests on what is met only."""
    told = nested().given(hand_in("a"), waive("name"))
    found = told.verdict("g")
    assert (found.state, found.would, found.waiver, found.evidence) == ("waived", "waived", None, ("a1",))


def test_a_waiver_of_the_whole_group_leaves_its_parts_as_they_are() -> None:
    """A waived group shows what it would have been, and its parts say what they say."""
    told = nested().given(hand_in("a"), waive("g", "2026-06-10"))
    found = told.verdict("g")
    assert (found.state, found.would) == ("waived", "unmet")
    assert found.why == (
        "Waived until 10 June 2026. Without the waiver it would be unmet:",
        "Needs at least 2 of 2; so far “Either”.",
    )
    assert [v.state for v in found.of] == ["met", "unmet", "not_applicable"]


def test_evidence_that_several_parts_rest_on_is_named_once() -> None:
    """A group names each record that its met parts rest on once, those of parts that are not met not at all."""
    told = story(
        asking(all_of("g", all_of("h", needs("a"), needs("b")), any_of("i", needs("c"), needs("d", level="co_design"))))
    )
    told.given(hand_in("a"), hand_in("b"), hand_in("c"), hand_in("d"))
    assert told.verdict("g").evidence == ("a1", "a2", "a3")
    assert told.verdict("i").evidence == ("a3",)


def test_where_fewer_apply_than_are_asked_for_a_group_is_unmet() -> None:
    """`at_least` counts only parts that apply, so that where too few do it cannot be met."""
    never = check("project.target", "at_least", 100)
    told = story(asking(at_least("g", 2, needs("a"), needs("b", when=never))), target=1).given(hand_in("a"))
    assert (told.state("g"), told.why("g")) == ("unmet", "Needs at least 2 of 1; so far “A”.")
    assert told.answer().earliest_open is None
