"""Builds a project that has done everything a gate asks, as far as anything can do it, and puts it before the judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.core.answer import undecided
from engine.core.bank_holidays import calendars
from engine.core.calendar import Calendar, OutsideCalendar, in_words
from engine.core.commands import Advance
from engine.core.conditions import PROJECT
from engine.core.counting import counted
from engine.core.decide import decide
from engine.core.definition import Condition, Gate, Requirement, Stage, Transition, Workflow
from engine.core.evidence import Decision, File, Record, Signature
from engine.core.gates import Judgement, judge
from engine.core.opinions import Opinion, Source
from engine.core.outcome import Accepted, Actor, Moment
from engine.core.project import Project
from engine.definitions.prover.cases import Case
from engine.definitions.prover.literals import comparisons, roots
from engine.definitions.prover.solver import Found, Outcome, Space
from engine.definitions.prover.values import USUAL_DAY, usual

AT = "2026-01-05T09:00:00Z"
_FILE = File("0" * 64, 1, "witness.pdf")
_DIGEST = "1" * 64


class Willing:
    """Answers for every plugin that its requirement is met: what a plugin asks, no proof can know.

    So nothing is claimed of a gate because of what a plugin might say, and all else about the gate is still proved.
    """

    def ask(self, use: str, question: Mapping[str, Any]) -> Opinion:
        """Returns that the requirement is met."""
        return Opinion("met", ("It is taken as met.",), Source(use.partition("/")[0], "", ""))


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of a record: conditions, the fields of the project they look at, and a name for both."""

    conditions: tuple[Condition, ...]
    fields: tuple[str, ...]
    key: str


@dataclass(slots=True)
class Attempt:
    """A project, what its gate says, and for each requirement of evidence whether a record could do what is asked."""

    project: Project
    today: date
    judgement: Judgement
    records: Mapping[str, Outcome]


@dataclass(slots=True)
class Witnesses:
    """Builds attempts for the gates of one workflow; what was solved once is kept."""

    workflow: Workflow
    dates: dict[str, list[str]] = field(default_factory=dict)
    calendar: Calendar = field(init=False)
    _solved: dict[str, Outcome] = field(default_factory=dict)
    _near: dict[str, dict[str, Any]] = field(default_factory=dict)
    _demands: dict[str, Demand] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.calendar = calendars()[self.workflow.calendar]
        for requirement in self.workflow.requirements.values():
            wait = requirement.wait
            if wait is not None:
                self.dates.setdefault(wait.requirement, []).append(wait.field)

    def attempt(self, gate: Gate, lead: tuple[Stage, Transition] | None, case: Case) -> Attempt:
        """Returns the best attempt at a gate in a case, judged."""
        stage = lead[0].id if lead is not None else self.workflow.first_stage.id
        project = Project(
            id="witness",
            workflow=self.workflow.id,
            definition=self.workflow.digest,
            title="Witness",
            cycle=1,
            stage=stage,
            entered_at=AT,
            entered_on=USUAL_DAY,
            entered_order=1,
            version=2,
            fields=dict(case),
        )
        solved: dict[str, Outcome] = {}
        asked = list(gate.all_requirements())
        follows = lead[1].follows if lead is not None else None
        others = [r.wait.requirement for r in asked if r.wait is not None]
        others += [follows.requirement] if follows is not None else []
        sources = [self.workflow.requirements[name] for name in dict.fromkeys(others)]
        own = {r.id for r in asked}
        for requirement in [*asked, *(r for r in sources if r.id not in own)]:
            if requirement.evidence is not None:
                more = []
                if follows is not None and follows.requirement == requirement.id:
                    more = [Condition("equals", field=follows.field, value=follows.value)]
                solved[requirement.id] = self._hand_in(project, requirement, more)
        today = self._day(project, asked)
        for record in project.records.values():
            record.happened_on = record.recorded_on = today.isoformat()
        self._sign(project, asked)
        judgement = judge(self.workflow, gate, project, today, self.calendar, quiet=True)
        return Attempt(project, today, judgement, solved)

    def solve(self, requirement: Requirement, case: Case, more: Sequence[Condition] = ()) -> Outcome:
        """Returns facts for a record of a requirement in a case."""
        asked = self._demand(requirement)
        seen = [repr(case.get(name)) for name in asked.fields]
        key = f"{asked.key} {seen} {[(c.field, c.value) for c in more]}"
        found = self._solved.get(key)
        if found is None:
            kind = self.workflow.evidence[str(requirement.evidence)]
            space = Space(kind.fields, self.workflow.fields, case)
            found = self._solved[key] = space.solve([*asked.conditions, *more])
        return found

    def _demand(self, requirement: Requirement) -> Demand:
        """Returns what is asked of a record of a requirement, whatever the case."""
        found = self._demands.get(requirement.id)
        if found is None:
            rules = [self.workflow.rules[name].condition for name in requirement.rules]
            dates = tuple(dict.fromkeys(self.dates.get(requirement.id, ())))
            keys = [key for c in rules for part in comparisons(c) for key in roots(part) if key.startswith(PROJECT)]
            fields = tuple(dict.fromkeys(key.removeprefix(PROJECT) for key in keys))
            there = [Condition("not_empty", field=name, value=True) for name in dates]
            key = repr((requirement.evidence, requirement.rules, dates))
            found = self._demands[requirement.id] = Demand((*rules, *there), fields, key)
        return found

    def _hand_in(self, project: Project, requirement: Requirement, more: Sequence[Condition]) -> Outcome:
        found = self.solve(requirement, project.fields, more)
        facts = dict(found.record if isinstance(found, Found) else self._nearly(requirement, project.fields))
        kind = self.workflow.evidence[str(requirement.evidence)]
        for name in self.dates.get(requirement.id, ()):
            facts.setdefault(name, USUAL_DAY)
        facts = {f.id: usual(f) for f in kind.fields.values() if f.required} | facts
        for _ in range(requirement.count or 1):
            id = f"record-{len(project.records) + 1}"
            project.records[id] = Record(
                id=id,
                requirement=requirement.id,
                kind=kind.id,
                level=requirement.level,
                judged=None,
                facts=facts,
                files=() if kind.file == "none" else (_FILE,),
                by="submitter",
                recorded_at=AT,
                recorded_on=USUAL_DAY,
                happened_on=USUAL_DAY,
                digest=_DIGEST,
                order=2,
                cycle=1,
                personal=False,
                withdrawn=False,
                erased=(),
            )
        return found

    def _nearly(self, requirement: Requirement, case: Case) -> dict[str, Any]:
        """Returns facts that do as many of the rules as can be done together, taken in their order."""
        asked = self._demand(requirement)
        key = f"{asked.key} {[repr(case.get(name)) for name in asked.fields]}"
        if key in self._near:
            return self._near[key]
        space = Space(self.workflow.evidence[str(requirement.evidence)].fields, self.workflow.fields, case)
        facts: dict[str, Any] = {}
        kept: list[Condition] = []
        for name in requirement.rules:
            found = space.solve([*kept, self.workflow.rules[name].condition])
            if isinstance(found, Found):
                kept.append(self.workflow.rules[name].condition)
                facts = found.record
        self._near[key] = facts
        return facts

    def _day(self, project: Project, asked: Sequence[Requirement]) -> date:
        """Returns a day on which every wait is over, moving a date that nothing binds to where it can be counted."""
        day = date.fromisoformat(USUAL_DAY)
        by_requirement = {record.requirement: record for record in project.records.values()}
        for requirement in asked:
            wait = requirement.wait
            if wait is None or wait.requirement not in by_requirement:
                continue
            record = by_requirement[wait.requirement]
            try:
                over = counted(wait, date.fromisoformat(record.facts[wait.field]), self.calendar).over_on
            except OutsideCalendar:
                early = self.earliest()
                if not self._bound(self.workflow.requirements[wait.requirement], wait.field):
                    record.facts = {**record.facts, wait.field: early.isoformat()}
                try:
                    over = counted(wait, date.fromisoformat(record.facts[wait.field]), self.calendar).over_on
                except OutsideCalendar:
                    continue
            day = max(day, over)
        return day

    def earliest(self) -> date:
        """Returns the first day the calendar can count from."""
        return date(self.calendar.years[0], 1, 1)

    def _bound(self, requirement: Requirement, name: str) -> bool:
        conditions = [self.workflow.rules[rule].condition for rule in requirement.rules]
        return any(name in roots(part) for c in conditions for part in comparisons(c))

    def too_long(self, requirement: Requirement) -> str:
        """Returns why a wait can be counted from no day at all; empty where it can."""
        wait = requirement.wait
        assert wait is not None
        try:
            counted(wait, self.earliest(), self.calendar)
        except OutsideCalendar as outside:
            return f"Even counted from {in_words(self.earliest())}: {outside}"
        return ""

    def _sign(self, project: Project, asked: Sequence[Requirement]) -> None:
        for requirement in asked:
            bound = [r for r in project.records.values() if r.requirement == requirement.id]
            record = bound[-1] if bound else None
            for role in requirement.signed_by:
                project.signatures.append(
                    Signature(
                        id=f"signature-{len(project.signatures) + 1}",
                        requirement=requirement.id,
                        role=role,
                        by=f"the {role}",
                        evidence=None if record is None else record.id,
                        binds=_DIGEST,
                        at=AT,
                        cycle=1,
                        lapsed="",
                    )
                )

    def passes(self, attempt: Attempt, lead: tuple[Stage, Transition]) -> bool:
        """True where the gate holds, everybody decides, and the real move is then accepted by the engine."""
        if not attempt.judgement.holds:
            return False
        gate, binds, transition = attempt.judgement.gate, attempt.judgement.binds, lead[1]
        project = attempt.project
        project.decisions = [
            Decision(f"decision-{place}", gate.id, role, f"the {role}", binds, AT, False, None)
            for place, role in enumerate(gate.decided_by)
        ]
        assert not undecided(gate, project.decisions)
        reason = "The gate is passed." if transition.reason_required else None
        command = Advance(to=transition.to, act=transition.id, reason=reason)
        actor = Actor("mover", "Mover", frozenset({"programme_manager"}), frozenset(self.workflow.roles))
        moment = Moment(AT, attempt.today, self.calendar)
        return isinstance(decide(project, command, self.workflow, actor, moment), Accepted)
