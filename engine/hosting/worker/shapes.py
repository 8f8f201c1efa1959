"""From the JSON of a question to the shapes that plugins are handed, and from what they bring to JSON."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import orjson

from engine.hookshapes import (
    Channel,
    Entry,
    EvidenceKind,
    Exporter,
    Facts,
    FileFact,
    Json,
    Notice,
    Observer,
    RecordFact,
    RequirementKind,
    Stage,
    Submission,
    SubmittedFile,
)

BROUGHT: dict[str, type] = {
    "cocycle_stages": Stage,
    "cocycle_evidence_kinds": EvidenceKind,
    "cocycle_requirement_kinds": RequirementKind,
    "cocycle_observers": Observer,
    "cocycle_channels": Channel,
    "cocycle_exporters": Exporter,
}
"""What each hook returns a list of; commands are told by name only."""


_MOST_KEPT = 20_000
_kept: dict[bytes, RecordFact] = {}
"""Records that were read before; nothing in them can be changed, and a plugin is asked of the same ones all day."""


def facts_from(question: dict[str, Any], records: Sequence[bytes]) -> Facts:
    """Returns the facts of a question as `engine.core.opinions.question_of` asks it, each record in JSON of its own."""
    return Facts(
        question["requirement"],
        question["today"],
        question["project"],
        question["stage"],
        question["cycle"],
        question["profile"],
        _frozen(question["fields"]),
        tuple(question["levels"]),
        tuple([_kept.get(record) or _record(record) for record in records]),
    )


def options_from(question: dict[str, Any]) -> Json:
    """Returns the options of a question, which nobody can change."""
    frozen: Json = _frozen(question["with"])
    return frozen


def _record(text: bytes) -> RecordFact:
    record = orjson.loads(text)
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    found = _kept[text] = RecordFact(
        record["id"],
        record["requirement"],
        record["kind"],
        record["own"],
        record["level"],
        record["happened_on"],
        record["recorded_on"],
        _frozen(record["facts"]),
        tuple([FileFact(sha256, size) for sha256, size in record["files"]]),
        tuple(record["signed_by"]),
        record["personal"],
    )
    return found


def _frozen(value: Any) -> Any:
    """Returns JSON that nobody can change: lists as tuples, objects as read-only mappings."""
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(inner) for key, inner in value.items()})
    return tuple([_frozen(inner) for inner in value]) if isinstance(value, list) else value


def submission_from(given: dict[str, Any], contents: Sequence[bytes]) -> Submission:
    """Returns a submission, with the bytes of each of its files."""
    files = [
        SubmittedFile(file["name"], file["sha256"], content)
        for file, content in zip(given["files"], contents, strict=True)
    ]
    return Submission(
        given["project"],
        given["requirement"],
        given["kind"],
        given["level"],
        given["happened_on"],
        given["today"],
        _frozen(given["fields"]),
        _frozen(given["facts"]),
        tuple(files),
    )


def entry_from(given: dict[str, Any]) -> Entry:
    """Returns an entry of the ledger."""
    return Entry(
        given["seq"],
        given["at"],
        given["by"],
        given["name"],
        given["project"],
        given["version"],
        _frozen(given["body"]),
        given["origin"],
    )


def notice_from(given: dict[str, Any]) -> Notice:
    """Returns a notice to a person."""
    return Notice(
        given["id"],
        given["kind"],
        given["person"],
        given["project"],
        given["due"],
        given["subject"],
        given["text"],
        given["link"],
        given["origin"],
    )


def described(hook: str, brought: Any) -> dict[str, Any]:
    """Returns what is said of one thing a plugin brings; the core checks every type."""
    if hook == "cocycle_stages":
        return {"id": brought.id, "title": brought.title, "text": brought.text}
    if hook == "cocycle_evidence_kinds":
        said = {"file": brought.file, "fields": _plain(brought.fields), "examined": brought.examine is not None}
    elif hook == "cocycle_requirement_kinds":
        said = {"help": brought.help, "options": _plain(brought.options), "evidence": brought.evidence}
    elif hook == "cocycle_observers":
        said = {"picky": brought.wants is not None}
    elif hook == "cocycle_channels":
        said = {}
    else:
        said = {"whole": brought.whole}
    return {"id": brought.id, "title": brought.title, **said}


def _plain(value: Any) -> Any:
    """Returns declared fields as JSON: any mapping as an object, any row as a list, a day as its ISO text."""
    if isinstance(value, dict | MappingProxyType):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime.date) else value
