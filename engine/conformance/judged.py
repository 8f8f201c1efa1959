"""Asks each kind of requirement of a plugin everything, and then the same again elsewhere: is the verdict the same?

Another process has other hashes, so what depends on the order of a set shows. Clocks, files and the network are closed
while a plugin judges: a verdict that would change with the day is not given at all, and is told as `answers/alone`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from engine.conformance.answered import Answered, answers_to
from engine.conformance.place import Place
from engine.conformance.questions import Kind, Question, questions_for
from engine.conformance.rules import Found
from engine.conformance.verdicts import faults_in, reached
from engine.core.opinions import Opinion
from engine.hosting.described import Described
from engine.hosting.host import Host

MOST_FAILURES: Final = 8
"""After so many failures a kind is asked no more: each costs a process, and they say enough."""
MOST_TIMES_OUT: Final = 3
"""After so many verdicts that never came, too: each of them has to be waited for."""
SEEDS: Final = ("1", "2", "3")
"""The seeds of Python's hashes under which everything is asked again, each in a process of its own."""


@dataclass(slots=True)
class Measured:
    """How long verdicts took, in seconds, the way to the plugin's process and back included."""

    seconds: list[float] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Returns the number of questions, and how long the usual, the slow and the slowest verdict took."""
        times = sorted(self.seconds)
        if not times:
            return {"questions": 0, "p50_ms": None, "p99_ms": None, "most_ms": None}
        places = {"p50_ms": len(times) // 2, "p99_ms": len(times) * 99 // 100, "most_ms": len(times) - 1}
        return {"questions": len(times), **{name: round(times[n] * 1000, 2) for name, n in places.items()}}


class _Asks:
    """Puts questions to one kind through a host; stops after too many failures."""

    def __init__(self, host: Host, use: str) -> None:
        self._judges, self._use = host.judges(), use

    def ask(self, question: Question) -> tuple[Opinion, str | None]:
        """Returns the opinion, and how the plugin failed where it did; too late once may be the machine's fault."""
        opinion, fault = self._judges.ask_closely(self._use, question)
        return self._judges.ask_closely(self._use, question) if fault == "time" else (opinion, fault)


def check_kinds(place: Place, described: Described, wrong: AbstractSet[str], measured: Measured) -> Iterator[Found]:
    """Yields what is wrong with the verdicts of a plugin's kinds of requirement; those in `wrong` are not asked."""
    declared = {id: kind.fields for id, kind in described.evidence_kinds.items()}
    kinds = [
        Kind(f"{described.name}/{id}", kind.options, kind.evidence, declared)
        for id, kind in described.requirement_kinds.items()
        if f"{described.name}/{id}" not in wrong
    ]
    pure: list[tuple[Kind, list[Answered]]] = []
    with place.host() as host:
        for kind in kinds:
            asks = _Asks(host, kind.use)
            answered = _asked(questions_for(kind), asks)
            measured.seconds += [one.seconds for one in answered if one.fault is None]
            yield from faults_in(kind, answered, asks)
            if all(one.fault is None for one in answered):
                yield from reached(kind, answered, asks)
            pure.append((kind, [one for one in answered if one.fault is None]))
    changed: set[str] = set()
    for number, seed in enumerate(SEEDS):
        with place.host(hash_seed=seed) as host:
            for kind, answered in pure:
                for found in _again(kind, answered, _Asks(host, kind.use), number):
                    if kind.use not in changed:
                        changed.add(kind.use)
                        yield found


def _asked(questions: Iterator[Question], asks: _Asks) -> list[Answered]:
    """Returns what is answered, the first of each process apart: it is asked twice, since it may have to start."""
    found: list[Answered] = []
    for question in questions:
        again = not found or found[-1].fault is not None
        found += answers_to([question, question] if again else [question], asks)[-1:]
        failed = [one.fault for one in found if one.fault is not None]
        if len(failed) >= MOST_FAILURES or failed.count("time") >= MOST_TIMES_OUT:
            break
    return found


def _again(kind: Kind, answered: Sequence[Answered], asks: _Asks, number: int) -> Iterator[Found]:
    """Yields the first question that has another verdict in another process, in another order, or asked twice."""
    order = list(answered)
    Random(number).shuffle(order)  # noqa: S311  # nothing secret: the same order every time
    for one in order:
        for again in answers_to([one.question, one.question] if number == 0 else [one.question], asks):
            if again.fault is None and again.verdict == one.verdict:
                continue
            before, after = _told(one), _told(again)
            says = f"The same facts had two verdicts: once {before}, and then {after}. Look at nothing but the facts."
            yield Found("proven/pure", "fault", kind.use, says, one.shown())
            return


def _told(one: Answered) -> str:
    words = one.opinion.why[0] if one.opinion.why else ""
    return f"{one.opinion.state} (“{words[:120]}”)"
