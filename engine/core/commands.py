"""Wishes, in the imperative: what a person may ask of a project. Values are as typed; deciding reads them.

Random ids are drawn by the caller, so that deciding stays a pure function.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.core.events import Entry
from engine.core.evidence import Examined, File
from engine.core.outcome import Actor
from engine.core.project import Project


@dataclass(frozen=True, slots=True)
class OpenProject:
    """Open a project on the definition at hand."""

    id: str
    title: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetFields:
    """Set fields of the project; an empty text unsets one."""

    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AddEvidence:
    """Hand in a record for a requirement. `happened_on` is ISO text; None means today.

    Of a personal record each file comes sealed, with the digest of its sealed bytes beside that of its own. `examined`
    is what the examiner of the kind said; None where nobody looks at it.
    """

    id: str
    requirement: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    level: str | None = None
    files: tuple[File, ...] = ()
    happened_on: str | None = None
    personal: bool = False
    examined: Examined | None = None


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Withdraw a record, with a reason."""

    evidence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Regrade:
    """Judge a record down to a lower level, with a reason."""

    evidence: str
    level: str
    reason: str


@dataclass(frozen=True, slots=True)
class EraseEvidence:
    """Erase the words of a record and its files, with a second person, under an authority and on a ground of law.

    Attributes:
        authority: in words, who asked for it or decided it, and where that is written down.
        ground: one of `engine.core.rulings.erasing.GROUNDS`; None where it was not given.
        words: the words to erase, as (ledger index, names): all that were recorded about the record.
        used: the SHA-256 of each of its files that another record uses, too; those bytes stay.
    """

    evidence: str
    authority: str
    ground: str | None
    second: Actor
    words: tuple[tuple[int, tuple[str, ...]], ...]
    used: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Typed:
    """What people typed in one entry, and why it is to go.

    Attributes:
        said: the entry, with the words that are left in it.
        authority, ground: as in `EraseEvidence`.
        erased_by: the entry that erased its words before; None where none did.
    """

    said: Entry
    authority: str
    ground: str | None
    erased_by: int | None


@dataclass(frozen=True, slots=True)
class EraseWords:
    """Erase what people typed in one entry of a project, with a second person; records are `EraseEvidence`'s.

    `without` is the project as its entries make it without those words.
    """

    typed: Typed
    second: Actor
    without: Project


@dataclass(frozen=True, slots=True)
class Sign:
    """Sign the newest record of a requirement, or a requirement that has none; `role` where one holds several."""

    id: str
    requirement: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Waive:
    """Let a requirement be until a day (inclusive), with a second person."""

    id: str
    requirement: str
    reason: str
    until: str
    second: Actor


@dataclass(frozen=True, slots=True)
class Decide:
    """Decide to pass the gate on the way `act`, or on the way to `to`; or dissent with words."""

    id: str
    to: str | None = None
    role: str | None = None
    dissent: str | None = None
    act: str | None = None


@dataclass(frozen=True, slots=True)
class Affirm:
    """Affirm that a gate which was passed, and lost what it rested on, is sound again; `passing` is its entry."""

    id: str
    passing: int
    role: str | None = None


@dataclass(frozen=True, slots=True)
class MeetCondition:
    """Accept that a condition of a passing is met; `number` counts from 1."""

    passing: int
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ConditionGiven:
    """Something to be done after passing: by whom (a person's id) and until when (ISO)."""

    text: str
    owner: str
    due: str


@dataclass(frozen=True, slots=True)
class Advance:
    """Take a transition: by its target, by its id, or the usual one."""

    to: str | None = None
    act: str | None = None
    reason: str | None = None
    conditions: tuple[ConditionGiven, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """Put the project on hold, with a reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Take the project off hold, with a reason."""

    reason: str


Command = (
    OpenProject
    | SetFields
    | AddEvidence
    | Withdraw
    | Regrade
    | EraseEvidence
    | EraseWords
    | Sign
    | Waive
    | Decide
    | Affirm
    | MeetCondition
    | Advance
    | Hold
    | Resume
)
