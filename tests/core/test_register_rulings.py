"""Wishes about the register itself: people, their roles, definitions."""

from __future__ import annotations

import pytest

from engine.core.outcome import Accepted, Actor, Outcome, Refused
from engine.core.rulings.register import Registry, Scope, add_person, grant, load_definition, revoke

from .story import STRANGER, actor, check_members

ADMIN = actor("admin", register=("admin",))
REGISTER = Scope(None, ("sro", "lx_cochair"))
PROJECT = Scope("CC-1", ("sro", "lx_cochair"))
ONE, TWO, NONE = Registry(1), Registry(2), Registry(0)


def written(outcome: Outcome) -> list[tuple[str, dict[str, object], dict[str, object]]]:
    """Returns the events of an acceptance, of the register and with the members of `SCHEMA`."""
    assert isinstance(outcome, Accepted), outcome
    for event in outcome.events:
        assert event.project is None
        check_members(event)
    return [(e.name, dict(e.body), dict(e.words)) for e in outcome.events]


def refused(outcome: Outcome, kind: str, code: str, says: str = "") -> list[str]:
    assert isinstance(outcome, Refused), outcome
    assert (outcome.kind, outcome.code) == (kind, code)
    assert says in outcome.message
    return [p["field"] for p in outcome.problems]


def adding(
    *roles: str,
    email: str = "sam@example.org",
    name: str = " Sam ",
    scope: Scope = REGISTER,
    registry: Registry = ONE,
    by: str = "admin",
) -> Outcome:
    who = STRANGER if by == "stranger" else actor(by, register=(by,))
    return add_person(who, registry, "p1", email, name, roles, scope)


def test_a_person_and_their_roles_are_written_with_exactly_these_members() -> None:
    """Adding somebody writes their id in clear, their e-mail and name among the words, and each role once."""
    assert written(adding("sro", "auditor", "sro")) == [
        ("person_added", {"person": "p1"}, {"email": "sam@example.org", "name": "Sam"}),
        ("role_granted", {"person": "p1", "role": "sro", "scope": ""}, {}),
        ("role_granted", {"person": "p1", "role": "auditor", "scope": ""}, {}),
    ]


def test_roles_in_a_project_are_granted_there() -> None:
    """With a project the role's scope is its id."""
    assert written(adding("sro", scope=PROJECT))[1] == (
        "role_granted",
        {"person": "p1", "role": "sro", "scope": "CC-1"},
        {},
    )


def test_the_first_admin_adds_themself() -> None:
    """In a register without admins somebody may add themself as an admin, and nobody may add anybody else."""
    for self in (Actor("", "sam@example.org"), Actor("", "Sam@Example.org"), Actor("", "")):
        assert len(written(add_person(self, NONE, "p1", "sam@example.org", "Sam", ["admin"], REGISTER))) == 2
    refused(adding("admin", registry=NONE, by="stranger"), "not_permitted", "unknown_person")
    refused(adding("auditor", registry=NONE, by="stranger"), "not_permitted", "unknown_person")
    refused(adding("admin", registry=ONE, by="stranger"), "not_permitted", "unknown_person")


@pytest.mark.parametrize(
    "email", ["", "sam", "@x", "sam@", "a b@x.org", "a@b@c", "sam@x.org\n", "<a@b>", "a\x07@b.org", f"{'a' * 65}@b.org"]
)
def test_an_address_that_is_none_is_refused(email: str) -> None:
    """An e-mail address has one @, no spaces, no brackets and nothing unprintable."""
    assert refused(adding(email=email), "input", "input_refused", "is not an e-mail address") == ["email"]


def test_every_mistake_about_a_person_is_told_at_once() -> None:
    """The address, the name and each role are told together."""
    assert refused(adding("s r o", "sroo", email="sam", name=""), "input", "input_refused") == [
        "email",
        "name",
        "role",
        "role",
    ]


@pytest.mark.parametrize(
    ("role", "scope", "says"),
    [
        ("", REGISTER, "'' is not the name of a role."),
        ("a b", PROJECT, "is not the name of a role."),
        ("7up", REGISTER, "is not the name of a role."),
        ("auditor", PROJECT, "held in the whole register; leave --project out."),
        ("srro", PROJECT, "The project CC-1 has no role srro. Did you mean sro?"),
        ("lx_cochairs", REGISTER, "No definition that is loaded has a role lx_cochairs. Did you mean lx_cochair?"),
    ],
)
def test_a_role_that_cannot_be_held_there_is_refused(role: str, scope: Scope, says: str) -> None:
    """A role of the register is held in the register; one of the project must be known; one nearly known is asked."""
    assert refused(grant(ADMIN, "p1", role, scope, held=False), "input", "input_refused", says) == ["role"]


@pytest.mark.parametrize("role", ["admin", "programme_manager", "auditor", "integrator", "sro", "yet_to_come"])
def test_a_role_is_granted_with_exactly_these_members(role: str) -> None:
    """Any role of the register, a known one and one of a definition still to be loaded can be held in the register."""
    assert written(grant(ADMIN, "p1", role, REGISTER, held=False)) == [
        ("role_granted", {"person": "p1", "role": role, "scope": ""}, {})
    ]


def test_a_role_that_is_held_is_not_granted_again() -> None:
    """Granting what is held is refused."""
    refused(grant(ADMIN, "p1", "sro", REGISTER, held=True), "rules", "held_already")


@pytest.mark.parametrize(("scope", "where"), [(REGISTER, ""), (PROJECT, "CC-1")])
def test_a_role_is_revoked_with_exactly_these_members(scope: Scope, where: str) -> None:
    """Revoking writes person, role and scope."""
    assert written(revoke(ADMIN, ONE, "p1", "sro", scope, held=True)) == [
        ("role_revoked", {"person": "p1", "role": "sro", "scope": where}, {})
    ]


@pytest.mark.parametrize(("scope", "where"), [(REGISTER, "in the register"), (PROJECT, "in the project CC-1")])
def test_a_role_that_is_not_held_is_not_revoked(scope: Scope, where: str) -> None:
    """Revoking what is not held is refused, and says where it was looked for."""
    refused(revoke(ADMIN, TWO, "p1", "sro", scope, held=False), "rules", "not_held", where)


def test_the_last_active_admin_cannot_be_removed() -> None:
    """One of two admins is removed; the last one stays, but loses other roles."""
    refused(revoke(ADMIN, ONE, "admin", "admin", REGISTER, held=True), "rules", "last_admin", "somebody else an admin")
    assert written(revoke(ADMIN, TWO, "admin", "admin", REGISTER, held=True))
    assert written(revoke(ADMIN, ONE, "admin", "auditor", REGISTER, held=True))


def test_a_definition_is_loaded_with_exactly_these_members() -> None:
    """Loading writes the workflow's id, the digest, and the digest of its text."""
    assert written(load_definition(ADMIN, "care", "ab12", "cd34", current=False)) == [
        ("definition_loaded", {"workflow": "care", "definition": "ab12", "source": "cd34"}, {})
    ]


def test_a_definition_that_is_loaded_is_not_loaded_again() -> None:
    """The current definition of a workflow is refused."""
    refused(load_definition(ADMIN, "care", "ab12", "cd34", current=True), "rules", "loaded_already", "care")
