"""Plugins for the tests, kept in memory: what they bring, and what they would say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.core.opinions import Opinion, Source
from engine.definitions.brought import Absent, EvidenceKindBrought, RequirementKindBrought, StageBrought

ASSESSMENT = """\
stage: {id: assessment, title: Assessment, target: 4 weeks}
gate:
  id: assessment-gate
  decided_by: [sro, edi]
  requires:
    - {id: impact, evidence: impact_record, rules: [heard]}
    - id: residents
      use: acme/panel
      with: {seats: 6}
roles:
  sro: {title: Senior owner}
  edi: {title: Equality lead}
evidence:
  impact_record:
    fields:
      people: {type: integer, required: true}
rules:
  heard: {field: people, at_least: 3, otherwise: At least three people must be heard.}
"""
BARE = "stage: {id: pause, title: Pause}\n"
PANEL = RequirementKindBrought(
    "A panel of residents",
    "Ask the people who live there.",
    {
        "seats": {"type": "integer", "required": True},
        "fee": {"type": "money", "default": 12.5},
        "since": {"type": "date"},
        "way": {"type": "choice", "of": ["in_person", "by_post"], "default": "in_person"},
        "places": {"type": "list", "of": "text"},
    },
    "panel_note",
)
NOTE = EvidenceKindBrought("Note of the panel", "required", {"present": {"type": "integer", "required": True}}, True)
PLAIN = RequirementKindBrought("Nothing to say", "")
BROKEN = EvidenceKindBrought("Broken", "optional", {"way": {"type": "choice"}})
LEAFLET = EvidenceKindBrought("Leaflet", "optional", {"printed_on": {"type": "date"}})


@dataclass
class Plugins:
    """Knows what some plugins bring, by PLUGIN/ID."""

    stages: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, RequirementKindBrought] = field(default_factory=dict)
    evidence: Mapping[str, EvidenceKindBrought] = field(default_factory=dict)

    def stage(self, use: str) -> StageBrought | Absent:
        """Returns a stage."""
        text = self.stages.get(use)
        return self._absent(use, "stage", self.stages) if text is None else StageBrought(text, f"stage {use}")

    def requirement_kind(self, use: str) -> RequirementKindBrought | Absent:
        """Returns a kind of requirement."""
        return self.kinds.get(use) or self._absent(use, "kind of requirement", self.kinds)

    def evidence_kind(self, use: str) -> EvidenceKindBrought | Absent:
        """Returns a kind of evidence."""
        return self.evidence.get(use) or self._absent(use, "kind of evidence", self.evidence)

    def _absent(self, use: str, what: str, known: Mapping[str, Any]) -> Absent:
        plugin, _, id = use.partition("/")
        own = tuple(name.partition("/")[2] for name in known if name.startswith(f"{plugin}/"))
        if plugin != "acme":
            return Absent(f"The plugin {plugin} is not active here; install it and name it in COCYCLE_PLUGINS.")
        return Absent(f"The plugin {plugin} brings no {what} called {id}.", own)


ACME = Plugins(
    {"acme/assessment": ASSESSMENT, "acme/pause": BARE},
    {"acme/panel": PANEL, "acme/plain": PLAIN},
    {"acme/panel_note": NOTE, "acme/leaflet": LEAFLET, "acme/broken": BROKEN},
)


@dataclass
class Saying:
    """Answers for every plugin with one state, as long as the story wants it; keeps what it was asked."""

    state: str = "met"
    questions: list[Mapping[str, Any]] = field(default_factory=list)

    def ask(self, use: str, question: Mapping[str, Any]) -> Opinion:
        """Returns the opinion."""
        self.questions.append(question)
        return Opinion(self.state, (f"It is {self.state}.",), Source(use.partition("/")[0], "1.0", "a" * 64))


def without_places(text: str) -> str:
    """Returns a message without the numbers of its lines."""
    return re.sub(r"line \d+", "line N", text)


class Seats:
    """A plugin's judge that really judges: a panel needs as many people present as it is told."""

    def ask(self, use: str, question: Mapping[str, Any]) -> Opinion:
        """Returns whether the newest record handed in for it counts enough people."""
        source = Source("acme", "1.0", "a" * 64)
        if use != "acme/panel":
            return Opinion("met", ("Nothing is asked.",), source)
        wanted, own = question["with"]["seats"], [r for r in question["records"] if r["own"]]
        if own and own[0]["facts"]["present"] >= wanted:
            return Opinion("met", (f"At least {wanted} were there.",), source, (own[0]["id"],))
        return Opinion("unmet", (f"At least {wanted} people must be there.",), source)
