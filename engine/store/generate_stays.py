"""The statements on times in stages and on projects that wait too long; `engine.store.generate` makes text of them."""

from __future__ import annotations

from sqlalchemy import ClauseElement, ColumnElement, Integer, bindparam, delete, false, func, literal_column, select
from sqlalchemy import tuple_ as row_of
from sqlalchemy.dialects.sqlite import insert

from engine.core.stuck import KINDS
from engine.store.tables import Rows

_STAY, _PROJECT, _DEADLINE, _ENTRY = (Rows.metadata.tables[name] for name in ("stay", "project", "deadline", "entry"))
_MOVES = ("project_opened", "advanced", "gate_reopened")


def of_stays() -> dict[str, ClauseElement]:
    """Returns the statements by name.

    What is never another value is written out: only so SQLite uses its indexes. That a stage has no target is asked in
    a roundabout way: else SQLite begins with all such projects, instead of with the deadlines in their order.
    """
    stay, project, deadline, entry = _STAY.c, _PROJECT.c, _DEADLINE.c, _ENTRY.c
    most = bindparam("limit", type_=Integer)
    cursor = row_of(bindparam("after_day"), bindparam("after_id"))
    goes_on = (project.stage_final.is_(false())) & (project.on_hold.is_(false()))
    moves = select(entry.seq, entry.leaf).where(
        entry.project == bindparam("which"), entry.name.in_([_written(name) for name in _MOVES])
    )
    return {
        "ADD_STAY": insert(_STAY).on_conflict_do_nothing(),
        "FORGET_STAYS": delete(_STAY).where(stay.project == bindparam("which")),
        "STAYS_IN": select(stay.days)
        .where(
            stay.workflow == bindparam("workflow"),
            stay.stage == bindparam("stage"),
            stay.left_on <= bindparam("until"),
        )
        .order_by(stay.left_on.desc(), stay.project.desc(), stay.version.desc())
        .limit(most),
        "STAYS": select(_STAY).order_by(stay.project, stay.version),
        "MOVES": moves.order_by(entry.version),
        "LAST_MOVE": moves.where(entry.seq < bindparam("before")).order_by(entry.version.desc()).limit(1),
        "PAST_TARGET": select(project.due_on, project.id, project.workflow, project.stage)
        .where(project.due_on < bindparam("today"), goes_on, row_of(project.due_on, project.id) > cursor)
        .order_by(project.due_on, project.id)
        .limit(most),
        "PAST_DEADLINE": select(deadline.due, deadline.project, project.workflow, project.stage)
        .select_from(_DEADLINE.join(_PROJECT, deadline.project == project.id))
        .where(
            deadline.due < bindparam("today"),
            deadline.due >= bindparam("after_day"),
            row_of(deadline.due, deadline.project) > cursor,
            deadline.kind.in_([_written(kind) for kind in KINDS]),
            func.coalesce(project.due_on, literal_column("''")) == literal_column("''"),
            goes_on,
        )
        .order_by(deadline.due, deadline.project)
        .limit(most),
    }


def _written(value: str) -> ColumnElement[str]:
    written: ColumnElement[str] = literal_column(f"'{value}'")
    return written
