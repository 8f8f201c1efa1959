"""Opens SQLite files: for writing, and for reading without writing anything, on a full or read-only disk as well."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from engine.core.errors import StorageUnavailable
from engine.store import statements
from engine.store.copies import folder_for_a_copy
from engine.store.driver import WAL_IS_SAFE, dbapi
from engine.store.failures import may_write, not_a_register
from engine.store.scrub import DUE, clean

if TYPE_CHECKING:
    import tempfile

APPLICATION: Final = 0x636F6379  # "cocy" in the header of the file, so that other programs' databases are told apart
PATIENCE_MS: Final = 1000  # for what is not what somebody came for

Stamp = tuple[tuple[int, int, int] | None, ...]


def connect(path: Path, options: str, *, timeout: float) -> dbapi.Connection:
    """Opens a connection in autocommit mode, so that transactions begin and end only where we say.

    Args:
        path: any file name; what means something in a URI is quoted.
        options: the query of the URI, like `mode=rw`.
        timeout: how long to wait for a lock, in seconds.
    """
    uri = f"file:{quote(str(path.absolute()))}?{options}"
    connection = dbapi.connect(uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False)
    # The file may come from anyone: its schema may not call functions with effects, its pages are checked as read.
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def connect_writing(path: Path, *, timeout: float) -> dbapi.Connection:
    """Opens the register for writing, with nothing acknowledged before it is on the disk.

    With NORMAL instead of FULL a power cut loses commits that were acknowledged. Where the log is not safe, the old
    journal is used, and then only EXTRA syncs the folder after the journal is gone.
    """
    connection = connect(path, "mode=rw", timeout=timeout)
    if not is_ours(connection):
        connection.close()
        raise not_a_register(path)  # before anything about a stranger's database is changed
    mode, synchronous = ("wal", "FULL") if WAL_IS_SAFE else ("delete", "EXTRA")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != mode:
        connection.execute(f"PRAGMA journal_mode={mode}")
    connection.execute(f"PRAGMA synchronous={synchronous}")
    _finish_scrub(connection, path, timeout)
    return connection


def _finish_scrub(connection: dbapi.Connection, path: Path, timeout: float) -> None:
    """Goes on with cleaning up after an erasure, where a crash or a reader stopped it; does not wait long for that."""
    with suppress(dbapi.Error):  # a register that is damaged or of another version is told of by whoever uses it next
        if connection.execute(statements.SETTING, {"which": DUE}).fetchone() is None:
            return
        connection.execute(f"PRAGMA busy_timeout={PATIENCE_MS}").fetchone()
        clean(connection, path)
        connection.execute("PRAGMA secure_delete=OFF").fetchone()
        connection.execute(f"PRAGMA busy_timeout={round(timeout * 1000)}").fetchone()


def is_ours(connection: dbapi.Connection) -> bool:
    """Answers whether cocycle made this database."""
    return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION)


class Reading:
    """A way to read a register that leaves its files as they are; found once, then used by every thread.

    - Where a log is present, others may be writing, or a crash left it: SQLite's read-only mode shares it properly.
    - Where none is, that mode would make one and leave it behind; an ordinary connection that is forbidden to change
      anything makes one too, but takes it away again.
    - Where neither can be made (a read-only folder, a full disk), the file is read as one that nobody changes. Then
      `recheck` finds out whether somebody did.
    - Where a log is present and cannot be shared, database and log are copied, and the copy is read.
    """

    def __init__(self, path: Path, *, timeout: float) -> None:
        self._path, self._timeout = path, timeout
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._before: Stamp | None = None
        self._way: Callable[[], dbapi.Connection] | None = None

    def connect(self) -> dbapi.Connection:
        """Opens a connection in the first way that works.

        Raises:
            dbapi.Error: none does.
            StorageUnavailable: a copy had to be made and could not be.
        """
        if self._way is not None:
            return self._way()
        ways: tuple[Callable[[], dbapi.Connection], ...]
        if _size(self._path, "-wal") or _size(self._path, "-journal"):
            ways = (self._shared, self._copied)
        elif may_write(self._path) and may_write(self._path.parent):
            ways = (self._forbidden, self._unchanging)
        else:
            ways = (self._unchanging,)
        for way in ways[:-1]:
            try:
                connection = way()
            except dbapi.OperationalError as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF in (dbapi.SQLITE_BUSY, dbapi.SQLITE_ERROR):
                    raise
                continue
            self._way = way
            return connection
        self._way = ways[-1]
        return self._way()

    def recheck(self) -> None:
        """Checks that a file read as one that nobody changes was indeed not changed.

        Raises:
            StorageUnavailable: it was, so what was read may never have stood there.
        """
        if self._before is not None and _stamp(self._path) != self._before:
            raise StorageUnavailable(f"The register {self._path} changed while it was read. Try again.", code="locked")

    def close(self) -> None:
        """Removes the copy, if there is one."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _shared(self) -> dbapi.Connection:
        return _touched(connect(self._path, "mode=ro", timeout=self._timeout))

    def _forbidden(self) -> dbapi.Connection:
        connection = connect(self._path, "mode=rw", timeout=self._timeout)
        connection.execute("PRAGMA query_only=ON")
        return _touched(connection)

    def _unchanging(self) -> dbapi.Connection:
        if self._before is None:
            self._before = _stamp(self._path)
        return _touched(connect(self._path, "mode=ro&immutable=1", timeout=self._timeout))

    def _copied(self) -> dbapi.Connection:
        if self._folder is None:
            try:
                self._folder = folder_for_a_copy()
                _copy(self._path, Path(self._folder.name))
            except OSError as error:
                raise StorageUnavailable(
                    f"The register {self._path} has to be copied to be read here, and cannot be: {error.strerror}.",
                    code="cannot_copy",
                ) from error
        connection = connect(Path(self._folder.name) / self._path.name, "mode=rw", timeout=self._timeout)
        connection.execute("PRAGMA query_only=ON")
        return _touched(connection)


def _touched(connection: dbapi.Connection) -> dbapi.Connection:
    """Reads once, since SQLite opens nothing before; closes the connection if that fails."""
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _copy(path: Path, folder: Path) -> None:
    """Copies a database with its log, all of one moment."""
    for _ in range(5):
        before = _stamp(path)
        for suffix in ("", "-wal", "-journal"):
            with suppress(FileNotFoundError):  # not there, or gone meanwhile, which the second look finds
                shutil.copyfile(f"{path}{suffix}", folder / f"{path.name}{suffix}")
        if _stamp(path) == before:
            return
        for file in folder.iterdir():
            file.unlink()
    raise StorageUnavailable(f"The register {path} kept changing while it was copied. Try again.", code="locked")


def _stamp(path: Path) -> Stamp:
    stamps: list[tuple[int, int, int] | None] = []
    for suffix in ("", "-wal", "-journal"):
        try:
            stat = Path(f"{path}{suffix}").stat()
            stamps.append((stat.st_ino, stat.st_size, stat.st_mtime_ns))
        except FileNotFoundError:
            stamps.append(None)
    return tuple(stamps)


def _size(path: Path, suffix: str) -> int:
    try:
        return Path(f"{path}{suffix}").stat().st_size
    except FileNotFoundError:
        return 0
