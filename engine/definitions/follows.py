"""The decision a way follows: whether it points at a field that can say which way it goes."""

from __future__ import annotations

from typing import Any

from engine.core.definition import Field
from engine.core.values import BadValue
from engine.definitions.fields import literal
from engine.definitions.names import Names
from engine.definitions.pointing import field_at
from engine.definitions.report import quoted
from engine.definitions.tree import Node

SAYING = ("choice", "yes_no")

Json = dict[str, Any]


def follows_of(node: Node | None, names: Names) -> Json | None:
    """Returns the canonical form of `follows`; None where it is left out or wrong, which is reported."""
    if node is None or node.kind != "map":
        return None
    found, value = _pointed_at(node.get("record"), names), node.get("is")
    if found is None or value is None:
        return None
    requirement, field = found
    try:
        said = literal(field, value)
    except BadValue as error:
        near = names.report.near(value.text, field.of) if field.type == "choice" and value.kind == "text" else ""
        names.report.mistake("type/value", value, f"{error}{near}")
        return None
    return {"requirement": requirement, "field": field.id, "value": said}


def _pointed_at(node: Node | None, names: Names) -> tuple[str, Field] | None:
    """Returns the requirement and the field that a path like `decision.outcome` leads to."""
    found = field_at(node, names, "follow", "no record of it says which way it goes")
    if node is None or found is None:
        return None
    report = names.report
    id, name, kind, fields = found
    path = node.text.strip()
    if name not in fields:
        near = report.near(name, fields)
        message = f"record is written REQUIREMENT.FIELD with a field of {kind}, which {quoted(path)} is not.{near}"
        report.mistake("name/field", node, message)
        return None
    field = fields[name]
    if field is not None and field.type not in SAYING:
        message = f"A way follows a choice or a yes_no, and {quoted(name)} is of type {field.type}."
        report.mistake("type/follows-field", node, message)
        return None
    return None if field is None else (id, field)
