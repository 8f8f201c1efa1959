"""What is examined: a record with its files while it is handed in, and what an examiner finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from engine.hookshapes.plain import Json


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
        code: a stable id of at most 60 characters: a small letter, then small letters, digits and hyphens, like
            `empty-file`. It stands in the ledger in clear and for good, so it never says anything of what was handed
            in; anything else is no finding, and the examiner has failed.
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
