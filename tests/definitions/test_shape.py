"""Keys and kinds of values: what is refused, where, and in which words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.core.errors import DefinitionError, Problem
from engine.definitions.compile import compile_definition, problems_in


def problems(raw: bytes) -> list[Problem]:
    """Returns the mistakes, without warnings."""
    return [p for p in problems_in(raw, "file.yaml")[1] if p.severity == "error"]


def test_an_unknown_key_is_told_at_the_key_with_the_near_word(two_gates: bytes) -> None:
    """An unknown key is told at the key itself, with its path and the known word that is near."""
    raw = two_gates.replace(b"        level: engagement", b"        levle: engagement")
    (only,) = problems(raw)
    line = raw[: raw.index(b"levle")].count(b"\n") + 1
    assert (only.rule, only.line, only.column) == ("shape/unknown-key", line, 9)
    assert only.path == "gates.plan-gate.requires[1].levle"
    assert 'Did you mean "level"?' in only.message


def test_a_missing_key_is_told_at_the_part_that_lacks_it(two_gates: bytes) -> None:
    """A key that is missing is told where the part that needs it begins, with its name."""
    raw = two_gates.replace(b"{id: stop, to: stopped, reason: required, by: [sro]}", b"{id: stop, by: [sro]}")
    found = problems(raw)
    assert [(p.rule, p.path) for p in found] == [
        ("shape/missing-key", "stages[0].transitions[1]"),
        ("shape/missing-key", "stages[1].transitions[2]"),
    ]
    assert all("The key to is missing" in p.message for p in found)


@pytest.mark.parametrize(
    ("was", "now", "rule", "said"),
    [
        (b"title: Two gates", b"title: true", "shape/type", "title must be text, not true"),
        (b"title: Two gates", b"title:", "shape/type", "title must be text, not nothing"),
        (b"title: Two gates", b"title: [a]", "shape/type", "title must be text, not a list"),
        (b"final: true}", b"final: yes}", "shape/type", 'final must be true or false, not "yes"'),
        (b"decided_by: [sro, lx_cochair]", b"decided_by: sro", "shape/type", 'decided_by must be a list, not "sro"'),
        (b"sro: {title: Senior responsible owner}", b"sro: Owner", "shape/type", "sro must be a mapping"),
        (b"file: required", b"file: requird", "shape/word", 'Did you mean "required"?'),
        (b"file: required", b"file: 5", "shape/word", "must be one of required, optional, none, not 5"),
        (b"reason: required", b"reason: wanted", "shape/word", "reason must be required or left out"),
        (b"not_empty: true", b"not_empty: false", "shape/word", "not_empty: true"),
        (b"id: two-gates", b"id: 2-gates", "shape/id", "begins with a letter"),
        (b"lifetime_value: {", b"lifetimeValue: {", "shape/id", "small letters"),
        (b"title: Two gates", b'title: "Two\\ngates"', "shape/text", "one line"),
        (b"title: Two gates", b'title: "Two\\u0007gates"', "shape/text", "control character"),
        (b"title: Two gates", b"title: '  '", "shape/text", "empty"),
        (b"title: Two gates", b"title: " + b"x" * 2001, "shape/text", "2,000 is the most"),
        (b"cocycle: 1 ", b"cocycle: true ", "language/version", "cocycle: 1"),
        (b"title: Two gates", b"title: Two gates\nextends: other", "extends/alone", "does not go with extends"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_in_plain_words(
    two_gates: bytes, was: bytes, now: bytes, rule: str, said: str
) -> None:
    """A value that does not fit its key is told by its rule, in a sentence that says what is wanted."""
    found = [p for p in problems(two_gates.replace(was, now)) if p.rule == rule]
    assert found
    assert said in found[0].message


def test_a_number_may_stand_for_text(two_gates: bytes) -> None:
    """A plain number where text is wanted is the text as it was written."""
    raw = two_gates.replace(b'version: "1.0"', b"version: 1.00")
    assert compile_definition(raw, "file.yaml").workflow.version == "1.00"


def test_mistakes_of_every_sort_are_told_in_one_go(two_gates: bytes) -> None:
    """Mistakes in the writing, the shape, the names, the types and the meaning of one file are told together."""
    raw = (
        two_gates.replace(b"  edi: {title: Equality lead}", b"  edi: {title: Equality lead}\n  edi: {title: Again}")
        .replace(b"every_principle: true", b"every_principel: true")
        .replace(b"to: design, gate: plan-gate", b"to: desing, gate: plan-gate")
        .replace(b"at_least: 100000", b"at_least: soon")
        .replace(b"at_least: 50%", b"at_least: 101%")
    )
    assert {p.rule for p in problems(raw)} == {
        "yaml/duplicate-key",
        "shape/unknown-key",
        "name/stage",
        "type/value",
        "meaning/share",
    }


def test_problems_come_in_the_order_of_the_file(two_gates: bytes) -> None:
    """Problems are ordered by line and column."""
    places = [(p.line, p.column) for p in problems(two_gates.replace(b"title:", b"titel:").replace(b"sro", b"sr0"))]
    assert len(places) > 20
    assert places == sorted(places)


def test_a_refused_file_is_an_error_with_all_problems(two_gates: bytes) -> None:
    """Compiling a wrong file raises one error that carries every problem in the shape of the contract."""
    with pytest.raises(DefinitionError) as caught:
        compile_definition(two_gates.replace(b"level: co_design", b"level: co_desing"), "mine.yaml")
    assert caught.value.message.startswith("mine.yaml has 2 mistakes; the first is at line")
    shapes = [set(problem) for problem in caught.value.details["problems"]]
    assert shapes
    assert all(s == {"rule", "severity", "line", "column", "path", "message", "example"} for s in shapes)


@pytest.mark.parametrize("raw", [b"just text", b"[a, list]", b"5"])
def test_a_file_that_is_no_mapping_is_one_mistake(raw: bytes) -> None:
    """A file that holds something else than keys and values is refused in one sentence."""
    assert [(p.rule, p.line, p.column) for p in problems(raw)] == [("shape/type", 1, 1)]


def test_an_absent_plugin_is_one_mistake(with_piece: Callable[[str], bytes]) -> None:
    """A requirement of a plugin that is not there is refused as such, and not also as one without a form."""
    piece = "gates:\n  plan-gate:\n    requires:\n      - {id: a, use: contracts/notice, with: {x: 1}}\n"
    found = [(p.rule, p.path) for p in problems(with_piece(piece))]
    assert found == [
        ("plugin/absent", "gates.plan-gate.requires[0].use"),
    ]
