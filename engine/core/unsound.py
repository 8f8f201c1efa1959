"""What it means for a project now that a gate it passed is no longer sound: nothing, a standstill, or the way back.

A gate says so itself, in `if_unsound`: *warns* shows it and no more; *freezes* lets nothing pass a gate while it lasts;
*reopens* puts the project back to the gate as soon as an act draws the loss, and until then it freezes. Only the newest
passing of a gate in the present cycle is weighed, and only while the project stands beyond it: once the project went
back to the gate, or behind it, the gate lies ahead and must be passed anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.core.calendar import Calendar, in_words
from engine.core.definition import Workflow
from engine.core.events import Event
from engine.core.evidence import Passing
from engine.core.project import Project
from engine.core.soundness import NOTHING, Weighed, weigh

WARNS, REOPENS = "warns", "reopens"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A passing that keeps a project from passing any gate, and what is wrong with it."""

    passing: Passing
    weighed: Weighed


def is_strict(workflow: Workflow) -> bool:
    """True where some gate freezes or reopens; where none does, no act has to judge passed gates again."""
    return any(gate.if_unsound != WARNS for gate in workflow.gates.values())


def in_force(workflow: Workflow, project: Project) -> list[Passing]:
    """Returns the passings that can freeze or reopen, in the order of the stages they left."""
    place = {name: n for n, name in enumerate(workflow.stages)}
    newest = {p.gate: p for p in project.passings if p.cycle == project.cycle}
    back = [  # where a gate led back
        p for p in project.passings if p.cycle == project.cycle and place[p.to] <= place[p.from_stage]
    ]

    def lies_ahead(passing: Passing) -> bool:
        stages = [*passing.returns, *(p.to for p in back if p.seq > passing.seq)]
        return any(place[stage] <= place[passing.from_stage] for stage in stages)

    found = [
        p
        for p in newest.values()
        if workflow.gates[p.gate].if_unsound != WARNS and not p.reopened and not lies_ahead(p)
    ]
    return sorted(found, key=lambda p: (place[p.from_stage], p.seq))


def frozen_by(
    workflow: Workflow, project: Project, today: date, calendar: Calendar, altered: frozenset[str] = NOTHING
) -> tuple[Frozen, ...]:
    """Returns the passings because of which nothing passes a gate now; none where no gate freezes or reopens."""
    if not project.passings or not is_strict(workflow):
        return ()
    found = (Frozen(p, weigh(workflow, project, p, today, calendar, altered)) for p in in_force(workflow, project))
    return tuple(one for one in found if not one.weighed.sound)


def reopening(workflow: Workflow, project: Project, today: date) -> Event | None:
    """Returns the event that puts a project back to the first gate that reopens and has lost something; None else."""
    if workflow.stages[project.stage].final:
        return None
    for passing in in_force(workflow, project):
        if workflow.gates[passing.gate].if_unsound == REOPENS and (passing.lost or passing.overdue):
            body = {
                "gate": passing.gate,
                "passing": passing.seq,
                "from": project.stage,
                "to": passing.from_stage,
                "today": today.isoformat(),
            }
            return Event("gate_reopened", project.id, body)
    return None


def in_sentences(workflow: Workflow, project: Project, frozen: tuple[Frozen, ...]) -> str:
    """Returns why nothing passes a gate now, and the ways out: putting it right, or going back."""
    words, freezing = [], []
    for one in frozen:
        gate, passing = workflow.gates[one.passing.gate], one.passing
        why = " ".join([*one.weighed.wrong, *one.weighed.lasting])
        words.append(
            f"{gate.title}, passed on {in_words(passing.on)} (entry {passing.seq}), is no longer sound,"
            f" and nothing passes a gate while that is so. {why}"
        )
        if gate.if_unsound == REOPENS and one.weighed.lost:
            stage = workflow.stages[passing.from_stage].title
            words.append(f"Whatever is done next puts the project back to {stage}; this gate is then passed again.")
        else:
            freezing.append(one)
    right = "Put it right" if any(one.weighed.wrong for one in freezing) else ""
    affirm = " and ".join(f"`decide --affirm {one.passing.seq}`" for one in freezing if one.weighed.lost)
    if affirm:
        right = f"{right} and have it affirmed ({affirm})" if right else f"Have it affirmed ({affirm})"
    back = [t for t in workflow.stages[project.stage].transitions if t.gate is None]
    ways = " or ".join(f"{t.id} (to {workflow.stages[t.to].title})" for t in back)
    if freezing:
        words.append(f"{right}, or take a way that no gate guards: {ways}." if back else f"{right}.")
    return " ".join(words)
