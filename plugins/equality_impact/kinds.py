"""What is handed in for the stage: four kinds of evidence, each with its fields and its examiner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from engine.hookspecs import EvidenceKind
from plugins.equality_impact.characteristics import CHARACTERISTICS, IDS, IMPACTS, LIMBS, Characteristic
from plugins.equality_impact.examining import (
    examine_assessment,
    examine_decision,
    examine_engagement,
    examine_screening,
)

Fields = dict[str, dict[str, Any]]

WHO_TOOK_PART: Final = ("lived_experience", "carer", "clinician", "commissioner", "vcse", "other")
"""As the commissioning cycle counts people, so that one rule can be used for both."""


def _of_one(one: Characteristic) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the fields that an assessment has for one characteristic."""
    name = one.title.capitalize()
    for limb, field in one.cells:
        yield field, {"type": "choice", "of": list(IMPACTS), "title": f"{name}: effect on {LIMBS[limb]}"}
    yield (
        f"{one.id}_evidence",
        {
            "type": "text",
            "title": f"{name}: what we know",
            "help": "What figures and people say, and where it is from.",
        },
    )
    yield (
        f"{one.id}_figures_to",
        {"type": "date", "title": f"{name}: last day the figures cover", "help": "Leave it out where there are none."},
    )
    yield (
        f"{one.id}_no_figures",
        {"type": "text", "title": f"{name}: why there are no figures, or no newer ones"},
    )
    yield f"{one.id}_mitigation", {"type": "text", "title": f"{name}: what will be done about a negative effect"}
    yield f"{one.id}_owner", {"type": "text", "title": f"{name}: who sees to it", "help": "A post or a name."}
    yield f"{one.id}_by", {"type": "date", "title": f"{name}: by when"}
    yield (
        f"{one.id}_justification",
        {
            "type": "text",
            "title": f"{name}: why it goes ahead in spite of a negative effect",
            "help": "Where nothing can be done about it. Whoever decides has to accept it in the decision.",
        },
    )


def _assessment() -> Fields:
    fields: Fields = {}
    for one in CHARACTERISTICS:
        fields.update(_of_one(one))
    fields["other_groups"] = {
        "type": "list",
        "of": "text",
        "title": "Other groups that were looked at",
        "help": "Many organisations add carers, care leavers, veterans or people on low incomes.",
    }
    fields["other_groups_evidence"] = {"type": "text", "title": "What we know of the other groups"}
    fields["health_inequalities"] = {"type": "text", "title": "What it means for inequalities in health"}
    return fields


ASSESSMENT: Final = EvidenceKind(
    "equality_assessment", "Equality impact assessment", "optional", _assessment(), examine_assessment
)

ENGAGEMENT: Final = EvidenceKind(
    "equality_engagement",
    "Record of talks with people who may be affected",
    "optional",
    {
        "held_as": {
            "type": "choice",
            "of": ["in_person", "online", "telephone", "survey"],
            "title": "How people were heard",
            "required": True,
        },
        "attendance": {"type": "counts", "of": list(WHO_TOOK_PART), "title": "Who took part", "required": True},
        "cochair_present": {"type": "yes_no", "title": "Lived-experience co-chair or deputy present"},
        "heard": {
            "type": "list",
            "of": "choice",
            "options": list(IDS),
            "title": "Characteristics of which people spoke for themselves",
            "required": True,
        },
        "groups_heard": {"type": "list", "of": "text", "title": "Communities heard"},
        "said": {"type": "text", "title": "What people said", "required": True},
        "changed": {"type": "text", "title": "What changed because of it"},
        "held_back": {"type": "text", "title": "What did not change, and why"},
    },
    examine_engagement,
)

SCREENING: Final = EvidenceKind(
    "equality_screening",
    "Equality screening",
    "optional",
    {
        "full_assessment": {"type": "yes_no", "title": "A full assessment is needed", "required": True},
        "looked_at": {
            "type": "list",
            "of": "choice",
            "options": list(IDS),
            "title": "Characteristics that were looked at",
            "required": True,
        },
        "reasons": {
            "type": "text",
            "title": "Reasons",
            "help": "What was looked at and what it shows.",
            "required": True,
        },
    },
    examine_screening,
)

DECISION: Final = EvidenceKind(
    "equality_decision",
    "Equality decision",
    "optional",
    {
        "considered": {"type": "records", "title": "What was read before the decision", "required": True},
        "reasons": {"type": "text", "title": "Reasons, and what weighed for and against", "required": True},
        "changed": {"type": "text", "title": "What was changed because of the assessment"},
        "accepts_disadvantage": {
            "type": "yes_no",
            "title": "The reasons to go ahead in spite of a negative effect are accepted",
        },
    },
    examine_decision,
)

KINDS: Final = [ASSESSMENT, ENGAGEMENT, SCREENING, DECISION]
