"""What an examiner looks for while a record is handed in: things that are wrong in spite of a form that is filled in.

A fault keeps the record from counting. A note goes with it, for whoever signs and decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.hookspecs import Finding, Submission
from plugins.equality_impact.characteristics import CHARACTERISTICS, IDS, LIMBS, named
from plugins.equality_impact.reading import Assessment, in_words, names, parsed_day, said

_TITLES = {one.id: one for one in CHARACTERISTICS}


def examine_assessment(submission: Submission) -> list[Finding]:
    """Returns what is wrong with an equality assessment."""
    return list(_of_assessment(Assessment(submission.facts), submission))


def _of_assessment(assessment: Assessment, submission: Submission) -> Iterator[Finding]:
    for limb, missing in assessment.missing().items():
        words = f"When it comes to {LIMBS[limb]}, the assessment says nothing about {named(missing)}."
        yield Finding("characteristics-missing", f"{words} Say positive, neutral, negative or unknown for each.")
    if negative := assessment.unanswered():
        words = f"The effect is negative for {named(negative)}, and nothing is said about it."
        yield Finding(
            "negative-without-mitigation", f"{words} Say what will be done, or why it goes ahead all the same."
        )
    if assessment.untouched():
        words = "The assessment says that nobody is affected, and names no figures for any characteristic."
        yield Finding(
            "no-impact-without-figures", f"{words} Name the figures that show it, and the last day they cover."
        )
    if assessment.copied():
        words = "The words are the same for all nine characteristics, as in a template."
        yield Finding("copied-words", f"{words} Say for each what is known of these people here.")
    today = parsed_day(submission.today)
    for one in CHARACTERISTICS:
        until, done_by = assessment.day(one, "figures_to"), assessment.day(one, "by")
        if today is not None and until is not None and until > today:
            words = f"The figures for {one.title} are said to go on until {in_words(until)}, a day that has not come."
            yield Finding("figures-from-later", f"{words} Give the last day they cover.")
        if today is not None and done_by is not None and done_by < today:
            words = f"What will be done for {one.title} was due on {in_words(done_by)}, a day that has passed."
            yield Finding("day-has-passed", words, "note")
    if unknown := assessment.with_impact("unknown"):
        words = f"The effect is not known for {named(unknown)}. Those who decide should know that."
        yield Finding("effect-unknown", words, "note")
    if not said(submission.facts, "health_inequalities"):
        words = "Nothing is said about inequalities in health. It is not asked for here, and often asked about."
        yield Finding("health-inequalities-left-out", words, "note")


def examine_engagement(submission: Submission) -> list[Finding]:
    """Returns what is wrong with a record of talks with people who may be affected."""
    facts, found = submission.facts, []
    attendance = facts.get("attendance")
    counted = attendance if isinstance(attendance, Mapping) else {}
    if not any(counted.get(who) for who in ("lived_experience", "carer")):
        words = "Nobody with lived experience and no carer took part."
        found.append(Finding("nobody-with-experience", f"{words} Hear people for whom the change is made."))
    if not names(facts, "heard"):
        words = "The record does not say whom people spoke for."
        found.append(
            Finding("nobody-heard", f"{words} Name the characteristics of which somebody spoke for themselves.")
        )
    if not said(facts, "said"):
        found.append(
            Finding("words-missing", "The record does not say what people said. Write down what they told you.")
        )
    if facts.get("held_as") == "survey":
        words = "A survey asks for opinions; it is consultation, and no work done together."
        found.append(Finding("survey-only", words, "note"))
    if not said(facts, "changed") and not said(facts, "held_back"):
        words = "The record does not say what changed because of what people said, or why nothing did."
        found.append(Finding("no-answer-to-people", f"{words} Answer those who spoke."))
    return found


def examine_screening(submission: Submission) -> list[Finding]:
    """Returns what is wrong with a screening."""
    found = []
    looked_at = names(submission.facts, "looked_at")
    if left_out := [_TITLES[id] for id in IDS if id not in looked_at]:
        words = f"The screening did not look at {named(left_out)}. Look at all nine characteristics."
        found.append(Finding("characteristics-missing", words))
    if not said(submission.facts, "reasons"):
        words = "The screening gives no reasons. Say what was looked at and what it shows."
        found.append(Finding("reasons-missing", words))
    return found


def examine_decision(submission: Submission) -> list[Finding]:
    """Returns what is wrong with a decision."""
    found = []
    if not names(submission.facts, "considered"):
        words = "The decision names nothing that was read before it. Name the assessment or the screening."
        found.append(Finding("nothing-read", words))
    if not said(submission.facts, "reasons"):
        found.append(Finding("reasons-missing", "The decision gives no reasons. Say what weighed for and against it."))
    return found
