"""What is told at once, drawn from an act in its own transaction: a refused gate, a gate no longer sound, a decision.

    decide -> events -> the project after them -> here: who is to be told of that -> the box

No plugin is asked here, since nobody may wait for a plugin while the register is locked. Where a gate asks one, and
everything else of it holds, a *look* is put into the box instead: the next sweep looks at the gate with its plugins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from engine.clock import day_in
from engine.core.answer import standing, undecided
from engine.core.answered import Answer
from engine.core.bench import Bench
from engine.core.calendar import Calendar
from engine.core.definition import Gate, Requirement, Workflow
from engine.core.events import Entry
from engine.core.gates import HOLDS, Judgement, judge_from, verdict_on
from engine.core.project import Project
from engine.core.unsound import frozen_by
from engine.notices.box import topics
from engine.notices.people import holders, is_active, somebody
from engine.notices.wanted import DECIDE, LOOK, NOTICE, REFUSED, UNSOUND, NoticeWanted
from engine.room import Room
from engine.store import outbox
from engine.store.database import Transaction
from engine.store.outbox import WAITING

CHANGES_NO_VERDICT = frozenset({"held", "decided", "words_erased", "gate_unsound"})
"""Events after which no gate can hold that did not hold before."""


def notices_of(
    tx: Transaction, room: Room, entries: Sequence[Entry], project: Project, workflow: Workflow
) -> list[NoticeWanted]:
    """Returns what people are to be told at once because of an act.

    Args:
        entries: what the act recorded in the project.
        project: how it stands after them.
    """
    found = [n for e in entries if e.event.name == "gate_unsound" for n in _unsound(tx, e, project, workflow)]
    if any(e.event.name not in CHANGES_NO_VERDICT for e in entries):
        today = day_in(workflow.time_zone, entries[-1].at)
        found += _decisions(tx, project, workflow, today, room.calendar(workflow))
    return found


def notices_of_refusal(
    tx: Transaction, project: Project, workflow: Workflow, answer: Answer, roles: Iterable[str], by: str, today: date
) -> list[NoticeWanted]:
    """Returns what people are to be told because a gate was found shut: those who can supply what is missing.

    Each is told once a day a gate. Who tried is not: they have the whole answer in front of them.

    Args:
        roles: those that can do something now.
        by: the id of who tried.
    """
    if answer.judgement is None or answer.transition is None:
        return []
    gate = answer.judgement.gate.id
    about = {"gate": gate, "act": answer.transition.id, "by": by, "day": today.isoformat()}
    occurrence = f"{project.id}/{gate}/{today.isoformat()}"
    told = somebody(tx, roles, project.id)
    return [NoticeWanted(person, project.id, REFUSED, occurrence, about) for person in told if person != by]


def decisions_waiting(
    tx: Transaction, project: Project, workflow: Workflow, today: date, calendar: Calendar, gate: Gate
) -> list[NoticeWanted]:
    """Returns who is to be told that a gate waits for nothing but their decision; plugins are asked as any judge does.

    Nobody is told twice of the same state of things, and nobody twice a day of the same gate.
    """
    bench = Bench(workflow, project, today, calendar, project.entered_order, project.cycle, quiet=True)
    judgement = judge_from(bench, gate)
    if project.hold is not None or not judgement.holds or frozen_by(workflow, project, today, calendar):
        return []
    return _asked_to_decide(tx, project, judgement, today)


def gates_ahead(project: Project, workflow: Workflow) -> list[Gate]:
    """Returns the gates on the ways out of a project's stage, each once."""
    ways = workflow.stages[project.stage].transitions
    return [workflow.gates[name] for name in dict.fromkeys(t.gate for t in ways if t.gate is not None)]


def _decisions(
    tx: Transaction, project: Project, workflow: Workflow, today: date, calendar: Calendar
) -> list[NoticeWanted]:
    found: list[NoticeWanted] = []
    if project.hold is not None:
        return found
    bench = Bench(workflow, project, today, calendar, project.entered_order, project.cycle, quiet=True)
    for gate in gates_ahead(project, workflow):
        plain = [r for r in gate.requires if not _asks_plugin(r)]
        # most of the time the first that is missing settles it
        if not all(verdict_on(bench, requirement).state in HOLDS for requirement in plain):
            continue
        if any(_asks_plugin(r) for r in workflow.requirements.values()):
            about = {"gate": gate.id, "version": project.version}
            found.append(NoticeWanted("", project.id, LOOK, f"{project.id}/{gate.id}/{project.version}", about))
        else:
            found += decisions_waiting(tx, project, workflow, today, calendar, gate)
    return found


def _asked_to_decide(tx: Transaction, project: Project, judgement: Judgement, today: date) -> list[NoticeWanted]:
    gate, binds = judgement.gate, judgement.binds[:16]
    decisions = standing(project, judgement)
    done = {d.by for d in decisions}
    found = []
    for role in undecided(gate, decisions):
        for person in somebody(tx, [role], project.id):
            about = {"gate": gate.id, "binds": binds, "day": today.isoformat()}
            wanted = NoticeWanted(person, project.id, DECIDE, f"{project.id}/{gate.id}/{binds}", about)
            if person not in done and not _told_today(tx, wanted, gate.id, today):
                found.append(wanted)
    return list({wanted.key: wanted for wanted in found}.values())


def _told_today(tx: Transaction, wanted: NoticeWanted, gate: str, today: date) -> bool:
    before = outbox.all_about(tx, NOTICE, f"{wanted.person}/{DECIDE}/{wanted.project}/{gate}/")
    return any(f'"day":"{today.isoformat()}"' in row.payload for row in before)


def _unsound(tx: Transaction, entry: Entry, project: Project, workflow: Workflow) -> list[NoticeWanted]:
    """Returns the notices to those who decided at a gate, and to who holds their roles now where they are gone."""
    body = entry.event.body
    passing = next((p for p in project.passings if p.seq == body["passing"]), None)
    if passing is None:
        return []
    told: list[str] = []
    for decision in passing.decisions:
        told += [decision.by] if is_active(tx, decision.by) else holders(tx, [decision.role], project.id)
    told = told or somebody(tx, workflow.gates[passing.gate].decided_by, project.id)
    about = {"gate": passing.gate, "passing": passing.seq, "entry": entry.seq}
    occurrence = f"{project.id}/{passing.gate}/{entry.seq}"
    wanted = [NoticeWanted(person, project.id, UNSOUND, occurrence, about) for person in dict.fromkeys(told)]
    return [one for one in wanted if not _waits_already(tx, one, f'"passing":{passing.seq},')]


def _waits_already(tx: Transaction, wanted: NoticeWanted, of: str) -> bool:
    """True where a notice of the same passing is still to be sent on every way: it will say how the gate stands then.

    A gate can fall, be put right and fall again many times before anybody is told; that is one letter all the same.
    """
    inside = f"{wanted.person}/{UNSOUND}/{wanted.project}/"
    return all(
        any(
            one.state == WAITING and one.claimed_until is None and of in one.payload
            for one in outbox.all_about(tx, topic, inside)
        )
        for topic in topics(tx)
    )


def _asks_plugin(requirement: Requirement) -> bool:
    return any(part.type == "plugin" for part in requirement.family())
