"""Migrating: a register of an older cocycle is brought up to date whole, alone, and after a copy of it was made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.core.errors import InputRefused, IntegrityFailure, NotFound, StorageUnavailable
from engine.store import inspect, journal, migrate
from engine.store.connections import APPLICATION
from engine.store.database import REVISIONS, SCHEMA_REVISION, create_database, open_database
from engine.store.driver import dbapi
from engine.store.migrate import Migrated, migrate_register, upgrade

from .words_to_forget import fill, is_whole

FIRST = (
    "entry",
    "word",
    "head",
    "idempotency",
    "project",
    "stage_count",
    "person",
    "role_grant",
    "definition",
    "evidence",
    "file",
    "setting",
)
"""The tables of revision 0001."""


def made_by_an_older(path: Path, acts: int = 300) -> list[Any]:
    """Makes a register at revision 0001 with many entries, by its own migration; returns its entries."""
    newer = path.with_name("newer.db")
    full = fill(newer, acts=acts)
    full.database.close()
    older = dbapi.connect(path, isolation_level=None)
    upgrade(older, "0001")
    older.execute(f"PRAGMA application_id={APPLICATION}")
    older.execute("PRAGMA foreign_keys=OFF")
    older.execute("ATTACH ? AS newer", (str(newer),))
    for table in FIRST:
        columns = ", ".join(row[1] for row in older.execute(f"PRAGMA table_info({table})"))
        older.execute(f"INSERT INTO main.{table} SELECT {columns} FROM newer.{table}")  # noqa: S608  # our own names
    older.execute("DETACH newer")
    entries = older.execute("SELECT * FROM entry ORDER BY seq").fetchall()
    older.execute("PRAGMA journal_mode=WAL").fetchone()
    older.close()
    newer.unlink()
    return entries


def test_an_older_register_is_brought_up_to_date(path: Path) -> None:
    """Every entry and word is as it was, the schema is today's, the nodes of the tree are made, and a copy is kept.

    Seen to fail when the nodes were not made.
    """
    entries = made_by_an_older(path)
    with pytest.raises(StorageUnavailable, match="cocycle migrate"):
        open_database(path)
    before = path.read_bytes()
    copy = path.with_name(f"register.db.before-{SCHEMA_REVISION}")
    assert migrate_register(path) == Migrated("0001", SCHEMA_REVISION, copy)
    with open_database(path, read_only=True) as database:
        assert is_whole(database)
        with database.read() as tx:
            assert tx.execute("SELECT * FROM entry ORDER BY seq").fetchall() == entries
            assert tx.execute("SELECT level, place FROM node").fetchall() == [(1, 0)]
            assert tx.execute("SELECT count(*) FROM word").fetchone() == (300,)
        assert inspect.facts(database).journal_mode == "wal"
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name, copy.name]
    assert copy.stat().st_mode & 0o777 == 0o600
    kept = dbapi.connect(copy)
    assert kept.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    assert kept.execute("SELECT * FROM entry ORDER BY seq").fetchall() == entries
    kept.close()
    assert len(before) > 100_000


def test_no_copy_where_none_is_wanted(path: Path) -> None:
    """Without a copy there is the register and nothing beside it."""
    made_by_an_older(path, acts=10)
    assert migrate_register(path, copy=False) == Migrated("0001", SCHEMA_REVISION, None)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_register_of_today_is_left_alone(path: Path) -> None:
    """A register that is up to date is not written to, and no copy is made."""
    create_database(path).close()
    before = path.read_bytes()
    assert migrate_register(path) == Migrated(SCHEMA_REVISION, SCHEMA_REVISION, None)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("doing", ["nothing", "reading", "writing"])
def test_a_register_in_use_is_refused(path: Path, doing: str) -> None:
    """While somebody has the register open, even idly, nothing is changed, no copy is left, and it says what to stop.

    Seen to fail when only the write lock was asked for: then an idle process went on with an older schema.
    """
    entries = made_by_an_older(path, acts=20)
    other = dbapi.connect(path, isolation_level=None)
    other.execute("SELECT count(*) FROM entry").fetchone()
    if doing != "nothing":
        other.execute("BEGIN IMMEDIATE" if doing == "writing" else "BEGIN")
        other.execute("SELECT count(*) FROM entry").fetchone()
    with pytest.raises(StorageUnavailable, match="is in use") as caught:
        migrate_register(path, timeout=0.1)
    assert caught.value.code == "locked"
    assert other.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    assert other.execute("SELECT * FROM entry ORDER BY seq").fetchall() == entries
    other.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert migrate_register(path).after == SCHEMA_REVISION


def test_a_file_in_the_place_of_the_copy_is_kept(path: Path) -> None:
    """Where something lies at the copy's place nothing is changed, and it is named."""
    made_by_an_older(path, acts=5)
    taken = path.with_name(f"register.db.before-{SCHEMA_REVISION}")
    taken.write_bytes(b"somebody's")
    with pytest.raises(InputRefused, match=f"before-{SCHEMA_REVISION} exists already"):
        migrate_register(path)
    assert taken.read_bytes() == b"somebody's"
    taken.unlink()
    assert migrate_register(path).copy == taken


def test_a_failure_on_the_way_leaves_the_register_as_it_was(path: Path) -> None:
    """Where a table is in the way of the migration, the register is the older one still, and no copy is left behind.

    Seen to fail when the revisions were not run in one transaction.
    """
    entries = made_by_an_older(path, acts=20)
    older = dbapi.connect(path, isolation_level=None)
    older.execute("CREATE TABLE sealed_file (somebody TEXT)")
    older.close()
    with pytest.raises(IntegrityFailure, match="not as cocycle made it, and was left as it is: table sealed_file"):
        migrate_register(path)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    older = dbapi.connect(path, isolation_level=None)
    assert older.execute("SELECT * FROM entry ORDER BY seq").fetchall() == entries
    assert older.execute("SELECT count(*) FROM sqlite_master WHERE name = 'anchor'").fetchone() == (0,)
    older.execute("DROP TABLE sealed_file")
    older.close()
    assert migrate_register(path).after == SCHEMA_REVISION


KILLED = """
import os, signal, sys, threading, time
from pathlib import Path
from engine.store.migrate import migrate_register
def kill():
    time.sleep(float(sys.argv[2]))
    os.kill(os.getpid(), signal.SIGKILL)
threading.Thread(target=kill, daemon=True).start()
migrate_register(Path(sys.argv[1]), copy=False)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_while_migrating(path: Path, product_environment: dict[str, str]) -> None:
    """Killed at any moment, the register is the older one or today's, and whole; migrating again ends it."""
    made_by_an_older(path, acts=300)
    pristine = path.read_bytes()
    for delay in ("0", "0.02", "0.05", "0.1", "0.2", "0.4"):
        for end in ("", "-wal", "-shm", "-journal"):
            Path(f"{path}{end}").unlink(missing_ok=True)
        path.write_bytes(pristine)
        words = [sys.executable, "-c", KILLED, str(path), delay]
        assert subprocess.run(words, env=product_environment, check=False).returncode == -9
        assert migrate_register(path, copy=False).after == SCHEMA_REVISION
        with open_database(path, read_only=True) as database:
            assert is_whole(database)
            with database.read() as tx:
                assert journal.head(tx).size == 300


def test_what_is_no_older_register_is_refused(path: Path) -> None:
    """Nothing, something else, and a register of a newer cocycle are refused as opening refuses them."""
    with pytest.raises(NotFound):
        migrate_register(path)
    path.write_text("not a register at all, but long enough to be read as one " * 20)
    with pytest.raises(InputRefused):
        migrate_register(path)
    path.unlink()
    create_database(path).close()
    newer = dbapi.connect(path, isolation_level=None)
    newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    with pytest.raises(StorageUnavailable, match="newer cocycle"):
        migrate_register(path)


@pytest.mark.skipif(os.name != "posix", reason="limits on the size of files are set otherwise elsewhere")
def test_no_room_for_the_copy(path: Path, product_environment: dict[str, str]) -> None:
    """Where the copy finds no room, nothing is changed and nothing of it is left."""
    made_by_an_older(path)
    script = (
        "import resource, signal, sys; from pathlib import Path; from engine.store.migrate import migrate_register\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))\n"
        "try: migrate_register(Path(sys.argv[1]))\n"
        "except Exception as error: print(error.code, error)\n"
    )
    words = [sys.executable, "-c", script, str(path), str(path.stat().st_size // 2)]
    process = subprocess.run(words, env=product_environment, capture_output=True, text=True, check=False)
    assert process.stdout.startswith("full "), process.stdout + process.stderr
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert migrate_register(path).before == "0001"


@pytest.fixture
def command(product_environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command line as a process of its own."""
    root = Path(__file__).parents[2]

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, str(root / "cli.py"), *words]
        return subprocess.run(line, env=product_environment, capture_output=True, text=True, check=False)

    return run


def test_the_command_says_what_it_did(path: Path, command: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """`cocycle migrate` answers in JSON and in words: where the copy is, what it holds, and when to remove it."""
    made_by_an_older(path, acts=5)
    pristine = path.read_bytes()
    told = command("migrate", "--db", str(path))
    assert told.returncode == 0, told.stderr
    assert f"{path}.before-{SCHEMA_REVISION}" in told.stdout.replace("\n", "")
    assert "remove the copy" in " ".join(told.stdout.split())
    again = command("migrate", "--db", str(path), "--json")
    assert json.loads(again.stdout) == {
        "register": str(path),
        "from": SCHEMA_REVISION,
        "to": SCHEMA_REVISION,
        "copy": None,
    }
    path.write_bytes(pristine)
    taken = command("migrate", "--db", str(path), "--json")
    assert (taken.returncode, json.loads(taken.stdout)["error"]["code"]) == (2, "already_exists")
    without = command("migrate", "--db", str(path), "--no-copy", "--json")
    assert json.loads(without.stdout) == {"register": str(path), "from": "0001", "to": SCHEMA_REVISION, "copy": None}


def test_every_revision_is_known() -> None:
    """The revisions that a register may be opened at are those there are migrations for, oldest first."""
    folder = Path(migrate.__file__).parent / "migrations" / "versions"
    assert [file.name[1:5] for file in sorted(folder.glob("r*.py"))] == list(REVISIONS)
