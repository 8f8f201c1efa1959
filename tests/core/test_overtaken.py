"""What opens a gate where evidence has overtaken the decision it supports: the decision is planned, taken anew."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from .builders import Json, asking, check, hand_in, needs, rule, sign, span, wait
from .story import Story, story
from .worlds import do

SCORED = rule("scored", check("score", "at_least", 3))


def supporting(id: str, decision: str, **asked: Any) -> Json:
    return needs(id, **asked) | {"supports": decision}


def told(*requires: Json, today: str = "2026-06-01") -> Story:
    return story(asking(*requires, rules=[SCORED]), today)


def test_evidence_renewed_late_asks_for_the_decision_anew() -> None:
    """A record handed in after its decision opens nothing by itself: the decision, with its signatures, comes with it.

    Seen to fail when the way of a new record did not carry the decision.
    """
    asked = told(supporting("survey", "award", rules=["scored"]), needs("award", signed_by=["sro"]))
    asked.given(hand_in("survey", score=1), hand_in("award"))
    asked.given(sign("award", "sro"), by="sro")
    assert asked.acts() == ["add_evidence survey"], "on the day of the decision it still counts"
    asked.on("2026-06-05")
    assert asked.acts() == ["add_evidence survey", "add_evidence award", "sign award sro"]
    asked.given(hand_in("survey", score=5))
    assert asked.acts() == ["add_evidence award", "sign award sro"]
    asked.given(hand_in("award"))
    asked.given(sign("award", "sro"), by="sro")
    assert asked.answer().acts == ()
    assert asked.judgement().holds


def test_a_decision_of_today_is_not_asked_for_again() -> None:
    """Where the decision is still to be taken, or is of today, evidence asks for nothing beside itself.

    Seen to fail when a decision was taken to be overtaken on its own day.
    """
    asked = told(supporting("survey", "award"), needs("award"))
    assert asked.acts() == ["add_evidence survey", "add_evidence award"]
    asked.given(hand_in("award"))
    assert asked.acts() == ["add_evidence survey"]


def test_a_record_that_is_only_late_is_not_asked_for_again() -> None:
    """A record that lacks nothing but a decision after it is left alone; one that lacks more is handed in anew.

    Seen to fail when lateness was not told from other faults.
    """
    late = told(supporting("survey", "award", rules=["scored"]), needs("award")).given(hand_in("award"))
    late.on("2026-06-03").given(hand_in("survey", score=5))
    assert late.acts() == ["add_evidence award"]
    poor = told(supporting("survey", "award", rules=["scored"]), needs("award")).given(hand_in("award"))
    poor.on("2026-06-03").given(hand_in("survey", score=1))
    assert poor.acts() == ["add_evidence survey", "add_evidence award"]


def test_a_wait_that_counts_from_the_decision_begins_anew() -> None:
    """A decision that is taken anew starts the wait that counts from it again, and the day says so.

    Seen to fail when the decision was not among the records that may be handed in anew.
    """
    asked = told(supporting("survey", "award"), needs("award", "notice"), wait("w", "award.published_on", 4, "days"))
    asked.given(hand_in("award", published_on="2026-06-01")).on("2026-06-20")
    assert asked.state("w") == "met"
    assert asked.acts() == ["add_evidence survey", "add_evidence award", "wait w"]
    opens = asked.answer().earliest_open
    assert opens is not None
    assert opens.isoformat() > "2026-06-20"


@given(
    days=st.lists(st.integers(1, 20), min_size=3, max_size=3),
    scores=st.lists(st.integers(0, 5), min_size=2, max_size=2),
    signed=st.booleans(),
)
def test_doing_the_acts_opens_the_gate(days: list[int], scores: list[int], signed: bool) -> None:
    """Whatever was handed in on whichever days, handing in and signing what the acts name makes the gate hold.

    Seen to fail when a decision of an earlier day was not asked for anew.
    """
    asked = told(
        supporting("survey", "award", rules=["scored"], signed_by=["edi"]),
        supporting("figures", "award", rules=["scored"]),
        needs("award", signed_by=["sro"]),
    )
    steps = list(
        zip(
            days,
            [hand_in("survey", score=scores[0]), hand_in("figures", score=scores[1]), hand_in("award")],
            strict=True,
        )
    )
    for day, step in sorted(steps, key=lambda pair: pair[0]):
        asked.on(f"2026-06-{day:02d}").given(step)
    if signed:
        asked.given(sign("award", "sro"), by="sro")
    asked.on("2026-06-25")
    planned = asked.acts()
    for act in planned:
        verb, requirement, *role = act.split()
        if verb == "add_evidence":
            asked.given(hand_in(requirement) if requirement == "award" else hand_in(requirement, score=5))
        else:
            asked.given(sign(requirement, role[0]), by=role[0])
    assert asked.judgement().holds, planned


def test_a_decision_is_taken_after_what_is_handed_in_after_a_wait() -> None:
    """Where a record would not be fresh once a wait is over, it comes after it, and so does the decision it supports.

    Seen to fail when the decision was planned for today and the record for the day the wait is over.
    """
    asked = told(
        needs("notice", "notice"),
        wait("pause", "notice.published_on", 20, "days", "same_day"),
        needs("award", signed_by=["sro"]),
        supporting("survey", "award", fresh=span(10, "days")),
    )
    last = asked.answer().earliest_open
    days = {(a.act, a.requirement): a.not_before for a in asked.answer().acts}
    assert days["add_evidence", "survey"] == days["add_evidence", "award"] == days["sign", "award"] == last
    assert do(asked, asked.answer().acts).judgement().holds


def test_a_decision_that_stands_is_taken_anew_after_what_is_handed_in_after_a_wait() -> None:
    """A decision of today is too old for a record that will be handed in after a wait; it is planned anew.

    Seen to fail when a decision was held against today alone.
    """
    asked = told(
        needs("notice", "notice"),
        wait("pause", "notice.published_on", 20, "days", "same_day"),
        needs("award", signed_by=["sro"]),
        supporting("survey", "award", fresh=span(10, "days")),
    ).given(hand_in("award"), hand_in("survey"))
    asked.given(sign("award", "sro"), by="sro")
    wanted = [act for act in asked.acts() if not act.startswith("wait")]
    assert wanted == ["add_evidence notice", "add_evidence award", "add_evidence survey", "sign award sro"]
    assert do(asked, asked.answer().acts).judgement().holds


def test_a_wait_from_the_decision_itself_leaves_no_way() -> None:
    """Where the decision can only be taken after a wait that counts from it, nothing opens the gate, and it says so."""
    asked = told(
        needs("notice", "notice"),
        wait("pause", "notice.published_on", 20, "days", "same_day"),
        supporting("survey", "notice", fresh=span(10, "days")),
    )
    found = asked.answer()
    assert (found.acts, found.earliest_open) == ((), None)


def test_a_chain_of_decisions_is_taken_anew_to_its_end() -> None:
    """A decision that is taken anew and supports another has that taken anew, too, with its signatures.

    Seen to fail when only the first decision was.
    """
    asked = told(supporting("survey", "award"), supporting("award", "board"), needs("board", signed_by=["sro"])).given(
        hand_in("award"), hand_in("board")
    )
    asked.given(sign("board", "sro"), by="sro").on("2026-06-05")
    assert asked.acts() == ["add_evidence survey", "add_evidence award", "add_evidence board", "sign board sro"]
    assert do(asked, asked.answer().acts).judgement().holds


def test_a_decision_that_expires_while_a_wait_runs_is_taken_after_it() -> None:
    """A decision that others support is no exception: where it would not be fresh any more, it comes after the wait.

    Seen to fail when every record that more than one part asks for was planned for today.
    """
    asked = told(
        needs("notice", "notice"),
        wait("pause", "notice.published_on", 20, "days", "same_day"),
        needs("award", fresh=span(10, "days")),
        supporting("survey", "award"),
    )
    days = {(a.act, a.requirement): a.not_before for a in asked.answer().acts}
    assert days["add_evidence", "award"] == asked.answer().earliest_open
    assert days["add_evidence", "survey"] is None
    assert do(asked, asked.answer().acts).judgement().holds
