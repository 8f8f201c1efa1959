"""The projection of projects: each as it stands, in one row, with counts by stage. Rebuilt from the journal at will."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engine.core.errors import Conflict
from engine.store import statements
from engine.store.database import Transaction

_LISTS = {
    (False, False, False): statements.PROJECTS,
    (True, False, False): statements.PROJECTS_BY_STAGE,
    (False, True, False): statements.PROJECTS_BY_WORKFLOW,
    (True, True, False): statements.PROJECTS_BY_STAGE_BY_WORKFLOW,
    (False, False, True): statements.PROJECTS_BY_OVERDUE_ON,
    (True, False, True): statements.PROJECTS_BY_STAGE_BY_OVERDUE_ON,
    (False, True, True): statements.PROJECTS_BY_WORKFLOW_BY_OVERDUE_ON,
    (True, True, True): statements.PROJECTS_BY_STAGE_BY_WORKFLOW_BY_OVERDUE_ON,
}


class StoredProject(NamedTuple):
    """What is needed to act on a project; `definition` is the digest it is pinned to."""

    id: str
    version: int
    definition: str
    snapshot: bytes


class ProjectRow(NamedTuple):
    """A project as lists show it.

    Attributes:
        version: how many events it has; the last one's version.
        definition: the digest it is pinned to.
        title: None once it was erased.
        entered_at: when its stage was entered, like an entry's `at`.
        due_on: the day its stage should be left, ISO; None where no day is set.
        snapshot: the fold of its events, as the core wrote it.
    """

    id: str
    version: int
    workflow: str
    definition: str
    stage: str
    stage_final: bool
    on_hold: bool
    cycle: int
    title: str | None
    entered_at: str
    due_on: str | None
    snapshot: bytes


def load_project(tx: Transaction, project: str) -> StoredProject | None:
    """Returns a project as it stands; None where there is none of this id."""
    row = tx.execute(statements.PROJECT, {"which": project}).fetchone()
    if row is None:
        return None
    id_, version, workflow, definition, stage, stage_final, due_on, snapshot = row
    tx.places[project] = (version, workflow, definition, stage, stage_final, due_on)
    return StoredProject(id_, version, definition, snapshot)


def save_project(tx: Transaction, row: ProjectRow, *, expected_version: int | None) -> None:
    """Writes a project as it stands now.

    Args:
        row: all of it.
        expected_version: the version it was decided on; None for a new project.

    Raises:
        Conflict: `id_taken` where a new project's id is in use; `moved` where the version is another one by now.
    """
    # Nobody else writes while this transaction holds the lock, so where it saw the project is where the project is.
    place = tx.places.get(row.id) or tx.execute(statements.PROJECT_PLACE, {"which": row.id}).fetchone()
    values = row._asdict()
    now = (row.version, row.workflow, row.definition, row.stage, row.stage_final, row.due_on)
    if expected_version is None:
        if place is not None:
            raise Conflict(f"There is a project {row.id} already.", code="id_taken", details={"project": row.id})
        tx.execute(statements.ADD_PROJECT, values)
        tx.execute(statements.ENTER_STAGE, {"workflow": row.workflow, "stage": row.stage})
        tx.places[row.id] = now
        return
    if place is None or place[0] != expected_version:
        raise _moved(row.id, expected_version, None if place is None else place[0])
    _, workflow, definition, stage, stage_final, due_on = place
    values |= {"which": row.id, "expected": expected_version}
    if (row.workflow, row.definition) != (workflow, definition):
        sql = statements.REPIN_PROJECT
    elif (row.stage, row.stage_final, row.due_on) != (stage, stage_final, due_on):
        sql = statements.MOVE_PROJECT
    else:
        sql = statements.KEEP_PROJECT
    if tx.execute(sql, values).rowcount != 1:
        raise _moved(row.id, expected_version, None)
    tx.places[row.id] = now
    if (row.workflow, row.stage) != (workflow, stage):
        tx.execute(statements.LEAVE_STAGE, {"of_workflow": workflow, "of_stage": stage})
        tx.execute(statements.ENTER_STAGE, {"workflow": row.workflow, "stage": row.stage})


def list_projects(
    tx: Transaction,
    *,
    stage: str | None = None,
    workflow: str | None = None,
    overdue_on: str | None = None,
    limit: int = 50,
    after: str | None = None,
) -> list[ProjectRow]:
    """Returns projects ordered by id.

    Args:
        stage, workflow: only those there.
        overdue_on: a day, ISO; only those that were due before it and are not in a final stage.
        limit: how many at most.
        after: the id of the last one of the page before.
    """
    values = {"stage": stage, "workflow": workflow, "overdue_on": overdue_on, "limit": limit, "after": after or ""}
    sql = _LISTS[stage is not None, workflow is not None, overdue_on is not None]
    return [_row(row) for row in tx.execute(sql, values)]


def stage_counts(tx: Transaction) -> list[tuple[str, str, int]]:
    """Returns (workflow, stage, how many projects stand there), without those where none does."""
    return tx.execute(statements.STAGE_COUNTS).fetchall()


def has_stage(tx: Transaction, stage: str) -> bool:
    """Answers whether a project stands, or ever stood, in a stage of this id."""
    return tx.execute(statements.STAGE, {"which": stage}).fetchone() is not None


def project_ids(tx: Transaction) -> Iterator[str]:
    """Yields the ids of all projects in their order."""
    for (project,) in tx.execute(statements.PROJECT_IDS):
        yield project


def _moved(project: str, expected: int, found: int | None) -> Conflict:
    return Conflict(
        f"Project {project} has moved on since it was looked at: it is no longer at version {expected}.",
        code="moved",
        details={"project": project, "version": found},
    )


def _row(row: tuple[object, ...]) -> ProjectRow:
    read = ProjectRow(*row)  # type: ignore[arg-type]  # the columns of the table, in the order of the fields
    return read._replace(stage_final=bool(read.stage_final), on_hold=bool(read.on_hold))
