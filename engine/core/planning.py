"""Planned dates: what a project did, as moves, and the plan that is frozen whenever one of its gates is passed.

A plan follows from two facts on record: the day a stage was entered, and how long the definition gives each stage. It
is frozen when the project is opened, when a gate is passed and when a new cycle begins: what comes later is held
against it and does not move it. Nothing of it is stored, since all of it can be derived from the ledger at any time.
The days are counted by the published calendar, so that a plan is the same on every machine and for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.core.calendar import Calendar, OutsideCalendar, after
from engine.core.definition import Stage, Transition, Workflow
from engine.core.events import Entry

OPENED, ON, BACK, STOPPED = "opened", "on", "back", "stopped"
"""How a move went: into the project, on, back to an earlier stage, or to an early end."""


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a project, as the ledger has it.

    Attributes:
        seq: its index in the ledger.
        day: the day, in the workflow's time zone.
        to: the stage that was entered.
        gate: the gate that was passed; None where none was.
        cycle: the cycle the project was in after it.
        way: opened, on, back or stopped.
    """

    seq: int
    day: date
    to: str
    gate: str | None
    cycle: int
    way: str


@dataclass(frozen=True, slots=True)
class Planned:
    """The last day on which a stage should be left; None from the first stage on whose day cannot be told."""

    stage: str
    by: date | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The dates planned on a day for the stages ahead, in their order; `gate` is the one passed, if one was."""

    seq: int
    day: date
    gate: str | None
    cycle: int
    planned: tuple[Planned, ...]

    def by(self, stage: str) -> date | None:
        """Returns when a stage was planned to be left; None where the plan does not say."""
        return next((p.by for p in self.planned if p.stage == stage), None)


def moves(workflow: Workflow, entries: Iterable[Entry]) -> list[Move]:
    """Returns the moves among a project's entries, oldest first; entries of other kinds are passed over."""
    found: list[Move] = []
    for entry in entries:
        body, cycle = entry.event.body, found[-1].cycle if found else 1
        match entry.event.name:
            case "project_opened":
                where, gate, way = body["stage"], None, OPENED
            case "gate_reopened":
                where, gate, way = body["to"], None, BACK
            case "advanced":
                where, gate, way = body["to"], body["gate"], way_of(workflow, entry)
                cycle += body["new_cycle"]
            case _:
                continue
        found.append(Move(entry.seq, date.fromisoformat(body["today"]), where, gate, cycle, way))
    return found


def way_of(workflow: Workflow, advanced: Entry) -> str:
    """Returns how an entry `advanced` went: on, back or stopped.

    Whatever passes a gate or begins a new cycle goes on, and so does the way forward out of a stage, wherever it leads.
    """
    body = advanced.event.body
    forward = way_on(workflow.stages[body["from"]])
    if body["gate"] is not None or body["new_cycle"] or (forward is not None and forward.id == body["act"]):
        return ON
    return {"returned": BACK, "stopped": STOPPED}.get(body["outcome"], ON)


def way_on(stage: Stage) -> Transition | None:
    """Returns the way forward out of a stage: the transition called advance, else the only one, else None."""
    ways = [t for t in stage.transitions if t.id == "advance"] or list(stage.transitions)
    return ways[0] if len(ways) == 1 else None


def way_forward(workflow: Workflow, start: str) -> list[Stage]:
    """Returns the stages from one on, by the way forward, to an end, a new cycle, or where somebody has to choose."""
    found: list[Stage] = []
    stage: Stage | None = workflow.stages[start]
    while stage is not None and stage not in found and not stage.final:
        found.append(stage)
        way = way_on(stage)
        stage = None if way is None or way.new_cycle else workflow.stages[way.to]
    return found


def plan(stages: Iterable[Stage], begun: date, published: Calendar) -> tuple[Planned, ...]:
    """Returns when each of some stages, one after the other, is left if each takes as long as its target gives it."""
    found: list[Planned] = []
    day: date | None = begun
    for stage in stages:
        day = None if day is None else _left(stage, day, published)
        found.append(Planned(stage.id, day))
    return tuple(found)


def _left(stage: Stage, begun: date, published: Calendar) -> date | None:
    if stage.target is None:
        return None
    try:
        return after(begun, stage.target, published)
    except OutsideCalendar:  # a year whose holidays nobody knows yet
        return None


def baselines(workflow: Workflow, made: Iterable[Move], published: Calendar) -> list[Baseline]:
    """Returns the plans that were frozen, oldest first: at the opening, at each passed gate, at each new cycle."""
    found: list[Baseline] = []
    cycle = 0
    for move in made:
        if move.gate is not None or move.cycle != cycle:
            planned = plan(way_forward(workflow, move.to), move.day, published)
            found.append(Baseline(move.seq, move.day, move.gate, move.cycle, planned))
        cycle = move.cycle
    return found
