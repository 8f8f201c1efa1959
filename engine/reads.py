"""The engine's readings of projects and gates: nothing here writes, and every answer is the contract's shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.clock import day_in, end_of, stamp
from engine.core.answer import Answer, answer
from engine.core.answer_json import answer_json, summary
from engine.core.calendar import after
from engine.core.definition import Transition, Workflow
from engine.core.errors import InputRefused, NotFound
from engine.core.outcome import Refused
from engine.core.profiles import profile_of
from engine.core.project import Project, replay
from engine.core.rulings.moves import find_transition
from engine.core.soundness import why_unsound
from engine.core.values import plain
from engine.refusals import raise_refusal
from engine.room import Room, calendar_of
from engine.store import journal, projects
from engine.store.database import Database, Transaction
from engine.store.projects import ProjectRow


@dataclass(frozen=True, slots=True)
class Sight:
    """A project as it is seen: its state, its definition, and the day it is judged on."""

    project: Project
    workflow: Workflow
    today: date


class Reads:
    """Readings. `at` is a day to answer for, given what stands; `as_of` a point in the past to answer from."""

    def __init__(self, database: Database, room: Room) -> None:
        self.database = database
        self.room = room

    # ---- gates and projects

    def gate(
        self, project: str, *, to: str | None = None, at: str | None = None, as_of: str | None = None
    ) -> dict[str, Any]:
        """Returns the complete answer of the gate on the way out of the project's stage."""
        with self.database.read() as tx:
            sight = self._sight(tx, project, at, as_of)
            transition = self._way(tx, sight, to)
            return answer_json(_answer(sight, transition), self.room.names(tx))

    def project(self, project: str, *, at: str | None = None, as_of: str | None = None) -> dict[str, Any]:
        """Returns a project: where it is, what it records, the gates it passed, and who is waited for."""
        with self.database.read() as tx:
            sight = self._sight(tx, project, at, as_of)
            now, workflow = sight.project, sight.workflow
            stage = workflow.stages[now.stage]
            profile, because = profile_of(workflow, now.fields)
            ways = [_answer(sight, t) for t in stage.transitions]
            names = self.room.names(tx)
            return {
                "project": now.id,
                "title": now.title,
                "workflow": now.workflow,
                "workflow_title": workflow.title,
                "definition": now.definition,
                "cycle": now.cycle,
                "stage": now.stage,
                "stage_title": stage.title,
                "final": stage.final,
                "entered_at": now.entered_at,
                "on_hold": now.hold is not None,
                "hold": None if now.hold is None else {"since": now.hold[0], "reason": now.hold[1]},
                "profile": profile,
                "profile_reason": because,
                "fields": {f: plain(workflow.fields.get(f), v) for f, v in now.fields.items()},
                "version": now.version,
                "gates": self._passings(tx, sight),
                "ways": [
                    {
                        "act": w.transition.id,
                        "title": w.transition.title,
                        "to": w.transition.to,
                        "gate": w.transition.gate,
                        "open": w.open,
                        "by": list(w.transition.by),
                        "summary": summary(w),
                    }
                    for w in ways
                    if w.transition is not None
                ],
                "waivers": [
                    {
                        "waiver": w.id,
                        "requirement": w.requirement,
                        "until": w.until,
                        "reason": w.reason,
                        "by": names(w.by),
                        "second": names(w.second),
                    }
                    for w in now.waivers
                ],
                "waiting_for": _waiting_for(sight, ways),
                "since": now.entered_at,
                "expected_by": _expected_by(sight),
                "as_of": sight.today.isoformat(),
            }

    def version(self, project: str) -> int:
        """Returns the version of a project, to be handed to `advance` as what was seen."""
        with self.database.read() as tx:
            return self.room.stored(tx, project).version

    def projects(
        self,
        *,
        stage: str | None = None,
        workflow: str | None = None,
        overdue: bool = False,
        waiting_for: str | None = None,
        limit: int = 50,
        after: str | None = None,
        at: str | None = None,
    ) -> dict[str, Any]:
        """Returns a page of projects by id, at most `limit`, beginning after the cursor `after`."""
        if not 1 <= limit <= 1000:
            raise InputRefused("The limit must be a number from 1 to 1000.")
        with self.database.read() as tx:
            if stage is not None and not projects.has_stage(tx, stage):
                raise NotFound(f"No project is in a stage called {stage}.", code="no_such_stage")
            today = _day(at) if at else day_in("Europe/London", stamp(self.room.clock.now()))
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
                    one = self._listed(tx, row, today if at else None)
                    if waiting_for is None or waiting_for in one["waiting_for"]:
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

    def _listed(self, tx: Transaction, row: ProjectRow, today: date | None) -> dict[str, Any]:
        project, workflow = self.room.load(tx, row.id)
        sight = Sight(project, workflow, today or self.room.today(workflow))
        ways = [_answer(sight, t) for t in workflow.stages[project.stage].transitions if t.gate is not None]
        stage = workflow.stages[project.stage]
        return {
            "project": row.id,
            "title": row.title,
            "workflow": row.workflow,
            "stage": row.stage,
            "stage_title": stage.title,
            "on_hold": row.on_hold,
            "final": stage.final,
            "unsound": any(_why(sight, p) for p in project.passings),
            "entered_at": row.entered_at,
            "expected_by": row.due_on,
            "waiting_for": _waiting_for(sight, ways),
            "missing": sum(
                1
                for w in ways[:1]
                for v in (w.judgement.verdicts if w.judgement else ())
                if v.state in ("unmet", "pending", "error")
            ),
        }

    def titles(self, project: str) -> dict[str, Any]:
        """Returns what people call the roles, stages, requirements, levels and principles of a project's definition."""
        with self.database.read() as tx:
            workflow = self.room.workflow(tx, self.room.stored(tx, project).definition)
        return {
            "roles": dict(workflow.roles),
            "stages": {s.id: s.title for s in workflow.stages.values()},
            "requirements": {r.id: r.title for r in workflow.requirements.values()},
            "gates": {g.id: g.title for g in workflow.gates.values()},
            "levels": list(workflow.levels),
            "principles": dict(workflow.principles),
            "fields": {f.id: f.title for f in workflow.fields.values()},
            "kinds": {
                k.id: {"title": k.title, "file": k.file, "fields": {f.id: list(f.of) for f in k.fields.values()}}
                for k in workflow.evidence.values()
            },
        }

    # ---- what they share

    def _way(self, tx: Transaction, sight: Sight, to: str | None) -> Transition | None:
        stage = sight.workflow.stages[sight.project.stage]
        if stage.final and to is None:
            return None
        found = find_transition(sight.project, sight.workflow, to, None)
        if isinstance(found, Refused) and found.kind == "input" and to is None:
            guarded = [t for t in stage.transitions if t.gate is not None]
            if len(guarded) == 1:
                return guarded[0]
            if not guarded:
                return stage.transitions[0]
        if isinstance(found, Refused):
            raise_refusal(found, self.room.names(tx))
        return found

    def _sight(self, tx: Transaction, project: str, at: str | None, as_of: str | None) -> Sight:
        if as_of is None:
            found, workflow = self.room.load(tx, project)
            return Sight(found, workflow, _day(at) if at else self.room.today(workflow))
        stored = self.room.stored(tx, project)
        workflow = self.room.workflow(tx, stored.definition)
        last, until = _point(as_of, workflow.time_zone)
        then = replay(journal.entries(tx, project=project, last=last, until=until))
        if then is None:
            raise NotFound(f"The project {project} had not been opened then.", code="no_such_project")
        moment = until or next(journal.entries(tx, first=min(last or 0, journal.head(tx).size - 1))).at
        return Sight(then, workflow, _day(at) if at else day_in(workflow.time_zone, moment))

    def _passings(self, tx: Transaction, sight: Sight) -> list[dict[str, Any]]:
        names = self.room.names(tx)
        found = []
        for passing in sight.project.passings:
            why = _why(sight, passing)
            found.append(
                {
                    "gate": passing.gate,
                    "gate_title": sight.workflow.gates[passing.gate].title,
                    "seq": passing.seq,
                    "at": passing.at,
                    "from": passing.from_stage,
                    "to": passing.to,
                    "cycle": passing.cycle,
                    "outcome": passing.outcome,
                    "decided_by": [
                        {"person": d.by, "role": d.role, "name": names(d.by), "dissent": d.dissent}
                        for d in passing.decisions
                    ],
                    "conditions": [
                        {"text": c.text, "owner": c.owner, "name": names(c.owner), "due": c.due}
                        for c in passing.conditions
                    ],
                    "sound": not why,
                    "why_unsound": why,
                }
            )
        return found


def _answer(sight: Sight, transition: Transition | None) -> Answer:
    return answer(sight.workflow, sight.project, transition, sight.today, calendar_of(sight.workflow))


def _why(sight: Sight, passing: Any) -> list[str]:
    return why_unsound(sight.workflow, sight.project, passing, sight.today, calendar_of(sight.workflow))


def _waiting_for(sight: Sight, ways: Sequence[Answer]) -> list[str]:
    """Returns the roles that can do something now towards the gates of the stage.

    Handing evidence in is anyone's, so it is said to wait for those who sign that requirement, where somebody does.
    """
    roles: dict[str, None] = {}
    for way in ways:
        for act in way.acts:
            if act.not_before is not None and act.not_before > sight.today:
                continue
            asked = act.roles
            if act.act == "add_evidence" and act.requirement is not None:
                asked = sight.workflow.requirements[act.requirement].signed_by or act.roles
            roles.update(dict.fromkeys(asked))
    return [r for r in sight.workflow.roles if r in roles] + [r for r in roles if r not in sight.workflow.roles]


def _expected_by(sight: Sight) -> str | None:
    target = sight.workflow.stages[sight.project.stage].target
    if target is None:
        return None
    return after(date.fromisoformat(sight.project.entered_on), target, calendar_of(sight.workflow)).isoformat()


def _day(raw: str) -> date:
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise InputRefused(f"The day must be written like 2026-06-30, not {raw}.") from None


def _point(raw: str, zone: str) -> tuple[int | None, str | None]:
    """Returns a point of the past as (ledger index, moment), one of them None; a day means its end."""
    if raw.isdecimal() and len(raw) <= 15:
        return int(raw), None
    try:
        if len(raw) == 10:
            return None, end_of(zone, date.fromisoformat(raw))
        moment = datetime.fromisoformat(raw)
    except (ValueError, OverflowError):
        raise InputRefused(
            f"A point in the past is a day (2026-06-30), a time (2026-06-30T12:00:00Z) or a ledger index, not {raw}."
        ) from None
    if moment.tzinfo is None:
        raise InputRefused(f"Say in which time zone {raw} is meant, like {raw}Z.")
    return None, stamp(moment + timedelta(0))
