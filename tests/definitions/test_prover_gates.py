"""Whether gates can be passed: what is found, what is not, and the examples that come with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.checking import definition
from engine.core.errors import Problem
from engine.definitions.compile import problems_in
from tests.definitions.shelves import overlay_of, page_bases

ROOT = Path(__file__).parents[2]
PROOFS = "proof/"
GATE = """\
fields:
{fields}
gates:
  plan-gate:
{more}
    requires:
{requires}
"""


def told(piece: str, with_piece: Callable[[str], bytes]) -> list[Problem]:
    """Returns what is proved about the running example with a piece put in; it must have no other mistake."""
    _, problems = problems_in(with_piece(piece), "x.yaml")
    assert not [p for p in problems if p.severity == "error" and not p.rule.startswith(PROOFS)], problems
    return [p for p in problems if p.rule.startswith(PROOFS)]


def gate(requires: str, *, fields: str = "  kept: {type: text}", more: str = "") -> str:
    """Writes a plan gate with these requirements."""
    lines = "".join(f"      - {line}\n" for line in requires.strip().splitlines())
    return GATE.format(fields=fields, requires=lines, more=more or "    dissent: blocks")


@pytest.mark.parametrize("path", ["tests/examples/two-gates.yaml", "workflows/commissioning-cycle/workflow.yaml"])
def test_what_is_shipped_has_no_finding(path: str) -> None:
    """The shared example and the shipped definition are proved without any finding.

    Seen to fail when a rule that asks something of the project itself was taken for a contradiction.
    """
    _, problems = problems_in((ROOT / path).read_bytes(), path)
    assert [p for p in problems if p.rule.startswith(PROOFS)] == []


def test_every_finding_has_a_place_and_an_example(with_piece: Callable[[str], bytes]) -> None:
    """A finding names the line that would have to change, and its example carries the judge's own words."""
    piece = gate(
        "{id: meeting, evidence: meeting_record, rules: [quorum, small]}",
        fields="  kept: {type: text}\nrules:\n  quorum: {field: attendance.carer, at_least: 3}\n"
        "  small: {field: attendance, at_most: 2, title: Small, otherwise: Too many came.}",
    )
    raw = with_piece(piece).decode().splitlines()
    (found,) = told(piece, with_piece)
    assert (found.rule, found.severity) == ("proof/contradiction", "error")
    assert raw[found.line - 1][found.column - 1 :].startswith("rules: [quorum, small]")
    assert '"quorum" and "small" together' in found.message
    assert "the judge says" in found.example
    assert "Too many came." in found.example


def test_only_the_rules_that_clash_are_named(with_piece: Callable[[str], bytes]) -> None:
    """Of several rules the fewest that clash are named. Seen to fail when all rules were listed."""
    piece = gate(
        "{id: meeting, evidence: meeting_record, rules: [dated, quorum, small]}",
        fields="  kept: {type: text}\nrules:\n  quorum: {field: attendance.carer, at_least: 3}\n"
        "  small: {field: attendance, at_most: 2}\n  dated: {field: held_on, after: 2020-01-01}",
    )
    (found,) = told(piece, with_piece)
    assert "dated" not in found.message


def test_a_rule_about_the_project_is_a_demand_and_no_contradiction(with_piece: Callable[[str], bytes]) -> None:
    """A gate that asks the project to choose keeps out those that have not chosen, and that is no finding."""
    piece = gate(
        "{id: meeting, evidence: meeting_record, rules: [chosen]}",
        fields="  regime: {type: choice, of: [undecided, psr], default: undecided}\n"
        "rules:\n  chosen: {field: project.regime, not: undecided}",
    )
    assert told(piece, with_piece) == []


def test_a_demand_that_the_condition_rules_out_is_a_contradiction(with_piece: Callable[[str], bytes]) -> None:
    """A requirement that applies to undecided projects only and asks them to have decided is found."""
    piece = gate(
        "{id: meeting, evidence: meeting_record, rules: [chosen], when: {field: project.regime, equals: undecided}}",
        fields="  regime: {type: choice, of: [undecided, psr], default: undecided}\n"
        "rules:\n  chosen: {field: project.regime, not: undecided}",
    )
    (found,) = told(piece, with_piece)
    assert found.rule == "proof/contradiction"
    assert "undecided" in found.example


def test_a_quorum_is_judged_in_every_case(with_piece: Callable[[str], bytes]) -> None:
    """A group that asks for two of its parts is found where one case leaves it only one, and the case is named.

    Seen to fail when only the ordinary case was tried.
    """
    part = "{{id: {0}, evidence: notice, when: {{field: project.regime, in: [psr]}}}}"
    piece = gate(
        "{id: two, at_least: {count: 2, of: [{id: always, evidence: document}, " + part.format("sometimes") + "]}}",
        fields="  regime: {type: choice, of: [psr, pa23], default: psr}",
    )
    (found,) = told(piece, with_piece)
    assert found.rule == "proof/quorum"
    assert "pa23" in found.example


def test_a_field_that_can_still_be_set_is_no_finding(with_piece: Callable[[str], bytes]) -> None:
    """Where a principle is evidenced whatever a field says, that it says nothing yet is no finding.

    Seen to fail when an unset field counted as a case like any other.
    """
    asked = "{{id: {0}, evidence: notice, principles: [P1], when: {{field: project.regime, equals: {0}}}}}\n"
    fields = "  regime: {type: choice, of: [psr, pa23]}"
    both = gate(asked.format("psr") + asked.format("pa23"), fields=fields, more="    every_principle: true")
    assert told(both, with_piece) == []
    one = gate(asked.format("psr"), fields=fields, more="    every_principle: true")
    (found,) = told(one, with_piece)
    assert found.rule == "proof/principle"
    assert "pa23" in found.example


def test_a_principle_that_a_profile_leaves_out_is_found(with_piece: Callable[[str], bytes]) -> None:
    """A principle that only one profile evidences keeps the other profile's projects out."""
    profiles = "profiles:\n  light: {field: project.lifetime_value, at_most: 1000}\n  standard: otherwise"
    piece = gate(
        "{id: paper, evidence: document, principles: [P1], profiles: [standard]}",
        fields=f"  lifetime_value: {{type: money, required: true}}\n{profiles}",
        more="    every_principle: true",
    )
    (found,) = told(piece, with_piece)
    assert found.rule == "proof/principle"
    assert "Lifetime value" in found.example


def test_a_way_through_is_enough(with_piece: Callable[[str], bytes]) -> None:
    """A group of which one part can be met is passed; the part that cannot is a warning only."""
    piece = gate(
        "{id: either, any_of: [{id: one, evidence: notice}, "
        "{id: other, evidence: meeting_record, rules: [shared, alone]}]}",
        fields="  kept: {type: text}\nrules:\n  shared: {field: chair, equals: shared}\n"
        "  alone: {field: chair, equals: alone}",
    )
    assert [(p.rule, p.severity) for p in told(piece, with_piece)] == [("proof/dead-alternative", "warning")]


def test_a_wait_for_a_later_gate_is_no_finding(with_piece: Callable[[str], bytes]) -> None:
    """Evidence may be handed in before its stage comes, so a wait may count from what a later gate asks."""
    piece = """\
stages:
  - {id: plan, transitions: [{id: advance, to: design, gate: plan-gate}]}
  - {id: design, transitions: [{id: advance, to: done, gate: design-gate}]}
  - {id: done, final: true}
gates:
  plan-gate:
    requires:
      - {id: pause, wait: {after: published.published_on, days: 3, counting_from: next_day}}
  design-gate:
    requires:
      - {id: published, evidence: notice}
"""
    assert told(piece, with_piece) == []


def test_a_wait_on_what_an_idle_gate_asks_is_found(with_piece: Callable[[str], bytes]) -> None:
    """A record that only a gate on no transition asks for is asked for by nothing."""
    piece = """\
gates:
  plan-gate:
    requires:
      - {id: pause, wait: {after: published.published_on, days: 3, counting_from: next_day}}
  idle-gate:
    requires:
      - {id: published, evidence: notice}
"""
    assert [p.rule for p in told(piece, with_piece)] == ["proof/wait-for-nothing"]


def test_a_conditional_wait_is_not_covered_by_one_for_others(with_piece: Callable[[str], bytes]) -> None:
    """A wait is redundant beside a longer one only where that is asked of the same projects or of all.

    Seen to fail when the conditions of the two waits were not compared.
    """
    wait = "wait: {{after: published.published_on, days: {0}, counting_from: next_day}}"
    short = f"{{id: short, {wait.format(3)}}}"
    psr = f"{{id: long, {wait.format(9)}, when: {{field: project.regime, equals: psr}}}}"
    asked = "{id: published, evidence: notice}\n"
    fields = "  regime: {type: choice, of: [psr, pa23]}"
    assert told(gate(asked + short + "\n" + psr, fields=fields), with_piece) == []
    always = psr.replace("days: 9", "days: 2")
    found = told(gate(asked + short + "\n" + always, fields=fields), with_piece)
    assert [(p.rule, '"long"' in p.message) for p in found] == [("proof/redundant-wait", True)]


def test_a_change_that_breaks_a_proof_is_told_with_its_example(with_piece: Callable[[str], bytes]) -> None:
    """What a change breaks in the definition it builds on is told at the change, with the example.

    Seen to fail when the report of an overlay kept its examples to itself.
    """
    base = gate(
        "{id: published, evidence: notice}\n{id: pause, wait: {after: published.published_on, days: 3, "
        "counting_from: next_day}, when: {field: project.regime, equals: pa23}}",
        fields="  regime: {type: choice, of: [psr, pa23]}",
    )
    now = "{id: published, evidence: notice, when: {field: project.regime, equals: psr}}"
    raw = overlay_of(f"change:\n  - replace_requirement: {{requirement: {now}}}\n")
    _, problems = problems_in(raw, "x.yaml", page_bases(with_piece(base)))
    (found,) = [p for p in problems if p.rule.startswith(PROOFS)]
    assert found.rule == "proof/wait-for-nothing"
    assert found.message.startswith("After this change")
    assert "asks for the record" in found.example


def test_checking_grows_in_step_with_the_definition() -> None:
    """A definition twice as large takes about twice as long, proofs included, and has no finding but unused rules.

    Seen to fail when each gate's witness looked at every requirement of the workflow.
    """

    def cost(stages: int) -> float:
        raw = definition(stages).encode()
        started = time.process_time()
        _, problems = problems_in(raw, "large.yaml")
        assert {p.rule for p in problems} <= {"unused/rule"}
        return time.process_time() - started

    cost(5)
    small, large = zip(*[(cost(40), cost(120)) for _ in range(3)], strict=True)
    assert min(large) < 4.5 * min(small) + 0.2  # at best: a busy machine makes either of them slow
