"""The decision that a way out of a stage follows: whether the newest record of it says that this is the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.core.calendar import in_words
from engine.core.definition import Transition, Workflow
from engine.core.project import Project
from engine.core.values import show


def astray(workflow: Workflow, project: Project, transition: Transition) -> str | None:
    """Returns why a way is not the one that was decided on, in a sentence; None where it is, or follows no decision.

    The newest record of this cycle that is not withdrawn is looked at.
    """
    follows = transition.follows
    if follows is None:
        return None
    requirement = workflow.requirements[follows.requirement]
    field = workflow.evidence[str(requirement.evidence)].fields[follows.field]
    this_way = f"this way is for {show(field, follows.value)}"
    record = next(iter(project.records_for(requirement.id)), None)
    if record is None:
        return f"“{requirement.title}” is not recorded yet in this cycle; {this_way}."
    if record.erased_on is not None:
        erased = f"had its words erased on {in_words(record.erased_on)}, so it leads nowhere any more; record it anew"
        return f"“{requirement.title}” of {in_words(record.happened_on)} {erased}. For now, {this_way}."
    said = record.facts.get(follows.field)
    if said == follows.value:
        return None
    told = "does not say which way it goes" if said is None else f"says {show(field, said)}"
    ways = [t for t in workflow.stages[project.stage].transitions if t.follows is not None]
    led = [t.id for t in ways if t.follows == replace(follows, value=said)] if said is not None else []
    instead = f" The way for {show(field, said)} is {' or '.join(led)}." if led else ""
    return f"“{requirement.title}” of {in_words(record.happened_on)} {told}; {this_way}.{instead}"


def decided_on(workflow: Workflow, project: Project, ways: Sequence[Transition]) -> list[Transition]:
    """Returns those of several ways that were decided on, where any was, else all of them."""
    led = [way for way in ways if way.follows is not None and astray(workflow, project, way) is None]
    return led or list(ways)
