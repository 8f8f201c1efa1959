"""The examiners of the equality plugin: what a form that is filled in can still have wrong."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.hookspecs import EvidenceKind, Submission, SubmittedFile
from plugins.equality_impact.characteristics import CHARACTERISTICS, IDS
from plugins.equality_impact.kinds import ASSESSMENT, DECISION, ENGAGEMENT, KINDS, SCREENING

from .equality_facts import TODAY, answered, full

HEARD = {
    "held_as": "in_person",
    "attendance": {"lived_experience": 3},
    "heard": ["age"],
    "said": "The bus stops at six.",
    "changed": "The hours are from nine to eight.",
}
SCREENED = {"full_assessment": False, "looked_at": list(IDS), "reasons": "Only the sign on the door changes."}
DECIDED = {"considered": ["e-1"], "reasons": "The hours outweigh the cost."}
SAME = {f"{one.id}_evidence": "We treat everybody the same." for one in CHARACTERISTICS}
NOTED = {"health_inequalities": "Those who live furthest away lose least."}


def handed_in(kind: EvidenceKind, facts: Mapping[str, Any], *files: SubmittedFile) -> Submission:
    """Returns a record of a kind as its examiner gets it."""
    return Submission("P", "x", kind.id, None, None, TODAY, {}, facts, files)


def codes(kind: EvidenceKind, facts: Mapping[str, Any], severity: str = "fault") -> list[str]:
    """Returns the codes of what an examiner finds, of one severity."""
    assert kind.examine is not None
    return [one.code for one in kind.examine(handed_in(kind, facts)) if one.severity == severity]


@pytest.mark.parametrize(
    ("kind", "facts"),
    [(ASSESSMENT, full(**NOTED)), (ENGAGEMENT, HEARD), (SCREENING, SCREENED), (DECISION, DECIDED)],
    ids=lambda one: one.id if isinstance(one, EvidenceKind) else "",
)
def test_nothing_is_found_in_a_good_record(kind: EvidenceKind, facts: Mapping[str, Any]) -> None:
    """A record with all that is asked has neither a fault nor a note."""
    assert codes(kind, facts) == codes(kind, facts, "note") == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sex_foster": None}, "characteristics-missing"),
        ({"race_advance": "negative"}, "negative-without-mitigation"),
        ({"race_advance": "negative", "race_mitigation": "TBC."}, "negative-without-mitigation"),
        ({f"{one.id}_figures_to": None for one in CHARACTERISTICS}, "no-impact-without-figures"),
        ({**SAME, "age_evidence": "We treat everybody  the same."}, "copied-words"),
        ({"age_figures_to": "2026-07-01"}, "figures-from-later"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_a_form_cannot_see_is_found(changed: dict[str, Any], code: str) -> None:
    """Each thing that is wrong in an assessment is one fault with its own code.

    Seen to fail when words were compared with their spaces, and when `TBC.` was taken for a mitigation.
    """
    assert codes(ASSESSMENT, full(**changed)) == [code]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"race_foster": "unknown"}, "effect-unknown"),
        ({"race_foster": "negative", **answered(CHARACTERISTICS[5]), "race_by": "2026-06-29"}, "day-has-passed"),
        ({"health_inequalities": "n/a"}, "health-inequalities-left-out"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_people_should_know_is_a_note(changed: dict[str, Any], code: str) -> None:
    """What is no mistake, and what those who sign should know, is a note and lets the record count."""
    assert codes(ASSESSMENT, full(**{**NOTED, **changed}), "note") == [code]
    assert codes(ASSESSMENT, full(**{**NOTED, **changed})) == []


@pytest.mark.parametrize(
    ("kind", "facts", "faults", "notes"),
    [
        (ENGAGEMENT, {**HEARD, "attendance": {"commissioner": 4}}, ["nobody-with-experience"], []),
        (ENGAGEMENT, {**HEARD, "attendance": {"carer": 1}}, [], []),
        (ENGAGEMENT, {**HEARD, "heard": []}, ["nobody-heard"], []),
        (ENGAGEMENT, {**HEARD, "said": "none"}, ["words-missing"], []),
        (ENGAGEMENT, {**HEARD, "held_as": "survey"}, [], ["survey-only"]),
        (ENGAGEMENT, {**HEARD, "changed": ""}, ["no-answer-to-people"], []),
        (ENGAGEMENT, {**HEARD, "changed": "", "held_back": "The lease ends in 2027."}, [], []),
        (SCREENING, {**SCREENED, "looked_at": list(IDS[1:])}, ["characteristics-missing"], []),
        (SCREENING, {**SCREENED, "reasons": "N/A"}, ["reasons-missing"], []),
        (DECISION, {**DECIDED, "reasons": "-"}, ["reasons-missing"], []),
        (DECISION, {**DECIDED, "considered": []}, ["nothing-read"], []),
    ],
)
def test_talks_screenings_and_decisions_are_examined(
    kind: EvidenceKind, facts: Mapping[str, Any], faults: list[str], notes: list[str]
) -> None:
    """What is wrong with talks, a screening or a decision has a code; what is only weak is a note.

    Seen to fail when carers were not counted as people with experience, and when only a `dict` was taken for counts.
    """
    facts = {name: MappingProxyType(one) if isinstance(one, dict) else one for name, one in facts.items()}
    assert (codes(kind, facts), codes(kind, facts, "note")) == (faults, notes)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_an_examiner_answers_whatever_it_is_handed(kind: EvidenceKind, data: st.DataObject) -> None:
    """Whatever stands in the fields, and whatever is in the files, there are findings with codes and sentences.

    Seen to fail when the attendance was read without looking whether it is a mapping.
    """
    assert kind.examine is not None
    facts = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(kind.fields, ANYTHING)))
    file = SubmittedFile("x.pdf", "ab" * 32, data.draw(st.binary(max_size=20)))
    for one in kind.examine(handed_in(kind, facts, file)):
        assert one.code.replace("-", "").isalpha()
        assert one.code.islower()
        assert one.says[0].isupper()
        assert one.says.endswith(".")
