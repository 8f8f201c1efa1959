"""A small stage for laws: given events, when a command comes, then an outcome; the ledger's laws are checked always.

Everybody is called by the role they hold; `lead` is who hands evidence in unless another is named. After each accepted
wish the story checks what holds for every history: dense versions, members as in `SCHEMA`, an untouched predecessor,
replay equal to the fold, and a snapshot that reads back the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from engine.core.answer import Answer, answer
from engine.core.answer_json import answer_json
from engine.core.bank_holidays import england_and_wales
from engine.core.calendar import Calendar
from engine.core.commands import (
    AddEvidence,
    Advance,
    Affirm,
    Command,
    Decide,
    EraseEvidence,
    MeetCondition,
    OpenProject,
    Regrade,
    Sign,
    Waive,
    Withdraw,
)
from engine.core.decide import decide
from engine.core.definition import Requirement, Transition, Workflow
from engine.core.events import ERASED, SCHEMA, Entry, Event
from engine.core.evidence import Record
from engine.core.gates import Judgement, Verdict, judge
from engine.core.outcome import Accepted, Actor, Moment, Outcome, Refused
from engine.core.project import Project, evolve, replay
from engine.core.rulings.erasing import words_about
from engine.core.rulings.moves import find_transition
from engine.core.snapshot import from_json, to_json

REGISTER = {"manager": "programme_manager", "admin": "admin", "auditor": "auditor", "integrator": "integrator"}


def actor(person: str, *held: str, register: tuple[str, ...] = ()) -> Actor:
    """Returns somebody who holds these roles of the definition and these of the register."""
    return Actor(person, person.capitalize(), frozenset(register), frozenset(held))


STRANGER = Actor("", "who@example.org")


@dataclass(repr=False)
class Story:
    """A project as it comes about."""

    workflow: Workflow
    today: date
    checked: bool = True
    calendar: Calendar = field(default_factory=england_and_wales)
    entries: list[Entry] = field(default_factory=list)
    project_: Project | None = None
    _ids: int = 0

    def __repr__(self) -> str:
        asked = [line for g in self.workflow.gates.values() for r in g.requires for line in _drawn(r)]
        said = [f"{e.at[:10]} {e.by}: {e.event.name} {e.event.body} {e.event.words}" for e in self.entries]
        gates = [f"{g.id} {g.decided_by} {g.dissent} every={g.every_principle}" for g in self.workflow.gates.values()]
        return "\n".join(["Story", *gates, *asked, *said, f"today {self.today}"])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Has Hypothesis print a failing story as it reads, not as it is built."""
        printer.text(repr(self))

    # who and when

    def actor(self, by: str | Actor) -> Actor:
        """Returns the person called by their role, in the definition or in the register."""
        if isinstance(by, Actor):
            return by
        if by in REGISTER:
            return actor(by, register=(REGISTER[by],))
        return actor(by, by) if by in self.workflow.roles else actor(by)

    @property
    def moment(self) -> Moment:
        n = len(self.entries)
        at = f"{self.today.isoformat()}T09:{n // 60 % 60:02d}:{n % 60:02d}.000000Z"
        return Moment(at, self.today, self.calendar)

    def on(self, day: str | date) -> Story:
        """Moves to a day."""
        self.today = day if isinstance(day, date) else date.fromisoformat(day)
        return self

    # given, when

    @property
    def project(self) -> Project:
        assert self.project_ is not None, "the project has not been opened"
        return self.project_

    def given(self, *commands: Command, by: str | Actor | None = None) -> Story:
        """Has the wishes granted; fails where one is refused."""
        for command in commands:
            outcome = self.when(command, by=by).outcome
            assert isinstance(outcome, Accepted), f"{command} was refused: {outcome}"
        return self

    def when(self, command: Command, by: str | Actor | None = None, altered: Iterable[str] = ()) -> Then:
        """Has a wish ruled on, and its events recorded where it is accepted; `altered` records have other bytes now."""
        who = self.actor(by or _usual(command))
        command = self._named(command)
        outcome = decide(self.project_, command, self.workflow, who, self.moment, frozenset(altered))
        if isinstance(outcome, Accepted):
            for event in outcome.events:
                self.record(event, who.person)
        return Then(self, outcome)

    def _named(self, command: Command) -> Command:
        if isinstance(command, AddEvidence | Sign | Waive | Decide | Affirm) and not command.id:
            self._ids += 1
            return replace(command, id=f"{type(command).__name__[0].lower()}{self._ids}")
        if isinstance(command, EraseEvidence) and not command.words:
            return replace(command, words=words_about(command.evidence, self.entries))
        return command

    def record(self, event: Event, by: str) -> None:
        """Seals an event as the journal would, and checks what holds for every history."""
        version = len(self.entries) + 1
        leaf = hashlib.sha256(f"{event.project}/{version}".encode()).hexdigest()
        entry = Entry(100 + len(self.entries), self.moment.at, by, version, leaf, event)
        before = deepcopy(self.project_) if self.checked else None
        # where the words of an entry went, the state is folded anew from what is left
        folds = event.name == "words_erased"
        after = replay(forgotten([*self.entries, entry])) if folds else evolve(self.project_, entry)
        assert after is not None
        if self.checked:
            check_members(event)
            assert self.project_ == before, "evolve changed the project it was given"
        self.entries.append(entry)
        self.project_ = after
        if self.checked:
            check_state(after, self.entries)

    # then

    def way(self, to: str | None = None) -> Transition | None:
        if self.workflow.stages[self.project.stage].final:
            return None
        found = find_transition(self.project, self.workflow, to, None)
        assert isinstance(found, Transition)
        return found

    def answer(self, to: str | None = None) -> Answer:
        """Returns what the gate on the way says today."""
        return answer(self.workflow, self.project, self.way(to), self.today, self.calendar)

    def told(self, to: str | None = None) -> dict[str, Any]:
        """Returns the answer as the contract gives it, once through JSON."""
        found: dict[str, Any] = json.loads(json.dumps(answer_json(self.answer(to), str.capitalize)))
        return found

    def judgement(self, gate: str = "gate") -> Judgement:
        return judge(self.workflow, self.workflow.gates[gate], self.project, self.today, self.calendar)

    def verdict(self, requirement: str) -> Verdict:
        """Returns what one requirement says today."""
        gate = self.workflow.gate_of[requirement]
        return self.judgement(gate).by_id()[requirement]

    def state(self, requirement: str) -> str:
        return self.verdict(requirement).state

    def why(self, requirement: str) -> str:
        return " ".join(self.verdict(requirement).why)

    def record_of(self, requirement: str) -> Record:
        """Returns the newest record of a requirement that is not withdrawn."""
        return self.project.records_for(requirement, any_cycle=True)[0]

    def acts(self) -> list[str]:
        """Returns the acts that would open the gate, each in a word or two."""
        return [_short(a.act, a.requirement, a.detail) for a in self.answer().acts]


def _drawn(requirement: Requirement, depth: int = 1) -> list[str]:
    """Returns a requirement and its parts, a line each, with what it asks for."""
    usual = ("id", "title", "help", "of", "basis")
    members = {n: getattr(requirement, n) for n in requirement.__slots__ if n not in usual}
    asked = {n: v for n, v in members.items() if v not in (None, (), False, 0)}
    return [f"{'  ' * depth}{requirement.id}: {asked}", *(x for r in requirement.of for x in _drawn(r, depth + 1))]


def _short(act: str, requirement: str | None, detail: Any) -> str:
    last = detail["field"] if act == "set_field" else detail["role"] if act in ("sign", "decide") else ""
    return " ".join(word for word in (act, requirement or "", last) if word)


@dataclass
class Then:
    """What came of a wish."""

    story: Story
    outcome: Outcome

    def accepted(self, *names: str) -> Accepted:
        """Fails unless the wish was granted with events of these names."""
        assert isinstance(self.outcome, Accepted), f"refused: {self.outcome}"
        assert [e.name for e in self.outcome.events] == list(names)
        return self.outcome

    def refused(self, kind: str, code: str | None = None, says: str = "") -> Refused:
        """Fails unless the wish was refused for this reason, in words that hold `says`."""
        assert isinstance(self.outcome, Refused), f"accepted: {self.outcome}"
        assert self.outcome.kind == kind, self.outcome
        assert code in (None, self.outcome.code), self.outcome
        assert says in self.outcome.message, self.outcome.message
        return self.outcome


def _usual(command: Command) -> str:
    if isinstance(command, AddEvidence | Withdraw | Advance):
        return "lead"
    if isinstance(command, Sign | Waive | Decide | Affirm | MeetCondition):
        return "sro"
    if isinstance(command, EraseEvidence):
        return "admin"
    return "auditor" if isinstance(command, Regrade) else "manager"


def story(workflow: Workflow, today: str = "2026-06-01", *, checked: bool = True, **fields: Any) -> Story:
    """Returns the story of a project that was just opened."""
    begun = Story(workflow, date.fromisoformat(today), checked)
    return begun.given(OpenProject("CC-1", "Community care", fields))


def check_members(event: Event) -> None:
    """Fails unless an event has exactly the members `SCHEMA` gives it, in clear and in words."""
    _, body, words = SCHEMA[event.name]
    surely = {m for m in body if not m.endswith("?")}
    assert surely <= set(event.body) <= {m.rstrip("?") for m in body}, event
    plain = {w for w in words if not w.endswith(("?", "*"))}
    may = {w.rstrip("?") for w in words if not w.endswith("*")}
    stars = tuple(w.rstrip("*") for w in words if w.endswith("*"))
    extra = {w for w in event.words if not (stars and w.startswith(stars))}
    assert plain <= extra <= may, event


def forgotten(entries: list[Entry]) -> list[Entry]:
    """Returns the entries as they read once what was erased is gone."""
    erased = [e.event.body["words"] for e in entries if e.event.name in ("evidence_erased", "words_erased")]
    gone = {(seq, name) for words in erased for seq, names in words for name in names}
    if not gone:
        return entries
    return [
        replace(
            e, event=replace(e.event, words={n: ERASED if (e.seq, n) in gone else w for n, w in e.event.words.items()})
        )
        for e in entries
    ]


def check_state(project: Project, entries: list[Entry]) -> None:
    """Fails unless the state is the replay of the entries and reads back the same from its snapshot.

    The entries are replayed as they were, and as the register has them: without the words that were erased since.
    """
    assert [e.version for e in entries] == list(range(1, len(entries) + 1))
    assert project.version == len(entries)
    if not any(e.event.name == "words_erased" for e in entries):
        assert replay(entries) == project
    assert replay(forgotten(entries)) == project
    assert from_json(json.loads(json.dumps(to_json(project)))) == project
