"""Which keys go together where a plugin is used: told once the keys themselves are known to be there."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.report import Report, quoted
from engine.definitions.tree import Node

_STAGE = ("use", "transitions")
_KIND = ("use", "title", "id")


def check_forms(root: Node, report: Report) -> None:
    """Reports stages without an id, and what stands beside `use` and is the plugin's to say."""
    for stage in _stages(root):
        if stage.kind != "map":
            continue
        if stage.has("use"):
            _only(stage, _STAGE, "its stage is what the plugin says; only transitions goes with it", report)
        elif not stage.has("id"):
            place = f"in {quoted(str(stage.key))}"
            if isinstance(stage.key, int) and stage.parent is not None:
                place = f"in item {stage.key + 1} of {stage.parent.key}"
            message = f"The key id is missing {place}."
            report.mistake("shape/missing-key", stage, message, at_key=True)
    for kind in _kinds(root):
        if kind.has("use"):
            _only(kind, _KIND, "what its records hold is what the plugin says; only title goes with it", report)
    for insert in _changes(root, "insert_stage"):
        said = insert.has("stage", "use")
        if insert.kind == "map" and len(said) != 1:
            one = "This one has both." if said else "This one has neither."
            report.mistake("shape/form", insert, f"insert_stage has either stage or use. {one}", at_key=True)


def _only(node: Node, keys: tuple[str, ...], why: str, report: Report) -> None:
    for key, child in node.items():
        if key not in keys:
            report.mistake("shape/form", child, f"{key} does not go with use: {why}.", at_key=True)


def _stages(root: Node) -> Iterator[Node]:
    listed = root.get("stages")
    yield from listed.elements() if listed is not None else []
    own = root.get("stage")
    if own is not None:
        yield own
    for insert in _changes(root, "insert_stage"):
        stage = insert.get("stage")
        if stage is not None:
            yield stage


def _kinds(root: Node) -> Iterator[Node]:
    declared = root.get("evidence")
    for _, kind in declared.items() if declared is not None else []:
        yield kind
    yield from _changes(root, "add_evidence")


def _changes(root: Node, operation: str) -> Iterator[Node]:
    listed = root.get("change")
    for item in listed.elements() if listed is not None else []:
        body = item.get(operation)
        if body is not None:
            yield body
