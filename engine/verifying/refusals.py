"""Whether the counts of what was refused are those that the ledger tells, and which refusals are to be judged again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engine.ledger.leaf import Leaf
from engine.ledger.verify import Problem
from engine.refused import Attempt
from engine.store import refusals as stored
from engine.store.database import Transaction

SHUT = "gate_shut"
_NAMED = ("project", "gate", "act", "requirement")


class Refusal(NamedTuple):
    """A gate that was shut to somebody: the entry that tells of it, and what it says."""

    seq: int
    leaf: Leaf


class _Count(NamedTuple):
    """What the entries about one thing, refused to one person on one day, say."""

    project: str | None
    seq: int
    since: str
    told: int


class Refusals:
    """The refusals on record.

    Attributes:
        shut: by project those by a shut gate that tell the verdicts, in order.
    """

    def __init__(self) -> None:
        self.shut: dict[str, list[Refusal]] = {}
        self._counts: dict[tuple[str, str, str], _Count] = {}
        self._miscounted: list[int] = []

    def take(self, seq: int, leaf: Leaf) -> None:
        """Takes in a `refused` event."""
        body = leaf.body
        named = {name: body[name] for name in _NAMED if name in body}
        what = Attempt(body["verb"], body["code"], **named).what
        thing = (leaf.by, leaf.at[:10], what)
        first = self._counts.get(thing)
        if first is None:
            first = _Count(body.get("project"), seq, body["since"], 0)
        if body["times"] != (10 * first.told or 1) or body["since"] != first.since:
            self._miscounted.append(seq)
        self._counts[thing] = first._replace(told=body["times"])
        if body["code"] == SHUT and "verdicts" in body:
            self.shut.setdefault(body["project"], []).append(Refusal(seq, leaf))

    def problems(self, tx: Transaction) -> Iterator[Problem]:
        """Yields every count that is not the one the ledger tells; between two entries it may be more than was told."""
        for seq in self._miscounted:
            message = f"Entry {seq} does not go on counting a refusal from where the entry before it left off."
            yield Problem(seq, "refusal", message)
        due = dict(self._counts)
        for row in stored.refusals(tx):
            count = due.pop((row.person, row.day, row.what), None)
            if count is None:
                yield Problem(None, "refusal", f"A refusal is counted on {row.day} that the ledger does not tell of.")
            elif count != (row.project, row.seq, row.since, row.told) or not row.told <= row.times < 10 * row.told:
                message = f"What is counted of the refusal in entry {count.seq} is not what the ledger tells."
                yield Problem(count.seq, "refusal", message)
        for count in due.values():
            yield Problem(count.seq, "refusal", f"The refusal in entry {count.seq} is not counted any more.")
