"""A project, and `evolve`: how each event changes it. The stored state is this fold of the ledger and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, field
from dataclasses import fields as dataclass_fields
from functools import reduce
from operator import attrgetter
from typing import Any

from engine.core.changes import CHANGES, erased_fields, word, words_of
from engine.core.events import Entry
from engine.core.evidence import Decision, Passing, Record, Signature, Waiver


@dataclass(slots=True)
class Project:
    """What stands in a project after its last event.

    Attributes:
        definition: the digest of the definition it is pinned to.
        entered_on: the day the stage was entered, ISO; `entered_order` is the version at that moment.
        hold: why and since when it is on hold; None while it is not.
        fields: the project's own values by field id; erased or unset ones are absent.
        erased_fields: those whose value was erased and not set anew since, in order of their ids.
        records, signatures, waivers: everything ever handed in, oldest first, all cycles.
        decisions: those that stand for the gate of this stage.
        passings: each move through a gate, oldest first.
        version: the number of its events; what a write compares and sets.
    """

    id: str
    workflow: str
    definition: str
    title: str | None
    cycle: int
    stage: str
    entered_at: str
    entered_on: str
    entered_order: int
    version: int
    hold: tuple[str, str | None] | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    erased_fields: list[str] = field(default_factory=list)
    records: dict[str, Record] = field(default_factory=dict)
    signatures: list[Signature] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    passings: list[Passing] = field(default_factory=list)

    def records_for(self, requirement: str, *, any_cycle: bool = False) -> list[Record]:
        """Returns the records of a requirement that are not withdrawn, newest first, of this cycle or of any."""
        return [
            r
            for r in reversed(self.records.values())
            if r.requirement == requirement and not r.withdrawn and (any_cycle or r.cycle == self.cycle)
        ]


def evolve(project: Project | None, entry: Entry) -> Project:
    """Returns the project as it is after `entry`; the one handed in is left as it was."""
    if project is None:
        return _opened(entry)
    after = Project(*_plain(project))
    after.hold = project.hold
    after.fields, after.records = dict(project.fields), dict(project.records)
    after.erased_fields = list(project.erased_fields)
    after.signatures, after.waivers = list(project.signatures), list(project.waivers)
    after.decisions, after.passings = list(project.decisions), list(project.passings)
    _apply(after, entry)
    return after


_plain = attrgetter(
    *(f.name for f in dataclass_fields(Project) if f.default is MISSING and f.default_factory is MISSING)
)


def replay(entries: Iterable[Entry]) -> Project | None:
    """Returns the project its entries make, oldest first; None where there is none. Linear in the history."""
    return reduce(taken_on, entries, None)


def taken_on(project: Project | None, entry: Entry) -> Project:
    """Returns the project as it is after `entry`, like `evolve`, but changes the one handed in."""
    if project is None:
        return _opened(entry)
    _apply(project, entry)
    return project


def _apply(project: Project, entry: Entry) -> None:
    CHANGES[entry.event.name](project, entry)
    project.version = entry.version


def _opened(entry: Entry) -> Project:
    body = entry.event.body
    return Project(
        id=str(entry.event.project),
        workflow=body["workflow"],
        definition=body["definition"],
        title=word(entry, "title"),
        cycle=1,
        stage=body["stage"],
        entered_at=entry.at,
        entered_on=body["today"],
        entered_order=entry.version,
        version=entry.version,
        fields={**body["fields"], **words_of(entry, "field.")},
        erased_fields=sorted(erased_fields(entry)),
    )
