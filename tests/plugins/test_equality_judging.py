"""The judges of the equality plugin: what is never met, what is always answered, and what makes nothing worse."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.hookspecs import Facts, RequirementKind, Verdict
from plugins.equality_impact import cocycle_requirement_kinds
from plugins.equality_impact.affected_heard import AFFECTED_HEARD
from plugins.equality_impact.characteristics import CHARACTERISTICS, IDS, LIMBS, Characteristic, cells
from plugins.equality_impact.due_regard import DUE_REGARD
from plugins.equality_impact.mitigated import MITIGATED

from .equality_facts import (
    WITH,
    answered,
    any_facts,
    assessment,
    decision,
    facts,
    full,
    full_assessments,
    screening,
    talks,
)

LIGHT = {"screening_for": ["light"]}
KINDS = cocycle_requirement_kinds()
BETTER = {"unmet": 0, "pending": 1, "met": 2}


def regard(*records: Any, options: dict[str, Any] | None = None, **asked: Any) -> Verdict:
    """Returns what `due_regard` says of records, oldest first."""
    return DUE_REGARD.judge(facts(*records, **asked), {"decision": "decision", **(options or {})})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
@settings(max_examples=40, deadline=None)
@given(asked=any_facts(), months=st.integers())
def test_every_question_is_answered_in_words_and_with_a_way_on(
    kind: RequirementKind, asked: Facts, months: int
) -> None:
    """Whatever is on record, each kind answers, rests on records it was shown, and says what would satisfy it.

    Seen to fail when a day was read without expecting other text, and when months were taken off the year 1.
    """
    options = {**WITH, **LIGHT, "figures_months": months, "also": ["carers"]}
    verdict = kind.judge(asked, options)
    assert {*verdict.evidence} <= {one.id for one in asked.records}
    assert verdict.why
    for words in verdict.why:
        assert words[0].isupper(), words
        assert words.endswith("."), words
        assert len(words) < 500
    if verdict.state == "unmet":
        assert verdict.records or kind.evidence is not None
        assert {*verdict.records} <= {*WITH.values(), *(one.requirement for one in asked.records), asked.requirement}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
@settings(max_examples=40, deadline=None)
@given(asked=any_facts(), other=any_facts())
def test_a_verdict_depends_on_nothing_but_the_facts(kind: RequirementKind, asked: Facts, other: Facts) -> None:
    """The same facts have the same verdict whatever was asked in between, and are left as they were.

    Seen to fail when `also` was gathered in a list of the module.
    """
    options: dict[str, Any] = {**WITH, **LIGHT, "also": ["carers"]}
    before = deepcopy((asked, options))
    first = kind.judge(asked, options)
    kind.judge(other, {**WITH, "also": ["veterans"]})
    assert kind.judge(deepcopy(asked), deepcopy(options)) == first
    assert (asked, options) == before


@settings(deadline=None)
@given(held=full_assessments(), one=st.sampled_from(CHARACTERISTICS), accepts=st.booleans())
def test_a_negative_effect_without_an_answer_is_never_met(
    held: dict[str, Any], one: Characteristic, accepts: bool
) -> None:
    """Where the effect is negative and nothing is said about it, neither judge is satisfied, whatever is decided.

    Seen to fail when `mitigated` looked at the first limb only.
    """
    held[one.cells[-1][1]] = "negative"
    held[f"{one.id}_mitigation"] = held[f"{one.id}_justification"] = "TBC"
    asked = facts(assessment(held), decision("e-1", accepts=accepts))
    assert MITIGATED.judge(asked, WITH).state == "unmet"
    assert any(one.title in words for words in MITIGATED.judge(asked, WITH).why)
    assert DUE_REGARD.judge(asked, {}).state == "unmet"


@settings(deadline=None)
@given(held=full_assessments(), one=st.sampled_from(CHARACTERISTICS), accepts=st.sampled_from([None, False, True]))
def test_saying_what_will_be_done_never_makes_it_worse(
    held: dict[str, Any], one: Characteristic, accepts: bool | None
) -> None:
    """Whatever an assessment holds, a mitigation with its owner and its day makes no verdict worse.

    Seen to fail when a mitigation beside a justification was taken for a contradiction.
    """
    said = decision("e-1", accepts=accepts)
    for kind in KINDS:
        before = kind.judge(facts(assessment(held), said), WITH)
        after = kind.judge(facts(assessment({**held, **answered(one)}), said), WITH)
        assert BETTER[after.state] >= BETTER[before.state]
        assert len(after.why) <= len(before.why)


@settings(deadline=None)
@given(held=full_assessments())
def test_every_negative_effect_with_an_answer_is_met(held: dict[str, Any]) -> None:
    """An assessment that says for everybody what will be done, by whom and by when, is met whatever is negative."""
    for one in CHARACTERISTICS:
        held |= answered(one)
    assert MITIGATED.judge(facts(assessment(held)), WITH).state == "met"


@settings(deadline=None)
@given(held=full_assessments(), heard=st.sets(st.sampled_from(IDS)))
def test_nobody_who_may_be_affected_is_passed_over(held: dict[str, Any], heard: set[str]) -> None:
    """It is met exactly when everybody with a negative or an unknown effect was heard.

    Seen to fail when an unknown effect was taken for none.
    """
    affected = {one.id for one, _, field in cells() if held[field] in ("negative", "unknown")}
    verdict = AFFECTED_HEARD.judge(facts(assessment(held), talks(*sorted(heard))), WITH)
    assert (verdict.state == "met") == (affected <= heard)


@settings(deadline=None)
@given(cell=st.sampled_from(list(cells())))
def test_no_limb_of_any_characteristic_may_be_left_out(cell: tuple[Characteristic, str, str]) -> None:
    """A good assessment that leaves out one limb of one characteristic is not met, and the words name both."""
    one, limb, field = cell
    assert regard(assessment(full())).state == "met"
    verdict = regard(assessment(full(**{field: None})))
    assert verdict.state == "unmet"
    assert one.title in verdict.why[0]
    assert LIMBS[limb] in verdict.why[0]


def test_marriage_is_looked_at_under_the_first_limb_only() -> None:
    """Marriage and civil partnership has one cell, each of the other eight three: twenty-five in all.

    Seen to fail when it was looked at under no limb.
    """
    assert [one.id for one in CHARACTERISTICS if len(one.cells) != 3] == ["marriage"]
    assert [field for one, _, field in cells() if one.id == "marriage"] == ["marriage_eliminate"]
    assert len(list(cells())) == 25
    assert regard(assessment(full(age_advance="positive"))).state == "met"


@settings(deadline=None)
@given(one=st.sampled_from(CHARACTERISTICS), reason=st.booleans())
def test_each_characteristic_has_figures_or_a_reason(one: Characteristic, reason: bool) -> None:
    """Without figures, and without a reason why there are none, it is not met; with the reason it is."""
    why = "The register of the service does not ask." if reason else "n/a"
    held = full(**{f"{one.id}_figures_to": None, f"{one.id}_no_figures": why})
    assert regard(assessment(held)).state == ("met" if reason else "unmet")


@pytest.mark.parametrize(
    ("until", "months", "state"),
    [
        ("2023-06-30", 36, "met"),
        ("2023-06-29", 36, "unmet"),
        ("2025-06-30", 12, "met"),
        ("2025-06-29", 12, "unmet"),
    ],
)
def test_figures_are_as_old_as_the_definition_allows(until: str, months: int, state: str) -> None:
    """Figures whose last day lies so many months back still do, and a day more does not, unless it is said why.

    Seen to fail when the months were counted from the day the assessment was handed in.
    """
    options = {"figures_months": months}
    assert regard(assessment(full(race_figures_to=until)), options=options).state == state
    why = "The next census is years away."
    assert regard(assessment(full(race_figures_to=until, race_no_figures=why)), options=options).state == "met"


def test_no_impact_needs_figures() -> None:
    """No effect on anybody is not believed without a single figure; with one, and reasons for the rest, it is."""
    reasons = {f"{one.id}_no_figures": f"Nobody counts {one.title} here." for one in CHARACTERISTICS}
    without = {f"{one.id}_figures_to": None for one in CHARACTERISTICS}
    assert regard(assessment(full(**reasons, **without))).state == "unmet"
    assert regard(assessment(full(**reasons, **{**without, "age_figures_to": "2026-03-31"}))).state == "met"


def test_a_template_that_was_copied_is_told() -> None:
    """The same words for all nine are not met; one that differs is enough for the judge."""
    same = {f"{one.id}_evidence": "We have considered this group." for one in CHARACTERISTICS}
    assert regard(assessment(full(**same))).state == "unmet"
    assert regard(assessment(full(**{**same, "age_evidence": "Most who call are over 60."}))).state == "met"


@pytest.mark.parametrize(("profile", "state"), [("light", "met"), ("standard", "unmet"), (None, "unmet")])
def test_a_screening_is_enough_for_the_profiles_named(profile: str | None, state: str) -> None:
    """A good screening stands in for the assessment in the profiles that the definition names, and in no other."""
    verdict = regard(screening(False), options=LIGHT, profile=profile)
    assert verdict.state == state
    assert regard(screening(False), profile=profile).state == "unmet"
    assert regard(screening(True), options=LIGHT, profile=profile).state == "unmet"
    assert regard(screening(False, reasons="TBC"), options=LIGHT, profile=profile).state == "unmet"
    assert regard(screening(False, looked_at=["age"]), options=LIGHT, profile=profile).state == "unmet"


def test_an_assessment_counts_before_a_screening() -> None:
    """Once there is an assessment, it is judged, whatever a screening said."""
    poor = assessment(full(age_advance=None))
    assert regard(poor, screening(False), options=LIGHT, profile="light").state == "unmet"


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (decision("e-1", on="2026-06-01"), "met"),
        (decision("e-1", on="2026-05-31"), "unmet"),
        (decision("e-0"), "unmet"),
        (decision(), "unmet"),
    ],
)
def test_the_assessment_comes_before_the_decision(after: Any, state: str) -> None:
    """A decision made before the assessment, or without naming the newest one, is asked for again.

    Seen to fail when only the days were compared.
    """
    verdict = regard(assessment(full(), "e-0"), assessment(full(), "e-1"), after)
    assert verdict.state == state
    assert verdict.records == (() if state == "met" else ("decision",))


def test_a_new_assessment_needs_a_new_decision() -> None:
    """Where the assessment has to be handed in again, the decision that rests on it is asked for again with it."""
    verdict = regard(assessment(full(age_advance=None)), decision("e-1"))
    assert verdict.records == ("due-regard", "decision")


@pytest.mark.parametrize(
    ("decided", "state", "asked"),
    [
        (None, "unmet", ("decision",)),
        (decision("e-1"), "unmet", ("decision",)),
        (decision("e-1", accepts=False), "unmet", ("decision",)),
        (decision("e-0", accepts=True), "unmet", ("decision",)),
        (decision("e-1", accepts=True), "met", ()),
    ],
)
def test_a_justification_has_to_be_accepted(decided: Any, state: str, asked: tuple[str, ...]) -> None:
    """Going ahead in spite of a negative effect needs a decision that names the assessment and accepts the reasons."""
    held = assessment(full(age_advance="negative", age_justification="The law fixes the age."))
    verdict = MITIGATED.judge(facts(held, *([] if decided is None else [decided])), WITH)
    assert (verdict.state, verdict.records) == (state, asked)


@pytest.mark.parametrize("left_out", ["age_owner", "age_by", "age_mitigation"])
def test_a_mitigation_has_an_owner_and_a_day(left_out: str) -> None:
    """What will be done counts only with who sees to it and by when, and the words say which is missing."""
    held = full(age_advance="negative", **answered(CHARACTERISTICS[0]))
    said = {MITIGATED.judge(facts(assessment({**held, name: ""})), WITH).why for name in (left_out, "age_owner")}
    assert MITIGATED.judge(facts(assessment({**held, left_out: ""})), WITH).state == "unmet"
    assert len(said) == (1 if left_out == "age_owner" else 2)


def test_other_groups_are_looked_at_where_a_definition_says_so() -> None:
    """Groups that a definition adds have to be named, in any letters, with what is known of them."""
    options = {"also": ["Carers", "Veterans"]}
    held = full(other_groups=["carers", "veterans"], other_groups_evidence="The council's survey of 2025.")
    assert regard(assessment(held), options=options).state == "met"
    assert regard(assessment({**held, "other_groups": ["carers"]}), options=options).state == "unmet"
    assert regard(assessment({**held, "other_groups_evidence": "tbc"}), options=options).state == "unmet"
