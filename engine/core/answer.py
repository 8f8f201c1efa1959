"""The answer of a gate: open or not, every requirement with why and what it needs, and the acts that would open it.

"Can I?", "why not?", the certificate and the audit are this one answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.core.acts import DECIDE
from engine.core.answered import Act, Answer
from engine.core.bench import Bench
from engine.core.calendar import Calendar
from engine.core.definition import Gate, Transition, Workflow
from engine.core.evidence import Decision
from engine.core.explaining import Explainer
from engine.core.gates import Judgement, judge_from
from engine.core.project import Project
from engine.core.set_right import as_decided, while_frozen
from engine.core.soundness import NOTHING
from engine.core.unsound import frozen_by

__all__ = ["Act", "Answer", "answer", "standing", "undecided"]


def standing(project: Project, judgement: Judgement) -> tuple[Decision, ...]:
    """Returns the decisions that were made on this very judgement."""
    return tuple(d for d in project.decisions if d.gate == judgement.gate.id and d.binds == judgement.binds)


def undecided(gate: Gate, decisions: Iterable[Decision]) -> tuple[str, ...]:
    """Returns the roles still to decide; one whose dissent blocks is among them."""
    counted = {d.role for d in decisions if not d.dissent or gate.dissent == "recorded"}
    return tuple(role for role in gate.decided_by if role not in counted)


def answer(
    workflow: Workflow,
    project: Project,
    transition: Transition | None,
    today: date,
    calendar: Calendar,
    altered: frozenset[str] = NOTHING,
) -> Answer:
    """Returns the complete answer for a way out of the project's stage on the day `today`.

    `altered` are the records whose stored files were found to be other bytes than were handed in.
    """
    if transition is None or transition.gate is None:
        return as_decided(Answer(workflow, project, transition, today, None, (), (), True, (), {}, today))
    found = _answer(workflow, project, transition, today, calendar, altered)
    frozen = frozen_by(workflow, project, today, calendar, altered)
    return as_decided(while_frozen(found, frozen, calendar, altered) if frozen else found)


def _answer(
    workflow: Workflow,
    project: Project,
    transition: Transition,
    today: date,
    calendar: Calendar,
    altered: frozenset[str],
) -> Answer:
    gate = workflow.gates[str(transition.gate)]
    bench = Bench(workflow, project, today, calendar, project.entered_order, project.cycle, altered=altered)
    judgement = judge_from(bench, gate)
    decisions = standing(project, judgement) if judgement.holds else ()
    waiting = undecided(gate, decisions)
    if judgement.holds and not waiting:
        return Answer(workflow, project, transition, today, judgement, decisions, (), True, (), {}, today)
    explain = Explainer(bench, judgement)
    way = explain.way()
    acts: tuple[Act, ...] = ()
    if way is not None:
        acts = explain.acts([*way.keys, *((DECIDE, "", role) for role in waiting)])
    needs = {name: explain.needs(verdict) for name, verdict in explain.now.items()}
    days = [a.not_before for a in acts if a.not_before is not None]
    earliest = max(days, default=today) if way is not None else None
    return Answer(workflow, project, transition, today, judgement, decisions, waiting, False, acts, needs, earliest)
