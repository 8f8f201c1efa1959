"""Paths like `notice.published_on`, from a requirement to a field of the records it asks for."""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.definition import Field
from engine.definitions.names import Names
from engine.definitions.report import quoted
from engine.definitions.tree import Node
from engine.definitions.using.marks import unread
from engine.definitions.words import text_at

At = tuple[str, str, str, Mapping[str, Field | None]]
"""The requirement, the field as it is written, the kind of evidence, and the fields of that kind."""


def field_at(node: Node | None, names: Names, to: str, lacks: str) -> At | None:
    """Returns where a path leads; whether the field is one of those is left to who asks.

    Args:
        node: the path as it is written.
        names: what the definition declares.
        to: what the requirement is pointed at for, as in: to wait for.
        lacks: what is missing where the requirement asks for no evidence.

    Returns:
        None where it leads nowhere, which is reported unless it is a mistake of another place.
    """
    if node is None or node.word is None:
        return None
    id, _, field = node.word.partition(".")
    target = names.requirements.get(id)
    if target is None:
        if "gates" not in names.unsure:
            near = names.report.near(id, names.requirements)
            names.report.mistake("name/requirement", node, f"There is no requirement {quoted(id)} to {to}.{near}")
        return None
    kind = text_at(target, "evidence")
    if kind is None and unread(target):
        return None  # what goes with it is not known, which is said where it uses the plugin
    if kind is None:
        message = f"The requirement {quoted(id)} asks for no evidence, so {lacks}."
        names.report.mistake("name/requirement", node, message)
        return None
    fields = names.kinds.get(kind)
    if fields is None:
        return None  # the kind itself is unknown, which is said where it is asked for
    return id, field, kind, fields
