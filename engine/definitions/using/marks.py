"""The keys that a tree has once what plugins bring was put into it; no author can write them, since none is a word.

A tree with them says all there is to know, so it is read without the plugin: they are also what `unfold` writes.
"""

from __future__ import annotations

from typing import Final

from engine.definitions.tree import Node

OPTIONS: Final = "with, read"
"""On a requirement: its options, parsed, with every default filled in."""
BROUGHT: Final = "use, brought in"
"""On a kind of evidence: the PLUGIN/KIND it was brought in by."""
EXAMINER: Final = "examined by"
"""On a kind of evidence: the PLUGIN/KIND that examines its records."""
MARKS: Final = frozenset({OPTIONS, BROUGHT, EXAMINER})


def unread(node: Node) -> bool:
    """True for a part that uses a plugin and into which nothing was put, which has been told."""
    return bool(node.has("use")) and not node.has(*MARKS)
