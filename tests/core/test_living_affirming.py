"""Affirming a gate that was lost and made good: all of it holds again, and each who decides says so."""

from __future__ import annotations

import pytest

from engine.core.soundness import weigh

from .builders import (
    advance,
    affirm,
    decide_on,
    gate,
    hand_in,
    hold,
    meet,
    needs,
    sign,
    span,
    waive,
    withdraw,
    workflow,
)
from .story import STRANGER, Story, actor, story

DECIDERS = ("sro", "cochair")
WORLD = workflow(gate(needs("talk", signed_by=["sro"]), needs("note"), decided_by=DECIDERS))


def passed() -> Story:
    told = story(WORLD).given(hand_in("talk"), hand_in("note")).given(sign("talk"))
    for role in DECIDERS:
        told.given(decide_on(), by=role)
    return told.given(advance(conditions=[("Mend it.", "lead", "2026-07-01")]))


def mended() -> Story:
    """Returns a project whose gate lost a record and has a better one, signed."""
    return passed().given(withdraw("a1"), hand_in("talk")).given(sign("talk"))


def seq(told: Story) -> int:
    return told.project.passings[0].seq


def sound(told: Story) -> bool:
    return weigh(told.workflow, told.project, told.project.passings[0], told.today, told.calendar).sound


def test_the_last_who_decides_makes_a_gate_sound_again() -> None:
    """Each of the deciders affirms, a person each; with the last one nothing is lost any more.

    Seen to fail when `heals` is true with the first.
    """
    told = mended()
    first = told.when(affirm(seq(told)), by="sro").accepted("affirmed").events[0]
    assert (first.body["heals"], first.body["verdicts"], sound(told)) == (False, {}, False)
    last = told.when(affirm(seq(told)), by="cochair").accepted("affirmed").events[0]
    assert (last.body["heals"], last.body["role"], sound(told)) == (True, "cochair", True)
    (passing,) = told.project.passings
    assert (passing.lost, [a.by for a in passing.affirmations]) == ((), ["sro", "cochair"])
    assert passing.verdicts["talk"] == ["met", [told.record_of("talk").id]]


def test_an_affirmed_gate_stays_watched() -> None:
    """What is lost after the affirming is recorded anew, and the names under it count no more."""
    told = mended()
    told.given(affirm(seq(told))).given(affirm(seq(told)), by="cochair")
    told.when(withdraw(told.record_of("talk").id)).accepted("evidence_withdrawn", "gate_unsound")
    assert told.project.passings[0].affirmations == ()
    assert not sound(told)


def test_affirming_what_is_sound_is_refused() -> None:
    """There is nothing to say about a gate that is sound, nor about one that was affirmed already."""
    told = passed()
    told.when(affirm(seq(told))).refused("rules", "sound_already")
    told = mended()
    told.given(affirm(seq(told))).given(affirm(seq(told)), by="cochair")
    told.when(affirm(seq(told))).refused("rules", "sound_already")


def test_what_is_not_put_right_is_told_whole() -> None:
    """Every reason why it does not hold yet is in the refusal: requirements and conditions alike."""
    told = passed().on("2026-07-02").given(withdraw("a1"), withdraw("a2"))
    says = told.when(affirm(seq(told))).refused("rules", "still_unsound").message
    assert "Talk: What was handed in on 1 June 2026 was withdrawn" in says
    assert "Note: What was handed in on 1 June 2026 was withdrawn" in says
    assert "Condition 1 (“Mend it.”): It was due on 1 July 2026 and is not met." in says


def test_a_newer_record_without_its_signatures_is_not_enough() -> None:
    """All that held has to hold again, signatures among it."""
    told = passed().given(withdraw("a1"), hand_in("talk"))
    told.when(affirm(seq(told))).refused("rules", "still_unsound", "Not yet signed")


def test_a_waiver_in_force_is_enough() -> None:
    """What was waived until yesterday is still lost under a new waiver, and can be affirmed under it.

    Seen to fail when a waiver does not have the passed gates weighed: the new one then hid the loss.
    """
    of = workflow(gate(needs("talk"), decided_by=["sro"], waived_by=DECIDERS))
    told = story(of).given(waive("talk", "2026-06-05"), decide_on(), advance()).on("2026-06-06")
    told.when(waive("talk", "2026-06-30")).accepted("waived", "gate_unsound")
    assert not sound(told)
    told.given(affirm(seq(told)))
    assert sound(told)


def test_a_late_condition_is_settled_by_affirming() -> None:
    """A condition that was met late is one loss among the others."""
    told = passed().on("2026-07-02")
    told.given(meet(seq(told)))
    assert not sound(told)
    told.given(affirm(seq(told))).given(affirm(seq(told)), by="cochair")
    assert sound(told)
    assert told.project.passings[0].overdue == ()


def test_one_person_affirms_once_and_a_role_is_affirmed_once() -> None:
    """Nobody stands in for two roles, and no role is filled twice."""
    told = mended()
    both = actor("both", *DECIDERS)
    told.when(affirm(seq(told)), by=both).refused("input", says="--role")
    told.when(affirm(seq(told), "sro"), by=both).accepted("affirmed")
    told.when(affirm(seq(told), "cochair"), by=both).refused("rules", "decided_already")
    told.when(affirm(seq(told)), by="sro").refused("rules", "decided_already")
    told.when(affirm(seq(told)), by="cochair").accepted("affirmed")


def test_an_affirmation_is_bound_to_what_it_was_made_on() -> None:
    """Where another record takes the place of the affirmed one, everyone is asked again.

    Seen to fail when `affirming` counts every affirmation.
    """
    told = mended()
    told.given(affirm(seq(told))).given(hand_in("note"))
    told.when(affirm(seq(told)), by="cochair").accepted("affirmed")
    assert not sound(told)
    assert [a.by for a in told.project.passings[0].affirmations] == ["cochair"], "what was affirmed before has lapsed"
    told.given(affirm(seq(told)), by="sro")
    assert sound(told)
    assert [a.by for a in told.project.passings[0].affirmations] == ["cochair", "sro"]


@pytest.mark.parametrize("by", ["lead", "edi", "manager", "auditor"])
def test_only_those_who_decide_affirm(by: str) -> None:
    """Somebody without a deciding role is refused, and so is whoever nobody knows."""
    told = mended()
    told.when(affirm(seq(told)), by=by).refused("not_permitted")
    told.when(affirm(seq(told)), by=STRANGER).refused("not_permitted", "unknown_person")


def test_of_a_gate_without_deciders_one_holder_of_a_role_affirms() -> None:
    """Where nobody has to decide, one person with a role in the project is enough."""
    told = story(workflow(gate(needs("talk")))).given(hand_in("talk"), advance())
    told.given(withdraw("a1"), hand_in("talk"))
    told.when(affirm(seq(told)), by="manager").refused("not_permitted")
    told.when(affirm(seq(told), "sro"), by="edi").refused("not_permitted")
    told.when(affirm(seq(told), "nobody"), by="edi").refused("input")
    told.when(affirm(seq(told)), by="edi").accepted("affirmed")
    assert sound(told)


def test_the_reasons_come_in_one_order() -> None:
    """No such passing, no such role, no leave, on hold, then what is not put right."""
    told = passed().given(withdraw("a1")).given(hold())
    told.when(affirm(7, "nobody"), by="lead").refused("not_found", "no_such_passing")
    told.when(affirm(seq(told), "nobody"), by="lead").refused("input")
    told.when(affirm(seq(told)), by="lead").refused("not_permitted")
    told.when(affirm(seq(told))).refused("rules", "on_hold")


def test_altered_bytes_are_not_affirmed_until_a_newer_record_takes_their_place() -> None:
    """While the record that counts has altered files the gate cannot be affirmed; it then rests on the newer one."""
    told = passed()
    by_hand = told.when(affirm(seq(told)), altered=["a2"])
    by_hand.refused("rules", "still_unsound", "Note: A file of it is no longer what was handed in")
    told.given(hand_in("note"))
    for role in DECIDERS:
        told.when(affirm(seq(told)), by=role, altered=["a2"]).accepted("affirmed")
    (passing,) = told.project.passings
    assert weigh(told.workflow, told.project, passing, told.today, told.calendar, frozenset({"a2"})).sound


def test_altered_bytes_found_by_an_act_are_recorded_with_their_record() -> None:
    """The requirement is lost, and the event names the record whose bytes are others."""
    told = passed()
    lost = told.when(withdraw("a1"), altered=["a2"]).accepted("evidence_withdrawn", "gate_unsound").events[1]
    assert (lost.body["requirements"], lost.body["altered"]) == (["talk", "note"], ["a2"])


def test_an_old_record_that_expired_is_affirmed_with_a_fresh_one() -> None:
    """What ran out is lost once an act draws it, and affirmed once something fresh is there."""
    of = workflow(gate(needs("talk", fresh=span(10, "days")), decided_by=["sro"]))
    told = story(of).given(hand_in("talk")).given(decide_on()).given(advance()).on("2026-07-01")
    told.when(affirm(seq(told))).refused("rules", "still_unsound", "a newer one is needed")
    told.when(hand_in("talk")).accepted("evidence_added", "gate_unsound")
    told.given(affirm(seq(told)))
    assert sound(told)
