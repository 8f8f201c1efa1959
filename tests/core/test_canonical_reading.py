"""The canonical form read into nouns: every member is found again, and what the nouns tell of themselves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.core.canonical_form import condition_from, workflow_from
from engine.core.definition import Condition, Requirement, Span, Workflow
from engine.core.events import ERASED, Erased
from engine.core.evidence import digest_of

from .builders import (
    LEVELS,
    all_of,
    any_of,
    asking,
    at_least,
    check,
    gate,
    group,
    needs,
    share,
    signature,
    span,
    stage,
    wait,
    way,
    workflow,
)

JCS = Path(__file__).parents[2].parent / "shared" / "vectors" / "jcs"

FULL: dict[str, Any] = {
    "id": "full",
    "version": "7",
    "title": "Everything",
    "summary": "One of each.",
    "calendar": "england-and-wales",
    "time_zone": "Europe/Paris",
    "principles": [{"id": "P1", "title": "Power is shared"}],
    "levels": ["low", "high"],
    "roles": [{"id": "sro", "title": "Owner"}, {"id": "edi", "title": "Equality lead"}],
    "fields": [
        {
            "id": "regime",
            "type": "choice",
            "title": "Regime",
            "help": "Which law?",
            "required": True,
            "default": "psr",
            "of": ["psr", "pa23"],
        }
    ],
    "evidence": [{"id": "paper", "title": "Paper", "file": "required", "fields": []}],
    "rules": [{"id": "sized", "title": "Size", "condition": check("pages", "at_least", 3), "otherwise": "Write more."}],
    "profiles": [
        {"id": "light", "condition": check("project.regime", "equals", "psr")},
        {"id": "standard", "condition": None},
    ],
    "stages": [
        {
            "id": "plan",
            "title": "Plan",
            "final": False,
            "target": span(26, "weeks"),
            "transitions": [
                way("advance", "done", "only", reason=True, by=["sro"]),
                way("again", "plan", new_cycle=True),
            ],
        },
        {"id": "done", "title": "Done", "final": True, "target": None, "transitions": []},
    ],
    "gates": [
        gate(
            needs(
                "thing",
                "paper",
                help="How to.",
                level="high",
                rules=["sized"],
                fresh=span(12, "months"),
                carries_over=True,
                principles=["P1"],
                when=group("all", check("project.regime", "not", "psr")),
                profiles=["light"],
                basis={"kind": "law", "source": "The Act"},
                law=True,
            ),
            at_least(
                "some", 2, needs("two", "paper", count=2), signature("name", "edi"), needs("z", fresh="this stage")
            ),
            wait("standstill", "thing.held_on", 8, "working_days", "same_day"),
            id="only",
            decided_by=["sro"],
            waived_by=["edi"],
            every_principle=True,
            dissent="recorded",
        )
    ],
}
READ = workflow_from(FULL, "d1")


def noun(value: Any) -> Any:
    """Returns a noun, or nouns by their ids, as plain members, so that they can be laid beside what was written."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: noun(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return [noun(v) if is_dataclass(v) else {"id": k, "title": v} for k, v in value.items()]
    return [noun(v) for v in value] if isinstance(value, tuple) else value


def differences(written: Any, read: Any, path: str) -> Iterator[str]:
    """Yields the places where what was read is not what was written."""
    if isinstance(written, dict) and isinstance(read, dict):
        for name, value in written.items():
            yield from differences(value, read.get(name, "absent"), f"{path}.{name}")
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for place, (one, other) in enumerate(zip(written, read, strict=True)):
            yield from differences(one, other, f"{path}[{place}]")
    elif written != read:
        yield f"{path}: {written!r} was read as {read!r}"


def flat_wait(read: dict[str, Any]) -> dict[str, Any]:
    """Returns a requirement read, its wait with the members of its length beside the others, as they are written."""
    if read["wait"] is not None:
        read["wait"] |= read["wait"].pop("length")
    for child in read["of"]:
        flat_wait(child)
    return read


def test_every_member_of_the_canonical_form_is_found_again() -> None:
    """Whatever stands in the canonical form stands in the workflow that is read from it, in the same order."""
    read = noun(READ)
    for requirement in read["gates"][0]["requires"]:
        flat_wait(requirement)
    assert list(differences(FULL, read, "definition")) == []


def test_a_workflow_is_its_digest() -> None:
    """The digest handed in is the workflow's identity, whatever the document calls itself."""
    assert READ.digest == "d1"
    assert workflow_from(FULL | {"version": "8"}, "d2").digest == "d2"


def test_requirements_are_found_by_id_wherever_they_stand() -> None:
    """Every requirement of every gate, inside groups too, is found by its id, and the gate it belongs to."""
    deep = all_of("outer", any_of("inner", needs("a"), needs("b")), needs("c"))
    found = workflow(gate(deep, id="gate"), gate(needs("d"), id="second"))
    assert list(found.requirements) == ["outer", "inner", "a", "b", "c", "d"]
    assert found.gate_of == dict.fromkeys(["outer", "inner", "a", "b", "c"], "gate") | {"d": "second"}
    assert found.requirements["b"].id == "b"


def test_a_condition_reads_as_a_tree() -> None:
    """A condition holds only what its operator says, its parts in their order."""
    asked = group("any", share(["a.x", "a.y"], "a", 50), group("none", check("b", "in", ["c"])))
    assert condition_from(asked) == Condition(
        "any",
        of=(
            Condition("share", "a", 50, fields=("a.x", "a.y")),
            Condition("none", of=(Condition("in", "b", ["c"]),)),
        ),
    )


def test_the_first_stage_is_the_first_one_listed() -> None:
    """A project starts in the stage that is listed first."""
    assert READ.first_stage.id == "plan"
    turned = workflow(gate(), stages_=[stage("z", way("advance", "a", "gate")), stage("a", final=True)])
    assert turned.first_stage.id == "z"


@pytest.mark.parametrize(("level", "rank"), [(LEVELS[0], 0), (LEVELS[-1], 4), ("unheard_of", -1), (None, -1)])
def test_levels_are_a_ladder(level: str | None, rank: int) -> None:
    """A level's place counts from 0 at the bottom; no level, or one not in the ladder, is below them all."""
    assert asking(needs("a")).level_rank(level) == rank


def test_a_gate_knows_the_ways_it_guards() -> None:
    """Every transition that names a gate is among the ways it guards, with the stage it leaves."""
    two = workflow(
        gate(),
        stages_=[
            stage("plan", way("advance", "done", "gate"), way("free", "build")),
            stage("build", way("late", "done", "gate")),
            stage("done", final=True),
        ],
    )
    assert [(s.id, t.id) for s, t in two.leads("gate")] == [("plan", "advance"), ("build", "late")]
    assert two.leads("none such") == []


@pytest.mark.parametrize(
    ("asked", "law"),
    [
        (needs("a"), False),
        (needs("a", law=True), True),
        (any_of("g", needs("a"), needs("b")), False),
        (any_of("g", needs("a"), all_of("h", needs("b", law=True))), True),
        (any_of("g", needs("a"), law=True), True),
    ],
)
def test_a_group_that_contains_law_is_law(asked: dict[str, Any], law: bool) -> None:
    """A requirement is of law where it says so, and a group also where anything inside it does."""
    assert asking(asked).gates["gate"].requires[0].holds_law is law


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (Span(1, "days"), "1 day"),
        (Span(2, "days"), "2 days"),
        (Span(1, "working_days"), "1 working day"),
        (Span(12, "months"), "12 months"),
    ],
)
def test_a_span_reads_as_people_say_it(length: Span, words: str) -> None:
    """One of a unit is singular, and working days are two words."""
    assert str(length) == words


def test_families_are_parents_first() -> None:
    """A requirement comes before what is inside it, in the order written."""
    family: list[Requirement] = list(
        asking(all_of("g", any_of("h", needs("a")), needs("b"))).requirements["g"].family()
    )
    assert [r.id for r in family] == ["g", "h", "a", "b"]


def test_there_is_one_erased() -> None:
    """What was erased is one thing that is never true, and says what it is."""
    assert Erased() is ERASED
    assert not ERASED
    assert repr(ERASED) == "ERASED"


def test_a_digest_does_not_depend_on_the_order_of_members() -> None:
    """The digest of a value is that of its canonical form: order of members and spacing do not matter, values do."""
    assert digest_of({"b": [1, 2], "a": "é"}) == digest_of(json.loads('{ "a": "\\u00e9", "b": [1,2] }'))
    values: list[Any] = [{"a": 1}, {"a": "1"}, {"a": [1]}, {"a": None}, [], {}]
    assert len({digest_of(value) for value in values}) == len(values)


@pytest.mark.skipif(not JCS.exists(), reason="the published vectors of RFC 8785 lie outside this repository")
@pytest.mark.parametrize("name", ["arrays", "french", "unicode"])
def test_digests_are_those_of_the_published_canonical_form(name: str) -> None:
    """Where a value holds no floats, its digest is the SHA-256 of the bytes RFC 8785 publishes for it."""
    value = json.loads((JCS / "input" / f"{name}.json").read_text())
    expected = bytes.fromhex("".join((JCS / "outhex" / f"{name}.txt").read_text().split()))
    assert digest_of(value) == hashlib.sha256(expected).hexdigest()


def test_reading_twice_gives_the_same_workflow() -> None:
    """The same canonical form is the same workflow, equal in every part."""
    again: Workflow = workflow_from(json.loads(json.dumps(FULL)), "d1")
    assert again == READ
