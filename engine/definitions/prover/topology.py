"""Where the stages lead: all that can be reached, what cannot be left, and every way round a gate.

Stages are explored by stepping the machine that steps real projects, so what is proved is what will happen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from engine.core.definition import Stage, Transition, Workflow
from engine.core.machine import step
from engine.definitions.prover.dominators import dominators

Move = tuple[str, str, str]
"""From a stage, by an act, to a stage."""


@dataclass(slots=True)
class Topology:
    """What can be reached in a workflow, found by exhaustive exploration."""

    workflow: Workflow
    came_by: dict[str, Move | None] = field(default_factory=dict)
    ends: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.came_by = explored(self.workflow, lambda _: True)
        self.ends = self._with_an_end()

    def reached(self, stage: str) -> bool:
        """True for a stage that a project can come to."""
        return stage in self.came_by

    def _with_an_end(self) -> frozenset[str]:
        """Returns the stages from which a final one can be reached."""
        before: dict[str, list[str]] = {}
        for stage in self.workflow.stages.values():
            for way in stage.transitions:
                before.setdefault(way.to, []).append(stage.id)
        todo = [stage.id for stage in self.workflow.stages.values() if stage.final]
        found = set(todo)
        while todo:
            for earlier in before.get(todo.pop(), ()):
                if earlier not in found:
                    found.add(earlier)
                    todo.append(earlier)
        return frozenset(found)

    def unreached(self) -> list[str]:
        """Returns the stages no path leads to, in the order of the file."""
        return [id for id in self.workflow.stages if id not in self.came_by]

    def traps(self) -> list[list[str]]:
        """Returns the stages that can be entered and never ended from, those that are joined in one group."""
        lost = {id for id in self.workflow.stages if id in self.came_by and id not in self.ends}
        beside: dict[str, set[str]] = {id: set() for id in lost}
        for id in lost:
            for way in self.workflow.stages[id].transitions:
                beside[id].add(way.to)
                beside[way.to].add(id)
        groups = []
        for id in self.workflow.stages:
            if id not in lost:
                continue
            todo, group = [id], {id}
            while todo:
                group.update(new := beside[todo.pop()] - group)
                todo.extend(new)
            lost -= group
            groups.append([other for other in self.workflow.stages if other in group])
        return groups

    @property
    def sound(self) -> bool:
        """True where every stage and transition can come about, and a project can always still end.

        The classical soundness of workflow nets (van der Aalst, 1998): option to complete, proper completion, no dead
        transition. A project is in one stage at a time, so completion is always proper.
        """
        return not self.unreached() and len(self.ends) == len(self.workflow.stages)

    def ways_round(self) -> list[tuple[str, list[Move]]]:
        """Returns each guarded stage that can be entered without its gates, with the path, run on the real machine.

        Every path to a stage passes a gate that guards it exactly where the set of guarded transitions into the stage,
        taken as a place of its own, dominates the stage (Prosser, 1959): found for all stages in one go.
        """
        arrows: dict[str, list[str]] = {}
        guarded = set()
        for stage in self.workflow.stages.values():
            for way in stage.transitions:
                place = way.to
                if way.gate is not None:
                    place = _door(way.to)
                    guarded.add(way.to)
                    arrows[place] = [way.to]
                arrows.setdefault(stage.id, []).append(place)
        first = self.workflow.first_stage.id
        above = dominators(first, arrows)
        found = []
        for id in self.workflow.stages:
            if id in guarded and id != first and id in above and above[id] != _door(id):
                path = self._round(id)
                if path:
                    found.append((id, path))
        return found

    def _round(self, target: str) -> list[Move]:
        """Returns a shortest path to a stage that never passes a gate guarding it, stepped on the machine."""
        came_by = explored(self.workflow, lambda way: way.gate is None or way.to != target, until=target)
        path = path_to(target, came_by)
        stage = self.workflow.first_stage.id
        for here, act, _ in path:
            way = next(t for t in self.workflow.stages[here].transitions if t.id == act)
            stepped = step(self.workflow, stage, act, may_pass=way.gate is not None and way.to != target)
            if stepped is None:
                return []
            stage = stepped
        return path if stage == target else []


def _door(stage: str) -> str:
    return f"{stage} by a gate"  # an id has no spaces, so this is no stage


def explored(
    workflow: Workflow, allowed: Callable[[Transition], bool], until: str | None = None
) -> dict[str, Move | None]:
    """Returns every stage that the machine can be stepped to, with the move that first led there, nearest first."""
    first = workflow.first_stage.id
    came_by: dict[str, Move | None] = {first: None}
    todo = deque([first])
    while todo and until not in came_by:
        here = todo.popleft()
        for way in workflow.stages[here].transitions:
            if not allowed(way):
                continue
            to = step(workflow, here, way.id, may_pass=way.gate is not None)
            if to is not None and to not in came_by:
                came_by[to] = (here, way.id, to)
                todo.append(to)
    return came_by


def path_to(stage: str, came_by: Mapping[str, Move | None]) -> list[Move]:
    """Returns the moves that lead to a stage."""
    path: list[Move] = []
    move = came_by.get(stage)
    while move is not None:
        path.append(move)
        move = came_by[move[0]]
    return path[::-1]


def in_words(workflow: Workflow, path: Iterable[Move]) -> str:
    """Returns a path as people read it: `plan → (advance, through plan-gate) → design`."""
    words = [workflow.first_stage.id]
    for here, act, to in path:
        words += [f"({act}{_through(workflow.stages[here], act)})", to]
    return " → ".join(words)


def _through(stage: Stage, act: str) -> str:
    gate = next(t.gate for t in stage.transitions if t.id == act)
    return "" if gate is None else f", through {gate}"
