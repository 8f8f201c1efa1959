"""How a deadline is said: what it is called, and what its day means, the same words on screens and in letters."""

from __future__ import annotations

from engine.core.deadlines import CONDITION, FRESHNESS, LAW, STAGE, TIMER, WAIT, Deadline
from engine.core.definition import Workflow


def name_of(one: Deadline, workflow: Workflow) -> str:
    """Returns what a deadline is called in a list, in a heading, or in a subject."""
    if one.kind == STAGE:
        return f"The end of the stage {one.title}"
    if one.kind == CONDITION:
        number = one.occurrence.rpartition(".")[2]
        return f"Condition {number} of the {inside(workflow.gates[one.subject].title)}"
    return one.what if one.kind == TIMER else one.title


def meaning(one: Deadline, workflow: Workflow, *, late: bool) -> str:
    """Returns what the day of a deadline means, in a sentence or a few.

    Args:
        late: whether the day has gone by.
    """
    said = _of_kind(one, workflow, late=late)
    if one.one_of:
        said += f" It is one of the ways to meet “{one.one_of}”."
    if one.basis is not None and one.basis.kind == "law" and one.severity == LAW:
        said += f" The law asks for it ({one.basis.source})."
    return said


def _of_kind(one: Deadline, workflow: Workflow, *, late: bool) -> str:
    gate = "gate" if one.gate is None else inside(workflow.gates[one.gate].title)
    if one.kind == STAGE:
        return f"{one.title} should {'have been' if late else 'be'} over by then. That is our own plan, not law."
    if one.kind == WAIT:
        return f"Nothing passes the {gate} before that day."
    if one.kind == CONDITION:
        return f"The gate was passed on this condition: “{one.says}”" if one.says else "Its words were erased."
    if one.kind == TIMER:
        return f"Part of “{one.title}”."
    if one.kind == FRESHNESS:
        counts = "That record does not count any more" if late else "The record counts until that day"
        needs = f"the {gate} needs {'a newer one' if late else 'one that counts'}"
    else:
        counts = "Its waiver has ended" if late else "It is waived until that day"
        needs = f"the {gate} asks for it{' again' if late else ' from then on'}"
    return f"{counts}, and the {gate}, which was passed, rests on it." if one.passed else f"{counts}, and {needs}."


def inside(title: str) -> str:
    """Returns a title as it stands inside a sentence: with a small first letter, unless it is an abbreviation."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
