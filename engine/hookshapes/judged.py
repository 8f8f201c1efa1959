"""What is judged: the facts that a kind of requirement looks at, and the verdict that it answers with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from engine.hookshapes.plain import Json


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file of a record.

    Attributes:
        sha256: the SHA-256 (hex) of its bytes; None once erased.
        size: in bytes.
    """

    sha256: str | None
    size: int


@dataclass(frozen=True, slots=True)
class RecordFact:
    """A record that counts now: not withdrawn, of this cycle, not erased, and without a fault its examiner found.

    Attributes:
        id: the id of the record, to be named in `evidence` of a verdict; never in words for people.
        requirement: the id of what it was handed in for.
        kind: its kind of evidence, by the id it has in the definition.
        own: True where it was handed in for the requirement that is judged.
        level: the level of participation that stands, judged down where an auditor did so; None for none.
        happened_on: the day it happened.
        recorded_on: the day it was recorded, the same or later.
        facts: the values of its fields by id; erased words are absent.
        files: its files.
        signed_by: the roles whose signature under it counts.
        personal: True where it is about a person, so that all its words can be erased.
    """

    id: str
    requirement: str
    kind: str
    own: bool
    level: str | None
    happened_on: str
    recorded_on: str
    facts: Json
    files: tuple[FileFact, ...]
    signed_by: tuple[str, ...]
    personal: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a requirement kind may look at.

    Attributes:
        requirement: the id of the requirement that is judged.
        today: the day it is asked about, past or future.
        project: the id of the project.
        stage: the id of the stage it is in.
        cycle: the number of its cycle, from 1.
        profile: its profile of proportionality; None where the workflow has none.
        fields: the project's own values by id; what is unset is absent.
        levels: the ladder of participation of the workflow, lowest first.
        records: newest first.
    """

    requirement: str
    today: str
    project: str
    stage: str
    cycle: int
    profile: str | None
    fields: Json
    levels: tuple[str, ...]
    records: tuple[RecordFact, ...]

    @property
    def own(self) -> tuple[RecordFact, ...]:
        """The records that were handed in for the requirement itself, newest first."""
        return tuple(r for r in self.records if r.own)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a requirement kind answers; made with `met`, `unmet` or `pending`.

    Attributes:
        state: met, unmet, or pending where only time is missing.
        why: sentences for people, at least one.
        evidence: the ids of the records it rests on, all of them from the facts.
        not_before: with pending, the first day on which it may be otherwise, after today.
        fields: project fields that, set, may be all that is missing.
        records: requirements for which a new record would help; where nothing is named, and the kind takes evidence,
            it is a new record for the requirement itself.
    """

    state: Literal["met", "unmet", "pending"]
    why: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    not_before: str | None = None
    fields: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


def met(*why: str, evidence: Sequence[str] = ()) -> Verdict:
    """Returns the verdict that a requirement is met, with the records it rests on."""
    return Verdict("met", why, tuple(evidence))


def unmet(*why: str, evidence: Sequence[str] = (), fields: Sequence[str] = (), records: Sequence[str] = ()) -> Verdict:
    """Returns the verdict that a requirement is not met; `why` says what is missing and what would satisfy it."""
    return Verdict("unmet", why, tuple(evidence), None, tuple(fields), tuple(records))


def pending(*why: str, not_before: str, evidence: Sequence[str] = ()) -> Verdict:
    """Returns the verdict that only time is missing, until the day `not_before`."""
    return Verdict("pending", why, tuple(evidence), not_before)


@dataclass(frozen=True, slots=True)
class RequirementKind:
    """A kind of requirement: `use: PLUGIN/ID` in a definition.

    Attributes:
        id: small letters, digits, `_` and `-`.
        title: for people; a definition can give its own.
        help: a sentence for those who have to meet it.
        judge: `judge(facts, options) -> Verdict`. Pure: the same facts and options give the same verdict, whatever
            day it is and whatever was asked before. It reads no clock, no file and no network.
        options: the fields of `with:`, by id, written as the fields of a definition are written (`{type: integer}`).
        evidence: the id of one of the plugin's evidence kinds, of which records can be handed in for the requirement;
            None where it takes none.
    """

    id: str
    title: str
    judge: Callable[[Facts, Json], Verdict]
    help: str = ""
    options: Mapping[str, Json] = field(default_factory=dict)
    evidence: str | None = None
