"""What somebody searches the ledger for: `actor:` `action:` `project:` `stage:` `created:`, read from their words.

The same qualifier twice means either, different ones mean both, and a `-` before one means not: as people know it from
the audit logs of code hosts. A word without a qualifier searches nothing, and saying so is better than ignoring it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.auditing.days import BadSpan, Span, span
from engine.core.errors import InputRefused
from engine.core.events import OF_THE_REGISTER, SCHEMA
from engine.core.outcome import known_or

QUALIFIERS: Final[Mapping[str, str]] = {
    "actor": "actor:sam@example.org",
    "action": "action:advanced",
    "project": "project:P-0001",
    "stage": "stage:design",
    "created": "created:>=2026-06-01",
}
"""Each qualifier with an example of it."""

FAMILIES: Final = dict.fromkeys(name.partition("_")[0] for name in SCHEMA if "_" in name)
"""What actions begin with: `evidence` is everything about evidence."""

Known = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Names:
    """What the register knows, so that a value nobody can mean is told at once.

    Attributes:
        actor: from an e-mail, an id or `system` to the id that stands in the ledger; None where nobody is meant.
        project: the same for a project's id.
        people, projects, stages: the names that are near, for `Did you mean …?`.
    """

    actor: Known
    project: Known
    people: Callable[[], Iterable[str]]
    projects: Callable[[], Iterable[str]]
    stages: Callable[[], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted and what is not, by qualifier; a qualifier that was not given is absent.

    `created` and `not_created` are spans of moments, in the form of an entry's `at`, both ends included.
    """

    wanted: Mapping[str, frozenset[str]]
    unwanted: Mapping[str, frozenset[str]]
    created: tuple[Span, ...] = ()
    not_created: tuple[Span, ...] = ()

    @property
    def first_at(self) -> str:
        """The earliest moment that can be wanted; empty where there is none."""
        return min((s.first for s in self.created), default="")

    @property
    def last_at(self) -> str:
        """The latest moment that can be wanted; `~`, which is after every moment, where there is none."""
        return max((s.last for s in self.created), default="~")

    @property
    def register_only(self) -> bool:
        """True where only events of the register itself can be wanted."""
        wanted = self.wanted.get("action")
        return wanted is not None and all(a in OF_THE_REGISTER for v in wanted for a in SCHEMA if is_of(a, v))

    def suits(self, at: str, by: str, action: str, project: str | None) -> bool:
        """True where an entry is wanted, as far as its stage is not asked for."""
        if self.created and not any(s.first <= at <= s.last for s in self.created):
            return False
        if any(s.first <= at <= s.last for s in self.not_created):
            return False
        if not self._suits("actor", lambda v: v == by) or not self._suits("project", lambda v: v == project):
            return False
        return self._suits("action", lambda v: is_of(action, v))

    def suits_stage(self, stage: str | None) -> bool:
        """True where an entry of this stage is wanted."""
        return self._suits("stage", lambda v: v == stage)

    def _suits(self, qualifier: str, is_it: Callable[[str], bool]) -> bool:
        wanted = self.wanted.get(qualifier)
        if wanted is not None and not any(map(is_it, wanted)):
            return False
        return not any(map(is_it, self.unwanted.get(qualifier, ())))


def is_of(action: str, value: str) -> bool:
    """True where an action is the one named, or of the family named."""
    return action == value or action.startswith(f"{value}_")


def read_query(words: Sequence[str], names: Names) -> Query:
    """Returns what the words ask for; each is one or more `QUALIFIER:VALUE`, parted by spaces.

    Raises:
        InputRefused: with every mistake at once, each beside the word it is in.
    """
    problems: list[tuple[str, str]] = []
    sides: tuple[dict[str, set[str]], dict[str, set[str]]] = ({}, {})
    spans: tuple[list[Span], list[Span]] = ([], [])
    for word in (part for given in words for part in given.split()):
        negated = word.startswith("-")
        qualifier, colon, value = word.removeprefix("-").partition(":")
        if not colon:
            problems.append((word, _free(word)))
        elif qualifier not in QUALIFIERS:
            there = known_or(QUALIFIERS, qualifier)
            listed = "" if there.startswith("There is") else f" There is: {', '.join(QUALIFIERS)}."
            problems.append((word, f"There is no qualifier {qualifier}:. {there}{listed}"))
        elif not value:
            quoted = " Put what holds < or > in quotation marks." if qualifier == "created" else ""
            problems.append((word, f"{qualifier}: needs a value, like {QUALIFIERS[qualifier]}.{quoted}"))
        elif qualifier == "created":
            try:
                spans[negated].append(span(value))
            except BadSpan as bad:
                problems.append((word, str(bad)))
        else:
            try:
                sides[negated].setdefault(qualifier, set()).add(_meant(qualifier, value, names))
            except LookupError as bad:
                problems.append((word, str(bad.args[0])))
    if problems:
        details = {"problems": [{"field": word, "message": message} for word, message in problems]}
        raise InputRefused(" ".join(message for _, message in problems), details=details)
    wanted, unwanted = ({q: frozenset(values) for q, values in side.items()} for side in sides)
    return Query(wanted, unwanted, tuple(spans[0]), tuple(spans[1]))


def _free(word: str) -> str:
    examples = ", ".join(QUALIFIERS.values())
    return f"A word by itself searches nothing, and {word} has no qualifier. Write it like one of these: {examples}."


def _meant(qualifier: str, value: str, names: Names) -> str:
    """Returns the value as it stands in the ledger; raises LookupError with a sentence where it cannot be meant."""
    if qualifier == "action":
        if value in SCHEMA or value in FAMILIES:
            return value
        raise LookupError(f"No action is called {value}. {known_or({**FAMILIES, **dict.fromkeys(SCHEMA)}, value)}")
    if qualifier == "actor":
        if (person := names.actor(value)) is not None:
            return person
        raise LookupError(f"Nobody with the e-mail or the id {value} is known here.{_near(names.people(), value)}")
    if qualifier == "project":
        if (project := names.project(value)) is not None:
            return project
        raise LookupError(f"There is no project {value}.{_near(names.projects(), value)}")
    stages = dict.fromkeys(names.stages())
    if value in stages:
        return value
    raise LookupError(f"No workflow that is loaded has a stage called {value}. {known_or(stages, value)}")


def _near(known: Iterable[str], value: str) -> str:
    """Returns `Did you mean …?` where something is near; the whole list would be long."""
    said = known_or(dict.fromkeys(known), value)
    return f" {said}" if said.startswith("Did you mean") else ""
