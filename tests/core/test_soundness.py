"""A gate that was passed stays watched: what it rested on may be lost, and what is lost is recorded once."""

from __future__ import annotations

from typing import Any

import pytest

from engine.core.commands import Command
from engine.core.soundness import why_unsound

from .builders import (
    Json,
    advance,
    all_of,
    any_of,
    check,
    gate,
    hand_in,
    needs,
    regrade,
    rule,
    set_fields,
    sign,
    span,
    waive,
    withdraw,
    workflow,
)
from .story import Story, story

RULES = [rule("reach", check("project.groups", "not_empty"))]
WITHDRAWN = "What was handed in on 1 June 2026 was withdrawn, and nothing stands in its place."


def before(*requires: Json, **fields: Any) -> Story:
    return story(workflow(gate(*requires, waived_by=["sro", "cochair"]), rules=RULES), **fields)


def passed(*requires: Json, **fields: Any) -> Story:
    """Returns a project that passed its gate with a co-designed record for every requirement for evidence."""
    told = before(*requires, **fields)
    for requirement in told.workflow.requirements.values():
        if requirement.evidence:
            told.given(hand_in(requirement.id, "co_design"))
        for role in requirement.signed_by:
            told.given(sign(requirement.id), by=role)
    return told.given(advance())


def why(told: Story) -> list[str]:
    (passing,) = told.project.passings
    return why_unsound(told.workflow, told.project, passing, told.today, told.calendar)


TALK = needs("talk", level="engagement")


def test_a_gate_that_was_just_passed_is_sound() -> None:
    """What it rested on stands."""
    assert why(passed(TALK)) == []


@pytest.mark.parametrize(
    ("wish", "fact", "says"),
    [
        (withdraw("a1"), "evidence_withdrawn", f"Talk: {WITHDRAWN}"),
        (regrade("a1", "informing"), "evidence_regraded", "an auditor judged it informing"),
        (hand_in("talk", "informing"), "evidence_added", "at least engagement is needed"),
    ],
)
def test_a_loss_is_recorded_beside_what_caused_it(wish: Command, fact: str, says: str) -> None:
    """A withdrawal, a regrading below what was required and a newer record that is worse make a gate unsound."""
    told = passed(TALK)
    first, lost = told.when(wish).accepted(fact, "gate_unsound").events
    seq = told.project.passings[0].seq
    assert (lost.body, lost.words) == ({"gate": "gate", "passing": seq, "requirements": ["talk"]}, {})
    assert told.project.passings[0].lost == ("talk",)
    assert [says in sentence for sentence in why(told)] == [True]


def test_a_regrading_that_leaves_enough_keeps_a_gate_sound() -> None:
    """Judged down to what was required, it is still what was required."""
    told = passed(TALK)
    told.when(regrade("a1", "engagement")).accepted("evidence_regraded")
    assert why(told) == []


def test_superseding_by_a_record_that_is_as_good_keeps_a_gate_sound() -> None:
    """A newer record that does all that is asked takes the older one's place."""
    told = passed(TALK)
    told.when(hand_in("talk", "engagement")).accepted("evidence_added")
    assert why(told) == []


@pytest.mark.parametrize("grouped", [False, True])
def test_a_newer_record_that_waits_for_its_signatures_is_no_loss(grouped: bool) -> None:
    """It is shown as unsound while it is unsigned, and once signed the gate is sound: nothing was lost."""
    asked = needs("talk", level="engagement", signed_by=["sro"])
    when = check("project.groups", "not_empty")
    told = passed(all_of("both", asked, needs("reach", when=when)) if grouped else asked)
    told.when(hand_in("talk", "engagement")).accepted("evidence_added")
    assert any("Not yet signed" in sentence for sentence in why(told))
    told.given(sign("talk"))
    assert why(told) == []


def test_evidence_that_comes_later_does_not_heal_by_itself() -> None:
    """What was lost stays lost though something as good is handed in."""
    told = passed(TALK).given(withdraw("a1"), hand_in("talk", "co_design"))
    assert why(told) == ["Talk: What it rested on was lost; what was handed in since does not heal it by itself."]


def test_a_loss_is_recorded_once() -> None:
    """What a gate has said it lost is not said again; another requirement is."""
    told = passed(TALK, needs("note")).given(withdraw("a1"), hand_in("talk", "co_design"))
    told.when(withdraw("a3")).accepted("evidence_withdrawn")
    (_, lost) = told.when(withdraw("a2")).accepted("evidence_withdrawn", "gate_unsound").events
    assert lost.body["requirements"] == ["note"]
    assert told.project.passings[0].lost == ("talk", "note")


def test_expiry_makes_a_gate_unsound_by_time_alone() -> None:
    """On its last day evidence is fresh and the gate sound; the day after it is not, without any event."""
    told = passed(needs("talk", fresh=span(10, "days"))).on("2026-06-11")
    assert why(told) == []
    assert "until 11 June 2026; a newer one is needed" in why(told.on("2026-06-12"))[0]


def test_what_ran_out_before_an_act_is_as_lost_as_what_it_takes_away() -> None:
    """A fresh record that comes too late records the loss it might have hidden."""
    told = passed(needs("talk", fresh=span(10, "days"))).on("2026-06-12")
    told.when(hand_in("talk")).accepted("evidence_added", "gate_unsound")
    assert "does not heal" in why(told)[0]


def test_a_waiver_that_ends_makes_a_gate_unsound() -> None:
    """A gate that was passed under a waiver is sound up to and on its last day."""
    told = before(TALK).given(waive("talk", "2026-06-05")).given(advance()).on("2026-06-05")
    assert why(told) == []
    assert why(told.on("2026-06-06")) == ["Talk: Nothing has been handed in yet. Needed: Note."]


def test_what_did_not_apply_when_the_gate_was_passed_is_not_watched() -> None:
    """Evidence for it that comes and goes takes nothing from the gate."""
    told = passed(TALK, needs("reach", when=check("project.groups", "not_empty")))
    told.given(set_fields(groups="Roma")).when(withdraw("a2")).accepted("evidence_withdrawn")
    assert why(told) == []


def test_changed_project_fields_leave_a_past_gate_alone() -> None:
    """A gate is judged by the fields as they were when it was passed."""
    told = passed(needs("talk", rules=["reach"]), groups="Roma")
    told.when(set_fields(groups="")).accepted("fields_set")
    assert why(told) == []


def test_fresh_this_stage_means_the_stage_that_was_left() -> None:
    """Leaving the stage takes nothing from what was handed in in it."""
    assert why(passed(needs("talk", fresh="this stage"))) == []


def test_a_later_cycle_takes_nothing_from_an_earlier_passing() -> None:
    """In the next cycle the gate is judged with the evidence of its own cycle, and what is poor now is no loss."""
    told = passed(TALK).given(advance(act="again"))
    told.when(hand_in("talk", "informing")).accepted("evidence_added")
    assert why(told) == []
    told.when(withdraw("a1")).accepted("evidence_withdrawn", "gate_unsound")


def test_each_passing_is_watched_by_itself() -> None:
    """A gate that was passed twice loses in each passing what that passing rested on."""
    told = passed(TALK).given(advance(act="send_back", reason="More."), advance())
    one, other = (e.body["passing"] for e in told.when(withdraw("a1")).accepted(*LOST_TWICE).events[1:])
    assert [one, other] == [p.seq for p in told.project.passings]


LOST_TWICE = ("evidence_withdrawn", "gate_unsound", "gate_unsound")


def test_a_group_that_is_lost_says_which_of_its_parts_and_why() -> None:
    """The reasons of a group are those of its parts that do not hold, each by its title."""
    told = passed(all_of("both", TALK, needs("note"))).given(withdraw("a1"))
    assert why(told) == [f"Both: “Talk”: {WITHDRAWN} Needed: Note."]


def test_an_alternative_that_still_holds_keeps_a_group_sound() -> None:
    """Of an `any_of` one part may go while another stays."""
    told = passed(any_of("either", TALK, needs("note")))
    told.when(withdraw("a1")).accepted("evidence_withdrawn")
    assert why(told) == []
    told.when(withdraw("a2")).accepted("evidence_withdrawn", "gate_unsound")
