"""What came of judging again, over all projects, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.core.definition import Gate
from engine.core.opinions import Judges
from engine.ledger.verify import Problem
from engine.verifying.plugins import PluginVerdicts

MOST_NAMED = 5


class Told:
    """The findings of the judge.

    Attributes:
        problems: where the recorded answer is not the one that is due.
        rejudged: how many decisions were judged again, rightly recorded or not.
        not_rejudged: those that could not be: `seq`, `why`, and `erased_by`, the entry of the erasure.
        plugins: the verdicts of plugins that were met on the way.
    """

    def __init__(self, problems: list[Problem], asks: Judges | None = None) -> None:
        self.plugins = PluginVerdicts(asks)
        self.problems = problems
        self.rejudged = 0
        self.not_rejudged: list[dict[str, Any]] = []

    def wrong(self, seq: int, *sentences: str) -> None:
        """Adds what is wrong with an entry, in sentences that go on from `Entry 5 …`."""
        if sentences:
            self.problems.append(Problem(seq, "judged", f"Entry {seq} {' and '.join(sentences)}."))

    def rested(self, seq: int, by: int) -> None:
        """Adds that an entry rested on words that another erased."""
        why = f"It rested on words that entry {by} erased; its recorded verdict stands."
        self.not_rejudged.append({"seq": seq, "why": why, "erased_by": by})


def another(gate: Gate) -> str:
    """Returns that an entry rests on an answer that the gate does not give."""
    return f"rests on another answer than {gate.title} gives when it is judged again"


def differing(
    gate: Gate, due: Mapping[str, Any], said: Mapping[str, Any], among: Iterable[str] | None = None
) -> list[str]:
    """Returns in a sentence which verdicts are not those that are due; none where all are.

    Args:
        gate: the gate.
        due, said: the state and the records of each requirement, as judged again and as recorded.
        among: the requirements to look at; all where it is None.
    """
    if among is None and due == said:
        return []
    asked = dict.fromkeys([*due, *said]) if among is None else among
    names = [name for name in asked if due.get(name) != said.get(name)]
    if not names:
        return []
    some = names[:MOST_NAMED]
    told = "; ".join(f"{name} is {_state(due, name)}, and {_state(said, name)} was recorded" for name in some)
    more = f"; and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return [f"records another answer than {gate.title} gives when it is judged again ({told}{more})"]


def _state(verdicts: Mapping[str, Any], name: str) -> str:
    found = verdicts.get(name)
    if found is None:
        return "not asked"
    return f"{found[0]} on {', '.join(found[1])}" if found[1] else str(found[0])
