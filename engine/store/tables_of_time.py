"""The tables of what is to be sent out and of what time brings: rows beside the ledger, that it can make again."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Text, UniqueConstraint, literal_column
from sqlmodel import Field

from engine.store.tables_common import UNROWED, Rows, Sequence


class ObserverTable(Rows, table=True):
    """How far each observer of the ledger was told: the index of the next entry that is still to be put into its box.

    `observer` is PLUGIN/OBSERVER.
    """

    __tablename__ = "observer"
    __table_args__ = (CheckConstraint("next_seq >= 0", "next_seq"), UNROWED)
    observer: str = Field(sa_column=Column(Text, primary_key=True))
    next_seq: int = Field(sa_column=Column(Sequence, nullable=False))


class OutboxTable(Rows, table=True):
    """What is still to be sent out, and what became of it; nothing is sent twice for one occurrence.

    `topic` says what delivers it (`observer:PLUGIN/OBSERVER`), `occurrence` what it is about (for an observer the index
    of the entry); the two are unique together. `state` is waiting, delivered or dead. `claimed_until` fences the one
    who is at it. Times are RFC 3339 in UTC.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'delivered', 'dead')", "state"),
        CheckConstraint("tries >= 0", "tries"),
        UniqueConstraint("topic", "occurrence"),
        Index(
            "ix_outbox_due",
            "next_at",
            sqlite_where=literal_column("state = 'waiting'"),
            postgresql_where=literal_column("state = 'waiting'"),
        ),
        Index("ix_outbox_topic", "topic", "id"),
        Index(
            "ix_outbox_waiting",
            "topic",
            "id",
            sqlite_where=literal_column("state = 'waiting'"),
            postgresql_where=literal_column("state = 'waiting'"),
        ),
        Index(
            "ix_outbox_delivered",
            "done_at",
            sqlite_where=literal_column("state = 'delivered'"),
            postgresql_where=literal_column("state = 'delivered'"),
        ),
        Index(
            "ix_outbox_dead",
            "topic",
            "done_at",
            sqlite_where=literal_column("state = 'dead'"),
            postgresql_where=literal_column("state = 'dead'"),
        ),
    )
    id: int | None = Field(default=None, sa_column=Column(Sequence, primary_key=True, autoincrement=True))
    topic: str = Field(sa_column=Column(Text, nullable=False))
    occurrence: str = Field(sa_column=Column(Text, nullable=False))
    payload: str = Field(sa_column=Column(Text, nullable=False))
    state: str = Field(sa_column=Column(Text, nullable=False))
    tries: int = Field(sa_column=Column(Integer, nullable=False))
    made_at: str = Field(sa_column=Column(Text, nullable=False))
    next_at: str = Field(sa_column=Column(Text, nullable=False))
    claimed_until: str | None = Field(sa_column=Column(Text))
    done_at: str | None = Field(sa_column=Column(Text))
    told: str | None = Field(sa_column=Column(Text))


class DeadlineTable(Rows, table=True):
    """The deadlines of projects, derived anew whenever an act changes one: rows that can be made again from the ledger.

    `due` is a day. `next_on` is the next day on which somebody is to be told; null where nobody is. `owner` is the
    person who answers for it, where one does. `body` is what else is shown of it, as JSON, without a word that somebody
    typed. `version` is the project's version at which the row was written.

    Each project has one row more, of the kind `project` and with its id: its `version` is the one that all its rows
    were derived from, its `body` the deadlines whose day cannot be told, its `due` empty, or 0 where there are such.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_project", "project"),
        Index("ix_deadline_due", "due", "id"),
        Index(
            "ix_deadline_owner",
            "owner",
            sqlite_where=literal_column("owner IS NOT NULL"),
            postgresql_where=literal_column("owner IS NOT NULL"),
        ),
        Index(
            "ix_deadline_next",
            "next_on",
            "due",
            "id",
            sqlite_where=literal_column("next_on IS NOT NULL"),
            postgresql_where=literal_column("next_on IS NOT NULL"),
        ),
        UNROWED,
    )
    id: str = Field(sa_column=Column(Text, primary_key=True))
    project: str = Field(sa_column=Column(Text, nullable=False))
    version: int = Field(sa_column=Column(Sequence, nullable=False))
    kind: str = Field(sa_column=Column(Text, nullable=False))
    severity: str = Field(sa_column=Column(Text, nullable=False))
    due: str = Field(sa_column=Column(Text, nullable=False))
    next_on: str | None = Field(sa_column=Column(Text))
    owner: str | None = Field(sa_column=Column(Text))
    body: str = Field(sa_column=Column(Text, nullable=False))


class StayTable(Rows, table=True):
    """Each stage that a project has left, and how many days it was in it: what forecasts are made from."""

    __tablename__ = "stay"
    __table_args__ = (
        CheckConstraint("days >= 0", "days"),
        Index("ix_stay_stage", "workflow", "stage", "left_on"),
        UNROWED,
    )
    project: str = Field(sa_column=Column(Text, primary_key=True))
    version: int = Field(sa_column=Column(Sequence, primary_key=True, autoincrement=False))
    workflow: str = Field(sa_column=Column(Text, nullable=False))
    stage: str = Field(sa_column=Column(Text, nullable=False))
    left_on: str = Field(sa_column=Column(Text, nullable=False))
    days: int = Field(sa_column=Column(Integer, nullable=False))


class BeatTable(Rows, table=True):
    """When each part of a scheduler was last seen alive, by its name, and what it says of itself, as JSON."""

    __tablename__ = "beat"
    __table_args__ = (UNROWED,)
    name: str = Field(sa_column=Column(Text, primary_key=True))
    at: str = Field(sa_column=Column(Text, nullable=False))
    said: str = Field(sa_column=Column(Text, nullable=False))
