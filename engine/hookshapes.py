"""What plugin authors write with: the shapes that hooks return, and the shapes that their functions are handed.

Everything here is plain and frozen. What a plugin is handed was recorded already, and what it answers is a value: it
gets no register, no key and no way to change anything. Days are ISO text (`2026-11-22`), money is whole pence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Json = Mapping[str, Any]


# ------------------------------------------------------------------ what is judged


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


# ------------------------------------------------------------------ what is examined


@dataclass(frozen=True, slots=True)
class SubmittedFile:
    """A file that is being handed in, with its bytes.

    Attributes:
        name: as it was handed in, without a folder.
        sha256: the SHA-256 (hex) of its bytes.
        content: its bytes.
    """

    name: str
    sha256: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Submission:
    """A record that is being handed in. It is not recorded yet.

    Attributes:
        project: the id of the project.
        requirement: the id of what it is handed in for.
        kind: its kind of evidence, by the id it has in the definition.
        level: the level of participation that is claimed; None for none.
        happened_on: the day it happened; None where nobody said.
        today: the day it is handed in.
        fields: the project's own values by id; what is unset is absent.
        facts: the values of its own fields by id, defaults filled in.
        files: its files.
    """

    project: str
    requirement: str
    kind: str
    level: str | None
    happened_on: str | None
    today: str
    fields: Json
    facts: Json
    files: tuple[SubmittedFile, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an examiner found.

    Attributes:
        code: a stable id, in lower case with hyphens; it stands in the ledger in clear.
        says: a sentence for people; it can be erased, since it may quote what was handed in.
        severity: a `fault` keeps the record from counting; a `note` does not.
    """

    code: str
    says: str
    severity: Literal["fault", "note"] = "fault"


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """A kind of evidence: `{use: PLUGIN/ID}` in the `evidence` of a definition, or brought in by a stage.

    Attributes:
        id: small letters, digits, `_` and `-`.
        title: for people; a definition can give its own.
        file: whether a file goes with it.
        fields: its fields by id, written as in a definition.
        examine: looks at a record while it is handed in, and may take its time; None where nobody looks.
    """

    id: str
    title: str
    file: Literal["required", "optional", "none"] = "optional"
    fields: Mapping[str, Json] = field(default_factory=dict)
    examine: Callable[[Submission], Sequence[Finding]] | None = None


# ------------------------------------------------------------------ stages


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage to be placed with `use: PLUGIN/ID`.

    Attributes:
        id: small letters, digits, `_` and `-`.
        title: for people who look at what the plugin brings.
        text: the stage in the definition language.

    `text` is YAML in the definition language: a mapping of `stage`, and of any of `gate`, `roles`, `evidence`,
    `rules`. `gate` (with an `id`) guards the advance of the stage. What the definition has already is not brought in
    a second time.
    """

    id: str
    title: str
    text: str


# ------------------------------------------------------------------ what comes out


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger as an observer sees it: what stands in the ledger in clear, and no words of people.

    Attributes:
        seq: its place in the ledger, from 0.
        at: the moment it was recorded, RFC 3339 in UTC.
        by: the id of the person who acted.
        name: what happened, like `evidence_added`; see docs/events.md.
        project: the id of the project; None where it belongs to none.
        version: the version of the project after it.
        body: what happened, member by member; see docs/events.md.
        origin: the name of the register.
    """

    seq: int
    at: str
    by: str
    name: str
    project: str | None
    version: int
    body: Json
    origin: str


@dataclass(frozen=True, slots=True)
class Observer:
    """Is told of every entry after it is recorded, at least once, in order as long as nothing fails.

    Attributes:
        id: small letters, digits, `_` and `-`.
        title: for the operator.
        observe: `observe(entry, settings)`; returns a short line for the delivery log. What it raises is logged, and it
            is tried again later, `DeliveryFailed` with the delay it names.
        wants: `wants(entry) -> bool`; False for what is of no concern. All where None.
    """

    id: str
    title: str
    observe: Callable[[Entry, Mapping[str, str]], str]
    wants: Callable[[Entry], bool] | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that one person is told: a digest of their deadlines, or what concerns them at a gate.

    Its words are those of the e-mail, so they hold what people typed: titles, and the names of people.

    Attributes:
        id: the same at every try; a receiver that keeps it knows what it has had.
        kind: digest, refused, unsound or decide.
        person: the id of the person; their e-mail address is not told.
        project: the id of the project; None where it is about several.
        due: the nearest day in a digest; None in other notices.
        subject: in one line.
        text: all of it, as plain text.
        link: where the person can go on; None where no address of pages is set.
        origin: the name of the register.
    """

    id: str
    kind: str
    person: str
    project: str | None
    due: str | None
    subject: str
    text: str
    link: str | None
    origin: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A way on which people are told beside e-mail: each notice to each person, at least once.

    Attributes:
        id: small letters, digits, `_` and `-`.
        title: for the operator.
        deliver: `deliver(notice, settings)`; returns a short line for the list of notices, an empty one where it sends
            nothing. What it raises is logged, and it is tried again later, `DeliveryFailed` with the delay it names.
    """

    id: str
    title: str
    deliver: Callable[[Notice, Mapping[str, str]], str]


class DeliveryFailed(Exception):  # noqa: N818  # named after what happened
    """What was to be delivered was not. `final` where trying again is of no use; else not before `after` seconds."""

    def __init__(self, message: str, *, final: bool = False, after: float = 0.0) -> None:
        super().__init__(message)
        self.final = final
        self.after = after


class CannotExport(DeliveryFailed):
    """An exporter cannot make its files. The message says what is missing and what to do; people read it as it is."""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file that an exporter made.

    Attributes:
        name: of the file, without a folder.
        media_type: like `text/csv`.
        content: its bytes.
    """

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Exporter:
    """Makes files of what the register can show.

    Attributes:
        id: small letters, digits, `_` and `-`.
        title: for people who choose among exporters.
        export: `export(what, settings) -> files`. `what` is the document described in docs/exports.md: `register`,
            `today`, and `projects`, each as `project show` gives it with `evidence`, `gates_ahead`, `deadlines` and
            `history`.
        whole: True where it makes sense of many projects at once; False where it wants exactly one.
    """

    id: str
    title: str
    export: Callable[[Json, Mapping[str, str]], Sequence[ExportedFile]]
    whole: bool = True
