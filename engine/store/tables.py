"""The tables, the one source of truth of the schema: statements are compiled from them, migrations compared with them.

No row is ever made from these classes at run time: `table=True` skips validation, and the running product uses SQL text
compiled ahead. So what must always hold is written as constraints and triggers of the database itself.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    event,
    literal_column,
)
from sqlmodel import Field

from engine.store.tables_common import UNROWED, Rows, Sequence, flag
from engine.store.tables_of_time import BeatTable, DeadlineTable, ObserverTable, OutboxTable, StayTable

__all__ = ["BeatTable", "DeadlineTable", "ObserverTable", "OutboxTable", "Rows", "StayTable"]


class EntryTable(Rows, table=True):
    """The ledger: leaves in their order. Never updated, never deleted from."""

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("seq >= 0", "seq"),
        CheckConstraint("length(leaf_hash) = 32", "leaf_hash"),
        CheckConstraint("length(root) = 32", "root"),
        CheckConstraint("(project IS NULL) = (version = 0)", "version"),
        CheckConstraint("version >= 0", "version_sign"),
        Index(
            None,
            "project",
            "version",
            unique=True,
            sqlite_where=Column("project").is_not(None),
            postgresql_where=Column("project").is_not(None),
        ),
        Index(
            "ix_entry_register",
            "seq",
            sqlite_where=Column("project").is_(None),
            postgresql_where=Column("project").is_(None),
        ),
        Index(
            "ix_entry_corrected",
            "seq",
            sqlite_where=literal_column("name") == literal_column("'corrected'"),
            postgresql_where=literal_column("name") == literal_column("'corrected'"),
        ),
    )
    seq: int = Field(sa_column=Column(Sequence, primary_key=True, autoincrement=False))
    leaf: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    leaf_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    root: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # of the tree that ends with this entry
    project: str | None = Field(sa_column=Column(Text))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    name: str = Field(sa_column=Column(Text, nullable=False))
    at: str = Field(sa_column=Column(Text, nullable=False))
    actor: str = Field(sa_column=Column(Text, nullable=False))


class WordTable(Rows, table=True):
    """What people typed, as canonical JSON, with the salt of its commitment. Erasing is deleting the row."""

    __tablename__ = "word"
    __table_args__ = (CheckConstraint("length(salt) = 32", "salt"), UNROWED)
    seq: int = Field(sa_column=Column(Sequence, ForeignKey("entry.seq"), primary_key=True, autoincrement=False))
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = Field(sa_column=Column(Text, nullable=False))
    salt: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class NodeTable(Rows, table=True):
    """The roots of the complete trees of 256^level leaves, from which proofs are made without reading every leaf."""

    __tablename__ = "node"
    __table_args__ = (
        CheckConstraint("level >= 1", "level"),
        CheckConstraint("length(hash) = 32", "hash"),
        UNROWED,
    )
    level: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    place: int = Field(sa_column=Column(Sequence, primary_key=True, autoincrement=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class HeadTable(Rows, table=True):
    """Where the ledger ends: one row, which every writer moves on by compare-and-set."""

    __tablename__ = "head"
    __table_args__ = (
        CheckConstraint("id = 1", "one"),
        CheckConstraint("size >= 0", "size"),
        CheckConstraint("length(root) = 32", "root"),
    )
    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    size: int = Field(sa_column=Column(Sequence, nullable=False))
    root: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    frontier: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: str = Field(sa_column=Column(Text, nullable=False))
    people_version: int = Field(sa_column=Column(Integer, nullable=False))


class IdempotencyTable(Rows, table=True):
    """Every key ever used, as its hash, with what was asked and the entries that were the answer."""

    __tablename__ = "idempotency"
    __table_args__ = (CheckConstraint("first_seq <= last_seq", "span"), UNROWED)
    key_hash: str = Field(sa_column=Column(Text, primary_key=True))
    fingerprint: str = Field(sa_column=Column(Text, nullable=False))
    first_seq: int = Field(sa_column=Column(Sequence, nullable=False))
    last_seq: int = Field(sa_column=Column(Sequence, nullable=False))


class ProjectTable(Rows, table=True):
    """Each project as it stands, a projection: the snapshot is the fold of its entries."""

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint("version >= 1", "version"),
        CheckConstraint("cycle >= 1", "cycle"),
        Index(None, "stage", "id"),
        Index(None, "workflow", "stage", "id"),
        Index(
            "ix_project_open_due_on_id",
            "due_on",
            "id",
            sqlite_where=Column("stage_final", Boolean).is_(False),
            postgresql_where=Column("stage_final", Boolean).is_(False),
        ),
    )
    id: str = Field(sa_column=Column(Text, primary_key=True))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    workflow: str = Field(sa_column=Column(Text, nullable=False))
    definition: str = Field(sa_column=Column(Text, ForeignKey("definition.digest"), nullable=False))
    stage: str = Field(sa_column=Column(Text, nullable=False))
    stage_final: bool = Field(sa_column=flag("stage_final"))
    on_hold: bool = Field(sa_column=flag("on_hold"))
    cycle: int = Field(sa_column=Column(Integer, nullable=False))
    title: str | None = Field(sa_column=Column(Text))
    entered_at: str = Field(sa_column=Column(Text, nullable=False))
    due_on: str | None = Field(sa_column=Column(Text))
    snapshot: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class StageCountTable(Rows, table=True):
    """How many projects stand in each stage: counting them by index is slow at a million, so it is kept."""

    __tablename__ = "stage_count"
    __table_args__ = (CheckConstraint("n >= 0", "n"), UNROWED)
    workflow: str = Field(sa_column=Column(Text, primary_key=True))
    stage: str = Field(sa_column=Column(Text, primary_key=True))
    n: int = Field(sa_column=Column(Integer, nullable=False))


class PersonTable(Rows, table=True):
    """Everyone the register knows. Email and name are null once they were erased."""

    __tablename__ = "person"
    id: str = Field(sa_column=Column(Text, primary_key=True))
    email_folded: str | None = Field(sa_column=Column(Text, unique=True))
    email: str | None = Field(sa_column=Column(Text))
    name: str | None = Field(sa_column=Column(Text))
    active: bool = Field(sa_column=flag("active"))


class RoleGrantTable(Rows, table=True):
    """Who holds which role; `scope` is a project's id, or empty for the whole register."""

    __tablename__ = "role_grant"
    __table_args__ = (Index(None, "role", "scope"), UNROWED)
    person: str = Field(sa_column=Column(Text, ForeignKey("person.id"), primary_key=True))
    role: str = Field(sa_column=Column(Text, primary_key=True))
    scope: str = Field(sa_column=Column(Text, primary_key=True))


class DefinitionTable(Rows, table=True):
    """Every definition ever loaded, compiled once; of each workflow the one loaded last is current."""

    __tablename__ = "definition"
    __table_args__ = (Index(None, "workflow", "loaded"),)
    digest: str = Field(sa_column=Column(Text, primary_key=True))
    workflow: str = Field(sa_column=Column(Text, nullable=False))
    version: str = Field(sa_column=Column(Text, nullable=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    canonical: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    source: str = Field(sa_column=Column(Text, nullable=False))
    loaded: int = Field(sa_column=Column(Sequence, nullable=False))


class EvidenceTable(Rows, table=True):
    """Which project a record belongs to, and the entry that added it."""

    __tablename__ = "evidence"
    __table_args__ = (UNROWED,)
    id: str = Field(sa_column=Column(Text, primary_key=True))
    project: str = Field(sa_column=Column(Text, nullable=False))
    seq: int = Field(sa_column=Column(Sequence, nullable=False))


class FileTable(Rows, table=True):
    """Files, named by the SHA-256 of their bytes and kept once."""

    __tablename__ = "file"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", "sha256"),
        CheckConstraint("size = length(content)", "size"),
    )
    sha256: str = Field(sa_column=Column(Text, primary_key=True))
    size: int = Field(sa_column=Column(Sequence, nullable=False))
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class SealedFileTable(Rows, table=True):
    """Files of personal records, each sealed with a key of its own and named by the SHA-256 of its sealed bytes."""

    __tablename__ = "sealed_file"
    __table_args__ = (
        CheckConstraint("length(digest) = 64", "digest"),
        CheckConstraint("size = length(content)", "size"),
    )
    digest: str = Field(sa_column=Column(Text, primary_key=True))
    size: int = Field(sa_column=Column(Sequence, nullable=False))
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class FileKeyTable(Rows, table=True):
    """The keys of sealed files. Without its key a sealed file says nothing, wherever a copy of it lies."""

    __tablename__ = "file_key"
    __table_args__ = (CheckConstraint("length(secret) = 32", "secret"), UNROWED)
    digest: str = Field(sa_column=Column(Text, ForeignKey("sealed_file.digest"), primary_key=True))
    secret: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class RefusalTable(Rows, table=True):
    """How often the same was refused the same person on a day; only some of it becomes entries of the ledger.

    `seq` is the first entry about it, `told` what the newest entry about it says of `times`.
    """

    __tablename__ = "refusal"
    __table_args__ = (
        CheckConstraint("times >= told AND told >= 0", "times"),
        Index(
            None,
            "project",
            sqlite_where=Column("project").is_not(None),
            postgresql_where=Column("project").is_not(None),
        ),
        UNROWED,
    )
    person: str = Field(sa_column=Column(Text, primary_key=True))
    day: str = Field(sa_column=Column(Text, primary_key=True))
    what: str = Field(sa_column=Column(Text, primary_key=True))
    project: str | None = Field(sa_column=Column(Text))
    seq: int = Field(sa_column=Column(Sequence, ForeignKey("entry.seq"), nullable=False))
    since: str = Field(sa_column=Column(Text, nullable=False))
    times: int = Field(sa_column=Column(Integer, nullable=False))
    told: int = Field(sa_column=Column(Integer, nullable=False))


class AnchorTable(Rows, table=True):
    """The newest checkpoint that each outside place has taken, and how the last attempt ended."""

    __tablename__ = "anchor"
    __table_args__ = (CheckConstraint("size >= 0", "size"), UNROWED)
    place: str = Field(sa_column=Column(Text, primary_key=True))
    size: int = Field(sa_column=Column(Sequence, nullable=False))
    note: str = Field(sa_column=Column(Text, nullable=False))
    at: str = Field(sa_column=Column(Text, nullable=False))
    tried_at: str = Field(sa_column=Column(Text, nullable=False))
    failure: str | None = Field(sa_column=Column(Text))


class LetterTable(Rows, table=True):
    """Receipts that are still to be sent to the people who decided, by the entry and the person's id."""

    __tablename__ = "letter"
    __table_args__ = (CheckConstraint("tries >= 0", "tries"), UNROWED)
    seq: int = Field(sa_column=Column(Sequence, ForeignKey("entry.seq"), primary_key=True, autoincrement=False))
    person: str = Field(sa_column=Column(Text, primary_key=True))
    tries: int = Field(sa_column=Column(Integer, nullable=False))
    failure: str | None = Field(sa_column=Column(Text))


class SettingTable(Rows, table=True):
    """What the register knows about itself: origin, public key, when it was opened."""

    __tablename__ = "setting"
    __table_args__ = (UNROWED,)
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = Field(sa_column=Column(Text, nullable=False))


# The ledger only grows, and only at its end. The third trigger also stops INSERT OR REPLACE, which deletes unseen.
TRIGGERS = (
    "CREATE TRIGGER entry_is_never_updated BEFORE UPDATE ON entry "
    "BEGIN SELECT raise(ABORT, 'an entry of the ledger is never changed'); END",
    "CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry "
    "BEGIN SELECT raise(ABORT, 'an entry of the ledger is never removed'); END",
    "CREATE TRIGGER entry_is_added_at_the_end BEFORE INSERT ON entry "
    "WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM entry) "
    "BEGIN SELECT raise(ABORT, 'an entry of the ledger is added at its end'); END",
)

for trigger in TRIGGERS:
    event.listen(Rows.metadata, "after_create", DDL(trigger).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves DDL untyped
