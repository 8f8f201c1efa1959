"""Whether a part that a plugin brings means the same as one of the same id that the definition has already."""

from __future__ import annotations

from typing import Any

from engine.definitions.tree import Node, plain_value
from engine.definitions.using.marks import BROUGHT, EXAMINER, OPTIONS
from engine.definitions.words import text_at

_WORDS = frozenset({"title", "help", "otherwise"})


def alike(what: str, ours: Node, brought: Node) -> bool:
    """True where the two mean the same; what people are told of them is no part of it.

    So a role, which is only its id and its title, always does. A kind of evidence means the same where the same plugin
    brings it; in a definition of which only the canonical form is left, where it holds the same.
    """
    if ours.kind != "map":
        return True  # its shape is wrong, which is told, and is all there is to tell
    if what == "evidence" and brought.has(BROUGHT):
        if ours.has(BROUGHT):
            return text_at(ours, BROUGHT) == text_at(brought, BROUGHT)
        return not ours.line and _meaning(ours) == _meaning(brought)
    if what == "evidence" and ours.has(BROUGHT, EXAMINER):
        return False
    return bool(_meaning(ours) == _meaning(brought))


def _meaning(node: Node) -> Any:
    return _bare({key: value for key, value in plain_value(node).items() if key != BROUGHT})


def _bare(value: Any) -> Any:
    """Returns a value without titles and help, and without what only says a default."""
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for key, item in value.items():
        if key in _WORDS and not isinstance(item, dict):
            continue
        if (key, item) in (("file", "optional"), ("required", False), ("fields", {}), (OPTIONS, {})):
            continue
        found[key] = _bare(item)
    return found
