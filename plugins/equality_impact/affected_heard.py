"""Whether people were heard about every characteristic for which the effect is negative, or not known."""

from __future__ import annotations

from typing import Final

from engine.hookspecs import Facts, Json, RequirementKind, Verdict, met, unmet
from plugins.equality_impact.characteristics import named
from plugins.equality_impact.kinds import ASSESSMENT, ENGAGEMENT
from plugins.equality_impact.reading import Assessment, names, newest
from plugins.equality_impact.screened import ASSESSMENT_FOR, OPTIONS, without_assessment


def judge(facts: Facts, options: Json) -> Verdict:
    """Returns whether the newest record of talks covers each characteristic with a negative or unknown effect."""
    record, talks = newest(facts, ASSESSMENT.id), newest(facts, ENGAGEMENT.id)
    if record is None:
        return without_assessment(facts, options)
    affected = Assessment(record.facts).with_impact("negative", "unknown")
    if not affected:
        words = "The assessment finds no negative effect, and none that is not known."
        return met(words, evidence=(record.id,))
    heard = () if talks is None else names(talks.facts, "heard")
    if silent := [one for one in affected if one.id not in heard]:
        words = f"Nobody was heard yet about {named(silent)}, where the effect is negative or not known."
        asked = str(options.get("engagement"))
        seen = (record.id,) if talks is None else (record.id, talks.id)
        return unmet(
            f"{words} Talk with people whom it concerns, and hand in a record of it.",
            evidence=seen,
            records=(asked,),
        )
    assert talks is not None  # somebody was heard, and that stands in the record
    words = f"People were heard about {named(affected)}, where the effect is negative or not known."
    return met(words, evidence=(record.id, talks.id))


AFFECTED_HEARD: Final = RequirementKind(
    "affected_heard",
    "Those who may be affected were heard",
    judge,
    help="Where the effect is negative, or not known, people whom it concerns have spoken for themselves.",
    options={
        "assessment": ASSESSMENT_FOR,
        "engagement": {"type": "text", "title": "The requirement the talks are handed in for", "required": True},
        **OPTIONS,
    },
)
