"""Decisions that evidence has overtaken: what is handed in now is younger than the decision it should support.

Such a record counts only once the decision is taken anew. So whoever plans the acts that open a gate has to plan that
decision, too, and a record that lacks nothing else need not be handed in a second time.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import date

from engine.core.bench import Bench
from engine.core.definition import Requirement
from engine.core.records import faults


def overtaken(bench: Bench, requirement: Requirement, on: date) -> str | None:
    """Returns the requirement of the decision a record handed in on a day would be too late for, or None."""
    if requirement.supports is None:
        return None
    decision = next(iter(bench.records(bench.workflow.requirements[requirement.supports])), None)
    return requirement.supports if decision is not None and decision.happened_on < on.isoformat() else None


def good_but_late(bench: Bench, requirement: Requirement, day: date) -> int:
    """Returns how many of the records looked at would do on `day`, were the decision they support taken anew today."""
    bench = copy(bench)
    bench.today = day
    timeless = replace(requirement, supports=None)
    records = bench.records(requirement)
    looked_at = records[:1] if requirement.count is None else records
    return sum(not faults(bench, timeless, record)[0] for record in looked_at)
