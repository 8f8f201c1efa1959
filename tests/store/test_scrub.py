"""Scrubbing: after an erasure no byte of what was erased is in the register's files, and nothing else has changed."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from engine.store import connections
from engine.store import scrub as scrubbing
from engine.store.backup import backup
from engine.store.copies import remove_abandoned
from engine.store.database import Database, Transaction, open_database
from engine.store.driver import dbapi
from engine.store.forget import forget_files, forget_person, forget_words
from engine.store.people import PersonRow, person_by_id
from engine.store.scrub import DUE, scrub, scrub_due

from .words_to_forget import MARK, erase, fill, forms, found, is_whole

ERASER = str(Path(__file__).with_name("an_eraser.py"))
KEPT = ("entry", "word", "node", "head", "project", "stage_count", "definition", "file", "sealed_file", "file_key")


def rows(tx: Transaction) -> dict[str, list[Any]]:
    """Everything that is stored, but for what is still to be cleaned up."""
    return {table: sorted(tx.execute(f"SELECT * FROM {table}").fetchall()) for table in KEPT}  # noqa: S608  # our own table names


def due(database: Database) -> bool:
    with database.read() as tx:
        return scrub_due(tx)


def test_nothing_of_what_was_erased_is_left(path: Path) -> None:
    """After erasing and scrubbing, no word, salt, key or file is in any byte of the folder, in any of five forms.

    Seen to fail when VACUUM was left out, when the log was not truncated, and when only `secure_delete` was on: then
    103 of 3,428 copies lay in pages that had been rewritten before.
    """
    full = fill(path)
    assert sum(found(path.parent, full.secrets).values()) > 1000, "the search finds what is there"
    erase(full)
    assert due(full.database)
    assert scrub(full.database) == (True, "")
    assert found(path.parent, full.secrets) == {}
    assert MARK.encode() not in b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert not due(full.database)
    full.database.close()
    assert found(path.parent, full.secrets) == {}


def test_nothing_else_changes(path: Path) -> None:
    """Scrubbing leaves every row of every table as it was, and the ledger whole."""
    full = fill(path)
    with full.database.write() as tx:
        forget_words(tx, full.words[:150])
        forget_files(tx, full.plain[:5], full.sealed[:5])
    with full.database.read() as tx:
        before = rows(tx)
    assert scrub(full.database).done
    with full.database.read() as tx:
        assert rows(tx) == before
        assert len(before["word"]) == 150
        assert len(before["file"]) == len(before["file_key"]) == len(before["sealed_file"]) == 25
    assert is_whole(full.database)
    full.database.close()


def test_what_is_not_due_is_not_done(path: Path) -> None:
    """Where nothing was erased, scrubbing changes no byte of the register's file and of its log."""
    full = fill(path, acts=20)
    before = [Path(f"{path}{end}").read_bytes() for end in ("", "-wal")]
    assert scrub(full.database) == (True, "")
    assert [Path(f"{path}{end}").read_bytes() for end in ("", "-wal")] == before
    full.database.close()


@pytest.mark.parametrize("wal", [True, False])
def test_both_journals_are_cleaned(path: Path, monkeypatch: pytest.MonkeyPatch, wal: bool) -> None:
    """Where the log is not safe and the old journal is used, nothing is left either."""
    monkeypatch.setattr(connections, "WAL_IS_SAFE", wal)
    full = fill(path, acts=100)
    assert full.database.connection().execute("PRAGMA journal_mode").fetchone() == ("wal" if wal else "delete",)
    erase(full)
    assert scrub(full.database).done
    assert found(path.parent, full.secrets) == {}
    assert is_whole(full.database)
    full.database.close()


def test_a_reader_is_waited_for_and_then_told_of(path: Path) -> None:
    """Where somebody reads on, it says so, the words are gone for every new reader, and the next opening finishes it.

    Seen to fail when the answer of the checkpoint was not looked at.
    """
    full = fill(path, acts=60)
    full.database.close()
    reader = dbapi.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM word").fetchone() == (60,)
    database = open_database(path, timeout=0.2)
    erase(full._replace(database=database))
    result = scrub(database)
    assert not result.done
    assert "the words are gone from the register" in result.why
    assert "Another program is reading" in result.why
    assert due(database)
    assert found(path.parent, full.secrets), "the reader still needs the old pages"
    with database.read() as tx:
        assert tx.execute("SELECT count(*) FROM word").fetchone() == (0,)
    assert reader.execute("SELECT count(*) FROM word").fetchone() == (60,), "the reader sees what it saw"
    reader.close()
    database.close()
    with open_database(path) as again:
        assert not due(again)
        assert found(path.parent, full.secrets) == {}
        assert is_whole(again)


def test_a_writer_is_waited_for_and_then_told_of(path: Path) -> None:
    """Where somebody holds the write lock, it says that the register is locked, and stays due."""
    full = fill(path, acts=20)
    full.database.close()
    database = open_database(path, timeout=0.1)
    erase(full._replace(database=database))
    writer = dbapi.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    result = scrub(database)
    assert (result.done, "locked" in result.why, due(database)) == (False, True, True)
    writer.execute("ROLLBACK")
    writer.close()
    assert scrub(database) == (True, "")
    database.close()


def test_a_register_open_for_reading_only_is_left_alone(path: Path, product_environment: dict[str, str]) -> None:
    """Whoever only reads cleans nothing up: they change no byte, and see that it is due."""
    full = fill(path, acts=20)
    full.database.close()
    killed(path, product_environment, "commit")
    before = [Path(f"{path}{end}").read_bytes() for end in ("", "-wal")]
    with open_database(path, read_only=True) as reader:
        assert due(reader)
    assert [Path(f"{path}{end}").read_bytes() for end in ("", "-wal")] == before


def test_killed_after_the_commit(path: Path, product_environment: dict[str, str]) -> None:
    """A process killed between the erasure's commit and the scrub: whoever writes next finishes it.

    Seen to fail when the erasure's own transaction did not leave the mark, and when opening did not look for it.
    """
    full = fill(path)
    full.database.close()
    killed(path, product_environment, "commit")
    assert found(path.parent, full.secrets), "that is what the mark is for"
    with open_database(path) as database:
        assert not due(database)
        assert found(path.parent, full.secrets) == {}
        assert is_whole(database)


def test_killed_while_it_scrubs(path: Path, product_environment: dict[str, str]) -> None:
    """Killed at any moment of the scrub, the register is whole, has every entry, and the next writer finishes it."""
    pristine = path.with_name("pristine.db")
    full = fill(pristine, acts=400)
    full.database.close()
    with open_database(pristine, read_only=True) as database, database.read() as tx:
        entries = rows(tx)["entry"]
    content = pristine.read_bytes()
    pristine.unlink()
    for delay in (0.0, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06):
        path.write_bytes(content)
        killed(path, product_environment, "scrub", str(delay))
        with open_database(path) as database:
            assert is_whole(database)
            assert not due(database)
            with database.read() as tx:
                assert rows(tx)["entry"] == entries
            assert found(path.parent, full.secrets) == {}


def test_no_room(path: Path, product_environment: dict[str, str]) -> None:
    """Where there is no room to scrub, it says so, the register is whole and readable, and it is done when there is."""
    full = fill(path)
    full.database.close()
    # room for the erasure, which is less than the whole; the log of a scrub is about as large as what is left
    limit = str(path.stat().st_size // 2)
    process = subprocess.run(
        [sys.executable, ERASER, str(path), "limited", limit], env=product_environment, capture_output=True, text=True
    )
    assert "files may not grow beyond" in process.stdout, process.stderr
    assert "The erasure is recorded" in process.stdout
    with open_database(path, read_only=True) as reader:
        assert due(reader)
        assert is_whole(reader)
    with open_database(path) as database:
        assert not due(database)
        assert is_whole(database)
    assert found(path.parent, full.secrets) == {}


def test_a_damaged_register_is_not_copied(path: Path) -> None:
    """Where a page is damaged nothing is vacuumed, since rows that cannot be read would be lost; it says what to do.

    Seen to fail when the pages were not checked: VACUUM copied what it found and left an entry out, without a word.
    """
    full = fill(path, acts=120)
    erase(full)
    full.database.close()
    lose_a_row(path, "entry")
    before = path.read_bytes()
    with open_database(path, timeout=0.1) as database:
        result = scrub(database)
        assert due(database)
    assert not result.done
    assert "Pages of the register are damaged" in result.why
    assert path.read_bytes() == before


def lose_a_row(path: Path, table: str) -> None:
    """Has the first leaf of a table say that it holds one row less than it does."""
    with open_database(path, read_only=True) as database:
        sql = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = database.connection().execute(sql, (table,)).fetchone()
    content = bytearray(path.read_bytes())
    while content[start := (page - 1) * 4096] == 5:  # a page that only points to others; its first cell is read
        cell = start + int.from_bytes(content[start + 12 : start + 14], "big")
        page = int.from_bytes(content[cell : cell + 4], "big")
    rows_there = int.from_bytes(content[start + 3 : start + 5], "big")
    content[start + 3 : start + 5] = (rows_there - 1).to_bytes(2, "big")
    path.write_bytes(content)


def test_an_erasure_that_comes_in_between_is_not_taken_for_done(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another erases after the pages were rewritten is scrubbed as well, before the mark is taken away.

    Seen to fail when the mark was moved on whatever it said: then the pages were rewritten once.
    """
    full = fill(path, acts=40)
    first, last = full._replace(words=full.words[:20]), full._replace(words=full.words[20:])
    with full.database.write() as tx:
        forget_words(tx, first.words)
    moved = scrubbing._move
    calls = itertools.count()

    def meanwhile(connection: dbapi.Connection, mark: str, to: str | None) -> str:
        if next(calls) == 0:
            erase(last)
        return moved(connection, mark, to)

    monkeypatch.setattr(scrubbing, "_move", meanwhile)
    said: list[str] = []
    connection = connections.connect(path, "mode=rw", timeout=1)
    connection.set_trace_callback(said.append)
    assert scrubbing.clean(connection, path).done
    connection.close()
    assert said.count("VACUUM") == 2
    assert found(path.parent, full.secrets) == {}
    full.database.close()


def test_once_the_pages_are_rewritten_only_the_log_is_left(path: Path) -> None:
    """Trying again after a reader was in the way rewrites nothing a second time: that would cost the whole register."""
    full = fill(path, acts=20)
    erase(full)
    reader = dbapi.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM word").fetchone()
    full.database.close()
    with open_database(path, timeout=0.05) as database:
        said: list[str] = []
        connection = connections.connect(path, "mode=rw", timeout=0.05)
        connection.set_trace_callback(said.append)
        assert not scrubbing.clean(connection, path).done
        with database.read() as tx:
            (mark,) = tx.execute("SELECT value FROM setting WHERE name = ?", (DUE,)).fetchone()
        assert mark.endswith(scrubbing.VACUUMED)
        said.clear()
        reader.close()
        assert scrubbing.clean(connection, path).done
        assert [sql for sql in said if sql == "VACUUM"] == []
        connection.close()


def test_a_backup_of_what_is_due_is_clean(path: Path, tmp_path: Path, product_environment: dict[str, str]) -> None:
    """A copy made while old pages still lie in the register holds none of them."""
    full = fill(path)
    full.database.close()
    killed(path, product_environment, "commit")
    folder = tmp_path / "copies"
    folder.mkdir()
    with open_database(path, read_only=True) as database:
        backup(database, folder / "copy.db")
    assert found(folder, full.secrets) == {}
    assert [file.name for file in folder.iterdir()] == ["copy.db"]
    with open_database(folder / "copy.db") as copy:
        assert is_whole(copy)
        assert not due(copy)


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    """A word or a key in any of the five forms is found wherever in a file it begins."""
    for secret in (f"{MARK}-é😀".encode(), bytes(range(180, 212))):
        for form, before in itertools.product(forms(secret), range(9)):
            (tmp_path / "file").write_bytes(b"z" * before + form + b"y")
            assert list(found(tmp_path, [secret])) == ["file"]


def test_a_person_is_blanked(database: Database) -> None:
    """A person forgotten keeps their row, with no e-mail and no name, inactive, and gets no letter any more."""
    with database.write() as tx:
        for person in ("p-1", "p-2"):
            tx.execute("INSERT INTO person VALUES (?, ?, ?, ?, 1)", (person, f"{person}@x", f"{person}@X", "Name"))
    with database.write() as tx:
        forget_person(tx, "p-1")
    with database.read() as tx:
        assert person_by_id(tx, "p-1") == PersonRow("p-1", None, None, False)
        assert person_by_id(tx, "p-2") == PersonRow("p-2", "p-2@X", "Name", True)
        assert tx.execute("SELECT email_folded FROM person WHERE id = 'p-1'").fetchone() == (None,)
        assert scrub_due(tx)


def test_forgetting_says_how_much_there_was(path: Path) -> None:
    """What is gone already is not counted, and forgetting it again does no harm."""
    full = fill(path, acts=20)
    with full.database.write() as tx:
        assert forget_words(tx, full.words) == 20
        assert forget_words(tx, full.words) == 0
        assert forget_files(tx, full.plain, full.sealed) == 4
        assert forget_files(tx, full.plain, full.sealed) == 0
    full.database.close()


def test_copies_made_for_reading_do_not_outlive_their_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, product_environment: dict[str, str]
) -> None:
    """A copy whose reader was killed is removed by whoever erases next; that of a living reader stays."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    abandoned = tmp_path / f"cocycle-read-{ended.stdout.strip()}-abc"
    living, other = tmp_path / f"cocycle-read-{os.getpid()}-abc", tmp_path / "something-else"
    for folder in (abandoned, living, other):
        folder.mkdir()
        (folder / "register.db").write_bytes(b"words")
    remove_abandoned()
    assert (abandoned.exists(), living.exists(), other.exists()) == (False, True, True)


def killed(path: Path, environment: dict[str, str], *way: str) -> None:
    """Has a process of its own erase everything in the register, and be killed on the way."""
    process = subprocess.run([sys.executable, ERASER, str(path), *way], env=environment, capture_output=True, text=True)
    assert process.returncode == -9, process.stderr
