"""Plays one story to its end and says what was kept of what was expected, and what came instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from engine.core.calendar import in_words
from engine.core.definition import Workflow
from engine.core.gates import HOLDS, Verdict
from engine.core.outcome import Accepted, Outcome, Refused
from engine.core.profiles import profile_of
from engine.scenarios.ready import NotReady, claims_of
from engine.scenarios.shapes import (
    Expected,
    Record,
    Regrade,
    Scenario,
    See,
    Sign,
    Step,
    Waive,
    Withdraw,
)
from engine.scenarios.steps import Kept, Player
from engine.scenarios.world import World

STATES: Final = ("met", "unmet", "pending", "waived", "not_applicable", "error")


@dataclass(slots=True)
class Played:
    """What came of a story. `expected` and `came` stand side by side and hold only what was not kept.

    `seen` are the states of every requirement of the gates that were looked at, `asserted` those that the story spoke
    of and that were kept, as pairs of a requirement's id and a state. `touched` are the stages the project was in and
    the gates that anything in the story could depend on.
    """

    expected: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)
    asserted: set[tuple[str, str]] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)

    @property
    def ok(self) -> bool:
        """True where all came as expected."""
        return not self.expected

    def broken(self, expected: str, came: str) -> None:
        """Notes what was not kept."""
        self.expected.append(expected)
        self.came.append(came)


def play(scenario: Scenario, workflow: Workflow, kept: Kept | None = None, *, hurry: bool = False) -> Played:
    """Plays a story and returns what came of it.

    Args:
        scenario: the story.
        workflow: the definition it is played on, its own or a broken one.
        kept: facts that were made ready in an earlier run of this story, which are used again; filled in where new.
        hurry: stop at the first thing that is not kept, and gather no coverage.
    """
    played, world = Played(), World(workflow, scenario)
    if isinstance(world.opened, Refused):
        played.broken("The project can be opened", world.opened.message)
        return played
    player = Player(world, {} if kept is None else kept)
    played.touched |= {workflow.gate_of[id] for id in mentions(scenario) if id in workflow.gate_of}
    for step in _steps(scenario, world):
        played.touched |= world.touched()
        if isinstance(step.what, See):
            _look(step.what.expected, world, None, played, hurry)
        else:
            done = _tried(step, player, played)
            if isinstance(done, Refused):
                played.broken(f"The step in line {step.line} is done", f"It was refused: {done.message}")
            if not isinstance(done, Accepted):
                return played
        if hurry and not played.ok:
            return played
    played.touched |= world.touched()
    outcome = None if scenario.when is None else _tried(scenario.when, player, played)
    _look(scenario.then, world, outcome, played, hurry)
    played.touched |= world.touched()
    return played


def mentions(scenario: Scenario) -> frozenset[str]:
    """Returns the requirements a story names, in its steps and in what it expects."""
    found = {id for look in scenario.looks for id in (*look.states, *look.says, *look.claims)}
    for step in (*scenario.before, *scenario.given, *([] if scenario.when is None else [scenario.when])):
        if isinstance(step.what, Record | Sign | Waive | Withdraw | Regrade):
            found.add(step.what.requirement)
    return frozenset(found)


def _tried(step: Step, player: Player, played: Played) -> Outcome | None:
    """Returns what came of a step; None where it could not even be tried, which is noted."""
    try:
        return player.play(step)
    except NotReady as why:
        played.broken(f"The step in line {step.line} can be tried", str(why))
        return None


def _steps(scenario: Scenario, world: World) -> Iterator[Step]:
    """Yields the steps; between those before the stage was entered and the others, the project enters it."""
    yield from scenario.before
    world.today = scenario.entered
    if scenario.before or scenario.stage != world.project.stage:
        world.enter(scenario.stage)
    world.today = scenario.on
    yield from scenario.given


def _look(expected: Expected, world: World, outcome: Outcome | None, played: Played, hurry: bool) -> None:
    for wanted, came in _differences(expected, world, outcome, played):
        played.broken(wanted, came)
        if hurry:
            return
    if not hurry:
        gates = {g.id for g in world.gates_here()} | {world.workflow.gate_of[r] for r in expected.states}
        for gate in gates:
            played.seen |= {(id, v.state) for id, v in world.judgement(gate).by_id().items()}


def _differences(
    expected: Expected, world: World, outcome: Outcome | None, played: Played
) -> Iterator[tuple[str, str]]:
    """Yields what was expected and what came, in words, for everything that is not as expected."""
    if outcome is not None:
        yield from _of_outcome(expected, outcome)
    yield from _of_project(expected, world)
    for id, state in expected.states.items():
        verdict = world.verdict(id)
        if verdict is None:
            yield f"{id} is {_plain(state)}", f"Nothing is asked for {id} any more."
        elif verdict.state != state:
            yield f"{id} is {_plain(state)}", f"It is {_plain(verdict.state)}: {' '.join(verdict.why)}"
        else:
            played.asserted.add((id, state))
    for id, words in expected.says.items():
        verdict = world.verdict(id)
        why = "" if verdict is None else " ".join(verdict.why)
        if words.casefold() not in why.casefold():
            yield f"{id} says “{words}”", f"It says: {why}" if why else "It says nothing."
    for id, wanted in expected.claims.items():
        record = world.newest(id)
        found = () if record is None else claims_of(world, record)
        if set(found) != set(wanted):
            yield f"{id} claims too much: {_listed(wanted)}", f"It is told of: {_listed(found)}"
    yield from _of_gate(expected, world)


def _of_outcome(expected: Expected, outcome: Outcome) -> Iterator[tuple[str, str]]:
    refused = outcome if isinstance(outcome, Refused) else None
    came = "It was accepted." if refused is None else f"It was refused ({refused.code}): {refused.message}"
    wanted = "accepted" if expected.outcome is None else expected.outcome
    if wanted == "refused" and refused is None:
        yield "The act is refused", came
    elif wanted != "refused" and refused is not None:
        yield f"The act is {wanted}", came
    elif wanted == "passed" and not (isinstance(outcome, Accepted) and _passes(outcome)):
        yield "The act passes a gate", "It was accepted, and no gate was passed by it."
    if expected.code is not None and (refused is None or refused.code != expected.code):
        yield f"The refusal has the code {expected.code}", came
    if expected.because and (refused is None or expected.because.casefold() not in refused.message.casefold()):
        yield f"The refusal says “{expected.because}”", came


def _passes(outcome: Accepted) -> bool:
    return any(e.name == "advanced" and e.body["gate"] is not None for e in outcome.events)


def _of_project(expected: Expected, world: World) -> Iterator[tuple[str, str]]:
    project = world.project
    if expected.stage not in (None, project.stage):
        yield f"The project stands in {expected.stage}", f"It stands in {project.stage}."
    if expected.cycle not in (None, project.cycle):
        yield f"It is in its cycle {expected.cycle}", f"It is in its cycle {project.cycle}."
    if expected.on_hold not in (None, project.hold is not None):
        yield (
            f"It is {'' if expected.on_hold else 'not '}on hold",
            f"It is {'not ' if expected.on_hold else ''}on hold.",
        )
    if expected.profile is not None:
        profile, why = profile_of(world.workflow, project.fields)
        if profile != expected.profile:
            yield f"Its profile is {expected.profile}", f"It is {profile}: {why}"


def _of_gate(expected: Expected, world: World) -> Iterator[tuple[str, str]]:
    if expected.unsound is not None:
        unsound = world.unsound()
        if set(unsound) != set(expected.unsound):
            came = " ".join(f"{gate}: {why}" for gate, why in unsound.items()) or "All passed gates are sound."
            yield f"No longer sound: {_listed(expected.unsound)}", came
    if expected.open is None and expected.earliest is None:
        return
    way = world.way(expected.way)
    if isinstance(way, Refused):
        yield "There is a way on", way.message
        return
    is_open = world.is_open(way)
    if expected.open is not None and is_open != expected.open:
        shut = [f"{v.requirement.id} is {_plain(v.state)}" for v in _shut(world, way.gate)]
        came = f"It is shut: {', '.join(shut) or 'somebody still has to decide'}." if not is_open else "It is open."
        yield f"The gate is {'open' if expected.open else 'shut'}", came
    earliest = None if expected.earliest is None else world.answer(way).earliest_open
    if expected.earliest is not None and earliest != expected.earliest:
        found = "never" if earliest is None else in_words(earliest)
        yield f"The gate can open on {in_words(expected.earliest)} at the earliest", f"The earliest day is: {found}."


def _shut(world: World, gate: str | None) -> list[Verdict]:
    if gate is None:
        return []
    return [v for v in world.judgement(gate).verdicts if v.state not in HOLDS]


def _plain(state: str) -> str:
    return state.replace("_", " ")


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "nothing"
