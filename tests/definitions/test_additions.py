"""Words about the integrity of participation, from what is written to the canonical form, and every mistake in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.definitions.compile import problems_in

FIELDS = """
fields:
  stood_aside: {type: counts, of: [lived_experience, carer]}
  strangers: {type: counts, of: [nurse]}
  team: {type: counts, of: [lived_experience, carer], small_numbers: hidden}
"""
STAGES = """
stages:
  - id: plan
    transitions:
      - {id: advance, to: done, gate: plan-gate, follows: {record: %s, is: %s}}
  - {id: done, final: true}
"""
Put = Callable[[str], bytes]


def document(raw: bytes) -> dict[str, Any]:
    """Returns the canonical form; fails where there is a mistake."""
    compiled, problems = problems_in(raw, "a.yaml")
    assert compiled is not None, problems
    found: dict[str, Any] = json.loads(compiled.canonical)
    return found


def mistakes(raw: bytes) -> list[tuple[str, str, str]]:
    """Returns the rule, the path and the message of each mistake."""
    compiled, problems = problems_in(raw, "a.yaml")
    assert compiled is None
    assert all(p.line and p.column for p in problems)
    return [(p.rule, p.path, p.message) for p in problems if p.severity == "error"]


def one(raw: bytes) -> tuple[str, str, str]:
    found = mistakes(raw)
    assert len(found) == 1, found
    return found[0]


def ruled(condition: str, fields: str = FIELDS) -> str:
    return f"{fields}rules:\n  quorum: {condition}\n"


def test_less_stands_in_the_canonical_form(with_piece: Put) -> None:
    """`less` is kept where it is written, beside a field and beside a share, and is absent where it is not."""
    parts = "[attendance.lived_experience, attendance.carer]"
    for condition in (
        "{field: attendance.lived_experience, less: project.stood_aside, at_least: 2}",
        f"{{share: {parts}, of: attendance, less: project.stood_aside, at_least: 50%}}",
    ):
        rule = document(with_piece(ruled(condition)))["rules"][0]
        assert rule["condition"]["less"] == "project.stood_aside"
    assert "less" not in document(with_piece(FIELDS))["rules"][0]["condition"]


@pytest.mark.parametrize(
    ("condition", "rule", "says"),
    [
        ("{field: attendance, less: project.stood_asid, at_least: 2}", "name/field", 'Did you mean "stood_aside"?'),
        ("{field: attendance, less: project.lifetime_value, at_least: 2}", "type/less", "a whole field of type counts"),
        (
            "{field: attendance, less: project.stood_aside.carer, at_least: 2}",
            "type/less",
            "a whole field of type counts",
        ),
        ("{field: attendance, less: chair, at_least: 2}", "type/less", "a whole field of type counts"),
        ("{field: attendance, less: project.strangers, at_least: 2}", "type/less", "counts nurse, which"),
        ("{field: attendance.carer, less: attendance, at_least: 2}", "type/less", "taken away from itself"),
        ("{field: held_on, less: project.stood_aside, before: 2026-01-01}", "type/less", "is of type date"),
        ("{less: project.stood_aside, all: [{field: attendance, at_least: 2}]}", "shape/form", "does not go with all"),
    ],
)
def test_less_is_checked(condition: str, rule: str, says: str, with_piece: Put) -> None:
    """Those who stood aside are counts that the field looked at counts, too; anything else is one mistake at `less`."""
    found = one(with_piece(ruled(condition)))
    assert (found[0], found[1]) == (rule, "rules.quorum.less")
    assert says in found[2]


def test_small_numbers_and_records_stand_in_the_canonical_form(with_piece: Put) -> None:
    """A field says whether its small numbers are hidden, and a field of records has neither options nor a default."""
    piece = "evidence:\n  notice: {fields: {published_on: {type: date}, answers: {type: records, required: true}}}\n"
    found = document(with_piece(FIELDS + piece))
    hidden = {f["id"]: f["small_hidden"] for f in found["fields"]}
    assert (hidden["team"], hidden["stood_aside"]) == (True, False)
    answers = next(k for k in found["evidence"] if k["id"] == "notice")["fields"][1]
    assert (answers["type"], answers["of"], answers["default"]) == ("records", [], None)


@pytest.mark.parametrize(
    ("piece", "rule", "path"),
    [
        ("fields:\n  a: {type: records}\n", "meaning/records-field", "fields.a.type"),
        ("fields:\n  a: {type: text, small_numbers: hidden}\n", "meaning/small-numbers", "fields.a.small_numbers"),
        ("fields:\n  a: {type: integer, small_numbers: shown}\n", "shape/word", "fields.a.small_numbers"),
        (
            "evidence:\n  notice: {fields: {published_on: {type: date}, a: {type: records, default: [e-1]}}}\n",
            "type/default",
            "evidence.notice.fields.a.default",
        ),
        (
            "evidence:\n  notice: {fields: {published_on: {type: date}, a: {type: records, of: text}}}\n",
            "shape/form",
            "evidence.notice.fields.a.of",
        ),
    ],
)
def test_fields_are_checked(piece: str, rule: str, path: str, with_piece: Put) -> None:
    """A field of records belongs to a kind of evidence and knows none beforehand; only numbers can be small."""
    assert one(with_piece(piece))[:2] == (rule, path)


def test_records_are_compared_as_a_number(with_piece: Put) -> None:
    """The number of records takes whole numbers and the operators of the page, and no others."""
    piece = (
        "evidence:\n  meeting_record: {fields: {answers: {type: records}}}\nrules:\n  quorum: {field: answers, %s}\n"
    )
    assert document(with_piece(piece % "at_least: 2"))["rules"][0]["condition"]["value"] == 2
    assert document(with_piece(piece % "not_empty: true"))["rules"][0]["condition"]["value"] is True
    for operator in ("in: [1, 2]", "not: 2", "includes_all_of: [a]", "before: 2026-01-01"):
        assert one(with_piece(piece % operator))[0] == "type/operator"
    assert one(with_piece(piece % "at_least: two"))[0] == "type/value"


def supporting(*requirements: str) -> str:
    listed = "\n".join(f"      - {r}" for r in requirements)
    return f"gates:\n  plan-gate:\n    decided_by: [sro]\n    requires:\n{listed}\n"


MEETING = "{id: meeting, evidence: meeting_record, rules: [quorum]}"


def test_supports_names_a_requirement_for_evidence(with_piece: Put) -> None:
    """`supports` stands in the canonical form, null where it is left out."""
    piece = supporting("{id: a, evidence: document, supports: meeting}", MEETING)
    asked = document(with_piece(piece))["gates"][0]["requires"]
    assert [r["supports"] for r in asked] == ["meeting", None]


@pytest.mark.parametrize(
    ("first", "rule", "says"),
    [
        ("{id: a, evidence: document, supports: meting}", "name/requirement", 'Did you mean "meeting"?'),
        ("{id: a, evidence: document, supports: yes-sro}", "name/requirement", "asks for no evidence"),
        ("{id: a, evidence: document, supports: a}", "meaning/supports-circle", '"a" supports "a"'),
        ("{id: a, signed_by: [sro], supports: meeting}", "meaning/only-with-evidence", "stands beside evidence only"),
    ],
)
def test_supports_is_checked(first: str, rule: str, says: str, with_piece: Put) -> None:
    """`supports` names a requirement for evidence of this workflow, beside evidence, and never itself."""
    found = one(with_piece(supporting(first, "{id: yes-sro, signed_by: [sro]}", MEETING)))
    assert (found[0], found[1]) == (rule, "gates.plan-gate.requires[0].supports")
    assert says in found[2]


def test_each_circle_is_told_once(with_piece: Put) -> None:
    """A circle of decisions is told once, at the first of them in the file; what only leads into it is not."""
    found = mistakes(
        with_piece(
            supporting(
                "{id: into, evidence: document, supports: b}",
                "{id: a, evidence: document, supports: b}",
                "{id: b, evidence: document, supports: c}",
                "{id: c, evidence: document, supports: a}",
                "{id: x, evidence: document, supports: y}",
                "{id: y, evidence: document, supports: x}",
                MEETING,
            )
        )
    )
    assert [(rule, path[-11:]) for rule, path, _ in found] == [
        ("meaning/supports-circle", "1].supports"),
        ("meaning/supports-circle", "4].supports"),
    ]
    assert '"a" supports "b" supports "c" supports "a".' in found[0][2]


def test_a_way_follows_a_choice(with_piece: Put) -> None:
    """`follows` stands in the canonical form with its value parsed by the type of the field."""
    way = document(with_piece(STAGES % ("meeting.chair", "shared")))["stages"][0]["transitions"][0]
    assert way["follows"] == {"requirement": "meeting", "field": "chair", "value": "shared"}
    assert document(with_piece(""))["stages"][0]["transitions"][0]["follows"] is None


@pytest.mark.parametrize(
    ("record", "value", "rule", "says"),
    [
        ("meting.chair", "shared", "name/requirement", 'Did you mean "meeting"?'),
        ("meeting.chiar", "shared", "name/field", 'Did you mean "chair"?'),
        ("meeting", "shared", "name/field", "REQUIREMENT.FIELD"),
        ("meeting.held_on", "shared", "type/follows-field", "of type date"),
        ("meeting.chair", "shred", "type/value", 'Did you mean "shared"?'),
    ],
)
def test_follows_is_checked(record: str, value: str, rule: str, says: str, with_piece: Put) -> None:
    """`follows` leads to a field that can say which way it goes, and its value is one that field can have."""
    found = one(with_piece(STAGES % (record, value)))
    assert found[0] == rule
    assert found[1].startswith("stages[0].transitions[0].follows.")
    assert says in found[2]


CLAIM = "contradictions:\n  claim: {says: Too much., evidence: [%s], level: %s, unless: {field: %s, at_least: 1}}\n"


def test_a_contradiction_stands_in_the_canonical_form(with_piece: Put) -> None:
    """A contradiction has a title made from its id, its kinds, its level and its condition."""
    found = document(with_piece(CLAIM % ("meeting_record", "co_design", "attendance.carer")))
    assert found["contradictions"] == [
        {
            "id": "claim",
            "title": "Claim",
            "says": "Too much.",
            "level": "co_design",
            "evidence": ["meeting_record"],
            "unless": {"op": "at_least", "field": "attendance.carer", "value": 1},
        }
    ]


@pytest.mark.parametrize(
    ("kind", "level", "field", "rule"),
    [
        ("meeting_recrod", "co_design", "attendance", "name/evidence"),
        ("meeting_record", "co_desing", "attendance", "name/level"),
        ("meeting_record", "co_design", "atendance", "name/field"),
        ("notice, meeting_record", "co_design", "attendance", "name/field"),
        ("", "co_design", "attendance", "shape/list"),
    ],
)
def test_a_contradiction_is_checked(kind: str, level: str, field: str, rule: str, with_piece: Put) -> None:
    """What a contradiction names is there, and its condition can be asked of every kind it is about."""
    assert one(with_piece(CLAIM % (kind, level, field)))[0] == rule


def test_every_mistake_is_told_at_once(with_piece: Put) -> None:
    """Mistakes in all of these words are told together, in the order of the file."""
    piece = (
        "fields:\n  a: {type: records}\n  b: {type: date, small_numbers: hidden}\n"
        "rules:\n  quorum: {field: attendance, less: chair, at_least: 1}\n"
        + STAGES % ("no.way", "x")
        + supporting("{id: s, evidence: document, supports: nothing-like-it}", MEETING)
        + CLAIM % ("none", "none", "x")
    )
    assert {rule for rule, _, _ in mistakes(with_piece(piece))} == {
        "meaning/records-field",
        "meaning/small-numbers",
        "type/less",
        "name/requirement",
        "name/evidence",
        "name/level",
    }
