"""Each timer as people, calendars and rows know it: its id for ever, its words, its day and its source."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .story import Story
from .test_deadlines_timers import award, awarded, contract, notice, procuring, timers

DIRECT = "SI 2023/1348, direct award processes A and B"
UNCONFIRMED = "Local practice; the time limit of the confirmation was not confirmed"
DETAILS = "Procurement Act 2023, contract details notice"
GUIDANCE = "Local practice, after the 2022 statutory guidance on working with people and communities"
SUMMARY = "SI 2023/1348, regulation 25, and the guidance on it: within six months of the year's end"

ON_AWARD = ("psr_award_notice.1", "Publish within 30 days of the award", "2026-06-20", "law", DIRECT)
CONFIRMED = ("psr_award_confirmation.1", "Publish within 30 days of the award", "2026-06-24", "local", UNCONFIRMED)
SIGNED = ("pa23_contract_details.1", "Publish within 30 days of signing the contract", "2026-06-24", "law", DETAILS)
LIGHT = (
    "pa23_contract_details_light.1",
    "Publish within 120 days of signing the contract",
    "2026-09-22",
    "law",
    f"{DETAILS}, light touch",
)
PERFORMED = (
    "pa23_performance.1",
    "Publish within 12 months of signing the contract",
    "2027-05-25",
    "law",
    "Procurement Act 2023, contract performance notice",
)
SUMMED = (
    "psr_annual_summary.2027.1",
    "Publish the yearly summary of awards to 31 March 2027",
    "2027-09-30",
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
def test_each_route_has_its_timers_and_no_other(regime: str, rows: set[tuple[str, ...]]) -> None:
    """By each procurement route: every timer that runs, under the id that calendars and rows know it by for ever.

    Awarded on 21 May 2026, the contract of over five million pounds signed on 25 May.
    Seen to fail with the id, the words or the source of a row changed, and with a route left out of one.
    """
    told = contract(award(procuring(regime, lifetime_value="16100000"), "2026-05-21"), "2026-05-25")
    found = timers(told).values()
    said = {(d.occurrence, d.what, d.due.isoformat(), d.basis.kind, d.basis.source) for d in found if d.basis}
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
    assert (found.occurrence, found.due.isoformat()) == ("feedback_to_participants.1", last)
    assert found.what == "Tell those who took part within 20 working days"
    assert found.basis is not None
    assert (found.basis.kind, found.basis.source) == ("local", GUIDANCE)


def test_a_gate_that_was_passed_without_an_award_of_that_kind_owes_no_summary() -> None:
    """Where the route is none of the Provider Selection Regime's no yearly summary is owed, whatever was passed."""
    for regime in ("pa23_full", "pa23_direct_award", "pa23_light_touch", "pa23_below_threshold", "undecided"):
        assert "publications" not in timers(awarded(contract(procuring(regime), "2026-05-25"), "2026-05-26"))
