"""What somebody writes into the tables of a register, whatever it is, ends in findings and never in a fall."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from engine.core.errors import IntegrityFailure
from engine.store.driver import dbapi as sqlite

from .test_owner_forgeries import everything
from .town import PROJECT, Town, refused
from .wreck import open_and_verify


def _deep(database: sqlite.Connection, seq: int) -> None:
    database.execute("UPDATE entry SET leaf = ? WHERE seq = ?", (b"[" * 60_000, seq))


def _long_word(database: sqlite.Connection, seq: int) -> None:
    database.execute("UPDATE word SET value = ?", (json.dumps("x" * 1_000_000),))


def _deep_word(database: sqlite.Connection, seq: int) -> None:
    database.execute("UPDATE word SET value = ?", ("[" * 500_000,))


def _not_text(database: sqlite.Connection, seq: int) -> None:
    database.execute("UPDATE word SET value = CAST(x'22ff22' AS TEXT)")
    database.execute("UPDATE person SET name = CAST(x'ff' AS TEXT)")


def _not_text_in_entries(database: sqlite.Connection, seq: int) -> None:
    database.execute("UPDATE entry SET name = CAST(x'ff' AS TEXT), at = x'00', actor = 5")


def _numbers(database: sqlite.Connection, seq: int) -> None:
    database.execute("UPDATE word SET value = '1e400', salt = 'short-and-not-bytes-but-32-long.'")
    database.execute("UPDATE project SET snapshot = '5'")


def _huge_snapshot(database: sqlite.Connection, seq: int) -> None:
    database.execute("UPDATE project SET snapshot = ?", (b"[" * 1_000_000,))


def _view(database: sqlite.Connection, seq: int) -> None:
    database.execute("PRAGMA foreign_keys = OFF")
    database.execute("ALTER TABLE word RENAME TO word_of_old")
    database.execute("CREATE VIEW word AS SELECT * FROM word_of_old")


def _renamed(database: sqlite.Connection, seq: int) -> None:
    database.execute("ALTER TABLE entry RENAME TO entries")


def _nulls(database: sqlite.Connection, seq: int) -> None:
    database.execute("DROP TABLE evidence")
    database.execute("CREATE TABLE evidence (id, project, seq)")
    database.execute("INSERT INTO evidence VALUES (NULL, NULL, NULL)")
    database.execute("DROP TABLE refusal")
    database.execute("CREATE TABLE refusal (person, day, what, project, seq, since, times, told)")
    database.execute("INSERT INTO refusal VALUES (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)")
    database.execute("DROP TABLE anchor")
    database.execute("CREATE TABLE anchor (place, size, note, at, tried_at, failure)")
    database.execute("INSERT INTO anchor VALUES (NULL, NULL, NULL, NULL, NULL, NULL)")
    database.execute("DROP TABLE node")
    database.execute("CREATE TABLE node (level, place, hash)")
    database.execute("INSERT INTO node VALUES (NULL, NULL, NULL)")


def _head_of_nulls(database: sqlite.Connection, seq: int) -> None:
    database.execute("DROP TABLE head")
    database.execute("CREATE TABLE head (id, size, root, frontier, at, people_version)")
    database.execute("INSERT INTO head VALUES (1, NULL, NULL, NULL, NULL, NULL)")


WRECKS = [
    _deep, _long_word, _deep_word, _not_text, _not_text_in_entries, _numbers, _huge_snapshot, _view, _renamed, _nulls,
    _head_of_nulls,
]  # fmt: skip


@pytest.mark.parametrize("wreck", WRECKS, ids=lambda w: w.__name__)
def test_a_wreck_is_told_and_never_falls_over(town: Town, wreck: Callable[[sqlite.Connection, int], None]) -> None:
    """Whatever somebody writes into the tables, verifying ends with findings."""
    everything(town)
    with town.sql() as database:
        for name, _ in database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        wreck(database, town.leaves()[-1]["version"])
    told = open_and_verify(town)
    assert told["ok"] is False
    json.dumps(told)


def test_a_wrecked_state_is_told_as_altered(town: Town) -> None:
    """A project whose stored state cannot be read is told to be altered, by every reading of it.

    Seen to fail when it ended as a mistake of cocycle's own.
    """
    everything(town)
    with town.sql() as database:
        database.execute("UPDATE project SET snapshot = '5'")
    for reading in (town.engine.project, town.engine.gate):
        refused(IntegrityFailure, None, lambda reading=reading: reading(PROJECT))  # type: ignore[misc]  # bound now
