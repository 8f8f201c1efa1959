"""Decisions that evidence has overtaken: what is handed in today is younger than the decision it should support.

Such a record counts only once the decision is taken anew. So whoever plans the acts that open a gate has to plan that
decision, too, and a record that lacks nothing else need not be handed in a second time.
"""

from __future__ import annotations

from dataclasses import replace

from engine.core.bench import Bench
from engine.core.definition import Requirement
from engine.core.records import faults


def overtaken(bench: Bench, requirement: Requirement) -> str | None:
    """Returns the requirement of the decision that a record handed in today would be too late for; None where none."""
    if requirement.supports is None:
        return None
    decision = next(iter(bench.records(bench.workflow.requirements[requirement.supports])), None)
    return requirement.supports if decision is not None and decision.happened_on < bench.today.isoformat() else None


def good_but_late(bench: Bench, requirement: Requirement) -> int:
    """Returns how many of the records looked at would do, were the decision they support taken anew today."""
    timeless = replace(requirement, supports=None)
    records = bench.records(requirement)
    looked_at = records[:1] if requirement.count is None else records
    return sum(not faults(bench, timeless, record)[0] for record in looked_at)
