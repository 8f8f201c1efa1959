"""The engine's reading of a project's plan: what was planned when, how it went, how far it slipped, and a forecast."""

from __future__ import annotations

from typing import Any

from engine.core.definition import Workflow
from engine.core.forecast import LIKELY, MEDIAN, MOST, Cases, Forecast, NoForecast, forecast
from engine.core.planning import Baseline, baselines, moves
from engine.core.slips import AHEAD, NOW, StagePlan, slips
from engine.past import past, sight_of
from engine.room import Room, calendar_of
from engine.sight import Sight, expected_by, placed
from engine.store import stays
from engine.store.database import Database, Transaction

Json = dict[str, Any]


class Plans:
    """Readings of plans; nothing here writes."""

    def __init__(self, database: Database, room: Room) -> None:
        self.database = database
        self.room = room

    def plan(self, project: str, *, as_of: str | None = None) -> dict[str, Any]:
        """Returns the plan of a project, as it stands or as it stood at a point in the past.

        Returns:
            `stages`, oldest first and those ahead last, each with what was planned, what came of it, the slips in
            working days (above 0 is late) and, for the stage at hand and those ahead, `forecast` or `no_forecast`;
            and `baselines`, every plan that was frozen, oldest first.

        Raises:
            NotFound: there is no such project, or there was none then.
            InputRefused: `as_of` is no point of the past.
        """
        with self.database.read() as tx:
            if as_of is None:
                now, workflow = self.room.load(tx, project)
                sight = Sight(now, workflow, self.room.today(workflow), self.room.calendar(workflow))
                entries = stays.moves(tx, project)
            else:
                found = past(tx, self.room, project, as_of)
                sight, entries = sight_of(found, self.room, None), list(found.entries)
                now, workflow = sight.project, sight.workflow
            made, published = moves(workflow, entries), calendar_of(workflow)
            stages = slips(workflow, made, sight.today, published)
            said = iter(_forecast(tx, sight, stages))
            return {
                **placed(sight),
                "on_hold": now.hold is not None,
                "since": now.entered_at,
                "expected_by": expected_by(sight),
                "as_of": sight.today.isoformat(),
                "stages": [_stage(one, workflow, next(said) if one.state in (NOW, AHEAD) else None) for one in stages],
                "baselines": [_baseline(one, workflow) for one in baselines(workflow, made, published)],
            }


def _forecast(tx: Transaction, sight: Sight, stages: list[StagePlan]) -> list[Forecast | NoForecast]:
    """Returns what the register's own finished stages say of the stage at hand and of those ahead."""
    left = [one for one in stages if one.state in (NOW, AHEAD)]
    if not left or left[0].back is None:
        return []
    workflow, until, entered = sight.workflow, sight.today.isoformat(), left[0].back
    cases = [
        Cases(workflow.stages[one.stage].title, stays.days_in(tx, workflow.id, one.stage, MOST, until)) for one in left
    ]
    return forecast(cases[0], cases[1:], entered, (sight.today - entered).days)


def _stage(one: StagePlan, workflow: Workflow, said: Forecast | NoForecast | None) -> Json:
    stage = workflow.stages[one.stage]
    days = {name: getattr(one, name) for name in ("entered", "back", "left", "first", "last", "expected")}
    shown = {name: None if day is None else day.isoformat() for name, day in days.items()}
    return {
        "stage": one.stage,
        "title": stage.title,
        "cycle": one.cycle,
        "state": one.state,
        "target": None if stage.target is None else {"n": stage.target.n, "unit": stage.target.unit},
        "entered_on": shown["entered"],
        "back_on": shown["back"] if shown["back"] != shown["entered"] else None,
        "left_on": shown["left"],
        "planned_first": shown["first"],
        "planned_last": shown["last"],
        "expected": shown["expected"],
        "slip_first": one.slip_first,
        "slip_last": one.slip_last,
        "forecast": _forecast_json(said) if isinstance(said, Forecast) else None,
        "no_forecast": {"cases": said.cases, "why": said.why} if isinstance(said, NoForecast) else None,
    }


def _forecast_json(said: Forecast) -> Json:
    return {
        "cases": said.cases,
        f"p{MEDIAN}_days": said.median_days,
        f"p{LIKELY}_days": said.likely_days,
        f"p{MEDIAN}_on": said.median_on.isoformat(),
        f"p{LIKELY}_on": said.likely_on.isoformat(),
    }


def _baseline(one: Baseline, workflow: Workflow) -> Json:
    return {
        "entry": one.seq,
        "frozen_on": one.day.isoformat(),
        "gate": one.gate,
        "gate_title": None if one.gate is None else workflow.gates[one.gate].title,
        "cycle": one.cycle,
        "planned": [
            {
                "stage": planned.stage,
                "title": workflow.stages[planned.stage].title,
                "by": None if planned.by is None else planned.by.isoformat(),
            }
            for planned in one.planned
        ],
    }
