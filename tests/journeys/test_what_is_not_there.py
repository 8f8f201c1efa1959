"""What is named and is not there is not found, and a near miss is told the name that was meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.api import (
    CocycleError,
    Engine,
    NotFound,
)

from .town import ADMIN, AUDITOR, COCHAIR, IDLE, LEAD, MANAGER, PROJECT, SRO, UNKNOWN, Town, refused

Asked = Callable[[Engine, str], object]

NOT_THERE: dict[str, tuple[str, Asked]] = {
    "gate of a project": ("no_such_project", lambda e, r: e.gate("CC-9")),
    "a project": ("no_such_project", lambda e, r: e.project("CC-9")),
    "history of a project": ("no_such_project", lambda e, r: e.history("CC-9")),
    "evidence of a project": ("no_such_project", lambda e, r: e.evidence_list("CC-9")),
    "a project to hold": ("no_such_project", lambda e, r: e.hold("CC-9", "A pause", actor=MANAGER)),
    "a project to advance": ("no_such_project", lambda e, r: e.advance("CC-9", actor=SRO)),
    "a project to hand in for": ("no_such_project", lambda e, r: e.add_evidence("CC-9", "mandate", actor=LEAD)),
    "a project to hold a role in": (
        "no_such_project",
        lambda e, r: e.grant(IDLE, "edi", project="CC-9", actor=ADMIN),
    ),
    "a project before it was opened": ("no_such_project", lambda e, r: e.project(PROJECT, as_of="0")),
    "a requirement to hand in for": (
        "no_such_requirement",
        lambda e, r: e.add_evidence(PROJECT, "mandat", actor=LEAD),
    ),
    "a requirement to sign": ("no_such_requirement", lambda e, r: e.sign(PROJECT, "mandat", actor=SRO)),
    "a requirement to waive": (
        "no_such_requirement",
        lambda e, r: e.waive(PROJECT, "mandat", "Soon", "2026-07-01", COCHAIR, actor=SRO),
    ),
    "a stage of the gate": ("no_such_stage", lambda e, r: e.gate(PROJECT, to="desing")),
    "a stage to go to": ("no_such_stage", lambda e, r: e.advance(PROJECT, to="desing", actor=SRO)),
    "a stage of the list": ("no_such_stage", lambda e, r: e.projects(stage="desing")),
    "a workflow of the list": ("no_such_workflow", lambda e, r: e.projects(workflow="two-gate")),
    "a workflow of the stuck": ("no_such_workflow", lambda e, r: e.projects(workflow="two-gate", stuck=True)),
    "a workflow": ("no_such_workflow", lambda e, r: e.workflow("two-gate")),
    "a workflow to open on": ("no_such_workflow", lambda e, r: e.new_project("T", "two-gate", actor=MANAGER)),
    "evidence": ("no_such_evidence", lambda e, r: e.evidence_show("e-0")),
    "evidence to withdraw": ("no_such_evidence", lambda e, r: e.withdraw("e-0", "Wrong", actor=LEAD)),
    "evidence to regrade": ("no_such_evidence", lambda e, r: e.regrade("e-0", "informing", "Told", actor=AUDITOR)),
    "evidence to get": ("no_such_evidence", lambda e, r: e.evidence_get("e-0")),
    "a file of evidence": ("not_found", lambda e, r: e.evidence_get(r, "other.pdf")),
    "somebody to give a role to": ("no_such_person", lambda e, r: e.grant(UNKNOWN, "auditor", actor=ADMIN)),
    "somebody to take a role from": ("no_such_person", lambda e, r: e.revoke(UNKNOWN, "auditor", actor=ADMIN)),
    "the second of a waiver": (
        "no_such_person",
        lambda e, r: e.waive(PROJECT, "mandate", "Soon", "2026-07-01", UNKNOWN, actor=SRO),
    ),
    "the owner of a condition": (
        "no_such_person",
        lambda e, r: e.advance(PROJECT, conditions=[("Ask again", UNKNOWN, "2026-07-01")], actor=SRO),
    ),
    "an entry of the ledger": ("not_found", lambda e, r: e.leaf(10_000)),
    "an entry before the first": ("not_found", lambda e, r: e.leaf(-1)),
    "an entry beyond all numbers": ("not_found", lambda e, r: e.leaf(2**70)),
}


@pytest.mark.parametrize("what", NOT_THERE)
def test_what_is_not_there_is_not_found(town: Town, what: str) -> None:
    """Whatever is named and is not there is 'not found', for reading and for writing, and nothing is written."""
    code, ask = NOT_THERE[what]
    town.open()
    record = town.add("mandate")
    size = town.size
    refused(NotFound, code, lambda: ask(town.engine, record))
    assert town.size == size


NEAR: dict[str, tuple[str, Asked]] = {
    "requirement": ("mandate", lambda e, r: e.sign(PROJECT, "mandat", actor=SRO)),
    "stage": ("design", lambda e, r: e.advance(PROJECT, to="desing", actor=SRO)),
    "workflow": ("two-gates", lambda e, r: e.new_project("T", "two-gate", actor=MANAGER)),
    "project field": ("regime", lambda e, r: e.set_fields(PROJECT, {"regim": "psr"}, actor=MANAGER)),
    "record field": (
        "attendance",
        lambda e, r: e.add_evidence(PROJECT, "priorities", facts={"attendence.carer": 1}, actor=LEAD),
    ),
    "level": ("co_design", lambda e, r: e.add_evidence(PROJECT, "priorities", level="codesign", actor=LEAD)),
    "role to sign in": ("lx_cochair", lambda e, r: e.sign(PROJECT, "mandate", role="lx_cochiar", actor=COCHAIR)),
    "role to hold": ("coprod_lead", lambda e, r: e.grant(IDLE, "coprod_led", project=PROJECT, actor=ADMIN)),
}


@pytest.mark.parametrize("what", NEAR)
def test_a_near_miss_is_told_the_known_name(town: Town, what: str) -> None:
    """Where a known name is near the one that was typed, the refusal asks whether it was meant."""
    meant, ask = NEAR[what]
    town.open()
    with pytest.raises(CocycleError, match=rf"Did you mean {meant}\?"):
        ask(town.engine, "")
