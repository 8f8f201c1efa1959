"""Gates that were passed on what was erased since: nothing about them changes, whatever was erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.definition import Follows
from engine.core.follows import astray
from engine.core.gates import HOLDS
from engine.core.outcome import Accepted
from engine.core.project import replay
from engine.core.set_right import righting
from engine.core.soundness import evidence_under, rests_on_erased, weigh, why_unsound
from engine.core.unsound import frozen_by

from .builders import (
    LEVELS,
    a_file,
    advance,
    affirm,
    asking,
    check,
    erase,
    gate,
    group,
    hand_in,
    needs,
    sign,
    span,
    wait,
    workflow,
)
from .builders import rule as a_rule
from .story import Story, forgotten, story
from .test_living_properties import KINDS_OF_STEP, REST, passed, wished
from .worlds import TOP, leaf_ids, moderate, satisfying, situations

SAID = a_rule("said", group("none", check("said", "equals", "No.")))
HEARD = a_rule("heard", check("heard", "not_empty"))


def resting(if_unsound: str = "reopens", **asked: Any) -> Story:
    told = story(asking(needs("talk", **asked), rules=[SAID, HEARD], if_unsound=if_unsound))
    return told.given(
        hand_in("talk", "co_design", said="Yes.", heard=["Roma"], files=(a_file(sealed=True),)), advance()
    )


def why(told: Story) -> list[str]:
    project = told.project
    return why_unsound(told.workflow, project, project.passings[-1], told.today, told.calendar)


@pytest.mark.parametrize("if_unsound", ["warns", "freezes", "reopens"])
def test_an_erasure_leaves_a_passed_gate_sound(if_unsound: str) -> None:
    """A gate that rested on erased words keeps its verdict, is sound, freezes and reopens nothing, and says so.

    Seen to fail when a passed gate was judged by what is left of the words.
    """
    told = resting(if_unsound, rules=["said", "heard"], level="co_design")
    told.when(erase("a1")).accepted("evidence_erased")
    passing = told.project.passings[0]
    assert why(told) == []
    assert passing.verdicts == {"talk": ["met", ["a1"]]}
    assert [r.id for r in rests_on_erased(told.project, passing)] == ["a1"]
    assert evidence_under(told.workflow, told.project, passing) == set(), "its files are gone by right"
    assert told.project.stage == "build"


def test_what_needs_no_words_goes_on_being_judged() -> None:
    """A record that was erased runs out on the day it would have, since its date is no word."""
    told = resting("warns", rules=["said"], fresh=span(10, "days")).given(erase("a1"))
    assert why(told.on("2026-06-11")) == []
    assert "counted for 10 days" in " ".join(why(told.on("2026-06-12")))


def test_what_was_lost_before_is_drawn_and_not_hidden() -> None:
    """What time had taken from a passed gate by then is put on record by the erasure, and affirmed as ever after."""
    told = resting("warns", fresh=span(10, "days")).on("2026-06-20")
    told.when(erase("a1")).accepted("evidence_erased", "gate_unsound")
    told.given(hand_in("talk", "co_design"), affirm(told.project.passings[0].seq))
    assert why(told) == []


def test_altered_files_are_drawn_before_they_are_erased() -> None:
    """Nobody hides by erasing that a stored file under a passed gate was altered."""
    told = resting("warns")
    then = told.when(erase("a1"), altered=["a1"]).accepted("evidence_erased", "gate_unsound")
    assert then.events[1].body["altered"] == ["a1"]


def test_a_record_that_did_not_do_does_not_do_by_being_erased() -> None:
    """A newer record that failed a rule goes on failing it after its words are gone; a new one puts it right.

    Seen to fail when an erased record was taken for good at a passed gate.
    """
    told = resting("warns", rules=["said"]).given(hand_in("talk", said="No."), erase("a2"))
    assert "Its words were erased" in " ".join(why(told))
    told.given(hand_in("talk", said="Yes."), affirm(told.project.passings[0].seq))
    assert why(told) == []


def test_a_record_that_took_the_place_of_the_first_keeps_the_gate_sound() -> None:
    """Erasing what stands in the place of the evidence a gate rested on takes nothing from the gate either."""
    told = resting("reopens", rules=["said"], fresh=span(10, "days")).on("2026-06-09")
    told.given(hand_in("talk", "co_design", said="Still yes."), erase("a2")).on("2026-06-15")
    assert why(told) == []


def test_a_gate_passed_after_the_erasure_does_not_rest_on_it() -> None:
    """Evidence that was erased in one cycle counts for nothing in the next, though it carries over."""
    told = story(asking(needs("talk", carries_over=True))).given(hand_in("talk"), advance(), erase("a1"))
    told.given(advance(act="again", reason="Again."))
    assert told.state("talk") == "unmet"
    assert why(told) == []


def test_what_can_no_longer_be_signed_is_handed_in_anew() -> None:
    """Where a passed gate lacks a signature under an erased record, the way on is a new record, never a signature."""
    of = asking(needs("talk", signed_by=["sro"]), if_unsound="freezes")
    told = story(of).given(hand_in("talk")).given(sign("talk")).given(advance())
    told.given(hand_in("talk")).given(erase(told.record_of("talk").id))
    assert "Not yet signed by the senior responsible owner." in why(told)[0]
    (frozen,) = frozen_by(of, told.project, told.today, told.calendar)
    acts, hopeless = righting(of, told.project, frozen, told.today, told.calendar, frozenset())
    assert not hopeless
    assert [a.act for a in acts] == ["add_evidence", "sign"]


def test_a_wait_goes_on_from_the_date_of_an_erased_record() -> None:
    """A date is no word: a wait that counts from it ends on the day it would have; the notice itself is asked anew."""
    of = workflow(gate(needs("notice", "notice"), wait("pause", "notice.published_on", 5, "days")))
    told = story(of).given(hand_in("notice", published_on="2026-06-01"))
    over_on = told.verdict("pause").over_on
    told.given(erase("a1"))
    assert (told.state("notice"), told.state("pause")) == ("unmet", "pending")
    assert told.verdict("pause").over_on == over_on
    assert "its date was not" in told.why("pause")


def test_a_way_that_follows_an_erased_decision_is_shut() -> None:
    """No way is taken on a decision whose words were erased: it is recorded anew first.

    Seen to fail when the choice that is left of it led on.
    """
    of = workflow(gate(needs("talk")))
    told = story(of).given(hand_in("talk", grade="good"))
    way = replace(of.stages["plan"].transitions[0], follows=Follows("talk", "grade", "good"))
    assert astray(of, told.project, way) is None
    told.given(erase("a1"))
    assert "record it anew" in str(astray(of, told.project, way))


def soundness(told: Story) -> dict[int, tuple[bool, bool, bool]]:
    """Returns for each passing whether it is sound, has lost something, and lacks something as things are."""
    found = {p.seq: weigh(told.workflow, told.project, p, told.today, told.calendar) for p in told.project.passings}
    return {seq: (one.sound, one.lost, bool(one.wrong)) for seq, one in found.items()}


@moderate(150)
@given(passed("warns", "freezes", "reopens"), st.data())
def test_an_erasure_changes_nothing_about_passed_gates(told: Story, data: st.DataObject) -> None:
    """Whatever is erased, whenever: each passed gate is as sound as before, and nothing is frozen that was not.

    Seen to fail when erased records stood aside, and when they were all taken for good.
    """
    for _ in range(data.draw(st.integers(0, 8))):
        wish, by = wished(data.draw, told, (*KINDS_OF_STEP, *REST))  # type: ignore[arg-type]  # draws as a DrawFn does
        if isinstance(wish, int):
            told.on(told.today + timedelta(days=wish))
        else:
            told.when(wish, by)
    erased_in_place(told, data.draw(st.sampled_from(list(told.project.records))))
    for name in leaf_ids(told.workflow, "evidence"):  # what may fail the rules, and nothing but the rules
        if isinstance(told.when(hand_in(name, TOP)).outcome, Accepted):
            erased_in_place(told, list(told.project.records)[-1])


def erased_in_place(told: Story, evidence: str) -> None:
    """Erases a record and fails unless every passed gate stands as it stood."""
    before, stage = soundness(told), told.project.stage
    freezing = [f.passing.seq for f in frozen_by(told.workflow, told.project, told.today, told.calendar)]
    told.when(erase(evidence))
    if told.project.stage == stage:
        assert soundness(told) == before
        after = frozen_by(told.workflow, told.project, told.today, told.calendar)
        assert [f.passing.seq for f in after] == freezing
    else:  # put back for what time had taken already
        assert any(lost for _, lost, _ in before.values())


@moderate(150)
@given(situations(), st.data())
def test_an_erasure_never_opens_a_gate(told: Story, data: st.DataObject) -> None:
    """No requirement comes to hold by an erasure, and the state is the same whether the words are gone or not.

    Seen to fail when the record before an erased one counted again.
    """
    nothing_opens(told, data.draw(st.sampled_from(list(told.project.records))))
    for name in leaf_ids(told.workflow, "evidence"):  # a good record lies under the one that is erased
        told.when(satisfying(told, name))
        if isinstance(told.when(hand_in(name, LEVELS[0])).outcome, Accepted):
            nothing_opens(told, list(told.project.records)[-1])
    assert replay(forgotten(told.entries)) == told.project == replay(told.entries)


def nothing_opens(told: Story, evidence: str) -> None:
    """Erases a record and fails where a requirement of the gate holds that did not."""
    held = holding(told)
    told.when(erase(evidence))
    assert holding(told) <= held


def holding(told: Story) -> set[str]:
    return {name for name, v in told.judgement().by_id().items() if v.state in HOLDS}
