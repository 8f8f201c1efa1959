"""Where a finding is placed in the file, and what carries it: rule, place, one sentence, and an example."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.names import Names
from engine.definitions.report import Report
from engine.definitions.tree import Node


@dataclass(slots=True)
class Findings:
    """Puts findings into the report of a file, at the place in the file that would have to change."""

    names: Names
    report: Report

    def add(self, rule: str, node: Node, message: str, example: str, *, warning: bool = False) -> None:
        """Adds a finding: a mistake, or a warning."""
        if warning:
            self.report.warning(rule, node, message, example=example)
        else:
            self.report.mistake(rule, node, message, at_key=True, example=example)

    def stage(self, id: str) -> Node:
        """Returns where a stage stands."""
        return self.names.declared["stage"][id]

    def transition(self, stage: str, id: str) -> Node:
        """Returns where a way out of a stage stands."""
        node = self.stage(stage)
        ways = node.get("transitions")
        for way in ways.elements() if ways is not None else []:
            named = way.get("id")
            if named is not None and named.word == id:
                return way
        return node

    def gate(self, id: str) -> Node:
        """Returns where a gate stands."""
        return self.names.declared["gate"][id]

    def requirement(self, id: str, *keys: str) -> Node:
        """Returns where a requirement stands, or the first of these keys it has."""
        node = self.names.requirements[id]
        return next((found for key in keys if (found := node.get(key)) is not None), node)

    def profile(self, id: str) -> Node:
        """Returns where a profile stands."""
        return self.names.declared["profile"][id]
