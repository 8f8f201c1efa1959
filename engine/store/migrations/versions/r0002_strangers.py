"""The second revision: proofs without reading every leaf, sealed files, refusals, and what goes to outside places."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.ledger.merkle import Frontier

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Adds the tables, and to a register that has entries the nodes of its tree."""
    op.create_table(
        "anchor",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("tried_at", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint("size >= 0", name=op.f("ck_anchor_size")),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_anchor")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "letter",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_letter_tries")),
        sa.ForeignKeyConstraint(["seq"], ["entry.seq"], name=op.f("fk_letter_seq_entry")),
        sa.PrimaryKeyConstraint("seq", "person", name=op.f("pk_letter")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", BIG, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_node_hash")),
        sa.CheckConstraint("level >= 1", name=op.f("ck_node_level")),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_node")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "refusal",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.CheckConstraint("times >= told AND told >= 0", name=op.f("ck_refusal_times")),
        sa.ForeignKeyConstraint(["seq"], ["entry.seq"], name=op.f("fk_refusal_seq_entry")),
        sa.PrimaryKeyConstraint("person", "day", "what", name=op.f("pk_refusal")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_refusal_project"),
        "refusal",
        ["project"],
        unique=False,
        sqlite_where=sa.text("project IS NOT NULL"),
        postgresql_where=sa.text("project IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_entry_corrected"),
        "entry",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("name = 'corrected'"),
        postgresql_where=sa.text("name = 'corrected'"),
    )
    op.create_table(
        "sealed_file",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_sealed_file_digest")),
        sa.CheckConstraint("size = length(content)", name=op.f("ck_sealed_file_size")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sealed_file")),
    )
    op.create_table(
        "file_key",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(secret) = 32", name=op.f("ck_file_key_secret")),
        sa.ForeignKeyConstraint(["digest"], ["sealed_file.digest"], name=op.f("fk_file_key_digest_sealed_file")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_file_key")),
        sqlite_with_rowid=False,
    )
    _fill_nodes()


def _fill_nodes() -> None:
    connection = op.get_bind()
    nodes = sa.table("node", sa.column("level"), sa.column("place"), sa.column("hash"))
    frontier = Frontier()
    for (leaf,) in connection.execute(sa.text("SELECT leaf_hash FROM entry ORDER BY seq")):
        for level, root in enumerate(frontier.append(bytes(leaf)), 1):
            place = frontier.size // 256**level - 1
            connection.execute(sa.insert(nodes).values(level=level, place=place, hash=root))
