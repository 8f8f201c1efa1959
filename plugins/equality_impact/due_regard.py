"""Whether due regard is shown: every limb and characteristic looked at, with figures or a reason, before deciding.

Equality Act 2010, section 149. That figures have an age and a screening may be enough is local practice, and the
definition says so in the options.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from engine.hookspecs import Facts, Json, RecordFact, RequirementKind, Verdict, met, unmet
from plugins.equality_impact.characteristics import CHARACTERISTICS, IDS, LIMBS, named
from plugins.equality_impact.kinds import ASSESSMENT, DECISION, SCREENING
from plugins.equality_impact.reading import (
    Assessment,
    in_words,
    months_before,
    names,
    newest,
    parsed_day,
    said,
)
from plugins.equality_impact.screened import OPTIONS, first, screening_lacks

MONTHS: Final = 36


def judge(facts: Facts, options: Json) -> Verdict:
    """Returns whether due regard is shown by the newest assessment, or by a screening where one is enough."""
    assessment = newest(facts, ASSESSMENT.id)
    basis = assessment or newest(facts, SCREENING.id)
    if basis is None:
        return _nothing_yet(facts, options)
    why = _lacks(Assessment(basis.facts), facts, options) if assessment else screening_lacks(basis, facts, options)
    found = list(why)
    named_decision = options.get("decision")
    decision = newest(facts, DECISION.id) if isinstance(named_decision, str) else None
    if found and decision is None:
        return unmet(*found, evidence=(basis.id,))
    if found:  # the decision rests on what has to be handed in anew, so it is taken anew, too
        found.append("Then record the decision again.")
        return unmet(*found, evidence=(basis.id,), records=(facts.requirement, str(named_decision)))
    if decision is not None and (late := _decided_without(basis, decision)):
        again = f"{late} Record the decision again."
        return unmet(again, evidence=(basis.id, decision.id), records=(str(named_decision),))
    seen = () if decision is None else (decision.id,)
    if assessment is None:
        return met("A screening is enough here: it looked at all nine characteristics.", evidence=(basis.id, *seen))
    words = (
        "All nine characteristics were looked at under the limbs of the duty, with figures or a reason for having none."
    )
    return met(words, evidence=(basis.id, *seen))


def _nothing_yet(facts: Facts, options: Json) -> Verdict:
    """Returns what to hand in first: an assessment, or a screening where that can be enough."""
    if (screening := first(facts, options)) is not None:
        words = "Neither an assessment nor a screening counts yet. Begin with a screening; here it can be enough."
        return unmet(words, records=(screening,))
    words = "No equality assessment counts yet."
    return unmet(f"{words} Hand in one that looks at all three limbs of the duty and all nine characteristics.")


def _lacks(assessment: Assessment, facts: Facts, options: Json) -> Iterator[str]:
    """Yields what an assessment lacks, a sentence or two each."""
    for limb, missing in assessment.missing().items():
        words = f"When it comes to {LIMBS[limb]}, the assessment says nothing about {named(missing)}."
        yield f"{words} Hand it in again, with the effect on each."
    unfounded = []
    oldest = _oldest(facts, options)
    for one in CHARACTERISTICS:
        if assessment.said(one, "no_figures"):
            continue
        until = assessment.day(one, "figures_to")
        if until is None or not assessment.has_figures(one):
            unfounded.append(one)
        elif oldest is not None and until < oldest:
            words = f"The figures for {one.title} end on {in_words(until)}; the earliest day that will do is"
            yield f"{words} {in_words(oldest)}. Use newer ones, or say why there are none."
    if unfounded:
        words = f"For {named(unfounded)} there are neither figures nor a reason why there are none."
        yield f"{words} Say what is known and the last day the figures cover, or why there are no figures."
    if negative := assessment.unanswered():
        words = f"The effect is negative for {named(negative)}, and nothing is said about it."
        yield f"{words} Say what will be done, or why it goes ahead all the same."
    if assessment.untouched():
        words = "The assessment says that nobody is affected, and names no figures for any characteristic."
        yield f"{words} Name the figures that show it, and the last day they cover."
    if assessment.copied():
        yield "The words are the same for all nine characteristics. Say for each what is known of these people here."
    also = {name.casefold(): name for name in names(options, "also")}
    for group in (name.casefold() for name in names(assessment.facts, "other_groups")):
        also.pop(group, None)
    if also:
        some = ", ".join(f"“{name[:60]}”" for name in list(also.values())[:5])
        yield f"Other groups are looked at here, too, and the assessment names none of these: {some}. Add them."
    elif names(options, "also") and not said(assessment.facts, "other_groups_evidence"):
        yield "The assessment does not say what is known of the other groups. Add it."


def _oldest(facts: Facts, options: Json) -> date | None:
    """Returns the earliest last day that figures may have; None where nobody knows what day it is."""
    today, months = parsed_day(facts.today), options.get("figures_months", MONTHS)
    return None if today is None or not isinstance(months, int) else months_before(today, months)


def _decided_without(basis: RecordFact, decision: RecordFact) -> str:
    """Returns why the decision was not made with this assessment in mind; empty where it was."""
    if basis.id not in names(decision.facts, "considered"):
        return "The decision does not name the newest assessment or screening among what was read before it."
    if decision.happened_on < basis.happened_on:
        first, then = parsed_day(decision.happened_on), parsed_day(basis.happened_on)
        days = "" if first is None or then is None else f": {in_words(first)} is before {in_words(then)}"
        return f"The decision came before the assessment or screening that it should rest on{days}."
    return ""


DUE_REGARD: Final = RequirementKind(
    "due_regard",
    "Due regard to equality",
    judge,
    help="Hand in an equality assessment that looks at every limb and every characteristic, before the decision.",
    options={
        **OPTIONS,
        "decision": {
            "type": "text",
            "title": "The requirement the decision is handed in for",
            "help": "The decision then has to come after the newest assessment, and to name it.",
        },
        "figures_months": {
            "type": "integer",
            "title": "How many months old figures may be",
            "default": MONTHS,
            "help": "Counted from the last day they cover. Older ones do where it is said why there are none newer.",
        },
        "also": {
            "type": "list",
            "of": "text",
            "title": "Other groups that an assessment here looks at",
            "help": "For instance carers, or people on low incomes.",
        },
    },
    evidence=ASSESSMENT.id,
)

assert len(IDS) == 9, "the sentences above say nine"
