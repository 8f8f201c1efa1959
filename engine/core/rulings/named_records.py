"""Whether the records that a record names, as the input it answers, are there and can be answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from engine.core.definition import EvidenceKind, Requirement
from engine.core.evidence import Record
from engine.core.project import Project
from engine.core.rulings.opening import Mistakes


def check_named(
    project: Project, requirement: Requirement, kind: EvidenceKind, facts: Mapping[str, Any], mistakes: Mistakes
) -> None:
    """Adds a mistake for each id that names no evidence of this project, or evidence that cannot be answered."""
    for field in kind.fields.values():
        if field.type == "records":
            mistakes += [(field.id, f"{field.title}: {w}") for w in _wrong(project, requirement, facts.get(field.id))]


def _wrong(project: Project, requirement: Requirement, named: list[str] | None) -> Iterator[str]:
    for name in named or ():
        record = project.records.get(name)
        if record is None:
            near = get_close_matches(name, project.records, n=1)
            hint = f"Did you mean {near[0]}?" if near else "cocycle evidence list shows what there is."
            yield f"this project has no evidence {name}. {hint}"
        elif record.withdrawn:
            yield f"the evidence {name} was withdrawn; name evidence that stands."
        elif record.erased_by is not None:
            yield f"the words of the evidence {name} were erased; name evidence that stands."
        elif record.requirement == requirement.id:
            yield f"the evidence {name} was handed in for this very requirement; name the input from others."


def answers_of(kind: EvidenceKind, record: Record) -> list[str]:
    """Returns the ids of the records that a record answers, in the order given, each once."""
    named = (record.facts.get(f.id) or () for f in kind.fields.values() if f.type == "records")
    return list(dict.fromkeys(name for names in named for name in names))
