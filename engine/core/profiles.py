"""Which profile of proportionality a project has, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.core.conditions import Scope, describe, holds
from engine.core.definition import Workflow


def profile_of(workflow: Workflow, fields: Mapping[str, Any]) -> tuple[str | None, str]:
    """Returns the project's profile and the reason in words: the first whose condition holds, in the order written.

    The profile marked `otherwise` holds where no other does, wherever it stands. (None, "") where there are none.
    """
    scope = Scope(fields, workflow.fields)
    otherwise = None
    for profile in workflow.profiles:
        if profile.condition is None:
            otherwise = profile.id
        elif holds(profile.condition, scope):
            return profile.id, f"{describe(profile.condition, scope)}."
    if otherwise is None:
        return None, "No profile's condition holds." if workflow.profiles else ""
    return otherwise, "No other profile's condition holds."
