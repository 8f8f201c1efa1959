"""What a requirement asks on other days: whether it applies, whether it would hold then, and who can do something."""

from __future__ import annotations

from copy import copy
from datetime import date

from engine.core.bench import Bench, is_law
from engine.core.calendar import NEXT_DAY, add
from engine.core.conditions import holds
from engine.core.definition import Gate, Requirement
from engine.core.gates import HOLDS, verdict_on


def applies(bench: Bench, requirement: Requirement) -> bool:
    """True where a requirement is asked of the project, by its profile and by what its fields say."""
    if requirement.profiles and bench.profile not in requirement.profiles:
        return False
    return requirement.when is None or holds(requirement.when, bench.scope())


def holds_after(bench: Bench, requirement: Requirement, day: date) -> bool:
    """True where a requirement would still hold on the day after `day`, given what stands now."""
    then = copy(bench)
    then.today = add(day, NEXT_DAY)
    return verdict_on(then, requirement).state in HOLDS


def waived_until(bench: Bench, requirement: Requirement) -> date | None:
    """Returns the last day on which a requirement is waived in the bench's cycle; None where it is not, or is law."""
    ends = [w.until for w in bench.project.waivers if w.requirement == requirement.id and w.cycle == bench.cycle]
    if not ends or is_law(bench.workflow, requirement):
        return None
    return date.fromisoformat(max(ends))


def who_hands_in(bench: Bench, requirement: Requirement) -> tuple[str, ...]:
    """Returns the roles that sign a requirement's record, else those that decide at its gate."""
    return requirement.signed_by or who_decides(bench.workflow.gates[bench.workflow.gate_of[requirement.id]])


def who_decides(gate: Gate) -> tuple[str, ...]:
    """Returns the roles that decide at a gate."""
    return gate.decided_by


def who_waives(gate: Gate) -> tuple[str, ...]:
    """Returns the roles that can waive something at a gate: those it names, else those that decide."""
    return gate.waived_by or gate.decided_by
