"""Plays the steps of a story: each becomes wishes of people, and the first that is refused is the step's answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from hashlib import sha256
from typing import Any, Final

from engine.core import commands
from engine.core.definition import EvidenceKind, Requirement
from engine.core.evidence import Examined, File
from engine.core.opinions import Source
from engine.core.outcome import Accepted, Actor, Outcome, Refused
from engine.core.records import FAILED, FAULTY, PASSED
from engine.scenarios.ready import NotReady, as_typed, asked_of, ready_facts
from engine.scenarios.shapes import (
    Advance,
    Affirm,
    Decide,
    Hold,
    Keep,
    Later,
    Ready,
    Record,
    Regrade,
    SetFields,
    Sign,
    Step,
    Waive,
    Withdraw,
)
from engine.scenarios.world import World

REASON: Final = "As the story goes."
MANAGER, AUDITOR = "programme_manager", "auditor"
Kept = dict[tuple[int, str], dict[str, Any]]
"""Facts of records that were made ready, by the line of the step and the requirement."""

DONE: Final = Accepted(())


class Player:
    """Plays steps in a world. `kept` has the facts that were made ready before: a story stays the same story."""

    def __init__(self, world: World, kept: Kept) -> None:
        self.world = world
        self.kept = kept

    def play(self, step: Step) -> Outcome:
        """Returns what came of a step: the first refusal among its wishes, else that they were granted.

        Raises:
            NotReady: the step speaks of something that is not there, or of a record that nobody could make.
        """
        outcome: Outcome = DONE
        for outcome in self._outcomes(step):
            if isinstance(outcome, Refused):
                break
        return outcome

    def _outcomes(self, step: Step) -> Iterator[Outcome]:
        what, world = step.what, self.world
        match what:
            case Record():
                yield from self._record(what, step.line)
            case Ready():
                yield from self._ready(what, step.line)
            case Sign():
                yield from self._sign(what.requirement, what.roles, what.by)
            case Waive():
                yield self._waive(what)
            case Withdraw() | Regrade():
                yield self._on_record(what)
            case Decide():
                yield from self._decide(what)
            case Affirm():
                yield from self._affirm(what)
            case Keep():
                yield self._keep(what)
            case Advance():
                yield self._advance(what)
            case Hold():
                who = world.cast.person(what.by or MANAGER)
                yield world.act(commands.Resume(REASON) if what.resume else commands.Hold(REASON), who)
            case SetFields():
                yield world.act(commands.SetFields(what.fields), world.cast.holder(MANAGER))
            case Later():
                world.today = what.day
            case _:
                raise AssertionError("looks are looked at, not played")

    # records and signatures

    def _record(self, what: Record, line: int) -> Iterator[Outcome]:
        world = self.world
        requirement = world.workflow.requirements.get(what.requirement)
        if requirement is None or requirement.evidence is None:
            raise NotReady(f"No record is asked for {what.requirement}.")
        level, facts = what.level, dict(what.facts)
        if what.ready:
            level = what.level or requirement.level
            made = self._facts(line, what.requirement, what.requirement)
            facts = _over(as_typed(world, requirement, made), facts)
        facts = {name: self._cited(requirement.evidence, name, value) for name, value in facts.items()}
        by = world.cast.person(what.by) if what.by else world.cast.submitter()
        files = what.file if what.file is not None else world.workflow.evidence[requirement.evidence].file == "required"
        day = what.happened_on.isoformat() if what.happened_on else None
        id = world.new_id(what.requirement)
        file = self._same(what.file) or File(sha256(id.encode()).hexdigest(), 1_000, f"{id}.pdf")
        yield world.act(
            commands.AddEvidence(
                id,
                what.requirement,
                facts,
                level,
                (file,) if files else (),
                day,
                examined=examined(world.workflow.evidence[requirement.evidence], what.examined),
            ),
            by,
        )
        if what.ready:
            yield from self._sign(what.requirement, what.roles, None)

    def _same(self, of: bool | str | None) -> File | None:
        """Returns the file of the newest record of a requirement; None where none is named."""
        if not isinstance(of, str):
            return None
        record = self.world.newest(of)
        if record is None or not record.files:
            raise NotReady(f"No file was handed in for {of}.")
        return record.files[0]

    def _facts(self, line: int, requirement: str, *without: str) -> dict[str, Any]:
        key = (line, requirement)
        if key not in self.kept:
            self.kept[key] = ready_facts(self.world, self.world.workflow.requirements[requirement], without)
        return deepcopy(self.kept[key])

    def _cited(self, kind: str, name: str, value: Any) -> Any:
        """Returns the records a fact cites by their ids; a requirement's name stands for its newest record."""
        field = self.world.workflow.evidence[kind].fields.get(name)
        if field is None or field.type != "records" or not isinstance(value, list):
            return value
        newest = {name: self.world.newest(name) for name in value}
        return [record.id if (record := newest[name]) is not None else name for name in value]

    def _ready(self, what: Ready, line: int) -> Iterator[Outcome]:
        world = self.world
        for requirement in asked_of(world, what.names, what.without):
            if requirement.evidence is not None:
                facts = as_typed(world, requirement, self._facts(line, requirement.id, *what.without))
                kind = world.workflow.evidence[requirement.evidence]
                for _ in range(self._lacking(requirement)):
                    record = Record(requirement.id, facts=facts, level=requirement.level, file=kind.file == "required")
                    yield from self._record(record, line)
            if requirement.type in ("evidence", "signature"):
                yield from self._sign(requirement.id, None, None)

    def _lacking(self, requirement: Requirement) -> int:
        """Returns how many records that do are missing; a gate is only judged where several are asked for."""
        if requirement.count is None:
            return 1
        verdict = self.world.verdict(requirement.id)
        return requirement.count - (0 if verdict is None else verdict.good)

    def _sign(self, requirement: str, roles: tuple[str, ...] | None, by: str | None) -> Iterator[Outcome]:
        world = self.world
        asked = world.workflow.requirements.get(requirement)
        if roles is None and by is None:
            roles = asked.signed_by if asked is not None else ()
        for role in roles if roles is not None else (None,):
            who = world.cast.person(by) if by else world.cast.holder(str(role))
            yield world.act(commands.Sign(world.new_id("signature"), requirement, role), who)

    # what comes of records later

    def _on_record(self, what: Withdraw | Regrade) -> Outcome:
        world = self.world
        record = world.newest(what.requirement)
        if record is None:
            raise NotReady(f"There is no record for {what.requirement} yet.")
        if isinstance(what, Regrade):
            who = world.cast.person(what.by or AUDITOR)
            return world.act(commands.Regrade(record.id, what.level, REASON), who)
        return world.act(commands.Withdraw(record.id, REASON), world.cast.person(what.by or record.by))

    def _waive(self, what: Waive) -> Outcome:
        world = self.world
        gate = world.workflow.gates.get(world.workflow.gate_of.get(what.requirement, ""))
        allowed = () if gate is None else gate.waived_by or gate.decided_by
        two = [world.cast.person(n) for n in what.by] if what.by else world.cast.two_of(allowed or ("nobody",))
        first, second = two[0], two[-1]
        id = world.new_id("waiver")
        return world.act(commands.Waive(id, what.requirement, REASON, what.until.isoformat(), second), first)

    # decisions and moves

    def _decide(self, what: Decide) -> Iterator[Outcome]:
        world = self.world
        roles = what.roles
        if roles is None and what.by is None:
            way = world.way(what.to)
            gate = None if isinstance(way, Refused) or way.gate is None else world.workflow.gates[way.gate]
            roles = () if gate is None else gate.decided_by
        for role in roles if roles is not None else (None,):
            who = world.cast.person(what.by) if what.by else world.cast.holder(str(role))
            words = REASON if what.dissent else None
            yield world.act(commands.Decide(world.new_id("decision"), self._stage(what.to), role, words), who)

    def _stage(self, way: str | None) -> str | None:
        """Returns the stage a way leads to, where it is named by its id."""
        here = self.world.workflow.stages[self.world.project.stage].transitions
        return next((t.to for t in here if t.id == way), way)

    def _affirm(self, what: Affirm) -> Iterator[Outcome]:
        world, passing = self.world, self.world.passing(what.gate)
        if passing is None:
            raise NotReady(f"{what.gate} has not been passed in this story.")
        for role in what.roles if what.roles is not None else world.workflow.gates[what.gate].decided_by or (None,):
            who = world.cast.submitter() if role is None else world.cast.holder(role)
            yield world.act(commands.Affirm(world.new_id("affirmation"), passing.seq, role), who)

    def _keep(self, what: Keep) -> Outcome:
        world, passing = self.world, self.world.passing(what.gate)
        if passing is None:
            raise NotReady(f"{what.gate} has not been passed in this story.")
        owner = passing.conditions[what.number - 1].owner if what.number <= len(passing.conditions) else ""
        deciders = (world.cast.holder(role) for role in world.workflow.gates[what.gate].decided_by)
        who = next((p for p in deciders if p.person != owner), world.cast.holder(MANAGER))
        if what.by:
            who = world.cast.person(what.by)
        return world.act(commands.MeetCondition(passing.seq, what.number, REASON), who)

    def _advance(self, what: Advance) -> Outcome:
        world = self.world
        way = world.way(what.way)
        if isinstance(way, Refused):
            return way
        who = self._mover(way.by) if what.by is None else world.cast.person(what.by)
        promised = tuple(
            commands.ConditionGiven(p.words, world.cast.person(p.owner).person, p.due.isoformat())
            for p in what.promises
        )
        reason = REASON if what.reason else None
        return world.act(commands.Advance(to=way.to, act=way.id, reason=reason, conditions=promised), who)

    def _mover(self, by: tuple[str, ...]) -> Actor:
        return self.world.cast.holder(by[0]) if by else self.world.cast.submitter()


def examined(kind: EvidenceKind, state: str) -> Examined | None:
    """Returns what the examiner of a kind says in a story; None where nobody examines it. No plugin is asked."""
    if kind.examiner is None:
        return None
    source = Source(kind.examiner.partition("/")[0], "", "")
    return Examined(kind.examiner, source, state, _FOUND[state])


_FOUND: Final = {
    PASSED: (),
    FAULTY: (("said-by-the-story", "fault", "The story says that it has a fault."),),
    FAILED: (("said-by-the-story", "fault", "The story says that the examiner failed."),),
}


def _over(ready: dict[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Returns facts with what a story says put over them, counts part by part; a fact of None is left out."""
    for name, value in said.items():
        whole, _, part = name.partition(".")
        if part:
            ready[whole] = {**ready.get(whole, {}), part: value}
        elif isinstance(value, dict) and isinstance(ready.get(name), dict):
            ready[name] = {**ready[name], **value}
        else:
            ready[name] = value
    return {name: value for name, value in ready.items() if value is not None}
