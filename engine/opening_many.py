"""Asks what opening many projects would do, before any of them is opened: nothing here writes to the register."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from engine.choke_point import Call, ChokePoint
from engine.clock import stamp
from engine.core import commands as wish
from engine.core.authority import MANAGER
from engine.core.decide import decide
from engine.core.definition import Workflow
from engine.core.outcome import Actor, Moment, Refused
from engine.refusals import raise_refusal
from engine.store import projects
from engine.store.database import Transaction

Json = dict[str, Any]
PAGE = 1_000


class OpeningMany(ChokePoint):
    """What opening many projects would do."""

    def would_open(self, workflow: str, wanted: Sequence[Mapping[str, Any]], *, actor: str | None) -> list[Json]:
        """Returns what `new_project` would do with each, in their order; the register stays as it is.

        Args:
            workflow: the workflow all of them follow.
            wanted: `title`, and where they are given `project_id`, `fields` and `key` of each.
            actor: who would open them; None asks what a programme manager could do.

        Returns:
            Of each: `project`, the id of the project that the same call with the same key opened before, else None; and
            `problems`, each with the `field` (`title`, `id`, or a field of the workflow) and a sentence.

        Raises:
            NotFound: there is no such workflow.
            NotPermitted: this person may not open projects.
        """
        with self.database.read() as tx:
            pinned = self.room.workflow_called(tx, workflow)
            return [self._would(tx, workflow, pinned, one, actor) for one in wanted]

    def _would(
        self, tx: Transaction, workflow: str, pinned: Workflow, one: Mapping[str, Any], actor: str | None
    ) -> Json:
        title, name, fields = one["title"], one.get("project_id"), one.get("fields") or {}
        seen = self._seen(tx, Call(actor, one.get("key"), ["project new", title, workflow, name, fields]))
        if isinstance(seen, dict):
            return {"project": seen["project"], "problems": []}
        if seen is not None:
            return {"project": None, "problems": [{"field": "id", "message": seen.message}]}
        person = (
            Actor("anyone", "", frozenset({MANAGER})) if actor is None else self.room.actor(tx, actor, None, pinned)
        )
        asked = wish.OpenProject("a-project" if name is None else name, title, fields)
        outcome = decide(None, asked, pinned, person, self._now(pinned))
        if isinstance(outcome, Refused) and outcome.kind != "input":
            raise_refusal(outcome, self.room.names(tx))
        problems = list(outcome.problems) if isinstance(outcome, Refused) else []
        if name is not None and projects.load_project(tx, name) is not None:
            problems.append({"field": "id", "message": f"There is a project {name} already."})
        return {"project": None, "problems": problems}

    def _now(self, pinned: Workflow) -> Moment:
        """Returns the moment by the machine's clock, which is not doubted here: nothing is written by it."""
        return Moment(stamp(self.clock.now()), self.room.today(pinned), self.room.calendar(pinned))

    def projects_titled(self, titles: Collection[str]) -> dict[str, str]:
        """Returns the id of a project that has a title already, by title as it was asked; capitals aside."""
        wanted = {title.strip().casefold(): title for title in titles if title.strip()}
        found: dict[str, str] = {}
        cursor: str | None = None
        with self.database.read() as tx:
            while wanted and (rows := projects.list_projects(tx, limit=PAGE, after=cursor)):
                cursor = rows[-1].id
                for row in rows:
                    title = wanted.get((row.title or "").strip().casefold())
                    if title is not None:
                        found.setdefault(title, row.id)
        return found
