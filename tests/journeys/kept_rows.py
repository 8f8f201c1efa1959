"""What must be true of the rows of deadlines whatever happened: they are what the state of each project makes."""

from __future__ import annotations

from dataclasses import replace

from engine.api import Engine
from engine.core.deadlines import Deadline
from engine.core.definition import Workflow
from engine.core.project import Project
from engine.core.reminding import Step
from engine.due import deadline_of, not_known_of, without_plugins
from engine.store import deadlines, outbox, projects
from engine.store.database import Transaction
from engine.store.deadlines import DeadlineRow

MARKS = "mark"


def mistakes_in_rows(engine: Engine) -> list[str]:
    """Returns what in the rows is not what the states of the projects make, a sentence each."""
    found: list[str] = []
    with engine.database.read() as tx:
        for project in list(projects.project_ids(tx)):
            now, workflow = engine.room.load(tx, project)
            kept = deadlines.of_project(tx, project)
            own = kept.pop(project, None)
            derived = without_plugins(engine.room, now, workflow)
            if own is None or own.version != now.version:
                found.append(f"{project} is at {now.version}, its rows at {own and own.version}.")
            elif list(not_known_of(own)) != list(derived.not_known):
                found.append(f"{project} has other deadlines that are not known.")
            wanted = {one.id: one for one in derived.deadlines}
            said = {row.id: deadline_of(row, workflow) for row in kept.values()}
            if {id_: _untyped(one) for id_, one in wanted.items()} != said:
                found.append(f"{project} has the rows {said} and should have {wanted}.")
            found += [f"{row.id} is told after a hold." for row in kept.values() if _should_be_silent(row, now)]
    return found


def _untyped(one: Deadline) -> Deadline:
    return replace(one, says=None)


def _should_be_silent(row: DeadlineRow, project: Project) -> bool:
    return row.severity == "plan" and (row.next_on is None) != (project.hold is not None)


class Told:
    """Puts nothing into the box but a mark, which nothing keeps from being put twice, and remembers the steps."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int]] = []

    def __call__(
        self, tx: Transaction, row: DeadlineRow, project: Project, workflow: Workflow, step: Step, at: str
    ) -> int:
        """Notes a step: of which deadline, and how many working days were left."""
        self.steps.append((row.id, step.left))
        outbox.put(tx, MARKS, [(f"{row.id} {step.left} {len(self.steps)}", "{}")], at)
        return 1
