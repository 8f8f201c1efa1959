"""What was handed in under one definition, put before a plugin under another."""

from __future__ import annotations

from datetime import date

from engine.auditing.fitting import Fitting
from engine.core.definition import Workflow
from engine.definitions.brought import EvidenceKindBrought
from engine.definitions.compile import compile_definition
from engine.scenarios.shapes import Expected, Record, Scenario, Step
from engine.scenarios.steps import Player
from engine.scenarios.world import World
from tests.definitions.plugins.bringing import ACME, PLAIN, Plugins
from tests.definitions.plugins.small import WHOLE


def workflow(type: str) -> Workflow:
    """Returns the definition with a field of another type in the plugin's kind of evidence."""
    note = EvidenceKindBrought("Note of the panel", "optional", {"present": {"type": type}})
    brings = Plugins(ACME.stages, {**ACME.kinds, "acme/plain": PLAIN}, {**ACME.evidence, "acme/panel_note": note})
    return compile_definition(WHOLE.encode(), "small.yaml", None, brings, proofs=False).workflow


def test_records_that_a_plugin_looks_at_must_be_alike_in_every_field() -> None:
    """Where a field of the plugin's own kind is of another type there, what the plugin would say cannot be compared.

    Seen to fail when a plugin's requirement was taken to look at nothing: it was judged by values it cannot read.
    """
    own, day = workflow("integer"), date(2026, 6, 30)
    story = Scenario("One", 1, day, day, "plan", {}, {}, (), (), None, Expected())
    world = World(own, story)
    Player(world, {}).play(Step(Record("panel", facts={"present": "6"}), 1))
    assert world.project.records
    (doubt,) = Fitting(world.project, own, workflow("text")).held_by(own.requirements["panel"])
    assert "Present" in doubt
    assert Fitting(world.project, own, own).held_by(own.requirements["panel"]) == []
    assert Fitting(world.project, own, own).held_by(own.requirements["plain"]) == []
