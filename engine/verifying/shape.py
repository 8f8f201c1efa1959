"""Whether an entry has the members of the event that it names; an event that cocycle does not know has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from engine.core.events import OF_THE_REGISTER, SCHEMA
from engine.ledger.leaf import Leaf

MOST_KEPT: Final = 2_000
MOST_MEMBERS: Final = 60


class _Members(NamedTuple):
    needed: frozenset[str]
    known: frozenset[str]
    prefixes: tuple[str, ...]


def _members(names: tuple[str, ...]) -> _Members:
    plain = [name for name in names if not name.endswith("*")]
    return _Members(
        frozenset(name for name in plain if not name.endswith("?")),
        frozenset(name.removesuffix("?") for name in plain),
        tuple(name[:-1] for name in names if name.endswith("*")),
    )


_SHAPES: Final = {name: (number, _members(body), _members(words)) for name, (number, body, words) in SCHEMA.items()}


class Shapes:
    """Holds each entry against the members its event has, and sees to it that no event goes back to an older form."""

    def __init__(self) -> None:
        self._newest: dict[str, int] = {}
        self._sound: set[tuple[object, ...]] = set()  # shapes that were found right before; there are few

    def fault(self, leaf: Leaf) -> str:
        """Returns what is wrong with an entry, in words that go on from `Entry 5 …`; empty where nothing is."""
        seen = (leaf.name, leaf.schema, leaf.project is None, *leaf.body, None, *leaf.commitments)
        if seen in self._sound and leaf.schema >= self._newest.get(leaf.name, 0):
            return ""
        found = self._fault(leaf)
        if not found and len(self._sound) < MOST_KEPT and len(seen) < MOST_MEMBERS:
            self._sound.add(seen)
        return found

    def _fault(self, leaf: Leaf) -> str:
        shape = _SHAPES.get(leaf.name)
        if shape is None:
            return f"tells of an event {leaf.name[:60]}, which cocycle does not know"
        number, body, words = shape
        if leaf.schema > number:
            return f"is of a form {leaf.schema} of {leaf.name}, which cocycle does not know"
        if leaf.schema < self._newest.get(leaf.name, 0):
            return f"is of an older form of {leaf.name} than an entry before it"
        self._newest[leaf.name] = leaf.schema
        if (leaf.project is None) != (leaf.name in OF_THE_REGISTER):
            return f"tells of {leaf.name} {'of no project' if leaf.project is None else 'of a project'}"
        old = leaf.schema < number  # what an older form lacked is not asked of it
        return _odd(leaf.body, body, old, "says", "say") or _odd(leaf.commitments, words, old, "has words of", "have")


def _odd(members: Mapping[str, object], shape: _Members, old: bool, verb: str, lacks: str) -> str:
    found = members.keys()
    if not old and not shape.needed <= found:
        return f"does not {lacks} what an event of its name has: {', '.join(sorted(shape.needed - found))}"
    if found <= shape.known:
        return ""
    strange = sorted(name for name in found - shape.known if not name.startswith(shape.prefixes or ("\0",)))
    return f"{verb} what no event of its name has: {', '.join(name[:60] for name in strange[:5])}" if strange else ""
