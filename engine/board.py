"""The engine's reading of many projects: a page of the portfolio at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.clock import day_in, stamp
from engine.core.answer import Answer
from engine.core.deadlines import STAGE
from engine.core.errors import InputRefused, NotFound
from engine.core.gates import HOLDS
from engine.core.outcome import known_or
from engine.core.soundness import resting_on
from engine.hurrying import Hurried
from engine.rested import altered_records
from engine.room import Room
from engine.sight import Sight, a_day, answered, expected_by, waiting_for_roles
from engine.sight import unsound as why_not_sound
from engine.store import definitions_shelf, projects
from engine.store.database import Database, Transaction
from engine.waiting import cursor_of, may_be_stuck, stuck_json

if TYPE_CHECKING:
    from engine.hosting.host import Host


class Board:
    """Readings of the portfolio."""

    host: Host

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
        stuck: bool = False,
        waiting_for: str | None = None,
        limit: int = 50,
        after: str | None = None,
        at: str | None = None,
    ) -> dict[str, Any]:
        """Returns a page of projects by id, at most `limit`, beginning after the cursor `after`.

        Of those that are `stuck` the one that waits longest comes first, and each says in `stuck` since when, why, and
        whom to ask; of all others that is not said.

        Where only the `unsound` are asked for, the stored files that the gates of each project rest on are hashed
        again, too; a page of all projects reads no file. Plugins are asked for two seconds a page at most; after that
        a requirement that one judges counts as missing.
        """
        if not 1 <= limit <= 1000:
            raise InputRefused("The limit must be a number from 1 to 1000.")
        with self.database.read() as tx:
            if stage is not None and not self._known_stage(tx, stage):
                raise NotFound(f"No workflow that is loaded has a stage called {stage}.", code="no_such_stage")
            if workflow is not None and definitions_shelf.current_definition(tx, workflow) is None:
                names = dict.fromkeys(row.workflow for row in definitions_shelf.definitions(tx))
                says = f"No workflow {workflow} is loaded. {known_or(names, workflow)}"
                raise NotFound(says, code="no_such_workflow")
            today = a_day(at) if at else day_in("Europe/London", stamp(self.room.clock.now()))
            rows: Iterator[tuple[str, str]]  # the cursor after each project, and its id
            if stuck:
                late = may_be_stuck(tx, self.room, today.isoformat(), cursor_of(after))
                rows = (
                    (f"{one.since}/{one.project}", one.project)
                    for one in late
                    if stage in (None, one.stage) and workflow in (None, one.workflow)
                )
            else:
                rows = _rows(tx, stage, workflow, today.isoformat() if overdue else None, limit + 1, after)
            found: list[dict[str, Any]] = []
            hurried = Hurried(self.host.judges())
            for cursor, project in rows:
                one = self._listed(tx, project, today if at else None, hurried, reading_files=unsound, stuck=stuck)
                wanted = waiting_for is None or waiting_for in one["waiting_for"]
                if stuck:
                    wanted = wanted and _stuck_since(one, overdue=overdue) == cursor
                if wanted and (one["unsound"] or not unsound):
                    found.append(one)
                    if len(found) == limit:
                        break
            more = len(found) == limit and next(rows, None) is not None
            return {"projects": found, "next": cursor if more else None}

    def _known_stage(self, tx: Transaction, stage: str) -> bool:
        if projects.has_stage(tx, stage):
            return True
        loaded = (self.room.workflow(tx, row.digest) for row in definitions_shelf.definitions(tx))
        return any(stage in workflow.stages for workflow in loaded)

    def _listed(
        self, tx: Transaction, name: str, today: date | None, hurried: Hurried, *, reading_files: bool, stuck: bool
    ) -> dict[str, Any]:
        project, workflow = self.room.load(tx, name)
        workflow = hurried.on(workflow)
        sight = Sight(project, workflow, today or self.room.today(workflow), self.room.calendar(workflow))
        if reading_files and project.passings:
            sight = replace(sight, altered=altered_records(tx, workflow, project, project.passings))
        why = [f"{workflow.gates[p.gate].title}: {w}" for p in resting_on(project) for w in why_not_sound(sight, p)]
        # one way a gate: a gate that guards several ways asks the same of each
        asked = {t.gate: t for t in reversed(workflow.stages[project.stage].transitions) if t.gate is not None}
        ways = [answered(sight, t) for t in reversed(asked.values())]
        stage = workflow.stages[project.stage]
        return {
            "project": project.id,
            "title": project.title,
            "workflow": project.workflow,
            "stage": project.stage,
            "stage_title": stage.title,
            "on_hold": project.hold is not None,
            "final": stage.final,
            "unsound": bool(why),
            "why_unsound": why,
            "frozen": any(way.frozen for way in ways),
            "entered_at": project.entered_at,
            "since": project.entered_at,
            "expected_by": expected_by(sight),
            "waiting_for": waiting_for_roles(sight, ways),
            "missing": _missing(ways[0]) if ways else 0,
            **({"stuck": stuck_json(tx, sight, ways, now=True)} if stuck else {}),
        }


def _rows(
    tx: Transaction, stage: str | None, workflow: str | None, overdue_on: str | None, page: int, after: str | None
) -> Iterator[tuple[str, str]]:
    """Yields (cursor, project) by id, read a page at a time."""
    while True:
        some = projects.list_projects(
            tx, stage=stage, workflow=workflow, overdue_on=overdue_on, limit=page, after=after
        )
        yield from ((row.id, row.id) for row in some)
        if len(some) < page:
            return
        after = some[-1].id


def _stuck_since(one: dict[str, Any], *, overdue: bool) -> str | None:
    """Returns the cursor of a stuck project; None for one that is not stuck, or only `overdue` ones are asked for."""
    found = one["stuck"]
    if found is None or (overdue and found["kind"] != STAGE):
        return None
    return f"{found['since']}/{one['project']}"


def _missing(way: Answer) -> int:
    """Returns how many requirements of a gate do not hold."""
    return 0 if way.judgement is None else sum(v.state not in HOLDS for v in way.judgement.verdicts)
