"""A plugin as the judge sees it: what it says is written in the test, by requirement, and what it is asked is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from engine.core.commands import AddEvidence
from engine.core.definition import Workflow
from engine.core.evidence import Examined
from engine.core.opinions import Opinion, Source

from .builders import Json, hand_in, signature

SOURCE = Source("acme", "1.2", "ab" * 32)
Saying = Callable[[Json], Opinion]


@dataclass
class Plugins:
    """Answers by requirement; each answer is a function of the question. Every question is kept in `asked`."""

    says: dict[str, Saying]
    asked: list[Json] = field(default_factory=list)

    def ask(self, use: str, question: Mapping[str, Any]) -> Opinion:
        found = json.loads(json.dumps(question))  # whatever is asked can be sent to another process
        assert use == "acme/panel"
        self.asked.append(found)
        return self.says[found["requirement"]](found)


def judged(id: str, evidence: str | None = None, options: Json | None = None, **asked: Any) -> Json:
    """Returns a requirement that the plugin acme judges, in its canonical form."""
    plain = signature(id, **asked) | {"type": "plugin", "evidence": evidence}
    return plain | {"use": "acme/panel", "with": options or {}}


def with_plugins(workflow: Workflow, **says: Saying) -> Workflow:
    """Returns a workflow in which these answer for the plugin."""
    return replace(workflow, judges=Plugins(says))


def asked_of(workflow: Workflow) -> list[Json]:
    """Returns every question so far."""
    assert isinstance(workflow.judges, Plugins)
    return workflow.judges.asked


# what a plugin may say


def opinion(state: str, *why: str, **more: Any) -> Opinion:
    return Opinion(state, why or (f"The panel is {state}.",), SOURCE, **more)


def always(state: str, *why: str, **more: Any) -> Saying:
    return lambda _: opinion(state, *why, **more)


def until(day: str, after: Saying | None = None) -> Saying:
    """Returns one that waits for a day, and says something else from then on, else that it is met."""
    over, then = date.fromisoformat(day), after or always("met")
    return lambda q: opinion("pending", not_before=over) if q["today"] < day else then(q)


def records_of(question: Json, requirement: str) -> list[str]:
    return [r["id"] for r in question["records"] if r["requirement"] == requirement]


def resting_on(requirement: str, want: Iterable[str] | None = None) -> Saying:
    """Returns one that is met by the newest record of a requirement, and names it; else it asks for records."""

    def says(question: Json) -> Opinion:
        found = records_of(question, requirement)[:1]
        if found:
            return opinion("met", evidence=tuple(found))
        return opinion("unmet", records=(requirement,) if want is None else tuple(want))

    return says


# what an examiner may say


def examined(state: str, *found: tuple[str, str, str]) -> Examined:
    return Examined("acme/minutes", SOURCE, state, found)


def hand_in_examined(requirement: str, said: Examined, **facts: Any) -> AddEvidence:
    return replace(hand_in(requirement, **facts), examined=said)
