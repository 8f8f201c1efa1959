"""A register's database: making one, opening one, and the two ways to use it, `write()` and `read()`."""

from __future__ import annotations

import stat
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from engine.core.errors import InputRefused, StorageUnavailable
from engine.store.connections import Reading, connect_writing, is_ours
from engine.store.driver import dbapi
from engine.store.failures import failure, no_register, not_a_register, plain_failures
from engine.store.new_file import make_file

REVISIONS: Final = ("0001", "0002", "0003")  # every schema revision, oldest first
SCHEMA_REVISION: Final = REVISIONS[-1]
LOCK_TIMEOUT: Final = 10.0  # seconds


class Transaction:
    """What a room of the store is given: a connection inside a transaction. Ends are not its business.

    `places` is where projects stood when they were looked at in this transaction, for `projects.save_project`.
    """

    __slots__ = ("execute", "executemany", "places")

    def __init__(self, connection: dbapi.Connection) -> None:
        self.execute = connection.execute
        self.executemany = connection.executemany
        self.places: dict[str, tuple[Any, ...]] = {}


class Database:
    """An open register. Any number of threads may use it; each gets a connection of its own."""

    def __init__(self, path: Path, *, read_only: bool = False, timeout: float = LOCK_TIMEOUT) -> None:
        self.path, self.read_only, self.timeout = path, read_only, timeout
        self._reading = Reading(path, timeout=timeout) if read_only else None
        self._mine = threading.local()
        self._all: weakref.WeakSet[_Held] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._closed = False

    def write(self) -> Writing:
        """Gives a transaction that holds the write lock from its beginning, and commits it when the block ends.

        Whatever the block raises, nothing of it stays. When it ended, everything of it is on the disk.

        Raises:
            StorageUnavailable: locked for longer than the timeout, full, or read-only.
        """
        return Writing(self)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Gives a transaction that sees the register as it was at its first reading, whatever others write."""
        with plain_failures(self.path):
            connection = self.connection()
            connection.execute("BEGIN")
            try:
                yield Transaction(connection)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if self._reading is not None:
                    self._reading.recheck()  # also after a failure, which the change may have caused

    def connection(self) -> dbapi.Connection:
        """Returns this thread's connection, for what no transaction can do (backup, inspection)."""
        held: _Held | None = getattr(self._mine, "held", None)
        if held is None:
            with self._lock:
                if self._closed:
                    raise RuntimeError(f"the database {self.path} is closed")  # the driver would crash the process
                if self._reading is not None:
                    held = _Held(self._reading.connect())
                else:
                    held = _Held(connect_writing(self.path, timeout=self.timeout))
                self._all.add(held)
            self._mine.held = held
        return held.connection

    def close(self) -> None:
        """Closes every thread's connection; afterwards the database cannot be used."""
        with self._lock:
            for held in list(self._all):
                held.connection.close()
            self._all.clear()
            self._mine, self._closed = threading.local(), True
            if self._reading is not None:
                self._reading.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Writing:
    """The block of `Database.write`; a class, since a generator would cost every act some microseconds."""

    __slots__ = ("_connection", "_database")

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: dbapi.Connection | None = None

    def __enter__(self) -> Transaction:
        path = self._database.path
        if self._database.read_only:
            raise StorageUnavailable(f"The register {path} is open for reading only.", code="read_only")
        try:
            self._connection = self._database.connection()
            self._connection.execute("BEGIN IMMEDIATE")  # a lock taken later may be refused after all was decided
        except dbapi.Error as error:
            meant = failure(error, path)
            if meant is None:
                raise
            raise meant from error
        return Transaction(self._connection)

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        assert self._connection is not None
        with plain_failures(self._database.path):
            try:
                if error is None:
                    self._connection.execute("COMMIT")
                elif isinstance(error, dbapi.Error | UnicodeEncodeError):
                    raise error
            finally:
                if self._connection.in_transaction:  # on a full disk SQLite may have rolled back by itself
                    self._connection.execute("ROLLBACK")


class _Held:
    """A connection that is closed when its thread has ended."""

    __slots__ = ("__weakref__", "connection")

    def __init__(self, connection: dbapi.Connection) -> None:
        self.connection = connection


def open_database(path: Path | str, *, read_only: bool = False, timeout: float = LOCK_TIMEOUT) -> Database:
    """Opens a register that exists.

    Args:
        path: the file.
        read_only: never write, not even where the disk would allow it, and need no right to.
        timeout: how long to wait for a lock, in seconds.

    Raises:
        NotFound: there is nothing.
        InputRefused: there is something else.
        StorageUnavailable: `older_register` or `newer_register` where another version made it; or as `Database.write`.
        IntegrityFailure: the file is damaged.
    """
    path = Path(path)
    _must_be_a_file(path)
    database = Database(path, read_only=read_only, timeout=timeout)
    try:
        with plain_failures(path):
            connection = database.connection()
            if not is_ours(connection):
                raise not_a_register(path)
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            _must_be_of_this_revision(path, row[0] if row else None)
    except BaseException:
        database.close()
        raise
    return database


def create_database(path: Path | str, *, timeout: float = LOCK_TIMEOUT) -> Database:
    """Makes an empty register and opens it. It appears at `path` whole or not at all.

    Raises:
        InputRefused: something that is not empty is there already, or the folder does not exist.
        StorageUnavailable: nothing can be written there.
    """
    path = Path(path)
    make_file(path, SCHEMA_REVISION)
    try:
        return open_database(path, timeout=timeout)
    except BaseException:  # there was room for the file, and none to work with it
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        raise


def _must_be_a_file(path: Path) -> None:
    try:
        found = path.stat()
    except PermissionError as error:
        raise StorageUnavailable(f"{path} cannot be read: {error.strerror}.", code="cannot_open") from error
    except (OSError, ValueError) as error:  # a ValueError for a path with a null character
        raise no_register(path) from error
    if stat.S_ISDIR(found.st_mode):
        raise InputRefused(f"{path} is a folder; the register is a file in one.", code="not_a_register")
    if not stat.S_ISREG(found.st_mode):
        raise not_a_register(path)
    if found.st_size == 0:
        raise no_register(path)


def _must_be_of_this_revision(path: Path, revision: str | None) -> None:
    if revision == SCHEMA_REVISION:
        return
    if revision in REVISIONS:
        raise StorageUnavailable(
            f"The register {path} was made by an older cocycle. Back it up, then run: cocycle migrate",
            code="older_register",
        )
    raise StorageUnavailable(
        f"The register {path} was made by a newer cocycle than this one. Update cocycle to use it.",
        code="newer_register",
    )
