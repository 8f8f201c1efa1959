"""The tree of a YAML file: every value with its place, what it says, and the text it was written with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "number", "yes_no", "nothing", "list", "map", "broken"]

# Integers up to here are exact in every reader of JSON.
LARGEST = 2**53 - 1
MOST_DIGITS = 16

_WORDS: dict[str, tuple[Kind, Any]] = {
    "true": ("yes_no", True),
    "false": ("yes_no", False),
    "null": ("nothing", None),
    "~": ("nothing", None),
    "": ("nothing", None),
}
_NUMBER_BEGINS = frozenset("-0123456789")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number kept as it was written: a decimal, or an integer too large to be exact everywhere."""

    text: str


class Node:
    """One value of the file.

    Attributes:
        kind: what it is; broken stands where the file was refused and nothing more should be said about it.
        value: dict of Node, list of Node, str, int, WrittenNumber, bool or None.
        text: a scalar as it was written, without its quotes; empty for lists and maps.
        line, column: where the value begins, from 1.
        key: its key in the map, or its index in the list, above it; None at the top.
        key_line, key_column: where its key begins; the place of the value where it has none.
    """

    __slots__ = ("column", "key", "key_column", "key_line", "kind", "line", "parent", "text", "value")

    def __init__(self, kind: Kind, value: Any, text: str, line: int, column: int) -> None:
        self.kind = kind
        self.value = value
        self.text = text
        self.line = self.key_line = line
        self.column = self.key_column = column
        self.parent: Node | None = None
        self.key: str | int | None = None

    @property
    def path(self) -> str:
        """Where this stands in the document, like `gates.plan-gate.requires[0].level`; empty at the top."""
        parts: list[str] = []
        node: Node | None = self
        while node is not None and node.key is not None:
            parts.append(f"[{node.key}]" if isinstance(node.key, int) else f".{node.key[:80]}")
            node = node.parent
        return "".join(reversed(parts)).removeprefix(".")

    @property
    def word(self) -> str | None:
        """The text of a scalar that may stand for text; None for yes_no, nothing, lists and maps."""
        return self.text.strip() if self.kind in ("text", "number") else None

    @property
    def flag(self) -> bool:
        """True where this is `true`."""
        return self.kind == "yes_no" and bool(self.value)

    def get(self, key: str) -> Node | None:
        """Returns the value under a key; None where there is none or this is no map."""
        found: Node | None = self.value.get(key) if self.kind == "map" else None
        return found

    def items(self) -> Iterator[tuple[str, Node]]:
        """Yields keys and values of a map in the order written; nothing for anything else."""
        if self.kind == "map":
            yield from self.value.items()

    def elements(self) -> list[Node]:
        """Returns the elements of a list; empty for anything else."""
        return list(self.value) if self.kind == "list" else []

    def has(self, *keys: str) -> list[str]:
        """Returns those of the keys that this map has."""
        return [key for key in keys if key in self.value] if self.kind == "map" else []


def scalar(text: str, plain: bool, line: int, column: int) -> Node:
    """Returns the node of a scalar; `plain` says that it was written without quotes and not as a block."""
    if plain:
        known = _WORDS.get(text)
        if known is not None:
            return Node(known[0], known[1], text, line, column)
        if text[0] in _NUMBER_BEGINS:
            if _INTEGER.fullmatch(text):
                exact = len(text.lstrip("-")) <= MOST_DIGITS and abs(int(text)) <= LARGEST
                return Node("number", int(text) if exact else WrittenNumber(text), text, line, column)
            if _DECIMAL.fullmatch(text):
                return Node("number", WrittenNumber(text), text, line, column)
    return Node("text", text, text, line, column)


def node_of(value: Any, line: int = 0, column: int = 0) -> Node:
    """Returns the node of a plain value, all of it at one place; texts are texts, whatever they look like."""
    if isinstance(value, dict):
        made = Node("map", {}, "", line, column)
        for key, child in value.items():
            made.value[key] = below = node_of(child, line, column)
            below.parent, below.key = made, key
        return made
    if isinstance(value, list):
        made = Node("list", [node_of(child, line, column) for child in value], "", line, column)
        for place, below in enumerate(made.value):
            below.parent, below.key = made, place
        return made
    if isinstance(value, bool):
        return Node("yes_no", value, "true" if value else "false", line, column)
    if isinstance(value, WrittenNumber):
        return Node("number", value, value.text, line, column)
    if isinstance(value, float):
        return Node("number", WrittenNumber(str(value)), str(value), line, column)
    if value is None:
        return Node("nothing", None, "null", line, column)
    return Node("number" if isinstance(value, int) else "text", value, str(value), line, column)


def plain_value(node: Node) -> Any:
    """Returns the plain Python value of a node: dict, list, str, int, WrittenNumber, bool or None."""
    if node.kind == "map":
        return {key: plain_value(child) for key, child in node.value.items()}
    if node.kind == "list":
        return [plain_value(child) for child in node.value]
    return node.value
