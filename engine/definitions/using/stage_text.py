"""The text of a stage that a plugin brings: read by the same safe reader, its mistakes told where it is used."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.errors import Problem
from engine.definitions.brought import Absent, Brings
from engine.definitions.reader import read_tree
from engine.definitions.report import Report
from engine.definitions.shape import check_stage_text
from engine.definitions.tree import Node
from engine.definitions.using.kinds import Unusable


@dataclass(frozen=True, slots=True)
class Read:
    """A stage's text that was read: the top of its tree, what to call it, and its mistakes at their places in it."""

    root: Node | None
    source: str
    problems: list[Problem]


def read_stage(brings: Brings, use: str) -> Read | Unusable:
    """Returns the text of a stage, read and its shape checked; or why there is none."""
    found = brings.stage(use)
    if isinstance(found, Absent):
        return Unusable("plugin/absent", found.why, found.known)
    report = Report()
    root = read_tree(found.text.encode("utf-8", "replace"), report)
    if root is not None:
        check_stage_text(root, report)
        stage = root.get("stage")
        if stage is not None:
            _only_a_stage(stage, report)
    problems = [p for p in report.problems() if p.severity == "error"]
    return Read(root, found.source, problems)


def _only_a_stage(stage: Node, report: Report) -> None:
    if (ways := stage.get("transitions")) is not None:
        message = "A plugin cannot know where the ways out of its stage lead; they are said where it is placed."
        report.mistake("plugin/stage", ways, message, at_key=True)
    if (use := stage.get("use")) is not None:
        report.mistake("plugin/stage", use, "The stage of a plugin is written out, with an id.", at_key=True)
