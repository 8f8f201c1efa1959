"""Kinds of evidence and of requirements as plugins bring them: whether they are written as the language asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.core.definition import Field
from engine.definitions.brought import Absent, Brings, EvidenceKindBrought, RequirementKindBrought
from engine.definitions.fields import declared_field
from engine.definitions.report import Report, quoted
from engine.definitions.shape import check_shape
from engine.definitions.tree import Node, node_of


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why something that a plugin brings cannot be used, as a sentence, under the rule it is told by."""

    rule: str
    says: str
    known: tuple[str, ...] = ()


def evidence_kind(brings: Brings, use: str) -> EvidenceKindBrought | Unusable:
    """Returns a kind of evidence whose fields can be declared, or why there is none."""
    found = brings.evidence_kind(use)
    if isinstance(found, Absent):
        return Unusable("plugin/absent", found.why, found.known)
    said = {"title": found.title, "file": found.file, "fields": dict(found.fields)}
    return _wrong(use, said, of_record=True) or found


def requirement_kind(brings: Brings, use: str) -> tuple[RequirementKindBrought, dict[str, Field]] | Unusable:
    """Returns a kind of requirement with its options as fields, or why there is none."""
    found = brings.requirement_kind(use)
    if isinstance(found, Absent):
        return Unusable("plugin/absent", found.why, found.known)
    said = {"title": found.title, "fields": dict(found.options)}
    if wrong := _wrong(use, said, of_record=False):
        return wrong
    declared = declared_in(node_of(said["fields"]), Report(), of_record=False)
    return found, {name: field for name, field in declared.items() if field is not None}


def declared_in(fields: Node, report: Report, *, of_record: bool) -> dict[str, Field | None]:
    """Returns the fields that a mapping declares; reports what is wrong with them."""
    return {name: declared_field(name, child, report, of_record=of_record) for name, child in fields.items()}


def _wrong(use: str, said: Mapping[str, Any], *, of_record: bool) -> Unusable | None:
    """Returns the first mistake of a kind, as of a definition that would declare it; None where it has none."""
    report = Report()
    stages = [{"id": "only", "final": True}]
    whole = {"cocycle": 1, "id": "x", "version": "1", "title": "x", "stages": stages, "evidence": {"kind": said}}
    root = node_of(whole)
    check_shape(root, report)
    fields = root.value["evidence"].value["kind"].get("fields")
    if not report.refused and fields is not None:
        declared_in(fields, report, of_record=of_record)
        if of_record and fields.has("project"):
            report.mistake("name/reserved", fields.value["project"], "A field cannot be called project.")
    problems = report.problems()
    if not problems:
        return None
    first = problems[0]
    place = first.path.removeprefix("evidence.kind").removeprefix(".")
    at = f", at {place}" if place else ""
    plugin = use.partition("/")[0]
    why = f"{quoted(use)} cannot be used: the plugin {plugin} wrote it wrongly{at}: {first.message}"
    return Unusable("plugin/brought", f"{why} Whoever looks after the plugin can mend it.")
