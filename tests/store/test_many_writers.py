"""Many writers at once, and writers that die: nothing acknowledged is lost, nothing is written twice."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from engine.core.errors import Conflict
from engine.core.events import Entry, Event
from engine.ledger.verify import verify_entries
from engine.store import journal
from engine.store.database import Database, Transaction, open_database
from engine.store.projects import ProjectRow, list_projects, load_project, save_project

from .checked import found_in

Act = Callable[[Transaction, str], Entry]

WRITER = Path(__file__).with_name("a_writer.py")


def verified_size(database: Database) -> int:
    """Checks that the whole register is sound and that projections and ledger agree; returns the ledger's size."""
    with database.read() as tx:
        head = journal.head(tx)
        assert list(verify_entries(journal.raw_entries(tx), head.size, head.root)) == []
        assert found_in(tx) == []
        recorded = Counter(entry.event.project for entry in journal.entries(tx))
        assert {row.id: row.version for row in list_projects(tx)} == recorded
        return head.size


def test_threads_lose_no_update(database: Database, act: Act) -> None:
    """Of many threads acting on the same projects each act counts once, and the indices are dense."""
    seqs: list[int] = []

    def work() -> None:
        for number in range(25):
            with database.write() as tx:
                entry = act(tx, f"p{number % 3}")
            seqs.append(entry.seq)

    # One clock for all: `act` takes its time inside the transaction, so that it never runs backwards.
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seqs) == list(range(200))
    assert verified_size(database) == 200


def test_of_many_who_saw_the_same_version_one_wins(database: Database, act: Act) -> None:
    """Of many who decided on the same version one is recorded, and the others are told that it moved."""
    with database.write() as tx:
        act(tx, "a")
    start, outcomes = threading.Barrier(8), []

    def decide_then_write() -> None:
        with database.read() as tx:
            found = load_project(tx, "a")
            (row,) = list_projects(tx)
        assert found is not None
        start.wait()
        try:
            with database.write() as tx:
                record(tx, row)
            outcomes.append("won")
        except Conflict as conflict:
            outcomes.append(conflict.code)

    def record(tx: Transaction, row: ProjectRow) -> None:
        at = "2026-11-22T11:00:00.000000Z"
        save_project(tx, row._replace(version=row.version + 1), expected_version=row.version)
        events = [(Event("held", "a", {}), row.version + 1)]
        journal.append(tx, events, at=at, by="p1", key_hash=None, fingerprint=None)

    threads = [threading.Thread(target=decide_then_write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(outcomes) == {"won": 1, "moved": 7}
    assert verified_size(database) == 2


def test_short_readers_beside_short_writers(path: Path, database: Database, act: Act) -> None:
    """While commands that write come and go, commands that read come and go too, and none is refused or sees less."""
    database.close()
    done = threading.Event()

    def write() -> None:
        for _ in range(40):
            with open_database(path) as writer, writer.write() as tx:
                act(tx, "a")
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    sizes = [0]
    while not done.is_set():
        with open_database(path, read_only=True) as reader, reader.read() as tx:
            sizes.append(journal.head(tx).size)
    thread.join()
    assert sizes == sorted(sizes)
    with open_database(path, read_only=True) as reader:
        assert verified_size(reader) == 40


def test_processes_lose_no_update(
    path: Path, database: Database, act: Act, product_environment: dict[str, str]
) -> None:
    """Of many processes acting on the same project each act counts once, and the indices are dense."""
    with database.write() as tx:
        act(tx, "a")
    command = [sys.executable, str(WRITER), str(path), "a", "40", "0"]
    writers = [subprocess.Popen(command, env=product_environment, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    acknowledged = [int(line) for writer in writers for line in writer.communicate()[0].split()]
    assert sorted(acknowledged) == list(range(1, 161))
    assert verified_size(database) == 161


def test_a_killed_writer_loses_nothing_it_said(
    path: Path, database: Database, act: Act, product_environment: dict[str, str]
) -> None:
    """A writer killed in the middle of its acts has recorded every act it acknowledged, and at most one more, whole."""
    with database.write() as tx:
        act(tx, "a")
    size = 1
    command = [sys.executable, str(WRITER), str(path), "a", "forever", "0"]
    for acts in (1, 7, 20, 41):
        with subprocess.Popen(command, env=product_environment, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            acknowledged = [int(writer.stdout.readline()) for _ in range(acts)]
            writer.send_signal(signal.SIGKILL)
            acknowledged += [int(line) for line in writer.stdout.read().split("\n")[:-1]]
        assert acknowledged == list(range(size, size + len(acknowledged)))
        assert verified_size(database) - acknowledged[-1] in (1, 2)
        size = verified_size(database)
