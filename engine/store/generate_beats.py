"""The statements on the beats of workers, as SQLAlchemy writes them; `engine.store.generate` compiles them to text."""

from __future__ import annotations

from sqlalchemy import ClauseElement, bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from engine.store.tables import Rows

_BEAT = Rows.metadata.tables["beat"]


def of_beats() -> dict[str, ClauseElement]:
    """Returns the statements by name."""
    row = insert(_BEAT)
    newest = select(func.max(_BEAT.c.at)).scalar_subquery()
    return {
        "PUT_BEAT": row.on_conflict_do_update(
            index_elements=[_BEAT.c.name], set_={"at": row.excluded.at, "said": row.excluded.said}
        ),
        "BEATS": select(_BEAT).order_by(_BEAT.c.at.desc(), _BEAT.c.name),
        "NEWEST_BEAT": select(func.max(_BEAT.c.at)),
        "PRUNE_BEATS": delete(_BEAT).where(_BEAT.c.at < bindparam("before"), _BEAT.c.at < newest),
    }
