"""What the rules forbid, what is taken, and who has to say who they are; nothing changes then."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.api import (
    CocycleError,
    Conflict,
    Engine,
    InputRefused,
    RulesRefused,
)

from .town import ADMIN, AUDITOR, COCHAIR, IDLE, LEAD, MANAGER, PROJECT, SRO, UNKNOWN, Town, document, refused

Asked = Callable[[Engine, str], object]


def test_an_id_that_is_taken_is_a_conflict(town: Town) -> None:
    """A project's id and a person's e-mail name one thing for ever: taking them again is a conflict, in any case."""
    town.open()
    refused(Conflict, "id_taken", lambda: town.open())
    refused(Conflict, "id_taken", lambda: town.engine.add_person(LEAD.upper(), "Other", actor=ADMIN))


RULES: dict[str, tuple[str, Asked]] = {
    "deciding at a gate that is shut": ("gate_shut", lambda e, r: e.decide(PROJECT, actor=SRO)),
    "advancing through one": ("gate_shut", lambda e, r: e.advance(PROJECT, actor=SRO)),
    "going where no way leads": ("no_such_transition", lambda e, r: e.advance(PROJECT, to="done", actor=SRO)),
    "an act that no way is called": ("no_such_transition", lambda e, r: e.advance(PROJECT, act="go", actor=SRO)),
    "signing what was not handed in": ("nothing_to_sign", lambda e, r: e.sign(PROJECT, "priorities", actor=COCHAIR)),
    "regrading upwards": ("not_lower", lambda e, r: e.regrade(r, "co_production", "Better", actor=AUDITOR)),
    "resuming what is not on hold": ("not_on_hold", lambda e, r: e.resume(PROJECT, "Go on", actor=MANAGER)),
    "granting what is held": ("held_already", lambda e, r: e.grant(SRO, "sro", project=PROJECT, actor=ADMIN)),
    "revoking what is not held": ("not_held", lambda e, r: e.revoke(SRO, "edi", project=PROJECT, actor=ADMIN)),
    "waiving what does not apply": (
        "nothing_to_waive",
        lambda e, r: e.waive(PROJECT, "outreach", "Soon", "2026-07-01", COCHAIR, actor=SRO),
    ),
    "waiving law": ("law", lambda e, r: e.waive(PROJECT, "equality", "Soon", "2026-07-01", COCHAIR, actor=SRO)),
}


ON_RECORD = {"deciding at a gate that is shut", "advancing through one", "going where no way leads"}
ON_RECORD |= {"an act that no way is called", "signing what was not handed in"}


@pytest.mark.parametrize("what", RULES)
def test_what_the_rules_forbid_is_refused_by_the_rules(town: Town, what: str) -> None:
    """What is permitted and against the rules is refused with its code: a move, signature or decision on record."""
    code, ask = RULES[what]
    town.open()
    record = town.add("mandate")
    size = town.size
    version = town.engine.version(PROJECT)
    refused(RulesRefused, code, lambda: ask(town.engine, record))
    assert town.recorded(size) == (["refused"] if what in ON_RECORD else [])
    assert town.engine.version(PROJECT) == version


WRITES: dict[str, Callable[[Engine, str, str | None], object]] = {
    "person add": lambda e, r, by: e.add_person("new@example.org", "New", actor=by),
    "person grant": lambda e, r, by: e.grant(IDLE, "edi", project=PROJECT, actor=by),
    "person revoke": lambda e, r, by: e.revoke(SRO, "sro", project=PROJECT, actor=by),
    "project new": lambda e, r, by: e.new_project("T", "two-gates", fields={"lifetime_value": 1}, actor=by),
    "project set": lambda e, r, by: e.set_fields(PROJECT, {"regime": "psr"}, actor=by),
    "hold": lambda e, r, by: e.hold(PROJECT, "A pause", actor=by),
    "evidence add": lambda e, r, by: e.add_evidence(PROJECT, "mandate", files=[document()], actor=by),
    "withdraw": lambda e, r, by: e.withdraw(r, "Wrong", actor=by),
    "regrade": lambda e, r, by: e.regrade(r, "informing", "Told", actor=by),
    "sign": lambda e, r, by: e.sign(PROJECT, "mandate", role="sro", actor=by),
    "waive": lambda e, r, by: e.waive(PROJECT, "mandate", "Soon", "2026-07-01", COCHAIR, actor=by),
    "decide": lambda e, r, by: e.decide(PROJECT, actor=by),
    "advance": lambda e, r, by: e.advance(PROJECT, act="stop", reason="No money", actor=by),
}


@pytest.mark.parametrize("verb", WRITES)
def test_a_write_without_an_actor_is_bad_input(town: Town, verb: str) -> None:
    """Nobody acting is an input mistake, an empty name too; somebody the register does not know is not permitted."""
    town.open()
    record = town.add("mandate")
    for nobody in (None, ""):
        refused(InputRefused, "no_actor", lambda who=nobody: WRITES[verb](town.engine, record, who))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    found = pytest.raises(CocycleError, WRITES[verb], town.engine, record, UNKNOWN)
    assert found.value.code == "unknown_person"
