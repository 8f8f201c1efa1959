"""The acts that would open a gate, by example: a smallest set, in an order that works, with days and details."""

from __future__ import annotations

from datetime import date

import pytest

from .builders import (
    Json,
    advance,
    against,
    all_of,
    any_of,
    asking,
    at_least,
    check,
    decide_on,
    gate,
    group,
    hand_in,
    needs,
    rule,
    sign,
    signature,
    span,
    wait,
    waive,
    withdraw,
    workflow,
)
from .story import Story, story

REACH = rule("reach", against("heard", "includes_all_of", "groups"), "Hear every group.")
CHEAP = rule("cheap", against("cost", "at_most", "value"), "Spend no more than the project has.")
SCORED = rule("scored", check("score", "at_least", 3))
SIZED = rule("sized", check("project.size", "at_least", 2))
RULES = (REACH, CHEAP, SCORED, SIZED)


def told(*requires: Json, today: str = "2026-06-01", decided_by: tuple[str, ...] = ()) -> Story:
    return story(asking(*requires, rules=RULES, decided_by=decided_by, waived_by=["sro", "cochair"]), today)


def test_one_act_for_each_record_and_each_role() -> None:
    """One act for each record and each role: fields first, then records, signatures, waits, decisions."""
    asked = told(
        needs("a", signed_by=["sro", "edi"], rules=["reach"]),
        needs("b", count=2),
        signature("c", "cochair"),
        needs("d", "notice"),
        wait("e", "d.published_on", 2, "days"),
        decided_by=("sro", "cochair"),
    )
    assert asked.acts() == [
        "set_field groups",
        "add_evidence a",
        "add_evidence b",
        "add_evidence b",
        "add_evidence d",
        "sign a sro",
        "sign a edi",
        "sign c cochair",
        "wait e",
        "decide sro",
        "decide cochair",
    ]


def test_an_act_says_what_would_satisfy_and_who_may() -> None:
    """`roles` means any one of these, `set_field` names its field, and a record is described with all that is asked."""
    level = {"level": "co_design", "fresh": span(2, "weeks")}
    asked = told(needs("a", "notice", **level), needs("b", rules=["sized"], fresh="this stage"), decided_by=("sro",))
    found = {(a["act"], a["requirement"]): a for a in asked.told()["acts"]}
    assert found["set_field", None] == {
        "act": "set_field",
        "requirement": None,
        "roles": ["programme_manager", "admin"],
        "detail": {"field": "size", "title": "Size"},
        "not_before": None,
    }
    assert found["add_evidence", "a"]["roles"] == ["sro", "cochair", "lead", "edi"]
    assert found["add_evidence", "a"]["detail"] == {
        "kind": "notice",
        "title": "Notice",
        "file": "optional",
        "level": "co_design",
        "fields": ["published_on"],
        "rules": [],
        "fresh": "2 weeks",
    }
    assert found["add_evidence", "b"]["detail"]["rules"] == ["Mend it."]
    assert found["add_evidence", "b"]["detail"]["fresh"] == "this stage"
    assert found["decide", None]["roles"] == ["sro"]


def test_a_wait_and_the_decisions_beside_it_carry_its_end() -> None:
    """`decide` beside a running wait carries the wait's `not_before`, the earliest day the gate can open."""
    asked = told(needs("n", "notice"), wait("w", "n.published_on", 8), decided_by=("sro",), today="2026-02-02")
    asked.given(hand_in("n", published_on="2026-02-02"))
    (pause, decision) = asked.answer().acts
    assert (pause.act, pause.not_before, pause.roles) == ("wait", date(2026, 2, 14), ())
    assert pause.detail == {"length": "8 working days", "after": "n", "field": "published_on"}
    assert decision.not_before == date(2026, 2, 14)
    assert asked.answer().earliest_open == date(2026, 2, 14)
    assert "The earliest day it can open is 14 February 2026." in asked.told()["summary"]


def test_a_wait_without_its_record_counts_from_a_record_handed_in_today() -> None:
    """A wait that nothing started is planned from a record handed in today, which other parts may ask for as well."""
    asked = told(needs("n", "notice", signed_by=["sro"]), wait("w", "n.published_on", 8), today="2026-02-02")
    assert asked.acts() == ["add_evidence n", "sign n sro", "wait w"]
    assert asked.answer().earliest_open == date(2026, 2, 14)


def test_waits_stand_in_the_order_of_their_ends() -> None:
    """Of several waits the one that ends first comes first, so that no day goes back."""
    asked = told(
        needs("n", "notice"), wait("long", "n.published_on", 9, "weeks"), wait("short", "n.published_on", 1, "days")
    )
    assert asked.acts() == ["add_evidence n", "wait short", "wait long"]


def test_what_expires_before_the_last_wait_is_over_is_handed_in_after_it() -> None:
    """A record that would no longer be fresh when the last wait is over is handed in, and signed, on that day.

    Seen red: it was to be handed in today, and the gate was shut again when the wait was over.
    """
    asked = told(
        needs("n", "notice"),
        wait("w", "n.published_on", 14, "days", "same_day"),
        needs("fresh", fresh=span(3, "days"), signed_by=["sro"]),
        needs("lasting", fresh=span(14, "days")),
    )
    asked.given(hand_in("n", published_on="2026-06-01"), hand_in("fresh"), sign("fresh"))
    assert asked.acts() == ["add_evidence lasting", "wait w", "add_evidence fresh", "sign fresh sro"]
    assert [a.not_before for a in asked.answer().acts] == [None, *[date(2026, 6, 15)] * 3]


def test_a_waiver_that_ends_while_a_wait_runs_does_not_help() -> None:
    """What is waived today and no longer when the wait is over has to be done."""
    asked = told(needs("n", "notice"), wait("w", "n.published_on", 14, "days", "same_day"), needs("a"))
    asked.given(hand_in("n", published_on="2026-06-01"), waive("a", "2026-06-14"))
    assert asked.acts() == ["add_evidence a", "wait w"]
    asked.given(waive("a", "2026-06-15"))
    assert asked.acts() == ["wait w"]


def test_a_group_that_is_waived_by_its_parts_still_waits() -> None:
    """A group of a waived part and a running wait is opened by the wait, not by nothing.

    Seen red: seen from the day the wait is over the group counted as waived, and the wait was left out.
    """
    asked = told(
        needs("n", "notice"), all_of("g", signature("s", "sro"), wait("w", "n.published_on", 1, "days", "same_day"))
    )
    asked.given(hand_in("n", published_on="2026-06-01"), waive("s"))
    assert asked.acts() == ["wait w"]


def test_a_record_that_is_handed_in_anew_starts_its_wait_anew() -> None:
    """A wait reads the newest record, so a record that must be replaced starts its wait again, from today.

    Seen red: the end of the old wait was promised.
    """
    asked = told(needs("n", "notice", level="co_design"), wait("w", "n.published_on", 8, "days", "same_day"))
    asked.given(hand_in("n", published_on="2026-05-29"))
    assert asked.acts() == ["add_evidence n", "wait w"]
    assert asked.answer().earliest_open == date(2026, 6, 9)
    assert [a["not_before"] for a in asked.told()["requirements"][1]["needs"]] == ["2026-06-06"]
    over = told(needs("n", "notice", level="co_design"), wait("w", "n.published_on", 1, "days", "same_day"))
    over.given(hand_in("n", published_on="2026-05-01"))
    assert over.acts() == ["add_evidence n", "wait w"]


def test_a_record_that_is_handed_in_anew_is_signed_anew() -> None:
    """Where a wait needs a record that says its date, the old one's signatures lapse and are needed again.

    Seen red: the record was to be handed in anew and its signature thought to stand.
    """
    asked = told(needs("n", "notice", signed_by=["sro"]), wait("w", "n.note_on", 1, "days", "same_day"))
    asked.given(hand_in("n", published_on="2026-06-01"), sign("n"))
    assert asked.state("n") == "met"
    assert asked.acts() == ["add_evidence n", "sign n sro", "wait w"]


def test_a_record_counted_among_others_may_start_a_wait_as_well() -> None:
    """Where records are counted, one more for the sake of a wait takes nothing away."""
    asked = told(needs("n", "notice", count=1), wait("w", "n.note_on", 1, "days", "same_day"))
    asked.given(hand_in("n", published_on="2026-06-01"))
    assert asked.acts() == ["add_evidence n", "wait w"]


def test_a_field_that_mends_a_record_keeps_its_signatures() -> None:
    """Where a field of the project is all that a signed record lacks, nothing is handed in or signed again.

    Seen red: the signature that stood was asked for again, and would have been refused.
    """
    asked = told(needs("a", rules=["reach"], signed_by=["sro", "edi"]))
    asked.given(hand_in("a", heard=["Roma"]), sign("a"))
    assert asked.acts() == ["set_field groups", "sign a edi"]


def test_a_field_is_not_set_where_a_record_does_it() -> None:
    """Of a field that would mend a record in two acts and a new record in one, the new record is proposed."""
    either = rule(
        "either",
        group(
            "any",
            check("score", "at_least", 3),
            group("all", *[check(f"project.{f}", "not_empty") for f in ("size", "target")]),
        ),
    )
    asked = story(asking(needs("a", rules=["either"]), rules=[either])).given(hand_in("a", score=1))
    assert asked.acts() == ["add_evidence a"]


def test_one_field_may_mend_several_records() -> None:
    """Where records are counted, one field that mends several of them is better than handing them in anew.

    Seen red: three records were to be handed in beside the field, since the two that it mends were not enough.
    """
    asked = told(needs("a", count=3, rules=["reach"])).given(*[hand_in("a", heard=["Roma"]) for _ in range(2)])
    assert asked.acts() == ["set_field groups", "add_evidence a"]
    asked.given(hand_in("a", heard=["Roma"]))
    assert asked.acts() == ["set_field groups"]


def test_a_field_that_several_parts_need_is_set_once() -> None:
    """A field of the project is set once, however many requirements need it."""
    asked = told(needs("a", rules=["reach"]), any_of("g", needs("b", rules=["reach"]), needs("c", count=3)))
    assert asked.acts() == ["set_field groups", "add_evidence a", "add_evidence b"]


def test_what_comes_to_apply_once_a_field_is_set_is_done_too() -> None:
    """A requirement that applies once a field is set is among the acts where that field must be set.

    Seen red: the acts set the field, and the gate then asked for more.
    """
    said = check("project.groups", "not_empty")
    asked = told(
        needs("a", rules=["reach"]),
        needs("b", when=said),
        any_of("g", needs("c", when=said, signed_by=["sro"])),
        any_of("h", needs("n", "notice"), needs("other", count=5), when=said),
    )
    assert asked.acts() == [
        "set_field groups",
        "add_evidence a",
        "add_evidence b",
        "add_evidence c",
        "add_evidence n",
        "sign c sro",
    ]


def test_a_field_is_never_set_to_escape_a_requirement() -> None:
    """`set_field` is never proposed in order to escape a requirement."""
    asked = story(asking(needs("a", count=9, when=check("project.target", "at_least", 2))), target=2)
    assert asked.acts() == ["add_evidence a"] * 9


@pytest.mark.parametrize(
    ("group_", "acts"),
    [
        (any_of("g", needs("a", signed_by=["sro"]), needs("b")), ["add_evidence b"]),
        (any_of("g", needs("a"), needs("b")), ["add_evidence a"]),
        (all_of("g", needs("a"), needs("b")), ["add_evidence a", "add_evidence b"]),
        (at_least("g", 2, needs("a", signed_by=["sro"]), needs("b"), needs("c")), ["add_evidence b", "add_evidence c"]),
        (any_of("g", needs("a"), signature("s", "sro")), ["add_evidence a"]),
        (any_of("g", all_of("h", needs("a"), needs("b")), signature("s", "sro")), ["sign s sro"]),
        (any_of("g", wait("w", "n.published_on", 1), needs("a")), ["add_evidence a"]),
    ],
)
def test_a_group_is_opened_by_its_smallest_way(group_: Json, acts: list[str]) -> None:
    """Of the ways through a group the one with the fewest acts is proposed, of equals the one written first."""
    asked = told(group_, needs("n", "notice")).given(hand_in("n", published_on="2026-06-01"))
    assert asked.acts() == acts


def test_what_other_parts_need_anyway_makes_a_way_cheaper() -> None:
    """A way that shares its record with another requirement counts only for what it adds."""
    asked = told(needs("n", "notice"), any_of("g", wait("w", "n.published_on", 1), needs("a", signed_by=["sro"])))
    assert asked.acts() == ["add_evidence n", "wait w"]


def test_a_missing_principle_is_evidenced_in_the_cheapest_place() -> None:
    """Where every principle is asked for, acts that only evidence a missing one are among the acts, and no more.

    Seen red: a part of a waived group, or of a group not needed, was never thought of as a place to evidence one.
    """
    asked = gate(
        any_of("g", needs("a", principles=["P1"]), needs("b", principles=["P2"], signed_by=["sro"])),
        all_of("h", needs("c", principles=["P2"]), needs("d")),
        every_principle=True,
        waived_by=["sro", "cochair"],
    )
    waived = story(workflow(asked, principles=["P1", "P2"])).given(hand_in("a"), waive("h"))
    assert waived.acts() == ["add_evidence c"]
    unneeded = gate(
        any_of("g", needs("a", principles=["P1"]), all_of("h", needs("b", principles=["P2"]), needs("c"))),
        every_principle=True,
    )
    assert story(workflow(unneeded, principles=["P1", "P2"])).given(hand_in("a")).acts() == ["add_evidence b"]


def test_a_requirement_that_evidences_needs_to_be_met_not_waived() -> None:
    """A waived requirement evidences no principle, so it is to be met where its principle is missing."""
    asked = gate(needs("a", principles=["P1"]), every_principle=True, waived_by=["sro", "cochair"])
    found = story(workflow(asked, principles=["P1"])).given(waive("a"))
    assert (found.judgement().holds, found.acts()) == (False, ["add_evidence a"])


def test_each_requirement_says_what_it_needs_by_itself() -> None:
    """`needs` gives for each requirement that does not hold the acts that would satisfy it alone."""
    asked = told(any_of("g", needs("a", count=2), needs("b")), needs("c")).given(hand_in("c"))
    shown = {r["id"]: r for r in asked.told()["requirements"]}
    assert [a["requirement"] for a in shown["g"]["needs"]] == ["b"]
    assert [len(r["needs"]) for r in shown["g"]["of"]] == [2, 1]
    assert shown["c"]["needs"] == []


def test_an_open_gate_asks_for_nothing() -> None:
    """An open gate has no acts, and is open today."""
    asked = told(needs("a"), decided_by=("sro",)).given(hand_in("a"), decide_on())
    found = asked.answer()
    assert (found.open, found.acts, found.needs, found.earliest_open) == (True, (), {}, asked.today)


def test_a_shut_gate_that_only_lacks_decisions_asks_for_them() -> None:
    """Where every requirement holds, the acts are the decisions that are missing, to be made today."""
    asked = told(needs("a"), decided_by=("sro", "cochair")).given(hand_in("a"), decide_on())
    assert asked.acts() == ["decide cochair"]
    assert asked.answer().acts[0].not_before is None


def test_a_broken_part_can_be_gone_round_or_not_at_all() -> None:
    """A way round what is broken is found, or it is mended by a new record, or nothing opens the gate.

    Seen red: a group with a broken part was thought to have no way at all.
    """
    broken = wait("w", "n.published_on", 8)
    round_ = told(needs("n", "notice"), any_of("g", broken, needs("a"))).given(hand_in("n", published_on="2035-12-28"))
    assert (round_.state("g"), round_.acts()) == ("error", ["add_evidence a"])
    mended = told(needs("n", "notice"), broken).given(hand_in("n", published_on="2035-12-28"))
    assert (mended.state("w"), mended.acts()) == ("error", ["add_evidence n", "wait w"])
    never = told(needs("a", fresh=span(9_000, "years"))).given(hand_in("a"))
    assert (never.state("a"), never.answer().earliest_open) == ("error", None)


def test_a_withdrawn_record_is_asked_for_again() -> None:
    """After a withdrawal the acts ask for what is missing again."""
    asked = told(needs("a", signed_by=["sro"])).given(hand_in("a"), sign("a"))
    assert asked.given(withdraw("a1")).acts() == ["add_evidence a", "sign a sro"]


def test_a_withdrawn_record_is_not_told_as_one_that_never_was() -> None:
    """Whoever handed something in reads that it was withdrawn, the newest one's day, and not that nothing ever came.

    Seen to fail when the oldest was named, and when a withdrawn record of an earlier cycle was.
    """
    asked = told(needs("a"), needs("b")).given(hand_in("a")).on("2026-06-03").given(hand_in("a"), withdraw("a2"))
    assert asked.state("a") == "met"
    asked.given(withdraw("a1"))
    assert asked.why("a").startswith("What was handed in on 3 June 2026 was withdrawn, and nothing stands in its")
    assert asked.why("b").startswith("Nothing has been handed in yet.")
    once_more = story(workflow(gate(needs("a")))).given(hand_in("a"), hand_in("a"), withdraw("a2"))
    once_more.given(advance(), advance(act="again"))
    assert once_more.why("a").startswith("Nothing has been handed in yet.")


def test_the_acts_are_for_the_stage_the_project_is_in() -> None:
    """Each stage has its own gate, and evidence that arrived before its stage counts there."""
    asked = story(workflow(gate(needs("a")), gate(needs("b"), needs("c"), id="next"))).given(hand_in("b"))
    assert asked.acts() == ["add_evidence a"]
    assert asked.given(hand_in("a"), advance()).acts() == ["add_evidence c"]
