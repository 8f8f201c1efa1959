"""Who may what, as a table: every act, asked by everyone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.core.authority import ADMIN, AUDITOR, INTEGRATOR, MANAGER, REGISTER_ROLES, either
from engine.core.commands import OpenProject
from engine.core.decide import decide
from engine.core.outcome import Accepted, Actor, Outcome
from engine.core.rulings.register import Registry, Scope, add_person, grant, load_definition, revoke

from .builders import (
    advance,
    decide_on,
    gate,
    hand_in,
    hold,
    needs,
    regrade,
    resume,
    set_fields,
    sign,
    signature,
    stage,
    waive,
    way,
    withdraw,
    workflow,
)
from .story import STRANGER, Story, actor, story

EVERYONE = {
    **{role: actor(role, register=(role,)) for role in REGISTER_ROLES},
    **{role: actor(role, role) for role in ("sro", "cochair", "lead", "edi")},
    "nobody": actor("nobody"),
    "stranger": STRANGER,
    "auditing sro": actor("auditing", "sro", register=(AUDITOR,)),
    "auditing submitter": actor("submitter", "lead", register=(AUDITOR,)),
    "a stranger with roles": Actor("", "who@example.org", frozenset(REGISTER_ROLES), frozenset({"sro", "lead"})),
}
IN_PROJECT = {"sro", "cochair", "lead", "edi"}
DECIDERS = {"sro", "cochair"}


def given() -> Story:
    """Returns a project that has a record by somebody, one that stands for another requirement, and an open gate."""
    ways = [way("advance", "done", "gate"), way("leap", "done"), way("stop", "done", by=["sro", "edi"])]
    asked = gate(needs("talk"), needs("free"), signature("yes", "sro", "cochair"), decided_by=("sro", "cochair"))
    told = story(workflow(asked, stages_=[stage("plan", *ways), stage("done", final=True)]))
    return told.given(hand_in("talk", "co_design"), by=actor("submitter", "lead"))


def ready() -> Story:
    told = given().given(hand_in("free"), by="lead")
    return told.given(sign("yes"), by=actor("a", "sro")).given(sign("yes"), by=actor("b", "cochair"))


def opening(by: Actor) -> Outcome:
    told = given()
    return decide(None, OpenProject("CC-2", "Care"), told.workflow, by, told.moment)


def waiving(by: Actor) -> Outcome:
    return given().when(waive("free", second=actor("second", "sro")), by=by).outcome


ROLES = Scope(None, ("sro",))
# act -> (how it is wished, who may)
ACTS: dict[str, tuple[Callable[[Actor], Outcome], set[str]]] = {
    "add a person": (lambda by: add_person(by, Registry(1), "p", "a@b.org", "A", [], ROLES), {ADMIN}),
    "grant a role": (lambda by: grant(by, "p", "sro", ROLES, held=False), {ADMIN}),
    "revoke a role": (lambda by: revoke(by, Registry(2), "p", "sro", ROLES, held=True), {ADMIN}),
    "load a definition": (lambda by: load_definition(by, "care", "ab", "cd", current=False), {ADMIN}),
    "open a project": (opening, {MANAGER, ADMIN}),
    "set fields": (lambda by: given().when(set_fields(size="1"), by=by).outcome, {MANAGER, ADMIN}),
    "hold": (lambda by: given().when(hold(), by=by).outcome, {MANAGER, ADMIN}),
    "resume": (lambda by: given().given(hold()).when(resume(), by=by).outcome, {MANAGER, ADMIN}),
    "hand in": (lambda by: given().when(hand_in("talk"), by=by).outcome, IN_PROJECT),
    "withdraw": (lambda by: given().when(withdraw("a1"), by=by).outcome, {MANAGER}),
    "regrade": (lambda by: given().when(regrade("a1", "informing"), by=by).outcome, {AUDITOR, "auditing sro"}),
    "sign": (lambda by: given().when(sign("yes"), by=by).outcome, DECIDERS),
    "waive": (waiving, DECIDERS),
    "decide": (lambda by: ready().when(decide_on(), by=by).outcome, DECIDERS),
    "take a way": (lambda by: given().when(advance(act="leap"), by=by).outcome, IN_PROJECT | {MANAGER}),
    "take a way kept for some": (lambda by: given().when(advance(act="stop"), by=by).outcome, {"sro", "edi"}),
}
STRANGERS_TO_THE_REGISTER = {"stranger", "a stranger with roles"}


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("act", ACTS)
def test_who_may_what(act: str, who: str) -> None:
    """Each act is for those the contract names, for nobody else, and the refusal says whether one is known at all."""
    wish, allowed = ACTS[act]
    outcome = wish(EVERYONE[who])
    if who in allowed:
        assert isinstance(outcome, Accepted), outcome
        return
    assert not isinstance(outcome, Accepted)
    code = "unknown_person" if who in STRANGERS_TO_THE_REGISTER else "not_permitted"
    assert (outcome.kind, outcome.code) == ("not_permitted", code)


def test_the_submitter_withdraws() -> None:
    """Withdrawing is for the submitter, whatever they hold by then, and for a programme manager."""
    given().when(withdraw("a1"), by=actor("submitter")).accepted("evidence_withdrawn")


def test_the_roles_of_the_register_are_the_contracts() -> None:
    """The register's roles are admin, programme manager, auditor and integrator."""
    assert {"admin", "programme_manager", "auditor", "integrator"} == {ADMIN, MANAGER, AUDITOR, INTEGRATOR}
    assert set(REGISTER_ROLES) == {ADMIN, MANAGER, AUDITOR, INTEGRATOR}


def test_a_refusal_names_who_may() -> None:
    """A refusal says in words who may: roles of the register with their article, roles of the project by title."""
    assert either((MANAGER, ADMIN)) == "a programme manager or an admin"
    given().when(hold(), by="lead").refused("not_permitted", says="Only a programme manager or an admin may hold")
    given().when(advance(act="stop"), by="lead").refused("not_permitted", says="Only the senior responsible owner or")
    given().when(regrade("a1", "informing"), by="lead").refused("not_permitted", says="an auditor may judge evidence")


def test_somebody_unknown_is_told_so() -> None:
    """Who is not in the register hears that first, by the e-mail they gave."""
    given().when(hold(), by=STRANGER).refused("not_permitted", "unknown_person", "who@example.org")
