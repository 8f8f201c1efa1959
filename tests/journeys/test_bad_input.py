"""What cannot be used is refused as input, with every mistake at once, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.api import (
    CocycleError,
    DefinitionError,
    Engine,
    InputRefused,
    NotFound,
    create_register,
    open_register,
    read_record,
)

from .town import ADMIN, AUDITOR, COCHAIR, LEAD, MANAGER, PROJECT, SRO, Town, refused

Asked = Callable[[Engine, str], object]

UNUSABLE: dict[str, tuple[set[str], Asked]] = {
    "a project without its required field": (
        {"lifetime_value"},
        lambda e, r: e.new_project("T", "two-gates", actor=MANAGER),
    ),
    "a project with four mistakes": (
        {"id", "title", "regime", "lifetime"},
        lambda e, r: e.new_project(
            " ",
            "two-gates",
            project_id="a/b",
            fields={"lifetime": 1, "lifetime_value": 1, "regime": "nhs"},
            actor=MANAGER,
        ),
    ),
    "fields of the wrong types": (
        {"lifetime_value", "regime", "priority_groups"},
        lambda e, r: e.set_fields(
            PROJECT, {"lifetime_value": "a lot", "regime": 7, "priority_groups": [1]}, actor=MANAGER
        ),
    ),
    "numbers no ledger holds": (
        {"lifetime_value"},
        lambda e, r: e.set_fields(PROJECT, {"lifetime_value": 10**40}, actor=MANAGER),
    ),
    "a required field emptied": (
        {"lifetime_value"},
        lambda e, r: e.set_fields(PROJECT, {"lifetime_value": ""}, actor=MANAGER),
    ),
    "no field at all": ({"fields"}, lambda e, r: e.set_fields(PROJECT, {}, actor=MANAGER)),
    "a record with five mistakes": (
        {"attendance", "groups_heard", "level", "happened_on", "venue"},
        lambda e, r: e.add_evidence(
            PROJECT,
            "priorities",
            level="best",
            facts={"attendance": {"carer": -1}, "groups_heard": 7, "venue": "Hall"},
            happened_on="2026-06-02",
            actor=LEAD,
        ),
    ),
    "a record without file or level of the ladder": (
        {"file", "level"},
        lambda e, r: e.add_evidence(PROJECT, "mandate", level="best", actor=LEAD),
    ),
    "a record for a wait": ({"requirement"}, lambda e, r: e.add_evidence(PROJECT, "notice-wait", actor=LEAD)),
    "a record for a group": ({"requirement"}, lambda e, r: e.add_evidence(PROJECT, "early-sight", actor=LEAD)),
    "a signature nobody asks for": ({"requirement"}, lambda e, r: e.sign(PROJECT, "outreach", actor=SRO)),
    "a waiver that ended": (
        {"until", "reason"},
        lambda e, r: e.waive(PROJECT, "mandate", " ", "2026-05-31", COCHAIR, actor=SRO),
    ),
    "a stop without reason": ({"reason"}, lambda e, r: e.advance(PROJECT, act="stop", actor=SRO)),
    "a reason of control characters": ({"reason"}, lambda e, r: e.hold(PROJECT, "a\x1bb", actor=MANAGER)),
    "a regrading to no level": (
        {"level", "reason"},
        lambda e, r: e.regrade(r, "lowest", "", actor=AUDITOR),
    ),
    "conditions on an ungated way": (
        {"condition"},
        lambda e, r: e.advance(PROJECT, act="stop", reason="No", conditions=[("x", SRO, "2026-07-01")], actor=SRO),
    ),
    "conditions without words or day": (
        {"condition", "due"},
        lambda e, r: e.advance(PROJECT, conditions=[("", SRO, "soon")], actor=SRO),
    ),
    "a person without name or address": (
        {"email", "name", "role"},
        lambda e, r: e.add_person("not an address", "", roles=["sr o"], actor=ADMIN),
    ),
}


@pytest.mark.parametrize("what", UNUSABLE)
def test_every_mistake_of_an_input_is_told_at_once(town: Town, what: str) -> None:
    """An input that cannot be used is refused with a sentence for each of its mistakes, and nothing is written."""
    fields, ask = UNUSABLE[what]
    town.open()
    record = town.add("mandate")
    size = town.size
    found = refused(InputRefused, "input_refused", lambda: ask(town.engine, record))
    assert {p["field"] for p in found.details["problems"]} == fields
    assert all(p["message"] in found.message for p in found.details["problems"])
    assert town.size == size


def test_words_that_are_no_unicode_name_nothing(town: Town) -> None:
    """Bytes that are not UTF-8, as a command line may hand them over, are refused and never a bug."""
    town.open()
    odd = "\udcff"
    refused(NotFound, None, lambda: town.engine.gate(odd))
    refused(NotFound, None, lambda: town.engine.evidence_show(odd))
    refused(NotFound, None, lambda: town.engine.workflow(odd))
    with pytest.raises(CocycleError):
        town.engine.hold(PROJECT, "A pause", actor=odd)
    refused(InputRefused, None, lambda: town.engine.hold(PROJECT, "A pause", actor=MANAGER, key=odd))
    refused(InputRefused, None, lambda: town.engine.hold(PROJECT, odd, actor=MANAGER))


@pytest.mark.parametrize("when", ["yesterday", "2026-02-30", "2026-06-01T12:00:00", "-1", "1.5", "", "9999-12-31"])
def test_a_point_in_the_past_is_a_day_a_time_or_an_index(town: Town, when: str) -> None:
    """Anything else after `as_of` is an input mistake that says what would be understood."""
    town.open()
    with pytest.raises(InputRefused):
        town.engine.project(PROJECT, as_of=when)


def test_a_moment_before_the_calendar_began_is_no_bug(town: Town) -> None:
    """A moment that no clock in UTC can show is refused, like any other that lies before the project."""
    town.open()
    with pytest.raises(CocycleError):
        town.engine.project(PROJECT, as_of="0001-01-01T00:00:00+14:00")


def test_a_day_the_calendar_does_not_know_keeps_the_gate_shut(town: Town) -> None:
    """A wait that cannot be counted is an error, which is neither met nor unmet, and the gate stays shut."""
    town.open(regime="psr")
    town.pass_plan()
    town.add("market-notice", facts={"published_on": "9999-12-31"})
    gate = town.engine.gate(PROJECT, at="9999-12-31")
    assert not gate["open"]
    assert {r["id"]: r["state"] for r in gate["requirements"]}["notice-wait"] == "error"


def test_a_definition_is_refused_with_all_its_mistakes(town: Town) -> None:
    """A definition with several mistakes is refused as input, with each mistake and its place."""
    raw = b"cocycle: 1\nid: x\nversion: '1'\ntitle: X\ncolour: red\nstages:\n  - {id: a, transitions: [{to: b}]}\n"
    found = refused(
        DefinitionError, "definition_refused", lambda: town.engine.load_definition(raw, "x.yaml", actor=ADMIN)
    )
    assert {p["line"] for p in found.details["problems"]} >= {5, 7}


def test_a_register_is_not_made_over_something_else(town: Town) -> None:
    """Making a register where one is, or opening one where none is, is refused and leaves everything as it was."""
    before = town.path.read_bytes()
    refused(InputRefused, None, lambda: create_register(town.path, admin=ADMIN))
    assert town.path.read_bytes() == before
    refused(NotFound, None, lambda: open_register(town.path.with_name("none.db")))
    text = town.path.with_name("notes.txt")
    text.write_text("no register\n" * 1000)
    refused(InputRefused, "not_a_register", lambda: open_register(text))
    new = town.path.with_name("new.db")
    bad: Any
    for bad in ({"admin": "no address"}, {"origin": "two words"}):
        refused(InputRefused, None, lambda bad=bad: create_register(new, **bad))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        assert not list(town.path.parent.glob("new.db*"))


def test_a_record_file_that_is_no_mapping_is_refused() -> None:
    """A record is a mapping of fields; anything else, and anything that cannot be read, is an input mistake."""
    assert read_record(b"held_on: 2026-06-01\n", "r.yaml") == {"held_on": "2026-06-01"}
    for raw in (b"- 1\n", b"a: [\n", b"\xff", b"a: 1\na: 2\n", b"a: &x 1\nb: *x\n"):
        with pytest.raises(InputRefused):
            read_record(raw, "r.yaml")
