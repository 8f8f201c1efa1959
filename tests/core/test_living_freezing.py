"""A gate that freezes: while a passing of it is unsound nothing passes a gate, and the answer says how to go on."""

from __future__ import annotations

from typing import Any

import pytest

from engine.core.answer_json import answer_json
from engine.core.outcome import Accepted
from engine.core.unsound import frozen_by, in_force

from .builders import (
    Json,
    advance,
    affirm,
    all_of,
    decide_on,
    gate,
    hand_in,
    hold,
    meet,
    needs,
    sign,
    span,
    stage,
    wait,
    way,
    withdraw,
    workflow,
)
from .story import Story, story

TALK = needs("talk", fresh=span(30, "days"))
THREE = [
    stage("plan", way("advance", "build", "gate")),
    stage("build", way("advance", "check", "next"), way("send_back", "plan", reason=True)),
    stage("check", way("advance", "done", "last"), way("send_back", "build"), way("vary", "build", "vary")),
    stage("done", final=True),
]


def world(if_unsound: str = "freezes", *, first: Json | None = None, **of_gate: Any) -> Story:
    """Returns a project of three gates in a row, the first of which freezes."""
    of = workflow(
        gate(first or TALK, if_unsound=if_unsound, **of_gate),
        gate(needs("note"), id="next", decided_by=["sro"]),
        gate(needs("end"), id="last"),
        gate(needs("change"), id="vary", if_unsound="freezes"),
        stages_=THREE,
    )
    return story(of)


def built(if_unsound: str = "freezes", **given: Any) -> Story:
    """Returns it behind the first gate, with all the second one asks for."""
    return world(if_unsound, **given).given(hand_in("talk"), advance(), hand_in("note"))


def frozen(told: Story) -> list[int]:
    found = frozen_by(told.workflow, told.project, told.today, told.calendar)
    return [one.passing.seq for one in found]


def seq(told: Story, place: int = 0) -> int:
    return told.project.passings[place].seq


def test_nothing_passes_a_gate_while_one_that_freezes_is_unsound() -> None:
    """Neither a decision nor a move through a gate is accepted; both say which gate, why, and the ways out.

    Seen to fail when `standstill` is left out of `decide_gate`, and when it is left out of `advance`.
    """
    told = built().given(decide_on()).given(withdraw("a1"))
    for wish in (decide_on(), advance()):
        no = told.when(wish, by="sro").refused("rules", "frozen", "Gate, passed on 1 June 2026")
        assert "Talk: What was handed in on 1 June 2026 was withdrawn" in no.message
        assert f"`decide --affirm {seq(told)}`" in no.message
        assert "send_back (to Plan)" in no.message
        assert no.answer is not None


def test_a_gate_that_warns_freezes_nothing() -> None:
    """The same loss under the usual `if_unsound` is shown and stops nobody."""
    told = built("warns").given(withdraw("a1"))
    told.given(decide_on()).when(advance()).accepted("advanced")


def test_put_right_and_affirmed_it_goes_on() -> None:
    """A new record is not enough; once the gate is affirmed the next one can be passed."""
    told = built().given(withdraw("a1"), hand_in("talk"))
    told.when(decide_on()).refused("rules", "frozen", "Have it affirmed")
    told.given(affirm(seq(told))).given(decide_on()).when(advance()).accepted("advanced")


def test_time_alone_freezes() -> None:
    """On the day after the evidence ran out nothing passes, without any event, and the day before everything does."""
    told = built().given(decide_on()).on("2026-07-01")
    assert frozen(told) == []
    told.on("2026-07-02").when(advance()).refused("rules", "frozen", "until 1 July 2026")
    told.given(hand_in("talk"), affirm(seq(told), "lead"), by="lead")
    told.when(advance()).accepted("advanced")


def test_an_overdue_condition_freezes() -> None:
    """Met late and affirmed, it lets the project go on."""
    told = world().given(hand_in("talk"), advance(conditions=[("Mend it.", "sro", "2026-06-05")]), hand_in("note"))
    told.on("2026-06-06").when(decide_on()).refused("rules", "frozen", "Condition 1")
    assert told.answer().acts[0].detail["conditions"] == [1]
    told.given(meet(seq(told)), by="edi")
    told.given(affirm(seq(told))).when(decide_on()).accepted("decided")


def test_altered_bytes_freeze() -> None:
    """Where the stored bytes it rests on are others, nothing passes, and the record is asked for anew."""
    told = built().given(decide_on())
    told.when(advance(), altered=["a1"]).refused(
        "rules", "frozen", "Talk: A file of it is no longer what was handed in"
    )
    asked = told.when(advance(), altered=["a1"]).refused("rules", "frozen").answer
    assert asked is not None
    assert [(a.act, a.requirement) for a in asked.acts] == [("add_evidence", "talk"), ("decide", None)]


def test_evidence_and_ungated_ways_stay_open() -> None:
    """What is frozen can still be handed to, and can be sent back."""
    told = built().given(withdraw("a1"))
    told.when(hand_in("note")).accepted("evidence_added")
    told.when(advance(act="send_back", reason="Again.")).accepted("advanced")


def test_going_back_to_the_gate_ends_the_freeze() -> None:
    """Once the gate lies ahead it has to be passed anyway, and the passing that was lost stands in nobody's way.

    Seen to fail when `lies_ahead` is always false.
    """
    told = built().given(withdraw("a1"), advance(act="send_back", reason="Again."))
    assert frozen(told) == []
    told.given(hand_in("talk")).when(advance()).accepted("advanced")
    assert frozen(told) == []
    assert [p.seq for p in in_force(told.workflow, told.project)] == [seq(told, 1)]


def test_going_back_less_far_than_the_gate_keeps_the_freeze() -> None:
    """From beyond the second gate back to before it, the first one still lies behind."""
    told = built().given(decide_on()).given(advance()).given(withdraw("a1"))
    assert frozen(told) == [seq(told)]
    told.given(advance(act="send_back"))
    told.when(decide_on()).refused("rules", "frozen")


def test_a_gate_on_a_way_back_freezes_too() -> None:
    """A passing that led back is weighed where it led to, until the project goes on past where it left."""
    told = built().given(decide_on()).given(advance(), hand_in("change"), advance(act="vary"))
    told.given(withdraw(told.record_of("change").id))
    assert frozen(told) == [seq(told, 2)]


def test_only_the_newest_passing_of_the_present_cycle_is_weighed() -> None:
    """What an earlier passing, or an earlier cycle, rested on stands in nobody's way."""
    of = workflow(gate(needs("talk"), if_unsound="freezes"), gate(needs("note"), id="next"))
    told = story(of).given(
        hand_in("talk"), advance(), advance(act="again"), hand_in("talk"), advance(), hand_in("note")
    )
    told.given(withdraw("a1"))
    assert frozen(told) == []
    told.when(advance()).accepted("advanced")


def test_the_answer_shows_what_comes_first() -> None:
    """What puts the earlier gate right comes first, then affirming it, then the gate's own acts; it is not open."""
    told = _decided().given(withdraw("a1"))
    assert told.acts() == ["add_evidence talk", "sign talk cochair", "decide sro", "decide edi", "decide sro"]
    found = told.told()
    assert [a["detail"].get("affirm") for a in found["acts"]] == [None, None, seq(told), seq(told), None]
    assert found["open"] is False
    assert found["summary"].startswith("Gate, passed on 1 June 2026")
    assert found["frozen"][0]["passing"] == seq(told)


def _decided() -> Story:
    told = world(first=needs("talk", signed_by=["cochair"]), decided_by=["sro", "edi"]).given(hand_in("talk"))
    told.given(sign("talk"), by="cochair").given(decide_on()).given(decide_on(), by="edi")
    return told.given(advance(), hand_in("note"))


def test_who_affirmed_already_is_not_asked_again() -> None:
    """Of several who affirm, the answer names those who still have to."""
    told = _decided().given(withdraw("a1"), hand_in("talk")).given(sign("talk"), by="cochair")
    told.given(affirm(seq(told)), by="edi")
    assert told.acts() == ["decide sro", "decide sro"]
    assert told.answer().acts[0].detail["affirm"] == seq(told)


def test_a_record_that_waits_for_its_signature_needs_no_affirming() -> None:
    """While a newer record is unsigned nothing passes; the signature alone puts it right."""
    told = _decided().given(hand_in("talk"))
    told.when(decide_on()).refused("rules", "frozen", "Put it right, or take a way")
    assert told.acts() == ["sign talk cochair", "decide sro"]
    told.given(sign("talk"), by="cochair").when(decide_on()).accepted("decided")


def test_an_open_gate_that_nothing_passes_says_it_is_not_open() -> None:
    """Decided on before the loss, the gate holds and is shut all the same."""
    told = built().given(decide_on()).given(withdraw("a1"))
    found = told.answer()
    assert found.judgement is not None
    assert found.judgement.holds
    assert not found.open
    assert found.earliest_open == told.today


def test_the_acts_of_a_frozen_gate_open_it() -> None:
    """Somebody who does what the answer says, in its order, ends before an open gate."""
    first = all_of("both", TALK, needs("paper", count=2))
    told = world(first=first, decided_by=["sro"]).given(hand_in("talk"), hand_in("paper"), hand_in("paper"))
    told.given(decide_on()).given(advance()).given(withdraw("a1")).on("2026-09-01")
    while (found := told.answer()).acts:
        act = found.acts[0]
        if act.act == "add_evidence":
            told.given(hand_in(str(act.requirement)))
        else:
            told.given(affirm(act.detail["affirm"]) if "affirm" in act.detail else decide_on(), by=act.roles[0])
    assert told.answer().open
    told.when(advance()).accepted("advanced")


def test_what_must_wait_tells_the_day() -> None:
    """Where the way to put it right is a wait, the affirming comes after it, and so does the opening."""
    pause = wait("pause", "notice.published_on", 3, "days")
    first = all_of("both", needs("notice", "notice"), pause)
    told = world(first=first, decided_by=["sro"]).given(hand_in("notice", published_on="2026-05-01"))
    told.given(decide_on()).given(advance(), hand_in("note"), withdraw("a1"))
    found = answer_json(told.answer(), str)
    assert [a["act"] for a in found["acts"]] == ["add_evidence", "wait", "decide", "decide"]
    assert found["acts"][2]["not_before"] == found["earliest_open"] == "2026-06-06"


def test_on_hold_is_said_before_a_freeze() -> None:
    """Two reasons of the rules come in one order: on hold, then frozen."""
    told = built().given(withdraw("a1")).given(hold())
    told.when(advance()).refused("rules", "on_hold")


@pytest.mark.parametrize("if_unsound", ["warns", "freezes"])
def test_an_act_draws_what_time_took_where_a_gate_freezes(if_unsound: str) -> None:
    """Where some gate is strict, whatever is done records what ran out; where none is, nothing is judged for it."""
    of = workflow(gate(TALK, if_unsound=if_unsound))
    told = story(of).given(hand_in("talk"), advance()).on("2026-07-02")
    outcome = told.when(hold()).outcome
    assert isinstance(outcome, Accepted)
    assert ("gate_unsound" in [e.name for e in outcome.events]) == (if_unsound == "freezes")


def test_what_expires_while_a_wait_runs_is_handed_in_anew_before_affirming() -> None:
    """Putting a gate right may take days; what is fresh today and not on the day it is right is among the acts.

    Seen to fail when the acts were found on what holds today.
    """
    waiting = all_of(
        "all",
        needs("notice", "notice"),
        wait("pause", "notice.published_on", 5, "days", "same_day"),
        needs("talk", fresh=span(8, "days")),
    )
    told = world(first=waiting).given(hand_in("notice", published_on="2026-05-20"), hand_in("talk"), advance())
    told.given(hand_in("note"), withdraw("a1")).on("2026-06-06")
    told.given(hand_in("notice", published_on="2026-06-06"))
    assert [a.requirement for a in told.answer().acts] == ["talk", "pause", None, None]
    assert told.answer().acts[2].detail["affirm"] == seq(told)
    last = told.answer().acts[1].not_before
    assert last is not None
    told.given(hand_in("talk")).on(last).given(affirm(seq(told)))
    assert frozen(told) == []


def test_a_condition_that_will_be_overdue_is_met_before_affirming() -> None:
    """Where a condition falls due while a wait runs, the act of affirming names it, and on that day that is enough.

    Seen to fail when only what is overdue today was named.
    """
    waiting = all_of("all", needs("notice", "notice"), wait("pause", "notice.published_on", 5, "days", "same_day"))
    told = world(first=waiting).given(hand_in("notice", published_on="2026-05-20"))
    told.given(advance(conditions=[("Mend it.", "sro", "2026-06-03")]), hand_in("note"))
    told.given(hand_in("notice", published_on="2026-06-01"))
    pause, confirming = told.answer().acts[:2]
    assert confirming.detail["conditions"] == [1]
    assert pause.not_before is not None
    told.on(pause.not_before).given(meet(seq(told)), by="edi")
    told.given(affirm(seq(told)))
    assert frozen(told) == []
