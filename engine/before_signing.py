"""The engine's reading for whoever is about to sign: the record whole, what the rules say, what it claims too much."""

from __future__ import annotations

from typing import Any

from engine.books import Books
from engine.core.bench import Bench
from engine.core.conditions import holds, reasons
from engine.core.definition import Requirement
from engine.core.errors import InputRefused
from engine.core.evidence import Record
from engine.core.gates import verdict_on
from engine.core.rulings.evidence import no_requirement
from engine.refusals import raise_refusal


class BeforeSigning(Books):
    """The reading a signatory should have had."""

    def to_sign(self, project: str, requirement: str) -> dict[str, Any]:
        """Returns what would be signed now: the record (null where there is none) and what can be said of it.

        Raises:
            NotFound: there is no such project, or its definition has no such requirement.
            InputRefused: nobody signs that requirement.
        """
        with self.database.read() as tx:
            found, workflow = self.room.load(tx, project)
            asked = workflow.requirements.get(requirement)
            if asked is None:
                raise_refusal(no_requirement(workflow, requirement), self.room.names(tx))
            if not asked.signed_by:
                raise InputRefused(f"{asked.title} asks for no signature.")
            today, calendar = self.room.today(workflow), self.room.calendar(workflow)
            bench = Bench(workflow, found, today, calendar, found.entered_order, found.cycle)
            record = next(iter(bench.records(asked)), None) if asked.type == "evidence" else None
            verdict = verdict_on(bench, asked)
            rules = [] if record is None else _rules(bench, asked, record)
        shown = None if record is None else self.evidence_show(record.id)
        return {
            "project": found.id,
            "version": found.version,
            "requirement": asked.id,
            "requirement_title": asked.title,
            "signed_by": list(asked.signed_by),
            "level_asked": asked.level,
            "state": verdict.state,
            "why": list(verdict.why),
            "record": shown,
            "rules": rules,
            "contradictions": [] if shown is None else shown["contradictions"],
        }


def _rules(bench: Bench, requirement: Requirement, record: Record) -> list[dict[str, Any]]:
    """Returns what each rule of the requirement says of the record."""
    scope, found = bench.scope(record), []
    for name in requirement.rules:
        rule = bench.workflow.rules[name]
        kept = holds(rule.condition, scope)
        why = [] if kept else [rule.otherwise, *reasons(rule.condition, scope)]
        found.append({"id": rule.id, "title": rule.title, "holds": kept, "why": why})
    return found
