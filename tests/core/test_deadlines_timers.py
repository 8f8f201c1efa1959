"""Timers of the shipped commissioning cycle: they run from recorded dates, and end with what was asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.core.deadlines import TIMER, Deadline
from engine.core.deadlines_derived import derive
from engine.core.deadlines_timers import TIMERS, financial_year_end
from engine.core.definition import Workflow
from engine.core.evidence import Passing
from engine.core.project import Project
from engine.definitions.compile import compile_definition

from .builders import a_file, asking, hand_in, needs, waive
from .story import Story, actor, story

FILE = Path(__file__).parents[2] / "workflows/commissioning-cycle/workflow.yaml"
REGIMES_OF_LAW = {
    "direct-award-notice": {"psr_direct_award_a", "psr_direct_award_b"},
    "contract-details": {"pa23_full", "pa23_direct_award", "pa23_light_touch"},
}


@cache
def cycle() -> Workflow:
    """Returns the shipped definition."""
    return compile_definition(FILE.read_bytes(), "workflow.yaml").workflow


def procuring(regime: str, stage: str = "procure", today: str = "2026-06-01", **fields: object) -> Story:
    """Returns a project of the shipped cycle by a route, put into a stage."""
    asked = {
        "commissioner": "Ashcombe ICB",
        "annual_value": "290000",
        "lifetime_value": "1450000",
        "voting_members": "14",
        "priority_groups": ["Roma"],
        "regime": regime,
    }
    told = story(cycle(), today, checked=False, **{**asked, **fields})
    told.project_ = replace(told.project, stage=stage, entered_order=0)
    return told


def timers(told: Story) -> dict[str, Deadline]:
    """Returns the timers that run, by what they ask for."""
    found = derive(told.workflow, told.project, told.today, told.calendar)
    return {d.subject: d for d in found.deadlines if d.kind == TIMER}


def due(told: Story) -> dict[str, str]:
    """Returns the days of the timers that run."""
    return {name: d.due.isoformat() for name, d in timers(told).items()}


def contract(told: Story, day: str) -> Story:
    """Hands in the contract, signed on a day."""
    return told.given(hand_in("contract", happened_on=day, files=(a_file(),)), by="proc")


def notice(told: Story, requirement: str, day: str) -> Story:
    """Hands in a notice that was published on a day."""
    return told.given(hand_in(requirement, happened_on=day, published_on=day), by="proc")


def award(told: Story, day: str) -> Story:
    """Hands in the award decision of a day."""
    return told.given(hand_in("award-decision", happened_on=day, panel={"lived_experience": 3}), by="proc")


def test_each_timer_asks_and_starts_with_what_the_shipped_cycle_has() -> None:
    """Every timer names requirements of the shipped cycle that take records, and date fields they have."""
    for timer in TIMERS:
        assert cycle().requirements[timer.asks].evidence is not None
        for name, field in timer.starts:
            kind = cycle().evidence[str(cycle().requirements[name].evidence)]
            assert field is None or kind.fields[field].type == "date"
        assert set(timer.regimes) <= set(cycle().fields["regime"].of)


def test_law_is_only_what_the_definition_says_is_law() -> None:
    """A timer is law where its requirement is law in the shipped cycle, and nowhere else; the rest is local practice.

    Seen to fail when the confirmation of an award, whose time limit was not confirmed, is marked as law.
    """
    for timer in TIMERS:
        law = cycle().requirements[timer.asks].law
        assert (timer.severity == "law", timer.basis.kind == "law") == (law, law), timer.id
        if timer.asks in REGIMES_OF_LAW:
            assert set(timer.regimes) <= REGIMES_OF_LAW[timer.asks]


@pytest.mark.parametrize(
    ("regime", "asks", "last", "severity", "length"),
    [
        ("psr_direct_award_a", "direct-award-notice", "2026-06-20", "law", "30 days"),
        ("psr_direct_award_b", "direct-award-notice", "2026-06-20", "law", "30 days"),
        ("psr_direct_award_c", "award-confirmation", "2026-06-24", "plan", "30 days"),
        ("psr_competitive", "award-confirmation", "2026-06-24", "plan", "30 days"),
        ("pa23_full", "contract-details", "2026-06-24", "law", "30 days"),
        ("pa23_direct_award", "contract-details", "2026-06-24", "law", "30 days"),
        ("pa23_light_touch", "contract-details", "2026-09-22", "law", "120 days"),
    ],
)
def test_what_is_to_be_published_after_an_award(regime: str, asks: str, last: str, severity: str, length: str) -> None:
    """By each route the notice has its own length, counted from the award or the contract in calendar days.

    Awarded on 21 May 2026, signed on 25 May. It ends once a notice is handed in, whatever day it was published on.
    """
    told = contract(award(procuring(regime), "2026-05-21"), "2026-05-25")
    found = timers(told)[asks]
    assert (found.due.isoformat(), found.severity, str(found.length)) == (last, severity, length)
    assert found.who == ("proc",)
    assert asks not in timers(notice(told, asks, "2026-05-30"))


@pytest.mark.parametrize("regime", ["undecided", "pa23_below_threshold"])
def test_what_has_no_time_limit_has_no_timer(regime: str) -> None:
    """Where no route was chosen, and below the threshold, nothing has to be published in time."""
    assert due(contract(award(procuring(regime), "2026-05-21"), "2026-05-25")) == {}


def test_performance_is_published_within_a_year_of_the_contract() -> None:
    """Above five million pounds under the full rules; the first record ends the timer, and its freshness goes on."""
    told = contract(procuring("pa23_full", lifetime_value="16100000"), "2026-05-25")
    assert due(told)["performance-notice"] == "2027-05-25"
    assert "performance-notice" not in due(notice(told, "performance-notice", "2026-06-01"))
    assert "performance-notice" not in due(contract(procuring("pa23_full"), "2026-05-25"))


def test_people_hear_within_twenty_working_days() -> None:
    """Who took part is told within 20 working days of the notice, which the shipped cycle calls local practice."""
    told = notice(procuring("psr_competitive"), "award-notice", "2026-05-20")
    found = timers(told)["feedback"]
    assert (found.due.isoformat(), found.severity) == ("2026-06-18", "plan")  # 25 May is a bank holiday
    assert found.basis is not None
    assert found.basis.kind == "local"


def test_an_earlier_attempt_starts_nothing() -> None:
    """Records of a procurement that was sent back start no timer, not in the stage before nor once it begins anew."""
    told = contract(procuring("pa23_full"), "2026-05-25")
    assert "contract-details" in due(told)
    earlier = replace(told.project, stage="design", entered_order=told.project.version)
    assert due(seeing(told, earlier)) == {}
    assert due(seeing(told, replace(earlier, stage="procure"))) == {}


def seeing(told: Story, project: Project) -> Story:
    """Returns the story with another state of its project."""
    return replace(told, project_=project)


def test_a_waiver_to_the_end_ends_a_timer_of_our_own() -> None:
    """What is waived until its last day is not asked for in time; a shorter waiver changes nothing."""
    told = contract(procuring("psr_competitive"), "2026-05-25")
    second = actor("cochair", "lx_cochair")
    told.given(waive("award-confirmation", "2026-06-23", second))
    assert "award-confirmation" in due(told)
    told.given(waive("award-confirmation", "2026-06-24", second))
    assert "award-confirmation" not in due(told)


def awarded(told: Story, on: str) -> Story:
    """Returns the story with its procure gate passed on a day, and the project in its review."""
    passing = Passing(
        gate="procure-gate",
        seq=7,
        at=f"{on}T09:00:00Z",
        on=on,
        outcome="passed",
        from_stage="procure",
        to="review",
        by="sro",
        cycle=1,
        entered_order=0,
        fields=told.project.fields,
        lost=(),
        overdue=(),
        returns=(),
        reopened=False,
        erased_fields=(),
        verdicts={r.id: ["not_applicable", []] for r in cycle().gates["procure-gate"].all_requirements()},
        opinions={},
        decisions=(),
        conditions=(),
        affirmations=(),
    )
    return seeing(told, replace(told.project, stage="review", passings=[passing]))


def summary(told: Story, day: str, said: str) -> Story:
    """Hands in a check of what is published, which says something of the yearly summary."""
    facts: dict[str, Any] = {
        "annual_summary": said,
        "performance_notice": "not_due",
        "change_and_end_notices": "not_due",
    }
    return told.on(day).given(hand_in("publications", happened_on=day, **facts), by="proc")


def test_the_yearly_summary_is_due_six_months_after_its_year() -> None:
    """An award under the Provider Selection Regime is summed up by 30 September, until a check says that it is.

    A check made before the year ended says nothing of it, nor does one that says it is not due yet.
    Seen to fail when any check of what is published ends it.
    """
    told = awarded(procuring("psr_competitive"), "2026-05-20")
    found = timers(told)["publications"]
    assert (found.due.isoformat(), found.severity, found.occurrence) == (
        "2027-09-30",
        "law",
        "psr_annual_summary.2027.1",
    )
    told = summary(summary(told, "2026-08-01", "published"), "2027-05-01", "not_due")
    assert due(told)["publications"] == "2027-09-30"
    assert "publications" not in due(summary(told, "2027-08-01", "published"))
    assert "publications" not in due(awarded(procuring("pa23_full"), "2026-05-20"))
    assert "publications" not in due(procuring("psr_competitive", "review"))


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2026-03-31", "2026-03-31"),
        ("2026-04-01", "2027-03-31"),
        ("2026-12-31", "2027-03-31"),
        ("2027-01-01", "2027-03-31"),
    ],
)
def test_a_financial_year_ends_on_31_march(day: str, end: str) -> None:
    """Every day is in the year that ends on the next 31 March, that day included."""
    assert financial_year_end(date.fromisoformat(day)).isoformat() == end


def test_a_definition_without_those_requirements_has_no_timers() -> None:
    """A workflow of somebody's own, with other requirements, is told nothing about notices."""
    told = story(asking(needs("contract"))).given(hand_in("contract"))
    assert timers(told) == {}
