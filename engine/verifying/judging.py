"""Judges again, under the definition then in force, what was decided in a project, and compares with what was recorded.

Each decision is met by the project as it stood before it, on the day it was made. What rested on words that were erased
since cannot be judged again by anybody: it keeps its recorded verdict, and is listed with the erasure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import date
from typing import Any, NamedTuple

from engine.clock import day_in
from engine.core.answer import undecided
from engine.core.bench import Bench
from engine.core.calendar import Calendar
from engine.core.circumstances import altered_then, calendar_then, judges_then
from engine.core.definition import Gate, Requirement, Transition, Workflow
from engine.core.events import Entry
from engine.core.evidence import Decision, digest_of
from engine.core.fields_asked import asked_by
from engine.core.follows import astray
from engine.core.gates import judge
from engine.core.opinions import on_record
from engine.core.project import Project
from engine.core.rulings.moves import outcome_of
from engine.core.soundness import affirming, bound_to, weigh
from engine.core.unsound import frozen_by, reopening
from engine.verifying.refusals import Refusal
from engine.verifying.told import Told, another, differing

NEUTRAL = frozenset({"decided", "decisions_lapsed", "gate_unsound", "condition_met", "affirmed", "held", "resumed"})
"""Events after which a gate ahead says the same as before."""


class Case(NamedTuple):
    """What a decision is judged on: the day, the calendar that counted, the records whose files were altered.

    `workflow` is the definition with what plugins said, as recorded in the event: `opinions`.
    """

    day: date
    calendar: Calendar
    altered: frozenset[str]
    workflow: Workflow
    opinions: Mapping[str, Any]


class Judged(NamedTuple):
    """What a gate says when it is judged again; `verdicts` and `opinions` as events hold them."""

    gate: Gate
    holds: bool
    binds: str
    verdicts: Mapping[str, Any]
    opinions: Mapping[str, Any]

    def standing(self, project: Project) -> list[Decision]:
        """Returns the decisions that were made on this."""
        return [d for d in project.decisions if d.gate == self.gate.id and d.binds == self.binds]


class Sitting:
    """Judges one project again, event by event.

    Attributes:
        fields_erased_by: the entry that erased a field of the project; None while none has.
    """

    def __init__(self, workflow: Workflow, told: Told, usual: Calendar, erasures: Mapping[str, int]) -> None:
        """Begins with the definition, and by a record's id the entry that erases its facts.

        `usual` is the calendar for entries of form 1, which do not tell the extra holidays.
        """
        self.workflow, self.told = workflow, told
        self.fields_erased_by: int | None = None
        self._usual, self._erasures = usual, erasures
        self._judged: dict[tuple[Any, ...], Judged] = {}

    def took(self, name: str) -> None:
        """Says that the project has taken an event in."""
        if self._judged and name not in NEUTRAL:
            self._judged.clear()

    def judge(self, project: Project, entry: Entry, schema: int) -> None:
        """Judges an event that decides something, before the project takes it in; others it leaves alone."""
        match entry.event.name:
            case "decided":
                self._decided(project, entry, self._case(entry, schema))
            case "advanced":
                self._advanced(project, entry, self._case(entry, schema))
            case "affirmed":
                self._affirmed(project, entry, self._case(entry, schema))
            case "decisions_lapsed":
                self._lapsed(project, entry)
            case "gate_reopened":
                self._reopened(project, entry)

    def refused(self, project: Project, refusal: Refusal) -> None:
        """Judges a gate that was shut to somebody."""
        body, seq = refusal.leaf.body, refusal.seq
        gate = self.workflow.gates.get(body.get("gate", ""))
        if gate is None:
            self.told.wrong(seq, "tells of a gate that the definition does not have")
            return
        day = day_in(self.workflow.time_zone, refusal.leaf.at)
        case = self._case_on(day, calendar_then(self.workflow, body), body)
        judged = self._judge(project, gate, case)
        wrong = differing(gate, judged.verdicts, body["verdicts"]) or self._said_by_plugins(project, judged, case)
        if wrong and (by := self._hangs_on(project, gate)) is not None:
            self.told.rested(seq, by)
            return
        self.told.rejudged += 1
        self.told.wrong(seq, *wrong)

    def _decided(self, project: Project, entry: Entry, case: Case) -> None:
        body, workflow = entry.event.body, self.workflow
        gate = workflow.gates.get(body["gate"])
        if gate is None or all(t.gate != gate.id for t in workflow.stages[project.stage].transitions):
            self.told.wrong(entry.seq, "decides on a gate that the project did not stand before")
            return
        judged = self._judge(project, gate, case)
        wrong = [] if judged.holds and judged.binds == body["binds"] else [another(gate)]
        wrong += self._said_by_plugins(project, judged, case)
        if wrong and (by := self._hangs_on(project, gate)) is not None:
            self.told.rested(entry.seq, by)
            return
        self.told.rejudged += 1
        others = [d for d in judged.standing(project) if (d.by, d.role) != (entry.by, body["role"])]
        if body["role"] not in gate.decided_by:
            wrong.append(f"decides as {body['role']}, who does not decide on {gate.title}")
        elif any(d.by == entry.by or d.role == body["role"] for d in others):
            wrong.append(f"decides on {gate.title} a second time, in one role or in one person's name")
        self.told.wrong(entry.seq, *wrong, *self._standstill(project, case))

    def _advanced(self, project: Project, entry: Entry, case: Case) -> None:
        body, workflow = entry.event.body, self.workflow
        stage = workflow.stages[project.stage]
        way = next((t for t in stage.transitions if t.id == body["act"]), None)
        if way is None or body["from"] != stage.id:
            self.told.wrong(entry.seq, f"takes a way {body['act']} that does not lead out of {stage.title}")
            return
        wrong = self._not_the_way(way, project, body)
        if way.reason_required and "reason" not in entry.event.words:
            wrong.append(f"takes {way.title} without a reason")
        if body["today"] != case.day.isoformat():
            wrong.append(f"says that it was {body['today']}, and by its time it was {case.day}")
        if way.gate is not None:
            gate = workflow.gates[way.gate]
            judged = self._judge(project, gate, case)
            passed_wrongly = _passed_wrongly(project, judged, body) or self._said_by_plugins(project, judged, case)
            by = self._hangs_on(project, gate) if passed_wrongly else None
            if by is not None:
                wrong += differing(gate, judged.verdicts, body["verdicts"], self._untouched(project, gate))
                self.told.rested(entry.seq, by)
            else:
                self.told.rejudged += 1
                wrong += passed_wrongly
            wrong += self._standstill(project, case)
        elif project.hold is not None:
            wrong.append("moves a project that was on hold")
        self.told.wrong(entry.seq, *wrong)

    def _affirmed(self, project: Project, entry: Entry, case: Case) -> None:
        body, workflow = entry.event.body, self.workflow
        passing = next((p for p in project.passings if p.seq == body["passing"]), None)
        if passing is None or passing.reopened or passing.gate != body["gate"]:
            self.told.wrong(entry.seq, "affirms a passing that there is not, or not any more")
            return
        gate = workflow.gates[passing.gate]
        weighed = weigh(case.workflow, project, passing, case.day, case.calendar, case.altered)
        names = affirming(passing, weighed)
        done = {a.role for a in names} | {body["role"]}
        verdicts = {v.requirement.id: [v.state, list(v.evidence)] for top in weighed.verdicts for v in top.family()}
        wrong = []
        if weighed.wrong or weighed.sound or bound_to(passing, weighed) != body["binds"]:
            wrong.append(another(gate))
        elif (set(gate.decided_by) <= done) != body["heals"]:
            wrong.append(f"is not the last word that {gate.title} needed, or says that it is not")
        elif body["heals"]:
            wrong += differing(gate, verdicts, body["verdicts"])
        if wrong and (by := self._hangs_on(project, gate)) is not None:
            self.told.rested(entry.seq, by)
            return
        self.told.rejudged += 1
        if any(a.by == entry.by or a.role == body["role"] for a in names):
            wrong.append(f"affirms {gate.title} a second time, in one role or in one person's name")
        if gate.decided_by and body["role"] not in gate.decided_by:
            wrong.append(f"affirms as {body['role']}, who does not decide on {gate.title}")
        self.told.wrong(entry.seq, *wrong)

    def _lapsed(self, project: Project, entry: Entry) -> None:
        """A decision lapses where its gate gives another answer by then; so nobody's dissent can be made to go away."""
        standing = {d.id: d for d in project.decisions}
        case = self._case_on(day_in(self.workflow.time_zone, entry.at), self._usual, entry.event.body)
        for name in entry.event.body["decisions"]:
            found = standing.get(name)
            if found is None:
                self.told.wrong(entry.seq, f"has a decision {name[:60]} lapse, which there was not")
                continue
            gate = self.workflow.gates[found.gate]
            if self._judge(project, gate, case).binds == found.binds and self._hangs_on(project, gate) is None:
                self.told.wrong(entry.seq, f"has a decision of {found.by} lapse, and {gate.title} answered as before")

    def _reopened(self, project: Project, entry: Entry) -> None:
        due = reopening(self.workflow, project, day_in(self.workflow.time_zone, entry.at))
        if due is None or due.body != entry.event.body:
            self.told.wrong(entry.seq, "puts the project back to a gate, and no gate called for it")

    def _case(self, entry: Entry, schema: int) -> Case:
        body = entry.event.body
        calendar = self._usual if schema < 2 else calendar_then(self.workflow, body)
        return self._case_on(day_in(self.workflow.time_zone, entry.at), calendar, body)

    def _case_on(self, day: date, calendar: Calendar, body: Mapping[str, Any]) -> Case:
        opinions = body.get("opinions", {})
        workflow = judges_then(self.workflow, body) if opinions else self.workflow
        return Case(day, calendar, altered_then(body), workflow, opinions)

    def _said_by_plugins(self, project: Project, judged: Judged, case: Case) -> list[str]:
        """Returns what is wrong with the opinions that an event records, in sentences."""
        if judged.opinions != case.opinions:
            return ["records other words of plugins than its verdicts rest on"]
        if not case.opinions:
            return []
        stage, cycle = project.entered_order, project.cycle
        bench = Bench(case.workflow, project, case.day, case.calendar, stage, cycle, altered=case.altered)
        erased = bool(self._erasures) or self.fields_erased_by is not None
        return self.told.plugins.take(bench, case.opinions, erased=erased)

    def _judge(self, project: Project, gate: Gate, case: Case) -> Judged:
        key = (gate.id, case.day, case.calendar.added, case.altered, digest_of(case.opinions) if case.opinions else "")
        found = self._judged.get(key)
        if found is None:
            said = judge(case.workflow, gate, project, case.day, case.calendar, quiet=True, altered=case.altered)
            by_id = said.by_id()
            verdicts = {name: [v.state, list(v.evidence)] for name, v in by_id.items()}
            opinions = on_record(by_id.values(), project.records)
            found = self._judged[key] = Judged(gate, said.holds, said.binds, verdicts, opinions)
        return found

    def _standstill(self, project: Project, case: Case) -> list[str]:
        """Nothing is decided and no gate is passed on hold, or while a passed gate that freezes is unsound."""
        if project.hold is not None:
            return ["stands in a time in which the project was on hold"]
        frozen = frozen_by(self.workflow, project, case.day, case.calendar, case.altered)
        if any(self._hangs_on(project, self.workflow.gates[one.passing.gate]) is None for one in frozen):
            return ["stands in a time in which a gate that was no longer sound let nothing pass"]
        return []

    def _not_the_way(self, way: Transition, project: Project, body: Mapping[str, Any]) -> list[str]:
        if (way.to, way.gate, way.new_cycle) != (body["to"], body["gate"], body["new_cycle"]):
            return [f"says other things of the way {way.id} than the definition does"]
        if body["outcome"] != outcome_of(self.workflow, project.stage, way, conditions=bool(body["conditions"])):
            return [f"says {body['outcome']} of a way of another kind"]
        if way.follows is None or astray(self.workflow, project, way) is None:
            return []
        erased = self._erased_ahead(project, {way.follows.requirement})
        return [] if erased else ["takes a way that was not decided on"]

    def _hangs_on(self, project: Project, gate: Gate) -> int | None:
        """Returns the entry that erased something a gate looks at, where that still lay ahead; None where none did."""
        asked = {name for requirement in gate.all_requirements() for name in _looks_at(requirement)}
        erased = self._erased_ahead(project, asked)
        if erased:
            return self._erasures[erased[0]]
        return self.fields_erased_by if self._lacks_fields(project, gate.all_requirements()) else None

    def _lacks_fields(self, project: Project, requirements: Iterable[Requirement]) -> bool:
        """True where something looks at a field whose value was erased since, now or when a gate was passed."""
        if self.fields_erased_by is None:
            return False
        gone = {*project.erased_fields, *(name for p in project.passings for name in p.erased_fields)}
        return any(not asked_by(self.workflow, r).isdisjoint(gone) for r in requirements)

    def _erased_ahead(self, project: Project, requirements: Set[str]) -> list[str]:
        """Returns the records of these requirements that were whole then and have lost facts since."""
        if not self._erasures:
            return []
        found = (project.records[e] for e in self._erasures if e in project.records)
        return [r.id for r in found if r.erased_by is None and r.requirement in requirements]

    def _untouched(self, project: Project, gate: Gate) -> list[str]:
        """Returns the requirements of a gate that look at nothing erased since."""
        return [
            requirement.id
            for requirement in gate.all_requirements()
            if not self._lacks_fields(project, [requirement])
            and not self._erased_ahead(project, {n for part in requirement.family() for n in _looks_at(part)})
        ]


def _passed_wrongly(project: Project, judged: Judged, body: Mapping[str, Any]) -> list[str]:
    gate = judged.gate
    if wrong := differing(gate, judged.verdicts, body["verdicts"]):
        return wrong
    if judged.binds != body["binds"]:
        return [another(gate)]
    if not judged.holds:
        return [f"passes {gate.title}, which was shut"]
    if missing := undecided(gate, judged.standing(project)):
        return [f"passes {gate.title} without the decision of: {', '.join(missing)}"]
    return []


def _looks_at(requirement: Requirement) -> list[str]:
    return [requirement.id] if requirement.wait is None else [requirement.id, requirement.wait.requirement]
