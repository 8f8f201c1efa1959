"""Brings a register's schema up to date, and nothing else: the only way to the migrations, with no ini file.

A register is brought up to date by hand and never by the way, since an older cocycle cannot open it afterwards: alone
with it, after a copy of it was made, in one transaction. A crash leaves it as it was or as it should be.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import sqlalchemy
from alembic import command
from alembic.config import Config

from engine.core.errors import IntegrityFailure, StorageUnavailable
from engine.store.backup import copy_into
from engine.store.connections import connect
from engine.store.database import LOCK_TIMEOUT, SCHEMA_REVISION, open_database
from engine.store.driver import dbapi
from engine.store.failures import failure, plain_failures

_SCRIPTS = Path(__file__).parent / "migrations"


class Migrated(NamedTuple):
    """The schema revisions of a register before and after, and where the copy of what it was lies, if one was made."""

    before: str
    after: str
    copy: Path | None


def migrate_register(path: Path, *, copy: bool = True, timeout: float = LOCK_TIMEOUT) -> Migrated:
    """Brings a register up to date; one that is so already is left alone.

    Args:
        path: the file.
        copy: whether to copy it first, to a file beside it called `NAME.before-REVISION`.
        timeout: how long to wait for others to let go of it, in seconds.

    Raises:
        NotFound, InputRefused: there is no register, or a file where the copy should go.
        StorageUnavailable: others use it, there is no room, or a newer cocycle made it; nothing was changed.
        IntegrityFailure: it is damaged, or somebody changed its schema.
    """
    try:
        open_database(path, read_only=True, timeout=timeout).close()
        return Migrated(SCHEMA_REVISION, SCHEMA_REVISION, None)
    except StorageUnavailable as error:
        if error.code != "older_register":
            raise
    with plain_failures(path):
        connection = connect(path, "mode=rw", timeout=timeout)
        try:
            _be_alone_with(connection, path)
            (before,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            kept = path.with_name(f"{path.name}.before-{SCHEMA_REVISION}") if copy else None
            if kept is not None:
                copy_into(lambda: connection, kept)
            try:
                _upgrade_whole(connection, path)
            except BaseException:
                if kept is not None:
                    kept.unlink()  # nothing was changed, so it is a copy of what is still there
                raise
        finally:
            connection.close()
    open_database(path, timeout=timeout).close()  # as a writer, who turns back to the log
    return Migrated(before, SCHEMA_REVISION, kept)


def _upgrade_whole(connection: dbapi.Connection, path: Path) -> None:
    """Runs the migrations; what the driver says of a full disk comes out as the driver's, and not as SQLAlchemy's.

    Raises:
        IntegrityFailure: somebody changed the schema, so that the migrations do not fit it.
    """
    try:
        upgrade(connection, SCHEMA_REVISION)
    except sqlalchemy.exc.DBAPIError as error:
        if not isinstance(error.orig, dbapi.Error):
            raise
        if failure(error.orig, path) is not None:
            raise error.orig from error
        raise IntegrityFailure(
            f"The register {path} is not as cocycle made it, and was left as it is: {error.orig}."
        ) from error


def _be_alone_with(connection: dbapi.Connection, path: Path) -> None:
    """Locks everybody else out until the connection is closed; refuses where somebody has the register open."""
    try:
        # Leaving the log needs a register that nobody else has open, not even idly.
        # EXTRA since without the log only that syncs the folder, too.
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        connection.execute("PRAGMA synchronous=EXTRA")
        connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchone()
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except dbapi.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != dbapi.SQLITE_BUSY:
            raise
        raise StorageUnavailable(
            f"The register {path} is in use. Stop what uses it (other cocycle commands, cocycle serve, cocycle worker),"
            " then run this again; nothing was changed.",
            code="locked",
        ) from error


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
