"""The shipped commissioning cycle against the catalogue it is written from: 65 requirements, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core.conditions import Scope, holds
from engine.core.definition import Condition, Requirement, Workflow
from engine.core.profiles import profile_of
from engine.definitions.compile import compile_definition

from .catalogue import CATALOGUE, ENHANCED, EVALUATORS, KEEPS_A_PRINCIPLE, LAW, LIGHT, Q1, Q2, Q3, SMALL_PURCHASE

FILE = Path(__file__).parents[2] / "workflows/commissioning-cycle/workflow.yaml"
CODE = re.compile(r"(PL|DE|PR|RE)-[0-9]{2}\. ")
STAGE_OF = {"PL": "plan-gate", "DE": "design-gate", "PR": "procure-gate", "RE": "review-gate"}


@pytest.fixture(scope="module")
def cycle() -> Workflow:
    """The shipped definition."""
    return compile_definition(FILE.read_bytes(), "workflow.yaml").workflow


def code_of(requirement: Requirement) -> str | None:
    """Returns the code a requirement's help begins with."""
    found = CODE.match(requirement.help or "")
    return found[0][:5] if found else None


def by_code(cycle: Workflow) -> dict[str, list[Requirement]]:
    """Returns the requirements of each code, in the order of the file."""
    found: dict[str, list[Requirement]] = {}
    for requirement in cycle.requirements.values():
        code = code_of(requirement)
        if code:
            found.setdefault(code, []).append(requirement)
    return found


def applying_paths(condition: Condition | None) -> Iterator[str]:
    """Yields every field a condition looks at."""
    if condition is not None:
        yield condition.field
        for part in condition.of:
            yield from applying_paths(part)


def test_all_65_requirements_of_the_catalogue_are_there(cycle: Workflow) -> None:
    """Each code of the catalogue stands at a requirement, in the gate of its stage, and no other code does.

    Seen to fail when PL-14 was taken out of the file.
    """
    found = by_code(cycle)
    assert sorted(found) == sorted(CATALOGUE)
    assert len(found) == 65
    for code, requirements in found.items():
        gates = {cycle.gate_of[r.id] for r in requirements}
        assert gates - {"vary-gate"} == {STAGE_OF[code[:2]]}


def test_only_the_assurers_word_has_no_code(cycle: Workflow) -> None:
    """Every requirement begins its help with its code, but for the assurer's word that enhanced projects need at each
    gate, signed by the assurer alone.

    Seen to fail when the help of `market` lost its code.
    """
    without = {r.id: r for r in cycle.requirements.values() if code_of(r) is None}
    assert set(without) == {f"{name.removesuffix('-gate')}-assurance" for name in cycle.gates}
    for requirement in without.values():
        assert (requirement.profiles, requirement.signed_by) == (("enhanced",), ("assurer",))


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_requirement_asks_what_its_row_asks(cycle: Workflow, code: str) -> None:
    """Principles, level, signatories and quorum of each requirement are those of its row.

    Seen to fail when the level of `specification` was lowered to co-design, and when `edi` was taken from DE-04.
    """
    row = CATALOGUE[code]
    requirement = cycle.requirements[row.id]
    assert code_of(requirement) == code
    assert set(requirement.principles) == set(row.principles.split())
    parts = requirement.of or (requirement,)
    for part in parts:
        assert cycle.level_rank(part.level) + 1 == row.rung
        if row.signed_by == EVALUATORS:
            assert (part.signed_by, part.count, part.rules) == ((), 2, ("spoken_from_experience",))
            continue
        beyond = {"fin"} if code == "PR-11" else set()  # who signs beside the one who took the first decision
        assert set(part.signed_by) == set(row.signed_by.split()) | beyond
        assert set(part.rules) & (Q1 | Q2 | Q3) == row.quorum


def test_the_quorums_count_as_the_catalogue_counts(cycle: Workflow) -> None:
    """Q1 refuses two with lived experience of eleven and accepts six of twelve; Q2 counts nobody who stood aside.

    Seen to fail when the share of the quorum was lowered to 30%, and when `less` was taken out of either condition of
    the panel's.
    """
    q1, q2 = cycle.rules["working_quorum"].condition, cycle.rules["panel_quorum"].condition

    def meeting(cochair: bool = True, **attendance: int) -> bool:
        facts = {"attendance": attendance, "cochair_present": cochair}
        return holds(q1, Scope({"voting_members": 14}, cycle.fields, facts, cycle.evidence["document"].fields))

    def panel(recused: dict[str, int] | None, **appointed: int) -> bool:
        project = {} if recused is None else {"recused": recused}
        return holds(q2, Scope(project, cycle.fields, {"panel": appointed}, cycle.evidence["panel_record"].fields))

    assert not meeting(lived_experience=2, carer=2, clinician=1, commissioner=4, vcse=2)
    assert meeting(lived_experience=6, carer=2, clinician=1, commissioner=2, vcse=1)
    assert not meeting(False, lived_experience=6, carer=2, clinician=1, commissioner=2, vcse=1)
    assert not meeting(lived_experience=6, commissioner=2)
    assert not meeting(lived_experience=3, carer=1, commissioner=2), "fewer than half of the group"
    assert not meeting(lived_experience=3, carer=1, commissioner=5)
    assert panel(None, lived_experience=3, carer=1, clinician=1, commissioner=2)
    assert not panel({"lived_experience": 2}, lived_experience=3, carer=1, clinician=1, commissioner=2)
    assert not panel({"lived_experience": 2}, lived_experience=3, carer=3), "one is left with lived experience"
    assert not panel({"lived_experience": 2}, lived_experience=4, clinician=3), "two of the five who are left"
    assert panel({"lived_experience": 2}, lived_experience=4, carer=1, clinician=1, commissioner=2)


def test_law_is_what_was_confirmed_as_law(cycle: Workflow) -> None:
    """`law: true` stands exactly where the basis is law, and exactly at what the catalogue confirms.

    Seen to fail when `law: true` was put on `award-confirmation`, and when it was taken from `consultation`.
    """
    for requirement in cycle.requirements.values():
        assert requirement.law == (requirement.basis is not None and requirement.basis.kind == "law"), requirement.id
        assert requirement.basis is not None or requirement.of, requirement.id
    found: dict[str, set[str]] = {}
    for code, requirements in by_code(cycle).items():
        names = {r.id for r in requirements if r.law}
        if names:
            found[code] = names
    assert found == LAW


def test_light_projects_are_asked_the_list_and_the_law(cycle: Workflow) -> None:
    """A light project is asked for its list, for all law, and for what keeps a principle in every gate; nothing else.

    Seen to fail when `options` lost its profiles, and when `market-notice` was kept from light projects.
    """
    law = {name for names in LAW.values() for name in names}
    own = {CATALOGUE[code].id for code in [*LIGHT, *KEEPS_A_PRINCIPLE]}
    # waits and screenings that come with what is asked already; a substantial change makes a project enhanced anyway
    with_them = {"change-assurance", "open-call", "consultation-length", "intended-approach-wait"}
    with_them |= {"modification-screening", "vary-screening", "vary-notice-first"}
    with_them |= {"representations-log"}  # without it nobody would record the representation that the law is about
    asked = {r.id for r in cycle.requirements.values() if not r.profiles or "light" in r.profiles}
    assert asked == law | own | with_them | SMALL_PURCHASE


def test_enhanced_projects_are_asked_more(cycle: Workflow) -> None:
    """What only enhanced projects are asked for is the four cases of the list and the assurer's word at each gate.

    Seen to fail when `outline-case` was asked of standard projects.
    """
    only = {r.id for r in cycle.requirements.values() if r.profiles == ("enhanced",)}
    assert only == {CATALOGUE[c].id for c in ENHANCED} | {f"{g.removesuffix('-gate')}-assurance" for g in cycle.gates}
    rest = {r.profiles for r in cycle.requirements.values()} - {("enhanced",)}
    assert rest == {(), ("standard", "enhanced")}


@pytest.mark.parametrize(
    ("annual", "lifetime", "substantial", "profile"),
    [
        (98_000, 490_000, None, "light"),
        (99_999, 490_000, False, "light"),
        (100_000, 490_000, None, "standard"),
        (1_420_000, 4_999_999, False, "standard"),
        (1_420_000, 5_000_000, False, "enhanced"),
        (98_000, 490_000, True, "enhanced"),
    ],
)
def test_the_profile_follows_recorded_facts(
    cycle: Workflow, annual: int, lifetime: int, substantial: bool | None, profile: str
) -> None:
    """Light is below £100,000 a year; enhanced is £5 million over its life or more, or a substantial change.

    Seen to fail when the boundary of enhanced was moved by a pound.
    """
    fields: dict[str, object] = {"annual_value": annual * 100, "lifetime_value": lifetime * 100}
    if substantial is not None:
        fields["substantial_change"] = substantial
    assert profile_of(cycle, fields)[0] == profile


def test_every_level_asked_of_participation_is_above_consultation(cycle: Workflow) -> None:
    """Consultation is enough only where the law speaks of involving or consulting people, never for co-production.

    Seen to fail when `outreach` accepted consultation.
    """
    low = {r.id for r in cycle.requirements.values() if 0 <= cycle.level_rank(r.level) <= 3}
    assert low == {"involvement-plan", "involvement-plan-local", "consultation", "change-assurance"}


def test_evidence_comes_before_the_decision_it_supports(cycle: Workflow) -> None:
    """Outreach, figures and equality work come before priorities, route and way on; what bids are judged by is fixed
    before they are invited.

    Seen to fail when `supports` was taken from `equality-review`.
    """
    found: dict[str, set[str]] = {}
    for requirement in cycle.requirements.values():
        if requirement.supports:
            found.setdefault(requirement.supports, set()).add(requirement.id)
    assert found == {
        "priorities": {"needs-data", "outreach", "equality-new", "equality-inherited"},
        "route-decision": {"equality-design", "consultation", "change-notified"},
        "opening-notice": {"market-notice", "criteria", "planned-notice"},
        "award-decision": {"panel-conflicts", "individual-scores", "moderation", "full-case"},
        "award-notice": {"assessment-summaries"},
        "readiness": {"equality-mobilisation"},
        "way-on": {"equality-review"},
    }


def test_the_ways_on_follow_what_was_decided(cycle: Workflow) -> None:
    """Each of the four ways on from a review passes the review gate and follows the group's decision for it.

    Seen to fail when `end` followed a decision to continue.
    """
    ways = {t.id: t for t in cycle.stages["review"].transitions if t.gate}
    assert set(ways) == {"continue", "vary", "recommission", "end"}
    for name, way in ways.items():
        assert way.gate == "review-gate"
        assert way.follows is not None
        assert (way.follows.requirement, way.follows.field, way.follows.value) == ("way-on", "way", name)


def test_only_the_award_freezes_a_project(cycle: Workflow) -> None:
    """Where a passed gate freezes the project, nothing in it can run out by time alone; the other gates warn.

    Seen to fail when `panel-preparation` was given twelve months.
    """
    assert {name: g.if_unsound for name, g in cycle.gates.items() if g.if_unsound != "warns"} == {
        "procure-gate": "freezes"
    }
    for requirement in cycle.gates["procure-gate"].all_requirements():
        assert requirement.fresh in (None, "this stage"), requirement.id


def test_nothing_depends_on_a_fact_nobody_can_record(cycle: Workflow) -> None:
    """Every condition of a requirement looks at facts of the project that are declared, and law that depends on an
    unsaid fact is asked for until it is said.

    Seen to fail when `race-equality` applied only where the project says yes.
    """
    unsaid = Scope({"lead_body": "not_said"}, cycle.fields)
    for requirement in cycle.requirements.values():
        for path in applying_paths(requirement.when):
            assert path == "" or path.removeprefix("project.") in cycle.fields
    for name in ("involvement-plan", "race-equality", "provider-statements"):
        when = cycle.requirements[name].when
        assert when is not None
        assert holds(when, unsaid)
