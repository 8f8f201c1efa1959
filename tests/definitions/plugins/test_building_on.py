"""Plugins in definitions that build on others: in the base, in the changes, and where only the form of it is left."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.errors import Problem
from engine.definitions.brought import NO_PLUGINS, Brings, EvidenceKindBrought
from engine.definitions.compile import compile_definition, form_of_base, problems_in
from tests.definitions.plugins.bringing import ACME, ASSESSMENT
from tests.definitions.plugins.small import WHOLE, entry, pointed_at, requirement
from tests.definitions.shelves import Shelf

PLAIN = """\
cocycle: 1
id: plain
version: "1"
title: Plain
roles: {sro: {title: SRO}}
evidence: {document: {file: required}}
stages:
  - {id: plan, transitions: [{id: advance, to: done, gate: plan-gate}]}
  - {id: done, final: true}
gates:
  plan-gate:
    decided_by: [sro]
    requires:
      - {id: mandate, evidence: document}
"""
CANONICAL = compile_definition(WHOLE.encode(), "small.yaml", None, ACME).canonical
SHELF = Shelf({"plain": PLAIN.encode(), "small": WHOLE.encode()}, canonical={"kept": CANONICAL})


def overlay(change: str, base: str = "plain") -> str:
    return f'cocycle: 1\nid: mine\nversion: "1"\ntitle: Mine\nextends: {base}\nchange:\n{change}'


def made(change: str, base: str = "plain", brings: Brings = ACME, shelf: Shelf = SHELF) -> dict[str, Any]:
    compiled, problems = problems_in(overlay(change, base).encode(), "mine.yaml", shelf, brings)
    assert compiled is not None, problems
    found: dict[str, Any] = json.loads(compiled.canonical)
    return found


def mistakes(change: str, base: str = "plain", brings: Brings = ACME, shelf: Shelf = SHELF) -> list[Problem]:
    return [
        p for p in problems_in(overlay(change, base).encode(), "mine.yaml", shelf, brings)[1] if p.severity == "error"
    ]


@pytest.mark.parametrize("said", ["use: acme/assessment", "stage: {use: acme/assessment}"])
def test_a_stage_is_inserted_with_all_it_needs(said: str) -> None:
    """`insert_stage` puts a plugin's stage on the way forward, with its gate on its own advance.

    Seen to fail when the gate stayed off the inserted stage's way.
    """
    found = made(f"  - insert_stage: {{after: plan, {said}}}\n")
    assert [(s["id"], [(t["to"], t["gate"]) for t in s["transitions"]]) for s in found["stages"]] == [
        ("plan", [("assessment", "plan-gate")]),
        ("assessment", [("done", "assessment-gate")]),
        ("done", []),
    ]
    assert [r["id"] for r in found["roles"]] == ["sro", "edi"]
    assert requirement(found, "residents")["with"]["seats"] == 6


def test_an_inserted_stage_may_say_its_own_ways() -> None:
    """With `stage: {use, transitions}` the ways are the author's, and the gate guards the advance."""
    ways = "transitions: [{id: advance, to: done}, {id: back, to: plan}]"
    found = made(f"  - insert_stage: {{after: plan, stage: {{use: acme/assessment, {ways}}}}}\n")
    assert [(t["to"], t["gate"]) for t in entry(found, "stages", "assessment")["transitions"]] == [
        ("done", "assessment-gate"),
        ("plan", None),
    ]


def test_later_changes_see_what_a_stage_brought() -> None:
    """A requirement can be put into the gate that a stage brought, and a stage after the stage; in one overlay."""
    found = made(
        "  - insert_stage: {after: plan, use: acme/assessment}\n"
        "  - add_requirement: {gate: assessment-gate, after: impact, requirement: {id: more, evidence: document}}\n"
        "  - insert_stage: {after: assessment, use: acme/pause}\n"
    )
    assert [s["id"] for s in found["stages"]] == ["plan", "assessment", "pause", "done"]
    assert [r["id"] for r in entry(found, "gates", "assessment-gate")["requires"]] == ["impact", "more", "residents"]


def test_a_gate_can_be_put_on_a_stage_that_brings_none() -> None:
    """`gate` goes with a plugin's stage that has no gate, and not with one that has."""
    found = made("  - insert_stage: {after: plan, use: acme/pause, gate: plan-gate}\n")
    assert entry(found, "stages", "pause")["transitions"][0]["gate"] == "plan-gate"
    (wrong,) = mistakes("  - insert_stage: {after: plan, use: acme/assessment, gate: plan-gate}\n")
    assert wrong.rule == "plugin/stage"
    assert 'this stage brings its own, "assessment-gate"' in wrong.message


def test_every_change_can_use_a_plugin() -> None:
    """Kinds of evidence, requirements and gates that a change adds use plugins as those written out do."""
    found = made(
        "  - add_evidence: {id: leaf, use: acme/leaflet}\n"
        "  - add_rule: {id: printed, field: printed_on, after: 2026-01-01}\n"
        "  - add_requirement: {gate: plan-gate, requirement: {id: l, evidence: leaf, rules: [printed]}}\n"
        "  - add_requirement: {gate: plan-gate, requirement: {id: p, use: acme/panel, with: {seats: 2}}}\n"
        "  - replace_requirement: {requirement: {id: mandate, use: acme/plain}}\n"
    )
    assert requirement(found, "p")["with"]["seats"] == 2
    assert requirement(found, "mandate")["use"] == "acme/plain"
    assert {"leaf", "panel_note"} <= {k["id"] for k in found["evidence"]}


def test_a_base_in_a_file_may_use_plugins() -> None:
    """A definition builds on one that uses plugins: stages come after theirs, and their requirements are replaced."""
    found = made(
        "  - insert_stage: {after: assessment, stage: {id: rest}}\n"
        "  - replace_requirement: {requirement: {id: residents, use: acme/panel, with: {seats: 9}}}\n",
        "small",
    )
    assert [s["id"] for s in found["stages"]] == ["plan", "assessment", "rest", "pause", "done"]
    assert requirement(found, "residents")["with"]["seats"] == 9
    assert requirement(found, "panel")["with"]["seats"] == 4


def test_an_overlay_of_an_overlay_with_plugins_is_as_good() -> None:
    """What one overlay inserted, the next one builds on."""
    middle = overlay("  - insert_stage: {after: plan, use: acme/assessment}\n").replace("id: mine", "id: middle")
    shelf = Shelf({"plain": PLAIN.encode(), "middle": middle.encode()})
    found = made("  - remove_requirement: residents\n", "middle", ACME, shelf)
    assert [r["id"] for r in entry(found, "gates", "assessment-gate")["requires"]] == ["impact"]


def test_the_form_of_a_base_is_built_on_without_the_plugin() -> None:
    """Where only the canonical form is left, a definition builds on it though the plugin is gone.

    Seen to fail when the options were written as an author's: the plugin was asked for, and was not there.
    """
    found = made("  - set_field: {id: urgent, type: yes_no}\n", "kept", NO_PLUGINS)
    want = json.loads(CANONICAL)
    assert [f["id"] for f in found["fields"]] == ["big", "urgent"]
    for part in ("gates", "stages", "roles", "rules", "evidence"):
        assert found[part] == want[part], part


@settings(max_examples=25, deadline=None)
@given(st.integers(-9, 99), st.integers(0, 10**6), st.lists(st.sampled_from("abc"), unique=True))
def test_what_was_read_stays_what_it_is(seats: int, pence: int, places: list[str]) -> None:
    """Whatever the options are, building on the form alone gives them again, to the byte."""
    said = f"with: {{seats: {seats}, fee: {pence // 100}.{pence % 100:02}, places: [{', '.join(places)}]}}"
    text = WHOLE.replace("with: {seats: 4, fee: 3, since: 2026-01-31, places: [north, south]}", said)
    form = compile_definition(text.encode(), "small.yaml", None, ACME, proofs=False).canonical
    shelf = Shelf({}, canonical={"kept": form})
    found = made("  - set_field: {id: big, type: yes_no}\n", "kept", NO_PLUGINS, shelf)
    before, after = (requirement(document, "panel") for document in (json.loads(form), found))
    assert after == before


def test_more_of_the_plugin_can_be_asked_on_top_of_a_form() -> None:
    """With the plugin there, a kind of evidence that the form holds already is taken as the plugin's own.

    Another one of that id in the form, brought by an earlier version, is a clash at the use.
    """
    more = "  - add_requirement: {gate: plan-gate, requirement: {id: again, use: acme/panel, with: {seats: 1}}}\n"
    assert requirement(made(more, "kept"), "again")["evidence"] == "panel_note"
    newer = EvidenceKindBrought("Note", "required", {"present": {"type": "text"}}, True)
    brings = replace(ACME, evidence={**ACME.evidence, "acme/panel_note": newer})
    (wrong,) = mistakes(more, "kept", brings)
    assert (wrong.rule, wrong.line) == ("plugin/clash", 7)
    assert "in kept" in wrong.message


def test_what_is_not_there_is_told_at_the_change() -> None:
    """An absent stage is one mistake at the change; what later changes say of it is not told as well."""
    change = (
        "  - insert_stage: {after: plan, use: acme/assesment}\n"
        "  - add_requirement: {gate: plan-gate, requirement: {id: p, use: other/panel}}\n"
    )
    found = mistakes(change)
    assert [(p.rule, p.line) for p in found] == [("plugin/absent", 7), ("plugin/absent", 8)]
    assert 'Did you mean "assessment"?' in found[0].message


def test_a_mistake_inside_the_text_is_told_at_the_change_that_brought_it() -> None:
    """A mistake in the plugin's text stands at the use in the change, with its own place beside it."""
    wrong = ASSESSMENT.replace("rules: [heard]", "rules: [herd]")
    brings = replace(ACME, stages={"acme/assessment": wrong})
    change = "  - insert_stage: {after: plan, use: acme/assessment}\n"
    (found,) = mistakes(change, brings=brings)
    assert pointed_at(overlay(change), found) == "acme/assessment}"
    assert found.also is not None
    assert (found.also.file, found.also.line) == ("stage acme/assessment", 6)


def test_a_mistake_that_a_change_makes_in_a_plugins_text_is_told_at_the_change() -> None:
    """Where a change in the overlay breaks what a plugin brought into the base, the change is what is told."""
    change = "  - replace_requirement: {requirement: {id: impact, evidence: document, rules: [heard]}}\n"
    (found,) = mistakes(change, "small")
    assert (found.rule, found.line) == ("name/field", 7)
    assert "in stage acme/assessment, line " in found.message


def test_a_mistake_of_a_base_that_uses_a_plugin_is_one_of_the_base() -> None:
    """A base whose plugin is gone cannot be built on from its file, and the reason says what to do."""
    (found,) = mistakes("  - set_field: {id: urgent, type: yes_no}\n", "small", NO_PLUGINS)
    assert found.rule == "extends/base"
    assert "The plugin acme is not active here; install it" in found.message


@pytest.mark.parametrize("said", ["use: acme/pause, stage: {id: x}", "gate: plan-gate"])
def test_a_change_inserts_a_stage_or_uses_one(said: str) -> None:
    """`stage` and `use` do not stand together, and one of them is needed."""
    (found,) = mistakes(f"  - insert_stage: {{after: plan, {said}}}\n")
    assert found.rule == "shape/form"
    assert "either stage or use" in found.message


def test_a_clash_with_the_base_names_both_places() -> None:
    """What the base has under an id that the stage brings otherwise is told with both places, at the change."""
    base = PLAIN.replace("gates:\n", "rules: {heard: {field: x, equals: 1}}\ngates:\n").replace(
        "evidence: {document: {file: required}}", "evidence: {document: {file: required, fields: {x: {type: integer}}}}"
    )
    shelf = Shelf({"plain": base.encode()})
    (found,) = mistakes("  - insert_stage: {after: plan, use: acme/assessment}\n", shelf=shelf)
    assert found.rule == "plugin/clash"
    assert "in plain, line 10;" in found.message


def test_two_changes_that_bring_the_same_id_contradict() -> None:
    """A change that adds what a stage brought before it is told with the line of that change."""
    change = "  - insert_stage: {after: plan, use: acme/assessment}\n  - add_role: {id: edi}\n"
    (found,) = mistakes(change)
    assert found.rule == "extends/contradiction"
    assert "The change in line 7 adds the role" in found.message


def test_the_form_of_a_base_with_plugins_is_found_for_its_stories() -> None:
    """The canonical form of a base that uses plugins is the one it has by itself."""
    raw = overlay("  - set_field: {id: urgent, type: yes_no}\n", "small").encode()
    assert form_of_base(raw, SHELF, ACME) == CANONICAL


def test_a_requirement_of_law_stays_one_where_a_plugin_judges_it() -> None:
    """What the law asks for and a plugin judges cannot be judged by another kind, or told something else."""
    for said in ("use: acme/plain", "use: acme/panel, with: {seats: 1}"):
        law = "law: true, basis: {kind: law, source: A law}, when: {field: project.big, equals: true}"
        found = mistakes(f"  - replace_requirement: {{requirement: {{id: panel, {said}, {law}}}}}\n", "small")
        assert [p.rule for p in found] == ["extends/law"], found
