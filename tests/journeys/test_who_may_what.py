"""Who may what: every act, tried by everybody, on a project where nothing but permission stands in the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.api import CocycleError, NotPermitted, RulesRefused

from .town import (
    ADMIN,
    AUDITOR,
    COCHAIR,
    EDI,
    EXAMPLES,
    IDLE,
    INTEGRATOR,
    LEAD,
    MANAGER,
    PROJECT,
    SRO,
    UNKNOWN,
    Town,
    refused,
)

EVERYBODY = (ADMIN, MANAGER, AUDITOR, INTEGRATOR, IDLE, SRO, COCHAIR, LEAD, EDI, UNKNOWN)
IN_PROJECT = {SRO, COCHAIR, LEAD, EDI}
Try = Callable[[Town, str, dict[str, str]], object]


def _load(town: Town, by: str, records: dict[str, str]) -> object:
    text = (EXAMPLES / "two-gates.yaml").read_text(encoding="utf-8").replace("title: Two gates", f"title: By {by}")
    return town.engine.load_definition(text.encode(), "two-gates.yaml", actor=by)


ACTS: dict[str, tuple[set[str], Try]] = {
    "add a person": ({ADMIN}, lambda t, by, r: t.engine.add_person("new@example.org", "New", actor=by)),
    "grant a role": ({ADMIN}, lambda t, by, r: t.engine.grant(IDLE, "edi", project=PROJECT, actor=by)),
    "revoke a role": ({ADMIN}, lambda t, by, r: t.engine.revoke(EDI, "edi", project=PROJECT, actor=by)),
    "load a definition": ({ADMIN}, _load),
    "open a project": (
        {ADMIN, MANAGER},
        lambda t, by, r: t.engine.new_project("New", "two-gates", fields={"lifetime_value": 1}, actor=by),
    ),
    "set a field": ({ADMIN, MANAGER}, lambda t, by, r: t.engine.set_fields(PROJECT, {"regime": "psr"}, actor=by)),
    "hold": ({ADMIN, MANAGER}, lambda t, by, r: t.engine.hold(PROJECT, "A pause", actor=by)),
    "hand in evidence": (IN_PROJECT, lambda t, by, r: t.add("market-meeting", by=by)),
    "withdraw": ({LEAD, MANAGER}, lambda t, by, r: t.engine.withdraw(r["mandate"], "Wrong", actor=by)),
    "regrade": ({AUDITOR}, lambda t, by, r: t.engine.regrade(r["mandate"], "informing", "Told only", actor=by)),
    "sign for one role": ({COCHAIR}, lambda t, by, r: t.engine.sign(PROJECT, "priorities", actor=by)),
    "sign for one of two": ({SRO}, lambda t, by, r: t.engine.sign(PROJECT, "mandate", role="sro", actor=by)),
    "take a way that names its roles": (
        {SRO},
        lambda t, by, r: t.engine.advance(PROJECT, act="stop", reason="No money", actor=by),
    ),
}


@pytest.mark.parametrize("by", EVERYBODY)
@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_for_those_whom_the_contract_names(town: Town, act: str, by: str) -> None:
    """Each act is granted to exactly those the contract names; to all others it is denied, and only that recorded."""
    allowed, attempt = ACTS[act]
    town.open()
    records = {name: town.add(name) for name in ("mandate", "priorities")}
    size = town.size
    if by in allowed:
        attempt(town, by, records)
        assert town.size > size
    else:
        code = "unknown_person" if by == UNKNOWN else "not_permitted"
        refused(NotPermitted, code, lambda: attempt(town, by, records))
        assert town.recorded(size) == ["refused"]


@pytest.mark.parametrize("by", EVERYBODY)
def test_an_open_way_is_for_anyone_in_the_project_and_for_programme_managers(town: Town, by: str) -> None:
    """A way that names no roles may be taken by any holder of a role in the project, or a programme manager."""
    town.open()
    town.fill_plan()
    town.decide()
    if by in IN_PROJECT | {MANAGER}:
        assert town.engine.advance(PROJECT, actor=by)["outcome"] == "passed"
    else:
        refused(NotPermitted, None, lambda: town.engine.advance(PROJECT, actor=by))


@pytest.mark.parametrize("by", EVERYBODY)
def test_a_gate_is_decided_by_those_its_definition_names(town: Town, by: str) -> None:
    """Only holders of a role in `decided_by` decide, and their decision alone does not advance the project."""
    town.open()
    town.fill_plan()
    if by in (SRO, COCHAIR):
        town.engine.decide(PROJECT, actor=by)
        assert town.engine.project(PROJECT)["stage"] == "plan"
    else:
        refused(NotPermitted, None, lambda: town.engine.decide(PROJECT, actor=by))


def test_the_last_decision_does_not_advance_by_itself(town: Town) -> None:
    """After the last decision the gate is open and the project still stands before it."""
    town.open()
    town.fill_plan()
    town.decide()
    assert town.engine.gate(PROJECT)["open"]
    assert town.engine.project(PROJECT)["stage"] == "plan"


def test_a_role_in_one_project_is_none_in_another(town: Town) -> None:
    """A role held in one project allows nothing in another; held in the whole register it counts in each."""
    town.open("CC-1")
    town.engine.new_project("Other", "two-gates", project_id="CC-2", fields={"lifetime_value": 1}, actor=MANAGER)
    refused(NotPermitted, None, lambda: town.add("mandate", "CC-2"))
    town.engine.grant(LEAD, "coprod_lead", actor=ADMIN)
    assert town.add("mandate", "CC-2")


def test_a_revoked_role_no_longer_counts(town: Town) -> None:
    """Whoever lost a role may no longer act in it, and what they signed before stays signed."""
    town.open()
    town.add("priorities")
    town.sign("priorities", COCHAIR)
    town.engine.revoke(COCHAIR, "lx_cochair", project=PROJECT, actor=ADMIN)
    town.add("mandate")
    refused(NotPermitted, None, lambda: town.sign("mandate", COCHAIR))
    assert town.states()["priorities"] == "met"


def test_the_last_admin_stays(town: Town) -> None:
    """The last active admin cannot be removed; once there are two, either can."""
    refused(RulesRefused, "last_admin", lambda: town.engine.revoke(ADMIN, "admin", actor=ADMIN))
    town.engine.grant(IDLE, "admin", actor=ADMIN)
    town.engine.revoke(ADMIN, "admin", actor=IDLE)
    refused(RulesRefused, "last_admin", lambda: town.engine.revoke(IDLE, "admin", actor=IDLE))


DUTIES: dict[str, tuple[type[CocycleError], Callable[[Town], object]]] = {
    "the submitter signs alone": (
        NotPermitted,
        lambda t: (t.add("priorities", by=COCHAIR), t.sign("priorities", COCHAIR)),
    ),
    "the submitter regrades": (
        NotPermitted,
        lambda t: (
            t.engine.grant(AUDITOR, "coprod_lead", project=PROJECT, actor=ADMIN),
            t.engine.grant(LEAD, "auditor", actor=ADMIN),
            t.engine.regrade(t.add("mandate"), "informing", "Told only", actor=LEAD),
        ),
    ),
    "one person signs in two roles": (
        NotPermitted,
        lambda t: (
            t.add("mandate"),
            t.engine.sign(PROJECT, "mandate", role="sro", actor="deputy@example.org"),
            t.engine.sign(PROJECT, "mandate", role="lx_cochair", actor="deputy@example.org"),
        ),
    ),
    "one person decides in two roles": (
        RulesRefused,
        lambda t: (
            t.fill_plan(),
            t.engine.decide(PROJECT, role="sro", actor="deputy@example.org"),
            t.engine.decide(PROJECT, role="lx_cochair", actor="deputy@example.org"),
        ),
    ),
    "an exact repeat of a signature": (
        RulesRefused,
        lambda t: (t.add("mandate"), t.sign("mandate", SRO), t.sign("mandate", SRO)),
    ),
    "an exact repeat of a decision": (
        RulesRefused,
        lambda t: (t.fill_plan(), t.decide(), t.engine.decide(PROJECT, actor=SRO)),
    ),
    "a waiver by one person": (
        NotPermitted,
        lambda t: t.engine.waive(PROJECT, "mandate", "Soon", "2026-07-01", SRO, actor=SRO),
    ),
    "a waiver by the submitter": (
        NotPermitted,
        lambda t: (
            t.add("mandate", by=SRO),
            t.engine.waive(PROJECT, "mandate", "Soon", "2026-07-01", COCHAIR, actor=SRO),
        ),
    ),
    "a waiver with somebody who may not": (
        NotPermitted,
        lambda t: t.engine.waive(PROJECT, "mandate", "Soon", "2026-07-01", LEAD, actor=SRO),
    ),
}


@pytest.mark.parametrize("duty", DUTIES)
def test_duties_are_kept_apart(town: Town, duty: str) -> None:
    """Where duties must be kept apart the second act is refused, whoever holds which roles."""
    kind, story = DUTIES[duty]
    town.open()
    refused(kind, None, lambda: story(town))


def test_the_submitter_may_be_one_of_several_signatories(town: Town) -> None:
    """Where two roles sign, one of the two may be whoever handed the record in."""
    town.open()
    town.add("mandate", by=SRO)
    town.sign("mandate", SRO, COCHAIR)
    assert town.states()["mandate"] == "met"
