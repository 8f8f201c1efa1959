"""Making and opening registers: what is there is used, what is not is said, and nothing is left behind."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from engine.core.errors import CocycleError, InputRefused, IntegrityFailure, NotFound, StorageUnavailable
from engine.core.events import Entry
from engine.store import journal
from engine.store.database import Database, Transaction, create_database, open_database
from engine.store.driver import dbapi
from engine.store.failures import failure

Act = Callable[[Transaction, str], Entry]


def refusal(act: Callable[[], object]) -> CocycleError:
    with pytest.raises(CocycleError) as caught:
        act()
    return caught.value


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in folder.iterdir() if file.is_file()}


@pytest.mark.parametrize(
    "name",
    ["a b.db", "what?.db", "#1.db", "100%.db", "%20.db", "a&mode=memory.db", "ä日本.db", "'quoted\".db", ":memory:"],
)
def test_any_name_is_a_name(tmp_path: Path, act: Act, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A register can have any file name, absolute or in the current folder, and is found under exactly that one."""
    monkeypatch.chdir(tmp_path)
    with create_database(name) as database, database.write() as tx:
        tx.execute("INSERT INTO setting VALUES ('a', 'b')")
    assert [file.name for file in tmp_path.iterdir()] == [name]
    with open_database(tmp_path / name, read_only=True) as database, database.read() as tx:
        assert tx.execute("SELECT value FROM setting").fetchall() == [("b",)]
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_register_is_durable_and_guarded(database: Database) -> None:
    """A connection for writing syncs every commit, checks references, and trusts no schema."""
    found = {
        pragma: database.connection().execute(f"PRAGMA {pragma}").fetchone()[0]
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "cell_size_check")
    }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
    }


def test_an_unsafe_sqlite_gets_the_old_journal(path: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a SQLite whose log can be corrupted, a register gets the old journal and the strictest syncing."""
    database.close()
    monkeypatch.setattr("engine.store.connections.WAL_IS_SAFE", False)
    with open_database(path) as unsafe:
        assert unsafe.connection().execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert unsafe.connection().execute("PRAGMA synchronous").fetchone() == (3,)


def test_nothing_is_not_found(tmp_path: Path) -> None:
    """Opening a path where nothing is, or an empty file, says how to make a register, and makes none."""
    (tmp_path / "empty.db").touch()
    for name in ("missing.db", "empty.db", "no/folder.db", "nul\0.db", "n" * 5000):
        for read_only in (False, True):
            error = refusal(partial(open_database, tmp_path / name, read_only=read_only))
            assert isinstance(error, NotFound)
            assert "cocycle init" in error.message
    assert [file.name for file in tmp_path.iterdir()] == ["empty.db"]


@pytest.mark.parametrize("read_only", [False, True])
def test_other_things_are_not_registers(tmp_path: Path, read_only: bool) -> None:
    """A folder, a pipe, a text file and another program's database are refused and not touched."""
    (tmp_path / "text.db").write_text("no database " * 100)
    (tmp_path / "short.db").write_text("x")
    stranger = sqlite3.connect(tmp_path / "stranger.db")
    stranger.execute("CREATE TABLE entry (seq)")
    stranger.commit()
    stranger.close()
    (tmp_path / "folder.db").mkdir()
    os.mkfifo(tmp_path / "pipe.db")
    before = snapshot(tmp_path)
    for name in ("text.db", "short.db", "stranger.db", "folder.db", "pipe.db"):
        error = refusal(partial(open_database, tmp_path / name, read_only=read_only))
        assert isinstance(error, InputRefused), name
        assert error.code == "not_a_register"
    assert snapshot(tmp_path) == before


def test_a_register_is_made_in_a_new_file(path: Path, database: Database, act: Act) -> None:
    """Making a register where something is, or where no folder is, is refused; what was there stays."""
    with database.write() as tx:
        act(tx, "a")
    database.close()
    before = snapshot(path.parent)
    for target in (path, path.parent, path.parent / "no" / "r.db"):
        assert isinstance(refusal(partial(create_database, target)), InputRefused)
    assert snapshot(path.parent) == before


def test_an_empty_file_can_become_a_register(tmp_path: Path) -> None:
    """A file that was made beforehand, and is empty, becomes the register."""
    (tmp_path / "r.db").touch()
    with create_database(tmp_path / "r.db") as database, database.read() as tx:
        assert journal.head(tx).size == 0


def test_a_race_to_make_a_register_has_one_winner(tmp_path: Path) -> None:
    """Of many who make a register of one name at the same time one succeeds, and its register stays."""
    start, made = threading.Barrier(8), []

    def make(number: int) -> None:
        start.wait()
        try:
            with create_database(tmp_path / "r.db") as database, database.write() as tx:
                tx.execute("INSERT INTO setting VALUES ('by', ?)", (str(number),))
            made.append(str(number))
        except InputRefused:
            pass

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_database(tmp_path / "r.db", read_only=True) as database, database.read() as tx:
        assert tx.execute("SELECT value FROM setting").fetchall() == [(number,) for number in made]
    assert len(made) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["r.db"]


@pytest.mark.parametrize(
    ("revision", "known", "code"), [("0002", ("0001",), "newer_register"), ("0001", ("0001", "0002"), "older_register")]
)
def test_registers_of_other_versions(
    path: Path, database: Database, monkeypatch: pytest.MonkeyPatch, revision: str, known: tuple[str, ...], code: str
) -> None:
    """A register of another schema revision is refused, saying whether it or this cocycle is the older one."""
    with database.write() as tx:
        tx.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    database.close()
    monkeypatch.setattr("engine.store.database.REVISIONS", known)
    monkeypatch.setattr("engine.store.database.SCHEMA_REVISION", known[-1])
    for read_only in (False, True):
        error = refusal(partial(open_database, path, read_only=read_only))
        assert isinstance(error, StorageUnavailable)
        assert error.code == code


def test_a_register_without_revision_or_tables_is_damaged(path: Path, database: Database) -> None:
    """A register that lost the tables it should have is an integrity failure, not a crash."""
    with database.write() as tx:
        tx.execute("DROP TABLE idempotency")
    with database.read() as tx, pytest.raises(dbapi.OperationalError):
        journal.remembered(tx, "k")

    def look() -> None:
        with database.read() as tx:
            journal.remembered(tx, "k")

    assert isinstance(refusal(look), IntegrityFailure)
    with database.write() as tx:
        tx.execute("DROP TABLE alembic_version")
    database.close()
    assert isinstance(refusal(lambda: open_database(path)), IntegrityFailure)


def test_damaged_pages_are_an_integrity_failure(path: Path, database: Database, act: Act) -> None:
    """A register whose pages are overwritten is damaged, and told so, where its pages are read."""
    with database.write() as tx:
        for _ in range(50):
            act(tx, "a")
    database.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)
    for read_only in (False, True):
        error = refusal(partial(open_database, path, read_only=read_only))
        assert isinstance(error, IntegrityFailure)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_reader_sees_one_moment(path: Path, database: Database, act: Act, read_only: bool) -> None:
    """A block of `read()` sees what stood at its first reading, whatever is written; the next sees the new."""
    with database.write() as tx:
        act(tx, "a")
    with open_database(path, read_only=read_only) as reader:
        with reader.read() as seen:
            assert journal.head(seen).size == 1
            with database.write() as tx:
                act(tx, "a")
            assert journal.head(seen).size == 1
        with reader.read() as seen:
            assert journal.head(seen).size == 2


def test_reading_changes_no_file(path: Path, database: Database, act: Act) -> None:
    """Opening for reading and reading leaves the folder exactly as it was, times included."""
    with database.write() as tx:
        act(tx, "a")
    database.close()
    before = snapshot(path.parent)
    with open_database(path, read_only=True) as reader, reader.read() as tx:
        assert len(list(journal.entries(tx))) == 1
    assert snapshot(path.parent) == before


def test_what_is_open_for_reading_is_not_written(path: Path, database: Database) -> None:
    """A register opened for reading gives no transaction to write, and its connection refuses to."""
    database.close()
    with open_database(path, read_only=True) as reader:

        def write() -> None:
            with reader.write():
                raise AssertionError

        def write_while_reading() -> None:
            with reader.read() as tx:
                tx.execute("INSERT INTO setting VALUES ('a', 'b')")

        for attempt in (write, write_while_reading):
            error = refusal(attempt)
            assert isinstance(error, StorageUnavailable)
            assert error.code == "read_only"


def test_a_locked_register_is_waited_for(path: Path, database: Database, act: Act) -> None:
    """While someone writes, another waits as long as it was told and then says that the register is locked."""
    with open_database(path, timeout=0.05) as other:

        def write() -> None:
            with other.write() as tx:
                act(tx, "b")

        with database.write():
            error = refusal(write)
        assert isinstance(error, StorageUnavailable)
        assert error.code == "locked"
        write()


def test_a_lock_that_ends_in_time_is_no_failure(path: Path, database: Database, act: Act) -> None:
    """A writer who waits gets its turn when the other is done."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.write():
            held.set()
            done.wait(0.3)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    with open_database(path) as other, other.write() as tx:
        act(tx, "b")
    thread.join()


def test_a_mistake_of_ours_stays_a_mistake(database: Database) -> None:
    """An error that no outside circumstance explains is not dressed up: wrong SQL, and a write inside a write."""
    with pytest.raises(dbapi.OperationalError, match="syntax"), database.write() as tx:
        tx.execute("NONSENSE")
    with database.write(), pytest.raises(dbapi.OperationalError, match="within a transaction"):
        database.write().__enter__()
    with pytest.raises(dbapi.IntegrityError, match="CHECK"), database.write() as tx:
        tx.execute("UPDATE head SET size = -1")
    with database.read() as tx:
        assert journal.head(tx).size == 0


def test_every_storage_error_has_a_meaning(path: Path, database: Database) -> None:
    """Each of SQLite's errors about the outside world is a deliberate error with its code."""
    meanings = {}
    for name in ("BUSY", "LOCKED", "PROTOCOL", "IOERR", "FULL", "CANTOPEN", "READONLY", "NOTADB", "CORRUPT", "MISUSE"):
        error = dbapi.OperationalError("as it happens")
        error.sqlite_errorcode = getattr(dbapi, f"SQLITE_{name}")
        meant = failure(error, path)
        meanings[name] = meant and meant.code
    assert meanings == {
        "BUSY": "locked",
        "LOCKED": "locked",
        "PROTOCOL": "locked",
        "IOERR": "disk_error",
        "FULL": "disk_error",
        "CANTOPEN": "cannot_open",
        "READONLY": "read_only",
        "NOTADB": "not_a_register",
        "CORRUPT": "integrity_failure",
        "MISUSE": None,
    }


def test_connections_end_with_their_threads(database: Database) -> None:
    """A thread's connection is closed when the thread has ended, so that a server of many threads does not fill up."""
    import gc

    def use() -> None:
        with database.read() as tx:
            journal.head(tx)

    for _ in range(5):
        thread = threading.Thread(target=use)
        thread.start()
        thread.join()
    gc.collect()
    assert len(database._all) == 1
