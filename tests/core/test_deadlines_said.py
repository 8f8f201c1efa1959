"""What a deadline is called and what its day means: the same words wherever people read of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.core.deadlines import CONDITION, FRESHNESS, LAW, PLAN, STAGE, TIMER, WAIT, WAIVER, Deadline
from engine.core.deadlines_said import meaning, name_of
from engine.core.definition import Basis

from .builders import gate, needs
from .test_deadlines import targeted

WORKFLOW = targeted(gate(needs("talk"), decided_by=["sro"]), plan=2)
GATE = next(iter(WORKFLOW.gates))
ONE = Deadline("CC-1", FRESHNESS, "talk", "1", date(2026, 6, 30), "The last day it counts", "Talk", LAW, gate=GATE)


@pytest.mark.parametrize(
    ("more", "late", "said"),
    [
        ({}, False, "The record counts until that day, and the {gate} needs one that counts."),
        ({}, True, "That record does not count any more, and the {gate} needs a newer one."),
        ({"passed": True}, True, "That record does not count any more, and the {gate}, which was passed, rests on it."),
        ({"kind": WAIVER}, False, "It is waived until that day, and the {gate} asks for it from then on."),
        ({"kind": WAIVER}, True, "Its waiver has ended, and the {gate} asks for it again."),
        ({"kind": WAIT}, False, "Nothing passes the {gate} before that day."),
        ({"kind": STAGE, "title": "Plan"}, False, "Plan should be over by then. That is our own plan, not law."),
        ({"kind": STAGE, "title": "Plan"}, True, "Plan should have been over by then. That is our own plan, not law."),
        ({"kind": CONDITION, "says": "Mend it."}, True, "The gate was passed on this condition: “Mend it.”"),
        ({"kind": CONDITION, "says": None}, True, "Its words were erased."),
        ({"kind": TIMER, "what": "Publish it"}, False, "Part of “Talk”."),
    ],
)
def test_what_a_day_means_is_said_in_a_sentence(more: dict[str, object], late: bool, said: str) -> None:
    """Each kind has a sentence for before and for after its day; once it has gone by nobody reads that it counts.

    Seen to fail when `late` is not looked at.
    """
    one = replace(ONE, **more)  # type: ignore[arg-type]  # each by its own name
    title = WORKFLOW.gates[GATE].title
    assert meaning(one, WORKFLOW, late=late) == said.format(gate=title[:1].lower() + title[1:])


@pytest.mark.parametrize(
    ("severity", "basis", "law"),
    [
        (LAW, Basis("law", "An Act, section 1"), True),
        (PLAN, Basis("local", "Local practice"), False),
        (LAW, Basis("guide", "A guide"), False),
        (PLAN, Basis("law", "An Act, section 1"), False),
        (LAW, None, False),
    ],
)
def test_only_law_is_called_law(severity: str, basis: Basis | None, law: bool) -> None:
    """That the law asks for something is said where both the demand and its day come from it, with the source.

    Seen to fail when the basis alone decides.
    """
    said = meaning(replace(ONE, severity=severity, basis=basis), WORKFLOW, late=False)
    assert ("The law asks for it (An Act, section 1)." in said) is law
    assert ("law" in said) is law


def test_a_deadline_is_called_by_what_is_to_be_done() -> None:
    """A timer is called by what it asks for, and not by the requirement that its record belongs to."""
    timer = replace(ONE, kind=TIMER, what="Publish the summary", title="Everything is published")
    assert name_of(timer, WORKFLOW) == "Publish the summary"
    assert name_of(replace(ONE, kind=STAGE, title="Plan"), WORKFLOW) == "The end of the stage Plan"
    condition = replace(ONE, kind=CONDITION, subject=GATE, occurrence="12.3")
    assert name_of(condition, WORKFLOW).startswith("Condition 3 of the ")
    assert name_of(ONE, WORKFLOW) == "Talk"
