"""Has a record examined by the plugin that its kind names, before the register is locked for it.

Nobody examines what will not be recorded: a record with mistakes, for a requirement that is not there, or from somebody
who may not hand one in, is refused without any plugin having seen it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.core.commands import AddEvidence
from engine.core.definition import Workflow
from engine.core.evidence import Examined
from engine.core.opinions import Source
from engine.core.outcome import Hearing, Refused
from engine.core.project import Project
from engine.core.rulings.evidence import add_evidence
from engine.core.rulings.opening import Mistakes, parsed
from engine.files import FileGiven
from engine.hosting.host import Host
from engine.room import Room
from engine.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Handed:
    """A record as it is handed in: values as typed, files with their bytes."""

    requirement: str
    level: str | None
    facts: Mapping[str, Any]
    happened_on: str | None
    files: Sequence[FileGiven]


@dataclass(frozen=True, slots=True)
class ToExamine:
    """What an examiner is asked to look at; `use` is PLUGIN/KIND."""

    use: str
    submission: Mapping[str, Any]
    contents: tuple[bytes, ...]

    def by(self, host: Host) -> Examined:
        """Returns what the examiner says; where it breaks down, that."""
        return host.examine(self.use, dict(self.submission), self.contents)


def to_examine(tx: Transaction, room: Room, project: str, actor: str | None, handed: Handed) -> ToExamine | None:
    """Returns what is to be examined of a record; None where nobody looks at its kind, or it will be refused anyway.

    Raises:
        NotFound: there is no such project.
        RulesRefused: the clock cannot be believed, so nothing would be recorded.
    """
    before, workflow = room.load(tx, project)
    asked = workflow.requirements.get(handed.requirement)
    kind = None if asked is None or asked.evidence is None else workflow.evidence[asked.evidence]
    if kind is None or kind.examiner is None:
        return None
    described = tuple(file.described() for file in handed.files)
    passed = Examined(kind.examiner, Source("", "", ""), "passed", ())
    trial = AddEvidence(
        "", handed.requirement, handed.facts, handed.level, described, handed.happened_on, False, passed
    )
    hearing = Hearing(workflow, room.actor(tx, actor, project, workflow), room.moment(tx, workflow))
    if isinstance(add_evidence(before, trial, hearing), Refused):
        return None
    mistakes: Mistakes = []
    facts = parsed(kind.fields, handed.facts, mistakes)
    defaults = {f.id: f.default for f in kind.fields.values() if f.default is not None}
    submission = _submission(before, workflow, handed, kind.id, {**defaults, **facts}, room)
    return ToExamine(kind.examiner, submission, tuple(file.content for file in handed.files))


def _submission(
    project: Project, workflow: Workflow, handed: Handed, kind: str, facts: Mapping[str, Any], room: Room
) -> dict[str, Any]:
    """Returns a submission as `engine.hookshapes.Submission` holds it; the contents of files go beside it."""
    return {
        "project": project.id,
        "requirement": handed.requirement,
        "kind": kind,
        "level": handed.level,
        "happened_on": handed.happened_on,
        "today": room.today(workflow).isoformat(),
        "fields": dict(project.fields),
        "facts": dict(facts),
        "files": [{"name": file.name, "sha256": file.sha256} for file in handed.files],
    }
