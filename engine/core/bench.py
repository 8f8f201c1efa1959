"""What the judge has in front of it: a project, its definition, a day, a calendar, and the records by requirement."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from engine.core.calendar import Calendar
from engine.core.conditions import Scope
from engine.core.definition import Requirement, Workflow
from engine.core.evidence import Passing, Record, Signature, Waiver
from engine.core.profiles import profile_of
from engine.core.project import Project


@dataclass(slots=True)
class Bench:
    """What the judge has in front of it. Records are found by requirement once, so judging is linear in them.

    Where `quiet` is set, what holds is not put into words: an open gate is asked far more often than read. `altered`
    are the records whose stored files were found to be other bytes than were handed in. `passing` is the ledger index
    of the passing that is judged again, where the bench stands in the past.
    """

    workflow: Workflow
    project: Project
    today: date
    calendar: Calendar
    entered_order: int
    cycle: int
    quiet: bool = False
    altered: frozenset[str] = frozenset()
    passing: int | None = None
    profile: str | None = None
    _by_requirement: dict[str, list[Record]] = field(default_factory=dict)
    _withdrawn: dict[str, list[Record]] = field(default_factory=dict)
    _signatures: dict[str, list[Signature]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.profile = profile_of(self.workflow, self.project.fields)[0]
        for record in reversed(self.project.records.values()):
            kept = self._withdrawn if record.withdrawn else self._by_requirement
            kept.setdefault(record.requirement, []).append(record)
        for signature in self.project.signatures:
            self._signatures.setdefault(signature.requirement, []).append(signature)

    def records(self, requirement: Requirement) -> list[Record]:
        """Returns the records that can count for a requirement, newest first."""
        return [r for r in self._by_requirement.get(requirement.id, ()) if self._counts(requirement, r)]

    def withdrawn(self, requirement: Requirement) -> list[Record]:
        """Returns the records that could count for a requirement if they had not been withdrawn, newest first."""
        return [r for r in self._withdrawn.get(requirement.id, ()) if self._counts(requirement, r)]

    def standing(self) -> list[Record]:
        """Returns every record that counts for something, newest first: whole, and without a fault found in it."""
        asked = self.workflow.requirements
        found = [r for name, some in self._by_requirement.items() for r in some if self._counts(asked[name], r)]
        return sorted((r for r in found if r.counts), key=lambda r: r.order, reverse=True)

    def _counts(self, requirement: Requirement, record: Record) -> bool:
        return record.cycle <= self.cycle if requirement.carries_over else record.cycle == self.cycle

    def passed(self) -> Passing | None:
        """Returns the passing that is judged again; None where the bench stands before a gate."""
        return next((p for p in self.project.passings if p.seq == self.passing), None)

    def signatures(self, requirement: Requirement, record: Record | None) -> dict[str, Signature]:
        """Returns the signatures that count, by role: bound to this record, or to none in this cycle."""
        found: dict[str, Signature] = {}
        for s in self._signatures.get(requirement.id, ()):
            bound = s.cycle == self.cycle if record is None else s.evidence == record.id and s.binds == record.digest
            if not s.lapsed and bound and s.role in requirement.signed_by:
                found[s.role] = s
        return found

    def lapsed(self, requirement: Requirement) -> list[Signature]:
        """Returns the signatures of this cycle that no longer count."""
        return [s for s in self._signatures.get(requirement.id, ()) if s.lapsed and s.cycle == self.cycle]

    def scope(self, record: Record | None = None) -> Scope:
        """Returns what a condition can see, with the fields of a record or without."""
        if record is None:
            return Scope(self.project.fields, self.workflow.fields)
        kind = self.workflow.evidence[record.kind]
        erased = frozenset(record.erased)
        return Scope(self.project.fields, self.workflow.fields, record.facts, kind.fields, erased)

    def stood(self, record: Record) -> bool | None:
        """Returns whether an erased record did what the rules ask at the gate that is judged again.

        None where it counts for nothing: at a gate that is still to be passed, or that was passed after the erasure.
        """
        return None if self.passing is None else dict(record.stood).get(self.passing)

    def waiver(self, requirement: Requirement) -> Waiver | None:
        """Returns the waiver in force, the newest; none is ever in force on a requirement of law."""
        if not self.project.waivers or is_law(self.workflow, requirement):
            return None
        for w in reversed(self.project.waivers):
            if w.requirement == requirement.id and w.cycle == self.cycle and self.today.isoformat() <= w.until:
                return w
        return None


def is_law(workflow: Workflow, requirement: Requirement) -> bool:
    """True for a requirement that cannot be waived: one of law, a group that contains one, or a way round one.

    A part of a group of law is a way round it, and so is an alternative to a requirement of law; the other parts of
    an `all_of` are not, since the requirement of law is asked for beside them.
    """
    if requirement.holds_law:
        return True
    around = workflow.gates[workflow.gate_of[requirement.id]].all_requirements()
    return any(
        outer.law or (outer.type != "all_of" and outer.holds_law)
        for outer in around
        if any(inner is requirement for inner in outer.family())
    )
