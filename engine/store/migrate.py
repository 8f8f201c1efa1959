"""Brings a register's schema up to date, and nothing else: the only way to the migrations, with no ini file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy
from alembic import command
from alembic.config import Config

from engine.store.driver import dbapi

_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(connection: dbapi.Connection, revision: str = "head") -> None:
    """Runs the missing revisions in one transaction: all of them, or on any failure none.

    Args:
        connection: in autocommit mode, with no transaction open.
        revision: how far to go.
    """
    # Copying a table drops the old one, which with foreign keys on would empty the tables that refer to it. The
    # pragma does nothing inside a transaction, hence here; what refers to nothing afterwards fails the whole.
    connection.execute("PRAGMA foreign_keys=OFF")
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            with _config(connection) as config:
                command.upgrade(config, revision)
            if lost := connection.execute("PRAGMA foreign_key_check").fetchall():
                raise ValueError(f"after the migration rows refer to what does not exist: {lost[:3]}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    finally:
        connection.execute("PRAGMA foreign_keys=ON")


def check(connection: dbapi.Connection) -> None:
    """Compares the schema with the tables.

    Raises:
        alembic.util.CommandError: they differ, so a revision is missing.
    """
    with _config(connection) as config:
        command.check(config)


@contextmanager
def _config(connection: dbapi.Connection) -> Iterator[Config]:
    """Gives alembic the connection, whose transaction stays the caller's."""
    engine = sqlalchemy.create_engine(
        "sqlite://", creator=lambda: _Lent(connection), poolclass=sqlalchemy.StaticPool, module=dbapi
    )
    config = Config(stdout=io.StringIO())  # what alembic says aloud is not for the people here
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    with engine.connect() as lent:
        config.attributes["connection"] = lent
        yield config


class _Lent:
    """A driver's connection whose commit, rollback and close are the lender's business."""

    def __init__(self, connection: dbapi.Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def commit(self) -> None:
        """Leaves the transaction open."""

    def rollback(self) -> None:
        """Leaves the transaction open."""

    def close(self) -> None:
        """Leaves the connection open."""
