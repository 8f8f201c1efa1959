"""A register with a plugin in a folder, and a project whose gate that plugin judges and whose records it examines."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.api import Settings
from tests.hosting.folders import write_plugin

from .town import ADMIN, COCHAIR, LEAD, MANAGER, SRO, Town

PANEL = """
FIELDS = {"present": {"type": "integer", "required": True}}

def judge(facts, options):
    good = [r for r in facts.own if r.facts.get("present", 0) >= options["least"]]
    if good:
        return met("Enough people were there.", evidence=[good[0].id])
    return unmet("The panel has to meet with more people. Hand in the minutes of such a meeting.")

def examine(submission):
    if submission.facts["present"] == 13:
        return [Finding("unlucky", "Thirteen people do not make a panel.")]
    if submission.facts["present"] == 12:
        return [Finding("nearly", "One more and it would not do.", "note")]
    return []

@hookimpl
def cocycle_requirement_kinds():
    options = {"least": {"type": "integer", "required": True}}
    return [RequirementKind("panel", "A panel met", judge, options=options, evidence="minutes")]

@hookimpl
def cocycle_evidence_kinds():
    return [EvidenceKind("minutes", "Minutes", fields=FIELDS, examine=examine)]
"""
OTHERWISE = PANEL.replace("if good:", "if len(good) > 5:")
DEFINITION = """
cocycle: 1
id: panels
version: "1"
title: Panels
roles: {sro: {title: Senior responsible owner}, lx_cochair: {title: Lived-experience co-chair}}
stages:
  - {id: idea, title: Idea, transitions: [{id: advance, to: open, gate: panel-gate}]}
  - {id: open, title: Open, transitions: [{id: advance, to: done}]}
  - {id: done, title: Done, final: true}
gates:
  panel-gate:
    title: Panel gate
    decided_by: [sro]
    requires:
      - {id: heard, title: A panel was heard, use: acme/panel, with: {least: 5}}
"""
NO_PLUGINS = Settings(plugins=())


@dataclass
class Panels:
    """A register with the plugin acme in a folder, and a project that its requirement kind judges."""

    town: Town
    folder: Path

    def settings(self) -> Settings:
        return Settings(plugins=(), plugins_dir=str(self.folder))

    def reopen(self, *, plugin: bool = True) -> None:
        self.town.reopen(settings=self.settings() if plugin else NO_PLUGINS)

    def hold(self, present: int) -> dict[str, Any]:
        """Hands in minutes of a meeting with so many people."""
        return self.town.engine.add_evidence("P-1", "heard", facts={"present": present}, actor=LEAD)

    def pass_gate(self) -> int:
        """Takes the project through its gate; returns the index of the passing."""
        self.town.engine.decide("P-1", actor=SRO)
        return int(self.town.engine.advance("P-1", actor=SRO)["seq"])

    def requirement(self) -> dict[str, Any]:
        return dict(self.town.engine.gate("P-1")["requirements"][0])

    def passing(self) -> dict[str, Any]:
        return dict(self.town.engine.project("P-1")["gates"][0])

    def replace(self, code: str, version: str) -> None:
        """Puts another plugin in the place of the one that is there."""
        shutil.rmtree(self.folder / "acme")
        write_plugin(self.folder, "acme", code, version=version)
        self.reopen()


@contextmanager
def opened(town: Town, tmp_path: Path) -> Iterator[Panels]:
    """Yields it with the project opened, and ends the plugin's processes afterwards."""
    folder = tmp_path / "plugins"
    write_plugin(folder, "acme", PANEL)
    found = Panels(town, folder)
    found.reopen()
    town.engine.load_definition(DEFINITION.encode(), "panels.yaml", actor=ADMIN)
    town.engine.new_project("One", "panels", project_id="P-1", actor=MANAGER)
    for email, role in ((SRO, "sro"), (LEAD, "lx_cochair"), (COCHAIR, "lx_cochair")):
        town.engine.grant(email, role, project="P-1", actor=ADMIN)
    yield found
    town.engine.host.close()
