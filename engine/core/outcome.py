"""What deciding gives: accepted, with the facts it makes, or refused, with every reason. Both are values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, Literal

from engine.core.calendar import Calendar
from engine.core.definition import Workflow
from engine.core.events import Event

if TYPE_CHECKING:
    from engine.core.answer import Answer

MOST_NAMED: Final = 20  # names that a sentence lists; of more, only the first few
NAMED_OF_MANY: Final = 12
Kind = Literal["not_found", "conflict", "input", "not_permitted", "rules"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A wish that may be granted: the facts it makes, in order."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A wish that may not: `kind` says what stood in the way, `code` is stable, `message` is one or more sentences.

    `problems` are the single mistakes of a refused input; `answer` is the gate's, where a gate is what is shut.
    """

    kind: Kind
    code: str
    message: str
    problems: tuple[Mapping[str, str], ...] = ()
    answer: Answer | None = None


Outcome = Accepted | Refused


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and what they may act as.

    Attributes:
        person: their id; empty for someone the register does not know.
        register: their roles in the register.
        held: the roles of the definition they hold, in this project or in the whole register.
    """

    person: str
    name: str
    register: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is decided: `at` RFC 3339 UTC, `today` the day in the definition's time zone."""

    at: str
    today: date
    calendar: Calendar


def bad_input(problems: list[tuple[str, str]]) -> Refused:
    """Returns the refusal of an input with all its mistakes; each is (field, sentence)."""
    message = " ".join(sentence for _, sentence in problems)
    return Refused(
        "input", "input_refused", message, tuple({"field": f, "message": sentence} for f, sentence in problems)
    )


@dataclass(frozen=True, slots=True)
class Hearing:
    """Everything a ruling may look at besides the project and the wish.

    `altered` are the records whose stored files are not the bytes that were handed in, as far as anybody looked.
    """

    workflow: Workflow
    actor: Actor
    moment: Moment
    altered: frozenset[str] = frozenset()


def known_or(names: Mapping[str, Any], wanted: str) -> str:
    """Returns `Did you mean …?` where a known name is near, else the names there are, the first of very many."""
    near = get_close_matches(wanted, names, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    if len(names) > MOST_NAMED:
        first = ", ".join(list(names)[:NAMED_OF_MANY])
        return f"There are {len(names)}: {first} and so on."
    return f"There is: {', '.join(names)}." if names else "There is none."
