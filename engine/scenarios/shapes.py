"""The nouns of scenarios: a file, its stories, the steps of a story, and what is expected to come of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.core.records import PASSED

EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class Record:
    """Somebody hands in a record.

    Where `ready`, it starts from one that does all that is asked: what is said here replaces what that one says, and
    `roles` sign it (None: everybody who is asked to). Else it says exactly this and nobody signs. A fact of None is
    left out. `file` None: one comes along where the kind asks for it; a requirement: the file of its newest record.
    `examined` is what the examiner of the kind says, where it has one: passed, faulty or failed.
    """

    requirement: str
    ready: bool = False
    by: str | None = None
    level: str | None = None
    happened_on: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    file: bool | str | None = None
    roles: tuple[str, ...] | None = None
    examined: str = PASSED


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything is handed in and signed that is asked for these requirements or gates; None: for this stage's."""

    names: tuple[str, ...] | None
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """People sign; `roles` None: everybody who is asked to."""

    requirement: str
    roles: tuple[str, ...] | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Waive:
    """Two people let a requirement be until a day; `by` None: the first two who may."""

    requirement: str
    until: date
    by: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The newest record of a requirement is withdrawn; `by` None: by who handed it in."""

    requirement: str
    by: str | None


@dataclass(frozen=True, slots=True)
class Regrade:
    """An auditor judges the newest record of a requirement down."""

    requirement: str
    level: str
    by: str | None


@dataclass(frozen=True, slots=True)
class Decide:
    """People decide to pass the gate, or dissent with words; `roles` None: everybody who is asked to."""

    roles: tuple[str, ...] | None
    dissent: bool
    by: str | None
    to: str | None


@dataclass(frozen=True, slots=True)
class Affirm:
    """People affirm the newest passing of a gate; `roles` None: everybody who decides on it."""

    gate: str
    roles: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that must be done after passing: its words, the role that owns it, the day it is due."""

    words: str
    owner: str
    due: date


@dataclass(frozen=True, slots=True)
class Keep:
    """A promise made when a gate was passed is accepted as kept; `number` counts from 1."""

    gate: str
    number: int
    by: str | None


@dataclass(frozen=True, slots=True)
class Advance:
    """Somebody takes a way out of the stage, by its id or by the stage it leads to."""

    way: str
    by: str | None
    reason: bool
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """The project is put on hold, or taken off it."""

    resume: bool
    by: str | None


@dataclass(frozen=True, slots=True)
class SetFields:
    """Fields of the project are set."""

    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Later:
    """The clock moves on to a day."""

    day: date


@dataclass(frozen=True, slots=True)
class Expected:
    """What should have come about; None and empty say nothing.

    Attributes:
        outcome: accepted, passed or refused: what came of the act under `when`.
        code: the stable code of a refusal; `because` is a piece of its words.
        way: the way out whose gate `open` and `earliest` speak of; None for the usual one.
        states: the state of requirements, by id; `says` a piece of their reasons.
        claims: for a requirement, the contradictions that its newest record is told of, by id.
    """

    outcome: str | None = None
    code: str | None = None
    because: str | None = None
    stage: str | None = None
    cycle: int | None = None
    profile: str | None = None
    on_hold: bool | None = None
    way: str | None = None
    open: bool | None = None
    earliest: date | None = None
    states: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, str] = field(default_factory=dict)
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unsound: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class See:
    """A look in the middle of a story."""

    expected: Expected


What = (
    Record
    | Ready
    | Sign
    | Waive
    | Withdraw
    | Regrade
    | Decide
    | Affirm
    | Keep
    | Advance
    | Hold
    | SetFields
    | Later
    | See
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a story, with the line it stands in."""

    what: What
    line: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story. `people` gives names their roles; `before` is played before the project entered the stage."""

    title: str
    line: int
    on: date
    entered: date
    stage: str
    fields: Mapping[str, Any]
    people: Mapping[str, tuple[str, ...]]
    before: tuple[Step, ...]
    given: tuple[Step, ...]
    when: Step | None
    then: Expected

    @property
    def looks(self) -> list[Expected]:
        """Returns everything that is expected, in the order it is looked at."""
        seen = [s.what.expected for s in (*self.before, *self.given) if isinstance(s.what, See)]
        return [*seen, self.then]


@dataclass(frozen=True, slots=True)
class Use:
    """Stories of another file that are played on this definition, too.

    `file` is relative to the file that says so; `without` are titles that are left out; `fields` are put over the
    fields of the project in every story.
    """

    file: str
    without: tuple[str, ...]
    fields: Mapping[str, Any]
    line: int


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """The stories of one file, and the files whose stories it uses."""

    file: str
    scenarios: tuple[Scenario, ...]
    uses: tuple[Use, ...] = ()
