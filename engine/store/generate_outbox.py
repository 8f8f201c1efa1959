"""The statements of the outbox, as SQLAlchemy writes them; `engine.store.generate` compiles them to text."""

from __future__ import annotations

from sqlalchemy import ClauseElement, ColumnElement, Integer, bindparam, delete, func, literal_column, null, select
from sqlalchemy.dialects.sqlite import insert

from engine.store.tables import Rows

_OBSERVER, _OUTBOX = (Rows.metadata.tables[name] for name in ("observer", "outbox"))
_PERSON, _GRANT = (Rows.metadata.tables[name] for name in ("person", "role_grant"))

# A statement, or one with the names of the columns that its parameters of the same names set.
Statement = ClauseElement | tuple[ClauseElement, list[str]]


def of_the_outbox() -> dict[str, Statement]:
    """Returns the statements by name. Only a state that is written out lets SQLite use the index of what waits."""
    box = _OUTBOX.c
    waits, this, mine = _is("waiting"), box.id == bindparam("which"), box.claimed_until == bindparam("lease")
    at_once = box.next_at == box.made_at  # due when it was made, so it is due now, wherever the clock was then
    listed = select(_OUTBOX).order_by(box.id.desc()).limit(bindparam("limit", type_=Integer))
    states = {"": [], "_IN_STATE": [box.state == bindparam("state")]}
    topics = {
        "": [],
        "_OF_TOPIC": [(box.topic == bindparam("topic")) | (func.instr(box.topic, bindparam("inside")) == 1)],
    }
    lists = {
        f"DELIVERIES{topic}{state}": listed.where(*of, *in_state)
        for topic, of in topics.items()
        for state, in_state in states.items()
    }
    columns = ["topic", "occurrence", "payload", "state", "tries", "made_at", "next_at"]
    again = _OUTBOX.update().values(
        state=literal_column("'waiting'"), tries=0, done_at=null(), next_at=bindparam("now")
    )
    free = (box.claimed_until.is_(None)) | (box.claimed_until <= bindparam("now"))
    return {
        "ADD_OBSERVER": insert(_OBSERVER).on_conflict_do_nothing(),
        "OBSERVER": select(_OBSERVER.c.next_seq).where(_OBSERVER.c.observer == bindparam("which")),
        "OBSERVERS": select(_OBSERVER).order_by(_OBSERVER.c.observer),
        "MOVE_OBSERVER": (_OBSERVER.update().where(_OBSERVER.c.observer == bindparam("which")), ["next_seq"]),
        "ADD_DELIVERY": (
            insert(_OUTBOX).on_conflict_do_nothing(),
            columns,
        ),
        "ADD_ENDED": (insert(_OUTBOX).on_conflict_do_nothing(), [*columns, "done_at", "told"]),
        "COUNT_WAITING": select(func.count()).select_from(_OUTBOX).where(waits, box.topic == bindparam("which")),
        "COUNT_WAITING_UNDER": select(func.count()).select_from(_OUTBOX).where(waits, *_under()),
        "COUNT_DEAD_UNDER": select(func.count())
        .select_from(_OUTBOX)
        .where(_is("dead"), *_under(), box.done_at >= bindparam("since")),
        "NEWEST_CLAIM": select(func.max(box.claimed_until)).where(waits, box.topic == bindparam("which")),
        "SHORTEN_CLAIMS": (
            _OUTBOX.update().where(waits, box.topic == bindparam("of_topic"), box.claimed_until > bindparam("latest")),
            ["claimed_until"],
        ),
        "DUE_DELIVERIES": select(_OUTBOX)
        .where(waits, (box.next_at <= bindparam("now")) | at_once, box.topic == bindparam("topic"))
        .order_by(box.id)
        .limit(bindparam("limit", type_=Integer)),
        "CLAIM_DELIVERY": (_OUTBOX.update().where(this), ["claimed_until"]),
        "RELEASE_DELIVERIES": _OUTBOX.update()
        .where(waits, mine, box.topic == bindparam("of_topic"))
        .values(claimed_until=null()),
        "DELIVERED": (
            _OUTBOX.update()
            .where(this, waits)
            .values(state=literal_column("'delivered'"), tries=box.tries + 1, claimed_until=null()),
            ["done_at", "told"],
        ),
        "NOT_DELIVERED": (
            _OUTBOX.update().where(this, waits, mine).values(tries=box.tries + 1, claimed_until=null()),
            ["state", "next_at", "done_at", "told"],
        ),
        "FORGET_DELIVERY": delete(_OUTBOX).where(this, waits),
        "DELIVER_AGAIN": again.where(this, free),
        "DELIVER_DEAD_AGAIN": again.where(_is("dead"), *_under()),
        "COUNT_OLD_DELIVERIES": select(func.count())
        .select_from(_OUTBOX)
        .where(_is("delivered"), box.done_at < bindparam("before")),
        "PRUNE_DELIVERIES": delete(_OUTBOX).where(_is("delivered"), box.done_at < bindparam("before")),
        "DELIVERY": select(_OUTBOX).where(this),
        "COUNT_DELIVERIES": select(box.state, func.count()).where(_inside()).group_by(box.state).order_by(box.state),
        **lists,
        **_of_notices(),
    }


def _of_notices() -> dict[str, Statement]:
    """Returns what only notices ask for: to whom they go, whether one is there, those that are too old to be sent."""
    box = _OUTBOX.c
    after, before = box.occurrence >= bindparam("first"), box.occurrence < bindparam("beyond")
    return {
        "DELIVERY_ABOUT": select(_OUTBOX).where(
            box.topic == bindparam("topic"), box.occurrence == bindparam("occurrence")
        ),
        "DELIVERIES_ABOUT": select(_OUTBOX)
        .where(box.topic == bindparam("topic"), after, before)
        .order_by(box.occurrence),
        "DELIVERIES_UNDER": select(_OUTBOX).where(box.topic == bindparam("topic")).order_by(box.id),
        "COUNT_STALE": select(func.count()).select_from(_OUTBOX).where(*_stale()),
        "GIVE_UP_STALE": (
            _OUTBOX.update().where(*_stale()).values(state=literal_column("'dead'"), claimed_until=null()),
            ["done_at", "told"],
        ),
        "PRUNE_STALE": delete(_OUTBOX).where(*_stale()),
        "COUNT_FORGOTTEN": select(func.count())
        .select_from(_OUTBOX)
        .where(_is("dead"), *_under(), box.done_at < bindparam("before")),
        "PRUNE_DEAD": delete(_OUTBOX).where(_is("dead"), *_under(), box.done_at < bindparam("before")),
        "HOLDERS": select(_GRANT.c.person)
        .distinct()
        .select_from(_GRANT.join(_PERSON, _GRANT.c.person == _PERSON.c.id))
        .where(
            _GRANT.c.role == bindparam("role"),
            (_GRANT.c.scope == literal_column("''")) | (_GRANT.c.scope == bindparam("project")),
            _PERSON.c.active,
        )
        .order_by(_GRANT.c.person),
    }


def _inside() -> ColumnElement[bool]:
    """A condition on the topic: it begins with the parameter `inside`."""
    return func.instr(_OUTBOX.c.topic, bindparam("inside")) == 1


def _under() -> list[ColumnElement[bool]]:
    """Conditions on the topic that an index can be asked for: from `inside` on, and before `beyond`."""
    return [_OUTBOX.c.topic >= bindparam("inside"), _OUTBOX.c.topic < bindparam("beyond")]


def _stale() -> list[ColumnElement[bool]]:
    """What waits under such a topic, was due before a moment, and nobody is at."""
    box = _OUTBOX.c
    free = (box.claimed_until.is_(None)) | (box.claimed_until <= bindparam("now"))
    return [_is("waiting"), _inside(), box.next_at < bindparam("before"), free]


def _is(state: str) -> ColumnElement[bool]:
    """A condition on the state of what is sent out, written out."""
    written: ColumnElement[str] = literal_column(f"'{state}'")
    return _OUTBOX.c.state == written
