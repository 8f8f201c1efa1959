"""The canonical form: complete, stable, and the only thing a workflow is made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.definition import Span
from engine.definitions.compile import Compiled, compile_definition, problems_in, workflow_of


def compiled(raw: bytes) -> Compiled:
    """Compiles under a name of no interest."""
    return compile_definition(raw, "file.yaml")


def test_the_shared_example_loads_as_it_means(two_gates: bytes) -> None:
    """The shared example loads unchanged, and the workflow says what the file says."""
    workflow = compiled(two_gates).workflow
    assert (workflow.id, workflow.version, workflow.calendar, workflow.time_zone) == (
        "two-gates",
        "1.0",
        "england-and-wales",
        "Europe/London",
    )
    assert list(workflow.stages) == ["plan", "design", "done", "stopped"]
    assert workflow.stages["plan"].target == Span(26, "weeks")
    assert workflow.stages["done"].final
    stop = workflow.stages["plan"].transitions[1]
    assert (stop.id, stop.title, stop.to, stop.gate, stop.reason_required, stop.by) == (
        "stop",
        "Stop",
        "stopped",
        None,
        True,
        ("sro",),
    )
    gate = workflow.gates["plan-gate"]
    assert (gate.decided_by, gate.waived_by, gate.every_principle, gate.dissent) == (
        ("sro", "lx_cochair"),
        (),
        True,
        "blocks",
    )
    equality = workflow.requirements["equality"]
    assert equality.law
    assert equality.when is not None
    assert equality.when.value == 10_000_000  # written in pounds, kept in pence
    early = workflow.requirements["early-sight"]
    assert (early.type, early.at_least, [r.id for r in early.of]) == ("any_of", 1, ["market-meeting", "market-notice"])
    wait = workflow.requirements["notice-wait"].wait
    assert wait is not None
    assert (wait.requirement, wait.field, wait.length, wait.counting_from) == (
        "market-notice",
        "published_on",
        Span(8, "working_days"),
        "next_day",
    )
    assert workflow.requirements["specification"].fresh == "this stage"
    assert workflow.requirements["outreach"].fresh == Span(12, "months")
    assert workflow.gate_of["market-notice"] == "design-gate"
    quorum = workflow.rules["quorum"].condition
    assert (quorum.op, quorum.of[2].op, quorum.of[2].field, quorum.of[2].value) == ("all", "share", "attendance", 50)
    reach = workflow.rules["reach"].condition.of[0]
    assert (reach.op, reach.project_field, reach.value) == ("includes_all_of", "priority_groups", None)


def test_the_canonical_form_makes_the_same_workflow(two_gates: bytes) -> None:
    """A workflow made again from its canonical bytes equals the one that was compiled."""
    made = compiled(two_gates)
    assert workflow_of(made.canonical) == made.workflow
    assert workflow_of(made.canonical, made.digest) == made.workflow
    assert made.workflow.digest == made.digest == hashlib.sha256(made.canonical).hexdigest()


def test_the_canonical_form_is_rfc_8785(two_gates: bytes) -> None:
    """The canonical bytes are what an independent RFC 8785 writer makes of them."""
    made = compiled(two_gates.replace(b"title: Two gates", 'title: "Zwei \\U0001F600 Tore €"'.encode()))
    assert rfc8785.dumps(json.loads(made.canonical)) == made.canonical


def test_every_default_stands_in_the_canonical_form() -> None:
    """The smallest definition has every key of the canonical form, with its default."""
    raw = b"cocycle: 1\nid: a\nversion: 1\ntitle: A\nstages:\n- {id: b-c_d, final: true}\n"
    document = json.loads(compiled(raw).canonical)
    assert document == {
        "cocycle": 1,
        "id": "a",
        "version": "1",
        "title": "A",
        "summary": "",
        "calendar": "england-and-wales",
        "time_zone": "Europe/London",
        "principles": [],
        "levels": [],
        "roles": [],
        "fields": [],
        "evidence": [],
        "rules": [],
        "contradictions": [],
        "profiles": [],
        "gates": [],
        "stages": [{"id": "b-c_d", "title": "B c d", "final": True, "target": None, "transitions": []}],
    }


def test_comments_and_the_order_of_keys_do_not_change_the_identity(running_example: str) -> None:
    """Comments, quotes, layout and the order of the language's own keys leave the digest as it is."""
    rewritten = (
        running_example.replace("cocycle: 1\nid: small-service\n", "id: 'small-service' # a comment\ncocycle: 1\n")
        .replace("{id: mandate, evidence: document,", '{evidence: document, "id": mandate,')
        .replace(
            "levels: [informing, consultation, co_design]", "levels:\n  - informing\n  - consultation\n  - co_design"
        )
    )
    top = rewritten.split("\nstages:")
    moved = f"stages:{top[1]}{top[0]}\n"
    digests = {compiled(text.encode()).digest for text in (running_example, rewritten, moved)}
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("[informing, consultation, co_design]", "[consultation, informing, co_design]"),
        ("title: A small service", "title: Another service"),
        ("level: co_design", "level: consultation"),
        ("at_least: 3", "at_least: 4"),
        ("decided_by: [sro, lx_cochair]", "decided_by: [lx_cochair, sro]"),
        ("reason: required, by: [sro]", "by: [sro]"),
    ],
)
def test_what_changes_the_meaning_changes_the_identity(running_example: str, was: str, now: str) -> None:
    """A change of meaning, and of the order of ordered things, gives another digest."""
    assert was in running_example
    assert compiled(running_example.encode()).digest != compiled(running_example.replace(was, now).encode()).digest


@pytest.mark.parametrize(
    ("field", "condition", "value"),
    [
        ("type: money", "at_least: 100000", 10_000_000),
        ("type: money", "at_least: 100000.50", 10_000_050),
        ("type: money", "equals: 0.05", 5),
        ("type: integer", "at_most: -3", -3),
        ("type: integer", "in: [1, 2]", [1, 2]),
        ("type: date", "before: 2026-02-28", "2026-02-28"),
        ("type: yes_no", "equals: true", True),
        ("type: yes_no", "equals: no", False),
        ("type: choice, of: [north, south]", "not: north", "north"),
        ("type: text", "equals: 007", "007"),
        ("type: text", "equals: 7.50", "7.50"),
        ("type: list, of: date", "includes_all_of: [2026-01-01]", ["2026-01-01"]),
        ("type: list, of: money", "includes_all_of: [1.5]", [150]),
        ("type: counts, of: [a, b]", "at_least: 8", 8),
    ],
)
def test_values_are_parsed_by_the_type_of_the_field(
    field: str, condition: str, value: object, with_piece: Callable[[str], bytes]
) -> None:
    """A value in a condition is kept as the field keeps it: money in pence, dates as ISO text, yes and no as truth."""
    piece = f"fields:\n  probe: {{{field}}}\nprofiles:\n  x: {{field: project.probe, {condition}}}\n"
    found = compiled(with_piece(piece)).workflow.profiles[0].condition
    assert found is not None
    assert found.value == value
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("field", "condition", "rule"),
    [
        ("type: money", "at_least: lots", "type/value"),
        ("type: money", "at_least: 1.005", "type/value"),
        ("type: money", "at_least: true", "type/value"),
        ("type: integer", "equals: 1.5", "type/value"),
        ("type: integer", "equals: '1'", "type/value"),
        ("type: integer", "equals: 9007199254740992", "type/value"),
        ("type: date", "after: 2026-02-30", "type/value"),
        ("type: date", "after: tomorrow", "type/value"),
        ("type: yes_no", "equals: perhaps", "type/value"),
        ("type: choice, of: [north, south]", "equals: west", "type/value"),
        ("type: text", "equals: true", "type/value"),
        ("type: text", "equals: [a]", "type/value"),
        ("type: text", "at_least: 3", "type/operator"),
        ("type: date", "at_least: 2026-01-01", "type/operator"),
        ("type: integer", "before: 3", "type/operator"),
        ("type: text", "includes_all_of: [a]", "type/operator"),
        ("type: list, of: text", "equals: a", "type/operator"),
        ("type: integer", "at_least: project.lifetime_value", "type/unlike"),
        ("type: text", "equals: project.regime", "type/unlike"),
        ("type: text", "in: project.regime", "type/unlike"),
        ("type: list, of: date", "includes_all_of: project.priority_groups", "type/unlike"),
        ("type: text", "in: [project.regime]", "type/unlike"),
        ("type: date", "before: project.starts", "name/field"),
        ("type: text", "in: a", "shape/list"),
        ("type: text", "in: [a, a]", "shape/list"),
        ("type: integer", "at_least: 1, at_most: 5", "shape/form"),
        ("type: integer", "at_least: 1, of: project.probe", "shape/form"),
        ("type: integer", "title: nothing", "shape/unknown-key"),
    ],
)
def test_unlike_things_are_not_compared(
    field: str, condition: str, rule: str, with_piece: Callable[[str], bytes]
) -> None:
    """A condition that compares unlike things, or says more or less than one thing, is refused by one rule."""
    piece = f"fields:\n  probe: {{{field}}}\nprofiles:\n  x: {{field: project.probe, {condition}}}\n"
    made, problems = problems_in(with_piece(piece), "file.yaml")
    assert made is None
    assert [p.rule for p in problems if p.severity == "error"] == [rule]


def test_a_rule_is_checked_against_every_kind_it_meets(with_piece: Callable[[str], bytes]) -> None:
    """A rule that a record cannot answer is told at the rule, and the message names who brought the two together."""
    piece = "gates:\n  plan-gate:\n    requires:\n      - {id: paper, evidence: document, rules: [quorum]}\n"
    (only,) = [p for p in problems_in(with_piece(piece), "file.yaml")[1] if p.severity == "error"]
    assert (only.rule, only.path) == ("name/field", "rules.quorum.field")
    assert '"paper"' in only.message


def test_a_gate_holds_no_more_than_its_record_can(with_piece: Callable[[str], bytes]) -> None:
    """A gate with 250 requirements loads, counting those in groups, and one with 251 does not."""

    def gate(inside: int) -> bytes:
        children = "".join(f"          - {{id: c{i}, signed_by: [sro]}}\n" for i in range(inside))
        return with_piece(f"gates:\n  plan-gate:\n    requires:\n      - id: g\n        any_of:\n{children}")

    assert problems_in(gate(249), "file.yaml")[0] is not None
    assert [p.rule for p in problems_in(gate(250), "file.yaml")[1] if p.severity == "error"] == ["meaning/large-gate"]


def test_a_very_large_definition_loads() -> None:
    """A definition of 500 stages and 5,000 requirements loads."""
    stages, gates = [], []
    for i in range(500):
        stages.append(f"  - {{id: s{i}, transitions: [{{id: advance, to: s{i + 1}, gate: g{i}}}]}}\n")
        gates.append(f"  g{i}:\n    requires:\n")
        gates += [f"      - {{id: r{i}-{j}, evidence: document, signed_by: [sro]}}\n" for j in range(10)]
    head = "cocycle: 1\nid: big\nversion: 1\ntitle: Big\nroles: {sro: {}}\nevidence: {document: {}}\nstages:\n"
    workflow = compiled(
        f"{head}{''.join(stages)}  - {{id: s500, final: true}}\ngates:\n{''.join(gates)}".encode()
    ).workflow
    assert (len(workflow.stages), len(workflow.requirements)) == (501, 5000)


def test_deep_groups_load(with_piece: Callable[[str], bytes]) -> None:
    """Groups inside groups load as deep as the reader reads, with how many of each must be met."""
    inner = "{id: leaf, signed_by: [sro]}"
    for depth in range(12):
        inner = f"{{id: g{depth}, all_of: [{inner}]}}"
    raw = with_piece(f"gates:\n  plan-gate:\n    requires:\n      - {inner}\n")
    assert len(list(compiled(raw).workflow.gates["plan-gate"].all_requirements())) == 13


WORDS = [
    b"[",
    b"]",
    b"{}",
    b"[]",
    b": ",
    b"- ",
    b"&a ",
    b"*a",
    b"!x ",
    b"null",
    b"true",
    b"5",
    b"1.5",
    b"'",
    b"\n",
    b"\t",
]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_change_to_a_file_breaks_the_compiler(two_gates: bytes, data: st.DataObject) -> None:
    """Any file is compiled or refused with reasons, and what compiles is made again from its canonical form."""
    raw = two_gates
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(raw) - 1))
        end = begin + data.draw(st.integers(0, 12))
        piece = data.draw(st.sampled_from(WORDS) | st.binary(max_size=4) | st.just(raw[end : end + 40]))
        raw = raw[:begin] + piece + raw[end:]
    made, problems = problems_in(raw, "file.yaml")
    assert (made is None) == any(p.severity == "error" for p in problems)
    if made is not None:
        assert workflow_of(made.canonical) == made.workflow
