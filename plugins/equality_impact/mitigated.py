"""Whether each negative effect has an answer: something will be done, or whoever decides accepts that nothing is."""

from __future__ import annotations

from typing import Final

from engine.hookspecs import Facts, Json, RequirementKind, Verdict, met, unmet
from plugins.equality_impact.characteristics import Characteristic, named
from plugins.equality_impact.kinds import ASSESSMENT, DECISION
from plugins.equality_impact.reading import Assessment, names, newest
from plugins.equality_impact.screened import ASSESSMENT_FOR, OPTIONS, without_assessment


def judge(facts: Facts, options: Json) -> Verdict:
    """Returns whether each negative impact of the newest assessment has a mitigation or an accepted justification."""
    record, asked = newest(facts, ASSESSMENT.id), str(options.get("assessment"))
    if record is None:
        return without_assessment(facts, options)
    assessment, decision = Assessment(record.facts), newest(facts, DECISION.id)
    negative = assessment.with_impact("negative")
    if not negative:
        return met("The assessment finds no negative effect.", evidence=(record.id,))
    open_ones = [one for one in negative if not _answered(assessment, one)]
    if open_ones:
        why = [_lacks(assessment, one) for one in open_ones]
        return unmet(*why, "Hand in the assessment again.", evidence=(record.id,), records=(asked,))
    justified = [one for one in negative if not _complete(assessment, one)]
    if not justified:
        words = (
            f"For {named(negative)}, where the effect is negative, it is said what will be done, by whom and by when."
        )
        return met(words, evidence=(record.id,))
    words = f"For {named(justified)} the effect is negative, and the assessment says why it goes ahead all the same."
    accepted = decision is not None and decision.facts.get("accepts_disadvantage") is True
    if decision is None or not accepted or record.id not in names(decision.facts, "considered"):
        decided_in = str(options.get("decision"))
        why_not = f"{words} Whoever decides has to read the reasons and accept them in the decision."
        return unmet(why_not, evidence=(record.id,), records=(decided_in,))
    return met(f"{words} The decision accepts that.", evidence=(record.id, decision.id))


def _complete(assessment: Assessment, one: Characteristic) -> bool:
    """True where it is said what will be done, who sees to it, and by when."""
    return bool(assessment.said(one, "mitigation") and assessment.said(one, "owner") and assessment.day(one, "by"))


def _answered(assessment: Assessment, one: Characteristic) -> bool:
    return _complete(assessment, one) or bool(assessment.said(one, "justification"))


def _lacks(assessment: Assessment, one: Characteristic) -> str:
    """Returns what is missing for a characteristic with a negative effect."""
    if not assessment.said(one, "mitigation"):
        words = f"The effect is negative for {one.title}, and the assessment does not say what will be done."
        return f"{words} Say what, who sees to it and by when, or why it goes ahead all the same."
    missing = [] if assessment.said(one, "owner") else ["who sees to it"]
    missing += [] if assessment.day(one, "by") else ["by when"]
    words = f"The effect is negative for {one.title}, and something will be done, but the assessment does not say"
    return f"{words} {' and '.join(missing)}. Add it."


MITIGATED: Final = RequirementKind(
    "mitigated",
    "Every negative effect has an answer",
    judge,
    help="Where the effect is negative, the assessment says what will be done, by whom and by when; or why nothing is.",
    options={
        "assessment": ASSESSMENT_FOR,
        "decision": {"type": "text", "title": "The requirement the decision is handed in for", "required": True},
        **OPTIONS,
    },
)
