"""How a project went through its stages, and how far each slipped from the plans that were frozen before.

A stage that the project was sent back to is not over: it goes on as if it had not been left, and what came after it is
ahead again. So a stage has one row for each time the project was through it for good, however often it went to and fro.
What it was to be left by is said by the first plan that was made for this time, and by the last one made before it was
entered. A stage that is passed several times in a cycle, like a yearly review, has a plan of its own for each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.core.calendar import Calendar
from engine.core.deadlines import WorkingDays
from engine.core.definition import Workflow
from engine.core.planning import BACK, STOPPED, Baseline, Move, baselines, plan, way_forward

DONE, NOW, AHEAD = "done", "now", "ahead"
"""The states of a stage that is not `stopped`."""


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage as it was planned, and as it went or is expected to go.

    Attributes:
        cycle: the cycle it belongs to.
        state: done, now, ahead, or stopped where the project ended there early.
        entered: the day it was first entered; `back` the day the project last came to it; None while it is ahead.
        left: the day it was left for good.
        first: the day it was to be left by the first plan made for it.
        last: the same by the last plan made before it was entered; for a stage ahead the last there is.
        expected: the day it is left if all goes as the targets say from today on; None where it was left, or no target
            says.
        slip_first, slip_last: how many working days that is after the plans; below 0 it is early, None where nobody
            knows.
    """

    stage: str
    cycle: int
    state: str
    entered: date | None = None
    back: date | None = None
    left: date | None = None
    first: date | None = None
    last: date | None = None
    expected: date | None = None
    slip_first: int | None = None
    slip_last: int | None = None


@dataclass(frozen=True, slots=True)
class _Time:
    """A time in a stage. Plans made for it have an index from `since` to `begun`, that of coming to it last."""

    stage: str
    cycle: int
    since: int
    begun: int
    entered: date
    back: date
    left: date | None = None
    left_seq: int = -1
    stopped: bool = False


def slips(workflow: Workflow, made: Sequence[Move], today: date, published: Calendar) -> list[StagePlan]:
    """Returns every stage of the project, oldest first, then those ahead by the way forward.

    Args:
        made: the moves of the project until now, at least the one that opened it.
        today: the day that a stage which lasts is held against.
        published: the calendar that targets and slips are counted by.
    """
    frozen, working = baselines(workflow, made, published), WorkingDays(published)
    times = _times(workflow, made)
    found = [_held(time, _plans(frozen, time), today, workflow, published) for time in times]
    if times[-1].left is None:
        found += _ahead(times, frozen, made[-1].cycle, found[-1].expected, workflow, published)
    return [_slipped(one, working) for one in found]


def _times(workflow: Workflow, made: Sequence[Move]) -> list[_Time]:
    """Returns the times in stages that still stand, oldest first: what was undone by going back is left out."""
    order = list(workflow.stages)
    over: list[_Time] = []
    path: list[_Time] = []
    begun = 0  # the index of the entry that began the cycle
    cycle = 0
    for move in made:
        if move.way == BACK:
            place = next((n for n in reversed(range(len(path))) if path[n].stage == move.to), None)
            if place is not None:
                again = replace(path[place], begun=move.seq, back=move.day, left=None, left_seq=-1, stopped=False)
                path = [*path[:place], again]
                continue
            path = [time for time in path if order.index(time.stage) < order.index(move.to)]
        elif path:
            path[-1] = replace(path[-1], left=move.day, left_seq=move.seq, stopped=move.way == STOPPED)
        if move.cycle != cycle:
            over, path, begun, cycle = [*over, *path], [], move.seq, move.cycle
        if not workflow.stages[move.to].final:
            since = _since(path, move.to, begun)
            path.append(_Time(move.to, move.cycle, since, move.seq, move.day, move.day))
    return [*over, *path]


def _since(path: Sequence[_Time], stage: str, begun: int) -> int:
    """Returns from which index on plans are for the next time in a stage: since the last time, or the cycle's begin."""
    return next((time.left_seq for time in reversed(path) if time.stage == stage), begun)


def _plans(frozen: Sequence[Baseline], time: _Time) -> list[date]:
    """Returns what the plans say that were made for a time in a stage, the oldest first."""
    return _said(frozen, time.stage, time.cycle, time.since, time.begun)


def _said(frozen: Sequence[Baseline], stage: str, cycle: int, since: int, until: int | None) -> list[date]:
    own = (b.by(stage) for b in frozen if b.cycle == cycle and since <= b.seq and (until is None or b.seq <= until))
    return [day for day in own if day is not None]


def _held(time: _Time, planned: Sequence[date], today: date, workflow: Workflow, published: Calendar) -> StagePlan:
    state, expected = DONE, None
    if time.stopped:
        state = STOPPED
    elif time.left is None:
        state = NOW
        (own,) = plan([workflow.stages[time.stage]], time.back, published)
        expected = None if own.by is None else max(own.by, today)  # what is overdue is left today at the earliest
    first, last = (planned[0], planned[-1]) if planned else (None, None)
    return StagePlan(time.stage, time.cycle, state, time.entered, time.back, time.left, first, last, expected)


def _ahead(
    times: Sequence[_Time],
    frozen: Sequence[Baseline],
    cycle: int,
    expected: date | None,
    workflow: Workflow,
    published: Calendar,
) -> list[StagePlan]:
    stages = way_forward(workflow, times[-1].stage)[1:]
    path = [time for time in times if time.cycle == cycle]
    days = [None] * len(stages) if expected is None else [p.by for p in plan(stages, expected, published)]
    found = []
    for stage, day in zip(stages, days, strict=True):
        planned = _said(frozen, stage.id, cycle, _since(path, stage.id, path[0].since), None)
        first, last = (planned[0], planned[-1]) if planned else (None, None)
        found.append(StagePlan(stage.id, cycle, AHEAD, first=first, last=last, expected=day))
    return found


def _slipped(one: StagePlan, working: WorkingDays) -> StagePlan:
    day = one.left or one.expected
    if one.state == STOPPED or day is None:
        return one
    return replace(one, slip_first=_late(one.first, day, working), slip_last=_late(one.last, day, working))


def _late(planned: date | None, day: date, working: WorkingDays) -> int | None:
    """Returns by how many working days a day is after the planned one."""
    left = None if planned is None else working.left(day, planned)
    return None if left is None else -left
