"""Backups are whole, and an inspection finds what an intruder or a bad disk left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.core.errors import InputRefused, IntegrityFailure, StorageUnavailable
from engine.core.events import Entry, Event
from engine.ledger.verify import verify_entries
from engine.store import journal
from engine.store.backup import backup
from engine.store.database import SCHEMA_REVISION, Database, Transaction, open_database
from engine.store.inspect import (
    count_problems,
    damage,
    facts,
    guard_problems,
)
from engine.store.schema import SCHEMA

from .checked import found_beside, found_in

Act = Callable[[Transaction, str], Entry]


def test_a_backup_is_the_register(path: Path, database: Database, act: Act) -> None:
    """A backup opens as a register of the same entries, in one file, and takes new acts of its own."""
    with database.write() as tx:
        act(tx, "a")
    target = path.parent / "back up #1.db"
    backup(database, target)
    assert sorted(file.name for file in path.parent.iterdir() if file.name.startswith("back")) == [target.name]
    with database.read() as tx:
        expected = list(journal.entries(tx))
    with open_database(target) as copy:
        with copy.read() as tx:
            assert list(journal.entries(tx)) == expected
        with copy.write() as tx:
            act(tx, "a")
    with database.read() as tx:
        assert journal.head(tx).size == 1


def test_a_backup_of_a_busy_register_is_of_one_moment(path: Path, database: Database, act: Act) -> None:
    """While others write, a backup is taken that verifies."""
    enough = threading.Event()

    def work() -> None:
        while not enough.is_set():
            with database.write() as tx:
                act(tx, "a")

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for number in range(5):
            backup(database, path.parent / f"copy{number}.db")
    finally:
        enough.set()
        worker.join()
    for number in range(5):
        with open_database(path.parent / f"copy{number}.db", read_only=True) as copy, copy.read() as tx:
            head = journal.head(tx)
            assert list(verify_entries(journal.raw_entries(tx), head.size, head.root)) == []


def test_a_register_open_for_reading_can_be_backed_up(path: Path, database: Database, act: Act) -> None:
    """A backup needs no right to write to the register."""
    with database.write() as tx:
        act(tx, "a")
    with open_database(path, read_only=True) as reader:
        backup(reader, path.parent / "copy.db")
    with open_database(path.parent / "copy.db") as copy, copy.read() as tx:
        assert journal.head(tx).size == 1


def test_a_backup_overwrites_nothing(path: Path, database: Database) -> None:
    """A backup onto an existing file, the register itself included, or into no folder, is refused."""
    (path.parent / "precious.txt").write_text("precious")
    for target in (path, path.parent / "precious.txt", path.parent, path.parent / "no" / "copy.db"):
        with pytest.raises(InputRefused):
            backup(database, target)
    assert (path.parent / "precious.txt").read_text() == "precious"


def test_a_backup_that_fails_leaves_nothing(path: Path, database: Database) -> None:
    """A backup that cannot be finished leaves no half of one."""
    database.close()
    with pytest.raises(Exception, match="closed"):
        backup(database, path.parent / "copy.db")
    assert not (path.parent / "copy.db").exists()
    with pytest.raises(StorageUnavailable):
        backup(database, path.parent / ("x" * 300))


def test_facts_are_as_they_are(database: Database) -> None:
    """The facts name the engine, how it syncs, the revision and the sizes."""
    found = facts(database)
    assert found.sqlite_version.count(".") == 2
    assert (found.journal_mode, found.synchronous, found.revision) == ("wal", "full", SCHEMA_REVISION)
    assert found.page_size * found.page_count > 10_000
    assert found.disk_free > 0


def test_a_sound_register_has_no_problems(database: Database, act: Act) -> None:
    """A register that only cocycle wrote to has no problem of any kind, also after SQLite kept statistics on it."""
    with database.write() as tx:
        act(tx, "a")
        act(tx, "a")
    database.connection().execute("ANALYZE")
    with database.read() as tx:
        assert [*damage(tx), *guard_problems(tx), *found_beside(tx)] == []


@pytest.mark.parametrize("name", [name for name, sql in SCHEMA.items() if not sql.startswith("CREATE TABLE")])
def test_a_dropped_guard_is_told(database: Database, name: str) -> None:
    """Every trigger and every index that was dropped is a problem that names it."""
    kind = SCHEMA[name].split()[1].replace("UNIQUE", "INDEX")
    database.connection().execute(f"DROP {kind} {name}")
    with database.read() as tx:
        (problem,) = guard_problems(tx)
    assert problem == (None, "guard", f"The guard {name} was dropped from the database.")


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE sqlite_master SET sql = replace(sql, 'length(root) = 32', '1') WHERE name = 'entry'",
        "UPDATE sqlite_master SET sql = replace(sql, 'UPDATE ON', 'UPDATE OF at ON') WHERE name LIKE '%never_updated'",
    ],
)
def test_an_altered_guard_is_told(path: Path, database: Database, tampering: str) -> None:
    """A constraint taken out of its table, or a trigger made toothless, is a problem."""
    database.connection().execute("PRAGMA writable_schema=ON")
    database.connection().execute(tampering)
    database.close()
    with open_database(path) as again, again.read() as tx:
        assert [problem.kind for problem in guard_problems(tx)] == ["guard"]


def test_a_strange_object_is_told(database: Database) -> None:
    """A trigger that someone added is a problem."""
    database.connection().execute("CREATE TRIGGER spy AFTER INSERT ON entry BEGIN SELECT 1; END")
    with database.read() as tx:
        assert ["spy" in problem.message for problem in guard_problems(tx)] == [True]


@pytest.mark.parametrize(
    "tampering",
    ["project = 'b'", "version = 9", "name = 'resumed'", "at = '2020'", "actor = 'p2'", "project = NULL, version = 0"],
)
def test_an_entry_filed_wrongly_is_told(database: Database, act: Act, tampering: str) -> None:
    """An entry whose columns say something else than its leaf is a problem, though the tree is sound."""
    with database.write() as tx:
        act(tx, "a")
        act(tx, "a")
    database.connection().execute("DROP TRIGGER entry_is_never_updated")
    database.connection().execute(f"UPDATE entry SET {tampering} WHERE seq = 1")
    with database.read() as tx:
        head = journal.head(tx)
        assert list(verify_entries(journal.raw_entries(tx), head.size, head.root)) == []
        assert [(problem.seq, problem.kind) for problem in found_in(tx)] == [(1, "filing")]


@pytest.fixture
def busy(database: Database, act: Act) -> Database:
    """A register with acts under keys, one of them of two events, and one without a key."""
    with database.write() as tx:
        act(tx, "a")
        at = journal.head(tx).at
        for key, events in (("1", 1), ("2", 2), ("3", 1)):
            held = [(Event("held", None, {}), 0)] * events
            journal.append(tx, held, at=at, by="p1", key_hash=key * 64, fingerprint="f")
    return database


def test_what_belongs_to_the_ledger_agrees_with_it(busy: Database) -> None:
    """Where only cocycle wrote, head, keys and counts agree with entries and projects, in an empty register too."""
    with busy.read() as tx:
        assert [*found_beside(tx), *count_problems(tx)] == []


def test_an_empty_ledger_agrees_with_its_head(database: Database) -> None:
    """A register without entries has a head that continues nothing, and no problem."""
    with database.read() as tx:
        assert [*found_beside(tx), *count_problems(tx)] == []


@pytest.mark.parametrize(
    ("tampering", "kinds"),
    [
        ("UPDATE head SET frontier = zeroblob(8)", ["head"]),
        ("UPDATE head SET frontier = zeroblob(9)", ["head"]),
        ("UPDATE head SET frontier = cast(substr(frontier, 1, length(frontier) - 1) || x'00' AS BLOB)", ["head"]),
        ("UPDATE head SET at = '2020-01-01T00:00:00.000000Z'", ["head"]),
        ("DELETE FROM head", ["head"]),
        ("DELETE FROM idempotency WHERE first_seq = 4", ["key"]),
        ("UPDATE idempotency SET first_seq = 1, last_seq = 1 WHERE first_seq = 2", ["key"]),
        ("UPDATE idempotency SET last_seq = 1 WHERE first_seq = 2", ["key"]),
        ("INSERT INTO idempotency VALUES ('9', 'f', 0, 0)", ["key"]),
        ("UPDATE stage_count SET n = 2", ["count"]),
        ("DELETE FROM stage_count", ["count"]),
        ("INSERT INTO stage_count VALUES ('w', 'nowhere', 1)", ["count"]),
    ],
)
def test_what_disagrees_with_the_ledger_is_told(busy: Database, tampering: str, kinds: list[str]) -> None:
    """An edge, a time, a key or a count that was altered, removed or added is a problem."""
    busy.connection().execute("PRAGMA ignore_check_constraints=ON")
    assert busy.connection().execute(tampering).rowcount > 0
    with busy.read() as tx:
        found = [*found_beside(tx), *count_problems(tx)]
    assert sorted({problem.kind for problem in found}) == kinds


def test_text_that_is_no_text_is_an_integrity_failure(busy: Database) -> None:
    """A column of text that was overwritten with bytes that are no text is damage, not a crash."""
    busy.connection().execute("UPDATE head SET at = cast(x'ff' AS TEXT)")
    with pytest.raises(IntegrityFailure), busy.read() as tx:
        journal.head(tx)


def test_an_unreadable_end_is_left_to_verification(busy: Database) -> None:
    """Of a last leaf that cannot be read neither head nor keys tell anything that is not so."""
    busy.connection().execute("DROP TRIGGER entry_is_never_updated")
    busy.connection().execute("UPDATE entry SET leaf = x'00' WHERE seq = 4")
    with busy.read() as tx:
        kinds = [problem.kind for problem in found_beside(tx)]
    # the tree over other bytes has another root and edge, and nobody carries the last key any more
    assert sorted(kinds) == ["head", "head", "key", "leaf", "leaf_hash", "root"]


def test_types_that_do_not_belong_are_told(database: Database, act: Act) -> None:
    """A leaf, hash or root that was turned into text or nothing is told, not a crash."""
    with database.write() as tx:
        act(tx, "a")
        act(tx, "a")
    connection = database.connection()
    connection.execute("DROP TRIGGER entry_is_never_updated")
    connection.execute("PRAGMA ignore_check_constraints=ON")
    connection.execute("UPDATE entry SET leaf = 'text', leaf_hash = 7, root = 'é' WHERE seq = 1")
    connection.execute("PRAGMA ignore_check_constraints=OFF")
    with database.read() as tx:
        head = journal.head(tx)
        kinds = [problem.kind for problem in verify_entries(journal.raw_entries(tx), head.size, head.root)]
        assert found_in(tx, "filing") == []  # of a leaf that cannot be read only that is told
        assert {problem.kind for problem in damage(tx)} == {"database"}
    assert kinds == ["leaf_hash", "root", "leaf", "head"]


def test_a_reference_to_nothing_is_told(database: Database) -> None:
    """A row that refers to a row that is gone is a problem."""
    connection = database.connection()
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("INSERT INTO role_grant VALUES ('nobody', 'admin', '')")
    with database.read() as tx:
        assert [problem.kind for problem in damage(tx)] == ["database"]
