"""The laws of profiles and principles: the first profile that holds, and principles evidenced by what is met."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.core.bench import Bench
from engine.core.gates import MET, judge
from engine.core.profiles import profile_of

from .builders import Json, any_of, check, gate, hand_in, needs, set_fields, workflow
from .story import Story, story
from .worlds import moderate, situations

written = st.lists(st.none() | st.integers(0, 9), max_size=4).filter(lambda p: p.count(None) <= 1)


@moderate(150)
@given(written, st.none() | st.integers(0, 9))
def test_the_first_profile_that_holds_is_the_one(floors: list[int | None], target: int | None) -> None:
    """Of the profiles as they are written the first that holds is the project's, else `otherwise`, else none."""
    profiles: dict[str, Json | None] = {
        f"p{n}": None if floor is None else check("project.target", "at_least", floor) for n, floor in enumerate(floors)
    }
    of = workflow(gate(needs("talk")), profiles=profiles)
    holding = [n for n, floor in enumerate(floors) if floor is not None and target is not None and target >= floor]
    profile, why = profile_of(of, {} if target is None else {"target": target})
    if holding:
        assert (profile, why) == (f"p{holding[0]}", f"Target is at least {floors[holding[0]]}.")
    elif None in floors:
        assert (profile, why) == (f"p{floors.index(None)}", "No other profile's condition holds.")
    else:
        assert (profile, why) == (None, "No profile's condition holds." if floors else "")


def test_a_bench_knows_the_profile_of_its_project() -> None:
    """The judge works out the profile from the fields of the project it has in front of it, and no other way."""
    of = workflow(gate(needs("talk")), profiles={"large": check("project.target", "at_least", 5), "small": None})
    told = story(of, target=5)

    def profile() -> str | None:
        return Bench(of, told.project, told.today, told.calendar, 1, 1).profile

    assert profile() == "large"
    told.given(set_fields(target=4))
    assert profile() == "small"


def insisting(every: bool) -> Story:
    asked = gate(
        needs("a", principles=["P1"]),
        any_of(
            "g", needs("b", principles=["P2"]), needs("c", profiles=["large"], principles=["P3"]), principles=["P1"]
        ),
        every_principle=every,
    )
    profiles: dict[str, Any] = {"large": check("project.target", "at_least", 5), "small": None}
    return story(workflow(asked, principles=["P1", "P2", "P3"], profiles=profiles), target=1)


def test_a_principle_of_another_profile_is_missing_all_the_same() -> None:
    """Where a gate insists on every principle, one whose only requirement does not apply here is not evidenced."""
    told = insisting(every=True).given(hand_in("a"), hand_in("b"))
    assert told.judgement().principles == {"P1": ("a", "g"), "P2": ("b",), "P3": ()}
    assert (told.judgement().unevidenced, told.judgement().holds) == (("P3",), False)
    told.given(set_fields(target=5), hand_in("c"))
    assert (told.judgement().unevidenced, told.judgement().holds) == ((), True)


def test_a_gate_that_does_not_insist_holds_without() -> None:
    """Without `every_principle` principles are shown and nothing is missing."""
    told = insisting(every=False).given(hand_in("a"), hand_in("b"))
    assert (told.judgement().unevidenced, told.judgement().holds) == ((), True)
    assert told.judgement().principles["P3"] == ()


@moderate(60)
@given(situations())
def test_principles_are_evidenced_by_all_that_is_met_and_nothing_else(told: Story) -> None:
    """Each principle names every met requirement that carries it, in the order written, wherever it stands."""
    found = judge(told.workflow, told.workflow.gates["gate"], told.project, told.today, told.calendar)
    assert list(found.principles) == list(told.workflow.principles)
    for principle, by in found.principles.items():
        carrying = [v for v in found.by_id().values() if principle in v.requirement.principles]
        assert by == tuple(v.requirement.id for v in carrying if v.state == MET)
    missing = [p for p, by in found.principles.items() if not by]
    assert list(found.unevidenced) == (missing if found.gate.every_principle else [])
