"""Timers that follow from dates on record: publish within 30 days, report within six months, tell people in 20 days.

They know the requirements of the shipped commissioning cycle, and of whatever builds on it, by their ids: a definition
that has none of those has none of these timers. What could be confirmed is law; what could not be, and what we chose
ourselves, is local practice. Where no date is recorded that a timer would run from, there is no timer: nobody records
when papers were sent out, when a claim for payment was approved, or when a notice of an end was due.

Sources: SI 2023/1348 (Provider Selection Regime), direct award processes and regulation 25; Procurement Act 2023,
contract details and contract performance notices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from engine.core.bench import Bench
from engine.core.calendar import add, after
from engine.core.deadlines import LAW, PLAN, TIMER, Deadline
from engine.core.deadlines_asked import applies, who_hands_in
from engine.core.definition import Basis, Requirement, Span
from engine.core.evidence import Passing, Record

DIRECT_A_B = ("psr_direct_award_a", "psr_direct_award_b")
WITH_STANDSTILL = ("psr_direct_award_c", "psr_most_suitable_provider", "psr_competitive")
PUBLISHED, AWARD, CONTRACT = "published_on", "award-decision", "contract"


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to be done within a time after a day that is on record.

    Attributes:
        asks: the requirement whose first record shows that it was done.
        starts: the requirement whose newest record it runs from, and the date field of it; None for the day the record
            happened. Of several the first that has a record.
        what: what has to be done, and by when, in a few words.
        regimes: the procurement routes it is for; empty for all that the requirement applies to.
        severity: law or plan.
    """

    id: str
    asks: str
    starts: tuple[tuple[str, str | None], ...]
    length: Span
    what: str
    regimes: tuple[str, ...]
    severity: str
    basis: Basis


TIMERS: tuple[Timer, ...] = (
    Timer(
        "psr_award_notice",
        "direct-award-notice",
        ((AWARD, None),),
        Span(30, "days"),
        "Publish within 30 days of the award",
        DIRECT_A_B,
        LAW,
        Basis("law", "SI 2023/1348, direct award processes A and B"),
    ),
    Timer(
        "psr_award_confirmation",
        "award-confirmation",
        ((CONTRACT, None),),
        Span(30, "days"),
        "Publish within 30 days of the award",
        WITH_STANDSTILL,
        PLAN,
        Basis("local", "Local practice; the time limit of the confirmation was not confirmed"),
    ),
    Timer(
        "pa23_contract_details",
        "contract-details",
        ((CONTRACT, None),),
        Span(30, "days"),
        "Publish within 30 days of signing the contract",
        ("pa23_full", "pa23_direct_award"),
        LAW,
        Basis("law", "Procurement Act 2023, contract details notice"),
    ),
    Timer(
        "pa23_contract_details_light",
        "contract-details",
        ((CONTRACT, None),),
        Span(120, "days"),
        "Publish within 120 days of signing the contract",
        ("pa23_light_touch",),
        LAW,
        Basis("law", "Procurement Act 2023, contract details notice, light touch"),
    ),
    Timer(
        "pa23_performance",
        "performance-notice",
        ((CONTRACT, None),),
        Span(12, "months"),
        "Publish within 12 months of signing the contract",
        (),
        LAW,
        Basis("law", "Procurement Act 2023, contract performance notice"),
    ),
    Timer(
        "feedback_to_participants",
        "feedback",
        (("award-notice", PUBLISHED), ("outcome-letter", PUBLISHED), ("direct-award-notice", PUBLISHED)),
        Span(20, "working_days"),
        "Tell those who took part within 20 working days",
        (),
        PLAN,
        Basis("local", "Local practice, after the 2022 statutory guidance on working with people and communities"),
    ),
)
"""The timers that run from a record. The yearly summary, which runs from the end of a year, is below."""

SUMMARY = "publications"
SUMMARY_BASIS = Basis("law", "SI 2023/1348, regulation 25, and the guidance on it: within six months of the year's end")
SUMMARY_DONE = ("published", "does_not_apply")


def timers(bench: Bench) -> Iterator[tuple[Requirement, Callable[[], Deadline]]]:
    """Yields each timer that runs on the bench's project in its cycle: what it asks for, and a way to its deadline.

    The way raises OutsideCalendar where the day cannot be told. A timer has ended once a record was handed in for what
    it asks, in the same attempt.
    """
    workflow, regime = bench.workflow, bench.project.fields.get("regime")
    for timer in TIMERS:
        asked = workflow.requirements.get(timer.asks)
        if asked is None or asked.evidence is None or (timer.regimes and regime not in timer.regimes):
            continue
        start = _start(bench, timer)
        if start is not None and applies(bench, asked) and _newest(bench, asked) is None:
            yield asked, partial(_after, bench, asked, timer, start)
    yield from _yearly_summary(bench)


def _after(bench: Bench, asked: Requirement, timer: Timer, start: date) -> Deadline:
    return _deadline(bench, asked, timer, after(start, timer.length, bench.calendar))


def _deadline(bench: Bench, asked: Requirement, timer: Timer, due: date) -> Deadline:
    return Deadline(
        bench.project.id,
        TIMER,
        asked.id,
        f"{timer.id}.{bench.cycle}",
        due,
        timer.what,
        asked.title,
        timer.severity,
        who_hands_in(bench, asked),
        gate=bench.workflow.gate_of[asked.id],
        length=timer.length,
        basis=timer.basis,
    )


def _start(bench: Bench, timer: Timer) -> date | None:
    """Returns the day a timer runs from; None where it is not on record."""
    for name, field in timer.starts:
        source = bench.workflow.requirements.get(name)
        record = None if source is None else _newest(bench, source)
        if record is not None:
            day = record.happened_on if field is None else record.facts.get(field)
            return None if day is None else date.fromisoformat(day)
    return None


def _newest(bench: Bench, source: Requirement) -> Record | None:
    """Returns the newest record of a requirement that applies, none of an earlier attempt or of another route."""
    if not applies(bench, source):
        return None
    return next((r for r in bench.records(source) if _stands(bench, source, r)), None)


def _stands(bench: Bench, source: Requirement, record: Record) -> bool:
    """False for a record of an earlier attempt: handed in for this stage, which was entered anew or left for another.

    A procurement that was abandoned and sent back has published nothing any more that a timer could run from or that
    could end one.
    """
    if source.fresh != "this stage":
        return True
    gate, project = bench.workflow.gate_of[source.id], bench.project
    if bench.cycle == project.cycle and any(t.gate == gate for t in bench.workflow.stages[project.stage].transitions):
        return record.order > project.entered_order
    passed = _passed(bench, gate)
    return passed is not None and record.order > passed.entered_order


def _passed(bench: Bench, gate: str) -> Passing | None:
    """Returns the last time a gate was passed in the bench's cycle."""
    passed = [p for p in bench.project.passings if p.gate == gate and p.cycle == bench.cycle and not p.reopened]
    return passed[-1] if passed else None


def _yearly_summary(bench: Bench) -> Iterator[tuple[Requirement, Callable[[], Deadline]]]:
    """Yields the summary of each financial year in which a contract was awarded, until it is said to be published.

    A new cycle does not end it: whoever buys anew before the year is summed up still owes the summary.
    """
    asked, gate = bench.workflow.requirements.get(SUMMARY), bench.workflow.gate_of.get(AWARD)
    if asked is None or asked.evidence is None or gate is None:
        return
    said = [r for cycle in range(1, bench.cycle + 1) for r in _in_cycle(bench, cycle).records(asked)]
    for cycle in range(1, bench.cycle + 1):
        then = _in_cycle(bench, cycle)
        passed = _passed(then, gate)
        if cycle < bench.cycle and passed is not None:
            then.project = replace(bench.project, fields=dict(passed.fields))  # the route, as it was then
        awarded = _awarded_on(then, passed) if applies(then, asked) else None
        if awarded is None:
            continue
        year_end = financial_year_end(awarded)
        later = (r for r in said if r.cycle >= cycle and r.happened_on > year_end.isoformat())
        if not any(r.facts.get("annual_summary") in SUMMARY_DONE for r in later):
            yield asked, partial(_summary, then, asked, year_end)


def _in_cycle(bench: Bench, cycle: int) -> Bench:
    then = copy(bench)
    then.cycle = cycle
    return then


def _awarded_on(bench: Bench, passed: Passing | None) -> date | None:
    """Returns the day of the award in the bench's cycle, where a yearly summary counts it; None where there is none.

    After a standstill it is the day of the contract, else that of the decision; where no such day is on record, the
    day on which the gate was passed.
    """
    regime = bench.project.fields.get("regime")
    if regime not in (*DIRECT_A_B, *WITH_STANDSTILL):
        return None
    source = bench.workflow.requirements.get(AWARD if regime in DIRECT_A_B else CONTRACT)
    record = None if source is None else _newest(bench, source)
    if record is not None:
        return date.fromisoformat(record.happened_on)
    return None if passed is None else date.fromisoformat(passed.on)


def _summary(bench: Bench, asked: Requirement, year_end: date) -> Deadline:
    what, length = f"Publish the yearly summary of awards to 31 March {year_end.year}", Span(6, "months")
    timer = Timer(f"psr_annual_summary.{year_end.year}", SUMMARY, (), length, what, (), LAW, SUMMARY_BASIS)
    return _deadline(bench, asked, timer, add(year_end, length))


def financial_year_end(day: date) -> date:
    """Returns the 31 March that ends the financial year a day is in."""
    end = date(day.year, 3, 31)
    return end if day <= end else date(day.year + 1, 3, 31)
