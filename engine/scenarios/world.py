"""A project that lives in memory: every act goes through the real `decide`, every event through the real `evolve`."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from engine.core.answer import Answer, answer, standing, undecided
from engine.core.bank_holidays import calendars
from engine.core.bench import Bench
from engine.core.calendar import Calendar
from engine.core.commands import Command, OpenProject
from engine.core.decide import decide
from engine.core.definition import Gate, Transition, Workflow
from engine.core.events import Entry, Event
from engine.core.evidence import Passing, Record
from engine.core.follows import astray
from engine.core.gates import Judgement, Verdict, judge_from
from engine.core.outcome import Accepted, Actor, Moment, Outcome, Refused
from engine.core.project import Project, evolve
from engine.core.rulings.moves import find_transition
from engine.core.soundness import resting_on, why_unsound
from engine.core.unsound import frozen_by
from engine.scenarios.cast import Cast
from engine.scenarios.shapes import Scenario

PROJECT: Final = "SCENARIO"


class World:
    """One project, its people and a clock. Ids are made from what they name, so every run is the same run."""

    def __init__(self, workflow: Workflow, scenario: Scenario) -> None:
        self.workflow = workflow
        self.cast = Cast(workflow, scenario.people)
        self.calendar: Calendar = calendars()[workflow.calendar]
        self.today = scenario.entered
        self._made = 0
        self._project: Project | None = None
        self._judged: dict[str, tuple[int, date, Judgement]] = {}
        command = OpenProject(PROJECT, scenario.title[:200], scenario.fields)
        self.opened = self.act(command, self.cast.person("programme_manager"))

    @property
    def project(self) -> Project:
        """The project as it stands."""
        assert self._project is not None, "a story whose project could not be opened is not played"
        return self._project

    def act(self, command: Command, who: Actor) -> Outcome:
        """Has a wish ruled on, and what it makes recorded."""
        outcome = decide(self._project, command, self.workflow, who, self._moment())
        if isinstance(outcome, Accepted):
            for event in outcome.events:
                self._record(event, who.person)
        return outcome

    def enter(self, stage: str) -> None:
        """Places the project in a stage, by an event that no gate was asked about: this is where a story begins."""
        body: dict[str, Any] = {
            "act": "placed",
            "from": self.project.stage,
            "to": stage,
            "gate": None,
            "outcome": "moved",
            "new_cycle": False,
            "binds": None,
            "verdicts": {},
            "conditions": [],
            "today": self.today.isoformat(),
        }
        self._record(Event("advanced", PROJECT, body), "system")

    def new_id(self, of: str) -> str:
        """Returns the id of the next thing of its kind, like `mandate-1`; records count by their requirement."""
        self._made += 1
        if of in self.workflow.requirements:
            return f"{of}-{1 + sum(r.requirement == of for r in self.project.records.values())}"
        return f"{of}-{self._made}"

    def _moment(self) -> Moment:
        n = 0 if self._project is None else self._project.version
        return Moment(f"{self.today}T12:{n // 60 % 60:02d}:{n % 60:02d}.000000Z", self.today, self.calendar)

    def _record(self, event: Event, by: str) -> None:
        version = 1 if self._project is None else self._project.version + 1
        leaf = f"{version:064x}"  # stands for the hash a ledger would give; all that counts is that no two are alike
        self._project = evolve(self._project, Entry(version, self._moment().at, by, version, leaf, event))

    # what stands

    def newest(self, requirement: str) -> Record | None:
        """Returns the newest record of a requirement that is not withdrawn."""
        return next(iter(self.project.records_for(requirement, any_cycle=True)), None)

    def passing(self, gate: str) -> Passing | None:
        """Returns the newest passing of a gate."""
        return next((p for p in reversed(self.project.passings) if p.gate == gate), None)

    def gates_here(self) -> list[Gate]:
        """Returns the gates on the ways out of the stage, each once."""
        ways = self.workflow.stages[self.project.stage].transitions
        return [self.workflow.gates[g] for g in dict.fromkeys(t.gate for t in ways if t.gate is not None)]

    def judgement(self, gate: str) -> Judgement:
        """Returns what a gate says today; kept until something changes."""
        kept, project = self._judged.get(gate), self.project
        if kept is None or kept[:2] != (project.version, self.today):
            bench = Bench(
                self.workflow, project, self.today, self.calendar, project.entered_order, project.cycle, quiet=False
            )
            kept = self._judged[gate] = (project.version, self.today, judge_from(bench, self.workflow.gates[gate]))
        return kept[2]

    def verdict(self, requirement: str) -> Verdict | None:
        """Returns what a requirement says today, wherever its gate is; None where there is no such requirement.

        A part of a group that does not apply says what the group says: nothing is asked.
        """
        gate = self.workflow.gate_of.get(requirement)
        if gate is None:
            return None
        found = self.judgement(gate).by_id()
        return found.get(requirement) or found[self._group_of(requirement)]

    def _group_of(self, requirement: str) -> str:
        """Returns the outermost requirement of the gate that a requirement is part of."""
        tops = self.workflow.gates[self.workflow.gate_of[requirement]].requires
        return next(top.id for top in tops if any(part.id == requirement for part in top.family()))

    def way(self, name: str | None) -> Transition | Refused:
        """Returns a way out by its id, else by the stage it leads to, else the usual one."""
        if name is None:
            return find_transition(self.project, self.workflow, None, None, gated=True)
        if any(t.id == name for t in self.workflow.stages[self.project.stage].transitions):
            return find_transition(self.project, self.workflow, None, name)
        return find_transition(self.project, self.workflow, name, None)

    def answer(self, way: Transition) -> Answer:
        """Returns the complete answer of the gate on a way."""
        return answer(self.workflow, self.project, way, self.today, self.calendar)

    def is_open(self, way: Transition) -> bool:
        """True where a way may be taken now: what the answer's `open` says, without working out what is missing."""
        if astray(self.workflow, self.project, way) is not None:
            return False
        if way.gate is None:
            return True
        judgement = self.judgement(way.gate)
        if not judgement.holds or undecided(judgement.gate, standing(self.project, judgement)):
            return False
        return not frozen_by(self.workflow, self.project, self.today, self.calendar)

    def touched(self) -> set[str]:
        """Returns the stage the project is in with its gates, and every gate that was judged so far."""
        return {self.project.stage, *(gate.id for gate in self.gates_here()), *self._judged}

    def unsound(self) -> dict[str, str]:
        """Returns the passed gates that are no longer sound, each with why."""
        found = {}
        for passing in resting_on(self.project):
            why = why_unsound(self.workflow, self.project, passing, self.today, self.calendar)
            if why:
                found[passing.gate] = " ".join(why)
        return found
