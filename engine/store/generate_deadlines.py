"""The statements on deadlines kept as rows, as SQLAlchemy writes them; `engine.store.generate` makes text of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    delete,
    func,
    literal_column,
    select,
)
from sqlalchemy import tuple_ as row_of
from sqlalchemy.dialects.sqlite import insert

from engine.store.tables import Rows

_DEADLINE, _PROJECT, _DEFINITION = (Rows.metadata.tables[name] for name in ("deadline", "project", "definition"))

# A statement, or one with the names of the columns that its parameters of the same names set.
Statement = ClauseElement | tuple[ClauseElement, list[str]]


def of_deadlines() -> dict[str, Statement]:
    """Returns the statements by name.

    The kind of a project's own row, and that somebody is to be told, are written out: only so SQLite uses its indexes.
    """
    row, project = _DEADLINE.c, _PROJECT.c
    whole = insert(_DEADLINE)
    changed = {name: whole.excluded[name] for name in row.keys() if name != "id"}  # noqa: SIM118  # columns iterate as columns
    this = row.id == bindparam("which")
    most = bindparam("limit", type_=Integer)
    own_row: ColumnElement[str] = literal_column("'project'")
    from_here = row_of(bindparam("after_due"), bindparam("after_id"))
    is_after = row_of(row.due, row.id) > from_here
    # with the sign SQLite does not go by the index of the days, which would lead it through all that is due later
    by_day = [literal_column(f"+deadline.{name}", Text) for name in ("due", "id")]
    old = row.version.is_(None) | (row.version != project.version)
    versions = _PROJECT.outerjoin(_DEADLINE, row.id == project.id)
    return {
        "PUT_DEADLINE": whole.on_conflict_do_update(index_elements=[row.id], set_=changed),
        "FORGET_DEADLINE": delete(_DEADLINE).where(this),
        "DEADLINES_OF_PROJECT": select(_DEADLINE).where(row.project == bindparam("which")),
        "TELL_NEXT": (_DEADLINE.update().where(this), ["next_on"]),
        "DERIVED_FROM": (_DEADLINE.update().where(this), ["version"]),
        "DEADLINES_TO_TELL": select(row.due, row.id, row.project, row.next_on, project.definition)
        .select_from(_DEADLINE.outerjoin(_PROJECT, project.id == row.project))
        .where(row.next_on.is_not(None), row.next_on <= bindparam("today"), row_of(*by_day) > from_here)
        .order_by(*by_day)
        .limit(most),
        "LISTED_DEADLINES": _listed()
        .where(row.due <= bindparam("until"), is_after, row.kind != own_row)
        .order_by(row.due, row.id),
        "LISTED_OF_PROJECT": _listed().where(
            row.project == bindparam("which"), row.due <= bindparam("until"), row.kind != own_row
        ),
        "LISTED_OF_OWNER": _listed().where(row.owner == bindparam("which"), row.due <= bindparam("until")),
        "LISTED_AS_NOT_KNOWN": _listed().where(row.due == literal_column("'0'")).order_by(row.id),
        "OLD_DEADLINES": select(project.id)
        .select_from(versions)
        .where(project.id > bindparam("after"), old)
        .order_by(project.id)
        .limit(most),
        "COUNT_OLD_DEADLINES": select(func.count()).select_from(versions).where(old),
        "SOME_PROJECT_IDS": select(project.id).where(project.id > bindparam("after")).order_by(project.id).limit(most),
        "DEFINITION_DIGESTS": select(_DEFINITION.c.digest).order_by(_DEFINITION.c.digest),
    }


def _listed() -> Select[Any]:
    """Rows with what is shown of their project: its title, whether it is on hold, and what it is pinned to."""
    beside = (_PROJECT.c.title, _PROJECT.c.on_hold, _PROJECT.c.definition)
    return select(*_DEADLINE.c, *beside).select_from(_DEADLINE.join(_PROJECT, _PROJECT.c.id == _DEADLINE.c.project))
