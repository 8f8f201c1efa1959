"""The third revision: what is still to be sent out, deadlines as rows, time spent in stages, and signs of life."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Adds the tables, empty: an observer is told of what is recorded after it was made active; rows are made again."""
    op.create_table(
        "observer",
        sa.Column("observer", sa.Text(), nullable=False),
        sa.Column("next_seq", BIG, nullable=False),
        sa.CheckConstraint("next_seq >= 0", name=op.f("ck_observer_next_seq")),
        sa.PrimaryKeyConstraint("observer", name=op.f("pk_observer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("next_at", sa.Text(), nullable=False),
        sa.Column("claimed_until", sa.Text(), nullable=True),
        sa.Column("done_at", sa.Text(), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'delivered', 'dead')", name=op.f("ck_outbox_state")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_outbox_tries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("topic", "occurrence", name=op.f("uq_outbox_topic_occurrence")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_outbox_topic", "outbox", ["topic", "id"], unique=False)
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["topic", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_outbox_delivered",
        "outbox",
        ["done_at"],
        unique=False,
        sqlite_where=sa.text("state = 'delivered'"),
        postgresql_where=sa.text("state = 'delivered'"),
    )
    op.create_index(
        "ix_outbox_dead",
        "outbox",
        ["topic", "done_at"],
        unique=False,
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_table(
        "deadline",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_deadline_project", "deadline", ["project"], unique=False)
    op.create_index("ix_deadline_due", "deadline", ["due", "id"], unique=False)
    op.create_index(
        "ix_deadline_owner",
        "deadline",
        ["owner"],
        unique=False,
        sqlite_where=sa.text("owner IS NOT NULL"),
        postgresql_where=sa.text("owner IS NOT NULL"),
    )
    op.create_index(
        "ix_deadline_next",
        "deadline",
        ["next_on", "due", "id"],
        unique=False,
        sqlite_where=sa.text("next_on IS NOT NULL"),
        postgresql_where=sa.text("next_on IS NOT NULL"),
    )
    op.create_table(
        "stay",
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("version", BIG, autoincrement=False, nullable=False),
        sa.Column("workflow", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("left_on", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("days >= 0", name=op.f("ck_stay_days")),
        sa.PrimaryKeyConstraint("project", "version", name=op.f("pk_stay")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_stay_stage", "stay", ["workflow", "stage", "left_on"], unique=False)
    op.create_table(
        "beat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_beat")),
        sqlite_with_rowid=False,
    )
