"""The example workflow, from its text to its end: every act that is proposed is done, and both gates are passed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from engine.core.commands import OpenProject
from engine.core.definition import Workflow
from engine.core.evidence import File
from engine.definitions.compile import compile_definition

from .builders import a_file, advance, decide_on, hand_in, set_fields, sign, waive, withdraw
from .story import Story, actor, story

EXAMPLE = Path(__file__).parents[1] / "examples" / "two-gates.yaml"
SHARED = Path(__file__).parents[2].parent / "shared" / "examples" / "two-gates.yaml"
HEARD = {"lived_experience": 4, "carer": 1, "clinician": 3, "commissioner": 1, "vcse": 1}
CHAIR = actor("lx", "lx_cochair")
PAPER: tuple[File, ...] = (a_file("mandate.pdf"),)


@cache
def two_gates() -> Workflow:
    return compile_definition(EXAMPLE.read_bytes(), EXAMPLE.name).workflow


@pytest.fixture
def told() -> Story:
    return story(two_gates(), "2026-01-05", lifetime_value="1450000.00")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared examples lie outside this repository")
def test_the_example_is_carried_unchanged() -> None:
    """The example must load unchanged: the copy here is the shared text."""
    assert EXAMPLE.read_text() == SHARED.read_text()


def test_a_new_project_has_its_defaults_and_lacks_everything(told: Story) -> None:
    """A new project has its given fields and defaults, and its gate asks for each record, signature and decision."""
    assert told.project.fields == {"lifetime_value": 145000000, "regime": "undecided"}
    assert told.acts() == [
        "add_evidence mandate",
        "add_evidence priorities",
        "sign mandate sro",
        "sign mandate lx_cochair",
        "sign priorities lx_cochair",
        "decide sro",
        "decide lx_cochair",
    ]
    assert told.told()["summary"] == ("Plan gate is shut: 2 of 2 requirements are missing.")


def test_a_required_field_is_required() -> None:
    """`required` project fields must be given when the project is opened."""
    begun = Story(two_gates(), story(two_gates(), lifetime_value=1).today)
    begun.when(OpenProject("P", "A title")).refused("input", says="Lifetime value is required: give lifetime_value=…")


def plan(told: Story) -> Story:
    """Hands in, signs and decides all that the first gate asks for."""
    told.given(
        hand_in("mandate", "co_design", files=PAPER),
        hand_in("priorities", "co_design", attendance=HEARD),
        by="coprod_lead",
    )
    told.given(sign("mandate")).given(sign("mandate"), sign("priorities"), by=CHAIR)
    return told.given(decide_on()).given(decide_on(), by=CHAIR)


def test_outreach_is_asked_for_where_there_are_priority_groups(told: Story) -> None:
    """Where the project has priority groups, each must have been heard, and lately."""
    plan(told).given(set_fields(priority_groups=["Roma", "Deaf people"]))
    assert told.project.decisions == []
    told.given(hand_in("outreach", "engagement", attendance=HEARD, groups_heard=["roma"]), by="coprod_lead")
    assert told.why("outreach") == (
        "Reach: Every priority group of the project must have been heard. "
        "(Priority groups heard from lacks: Deaf people.)"
    )
    told.given(hand_in("outreach", "engagement", attendance=HEARD, groups_heard="Roma,Deaf  People"), by="coprod_lead")
    assert told.state("outreach") == "met"
    assert told.on("2027-01-05").state("outreach") == "met"
    assert told.on("2027-01-06").state("outreach") == "unmet"


@pytest.mark.parametrize(
    ("attendance", "state"),
    [
        (HEARD, "unmet"),  # all that is missing then is the signature
        (HEARD | {"clinician": 4}, "quorum"),
        (HEARD | {"lived_experience": 2, "carer": 8}, "quorum"),
        (HEARD | {"carer": 0, "lived_experience": 9}, "quorum"),
    ],
)
def test_half_of_those_present_must_have_lived_experience(told: Story, attendance: dict[str, int], state: str) -> None:
    """Half of those present must have lived experience or be carers, with at least three and one."""
    told.given(hand_in("priorities", "co_design", attendance=attendance), by="coprod_lead")
    why = told.why("priorities")
    assert why.startswith("Working quorum: Half of those present") if state == "quorum" else "Not yet signed" in why


def test_the_project_goes_all_the_way(told: Story) -> None:
    """Through both gates: evidence, signatures, a wait of eight working days, decisions; each passing is kept."""
    plan(told).when(advance(), by="coprod_lead").accepted("advanced")
    told.given(set_fields(regime="psr"))
    told.given(
        hand_in("specification", "co_production", files=PAPER), hand_in("equality", files=PAPER), by="coprod_lead"
    )
    told.given(sign("specification")).given(sign("specification"), by=CHAIR).given(sign("equality"), by="edi")
    assert told.acts() == ["add_evidence market-notice", "wait notice-wait", "decide sro", "decide lx_cochair"]
    told.given(hand_in("market-notice", published_on="2026-01-05"), by="coprod_lead")
    assert told.answer().earliest_open == told.on("2026-01-17").today
    told.on("2026-01-16").when(decide_on()).refused("rules", "gate_shut")
    told.on("2026-01-17").given(decide_on()).given(decide_on(), by=CHAIR)
    told.when(advance(conditions=[("Publish the log.", "p1", "2026-03-01")]), by="coprod_lead").accepted("advanced")
    assert [(p.gate, p.outcome, len(p.decisions)) for p in told.project.passings] == [
        ("plan-gate", "passed", 2),
        ("design-gate", "passed_with_conditions", 2),
    ]
    assert told.project.stage == "done"


def test_the_wait_and_the_market_are_one_record(told: Story) -> None:
    """The cheapest way is the notice that the wait counts from, not a meeting beside it."""
    plan(told).given(advance(), by="coprod_lead").given(set_fields(regime="psr"))
    assert "add_evidence market-notice" in told.acts()
    assert "add_evidence market-meeting" not in told.acts()


def test_the_law_is_not_waived(told: Story) -> None:
    """`law: true` cannot be waived; what is not law can be, by two who decide at the gate."""
    told.when(waive("equality", second=CHAIR)).refused("rules", "law")
    told.when(waive("specification", second=CHAIR)).accepted("waived")


def test_a_withdrawal_undoes_the_decisions(told: Story) -> None:
    """Decisions are bound to the whole answer: when a record they rest on is withdrawn they lapse."""
    plan(told).when(withdraw("a1"), by="coprod_lead").accepted("evidence_withdrawn", "decisions_lapsed")
    assert not told.answer().open
