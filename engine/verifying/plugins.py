"""What plugins said, in a ledger that is judged again: taken as it is on record, and asked again where that is wanted.

A verdict of a plugin stands in the event that rested on it, with the plugin's name, version and digest. Judging again
takes it from there, so that no plugin is needed, and says how many were taken so. Where the very same plugin is at hand
(the digest tells), it can be put the same question once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.core.bench import Bench
from engine.core.definition import Requirement
from engine.core.opinions import Judges, Opinion, opinion_from, question_of


@dataclass
class PluginVerdicts:
    """The verdicts of plugins that were met in a ledger.

    Attributes:
        asks: whom to ask again; None where nobody is.
        taken: how many verdicts were taken as recorded, by plugin, version and digest.
        again: how many of them were asked again and came out the same.
        other: how many could not be asked again: another plugin is here by that name, or words were erased since.
    """

    asks: Judges | None = None
    taken: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    again: int = 0
    other: int = 0

    def take(self, bench: Bench, opinions: Mapping[str, Any], *, erased: bool) -> list[str]:
        """Counts the verdicts of one event and asks again; returns what is said otherwise now, in sentences.

        `bench` is what the judge had in front of it; `erased` where words it may have rested on are gone.
        """
        wrong = []
        for name, kept in opinions.items():
            requirement = bench.workflow.requirements[name]  # what else is told of was found when it was judged
            said = opinion_from(kept)
            self.taken[said.source.plugin, said.source.version, said.source.digest] += 1
            if self.asks is not None:
                wrong += self._ask(bench, requirement, said, self.asks, erased=erased)
        return wrong

    def _ask(self, bench: Bench, requirement: Requirement, said: Opinion, asks: Judges, *, erased: bool) -> list[str]:
        if erased or said.state == "error":
            self.other += 1
            return []
        now = asks.ask(str(requirement.use), question_of(bench, requirement))
        if now.source != said.source or now.state == "error":
            self.other += 1
            return []
        if (now.state, now.not_before) == (said.state, said.not_before) and set(now.evidence) <= set(said.evidence):
            self.again += 1
            return []
        plugin = f"{said.source.plugin} {said.source.version}"
        return [f"records that {requirement.id} is {said.state}, and the same plugin {plugin} says {now.state} now"]

    def as_json(self) -> list[dict[str, Any]]:
        """Returns whose verdicts were taken as recorded, and how many."""
        return [
            {"plugin": plugin, "version": version, "digest": digest, "verdicts": many}
            for (plugin, version, digest), many in sorted(self.taken.items())
        ]
