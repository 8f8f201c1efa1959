"""What a record claims and its facts do not carry: shown to whoever is about to sign, and never a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.core.conditions import Scope, holds, reasons
from engine.core.definition import Contradiction, Workflow
from engine.core.evidence import Record
from engine.core.project import Project

SAME_FILE: Final = "file/same"
"""The id of the one claim that no definition has to declare; no declared id has a slash."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that the facts of a record do not carry. `says` is the definition's text, `why` what the facts say."""

    id: str
    title: str
    says: str
    why: str

    def as_json(self) -> dict[str, str]:
        """Returns it as JSON values."""
        return {"id": self.id, "title": self.title, "says": self.says, "why": self.why}

    def in_a_sentence(self) -> str:
        """Returns it as a warning beside the reasons of a requirement."""
        return f"To look at before signing: {self.title}. {self.says} ({self.why.rstrip('.')}.)"


FileUses = Mapping[tuple[int, str], list[Record]]
"""The records of a project that bring a file, by cycle and digest, oldest first."""


def file_uses(project: Project) -> FileUses:
    """Returns which standing records bring which file; made once for many records, it is linear in them."""
    found: dict[tuple[int, str], list[Record]] = {}
    for record in project.records.values():
        stands = not record.withdrawn and record.erased_by is None
        for sha256 in {f.sha256 for f in record.files if f.sha256 is not None} if stands else ():
            found.setdefault((record.cycle, sha256), []).append(record)
    return found


def contradictions(
    workflow: Workflow, record: Record, project: Project | None = None, uses: FileUses | None = None
) -> list[Claim]:
    """Returns what a record claims beyond its facts, in the order of the definition.

    The level that stands is looked at: what an auditor judged down is no longer claimed. A fact that is absent, or was
    erased, carries nothing; of a record that was erased itself nothing is said, for nobody signs it any more. And a
    file that was handed in before, for something else, may not show both.
    """
    if record.erased_by is not None:
        return []
    found = []
    fields = {} if project is None else project.fields
    erased = frozenset(record.erased)
    for one in workflow.contradictions:
        if record.kind in one.evidence and _claims(workflow, one, record):
            scope = Scope(fields, workflow.fields, record.facts, workflow.evidence[record.kind].fields, erased)
            if not holds(one.unless, scope):
                found.append(Claim(one.id, one.title, one.says, " ".join(reasons(one.unless, scope))))
    if project is not None and record.files and not record.withdrawn:
        found += _same_file(workflow, record, file_uses(project) if uses is None else uses)
    return found


def _same_file(workflow: Workflow, record: Record, uses: FileUses) -> list[Claim]:
    """Returns the claim that a file shows this, where it was handed in for another requirement before."""
    brought = sorted({f.sha256 for f in record.files if f.sha256 is not None})
    users = [other for sha256 in brought for other in uses[(record.cycle, sha256)]]
    before = {o.requirement: None for o in users if o.order < record.order and o.requirement != record.requirement}
    if not before:
        return []
    titles = " and ".join(f"“{workflow.requirements[name].title}”" for name in before)
    says = "A file of this record was handed in before, for something else. Make sure that it shows this, too."
    return [Claim(SAME_FILE, "The same file", says, f"It was handed in for {titles}")]


def _claims(workflow: Workflow, one: Contradiction, record: Record) -> bool:
    """True where a record is of those a contradiction is about: any, or those that claim at least its level."""
    if one.level is None:
        return True
    standing = record.standing_level
    return standing is not None and workflow.level_rank(standing) >= workflow.level_rank(one.level)
