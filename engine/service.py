"""The engine's acts on projects: load, decide, append, by way of the choke point; one short method an act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.choke_point import Call, ChokePoint
from engine.core import commands as wish
from engine.core.decide import decide
from engine.core.definition import Workflow
from engine.core.errors import Conflict, NotFound
from engine.core.outcome import Refused
from engine.examining import Handed, to_examine
from engine.files import FileGiven, read_files, sealed_each
from engine.refused import Attempt
from engine.room import new_id
from engine.store import files, projects
from engine.store.database import Transaction

Conditions = Sequence[tuple[str, str, str]]


class ProjectActs(ChokePoint):
    """The acts on projects. Each takes the e-mail of the person acting and an idempotency key.

    Each gives the contract's answer to a write. A child of CocycleError is raised for each way to be refused; nothing
    was written then.
    """

    def new_project(
        self,
        title: str,
        workflow: str,
        *,
        project_id: str | None = None,
        fields: Mapping[str, Any] | None = None,
        actor: str | None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Opens a project on the current definition of a workflow, or on a definition by its digest."""
        call = Call(actor, key, ["project new", title, workflow, project_id, fields or {}])
        with self.database.write() as tx:
            pinned = self.room.workflow_called(tx, workflow)
            seen = self._seen(tx, call)
            if isinstance(seen, dict):
                return seen
            if seen is None and project_id is not None and projects.load_project(tx, project_id) is not None:
                seen = Conflict(f"There is a project {project_id} already.", code="id_taken")
            name = self.room.free_id(tx) if project_id is None else project_id
            person = self.room.actor(tx, call.actor, None, pinned)
            moment = self.room.moment(tx, pinned)
            outcome = decide(None, wish.OpenProject(name, title, fields or {}), pinned, person, moment)
            ruled = self._heard(tx, outcome, seen, call)
            if not isinstance(ruled, Refused):
                return self._append(tx, None, ruled.events, pinned, person, call, moment.at)
            refusal = self._put_on_record(tx, ruled, Attempt(call.asked[0], ruled.code), person, moment.at)
        raise refusal

    def set_fields(
        self, project: str, fields: Mapping[str, Any], *, actor: str | None, key: str | None = None
    ) -> dict[str, Any]:
        """Sets fields of a project; an empty text unsets one."""
        call = Call(actor, key, ["project set", project, fields])
        return self._change(project, call, lambda tx, w: wish.SetFields(fields))

    def hold(self, project: str, reason: str, *, actor: str | None, key: str | None = None) -> dict[str, Any]:
        """Puts a project on hold."""
        return self._change(project, Call(actor, key, ["hold", project, reason]), lambda tx, w: wish.Hold(reason))

    def resume(self, project: str, reason: str, *, actor: str | None, key: str | None = None) -> dict[str, Any]:
        """Takes a project off hold."""
        return self._change(project, Call(actor, key, ["resume", project, reason]), lambda tx, w: wish.Resume(reason))

    def add_evidence(
        self,
        project: str,
        requirement: str,
        *,
        level: str | None = None,
        facts: Mapping[str, Any] | None = None,
        files: Sequence[Path | FileGiven] = (),
        happened_on: str | None = None,
        personal: bool = False,
        actor: str | None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Hands in a record for a requirement, with its files; they are read before the register is locked.

        Where a plugin examines its kind, that is done before, too, and what it found is recorded with it.

        The files of a `personal` record are kept sealed, each with a key of its own.
        """
        with self.database.read() as tx:
            self.room.stored(tx, project)
        given, unreadable = read_files(files, self.settings.most_file_bytes)
        handed = Handed(requirement, level, facts or {}, happened_on, given)
        asked = [[f.name, f.sha256] for f in given]
        call = Call(
            actor, key, ["evidence add", project, requirement, level, facts or {}, asked, happened_on, personal]
        )
        with self.database.read() as tx:
            seen = unreadable is not None or self._seen(tx, call) is not None
            examining = None if seen else to_examine(tx, self.room, project, actor, handed)
        examined = None if examining is None else examining.by(self.host)
        given = sealed_each(given) if personal else given
        described = tuple(f.described() for f in given)
        command = wish.AddEvidence(
            new_id("e"), requirement, facts or {}, level, described, happened_on, personal, examined
        )
        return self._change(project, call, lambda tx, w: command, given, late=unreadable)

    def withdraw(self, evidence: str, reason: str, *, actor: str | None, key: str | None = None) -> dict[str, Any]:
        """Withdraws a record."""
        call = Call(actor, key, ["evidence withdraw", evidence, reason])
        return self._change(self._project_of(evidence), call, lambda tx, w: wish.Withdraw(evidence, reason))

    def regrade(
        self, evidence: str, level: str, reason: str, *, actor: str | None, key: str | None = None
    ) -> dict[str, Any]:
        """Judges a record down to a lower level."""
        call = Call(actor, key, ["evidence regrade", evidence, level, reason])
        return self._change(self._project_of(evidence), call, lambda tx, w: wish.Regrade(evidence, level, reason))

    def sign(
        self,
        project: str,
        requirement: str,
        *,
        role: str | None = None,
        expect: int | None = None,
        actor: str | None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Signs the newest record of a requirement, or a requirement that has none; `expect` the version that was seen.

        `contradictions` of the answer are the ids of those that the record held when it was signed.
        """
        call = Call(actor, key, ["sign", project, requirement, role])
        return self._change(project, call, lambda tx, w: wish.Sign(new_id("s"), requirement, role), expect=expect)

    def waive(
        self,
        project: str,
        requirement: str,
        reason: str,
        until: str,
        second: str,
        *,
        actor: str | None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Lets a requirement be until a day, with a second person."""

        def command(tx: Transaction, workflow: Workflow) -> wish.Command:
            other = self.room.person(tx, second, project, workflow)
            return wish.Waive(new_id("w"), requirement, reason, until, other)

        return self._change(project, Call(actor, key, ["waive", project, requirement, reason, until, second]), command)

    def decide(
        self,
        project: str,
        *,
        to: str | None = None,
        act: str | None = None,
        role: str | None = None,
        dissent: str | None = None,
        actor: str | None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Records one person's decision to pass a gate, or their dissent."""
        call = Call(actor, key, ["decide", project, to, act, role, dissent])
        return self._change(project, call, lambda tx, w: wish.Decide(new_id("d"), to, role, dissent, act))

    def affirm(
        self, project: str, passing: int, *, role: str | None = None, actor: str | None, key: str | None = None
    ) -> dict[str, Any]:
        """Records that somebody who decides affirms a passed gate, by its entry; all it lost is put right again.

        `heals` of the answer is true where this was the last who had to.
        """
        call = Call(actor, key, ["affirm", project, passing, role])
        return self._change(project, call, lambda tx, w: wish.Affirm(new_id("d"), passing, role))

    def meet_condition(
        self, project: str, passing: int, number: int, reason: str, *, actor: str | None, key: str | None = None
    ) -> dict[str, Any]:
        """Accepts that a condition of a passing, by its number from 1, is met."""
        call = Call(actor, key, ["condition met", project, passing, number, reason])
        return self._change(project, call, lambda tx, w: wish.MeetCondition(passing, number, reason))

    def advance(
        self,
        project: str,
        *,
        to: str | None = None,
        act: str | None = None,
        reason: str | None = None,
        conditions: Conditions = (),
        expect: int | None = None,
        actor: str | None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Takes a transition. `conditions` are (text, owner's e-mail, due day); `expect` the version that was seen."""

        def command(tx: Transaction, workflow: Workflow) -> wish.Command:
            owned = tuple(
                wish.ConditionGiven(text, self.room.person(tx, owner, project, workflow).person, due)
                for text, owner, due in conditions
            )
            return wish.Advance(to, act, reason, owned)

        call = Call(actor, key, ["advance", project, to, act, reason, [list(c) for c in conditions]])
        return self._change(project, call, command, expect=expect)

    def _project_of(self, evidence: str) -> str:
        with self.database.read() as tx:
            project = files.project_of_evidence(tx, evidence)
        if project is None:
            raise NotFound(f"There is no evidence {evidence}.", code="no_such_evidence")
        return project
