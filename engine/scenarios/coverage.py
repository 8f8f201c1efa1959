"""Definition coverage: which requirements the stories saw, and spoke of, as met, unmet, pending and so on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.core.definition import Workflow
from engine.scenarios.play import STATES, Played


def coverage_of(workflow: Workflow, played: Iterable[Played]) -> dict[str, Any]:
    """Returns, for each requirement, the states that were seen and those that were asserted, and what is missing.

    Seen is what stood in a gate when a story looked; asserted is what a story says must be so, and that was so. Only
    the latter notices a change. Every requirement should be asserted met and unmet, a wait met and pending.
    """
    seen: dict[str, set[str]] = {id: set() for id in workflow.requirements}
    asserted: dict[str, set[str]] = {id: set() for id in workflow.requirements}
    for one in played:
        for id, state in one.seen:
            seen[id].add(state)
        for id, state in one.asserted:
            asserted[id].add(state)
    waits = {id for id, r in workflow.requirements.items() if r.type == "wait"}
    return {
        "requirements": {
            id: {"seen": _ordered(seen[id]), "asserted": _ordered(asserted[id])} for id in workflow.requirements
        },
        "asserted": {state: sum(state in found for found in asserted.values()) for state in STATES},
        "not_asserted_met": [id for id in asserted if "met" not in asserted[id]],
        "not_asserted_unmet": [id for id in asserted if id not in waits and "unmet" not in asserted[id]],
        "not_asserted_pending": [id for id in asserted if id in waits and "pending" not in asserted[id]],
    }


def _ordered(states: set[str]) -> list[str]:
    return [state for state in STATES if state in states]
