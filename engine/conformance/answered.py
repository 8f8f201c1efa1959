"""What a kind of requirement answered, and how a kind is asked: many questions, one after the other, timed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from engine.conformance.questions import Question
from engine.core.opinions import Opinion


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and what was answered.

    Attributes:
        seconds: how long it took, the way to the plugin's process and back included.
        fault: how the plugin failed, one of the kinds of `engine.hosting.faults`; None where it answered.
    """

    question: Question
    opinion: Opinion
    seconds: float
    fault: str | None = None

    @property
    def verdict(self) -> tuple[object, ...]:
        """All that a verdict says, for comparing."""
        said = self.opinion
        return said.state, said.why, said.evidence, said.not_before, said.fields, said.records

    def shown(self) -> dict[str, object]:
        """Returns it as an example for people."""
        return {"question": self.question, "state": self.opinion.state, "why": list(self.opinion.why)}


class Asks(Protocol):
    """Puts questions to one kind of requirement, none of them answered from memory."""

    def ask(self, question: Question) -> tuple[Opinion, str | None]:
        """Returns the opinion, and how the plugin failed where it did; never raises."""
        ...


def answers_to(questions: Iterable[Question], asks: Asks) -> list[Answered]:
    """Returns what is answered to questions, in their order."""
    found = []
    for question in questions:
        start = time.perf_counter()
        opinion, fault = asks.ask(question)
        found.append(Answered(question, opinion, time.perf_counter() - start, fault))
    return found
