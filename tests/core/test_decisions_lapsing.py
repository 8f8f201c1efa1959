"""When decisions lapse: with the answer they were made on, and with the stage."""

from __future__ import annotations

import pytest

from engine.core.commands import Command

from .builders import (
    Json,
    advance,
    asking,
    check,
    decide_on,
    hand_in,
    hold,
    needs,
    regrade,
    resume,
    set_fields,
    sign,
    span,
    wait,
    waive,
    withdraw,
)
from .story import Story, story


def deciding(*requires: Json, dissent: str = "blocks") -> Story:
    return story(asking(*requires, decided_by=["sro", "cochair"], dissent=dissent))


@pytest.fixture
def told() -> Story:
    return deciding(needs("talk", level="engagement")).given(hand_in("talk", "co_design"))


def roles_decided(told: Story) -> list[str]:
    return [d.role for d in told.answer().decisions]


@pytest.mark.parametrize(
    ("wish", "fact"),
    [
        (withdraw("a1"), "evidence_withdrawn"),
        (hand_in("talk", "co_design"), "evidence_added"),
        (regrade("a1", "informing"), "evidence_regraded"),
        (set_fields(groups="Roma"), "fields_set"),
    ],
)
def test_decisions_lapse_when_the_answer_changes(wish: Command, fact: str) -> None:
    """When a verdict or what it rests on changes, decisions lapse in the same breath, by an event of their own."""
    told = deciding(needs("talk", level="engagement"), needs("reach", when=check("project.groups", "not_empty")))
    told.given(hand_in("talk", "co_design")).given(decide_on(), by="sro").given(decide_on(), by="cochair")
    first, lapsed = told.when(wish).accepted(fact, "decisions_lapsed").events
    assert (first.name, lapsed.body, lapsed.words) == (fact, {"decisions": ["d2", "d3"]}, {})
    assert told.project.decisions == []


def test_a_signature_under_what_was_decided_on_lapses_decisions() -> None:
    """A requirement that was waived and is met now rests on something else."""
    told = deciding(needs("talk", signed_by=["edi"])).given(hand_in("talk"), waive("talk")).given(decide_on(), by="sro")
    assert told.state("talk") == "waived"
    told.when(sign("talk"), by="edi").accepted("signed", "decisions_lapsed")


def test_decisions_stand_while_the_answer_stays() -> None:
    """Holding, resuming and a field or a record that changes nothing leave decisions as they are."""
    reach = needs("reach", when=check("project.groups", "not_empty"))
    told = deciding(needs("talk"), reach).given(hand_in("talk")).given(decide_on(), by="sro")
    told.when(hand_in("reach")).accepted("evidence_added")
    told.when(hold()).accepted("held")
    told.when(resume()).accepted("resumed")
    told.when(set_fields(size="4")).accepted("fields_set")
    assert roles_decided(told) == ["sro"]


def test_a_decision_on_an_answer_that_time_changed_no_longer_counts() -> None:
    """When evidence expires the decision does not count, and the role decides anew on what comes then."""
    told = deciding(needs("talk", fresh=span(10, "days"))).given(hand_in("talk")).given(decide_on(), by="sro")
    told.on("2026-06-12")
    assert roles_decided(told) == []
    told.given(hand_in("talk")).when(decide_on(), by="sro").accepted("decided")
    assert roles_decided(told) == ["sro"]


def test_a_decision_on_a_waived_wait_does_not_count_once_the_wait_is_over() -> None:
    """Though every requirement held all along, what is met now is another answer than what was waived then."""
    pause = wait("pause", "notice.published_on", 1, "days")
    told = deciding(needs("notice", "notice"), pause).given(hand_in("notice", published_on="2026-06-01"))
    told.given(waive("pause")).given(decide_on(), by="sro")
    assert roles_decided(told) == ["sro"]
    assert told.on("2026-06-10").state("pause") == "met"
    assert roles_decided(told) == []
    told.when(decide_on(), by="sro").accepted("decided")


def test_decisions_lapse_when_the_project_leaves_the_stage(told: Story) -> None:
    """Back in the stage everyone decides anew."""
    told.given(decide_on(), by="sro").given(decide_on(), by="cochair")
    told.given(advance(), advance(act="send_back", reason="More to do."))
    assert not told.answer().open
    told.when(decide_on(), by="sro").accepted("decided")
