"""What people hand in and put their names to: records, signatures, waivers, decisions, passings of a gate."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.core.opinions import Source


def digest_of(value: Any) -> str:
    """Returns the SHA-256 (hex) of a JSON value in its canonical form.

    Only for values with ASCII member names, integers and strings, where this equals RFC 8785.
    """
    return hashlib.sha256(_canonical(value).encode()).hexdigest()


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class File:
    """A file of a record.

    Attributes:
        sha256: the SHA-256 of its bytes, hexadecimal; None once it was erased from a personal record.
        size: in bytes, as it was handed in.
        name: None once it was erased.
        sealed: the SHA-256 of the sealed bytes that are kept of a file of a personal record; None of any other, which
            is kept as it is, under `sha256`.
    """

    sha256: str | None
    size: int
    name: str | None
    sealed: str | None = None


@dataclass(slots=True)
class Examined:
    """What the examiner of a kind of evidence said of a record while it was handed in.

    Attributes:
        use: who examined, as PLUGIN/KIND.
        source: the plugin, its version and its digest.
        state: passed, faulty, or failed where the examiner itself failed.
        found: (code, fault or note, the words; None once erased) each.
    """

    use: str
    source: Source
    state: str
    found: tuple[tuple[str, str, str | None], ...]


@dataclass(slots=True)
class Record:
    """One submission of evidence for one requirement.

    Attributes:
        level: the level of participation claimed; None where none was claimed.
        judged: the level an auditor judged it down to; None where nobody did.
        facts: the values of its fields by id; counts are mappings, money pence, dates ISO text, erased words absent.
        by: who submitted it.
        recorded_on: the day it was recorded, in the workflow's time zone, ISO.
        happened_on: the day it happened, as the submitter says, ISO; never later than `recorded_on`.
        digest: the hash of the ledger leaf that recorded it (hex); what a signature under it is bound to.
        order: the project's version when it was recorded; orders it against entering a stage.
        cycle: the cycle of the project it was recorded in.
        erased: the ids of fields whose words were erased.
        erased_by: the ledger index of the event by which the record was erased; None while it was not.
        erased_on: the day of that, ISO.
        examined: what the examiner of its kind said; None where nobody looks at its kind.
        stood: for each passing of its gate there was by then, by its ledger index, whether the record did what the
            rules ask when its words were erased; nobody can work that out any more.
    """

    id: str
    requirement: str
    kind: str
    level: str | None
    judged: str | None
    facts: Mapping[str, Any]
    files: tuple[File, ...]
    by: str
    recorded_at: str
    recorded_on: str
    happened_on: str
    digest: str
    order: int
    cycle: int
    personal: bool
    withdrawn: bool
    erased: tuple[str, ...]
    erased_by: int | None = None
    erased_on: str | None = None
    stood: tuple[tuple[int, bool], ...] = ()
    examined: Examined | None = None

    @property
    def counts(self) -> bool:
        """False once its words were erased, and where an examiner found a fault or broke down; rules aside."""
        return self.erased_by is None and (self.examined is None or self.examined.state == "passed")

    @property
    def standing_level(self) -> str | None:
        """The level that counts: judged where an auditor judged, else claimed."""
        return self.judged or self.level


@dataclass(slots=True)
class Signature:
    """A person's name under a record, or under a requirement that has none.

    `binds` is the digest of what was signed. `lapsed` says why it no longer counts; empty while it does.
    """

    id: str
    requirement: str
    role: str
    by: str
    evidence: str | None
    binds: str
    at: str
    cycle: int
    lapsed: str


@dataclass(slots=True)
class Waiver:
    """A requirement let be until a day (inclusive, ISO), by two people; counts in the cycle it was given in."""

    id: str
    requirement: str
    until: str
    reason: str | None
    by: str
    second: str
    at: str
    cycle: int


@dataclass(slots=True)
class Decision:
    """One person's decision to pass a gate, or their dissent; `binds` is the digest of the answer they decided on."""

    id: str
    gate: str
    role: str
    by: str
    binds: str
    at: str
    dissent: bool
    words: str | None


@dataclass(slots=True)
class Condition:
    """Something that must be done after a gate was passed with conditions; `due` is ISO.

    `met_on` is the day somebody accepted it as done, ISO, `met_by` who that was, and `met_how` their words; None while
    it is still to be met.
    """

    text: str | None
    owner: str
    due: str
    met_on: str | None = None
    met_by: str | None = None
    met_how: str | None = None


@dataclass(slots=True)
class Passing:
    """One move through a guarded transition, with what it rested on.

    Attributes:
        seq: its place in the ledger.
        verdicts: the state and the evidence of each requirement by its id: `[state, [evidence ids]]`.
        entered_order: the project's version when the stage that was left had been entered, so that the gate can be
            judged again as it was asked then.
        fields: the project's fields as they were then; changing them later leaves a passed gate alone.
        lost: the requirements it rested on that were lost since; what is handed in later does not bring them back.
        overdue: the conditions, by their place from 0, that were found not met when they were due. Being met late does
            not take them out; affirming does.
        returns: the stages that the project went back to since, over ways that no gate guards.
        reopened: True once the project was put back to this gate because of what was lost; it counts no more then.
        erased_fields: the fields of the project whose value then was erased since; what hangs on them nobody can judge.
        opinions: what plugins said of its requirements, by requirement, as the event holds it.
        affirmations: the names put to its being sound again, since it was last found unsound.
    """

    gate: str
    seq: int
    at: str
    on: str
    outcome: str
    from_stage: str
    to: str
    by: str
    cycle: int
    entered_order: int
    fields: Mapping[str, Any]
    lost: tuple[str, ...]
    overdue: tuple[int, ...]
    returns: tuple[str, ...]
    reopened: bool
    erased_fields: tuple[str, ...]
    verdicts: Mapping[str, Any]
    opinions: Mapping[str, Any]
    decisions: tuple[Decision, ...]
    conditions: tuple[Condition, ...]
    affirmations: tuple[Decision, ...]
