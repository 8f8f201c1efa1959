"""What the changes of a definition that builds on another do, and that nothing of the building is left to see."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
import yaml

from engine.core.definition import Workflow
from engine.definitions.compile import Compiled, compile_definition
from engine.definitions.reader import read_values
from tests.definitions.shelves import Shelf, overlay_of

EXAMPLE = (Path(__file__).parents[1] / "examples" / "two-gates.yaml").read_bytes()
BASES = Shelf({"two-gates": EXAMPLE})


def built(change: str, extends: str = "two-gates", bases: Shelf = BASES) -> Compiled:
    return compile_definition(overlay_of(f"extends: {extends}\nchange:\n{change}"), "mine.yaml", bases)


def workflow(change: str) -> Workflow:
    return built(change).workflow


def ways(found: Workflow, stage: str) -> list[tuple[str, str, str | None]]:
    return [(way.id, way.to, way.gate) for way in found.stages[stage].transitions]


def test_the_heading_is_the_overlays_own() -> None:
    """Id, version, title and summary are those of the definition that builds, the rest is the base's."""
    found = workflow("  - add_role: {id: carer}\n")
    assert (found.id, found.version, found.title, found.summary) == ("mine", "1.0", "Mine", "")
    assert found.calendar == "england-and-wales"
    assert list(found.roles) == ["sro", "lx_cochair", "coprod_lead", "edi", "carer"]


def test_a_definition_written_out_in_full_is_the_same_definition() -> None:
    """What is built has the digest of the same definition written out in full, and no trace of its base.

    Seen to fail when the base's own summary was kept.
    """
    change = (
        "  - add_role: {id: carer, title: Carer}\n"
        "  - remove_requirement: {requirement: outreach}\n"
        "  - add_requirement: {gate: plan-gate, requirement: {id: hope, signed_by: [carer]}}\n"
        "  - set_field: {id: regime, default: psr}\n"
        "  - insert_stage: {after: plan, stage: {id: trial}}\n"
    )
    full = read_values(EXAMPLE, "two-gates.yaml")
    full |= {"id": "mine", "version": "1.0", "title": "Mine"}
    del full["summary"]
    full["roles"]["carer"] = {"title": "Carer"}
    requires = full["gates"]["plan-gate"]["requires"]
    full["gates"]["plan-gate"]["requires"] = [r for r in requires if r["id"] != "outreach"]
    full["gates"]["plan-gate"]["requires"].append({"id": "hope", "signed_by": ["carer"]})
    full["fields"]["regime"]["default"] = "psr"
    full["stages"][0]["transitions"][0]["to"] = "trial"
    full["stages"].insert(1, {"id": "trial", "transitions": [{"id": "advance", "to": "design"}]})
    written = compile_definition(yaml.safe_dump(full, sort_keys=False).encode(), "full.yaml")
    found = built(change)
    assert found.digest == written.digest
    assert found.canonical == written.canonical
    assert {"extends", "change"}.isdisjoint(orjson.loads(found.canonical))


def test_a_base_that_is_left_only_as_a_canonical_form_gives_the_same() -> None:
    """It makes no difference whether the base is the file or the canonical form of what the file said."""
    canonical = compile_definition(EXAMPLE, "two-gates.yaml").canonical
    change = "  - set_field: {id: lifetime_value, default: 1450000.50}\n"
    assert built(change, "kept", Shelf({}, canonical={"kept": canonical})).digest == built(change).digest


def test_a_base_may_build_on_another() -> None:
    """Changes are made on what the changes of the base made of its own base."""
    middle = overlay_of("id: middle\nextends: two-gates\nchange:\n  - add_role: {id: carer}\n")
    change = "  - add_requirement: {gate: plan-gate, requirement: {id: hope, signed_by: [carer]}}\n"
    found = built(change, "middle", Shelf({"two-gates": EXAMPLE, "middle": middle})).workflow
    assert found.requirements["hope"].signed_by == ("carer",)


def test_an_inserted_stage_takes_over_the_way_forward() -> None:
    """The advance before it keeps its gate and leads to the new stage, whose own leads where that one led."""
    found = workflow("  - insert_stage: {after: plan, stage: {id: trial, target: 8 weeks}}\n")
    assert list(found.stages) == ["plan", "trial", "design", "done", "stopped"]
    assert ways(found, "plan") == [("advance", "trial", "plan-gate"), ("stop", "stopped", None)]
    assert ways(found, "trial") == [("advance", "design", None)]


def test_stages_inserted_after_the_same_stage_stand_one_before_the_other() -> None:
    """Of two stages inserted after the same one, the later comes first, since changes are made in order."""
    found = workflow(
        "  - insert_stage: {after: plan, stage: {id: one}}\n  - insert_stage: {after: plan, stage: {id: two}}\n"
    )
    assert [ways(found, stage)[0][1] for stage in ("plan", "two", "one")] == ["two", "one", "design"]


def test_an_inserted_stage_has_the_gate_that_is_named_for_it() -> None:
    """A stage without transitions has the gate that stands beside it on its way out."""
    found = workflow(
        "  - add_gate: {id: trial-gate, decided_by: [sro]}\n"
        "  - insert_stage: {after: plan, gate: trial-gate, stage: {id: trial}}\n"
    )
    assert ways(found, "trial") == [("advance", "design", "trial-gate")]


def test_the_transitions_of_an_inserted_stage_are_taken_as_they_are() -> None:
    """A stage that brings transitions has those and no other."""
    found = workflow("  - insert_stage: {after: plan, stage: {id: trial, transitions: [{id: on, to: design}]}}\n")
    assert ways(found, "trial") == [("on", "design", None)]


def test_what_a_way_is_called_goes_with_where_it_leads() -> None:
    """What was called `Move to Design` is the way out of the new stage; the one before says where it leads now.

    Seen to fail when the redirected way kept its title: "Move to Design" then led to the trial. A way without a title
    gets none, also where the base is a canonical form, which says "Advance" for it.
    """
    base = EXAMPLE.replace(b"{id: advance, to: design,", b"{id: advance, title: Move to Design, to: design,")
    assert base != EXAMPLE
    for stage, titles in (
        ("{id: trial}", ["Move to Trial", "Move to Design"]),
        ("{id: trial, title: A trial}", ["Move to A trial", "Move to Design"]),
        ("{id: trial, transitions: [{id: on, title: Enough, to: design}]}", ["Move to Trial", "Enough"]),
    ):
        change = f"  - insert_stage: {{after: plan, stage: {stage}}}\n"
        found = built(change, bases=Shelf({"two-gates": base})).workflow
        assert [found.stages[one].transitions[0].title for one in ("plan", "trial")] == titles
    change = "  - insert_stage: {after: plan, stage: {id: trial}}\n"
    canonical = compile_definition(EXAMPLE, "two-gates.yaml").canonical
    kept = built(change, "kept", Shelf({}, canonical={"kept": canonical}))
    assert kept.digest == built(change).digest
    assert kept.workflow.stages["plan"].transitions[0].title == "Advance"


def test_a_new_cycle_begins_where_the_way_leads_back() -> None:
    """Where the way that is taken over began a new cycle, the new stage's way does, and the old one no longer."""
    cycle = EXAMPLE.replace(b"{id: advance, to: done, gate", b"{id: advance, to: plan, new_cycle: true, gate")
    cycle = cycle.replace(b"{id: send_back, to: plan,", b"{id: send_on, to: done,")
    found = built("  - insert_stage: {after: design, stage: {id: rest}}\n", bases=Shelf({"two-gates": cycle})).workflow
    onward = [found.stages[stage].transitions[0] for stage in ("design", "rest")]
    assert [(way.id, way.to, way.new_cycle) for way in onward] == [
        ("advance", "rest", False),
        ("advance", "plan", True),
    ]


@pytest.mark.parametrize(
    ("where", "order"),
    [
        ("", ["mandate", "outreach", "priorities", "new"]),
        (", before: outreach", ["mandate", "new", "outreach", "priorities"]),
        (", after: outreach", ["mandate", "outreach", "new", "priorities"]),
    ],
)
def test_a_requirement_is_added_where_it_is_asked_for(where: str, order: list[str]) -> None:
    """A new requirement comes last in its gate, or before or after the one that is named."""
    found = workflow(f"  - add_requirement: {{gate: plan-gate, requirement: {{id: new, signed_by: [edi]}}{where}}}\n")
    assert [r.id for r in found.gates["plan-gate"].requires] == order


def test_a_requirement_is_replaced_where_it_stands_also_inside_a_group() -> None:
    """What replaces a requirement stands in its place, and nothing of the old one is left."""
    found = workflow(
        "  - replace_requirement: {requirement: {id: outreach, evidence: document}}\n"
        "  - replace_requirement: {id: market-meeting, requirement: {id: market-talk, evidence: document}}\n"
    )
    assert [r.id for r in found.gates["plan-gate"].requires] == ["mandate", "outreach", "priorities"]
    assert found.requirements["outreach"].when is None
    assert [r.id for r in found.requirements["early-sight"].of] == ["market-talk", "market-notice"]


def test_a_requirement_may_move_to_another_gate() -> None:
    """A requirement that was removed may be added elsewhere under its id."""
    found = workflow(
        "  - remove_requirement: priorities\n"
        "  - add_requirement: {gate: design-gate, requirement: {id: priorities, evidence: meeting_record}}\n"
    )
    assert found.gate_of["priorities"] == "design-gate"


def test_a_field_keeps_what_is_not_set() -> None:
    """Keys that are left out keep what the base says; with another type what belongs to the type starts anew."""
    found = workflow("  - set_field: {id: regime, default: psr}\n").fields["regime"]
    assert (found.title, found.of, found.default) == ("Procurement regime", ("undecided", "psr", "pa23"), "psr")
    found = workflow("  - set_field: {id: regime, type: text}\n").fields["regime"]
    assert (found.title, found.type, found.of, found.default) == ("Procurement regime", "text", (), None)


def test_sections_that_the_base_does_not_have_are_made() -> None:
    """A base without roles, fields, evidence, rules or gates can be given them."""
    bare = b"cocycle: 1\nid: bare\nversion: '1'\ntitle: Bare\nstages:\n- {id: a, transitions: [{id: advance, to: b}]}\n"
    change = (
        "  - add_role: {id: sro}\n  - set_field: {id: place, type: text}\n  - add_evidence: {id: note}\n"
        "  - add_rule: {id: placed, field: project.place, not_empty: true}\n"
        "  - add_gate: {id: way-in, requires: [{id: noted, evidence: note, rules: [placed], signed_by: [sro]}]}\n"
        "  - insert_stage: {after: a, gate: way-in, stage: {id: c}}\n"
    )
    found = built(change, bases=Shelf({"two-gates": bare + b"- {id: b, final: true}\n"}))
    assert found.warnings == ()
    assert ways(found.workflow, "c") == [("advance", "b", "way-in")]
