"""Reads the leaves of an export: those of cocycle are held to their order, those of others are counted as foreign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson

from engine.ledger.leaf import Leaf, NotALeaf, read_leaf
from engine.ledger.verify import Problem

KEY_EVENTS: Final = frozenset({"register_opened", "key_rotated", "ledger_recovered"})
ERASURES: Final = frozenset({"evidence_erased", "person_erased", "words_erased", "register_words_erased"})


class Leaves:
    """What the leaves read so far say about each other.

    Attributes:
        foreign: how many are not of cocycle; erased: how many items the erasing events among them name.
    """

    __slots__ = ("_at", "_passed_over", "_versions", "erased", "foreign")

    def __init__(self) -> None:
        self.foreign = self.erased = 0
        self._at, self._versions, self._passed_over = "", dict[str, int](), 0

    def pass_over(self, count: int = 1) -> None:
        """Says that the next leaves are not those recorded, so that nothing is concluded from them."""
        self._passed_over += count

    def read(self, seq: int, data: bytes, problems: list[Problem]) -> Leaf | None:
        """Returns what the next leaf says, and adds what is wrong with it; None for one that is foreign or broken."""
        try:
            leaf = read_leaf(data)
        except NotALeaf as error:
            self._passed_over += 1
            if _claims_to_be_ours(data):
                problems.append(Problem(seq, "leaf", f"Entry {seq} cannot be read: {error}."))
            else:
                self.foreign += 1
            return None
        problems += self._order(seq, leaf)
        if leaf.name in ERASURES:
            self.erased += _items(leaf.body)
        return leaf

    def _order(self, seq: int, leaf: Leaf) -> Iterator[Problem]:
        if leaf.at < self._at:
            yield Problem(seq, "time", f"Entry {seq} says {leaf.at}, which is before {self._at} of an entry before it.")
        self._at = max(self._at, leaf.at)
        if leaf.project is None:
            return
        due = self._versions.get(leaf.project, 0) + 1
        # what was passed over may have been of this project; nothing is said where that would explain the gap
        if not due <= leaf.version <= due + self._passed_over:
            yield Problem(
                seq, "version", f"Entry {seq} is version {leaf.version} of {leaf.project}, and {due} was due."
            )
        self._versions[leaf.project] = leaf.version


def _claims_to_be_ours(data: bytes) -> bool:
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        return False
    return isinstance(document, dict) and "cocycle" in document


def _items(body: Any) -> int:
    """How many words and files an erasing event names; an event of another shape names none."""
    words, files = body.get("words"), body.get("files")
    found = len(files) if isinstance(files, list) else 0
    for named in words if isinstance(words, list) else ():
        if isinstance(named, list) and len(named) == 2 and isinstance(named[1], list):
            found += len(named[1])
    return found
