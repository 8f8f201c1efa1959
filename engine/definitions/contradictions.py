"""Contradictions: what records may claim, from what is written to the canonical form."""

from __future__ import annotations

from typing import Any

from engine.definitions.conditions import Sight, condition
from engine.definitions.names import Names
from engine.definitions.tree import Node
from engine.definitions.words import section, text_at, titled

Json = dict[str, Any]


def contradictions_of(root: Node, names: Names) -> list[Json]:
    """Returns the canonical form of all contradictions, each checked against every kind of evidence it is about."""
    found = []
    for id, node in section(root, "contradictions"):
        kinds = names.points("evidence", node.get("evidence"), must_say=True)
        found.append(
            {
                "id": id,
                "title": titled(node, id),
                "says": text_at(node, "says"),
                "level": names.point("level", node.get("level")),
                "evidence": kinds,
                "unless": _unless(node.get("unless"), kinds, names),
            }
        )
    return found


def _unless(node: Node | None, kinds: list[str], names: Names) -> Json | None:
    """Returns the condition as every kind reads it; its values are parsed once, so they must mean the same in all."""
    made: Json | None = None
    if node is None:
        return None
    for kind in kinds:
        if kind not in names.kinds:
            continue
        note = f" The contradiction is about {kind}."
        this = condition(node, Sight(names.kinds[kind], kind, note), names)
        if made is not None and this is not None and this != made:
            message = f"This condition does not mean the same for each kind of evidence it is about.{note}"
            names.report.mistake("meaning/rule-differs", node, message, at_key=True)
        made = made or this
    return made
