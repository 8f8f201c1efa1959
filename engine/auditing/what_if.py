"""`audit what-if`: would the same evidence have passed the gates of another definition?

Each gate that a project passed is judged again by both: by what was recorded when it was passed, and by the gate of the
same id in the other definition, on the project as it stood just before, on that day. The judge is the one that judges
every gate. Nothing is written, and nothing that stored files hold now is looked at: the ledger alone is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from engine.auditing.fitting import Fitting
from engine.core.answer import undecided
from engine.core.bench import Bench
from engine.core.calendar import Calendar
from engine.core.canonical_form import workflow_from
from engine.core.definition import GROUPS, Gate, Requirement, Workflow
from engine.core.evidence import Decision, Passing
from engine.core.gates import HOLDS, MET, NOT_APPLICABLE, UNMET, Judgement, Verdict, group_state, judge_from, needed_of
from engine.core.project import Project, replay
from engine.past import Past, past, sight_of
from engine.room import Room
from engine.store import journal
from engine.store.database import Database

UNSURE: Final = "cannot_be_compared"
Json = dict[str, Any]


def what_if(
    database: Database, room: Room, project: str, document: Mapping[str, Any], *, as_of: str | None = None
) -> Json:
    """Returns each gate that a project passed, and those it stands before, as it was and as it would be.

    Args:
        database: an open register.
        room: what knows its definitions and calendars.
        project: its id.
        document: the other definition in its canonical form, with its digest as `definition`.
        as_of: a day, a moment or a ledger index to look from; None for now.

    Raises:
        InputRefused, NotFound: as `past`.
    """
    other = workflow_from(document, document["definition"])
    with database.read() as tx:
        found = past(tx, room, project, as_of or str(journal.head(tx).size - 1))
    own = found.workflow
    other = replace(other, judges=own.judges)  # what a plugin would have said then, it can only say now
    sight = sight_of(found, room, None if as_of else room.today(own).isoformat())
    calendars = room.calendar(own), room.calendar(other)
    gates = [_passed(found, passing, other, calendars[1]) for passing in found.project.passings]
    for gate in dict.fromkeys(t.gate for t in own.stages[found.project.stage].transitions if t.gate is not None):
        now = found.project
        bench = Bench(own, now, sight.today, calendars[0], now.entered_order, now.cycle)
        judged = judge_from(bench, own.gates[gate])
        states = {v.requirement.id: v.state for top in judged.verdicts for v in top.family()}
        decided = tuple(d for d in now.decisions if d.gate == gate and d.binds == judged.binds)
        here = judged.holds and not undecided(own.gates[gate], decided)
        said = {"seq": None, "on": sight.today.isoformat(), "recorded": "open" if here else "shut"}
        gates.append(_gate(gate, said, states, now, own, other, sight.today, calendars[1], decided))
    seen = {g["gate"] for g in gates}
    return {
        "project": project,
        "as_of": sight.today.isoformat(),
        "entry": found.entries[-1].seq,
        "own": _named(own),
        "other": _named(other),
        "gates": gates,
        "only_there": [{"gate": g.id, "title": g.title} for g in other.gates.values() if g.id not in own.gates],
        "only_here": [
            {"gate": g.id, "title": g.title} for g in own.gates.values() if g.id not in other.gates and g.id not in seen
        ],
    }


def _named(workflow: Workflow) -> Json:
    return {
        "definition": workflow.digest,
        "workflow": workflow.id,
        "version": workflow.version,
        "title": workflow.title,
    }


def _passed(found: Past, passing: Passing, other: Workflow, calendar: Calendar) -> Json:
    then = replay(entry for entry in found.entries if entry.seq < passing.seq)
    assert then is not None  # a project is opened before it passes a gate
    states = {name: state for name, (state, _) in passing.verdicts.items()}
    said = {"seq": passing.seq, "on": passing.on, "recorded": passing.outcome}
    # what was recorded at the passing, not what was affirmed later: the same gate, on the same day
    entry = next(e for e in found.entries if e.seq == passing.seq)
    states |= {name: verdict[0] for name, verdict in entry.event.body["verdicts"].items()}
    today = date.fromisoformat(passing.on)
    return _gate(passing.gate, said, states, then, found.workflow, other, today, calendar, passing.decisions)


def _gate(
    name: str,
    said: Json,
    states: Mapping[str, str],
    project: Project,
    own: Workflow,
    other: Workflow,
    today: date,
    calendar: Calendar,
    decisions: Sequence[Decision],
) -> Json:
    """Returns one gate: what was recorded of it, and what the other definition's gate of this id would say."""
    gate = other.gates.get(name)
    head = {"gate": name, "title": own.gates[name].title, **said}
    if gate is None:
        return {**head, "would_be": None, "requirements": [], "undecided": [], "unevidenced": []}
    fitting = Fitting(project, own, other)
    bench = Bench(other, fitting.project, today, calendar, project.entered_order, project.cycle)
    judged = judge_from(bench, gate)
    rows = [_requirement(fitting, verdict, states) for verdict in judged.verdicts]
    rows += [_gone(r, states, other) for r in _missing(gate, own.gates[name].requires)]
    waiting = undecided(gate, decisions)
    lacking = _unevidenced(judged, rows)
    there = [row["would_be"] for row in rows if row["would_be"] is not None]
    return {
        **head,
        "would_be": _outcome(there, bool(waiting), lacking),
        "requirements": rows,
        "undecided": [{"role": role, "title": other.roles[role]} for role in waiting],
        "unevidenced": [{"principle": p, "title": other.principles[p]} for p in lacking],
    }


def _outcome(states: Sequence[str], waiting: bool, lacking: Sequence[str]) -> str:
    """Returns open, shut, or that it cannot be said; what is missing for certain shuts it, whatever is unsure."""
    if waiting or lacking or any(s not in HOLDS and s != UNSURE for s in states):
        return "shut"
    return UNSURE if UNSURE in states else "open"


def _unevidenced(judged: Judgement, rows: Sequence[Json]) -> tuple[str, ...]:
    """Returns the principles that nothing evidences, even if all that is unsure were met."""
    unsure = {one["id"] for row in rows for one in _family(row) if one["would_be"] == UNSURE}
    every = [v.requirement for top in judged.verdicts for v in top.family()]
    maybe = {p for r in every if r.id in unsure for p in r.principles}
    return tuple(p for p in judged.unevidenced if p not in maybe)


def _family(row: Json) -> Iterator[Json]:
    yield row
    for child in row["of"]:
        yield from _family(child)


def _requirement(fitting: Fitting, verdict: Verdict, states: Mapping[str, str]) -> Json:
    requirement, was = verdict.requirement, states.get(verdict.requirement.id)
    children = [_requirement(fitting, child, states) for child in verdict.of]
    state, why = verdict.state, list(verdict.why)
    doubts = fitting.asked_of(requirement)
    if requirement.type in GROUPS:
        state = _group(requirement, children, state)
    elif not doubts and state != NOT_APPLICABLE:
        doubts = fitting.held_by(requirement)
    if doubts:
        state, why = UNSURE, doubts
    return {
        "id": requirement.id,
        "title": requirement.title,
        "recorded": was,
        "would_be": state,
        "change": _change(was, state),
        "why": why,
        "of": children,
    }


def _group(requirement: Requirement, children: Sequence[Json], state: str) -> str:
    """Returns what a group would be; unsure where that hangs on a part that cannot be compared."""
    if not any(child["would_be"] == UNSURE for child in children):
        return state
    ends = set()
    for guess in (MET, UNMET, NOT_APPLICABLE):
        guessed = [guess if child["would_be"] == UNSURE else str(child["would_be"]) for child in children]
        applying = [s for s in guessed if s != NOT_APPLICABLE]
        ends.add(group_state(applying, needed_of(requirement, len(applying))) if applying else NOT_APPLICABLE)
    return ends.pop() if len(ends) == 1 else UNSURE


def _change(was: str | None, state: str) -> str:
    """Returns new, cannot_be_compared, same, gained (it would hold), lost (it would not), or otherwise."""
    if state == UNSURE:
        return UNSURE
    if was is None:
        return "new"
    if was == state:
        return "same"
    if (was in HOLDS) == (state in HOLDS):
        return "otherwise"
    return "gained" if state in HOLDS else "lost"


def _gone(requirement: Requirement, states: Mapping[str, str], other: Workflow) -> Json:
    """Returns a requirement that the other gate does not have."""
    moved = other.gates[other.gate_of[requirement.id]].title if requirement.id in other.gate_of else None
    return {
        "id": requirement.id,
        "title": requirement.title,
        "recorded": states.get(requirement.id),
        "would_be": None,
        "change": "not_there",
        "why": [] if moved is None else [f"It is asked for at “{moved}” there."],
        "of": [],
    }


def _missing(gate: Gate, requirements: Sequence[Requirement]) -> Iterator[Requirement]:
    """Yields the requirements that a gate does not have; of a group that it does not have, not each part."""
    there = {r.id for r in gate.all_requirements()}
    for requirement in requirements:
        if requirement.id not in there:
            yield requirement
        else:
            yield from _missing(gate, requirement.of)
