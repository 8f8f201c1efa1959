"""The first revision: everything."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TRIGGERS = (
    "CREATE TRIGGER entry_is_never_updated BEFORE UPDATE ON entry "
    "BEGIN SELECT raise(ABORT, 'an entry of the ledger is never changed'); END",
    "CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry "
    "BEGIN SELECT raise(ABORT, 'an entry of the ledger is never removed'); END",
    "CREATE TRIGGER entry_is_added_at_the_end BEFORE INSERT ON entry "
    "WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM entry) "
    "BEGIN SELECT raise(ABORT, 'an entry of the ledger is added at its end'); END",
)


def upgrade() -> None:
    """Makes an empty register."""
    op.create_table(
        "definition",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("workflow", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("canonical", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("loaded", BIG, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_definition")),
    )
    op.create_index(op.f("ix_definition_workflow_loaded"), "definition", ["workflow", "loaded"], unique=False)
    op.create_table(
        "entry",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("(project IS NULL) = (version = 0)", name=op.f("ck_entry_version")),
        sa.CheckConstraint("length(leaf_hash) = 32", name=op.f("ck_entry_leaf_hash")),
        sa.CheckConstraint("length(root) = 32", name=op.f("ck_entry_root")),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_entry_seq")),
        sa.CheckConstraint("version >= 0", name=op.f("ck_entry_version_sign")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_entry")),
    )
    op.create_index(
        op.f("ix_entry_project_version"),
        "entry",
        ["project", "version"],
        unique=True,
        sqlite_where=sa.text("project IS NOT NULL"),
        postgresql_where=sa.text("project IS NOT NULL"),
    )
    op.create_index(
        "ix_entry_register",
        "entry",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("project IS NULL"),
        postgresql_where=sa.text("project IS NULL"),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "file",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_file_sha256")),
        sa.CheckConstraint("size = length(content)", name=op.f("ck_file_size")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file")),
    )
    op.create_table(
        "head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("people_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_head_one")),
        sa.CheckConstraint("length(root) = 32", name=op.f("ck_head_root")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_head_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head")),
    )
    op.create_table(
        "idempotency",
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("first_seq", BIG, nullable=False),
        sa.Column("last_seq", BIG, nullable=False),
        sa.CheckConstraint("first_seq <= last_seq", name=op.f("ck_idempotency_span")),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_idempotency")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email_folded", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(create_constraint=True, name="active"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email_folded", name=op.f("uq_person_email_folded")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stage_count",
        sa.Column("workflow", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n >= 0", name=op.f("ck_stage_count_n")),
        sa.PrimaryKeyConstraint("workflow", "stage", name=op.f("pk_stage_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "project",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workflow", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("stage_final", sa.Boolean(create_constraint=True, name="stage_final"), nullable=False),
        sa.Column("on_hold", sa.Boolean(create_constraint=True, name="on_hold"), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("entered_at", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=True),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("cycle >= 1", name=op.f("ck_project_cycle")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_project_version")),
        sa.ForeignKeyConstraint(["definition"], ["definition.digest"], name=op.f("fk_project_definition_definition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
    )
    op.create_index(
        "ix_project_open_due_on_id",
        "project",
        ["due_on", "id"],
        unique=False,
        sqlite_where=sa.text("stage_final IS 0"),
        postgresql_where=sa.text("NOT stage_final"),
    )
    op.create_index(op.f("ix_project_stage_id"), "project", ["stage", "id"], unique=False)
    op.create_index(op.f("ix_project_workflow_stage_id"), "project", ["workflow", "stage", "id"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_role_grant_person_person")),
        sa.PrimaryKeyConstraint("person", "role", "scope", name=op.f("pk_role_grant")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_role_grant_role_scope"), "role_grant", ["role", "scope"], unique=False)
    op.create_table(
        "word",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(salt) = 32", name=op.f("ck_word_salt")),
        sa.ForeignKeyConstraint(["seq"], ["entry.seq"], name=op.f("fk_word_seq_entry")),
        sa.PrimaryKeyConstraint("seq", "name", name=op.f("pk_word")),
        sqlite_with_rowid=False,
    )
    for trigger in TRIGGERS:
        op.execute(trigger)
