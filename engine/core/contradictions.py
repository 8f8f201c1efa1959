"""What a record claims and its facts do not carry: shown to whoever is about to sign, and never a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.core.conditions import Scope, holds, reasons
from engine.core.definition import Contradiction, Workflow
from engine.core.evidence import Record


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


def contradictions(workflow: Workflow, record: Record, fields: Mapping[str, Any] | None = None) -> list[Claim]:
    """Returns what a record claims beyond its facts, in the order of the definition; `fields` are the project's.

    The level that stands is looked at: what an auditor judged down is no longer claimed. A fact that is absent, or was
    erased, carries nothing.
    """
    found = []
    for one in workflow.contradictions:
        if record.kind in one.evidence and _claims(workflow, one, record):
            scope = Scope(fields or {}, workflow.fields, record.facts, workflow.evidence[record.kind].fields)
            if not holds(one.unless, scope):
                found.append(Claim(one.id, one.title, one.says, " ".join(reasons(one.unless, scope))))
    return found


def _claims(workflow: Workflow, one: Contradiction, record: Record) -> bool:
    """True where a record is of those a contradiction is about: any, or those that claim at least its level."""
    if one.level is None:
        return True
    standing = record.standing_level
    return standing is not None and workflow.level_rank(standing) >= workflow.level_rank(one.level)
