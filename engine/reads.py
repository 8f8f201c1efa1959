"""The engine's readings of projects and gates: nothing here writes, and every answer is the contract's shape."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.core.answer_json import Names, answer_json, summary
from engine.core.definition import Transition
from engine.core.outcome import Refused
from engine.core.profiles import profile_of
from engine.core.rulings.moves import find_transition
from engine.core.values import plain
from engine.history import refused_in
from engine.passed import conditions, passings, tell_what_is_here
from engine.past import past, recorded_names, sight_of
from engine.refusals import raise_refusal
from engine.rested import altered_records, altered_strictly
from engine.room import Room
from engine.sight import Sight, a_day, a_point, answered, expected_by, placed, waiting_for_roles
from engine.store.database import Database, Transaction
from engine.waiting import stuck_json

if TYPE_CHECKING:
    from engine.hosting.host import Host


class Reads:
    """Readings. `at` is a day to answer for, given what stands; `as_of` a point in the past to answer from."""

    host: Host

    def __init__(self, database: Database, room: Room) -> None:
        self.database = database
        self.room = room

    # ---- gates and projects

    def gate(
        self,
        project: str,
        *,
        to: str | None = None,
        act: str | None = None,
        at: str | None = None,
        as_of: str | None = None,
    ) -> dict[str, Any]:
        """Returns the complete answer of the gate on a way out of the project's stage, by its target or its act."""
        with self.database.read() as tx:
            sight = self._sight(tx, project, at, as_of)
            transition, now, workflow = self._way(tx, sight, to, act), sight.project, sight.workflow
            if as_of is None:
                sight = replace(sight, altered=altered_strictly(tx, workflow, now, transition))
            return answer_json(answered(sight, transition), self._names(tx, as_of))

    def project(self, project: str, *, at: str | None = None, as_of: str | None = None) -> dict[str, Any]:
        """Returns a project: where it is, what it records, the gates it passed, and who is waited for."""
        with self.database.read() as tx:
            sight = self._sight(tx, project, at, as_of)
            now, workflow = sight.project, sight.workflow
            stage = workflow.stages[now.stage]
            if as_of is None:  # what the files hold now says nothing of what they held then
                sight = replace(sight, altered=altered_records(tx, workflow, now, now.passings, stage.transitions))
            profile, because = profile_of(workflow, now.fields)
            ways = [answered(sight, t) for t in stage.transitions]
            names = self._names(tx, as_of)
            gates = passings(sight, names)
            tell_what_is_here(gates, self.host)
            return {
                **placed(sight),
                "entered_at": now.entered_at,
                "on_hold": now.hold is not None,
                "hold": None if now.hold is None else {"since": now.hold[0], "reason": now.hold[1]},
                "profile": profile,
                "profile_reason": because,
                "fields": {f: plain(workflow.fields.get(f), v) for f, v in now.fields.items()},
                "version": now.version,
                "frozen": any(w.frozen for w in ways),
                "gates": gates,
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
                "refused": self._refused(tx, sight, names, as_of),
                "waiting_for": waiting_for_roles(sight, ways),
                "since": now.entered_at,
                "expected_by": expected_by(sight),
                "stuck": stuck_json(tx, sight, ways, now=as_of is None),
                "as_of": sight.today.isoformat(),
            }

    def conditions(self, project: str) -> dict[str, Any]:
        """Returns the conditions that a project's gates were passed with, oldest first, and which are met."""
        with self.database.read() as tx:
            sight = self._sight(tx, project, None, None)
            return {"conditions": conditions(sight, self.room.names(tx))}

    def version(self, project: str) -> int:
        """Returns the version of a project, to be handed to `advance` as what was seen."""
        with self.database.read() as tx:
            return self.room.stored(tx, project).version

    def titles(self, project: str) -> dict[str, Any]:
        """Returns what people call the roles, stages, requirements, levels and principles of a project's definition."""
        with self.database.read() as tx:
            digest = self.room.stored(tx, project).definition
        return self.titles_of(digest)

    def titles_of(self, definition: str) -> dict[str, Any]:
        """Returns the same of a definition, by its digest."""
        with self.database.read() as tx:
            workflow = self.room.workflow(tx, definition)
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

    def stood(self, project: str, as_of: str) -> dict[str, Any]:
        """Returns the point in the past that `as_of` means for a project: its last entry by then, and the moment."""
        with self.database.read() as tx:
            return past(tx, self.room, project, as_of).as_json()

    # ---- what they share

    def _refused(self, tx: Transaction, sight: Sight, names: Names, as_of: str | None) -> list[dict[str, Any]]:
        """Returns what was refused in a project, until a point in the past where one is meant."""
        last, until = (None, None) if as_of is None else a_point(as_of, sight.workflow.time_zone)
        return refused_in(tx, sight.project.id, sight.workflow, names, last=last, until=until)

    def _way(self, tx: Transaction, sight: Sight, to: str | None, act: str | None) -> Transition | None:
        stage = sight.workflow.stages[sight.project.stage]
        if stage.final and to is None and act is None:
            return None
        found = find_transition(sight.project, sight.workflow, to, act, gated=True)
        if isinstance(found, Refused) and found.kind == "input" and all(t.gate is None for t in stage.transitions):
            return stage.transitions[0]
        if isinstance(found, Refused):
            raise_refusal(found, self.room.names(tx))
        return found

    def _sight(self, tx: Transaction, project: str, at: str | None, as_of: str | None) -> Sight:
        if as_of is None:
            found, workflow = self.room.load(tx, project)
            return Sight(found, workflow, a_day(at) if at else self.room.today(workflow), self.room.calendar(workflow))
        return sight_of(past(tx, self.room, project, as_of), self.room, at)

    def _names(self, tx: Transaction, as_of: str | None) -> Names:
        return self.room.names(tx) if as_of is None else recorded_names(tx)
