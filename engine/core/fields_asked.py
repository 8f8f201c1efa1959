"""Which fields of the project a requirement hangs on, by its own conditions, its rules and the profiles it is for."""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.conditions import PROJECT
from engine.core.definition import Condition, Gate, Requirement, Workflow


def asked_by(workflow: Workflow, requirement: Requirement) -> frozenset[str]:
    """Returns the ids of the project's fields that a requirement looks at, or a part of it."""
    return frozenset(
        path.removeprefix(PROJECT).partition(".")[0]
        for part in requirement.family()
        for condition in _conditions(workflow, part)
        for path in _paths(condition)
        if path.startswith(PROJECT)
    )


def asked_by_gate(workflow: Workflow, gate: Gate) -> frozenset[str]:
    """Returns the ids of the project's fields that a gate looks at."""
    return frozenset[str]().union(*(asked_by(workflow, requirement) for requirement in gate.requires))


def _conditions(workflow: Workflow, requirement: Requirement) -> Iterator[Condition]:
    if requirement.when is not None:
        yield requirement.when
    for rule in requirement.rules:
        yield workflow.rules[rule].condition
    if requirement.profiles:  # which profile a project has hangs on all of them, in their order
        yield from (profile.condition for profile in workflow.profiles if profile.condition is not None)


def _paths(condition: Condition) -> Iterator[str]:
    if condition.project_field is not None:
        yield PROJECT + condition.project_field
    yield from (path for path in (condition.field, condition.less, *condition.fields) if path)
    for part in condition.of:
        yield from _paths(part)
