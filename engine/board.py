"""The engine's reading of many projects: a page of the portfolio at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from engine.clock import day_in, stamp
from engine.core.answer import Answer
from engine.core.errors import InputRefused, NotFound
from engine.core.gates import HOLDS
from engine.core.soundness import resting_on
from engine.rested import altered_records
from engine.room import Room
from engine.sight import Sight, a_day, answered, waiting_for_roles
from engine.sight import unsound as why_not_sound
from engine.store import definitions_shelf, projects
from engine.store.database import Database, Transaction
from engine.store.projects import ProjectRow


class Board:
    """Readings of the portfolio."""

    def __init__(self, database: Database, room: Room) -> None:
        self.database = database
        self.room = room

    def projects(
        self,
        *,
        stage: str | None = None,
        workflow: str | None = None,
        overdue: bool = False,
        unsound: bool = False,
        waiting_for: str | None = None,
        limit: int = 50,
        after: str | None = None,
        at: str | None = None,
    ) -> dict[str, Any]:
        """Returns a page of projects by id, at most `limit`, beginning after the cursor `after`.

        Where only the `unsound` are asked for, the stored files that the gates of each project rest on are hashed
        again, too; a page of all projects reads no file.
        """
        if not 1 <= limit <= 1000:
            raise InputRefused("The limit must be a number from 1 to 1000.")
        with self.database.read() as tx:
            if stage is not None and not self._known_stage(tx, stage):
                raise NotFound(f"No workflow that is loaded has a stage called {stage}.", code="no_such_stage")
            today = a_day(at) if at else day_in("Europe/London", stamp(self.room.clock.now()))
            found: list[dict[str, Any]] = []
            cursor = after
            while len(found) < limit:
                rows = projects.list_projects(
                    tx,
                    stage=stage,
                    workflow=workflow,
                    overdue_on=today.isoformat() if overdue else None,
                    limit=limit,
                    after=cursor,
                )
                for row in rows:
                    cursor = row.id
                    one = self._listed(tx, row, today if at else None, reading_files=unsound)
                    wanted = waiting_for is None or waiting_for in one["waiting_for"]
                    if wanted and (one["unsound"] or not unsound):
                        found.append(one)
                        if len(found) == limit:
                            break
                if len(rows) < limit:
                    break
            more = len(found) == limit and bool(
                projects.list_projects(
                    tx,
                    stage=stage,
                    workflow=workflow,
                    overdue_on=today.isoformat() if overdue else None,
                    limit=1,
                    after=cursor,
                )
            )
            return {"projects": found, "next": cursor if more else None}

    def _known_stage(self, tx: Transaction, stage: str) -> bool:
        if projects.has_stage(tx, stage):
            return True
        loaded = (self.room.workflow(tx, row.digest) for row in definitions_shelf.definitions(tx))
        return any(stage in workflow.stages for workflow in loaded)

    def _listed(self, tx: Transaction, row: ProjectRow, today: date | None, *, reading_files: bool) -> dict[str, Any]:
        project, workflow = self.room.load(tx, row.id)
        sight = Sight(project, workflow, today or self.room.today(workflow), self.room.calendar(workflow))
        if reading_files and project.passings:
            sight = replace(sight, altered=altered_records(tx, workflow, project, project.passings))
        why = [f"{workflow.gates[p.gate].title}: {w}" for p in resting_on(project) for w in why_not_sound(sight, p)]
        # one way a gate: a gate that guards several ways asks the same of each
        asked = {t.gate: t for t in reversed(workflow.stages[project.stage].transitions) if t.gate is not None}
        ways = [answered(sight, t) for t in reversed(asked.values())]
        stage = workflow.stages[project.stage]
        return {
            "project": row.id,
            "title": row.title,
            "workflow": row.workflow,
            "stage": row.stage,
            "stage_title": stage.title,
            "on_hold": row.on_hold,
            "final": stage.final,
            "unsound": bool(why),
            "why_unsound": why,
            "frozen": any(way.frozen for way in ways),
            "entered_at": row.entered_at,
            "expected_by": row.due_on,
            "waiting_for": waiting_for_roles(sight, ways),
            "missing": _missing(ways[0]) if ways else 0,
        }


def _missing(way: Answer) -> int:
    """Returns how many requirements of a gate do not hold."""
    return 0 if way.judgement is None else sum(v.state not in HOLDS for v in way.judgement.verdicts)
