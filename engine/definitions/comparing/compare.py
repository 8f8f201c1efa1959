"""Compares two definitions by what they mean, and tells every difference in one sentence.

The order in which things are listed, comments, ids, and the version are how a definition is written; they are no
difference of meaning. What has another id and is otherwise the same is told as that and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.core.definition import Workflow
from engine.definitions.comparing.change import KINDS, Change, Changes
from engine.definitions.comparing.gates import compare_gates
from engine.definitions.comparing.renames import Renames, aligned
from engine.definitions.comparing.requirements import Sides
from engine.definitions.comparing.stages import compare_stages
from engine.definitions.comparing.words import compare_heading, compare_words

_NAMES = {
    "roles": "role",
    "principles": "principle",
    "fields": "field of the project",
    "evidence": "kind of evidence",
    "rules": "rule",
    "requirements": "requirement",
    "gates": "gate",
    "stages": "stage",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two definitions and what changed from the first to the second: asks more, less, otherwise, and the rest."""

    a: Workflow
    b: Workflow
    changes: tuple[Change, ...]

    @property
    def same(self) -> bool:
        """True where the two mean the same, whatever their digests are."""
        return not self.changes

    def as_json(self) -> dict[str, Any]:
        """Returns the comparison in the shape that `workflow diff --json` prints."""
        return {
            "same": self.same,
            "a": _called(self.a),
            "b": _called(self.b),
            "changes": [change.as_json() for change in self.changes],
        }


def _called(workflow: Workflow) -> dict[str, str]:
    return {
        "workflow": workflow.id,
        "version": workflow.version,
        "title": workflow.title,
        "definition": workflow.digest,
    }


def compare(a: Workflow, b: Workflow) -> Comparison:
    """Returns what is asked more, less and otherwise in `b` than in `a`, in the order of kinds and then of the file."""
    notes = Changes()
    renamed, names = aligned(a, b)
    sides = Sides(renamed, b, notes)
    compare_heading(sides)
    compare_stages(sides)
    compare_gates(sides)
    compare_words(sides)
    _renames(sides, names)
    found = sorted(dict.fromkeys(notes.found), key=lambda change: KINDS.index(change.kind))
    return Comparison(a, b, tuple(found))


def _renames(sides: Sides, names: Renames) -> None:
    titles: Mapping[str, Mapping[str, str]] = {
        "roles": sides.b.roles,
        "principles": sides.b.principles,
        "fields": {f.id: f.title for f in sides.b.fields.values()},
        "evidence": {k.id: k.title for k in sides.b.evidence.values()},
        "rules": {r.id: r.title for r in sides.b.rules.values()},
        "requirements": {r.id: r.title for r in sides.b.requirements.values()},
        "gates": {g.id: g.title for g in sides.b.gates.values()},
        "stages": {s.id: s.title for s in sides.b.stages.values()},
    }
    for name, ids in names.all():
        for was, now in ids.items():
            says = f"The {_NAMES[name]} “{titles[name][now]}” now has the id {now} (was {was})."
            sides.notes.add(f"{name}.{now}", "other", says, was, now)
