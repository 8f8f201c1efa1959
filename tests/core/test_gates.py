"""What a decision is bound to, and that judging is a function: complete, deterministic, the same when it is quiet."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.bench import Bench
from engine.core.definition import Workflow
from engine.core.gates import HOLDS, NOT_APPLICABLE, PENDING, UNMET, Judgement, judge, judge_from, verdict_on

from .builders import (
    any_of,
    asking,
    check,
    gate,
    group,
    hand_in,
    needs,
    set_fields,
    sign,
    signature,
    span,
    waive,
    withdraw,
    workflow,
)
from .story import Story, story
from .worlds import moderate, situations

BOTH = ["sro", "cochair"]


def bench(told: Story) -> Bench:
    project = told.project
    return Bench(told.workflow, project, told.today, told.calendar, project.entered_order, project.cycle)


def settled() -> Story:
    """A project of which something is met, something not, and something does not apply."""
    asked = asking(
        any_of("g", needs("talk", signed_by=["sro"]), needs("other", fresh=span(5, "days"))),
        needs("more", count=1),
        needs("big", when=check("project.target", "at_least", 5)),
        waived_by=BOTH,
    )
    return story(asked, target=1).given(hand_in("talk"), hand_in("other"))


CHANGES: list[tuple[str, Callable[[Story], Any]]] = [
    ("a newer record", lambda s: s.given(hand_in("other"))),
    ("a record of something unmet", lambda s: s.given(hand_in("more"))),
    ("a withdrawal", lambda s: s.given(withdraw("a1"))),
    ("a signature", lambda s: s.given(sign("talk"))),
    ("a waiver", lambda s: s.given(waive("more"))),
    ("a condition that comes to hold", lambda s: s.given(set_fields(target=5))),
    ("a record that expires", lambda s: s.on("2026-06-07")),
]


@pytest.mark.parametrize(("what", "change"), CHANGES, ids=[what for what, _ in CHANGES])
def test_a_decision_is_bound_to_every_verdict_and_what_it_rests_on(what: str, change: Callable[[Story], Any]) -> None:
    """When a requirement's verdict, or what it rests on, is another, so is what decisions are bound to."""
    told = settled()
    before = told.judgement().binds
    change(told)
    assert told.judgement().binds != before, what


def test_waivers_that_follow_each_other_bind_anew() -> None:
    """A waiver that takes another's place changes what decisions are bound to, though the state is the same."""
    told = settled().given(waive("more", "2026-06-20"))
    before = told.judgement().binds
    told.given(waive("more", "2026-06-25"))
    assert told.judgement().binds != before


def test_what_changes_no_verdict_leaves_decisions_bound() -> None:
    """Another field, another day, another record: what changes no verdict, nor what it rests on, binds the same."""
    of = workflow(gate(needs("talk", fresh=span(9, "days")), waived_by=BOTH), gate(needs("later"), id="second"))
    told = story(of, target=1).given(hand_in("talk"))
    before = told.judgement().binds
    told.given(set_fields(target=2, summary="Other."), hand_in("later"))
    assert told.on("2026-06-10").judgement().binds == before
    assert told.on("2026-06-11").judgement().binds != before


def test_what_a_verdict_rests_on_is_its_state_records_signatures_and_waiver() -> None:
    """A verdict rests on its state, records, signatures and waiver, and on those of its parts."""
    told = settled().given(sign("talk"), waive("more"))
    resting = {v.requirement.id: v.rests_on() for v in told.judgement().verdicts}
    assert resting == {
        "g": [
            "g",
            "met",
            ["a1", "a2"],
            [],
            None,
            [["talk", "met", ["a1"], ["s3"], None, []], ["other", "met", ["a2"], [], None, []]],
        ],
        "more": ["more", "waived", [], [], "w4", []],
        "big": ["big", "not_applicable", [], [], None, []],
    }


def test_without_a_waiver_a_verdict_would_be_what_it_is() -> None:
    """Where there is no waiver the state that a verdict would have is the state it has, and what is good is counted."""
    told = story(
        asking(needs("none"), needs("one"), needs("few", count=2), needs("both", count=2), signature("name", "sro"))
    )
    told.given(hand_in("one"), hand_in("few"), hand_in("both"), hand_in("both"))
    said = {name: (v.state, v.would, v.good) for name, v in told.judgement().by_id().items()}
    assert said == {
        "none": ("unmet", "unmet", 0),
        "one": ("met", "met", 1),
        "few": ("unmet", "unmet", 1),
        "both": ("met", "met", 2),
        "name": ("unmet", "unmet", 1),
    }


def test_several_reasons_are_sentences_one_after_another() -> None:
    """Why something does not apply, and why a record does not count, is every reason, a space between them."""
    both = group("all", check("project.target", "at_least", 5), check("project.size", "at_least", 5))
    of = asking(needs("big", when=both), needs("few", count=2, level="co_design", fresh=span(1, "days")))
    told = story(of, target=1).given(hand_in("few", happened_on="2026-05-01"))
    assert told.why("big") == "Does not apply. Target is 1 and must be at least 5. Size is not recorded."
    assert told.verdict("few").why == (
        "0 of 2 records do what is asked.",
        "Note of 1 May 2026. It does not say at which level people took part; at least co-design is needed."
        " It is of 1 May 2026 and counted for 1 day, until 2 May 2026; a newer one is needed.",
    )


def shape(found: Judgement) -> Any:
    """Returns everything in a judgement but its words."""
    verdicts = [replace(v, why=(), of=()) for top in found.verdicts for v in top.family()]
    return verdicts, found.principles, found.binds, found.holds, found.unevidenced


@moderate(80)
@given(situations())
def test_quiet_says_the_same_in_fewer_words(told: Story) -> None:
    """A quiet judgement has the same states, binds the same, and still says why whatever does not hold does not."""
    loud = judge_from(bench(told), told.workflow.gates["gate"])
    quiet = judge(told.workflow, told.workflow.gates["gate"], told.project, told.today, told.calendar, quiet=True)
    assert shape(quiet) == shape(loud)
    for name, verdict in quiet.by_id().items():
        assert set(verdict.why) <= set(loud.by_id()[name].why)
        assert verdict.why or verdict.state in HOLDS


def test_quiet_leaves_out_what_holds() -> None:
    """A quiet verdict that is met says nothing of the record that was looked at or of who signed."""
    told = story(asking(needs("talk", signed_by=["sro"]), signature("name", "edi"))).given(hand_in("talk"))
    told.given(sign("talk")).given(sign("name"), by="edi")
    asked, project = told.workflow.gates["gate"], told.project
    quiet, loud = (judge(told.workflow, asked, project, told.today, told.calendar, quiet=q) for q in (True, False))
    assert [v.why for v in quiet.verdicts] == [(), ()]
    assert [v.why for v in loud.verdicts] == [
        ("Note of 1 June 2026.", "Signed by the senior responsible owner."),
        ("Signed by the EDI lead.",),
    ]


def shuffled(told: Story, seed: int) -> Story:
    """Returns the same project and definition, their mappings in another order where order means nothing."""
    mix = random.Random(seed)  # noqa: S311  # an order to try, no secret

    def other(mapping: Any) -> Any:
        return dict(mix.sample(sorted(mapping.items()), len(mapping)))

    project = copy(told.project)
    project.fields = other(project.fields)
    project.records = {id: replace(r, facts=other(r.facts)) for id, r in project.records.items()}
    of: Workflow = told.workflow
    mixed = replace(
        of,
        roles=other(of.roles),
        fields={f.id: f for f in mix.sample(list(of.fields.values()), len(of.fields))},
        rules={r.id: r for r in mix.sample(list(of.rules.values()), len(of.rules))},
        evidence={k.id: k for k in mix.sample(list(of.evidence.values()), len(of.evidence))},
    )
    return replace(told, workflow=mixed, project_=project)


@moderate(60)
@given(situations(), st.integers(0, 2**16))
def test_judging_is_the_same_every_time_in_any_order(told: Story, seed: int) -> None:
    """The same project, definition, day and calendar give the same judgement, whatever the order of their members."""
    assert told.judgement() == told.judgement()
    assert shuffled(told, seed).judgement() == told.judgement()


@moderate(80)
@given(situations(), st.integers(0, 30))
def test_a_judgement_is_complete_and_keeps_its_word(told: Story, days: int) -> None:
    """Every requirement has its verdict; only unmet and pending are waived; a gate holds when all that applies does."""
    told.on(told.today + timedelta(days=days))
    found = told.judgement()
    assert list(found.by_id()) == [r.id for r in told.workflow.gates["gate"].all_requirements()]
    for verdict in found.by_id().values():
        assert verdict_on(bench(told), verdict.requirement) == verdict
        assert (verdict.waiver is not None) == (verdict.state != verdict.would)
        assert verdict.waiver is None or verdict.would in (UNMET, PENDING)
        assert verdict.why
    applying = [v for v in found.verdicts if v.state != NOT_APPLICABLE]
    assert found.holds == (all(v.state in ("met", "waived") for v in applying) and not found.unevidenced)
