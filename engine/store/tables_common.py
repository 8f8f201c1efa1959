"""What every table shares: one schema with named constraints."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData
from sqlmodel import SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Sequence = BigInteger().with_variant(Integer(), "sqlite")  # SQLite's row id must be called INTEGER
UNROWED: dict[str, Any] = {"sqlite_with_rowid": False}  # one tree instead of two, where the key is the row


def flag(name: str) -> Column[bool]:
    """Returns a column that is true or false, and never anything else."""
    return Column(name, Boolean(create_constraint=True, name=name), nullable=False)


class Rows(SQLModel):
    """The parent of every table."""

    metadata = MetaData(naming_convention=NAMES)
