"""Disks that are full, folders that cannot be written to: reading works, writing says why not, nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.core.errors import StorageUnavailable
from engine.core.events import Entry
from engine.ledger.verify import verify_entries
from engine.store import journal
from engine.store.connections import Reading
from engine.store.database import Database, Transaction, create_database, open_database

Act = Callable[[Transaction, str], Entry]

WRITER, READER = (Path(__file__).with_name(name) for name in ("a_writer.py", "a_reader.py"))


def run(program: Path, environment: dict[str, str], *arguments: object) -> list[str]:
    """Runs a program of these tests and returns the lines it says."""
    command = [sys.executable, str(program), *map(str, arguments)]
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()


def filled(database: Database, act: Act) -> None:
    with database.write() as tx:
        for _ in range(5):
            act(tx, "a")


def frozen(path: Path, database: Database, folder: Path, *, log: bool) -> Path:
    """Copies a register into a folder that nobody may write to; as a crash leaves it (`log`) or a close."""
    if not log:
        database.close()
    for suffix in ("", "-wal") if log else ("",):
        shutil.copy(f"{path}{suffix}", folder)
        (folder / f"{path.name}{suffix}").chmod(0o444)
    folder.chmod(0o555)
    return folder / path.name


@pytest.mark.parametrize("log", [False, True])
def test_reading_from_a_read_only_folder(
    path: Path, database: Database, act: Act, public_folder: Path, product_environment: dict[str, str], log: bool
) -> None:
    """A register in a folder that may not be written to is read whole, its log included, and leaves nothing there."""
    filled(database, act)
    target = frozen(path, database, public_folder, log=log)
    before = sorted(public_folder.iterdir())
    assert run(READER, product_environment, target, "nobody") == ["5", "5"]
    assert sorted(public_folder.iterdir()) == before


@pytest.mark.parametrize("log", [False, True])
def test_reading_where_no_file_may_grow(
    path: Path, database: Database, act: Act, public_folder: Path, product_environment: dict[str, str], log: bool
) -> None:
    """Where nothing more can be written at all, a closed register is read; one with a log says what it needs."""
    filled(database, act)
    target = frozen(path, database, public_folder, log=log)
    public_folder.chmod(0o755)
    said = run(READER, product_environment, target, "no-room")
    assert said == ["5", "5"] if not log else said[0].startswith("cannot_copy: ")


def test_reading_beside_a_writer_where_no_file_may_grow(
    path: Path, database: Database, act: Act, product_environment: dict[str, str]
) -> None:
    """While a program has the register open, another reads it though nothing more can be written."""
    filled(database, act)
    assert Path(f"{path}-wal").stat().st_size
    assert run(READER, product_environment, path, "no-room") == ["5", "5"]


def test_writing_to_a_read_only_folder(
    path: Path, database: Database, act: Act, public_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writing where nothing may be written says so."""
    filled(database, act)
    target = frozen(path, database, public_folder, log=False)
    if os.geteuid() == 0:
        os.seteuid(65534)
    try:
        with pytest.raises(StorageUnavailable) as writing:
            open_database(target)
        with pytest.raises(StorageUnavailable) as making:
            create_database(public_folder / "new.db")
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
    assert writing.value.code == making.value.code == "read_only"


def test_a_file_size_limit_is_said_and_loses_nothing(
    path: Path, database: Database, act: Act, product_environment: dict[str, str]
) -> None:
    """A writer that meets a limit on the size of files says which, and everything it acknowledged before stands."""
    filled(database, act)
    *acknowledged, refusal = run(WRITER, product_environment, path, "a", "forever", 200_000)
    assert refusal.startswith("full: ")
    assert "file-size limit" in refusal
    assert [int(seq) for seq in acknowledged] == list(range(5, 5 + len(acknowledged)))
    assert len(acknowledged) > 3
    with database.read() as tx:
        head = journal.head(tx)
        assert head.size == 5 + len(acknowledged)
        assert list(verify_entries(journal.raw_entries(tx), head.size, head.root)) == []
    with database.write() as tx:
        act(tx, "b")


def test_making_a_register_where_there_is_no_room(tmp_path: Path, product_environment: dict[str, str]) -> None:
    """Making a register where no file may grow says so and leaves nothing behind."""
    program = """
import resource, sys
from engine.core.errors import StorageUnavailable
from engine.store.database import create_database
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    create_database(sys.argv[1])
except StorageUnavailable as error:
    print(error.code)
"""
    command = [sys.executable, "-c", program, str(tmp_path / "r.db")]
    ran = subprocess.run(command, env=product_environment, stdout=subprocess.PIPE, text=True, check=True)
    assert ran.stdout == "full\n"
    assert list(tmp_path.iterdir()) == []


def test_a_file_taken_for_unchanging_that_changed_is_noticed(
    path: Path, database: Database, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a register is read as one that nobody changes, a change meanwhile is noticed and the reading void."""
    filled(database, act)
    database.close()
    monkeypatch.setattr("engine.store.connections.may_write", lambda _: False)
    reader = open_database(path, read_only=True)

    def read_while_another_writes() -> None:
        with reader.read() as tx:
            journal.head(tx)
            with open_database(path) as writer, writer.write() as writing:
                act(writing, "a")

    with pytest.raises(StorageUnavailable) as refusal:
        read_while_another_writes()
    assert refusal.value.code == "locked"
    reader.close()


def test_a_copy_is_removed_with_the_reading(path: Path, database: Database, act: Act) -> None:
    """A register that had to be copied to be read is read whole, and the copy does not outlive the reading."""
    filled(database, act)
    reading = Reading(path, timeout=1)
    connection = reading._copied()
    assert connection.execute("SELECT size FROM head").fetchone() == (5,)
    assert reading._folder is not None
    folder = Path(reading._folder.name)
    assert folder.is_dir()
    connection.close()
    reading.close()
    assert not folder.exists()
