"""What each deadline says of itself: how grave it is, whom to ask, how long it ran, and which one it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.core.bank_holidays import calendars
from engine.core.deadlines import Deadline
from engine.core.deadlines_derived import derive
from engine.core.definition import Basis, Span
from engine.core.evidence import Waiver

from .builders import (
    Json,
    advance,
    all_of,
    any_of,
    asking,
    check,
    decide_on,
    gate,
    hand_in,
    needs,
    span,
    stage,
    stages,
    wait,
    waive,
    way,
    withdraw,
    workflow,
)
from .story import Story, story
from .test_deadlines import due, found
from .test_living_reopening import built

TEN: Json = {"fresh": span(10, "days")}
ACT: Json = {"basis": {"kind": "law", "source": "The Act"}, "law": True}


def one(told: Story, name: str) -> Deadline:
    """Returns a deadline by kind and subject."""
    return found(told)[name]


# ---- how grave


@pytest.mark.parametrize(("law", "severity"), [(True, "law"), (False, "gate")])
def test_evidence_at_the_gate_ahead_is_as_grave_as_what_it_is_asked_by(law: bool, severity: str) -> None:
    """What the law asks for is law, and nothing else is; its basis stands beside it.

    Seen to fail when everything at the gate ahead is law, and when nothing is.
    """
    told = story(asking(needs("score", **TEN, **(ACT if law else {})))).given(hand_in("score"))
    assert one(told, "freshness score").severity == severity
    assert one(told, "freshness score").basis == (Basis("law", "The Act") if law else None)


@pytest.mark.parametrize(("if_unsound", "severity"), [("warns", "watch"), ("freezes", "gate"), ("reopens", "gate")])
def test_under_a_passed_gate_it_is_as_grave_as_what_its_loss_does(if_unsound: str, severity: str) -> None:
    """A gate that only warns is watched; one that freezes or reopens the project is as grave as the gate ahead.

    Seen to fail when all passed gates are watched only, and when none is.
    """
    told = story(asking(needs("score", **TEN), if_unsound=if_unsound)).given(hand_in("score")).given(advance())
    ended = one(told, "freshness score")
    assert (ended.severity, ended.passed, ended.gate) == (severity, True, "gate")


# ---- whom to ask, and how long


def test_each_kind_asks_those_who_can_do_something() -> None:
    """A record is asked of those who sign it, a wait of those who decide, a waiver of those who waive.

    Seen to fail when a waiver is asked of those who decide.
    """
    asked = gate(
        needs("score", signed_by=["edi"], **TEN),
        needs("talk"),
        needs("notice", "notice"),
        wait("pause", "notice.published_on", 3, "weeks"),
        decided_by=["sro"],
        waived_by=["sro", "cochair"],
    )
    told = story(workflow(asked)).given(hand_in("score"), hand_in("notice", published_on="2026-06-01"))
    told.given(waive("talk", "2026-07-01"))
    some = found(told)
    assert {name: d.who for name, d in some.items() if d.kind != "freshness"} == {
        "wait pause": ("sro",),
        "waiver talk": ("sro", "cochair"),
    }
    assert (some["wait pause"].length, some["waiver talk"].length) == (Span(3, "weeks"), None)
    assert {d.gate for d in some.values()} == {"gate"}


def test_where_nobody_is_named_to_sign_or_to_waive_those_who_decide_are_asked() -> None:
    """Evidence without signatories, and a waiver at a gate that names nobody for it, are for those who decide."""
    asked = gate(needs("score", **TEN), needs("talk"), decided_by=["sro", "cochair"])
    told = story(workflow(asked)).given(hand_in("score")).given(waive("talk", "2026-07-01"))
    assert {d.who for d in found(told).values()} == {("sro", "cochair")}
    assert one(told, "freshness score").length == Span(10, "days")


def test_who_signs_a_record_is_asked_for_the_next() -> None:
    """Evidence that has signatories is theirs to renew, and not that of all who decide."""
    told = story(asking(needs("score", signed_by=["edi"], **TEN), decided_by=["sro"]))
    told.given(hand_in("score"), by="lead")
    assert one(told, "freshness score").who == ("edi",)


# ---- one of several ways


def test_one_of_several_ways_names_the_group_and_a_part_that_is_needed_does_not() -> None:
    """Only where another way would do is the group named: not in an `all_of`, and not where no other way applies.

    Seen to fail when every group is named, and when the only way that applies is called one of several.
    """
    open_only: Json = {"when": check("project.regime", "equals", "open")}

    def named(group: Json, name: str = "score") -> str | None:
        return one(story(asking(group)).given(hand_in("score")), f"freshness {name}").one_of

    assert named(any_of("either", needs("score", **TEN), needs("talk"))) == "Either"
    both = story(asking(all_of("both", needs("score", **TEN), needs("talk")))).given(hand_in("score"), hand_in("talk"))
    assert one(both, "freshness score").one_of is None
    assert named(any_of("either", needs("score", **TEN), needs("talk", **open_only))) is None
    nested = any_of("either", all_of("both", needs("score", **TEN)), needs("talk"))
    assert named(nested) == "Either"


# ---- what is not asked


def test_what_another_profile_is_asked_has_no_deadline() -> None:
    """A wait or a record for a profile that is not the project's has none, though what it runs from is there.

    Seen to fail when profiles are not looked at.
    """
    profiles = {"large": check("project.size", "at_least", 10), "small": None}
    extra = needs("extra", "notice", profiles=["large"], **TEN)
    asked = gate(needs("score", **TEN), extra, wait("pause", "extra.published_on", 3, profiles=["large"]))

    def handed_in(size: int) -> Story:
        told = story(workflow(asked, profiles=profiles), size=size)
        return told.given(hand_in("score"), hand_in("extra", published_on="2026-06-01"))

    assert set(found(handed_in(3))) == {"freshness score"}
    assert set(found(handed_in(12))) == {"freshness score", "freshness extra", "wait pause"}


def test_a_waiver_of_an_earlier_cycle_is_over_with_it() -> None:
    """A waiver ends with its cycle, so in the next only the gate passed under it has its day, and not the gate ahead.

    Seen to fail when the cycle of a waiver is not looked at.
    """
    told = story(workflow(gate(needs("talk"), waived_by=["sro", "cochair"]))).given(waive("talk", "2026-12-01"))
    told.given(advance(), advance(act="again"))
    assert (told.project.stage, told.project.cycle) == ("plan", 2)
    some = derive(told.workflow, told.project, told.today, told.calendar).deadlines
    assert [(d.id, d.passed) for d in some] == [("CC-1/waiver/talk/1", True)]


def test_of_two_waivers_the_longer_counts_in_whichever_order_they_came() -> None:
    """A shorter one that came later takes nothing away: until the end of the longer one the requirement is waived.

    Seen to fail when the newest waiver is taken.
    """
    told = story(asking(needs("talk"), waived_by=["sro", "cochair"])).given(waive("talk", "2026-07-10"))
    told.given(waive("talk", "2026-07-01"))
    assert told.on("2026-07-10").state("talk") == "waived"
    assert due(told) == {"waiver talk": "2026-07-10"}


def test_nothing_waives_what_the_law_asks_for() -> None:
    """A waiver in a state of a time when it was not law yet counts for nothing, and ends on no day."""
    told = story(asking(needs("talk", **ACT), waived_by=["sro", "cochair"]))
    other = story(asking(needs("talk"), waived_by=["sro", "cochair"])).given(waive("talk", "2026-07-10"))
    assert isinstance(other.project.waivers[0], Waiver)
    told.project_ = replace(told.project, waivers=list(other.project.waivers))
    assert told.state("talk") == "unmet"
    assert due(told) == {}


# ---- which one it is


def round_about() -> Story:
    """Returns a project in a stage that a yearly gate leads back to, with evidence of two months."""
    plan = stage("plan", way("advance", "done"), way("go_on", "plan", "gate"), way("anew", "plan", new_cycle=True))
    plan["target"] = span(2, "weeks")
    asked = gate(needs("score", fresh=span(2, "months")), decided_by=["sro"], if_unsound="warns")
    return story(workflow(asked, stages_=[plan, stage("done", final=True)])).given(hand_in("score"), by="lead")


def test_a_stage_entered_again_has_another_deadline_and_evidence_keeps_its_own() -> None:
    """Each time in a stage is a deadline of its own; a record under the passed gate and at the same gate ahead is one.

    That one is told as of the gate ahead, where it counts for more.
    Seen to fail when a stage is known by its cycle alone, and when the passed gate comes first.
    """
    told = round_about()
    before = found(told)
    told.on("2026-06-10").given(decide_on()).given(advance(act="go_on"))
    after = found(told)
    assert before["stage plan"].id != after["stage plan"].id
    assert after["stage plan"].due == date(2026, 6, 24)
    assert before["freshness score"] == after["freshness score"]
    assert (after["freshness score"].passed, after["freshness score"].severity) == (False, "gate")
    assert len(due(told)) == 2


def test_a_new_cycle_has_deadlines_of_its_own() -> None:
    """The same requirement in the next cycle is another deadline: what was said of the last is not said of it.

    Seen to fail when an occurrence has no cycle in it.
    """
    told = round_about()
    before = one(told, "freshness score").id
    told.given(advance(act="anew")).given(hand_in("score"), by="lead")
    assert told.project.cycle == 2
    assert one(told, "freshness score").id != before


def test_a_stage_says_how_long_it_was_given() -> None:
    """The target stands beside the day that follows from it, and the stage is our own plan, and no gate's."""
    ended = one(round_about(), "stage plan")
    assert (ended.length, ended.severity, ended.gate) == (Span(2, "weeks"), "plan", None)


def test_a_stage_is_counted_by_the_published_calendar_and_a_wait_by_the_register_s() -> None:
    """A holiday that a register added moves its waits and not its stages, so that a plan is the same everywhere.

    Three working days after Monday 1 June are the 4th; the notice's three are [2] 3-5, over on the 6th, and one more
    where the 3rd is added.
    Seen to fail when both are counted by the same calendar.
    """
    asked = gate(needs("notice", "notice"), wait("pause", "notice.published_on", 3), decided_by=["sro", "cochair"])
    made = stages("gate")
    made[0]["target"] = span(3, "working_days")
    told = story(workflow(asked, stages_=made)).given(hand_in("notice", published_on="2026-06-01"))
    own = calendars(((date(2026, 6, 3), "A day of rest"),))["england-and-wales"]
    some = derive(told.workflow, told.project, told.today, own, told.calendar).deadlines
    assert {d.kind: d.due.isoformat() for d in some} == {"stage": "2026-06-04", "wait": "2026-06-09"}
    assert {d.kind: d.due.isoformat() for d in derive(told.workflow, told.project, told.today, own).deadlines} == {
        "stage": "2026-06-05",
        "wait": "2026-06-09",
    }
    assert {d.who for d in some} == {("sro", "cochair")}


# ---- conditions


def test_a_condition_is_known_by_its_passing_and_its_number() -> None:
    """The first condition of a passing is number 1, which is the number `condition met` takes."""
    told = story(workflow(gate(needs("talk"), decided_by=["sro"]))).given(hand_in("talk")).given(decide_on())
    told.given(advance(conditions=[("Mend the door.", "lead", "2026-07-01"), ("Paint it.", "lead", "2026-07-02")]))
    seq = told.project.passings[0].seq
    some = derive(told.workflow, told.project, told.today, told.calendar).deadlines
    assert [(d.occurrence, d.what, d.says) for d in some] == [
        (f"{seq}.1", "Condition 1 is to be met", "Mend the door."),
        (f"{seq}.2", "Condition 2 is to be met", "Paint it."),
    ]


def test_the_conditions_of_a_gate_that_was_reopened_are_gone() -> None:
    """A project that was put back before the gate has not passed it, with conditions or without.

    Seen to fail when it is not looked at whether the passing was undone.
    """
    told = built()
    assert "condition gate" in due(told)
    told.on("2026-06-03").when(withdraw("a1"))
    assert told.project.stage == "plan"
    assert "condition gate" not in due(told)
