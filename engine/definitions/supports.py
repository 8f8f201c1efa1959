"""The decisions that evidence supports: whether they are asked for, and whether any rests on itself."""

from __future__ import annotations

from engine.definitions.names import Names
from engine.definitions.report import quoted
from engine.definitions.tree import Node
from engine.definitions.using.marks import unread
from engine.definitions.words import text_at


def supports_of(node: Node | None, names: Names) -> str | None:
    """Returns the requirement of the decision that evidence supports; None where it is left out or wrong."""
    if node is None or node.word is None:
        return None
    report, id = names.report, node.word
    target = names.requirements.get(id)
    if target is None:
        if "gates" not in names.unsure and not report.is_wrong(node):
            near = report.near(id, names.requirements)
            report.mistake("name/requirement", node, f"There is no requirement {quoted(id)} to support.{near}")
        return None
    if unread(target):
        return None  # what goes with it is not known, which is said where it uses the plugin
    if text_at(target, "evidence") is None:
        message = f"The requirement {quoted(id)} asks for no evidence, so no day of a decision is known from it."
        report.mistake("name/requirement", node, message)
        return None
    return id


def check_circles(names: Names) -> None:
    """Reports each circle of decisions that support each other, once, at the first of them in the file.

    Every requirement supports at most one, so each is walked over once.
    """
    done: set[str] = set()
    for start in names.requirements:
        path: dict[str, int] = {}
        here: str | None = start
        while here is not None and here in names.requirements and here not in done and here not in path:
            path[here] = len(path)
            here = text_at(names.requirements[here], "supports")
        if here in path:
            _report(list(path)[path[here] :], names)
        done.update(path)


def _report(circle: list[str], names: Names) -> None:
    nodes = [(names.requirements[id].value["supports"], id) for id in circle]
    node, first = min(nodes, key=lambda found: (found[0].line, found[0].column))
    place = circle.index(first)
    way = " supports ".join(quoted(id) for id in [*circle[place:], *circle[:place], first])
    message = f"Evidence cannot support itself, not even by way of others: {way}."
    names.report.mistake("meaning/supports-circle", node, message)
