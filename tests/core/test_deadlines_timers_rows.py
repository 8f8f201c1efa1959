"""Each timer as people, calendars and rows know it: its id for ever, its words, its day and its source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from .builders import asking, hand_in, needs, signature
from .story import Story, story
from .test_deadlines_timers import award, awarded, contract, notice, procuring, seeing, summary, timers

DIRECT = "SI 2023/1348, direct award processes A and B"
UNCONFIRMED = "Local practice; the time limit of the confirmation was not confirmed"
DETAILS = "Procurement Act 2023, contract details notice"
GUIDANCE = "Local practice, after the 2022 statutory guidance on working with people and communities"
SUMMARY = "SI 2023/1348, regulation 25, and the guidance on it: within six months of the year's end"

Row = tuple[str, str, str, str, str, str]
IN_30_DAYS = "Publish within 30 days of the award"
ON_AWARD: Row = ("psr_award_notice.1", IN_30_DAYS, "2026-06-20", "30 days", "law", DIRECT)
CONFIRMED: Row = ("psr_award_confirmation.1", IN_30_DAYS, "2026-06-24", "30 days", "local", UNCONFIRMED)
SIGNED: Row = (
    "pa23_contract_details.1",
    "Publish within 30 days of signing the contract",
    "2026-06-24",
    "30 days",
    "law",
    DETAILS,
)
LIGHT: Row = (
    "pa23_contract_details_light.1",
    "Publish within 120 days of signing the contract",
    "2026-09-22",
    "120 days",
    "law",
    f"{DETAILS}, light touch",
)
PERFORMED: Row = (
    "pa23_performance.1",
    "Publish within 12 months of signing the contract",
    "2027-05-25",
    "12 months",
    "law",
    "Procurement Act 2023, contract performance notice",
)
SUMMED: Row = (
    "psr_annual_summary.2027.1",
    "Publish the yearly summary of awards to 31 March 2027",
    "2027-09-30",
    "6 months",
    "law",
    SUMMARY,
)


@pytest.mark.parametrize(
    ("regime", "rows"),
    [
        ("psr_direct_award_a", {ON_AWARD, SUMMED}),
        ("psr_direct_award_b", {ON_AWARD, SUMMED}),
        ("psr_direct_award_c", {CONFIRMED, SUMMED}),
        ("psr_most_suitable_provider", {CONFIRMED, SUMMED}),
        ("psr_competitive", {CONFIRMED, SUMMED}),
        ("pa23_full", {SIGNED, PERFORMED}),
        ("pa23_direct_award", {SIGNED, PERFORMED}),
        ("pa23_light_touch", {LIGHT}),
        ("pa23_below_threshold", set()),
        ("undecided", set()),
    ],
)
def test_each_route_has_its_timers_and_no_other(regime: str, rows: set[Row]) -> None:
    """By each procurement route: every timer that runs, under the id that calendars and rows know it by for ever.

    Awarded on 21 May 2026, the contract of over five million pounds signed on 25 May.
    Seen to fail with the id, the words, the unit or the source of a row changed.
    """
    told = contract(award(procuring(regime, lifetime_value="16100000"), "2026-05-21"), "2026-05-25")
    found = timers(told).values()
    said = {(d.occurrence, d.what, str(d.due), str(d.length), d.basis.kind, d.basis.source) for d in found if d.basis}
    assert said == rows
    assert len(found) == len(rows), "each has a source"
    assert {d.id for d in found} == {f"CC-1/timer/{d.subject}/{d.occurrence}" for d in found}
    assert {d.gate for d in found} <= {"procure-gate", "review-gate"}


def on_notice(told: Story) -> Story:
    return notice(told, "award-notice", "2026-05-20")


def on_letter(told: Story) -> Story:
    return notice(told, "outcome-letter", "2026-05-22")


def on_direct_award(told: Story) -> Story:
    return notice(told, "direct-award-notice", "2026-05-26")


@pytest.mark.parametrize(
    ("regime", "published", "last"),
    [
        ("psr_competitive", on_notice, "2026-06-18"),
        ("pa23_light_touch", on_notice, "2026-06-18"),
        ("pa23_below_threshold", on_letter, "2026-06-22"),
        ("psr_direct_award_a", on_direct_award, "2026-06-23"),
    ],
)
def test_people_hear_of_it_from_the_day_that_their_route_makes_it_known(
    regime: str, published: Callable[[Story], Story], last: str
) -> None:
    """Each route makes its outcome known in its own way, and twenty working days later who took part has heard of it.

    By hand, 25 May 2026 being a bank holiday: from 20 May to 18 June, from 22 May to 22 June, from 26 May to 23 June.
    Seen to fail with the letter, or with the notice of a direct award, left out; then nobody was told at all.
    """
    told = procuring(regime)
    assert "feedback" not in timers(told)
    found = timers(published(told))["feedback"]
    assert (found.occurrence, str(found.due), str(found.length)) == (
        "feedback_to_participants.1",
        last,
        "20 working days",
    )
    assert found.what == "Tell those who took part within 20 working days"
    assert found.basis is not None
    assert (found.basis.kind, found.basis.source) == ("local", GUIDANCE)


def test_a_gate_that_was_passed_without_an_award_of_that_kind_owes_no_summary() -> None:
    """Where the route is none of the Provider Selection Regime's no yearly summary is owed, whatever was passed."""
    for regime in ("pa23_full", "pa23_direct_award", "pa23_light_touch", "pa23_below_threshold", "undecided"):
        assert "publications" not in timers(awarded(contract(procuring(regime), "2026-05-25"), "2026-05-26"))


def test_a_record_of_another_route_starts_nothing() -> None:
    """Where the route was changed, what was published by the one before is no notice of this one.

    Seen to fail when only the attempt was looked at, and not whether the notice applies.
    """
    told = on_direct_award(procuring("psr_direct_award_a"))
    assert "feedback" in timers(told)
    changed = {**told.project.fields, "regime": "pa23_below_threshold"}
    assert timers(seeing(told, replace(told.project, fields=changed))) == {}


def test_what_takes_no_record_has_no_timer() -> None:
    """In a workflow of somebody's own a requirement may have the id of one of ours and be a signature: nothing ends it.

    Seen to fail when only the id was looked at.
    """
    told = story(asking(needs("contract"), signature("performance-notice", "sro"))).given(hand_in("contract"))
    assert timers(told) == {}
    both = story(asking(needs("contract"), needs("performance-notice"))).given(hand_in("contract"))
    assert [d.occurrence for d in timers(both).values()] == ["pa23_performance.1"]


def test_a_timer_goes_on_in_the_stages_behind_the_gate() -> None:
    """What was signed in the procurement is to be published in time, whichever stage the project has come to since.

    Seen to fail when records of before the stage at hand were those of an earlier attempt, and when the last gate that
    was passed was taken for the gate of the contract.
    """
    told = contract(procuring("pa23_full", lifetime_value="16100000"), "2026-05-25")
    before = {d.id: d.due for d in timers(told).values()}
    assert len(before) == 2
    behind = awarded(told, "2026-05-26")
    (passing,) = behind.project.passings
    behind = seeing(behind, replace(behind.project, entered_order=behind.project.version))
    assert {d.id: d.due for d in timers(behind).values()} == before
    later = replace(passing, gate="review-gate", from_stage="review", entered_order=behind.project.version)
    beyond = seeing(behind, replace(behind.project, stage="vary", passings=[passing, later]))
    assert {d.id: d.due for d in timers(beyond).values()} == before


def test_a_summary_that_was_published_is_not_owed_again_in_a_new_cycle() -> None:
    """Who recommissions after the year was summed up owes nothing more for it.

    Seen to fail when the checks of the first cycle were not looked at.
    """
    told = awarded(contract(procuring("psr_competitive"), "2026-05-25"), "2026-06-01")
    anew = replace(told.project, stage="plan", cycle=2, entered_order=told.project.version)
    assert "publications" in timers(seeing(told, anew))
    told = summary(told, "2027-08-01", "published")
    anew = replace(told.project, stage="plan", cycle=2, entered_order=told.project.version)
    assert "publications" not in timers(seeing(told, anew))
