"""The deadlines at gates: waits that run, evidence that expires, waivers that end; ahead, and under passed gates.

A gate ahead is read as the judge reads it. Of a gate that was passed only that is watched over which it rests on. What
changes nothing is left out: evidence in whose place something else would hold, a waiver of what is met by now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from engine.core.bench import Bench
from engine.core.by_plugin import opinion_on
from engine.core.calendar import ONE_DAY
from engine.core.counting import counted
from engine.core.deadlines import FRESHNESS, GATE, LAW, OPENS, WAIT, WAIVER, WATCH, Deadline
from engine.core.deadlines_asked import applies, holds_after, waived_until, who_decides, who_hands_in, who_waives
from engine.core.definition import GROUPS, Gate, Requirement, Span
from engine.core.evidence import Passing
from engine.core.gates import MET, WAIVED
from engine.core.records import faults, fresh_until

Way = Callable[[], Deadline | None]
"""A way to a deadline; None where there is none after all. It raises OutsideCalendar where the day cannot be told."""

Found = Iterator[tuple[str, Requirement, Way]]
"""What may have a deadline: its kind, the requirement, and the way to it."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A requirement that is looked at: where, inside which of the gate's, and in which group it is one of several."""

    bench: Bench
    gate: Gate
    requirement: Requirement
    top: Requirement
    one_of: str | None
    passed: bool


def ahead(bench: Bench, gate: Gate) -> Found:
    """Yields what may have a deadline at a gate that is still to be passed."""
    for requirement in gate.requires:
        yield from _look(_Asked(bench, gate, requirement, requirement, None, False))


def rested_on(bench: Bench, gate: Gate, passing: Passing) -> Found:
    """Yields what may have a deadline among what a gate rested on when it was passed."""
    for requirement in gate.requires:
        for part in requirement.family():
            asked = _Asked(bench, gate, part, requirement, None, True)
            state = passing.verdicts.get(part.id, (None,))[0]  # inside a group that did not apply nothing was judged
            if state == MET and part.type == "evidence":
                yield FRESHNESS, part, partial(_freshness, asked)
            elif state == WAIVED:
                yield WAIVER, part, partial(_waiver, asked)


def _look(asked: _Asked) -> Found:
    requirement = asked.requirement
    if not applies(asked.bench, requirement):
        return
    if requirement.type in GROUPS:
        several = requirement.type != "all_of" and sum(applies(asked.bench, r) for r in requirement.of) > 1
        one_of = requirement.title if several else asked.one_of
        for child in requirement.of:
            yield from _look(replace(asked, requirement=child, one_of=one_of))
    elif requirement.type == "wait":
        yield WAIT, requirement, partial(_wait, asked)
    elif requirement.type == "evidence":
        yield FRESHNESS, requirement, partial(_freshness, asked)
    elif requirement.type == "plugin":
        yield WAIT, requirement, partial(_plugin, asked)
    yield WAIVER, requirement, partial(_waiver, asked)


def _wait(asked: _Asked) -> Deadline | None:
    wait, workflow = asked.requirement.wait, asked.bench.workflow
    assert wait is not None
    record = next(iter(asked.bench.records(workflow.requirements[wait.requirement])), None)
    start = None if record is None else record.facts.get(wait.field)
    if start is None:
        return None
    over = counted(wait, date.fromisoformat(start), asked.bench.calendar).over_on
    return _until_over(asked, over, "The wait is over", wait.length)


def _plugin(asked: _Asked) -> Deadline | None:
    over = opinion_on(asked.bench, asked.requirement).not_before
    return None if over is None else _until_over(asked, over, "The wait is over", None)


def _until_over(asked: _Asked, over: date, what: str, length: Span | None) -> Deadline | None:
    """Returns a wait that is over on a day; None where it is waived all the while."""
    waived = waived_until(asked.bench, asked.requirement)
    if waived is not None and waived >= over - ONE_DAY:
        return None
    return replace(_deadline(WAIT, asked, over, what, OPENS, who_decides(asked.gate)), length=length)


def _freshness(asked: _Asked) -> Deadline | None:
    """Returns the last day on which as many records as are asked for are fresh; None where it changes nothing."""
    requirement, count = asked.requirement, asked.requirement.count or 1
    if not isinstance(requirement.fresh, Span):
        return None
    timeless, records = replace(requirement, fresh=None), asked.bench.records(requirement)
    looked_at = records[:1] if requirement.count is None else records
    good = [r for r in looked_at if not faults(asked.bench, timeless, r)[0]]
    ends = sorted((end for r in good if (end := fresh_until(requirement, r)) is not None), reverse=True)[:count]
    if len(ends) < count or holds_after(asked.bench, asked.top, ends[-1]):
        return None
    who = who_hands_in(asked.bench, requirement)
    found = _deadline(FRESHNESS, asked, ends[-1], "The last day it counts", _severity(asked), who)
    return replace(found, length=requirement.fresh)


def _waiver(asked: _Asked) -> Deadline | None:
    """Returns the last day of a waiver; None where the requirement holds without it by then."""
    until = waived_until(asked.bench, asked.requirement)
    if until is None or holds_after(asked.bench, asked.top, until):
        return None
    return _deadline(WAIVER, asked, until, "The last day of its waiver", _severity(asked), who_waives(asked.gate))


def _severity(asked: _Asked) -> str:
    if asked.passed:
        return WATCH if asked.gate.if_unsound == "warns" else GATE
    return LAW if asked.requirement.law else GATE


def _deadline(kind: str, asked: _Asked, due: date, what: str, severity: str, who: tuple[str, ...]) -> Deadline:
    return Deadline(
        asked.bench.project.id,
        kind,
        asked.requirement.id,
        str(asked.bench.cycle),
        due,
        what,
        asked.requirement.title,
        severity,
        who,
        gate=asked.gate.id,
        passed=asked.passed,
        one_of=asked.one_of,
        basis=asked.requirement.basis,
    )
