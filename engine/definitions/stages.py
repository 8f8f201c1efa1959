"""Stages and transitions: from what is written to the canonical form, and whether the work can begin, go on and end."""

from __future__ import annotations

from typing import Any

from engine.definitions.follows import follows_of
from engine.definitions.names import Names
from engine.definitions.report import quoted
from engine.definitions.tree import Node
from engine.definitions.using.marks import unread
from engine.definitions.words import span_of, text_at, titled

TARGET_UNITS = ("days", "weeks", "months", "years", "working_days")

Json = dict[str, Any]


def stages_of(root: Node, names: Names) -> list[Json]:
    """Returns the canonical form of all stages; reports stages that cannot be left and work that cannot end."""
    listed = root.get("stages")
    nodes = listed.elements() if listed is not None else []
    report = names.report
    if listed is not None and listed.kind == "list" and not nodes:
        report.mistake("shape/list", listed, "stages is an empty list; a workflow has at least one stage.", at_key=True)
    first = text_at(nodes[0], "id") if nodes else None
    stages = [_stage(node, first, names) for node in nodes]
    unclear = [node for node in nodes if (final := node.get("final")) is not None and final.kind != "yes_no"]
    unclear += [node for node in nodes if unread(node)]
    if listed is not None and nodes and not unclear and not any(s["final"] for s in stages):
        message = "No stage is final, so no project could ever end; mark at least one with final: true."
        report.mistake("meaning/no-final-stage", listed, message, at_key=True)
    return stages


def _flag(node: Node, key: str) -> bool:
    found = node.get(key)
    return found is not None and found.flag


def _stage(node: Node, first: str | None, names: Names) -> Json:
    id, final, transitions = text_at(node, "id") or "", _flag(node, "final"), node.get("transitions")
    report = names.report
    if final and transitions is not None and transitions.elements():
        message = f"{quoted(id)} is final, so nothing can lead out of it; take out its transitions or final."
        report.mistake("meaning/final-stage", transitions, message, at_key=True)
    without = transitions is None or (transitions.kind == "list" and not transitions.value)
    if not final and without and node.kind == "map" and not report.is_wrong(node):
        message = f"{quoted(id)} has no way out; give it transitions, or mark it final: true."
        report.mistake("meaning/dead-end", node, message)
    return {
        "id": id,
        "title": titled(node, id),
        "final": final,
        "target": span_of(node.get("target"), TARGET_UNITS, report),
        "transitions": [_transition(child, first, names) for child in (transitions.elements() if transitions else [])],
    }


def _transition(node: Node, first: str | None, names: Names) -> Json:
    id, to, new_cycle = text_at(node, "id") or "", names.point("stage", node.get("to")), _flag(node, "new_cycle")
    if new_cycle and to is not None and to != first and "stages" not in names.unsure:
        message = f"A new cycle begins at the first stage, {quoted(first or '')}, and this leads to {quoted(to)}."
        names.report.mistake("meaning/new-cycle", node.value["new_cycle"], message, at_key=True)
    return {
        "id": id,
        "title": titled(node, id),
        "to": to,
        "gate": names.point("gate", node.get("gate")),
        "reason_required": text_at(node, "reason") == "required",
        "by": names.points("role", node.get("by")),
        "new_cycle": new_cycle,
        "follows": follows_of(node.get("follows"), names),
    }
