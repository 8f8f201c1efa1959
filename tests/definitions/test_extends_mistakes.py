"""What is wrong with a definition that builds on another is told at its place, in both files where two are at odds."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.core.errors import Problem
from engine.definitions.compile import compile_definition, problems_in
from engine.definitions.extending.overlay import MOST_BASES
from engine.definitions.extending.shapes import MOST_CHANGES
from tests.definitions.shelves import Shelf, overlay_of

EXAMPLE = (Path(__file__).parents[1] / "examples" / "two-gates.yaml").read_bytes()
BASES = Shelf({"two-gates": EXAMPLE})
FIRST = 7  # the line of the first change


def problems(change: str, extends: str = "two-gates", bases: Shelf = BASES) -> list[Problem]:
    raw = overlay_of(f"extends: {extends}\nchange:\n{change}")
    return problems_in(raw, "mine.yaml", bases)[1]


def mistakes(change: str, extends: str = "two-gates", bases: Shelf = BASES) -> list[Problem]:
    return [p for p in problems(change, extends, bases) if p.severity == "error"]


def line_of(text: bytes) -> int:
    return EXAMPLE[: EXAMPLE.index(text)].count(b"\n") + 1


def test_what_no_longer_fits_in_the_base_is_told_in_both_files() -> None:
    """A mistake that a change brings about in the base stands at that change and names the place in the base.

    Seen to fail when the search for the change stopped one change early.
    """
    change = "  - add_role: {id: one}\n  - remove_requirement: market-notice\n  - add_role: {id: two}\n"
    (found,) = mistakes(change)
    assert (found.rule, found.line, found.path) == ("name/requirement", FIRST + 1, "change[1]")
    there = line_of(b"wait: {after: market-notice")
    assert f"After this change, in two-gates, line {there}: There is no requirement" in found.message
    assert found.also is not None
    assert (found.also.file, found.also.line) == ("two-gates", there)
    assert found.also.path == "gates.design-gate.requires[3].wait.after"
    assert found.as_json()["also"]["line"] == there


def test_a_base_without_lines_is_named_by_path() -> None:
    """Where the base is only its canonical form the path stands for the place."""
    canonical = compile_definition(EXAMPLE, "x").canonical
    (found,) = mistakes("  - remove_requirement: market-notice\n", "kept", Shelf({}, canonical={"kept": canonical}))
    assert "in kept, at gates.design-gate.requires[3].wait.after:" in found.message


def test_problems_of_one_file_have_no_other_place() -> None:
    """A problem that lies in the checked file alone has no member `also`."""
    (found,) = mistakes("  - add_requirement: {gate: plan-gate, requirement: {id: x, evidence: documant}}\n")
    assert "also" not in found.as_json()
    assert (found.rule, found.line) == ("name/evidence", FIRST)
    assert found.path == "change[0].add_requirement.requirement.evidence"
    assert 'Did you mean "document"?' in found.message


def test_only_warnings_that_changes_bring_about_are_told() -> None:
    """A warning of the base is the base's business; one that a change brings about stands at the change."""
    assert [p.path for p in problems("  - set_field: {id: regime, default: psr}\n")] == []
    (found,) = problems("  - set_field: {id: regime, default: psr}\n  - remove_requirement: outreach\n")
    assert (found.rule, found.severity, found.path) == ("unused/rule", "warning", "change[1]")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("add_role: {id: x}", "add_role: {id: x}"),
        ("add_evidence: {id: x}", "add_evidence: {id: x}"),
        ("add_gate: {id: x, decided_by: [sro]}", "add_gate: {id: x, decided_by: [sro]}"),
        ("insert_stage: {after: plan, stage: {id: x}}", "insert_stage: {after: design, stage: {id: x}}"),
        ("set_field: {id: regime, default: psr}", "set_field: {id: regime, default: pa23}"),
        ("remove_requirement: outreach", "remove_requirement: outreach"),
        ("remove_requirement: outreach", "replace_requirement: {requirement: {id: outreach, evidence: document}}"),
        (
            "add_requirement: {gate: plan-gate, requirement: {id: x, evidence: document}}",
            "add_requirement: {gate: design-gate, requirement: {id: x, evidence: document}}",
        ),
        ("add_requirement: {gate: plan-gate, requirement: {id: x, evidence: document}}", "remove_requirement: x"),
        (
            "replace_requirement: {requirement: {id: outreach, evidence: document}}",
            "replace_requirement: {requirement: {id: outreach, evidence: notice}}",
        ),
        (
            "replace_requirement: {requirement: {id: market-meeting, evidence: document}}",
            "remove_requirement: early-sight",
        ),
    ],
)
def test_contradicting_changes_are_a_mistake_that_names_both(first: str, second: str) -> None:
    """A change that undoes or repeats an earlier one is refused, and the message names the lines of both."""
    found = [p for p in mistakes(f"  - {first}\n  - {second}\n") if p.rule == "extends/contradiction"]
    assert len(found) == 1
    assert found[0].line == FIRST + 1
    assert f"The change in line {FIRST} " in found[0].message
    assert f"in line {FIRST + 1}," in found[0].message


@pytest.mark.parametrize(
    "change",
    [
        "remove_requirement: equality",
        "replace_requirement: {requirement: {id: equality, evidence: document}}",
        "replace_requirement: {id: equality, requirement: {id: other, any_of: [{id: equality, signed_by: [edi]}]}}",
        "remove_requirement: group",
        "replace_requirement: {requirement: {id: group, evidence: document}}",
        "replace_requirement: {requirement: {id: group, any_of: [{id: a, evidence: document}]}}",
        "replace_requirement: {requirement: {id: group, any_of: [{id: duty, evidence: document}]}}",
        "replace_requirement: {requirement: {id: group, all_of: [{id: duty, evidence: document, law: true}]}}",
        "replace_requirement: {requirement: {id: group, any_of: [{id: duty, evidence: document, law: true},"
        " {id: way-round, signed_by: [sro]}]}}",
        "remove_requirement: part",
        "replace_requirement: {requirement: {id: part, evidence: notice}}",
        "replace_requirement: {requirement: {id: two-of, at_least: {count: 1, of:"
        " [{id: duty-2, evidence: document, law: true}]}}}",
    ],
)
def test_no_change_takes_away_or_loosens_what_the_law_asks_for(change: str) -> None:
    """A requirement of law is neither removed nor replaced by less, alone or inside a group."""
    groups = (
        b"\n      - {id: group, any_of: [{id: duty, evidence: document, law: true}, {id: a, evidence: document}]}"
        b"\n      - {id: two-of, at_least: {count: 2, of: [{id: duty-2, evidence: document, law: true},"
        b" {id: b, evidence: document}]}}\n"
        b"      - {id: whole, law: true, all_of: [{id: part, evidence: document}]}\n"
    )
    (found,) = mistakes(f"  - {change}\n", bases=Shelf({"two-gates": EXAMPLE.rstrip(b"\n") + groups}))
    assert (found.rule, found.line) == ("extends/law", FIRST)


def test_what_the_law_asks_for_may_be_asked_for_more_strictly() -> None:
    """A requirement of law may be replaced by one of law that asks all that it asked, and more."""
    change = (
        "  - replace_requirement: {requirement: {id: equality, evidence: document, fresh: 6 months, law: true,"
        " signed_by: [edi, sro], when: {field: project.lifetime_value, at_least: 50000}}}\n"
    )
    assert mistakes(change) == []


@pytest.mark.parametrize(
    ("change", "word", "near"),
    [
        ("remove_requirement: outreech", "outreech", "outreach"),
        ("replace_requirement: {requirement: {id: prioritees, evidence: document}}", "prioritees", "priorities"),
        ("add_requirement: {gate: plan-gat, requirement: {id: x, evidence: document}}", "plan-gat", "plan-gate"),
        ("insert_stage: {after: desing, stage: {id: x}}", "desing", "design"),
        ("insert_stage: {after: plan, gate: plangate, stage: {id: x}}", "plangate", "plan-gate"),
    ],
)
def test_a_change_that_names_something_absent_is_a_mistake(change: str, word: str, near: str) -> None:
    """A name that is not in the base is told where it stands, with the nearest one that is."""
    (found,) = mistakes(f"  - {change}\n")
    assert found.rule == "extends/unknown"
    assert f'"{word}"' in found.message
    assert f'Did you mean "{near}"?' in found.message


def test_one_slip_is_one_mistake() -> None:
    """Where a change could not be made, that what it would have brought is missing is no second mistake."""
    change = (
        "  - add_requirement: {gate: plan-gat, requirement: {id: market, evidence: notice}}\n"
        "  - add_requirement: {gate: design-gate, requirement: {id: pause,"
        " wait: {after: market.published_on, days: 3, counting_from: next_day}}}\n"
    )
    assert [p.rule for p in mistakes(change)] == ["extends/unknown"]


def test_every_mistake_is_told_at_once() -> None:
    """Mistakes of shape, of changes and of meaning, in the file and in the base, are all told in one go."""
    change = (
        "  - add_rolle: {id: x}\n"
        "  - add_role: {id: sro}\n"
        "  - add_requirement: {gate: plan-gate, requirement: {id: x, evidence: document, colour: red}}\n"
        "  - remove_requirement: market-notice\n"
        "  - insert_stage: {after: done, stage: {id: late}}\n"
        "  - insert_stage: {after: plan, use: contracts/notice}\n"
        "  - {add_role: {id: a}, add_evidence: {id: b}}\n"
    )
    assert [(p.rule, p.line - FIRST) for p in mistakes(change)] == [
        ("shape/unknown-key", 0),
        ("extends/exists", 1),
        ("shape/unknown-key", 2),
        ("name/requirement", 3),
        ("extends/way", 4),
        ("plugin/absent", 5),
        ("shape/form", 6),
    ]


def test_what_exists_already_is_told_with_its_place_in_the_base() -> None:
    """An id that is taken names where the base has it."""
    (found,) = mistakes("  - add_role: {id: edi}\n")
    assert (found.rule, found.line) == ("extends/exists", FIRST)
    assert f"in two-gates, line {line_of(b'edi: {title')}" in found.message


def test_a_base_with_mistakes_is_one_mistake() -> None:
    """A base that is wrong itself is told at `extends`, with its name and its first mistakes."""
    wrong = EXAMPLE.replace(b"to: design,", b"to: nowhere,").replace(b"level: engagement", b"level: none-such")
    (found,) = mistakes("  - add_role: {id: x}\n", bases=Shelf({"two-gates": wrong}))
    assert (found.rule, found.path) == ("extends/base", "extends")
    assert '"two-gates" has 2 mistakes of its own' in found.message
    assert f"Line {line_of(b'to: design,')}: There is no stage" in found.message


def test_a_circle_is_named() -> None:
    """Definitions that build on each other in a circle are refused, and the message names the circle."""
    a, b = overlay_of("id: a\nextends: b\n"), overlay_of("id: b\nextends: a\n")
    shelf = Shelf({"a": a, "b": b}, "a")
    _, found = problems_in(a, "a", shelf)
    assert [p.rule for p in found] == ["extends/circle"]
    assert "a -> b -> a" in found[0].message
    (found_above,) = mistakes("  - add_role: {id: x}\n", "a", Shelf(shelf.texts))
    assert (found_above.rule, found_above.path) == ("extends/circle", "extends")


def test_a_long_row_of_definitions_is_refused() -> None:
    """As many definitions as are allowed may build on each other, and not one more."""

    def row(length: int) -> Shelf:
        change = "change:\n  - add_role: {id: r%d}\n"
        texts = {f"w{n}": overlay_of(f"id: w{n}\nextends: w{n - 1}\n" + change % n) for n in range(1, length)}
        return Shelf({"w0": EXAMPLE, **texts})

    last = "  - add_role: {id: x}\n"
    assert mistakes(last, f"w{MOST_BASES - 1}", row(MOST_BASES)) == []
    (found,) = mistakes(last, f"w{MOST_BASES}", row(MOST_BASES + 1))
    assert found.rule == "extends/chain"


def test_more_changes_than_a_reader_can_follow_are_refused() -> None:
    """There is a largest number of changes."""
    changes = "".join(f"  - add_role: {{id: r{n}}}\n" for n in range(MOST_CHANGES + 1))
    assert [p.rule for p in mistakes(changes)] == ["extends/too-many"]
    assert mistakes(changes[: changes.rindex("  - ")]) == []


def test_changes_cannot_nest_what_no_file_may_nest() -> None:
    """Requirements put into one another by a row of definitions do not go deeper than a file may."""
    texts = {"w0": EXAMPLE}
    for place in range(MOST_BASES - 1):
        body = f"{{id: end-{place + 1}, signed_by: [edi]}}"
        for level in range(10):
            body = f"{{id: g-{place}-{level}, all_of: [{body}]}}"
        what = f"add_requirement: {{gate: plan-gate, requirement: {body}}}"
        if place:
            what = f"replace_requirement: {{id: end-{place}, requirement: {body}}}"
        texts[f"w{place + 1}"] = overlay_of(f"id: w{place + 1}\nextends: w{place}\nchange:\n  - {what}\n")
    (found,) = mistakes("  - add_role: {id: x}\n", "w3", Shelf(texts))
    assert found.rule == "extends/base"
    assert "nested more than 40 levels deep" in found.message


def test_nothing_can_be_built_on_where_nothing_can_be_looked_up() -> None:
    """Without a place to look, extends is a mistake and never ignored."""
    compiled, found = problems_in(overlay_of(""), "mine.yaml")
    assert compiled is None
    assert [p.rule for p in found] == ["extends/base"]
