"""The options of a requirement that a plugin judges: read by the same words and types as fields are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.core.definition import Field
from engine.core.values import BadValue
from engine.definitions.fields import literal
from engine.definitions.report import Report, quoted
from engine.definitions.tree import Node


def options_of(requirement: Node, use: Node, fields: Mapping[str, Field], report: Report) -> dict[str, Any] | None:
    """Returns the options with every default filled in: money in pence, dates as ISO text; what is unset is absent.

    Returns:
        None where something in `with` is wrong; every mistake is reported, at the option.
    """
    written, wrong = requirement.get("with"), False
    found = {id: field.default for id, field in fields.items() if field.default is not None}
    for id, node in written.items() if written is not None else ():
        if id not in fields:
            near = report.near(id, fields)
            known = f" It has {', '.join(fields)}." if fields and not near else "" if fields else " It has none."
            report.mistake(
                "plugin/option", node, f"{quoted(use.text)} has no option {quoted(id)}.{near}{known}", at_key=True
            )
            wrong = True
        elif node.kind == "nothing":
            report.mistake("plugin/option", node, f"{id} says nothing; give it a value, or leave it out.", at_key=True)
            wrong = True
        else:
            try:
                found[id] = literal(fields[id], node)
            except BadValue as error:
                near = report.near(node.text, fields[id].of) if fields[id].type == "choice" else ""
                report.mistake("plugin/option", node, f"{error}{near}")
                wrong = True
    given = set(found) | {id for id, _ in (written.items() if written is not None else ())}
    for id, field in fields.items():
        if field.required and id not in given:
            message = f"{quoted(use.text)} needs the option {id} ({field.title}); say it under with."
            report.mistake("plugin/option", written if written is not None else use, message, at_key=True)
            wrong = True
    return None if wrong else dict(sorted(found.items()))  # in the order in which the canonical form has them
