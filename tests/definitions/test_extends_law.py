"""What the law asks for in a base is asked for in whatever is built on it, however the changes go about it."""

from __future__ import annotations

from typing import Final

import pytest

from engine.core.errors import Problem
from engine.definitions.compile import problems_in
from tests.definitions.shelves import Shelf, overlay_of

BASE: Final = b"""\
cocycle: 1
id: lawful
version: "1.0"
title: Lawful
levels: [low, high]
roles: {edi: {title: Equality lead}, sro: {title: Owner}}
fields:
  route: {type: choice, of: [psr, pa23], required: true}
  exempt: {type: yes_no}
  body: {type: choice, of: [icb, council], default: icb}
  heads: {type: counts, of: [a, b]}
evidence:
  document: {fields: {ok: {type: yes_no, required: true}, sent: {type: date}}}
  note: {fields: {ok: {type: yes_no}, sent: {type: date}}}
rules:
  fine: {title: Fine, field: ok, equals: yes, otherwise: It says no.}
profiles:
  heavy: {field: project.route, equals: psr}
  light: otherwise
stages:
  - id: plan
    transitions: [{id: advance, to: build, gate: gate}]
  - id: build
    transitions: [{id: advance, to: live}]
  - id: live
    transitions: [{id: advance, to: done, gate: late}]
  - {id: done, final: true}
gates:
  gate:
    decided_by: [sro]
    requires:
      - id: duty
        evidence: document
        level: high
        rules: [fine]
        signed_by: [edi, sro]
        fresh: 6 months
        when: {field: project.route, in: [psr, pa23]}
        law: true
      - {id: counted, evidence: document, count: 2, law: true, when: {none: [{field: project.body, equals: council}]}}
      - {id: pause, wait: {after: duty.sent, days: 30, counting_from: next_day}, law: true}
      - {id: heavy-only, evidence: note, profiles: [heavy], law: true}
      - id: whole
        all_of:
          - {id: part-law, evidence: document, law: true}
          - {id: part-free, evidence: note}
      - id: choice
        any_of:
          - {id: choice-law, evidence: document, law: true}
          - {id: way-round, evidence: document, rules: [fine], signed_by: [edi]}
          - {id: both, all_of: [{id: both-one, evidence: note}, {id: both-two, evidence: note}]}
  late:
    requires:
      - {id: closing, evidence: note}
"""
WHEN = "when: {field: project.route, in: [psr, pa23]}"
DUTY = "id: duty, evidence: document, level: high, rules: [fine], signed_by: [edi, sro], fresh: 6 months, law: true"
CHOICE = (
    "{id: choice-law, evidence: document, law: true},"
    " {id: way-round, evidence: document, rules: [fine], signed_by: [edi]}"
)


def found(change: str) -> list[Problem]:
    raw = overlay_of(f"extends: lawful\nchange:\n  - {change}\n")
    return [p for p in problems_in(raw, "mine.yaml", Shelf({"lawful": BASE}))[1] if p.severity == "error"]


def replaced(requirement: str) -> str:
    return f"replace_requirement: {{requirement: {{{requirement}}}}}"


LESS: Final = {
    "of fewer projects": replaced(f"{DUTY}, when: {{field: project.route, equals: psr}}"),
    "of other projects": replaced(f"{DUTY}, when: {{field: project.exempt, equals: yes}}"),
    "of one profile": replaced(f"{DUTY}, {WHEN}, profiles: [light]"),
    "fewer who sign": replaced(f"{DUTY}, {WHEN}".replace("[edi, sro]", "[edi]")),
    "fewer rules": replaced(f"{DUTY}, {WHEN}".replace(" rules: [fine],", "")),
    "a lower level": replaced(f"{DUTY}, {WHEN}".replace("level: high", "level: low")),
    "older records": replaced(f"{DUTY}, {WHEN}".replace("6 months", "7 months")),
    "another kind": replaced(f"{DUTY}, {WHEN}".replace("evidence: document", "evidence: note")),
    "another id": "replace_requirement: {id: heavy-only, requirement:"
    " {id: other, evidence: note, profiles: [heavy], law: true}}",
    "fewer records": replaced("id: counted, evidence: document, count: 1, law: true"),
    "a shorter wait": replaced("id: pause, wait: {after: duty.sent, days: 29, counting_from: next_day}, law: true"),
    "a wait from elsewhere": replaced(
        "id: pause, wait: {after: closing.sent, days: 30, counting_from: next_day}, law: true"
    ),
    "a group that seldom applies": replaced(
        "id: whole, when: {field: project.exempt, equals: no}, all_of: [{id: part-law, evidence: document, law: true}]"
    ),
    "a part that seldom applies": replaced(
        "id: part-law, evidence: document, law: true, when: {field: project.exempt, equals: no}"
    ),
    "an easier way round": replaced("id: way-round, evidence: document, signed_by: [edi]"),
    "an easier way round, in its group": replaced(f"id: choice, any_of: [{CHOICE.replace(' rules: [fine],', '')}]"),
    "half a way round": "remove_requirement: both-two",
    "a way round of nothing": replaced("id: both-one, all_of: [{id: x, evidence: note, when:"
        " {field: project.exempt, equals: yes}}]"),
    "a field left out": "set_field: {id: route, required: false}",
    "a field with another answer": "set_field: {id: route, of: [psr, pa23, neither]}",
    "a field of another type": "set_field: {id: route, type: text}",
    "a default that exempts": "set_field: {id: body, default: council}",
}  # fmt: skip


@pytest.mark.parametrize("how", sorted(LESS))
def test_no_change_makes_what_the_law_asks_for_less(how: str) -> None:
    """Whatever makes a requirement of law, its group, a way round it or a field it rests on ask less is refused.

    Seen to fail, for each of these, when only the mark `law: true` was looked for.
    """
    (mistake,) = found(LESS[how])
    assert (mistake.rule, mistake.path.partition(".")[0]) == ("extends/law", "change[0]"), mistake


def test_no_inserted_stage_leads_past_a_gate_of_law() -> None:
    """A stage that lies behind a gate of law cannot be reached without it over a stage that is inserted.

    Seen to fail when only the gates that guard a stage themselves were looked at.
    """
    way = b"    transitions: [{id: advance, to: build, gate: gate}]"
    base = BASE.replace(way, b"    transitions: [{id: advance, to: talk}]\n  - id: talk\n" + way)
    change = "insert_stage: {after: plan, stage: {id: x, transitions: [{id: advance, to: talk}, {id: skip, to: live}]}}"
    raw = overlay_of(f"extends: lawful\nchange:\n  - {change}\n")
    errors = [p for p in problems_in(raw, "mine.yaml", Shelf({"lawful": base}))[1] if p.severity == "error"]
    assert [(p.rule, p.path) for p in errors] == [("extends/law", "change[0]")]


@pytest.mark.parametrize(
    "change",
    [
        replaced(f"{DUTY}, {WHEN}").replace("6 months", "3 months"),
        replaced(DUTY),
        replaced(f"{DUTY}, {WHEN}, help: Ask the equality lead., title: Our duty"),
        replaced("id: part-free, signed_by: [edi]"),
        "remove_requirement: part-free",
        "remove_requirement: both",
        replaced(f"id: choice, any_of: [{CHOICE}]"),
        "set_field: {id: route, default: psr}",
        "set_field: {id: exempt, required: true}",
        "insert_stage: {after: plan, stage: {id: x}}",
        "insert_stage: {after: build, stage: {id: x, transitions: [{id: advance, to: live}, {id: back, to: plan}]}}",
    ],
)
def test_what_asks_no_less_is_let_through(change: str) -> None:
    """What is asked more strictly, of more projects, or beside the law may be changed; so may titles and defaults."""
    assert found(change) == []
