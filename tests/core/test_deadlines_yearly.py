"""Whose year an award is summed up in, and that neither an earlier attempt nor a new cycle ends what is still owed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.core.deadlines import TIMER, Deadline
from engine.core.deadlines_derived import derive

from .builders import a_file, hand_in
from .story import Story
from .test_deadlines_timers import award, awarded, contract, due, notice, procuring, seeing, summary, timers


def all_timers(told: Story, subject: str) -> list[Deadline]:
    """Returns every timer that asks for something, by day."""
    found = derive(told.workflow, told.project, told.today, told.calendar)
    return [d for d in found.deadlines if d.kind == TIMER and d.subject == subject]


def opened_again(told: Story) -> Story:
    """Returns the story with its project sent back and come to the procurement anew."""
    return seeing(told, replace(told.project, entered_order=told.project.version))


def signed(told: Story, day: str) -> Story:
    """Hands in the contract, signed on a day, on that day."""
    return told.on(day).given(hand_in("contract", files=(a_file(),)), by="proc")


@pytest.mark.parametrize(
    ("regime", "decided", "contracted", "passed", "last"),
    [
        # after a standstill the contract is the award: in the year to 31 March 2026, whenever the gate is passed
        ("psr_competitive", "2026-02-03", "2026-03-11", "2026-09-21", "2026-09-30"),
        ("psr_direct_award_c", "2026-03-20", "2026-04-01", "2026-04-02", "2027-09-30"),
        ("psr_most_suitable_provider", "2026-03-20", "2026-03-31", "2026-04-01", "2026-09-30"),
        # without one the decision is
        ("psr_direct_award_a", "2026-03-31", "2026-04-20", "2026-05-04", "2026-09-30"),
        ("psr_direct_award_b", "2026-04-01", "2026-04-20", "2026-05-04", "2027-09-30"),
    ],
)
def test_the_year_is_that_of_the_award(regime: str, decided: str, contracted: str, passed: str, last: str) -> None:
    """The summary of a year counts what was awarded in it, and is owed from then on, before the gate is passed, too.

    By hand: a year ends on the next 31 March, that day included, and six months after 31 March is 30 September.
    Seen to fail when the year is that in which the gate was passed: of CC-002 the summary was asked for a year late.
    """
    told = award(procuring(regime, today="2026-10-01"), decided)
    assert ("publications" in due(told)) == (regime in ("psr_direct_award_a", "psr_direct_award_b"))
    contract(told, contracted)
    assert due(told)["publications"] == last
    assert timers(told)["publications"].severity == "law"
    assert due(awarded(told, passed))["publications"] == last


def test_without_a_day_on_record_the_year_is_that_of_the_gate() -> None:
    """Where the contract was waived, the day on which the gate was passed says which year it is."""
    assert due(awarded(procuring("psr_competitive"), "2026-03-31"))["publications"] == "2026-09-30"
    assert due(awarded(procuring("psr_competitive"), "2026-04-01"))["publications"] == "2027-09-30"


def test_a_new_cycle_leaves_the_summary_owed() -> None:
    """Who recommissions before the year is summed up still owes the summary, by the route of then, with the same id.

    A check handed in for the new cycle ends it. Both cycles' summaries are owed where both awarded something.
    Seen to fail when only the cycle at hand is looked at.
    """
    told = awarded(signed(procuring("psr_competitive"), "2026-05-20"), "2026-06-01")
    before = timers(told)["publications"]
    fields = {**told.project.fields, "regime": "undecided"}
    seeing_it = replace(told.project, stage="plan", cycle=2, entered_order=told.project.version, fields=fields)
    anew = seeing(told, seeing_it)
    assert timers(anew)["publications"] == before
    asked_again = seeing(anew, replace(anew.project, fields=told.project.fields, stage="procure"))
    asked_again = signed(asked_again, "2027-04-06")
    assert [(d.id, d.due.isoformat()) for d in all_timers(asked_again, "publications")] == [
        ("CC-1/timer/publications/psr_annual_summary.2027.1", "2027-09-30"),
        ("CC-1/timer/publications/psr_annual_summary.2028.2", "2028-09-30"),
    ]
    told_it = summary(asked_again, "2027-08-01", "published")
    assert [d.due.isoformat() for d in all_timers(told_it, "publications")] == ["2028-09-30"]


@pytest.mark.parametrize(
    ("regime", "asks", "last"),
    [
        ("pa23_full", "contract-details", "2026-09-30"),
        ("pa23_light_touch", "contract-details", "2026-12-29"),
        ("psr_competitive", "award-confirmation", "2026-09-30"),
    ],
)
def test_a_notice_of_an_earlier_attempt_ends_no_timer(regime: str, asks: str, last: str) -> None:
    """What was published of an attempt that was sent back tells nobody of the contract that was signed in the next.

    By hand: 31 August 2026 and 30 days is 30 September; and 120 days, 30 of September, 31 and 30 are 91, is
    29 December.
    Seen to fail when any record ends it: the second contract of a project had no deadline at all.
    """
    told = notice(contract(procuring(regime), "2026-05-25"), asks, "2026-05-30")
    assert asks not in due(told)
    told = opened_again(told)
    assert asks not in due(told)
    signed(told, "2026-08-31")
    assert due(told)[asks] == last
    assert asks not in due(notice(told.on("2026-09-15"), asks, "2026-09-14"))
