"""Checks the shape of a definition and says what does not fit, at its place and in our own words."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from engine.definitions.document import Shape
from engine.definitions.extending.shapes import OPERATIONS, OVERLAY_KEYS, DefinitionShape, StageTextShape
from engine.definitions.report import MOST_PROBLEMS, Report, quoted
from engine.definitions.schema import shape_at
from engine.definitions.tree import Node, plain_value
from engine.definitions.using.forms import check_forms

_WANTED = {
    "model_type": "a mapping of keys and values",
    "dict_type": "a mapping of keys and values",
    "list_type": "a list",
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
}
_FOUND = {
    "text": "text",
    "number": "a number",
    "nothing": "nothing",
    "list": "a list",
    "map": "a mapping",
}


def check_shape(root: Node, report: Report) -> None:
    """Reports every key and value that does not have the shape of a definition."""
    if root.kind != "map":
        report.mistake("shape/type", root, "A definition is a mapping of keys and values, like `title: Two gates`.")
        return
    _validate(DefinitionShape, root, report)
    check_forms(root, report)
    if root.has("extends", "change"):
        _built_on_another(root, report)
    elif root.get("stages") is None:
        report.mistake("shape/missing-key", root, f"The key stages is missing {_where(root)}.", at_key=True)


def check_stage_text(root: Node, report: Report) -> None:
    """Reports every key and value that does not have the shape of a stage as a plugin brings it."""
    if root.kind != "map":
        report.mistake("shape/type", root, "A stage of a plugin is a mapping with stage, and gate where it has one.")
        return
    _validate(StageTextShape, root, report)
    check_forms(root, report)


def _validate(shape: type[Shape], root: Node, report: Report) -> None:
    try:
        shape.model_validate(plain_value(root))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        for one in found[: MOST_PROBLEMS + 1]:
            _translate(one["type"], one["loc"], one["msg"], root, report)


def _built_on_another(root: Node, report: Report) -> None:
    """Reports what does not go with building on another definition, and changes that are not one operation."""
    for key, node in root.items():
        if key in DefinitionShape.model_fields and key not in OVERLAY_KEYS:
            message = f"{key} does not go with extends; what is different from the base is said under change."
            report.mistake("extends/alone", node, message, at_key=True)
    for key in ("extends", "change"):
        if root.get(key) is None:
            message = f"The key {key} is missing; a definition that builds on another has extends and change."
            report.mistake("shape/missing-key", root, message, at_key=True)
    change = root.get("change")
    if change is not None and change.kind == "list" and not change.value:
        report.mistake("shape/list", change, "change is an empty list; say what is different from the base.")
    for item in change.elements() if change is not None else []:
        said = item.has(*OPERATIONS)
        if item.kind == "map" and len(said) != 1 and not report.is_wrong(item):
            shown = f"This one has {' and '.join(said)}." if said else "This one has none of them."
            message = f"A change is exactly one of {', '.join(OPERATIONS)}. {shown}"
            report.mistake("shape/form", item, message)


def _translate(kind: str, loc: tuple[str | int, ...], message: str, root: Node, report: Report) -> None:
    node, rest = _reached(root, loc)
    if kind == "missing":
        report.mistake("shape/missing-key", node, f"The key {rest[-1]} is missing {_where(node)}.", at_key=True)
    elif kind == "extra_forbidden":
        _unknown_key(node, report)
    elif kind == "literal_error":
        _unknown_word(node, message, report)
    elif kind.startswith(("shape/", "language/", "plugin/")):
        at_key = "[key]" in rest
        shown = quoted(str(node.key) if at_key else node.text)
        report.mistake(
            kind, node, f"{message} Found: {shown}." if kind in ("shape/id", "plugin/use") else message, at_key=at_key
        )
    else:
        wanted = _WANTED.get(kind, "something else")
        report.mistake("shape/type", node, f"{_name(node)} must be {wanted}, not {_found(node)}.")


def _reached(root: Node, loc: tuple[str | int, ...]) -> tuple[Node, list[str | int]]:
    """Returns the deepest value that the location reaches, and what is left of the location."""
    node = root
    for place, step in enumerate(loc):
        if isinstance(step, str) and step.startswith("<"):
            continue  # a tag that tells the alternatives of a profile apart, no part of the document
        below = node.value.get(step) if node.kind == "map" else None
        if node.kind == "list" and isinstance(step, int):
            below = node.value[step]
        if below is None:
            return node, list(loc[place:])
        node = below
    return node, []


def _steps(node: Node) -> tuple[str | int, ...]:
    steps: list[str | int] = []
    here: Node | None = node
    while here is not None and here.key is not None:
        steps.append(here.key)
        here = here.parent
    return tuple(reversed(steps))


def _unknown_key(node: Node, report: Report) -> None:
    key = str(node.key)
    above = node.parent
    assert above is not None  # an unknown key stands in a mapping
    known = sorted(shape_at(_steps(above)).get("properties", {}))
    if above.key is None and not above.has("cocycle", "stages", "extends"):
        known = sorted(StageTextShape.model_fields if above.has("stage") else known)
    near = report.near(key, known)
    if not near and known:
        near = f" Known here: {', '.join(known)}."
    message = f"The key {quoted(key)} is not known {_where(above)}.{near}"
    report.mistake("shape/unknown-key", node, message, at_key=True)
    report.excuse(above)


def _unknown_word(node: Node, message: str, report: Report) -> None:
    words = re.findall(r"'([^']*)'", message)
    if words == ["otherwise"]:
        said = f"A profile holds under a condition, or it is the word otherwise; this is {_found(node)}."
    elif len(words) == 1:
        said = f"{_name(node)} must be {words[0]} or left out, not {_found(node)}."
    else:
        near = report.near(node.text, words) if node.kind == "text" else ""
        said = f"{_name(node)} must be one of {', '.join(words)}, not {_found(node)}.{near}"
    report.mistake("shape/word", node, said)


def _name(node: Node) -> str:
    if isinstance(node.key, int) and node.parent is not None:
        return f"Each item of {node.parent.key}"
    return str(node.key)[:80]


def _found(node: Node) -> str:
    if node.kind == "text":
        return quoted(node.text)
    return node.text[:40] if node.kind in ("number", "yes_no") else _FOUND.get(node.kind, "this")


def _where(node: Node) -> str:
    """Says where a key stands, as a reader would: by the nearest part that has a name."""
    if node.key is None:
        return "at the top of a definition"
    named: Any = node.get("id")
    if named is not None and named.word:
        return f"in {quoted(named.word)}"
    if isinstance(node.key, str):
        return f"in {quoted(node.key)}"
    return f"in item {node.key + 1} of {node.parent.key}" if node.parent is not None else "here"
