"""Every entry stands in the name of the person who acted; only what nobody did is in the name of the system."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.api import CocycleError, Engine

from .town import ADMIN, AUDITOR, COCHAIR, EXAMPLES, GOOD, IDLE, LEAD, MANAGER, PROJECT, SRO, UNKNOWN, Json, Town

SECOND = "second@example.org"
MONEY = {"lifetime_value": 1}
QUESTIONS = {"would_open"}  # what a person could do; nothing is recorded of it
Before = Callable[[Town], Json]
Done = Callable[[Town, Json, str], object]


def opened(town: Town) -> Json:
    """Opens a project and hands in one record."""
    town.open()
    return {"record": town.add("mandate")}


def filled(town: Town) -> Json:
    """Meets every requirement of the first gate."""
    town.open()
    return town.fill_plan()


def decided(town: Town) -> Json:
    """Opens the first gate."""
    found = filled(town)
    town.decide()
    return found


def passed(town: Town) -> Json:
    """Passes the first gate with a condition."""
    decided(town)
    due = [("Look again", MANAGER, "2026-07-01")]
    return {"seq": town.engine.advance(PROJECT, conditions=due, actor=SRO)["seq"]}


def unsound(town: Town) -> Json:
    """Passes the first gate and has it lose a record, which is handed in anew."""
    town.open()
    records = town.pass_plan()
    passing = town.passings()[0]["seq"]
    town.engine.withdraw(records["priorities"], "Wrong", actor=LEAD)
    town.engine.add_evidence(PROJECT, "priorities", actor=LEAD, **GOOD["priorities"])
    town.sign("priorities", COCHAIR)
    return {"seq": passing}


def on_hold(town: Town) -> Json:
    """Puts a project on hold."""
    town.open()
    return town.engine.hold(PROJECT, "A pause", actor=MANAGER)


def forgotten(town: Town) -> Json:
    """Loses what the signer remembers."""
    town.path.with_name(town.path.name + ".signed").unlink()
    return {}


def ahead(town: Town) -> Json:
    """Leaves the register alone for two days."""
    town.clock.set(town.clock.moment + timedelta(days=2))
    return {}


def other_text() -> bytes:
    """Returns a definition that is not loaded yet."""
    text = (EXAMPLES / "two-gates.yaml").read_text(encoding="utf-8")
    return text.replace("title: Two gates", "title: Two other gates").encode()


ACTS: dict[str, tuple[Before, str, Done]] = {
    "new_project": (opened, MANAGER, lambda t, f, by: t.engine.new_project("T", "two-gates", fields=MONEY, actor=by)),
    "set_fields": (opened, MANAGER, lambda t, f, by: t.engine.set_fields(PROJECT, {"regime": "psr"}, actor=by)),
    "hold": (opened, MANAGER, lambda t, f, by: t.engine.hold(PROJECT, "A pause", actor=by)),
    "resume": (on_hold, ADMIN, lambda t, f, by: t.engine.resume(PROJECT, "On", actor=by)),
    "add_evidence": (opened, LEAD, lambda t, f, by: t.add("market-meeting", by=by)),
    "withdraw": (opened, MANAGER, lambda t, f, by: t.engine.withdraw(f["record"], "Wrong", actor=by)),
    "regrade": (opened, AUDITOR, lambda t, f, by: t.engine.regrade(f["record"], "informing", "Told only", actor=by)),
    "sign": (opened, SRO, lambda t, f, by: t.engine.sign(PROJECT, "mandate", actor=by)),
    "waive": (opened, SRO, lambda t, f, by: t.engine.waive(PROJECT, "mandate", "x", "2026-07-01", COCHAIR, actor=by)),
    "decide": (filled, SRO, lambda t, f, by: t.engine.decide(PROJECT, actor=by)),
    "advance": (decided, LEAD, lambda t, f, by: t.engine.advance(PROJECT, actor=by)),
    "meet_condition": (passed, SRO, lambda t, f, by: t.engine.meet_condition(PROJECT, f["seq"], 1, "Seen", actor=by)),
    "affirm": (unsound, SRO, lambda t, f, by: t.engine.affirm(PROJECT, f["seq"], actor=by)),
    "add_person": (opened, ADMIN, lambda t, f, by: t.engine.add_person("new@example.org", "New", actor=by)),
    "grant": (opened, ADMIN, lambda t, f, by: t.engine.grant(IDLE, "edi", project=PROJECT, actor=by)),
    "revoke": (opened, ADMIN, lambda t, f, by: t.engine.revoke(SRO, "sro", project=PROJECT, actor=by)),
    "load_definition": (opened, ADMIN, lambda t, f, by: t.engine.load_definition(other_text(), "t.yaml", actor=by)),
    "correct": (opened, ADMIN, lambda t, f, by: t.engine.correct(1, "Not so", MANAGER, actor=by)),
    "erase": (opened, ADMIN, lambda t, f, by: t.engine.erase(f["record"], "A letter", SECOND, actor=by)),
    "rotate_key": (opened, ADMIN, lambda t, f, by: t.engine.rotate_key("It is old", SECOND, actor=by)),
    "confirm_clock": (ahead, ADMIN, lambda t, f, by: t.engine.confirm_clock(actor=by)),
    "recover": (forgotten, ADMIN, lambda t, f, by: t.engine.recover("It is lost", SECOND, actor=by)),
}


def test_every_act_is_looked_at() -> None:
    """Whatever of the engine takes the person acting is among the acts that are tried here, or only asks."""
    found = {
        name
        for name, method in inspect.getmembers(Engine, inspect.isfunction)
        if not name.startswith("_") and "actor" in inspect.signature(method).parameters
    }
    assert found == {*ACTS, *QUESTIONS}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_in_the_name_of_who_did_it(town: Town, act: str) -> None:
    """All that an act records is by the person acting, its consequences too; a second person is named inside only.

    Seen to fail when a waiver was recorded by its second person.
    """
    town.engine.add_person(SECOND, "Sasha Second", roles=["admin"], actor=ADMIN)
    before, by, do = ACTS[act]
    found = before(town)
    size = town.size
    do(town, found, by)
    people = {p["email"]: p["id"] for p in town.engine.people()["people"]}
    assert town.recorded(size)
    assert {leaf["by"] for leaf in town.leaves(size)} == {people[by]}


@pytest.mark.parametrize("by", [IDLE, UNKNOWN])
@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_is_denied_is_in_the_name_of_who_tried(town: Town, act: str, by: str) -> None:
    """Each act of the engine, denied, is on record by who tried it; everyone not known here is the system."""
    town.engine.add_person(SECOND, "Sasha Second", roles=["admin"], actor=ADMIN)
    before, _, do = ACTS[act]
    found = before(town)
    size = town.size
    with pytest.raises(CocycleError):
        do(town, found, by)
    people = {p["email"]: p["id"] for p in town.engine.people()["people"]}
    assert [(leaf["event"], leaf["by"]) for leaf in town.leaves(size)] == [("refused", people.get(by, "system"))]


def test_the_system_writes_only_what_nobody_did(town: Town) -> None:
    """In a new register the founding entries are the system's; in the whole story after it none is.

    Seen to fail when adding a person was recorded as the system's.
    """
    unsound(town)
    by = [leaf["by"] for leaf in town.leaves()]
    founding = next(seq for seq, who in enumerate(by) if who != "system")
    assert "system" not in by[founding:]
    names = {"register_opened", "person_added", "role_granted", "definition_loaded"}
    assert set(town.recorded(0)[:founding]) == names
