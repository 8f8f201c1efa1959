"""What a comparison finds: a change, its kind, and the collecting of changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Kind = Literal["more", "less", "otherwise", "other"]
KINDS: Final[tuple[Kind, ...]] = ("more", "less", "otherwise", "other")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of meaning.

    Attributes:
        where: the place in the definition, like `gates.plan-gate.mandate`.
        kind: `more` where whatever passes the second definition here passes the first one, too; `less` the other way
            round; `otherwise` where neither can be said; `other` where nothing that is asked of a project changes.
        says: one sentence.
        was: how it was, in words; None where there was nothing.
        is_now: how it is now, in words; None where there is nothing any more.
    """

    where: str
    kind: Kind
    says: str
    was: str | None
    is_now: str | None

    def as_json(self) -> dict[str, Any]:
        """Returns the change in the shape that `workflow diff --json` prints."""
        return {"where": self.where, "kind": self.kind, "says": self.says, "was": self.was, "is": self.is_now}


@dataclass(slots=True)
class Changes:
    """Collects changes in the order in which they are found."""

    found: list[Change] = field(default_factory=list)

    def add(self, where: str, kind: Kind, says: str, was: str | None = None, is_now: str | None = None) -> None:
        """Notes one change."""
        self.found.append(Change(where, kind, says, was, is_now))

    def text(self, where: str, what: str, was: str | None, is_now: str | None) -> None:
        """Notes that words people read are other words, where they are."""
        if was != is_now:
            self.add(where, "other", f"{what} is written otherwise.", was, is_now)


def by_inclusion(was: Iterable[str], is_now: Iterable[str], *, larger: Kind, smaller: Kind) -> Kind | None:
    """Returns the kind of a change of a set: `larger` where it only grew, `smaller` where it only shrank.

    None where it is the same set.
    """
    before, after = frozenset(was), frozenset(is_now)
    if before == after:
        return None
    if before < after:
        return larger
    return smaller if after < before else "otherwise"


def combined(kinds: Iterable[Kind | None]) -> Kind | None:
    """Returns the kind of several changes at once: the one they share; None where nothing changed."""
    seen = {kind for kind in kinds if kind is not None}
    if not seen:
        return None
    return seen.pop() if len(seen) == 1 else "otherwise"


def opposite(kind: Kind | None) -> Kind | None:
    """Returns `less` for `more` and the other way round; the rest as it is."""
    swapped: dict[Kind, Kind] = {"more": "less", "less": "more"}
    return None if kind is None else swapped.get(kind, kind)
