"""Ways that follow a decision: what check says of those nobody can take, and of answers no way is for."""

from __future__ import annotations

import pytest

from engine.definitions.compile import problems_in

FOLLOWS = """\
cocycle: 1
id: w
version: "1"
title: W
fields: {{size: {{type: integer}}}}
roles: {{sro: {{}}}}
evidence:
  decision: {{fields: {{outcome: {{type: choice, of: [go, stop, pause], required: true}}}}}}
rules:
  sure: {{field: outcome, {rule}, otherwise: It says something else.}}
stages:
  - {{id: plan, transitions: [{{id: advance, to: review, gate: first}}]}}
  - id: review
    transitions:
      - {{id: go, to: done, gate: last, follows: {{record: decided.outcome, is: go}}}}
      - {{id: stop, to: stopped, gate: {gate}, follows: {{record: decided.outcome, is: stop}}}}
  - {{id: done, final: true}}
  - {{id: stopped, final: true}}
gates:
  first: {{decided_by: [sro]}}
  other: {{decided_by: [sro]}}
  last:
    requires:
      - {requirement}
"""
PLAIN = "{id: decided, evidence: decision, rules: [sure]}"


def told(rule: str, requirement: str = PLAIN, gate: str = "last") -> list[tuple[str, str, str]]:
    raw = FOLLOWS.format(rule=rule, requirement=requirement, gate=gate).encode()
    problems = problems_in(raw, "w.yaml")[1]
    assert all(p.example for p in problems if p.rule.startswith("proof/"))
    return [(p.rule, p.severity, p.path) for p in problems if p.rule.startswith("proof/")]


def test_a_way_whose_decision_its_own_gate_forbids_is_a_mistake() -> None:
    """A way cannot be taken where its gate asks of the record it follows that it says something else.

    Seen to fail when a gate was tried by one of its ways only.
    """
    assert told("in: [go, pause]") == [
        ("proof/trap", "warning", "stages[1]"),
        ("proof/contradiction", "error", "stages[1].transitions[1].follows"),
    ]


@pytest.mark.parametrize(
    ("requirement", "gate"),
    [
        (PLAIN, "other"),
        ("{id: decided, evidence: decision, rules: [sure], when: {field: project.size, at_least: 5}}", "last"),
        ("{id: decided, evidence: decision, rules: [sure], count: 1}", "last"),
        ("{id: either, any_of: [{id: decided, evidence: decision, rules: [sure]}, {id: b, signed_by: [sro]}]}", "last"),
    ],
)
def test_a_way_that_a_project_can_take_is_no_mistake(requirement: str, gate: str) -> None:
    """A way is not called closed where its gate can be open while the newest record breaks its rules.

    Seen to fail when the rules of the record were looked at whatever the gate asked.
    """
    assert ("proof/contradiction", "error", "stages[1].transitions[1].follows") not in told(
        "in: [go, pause]", requirement, gate
    )


def test_an_answer_that_no_way_is_for_is_a_warning() -> None:
    """Where all ways out of a stage follow one field, an answer none of them is for is told, if it can be given.

    Seen to fail when answers that the rules forbid were told, too.
    """
    assert told("not_empty: true") == [("proof/trap", "warning", "stages[1]")]
    assert told("in: [go, stop]") == []
