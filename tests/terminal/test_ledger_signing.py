"""The commands about signing, receipts and outside places, as people meet them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from .conftest import Run

ROOT = Path(__file__).parents[2]
ADA, SAM = "ada@example.org", "sam@example.org"


def with_second(work: Run) -> None:
    """Adds a second admin."""
    assert work("person", "add", SAM, "--name", "Sam", "--role", "admin", "--as", ADA).returncode == 0


def test_a_change_of_keys_is_told(work: Run) -> None:
    """`ledger rotate-key` prints the new public key, which is what `ledger public-key` prints from then on."""
    with_second(work)
    before = work("ledger", "public-key").stdout.strip()
    done = work("ledger", "rotate-key", "--reason", "It is old", "--second", SAM, "--as", ADA)
    assert done.returncode == 0, done.stderr
    after = work("ledger", "public-key").stdout.strip()
    assert after != before
    assert after in done.stdout
    alone = work("ledger", "rotate-key", "--reason", "It is old", "--second", ADA, "--as", ADA)
    assert alone.returncode == 6
    assert "another admin" in alone.stderr


def test_an_older_copy_is_refused_and_recovered_with_the_words_it_gives(work: Run, tmp_path: Path) -> None:
    """A restored older copy makes `ledger checkpoint` exit with 3 and name the command that puts it right honestly."""
    folder = tmp_path / "copy"
    with_second(work)
    assert work("backup", "older.db").returncode == 0
    assert work("person", "add", "x@example.org", "--name", "X", "--as", ADA).returncode == 0
    assert work("ledger", "checkpoint").returncode == 0
    shutil.copy(folder / "older.db", folder / "cocycle.db")
    for words in (("ledger", "checkpoint"), ("ledger", "receipt", "1")):
        no = work(*words)
        assert no.returncode == 3, no.stdout
        assert no.stdout == ""
        assert "cocycle ledger recover" in no.stderr
    assert work("doctor").returncode == 3
    done = work("ledger", "recover", "--reason", "Lost", "--second", SAM, "--as", ADA)
    assert done.returncode == 0, done.stderr
    assert "/2" in work("ledger", "checkpoint").stdout.splitlines()[0]
    assert work("ledger", "verify").returncode == 0
    again = work("ledger", "recover", "--reason", "Lost", "--second", SAM, "--as", ADA)
    assert (again.returncode, "Nothing was lost" in again.stderr) == (4, True)


def test_the_outside_places_are_told(work: Run, tmp_path: Path) -> None:
    """`ledger anchor` says how each place took the checkpoint, and exits with 5 where one did not."""
    folder = tmp_path / "copy"
    (folder / "kept").mkdir()
    folders = os.pathsep.join([str(folder / "kept"), str(folder / "not-there")])
    found = work("ledger", "anchor", env={"COCYCLE_ANCHOR_FOLDERS": folders})
    assert found.returncode == 5
    assert f"the folder {folder / 'kept'} has it" in found.stdout
    assert "not-there did not take it" in found.stdout
    assert len(list((folder / "kept").iterdir())) == 1
    assert work("ledger", "anchor", env={"COCYCLE_ANCHOR_FOLDERS": str(folder / "kept")}).returncode == 0
    bad = work("ledger", "anchor", env={"COCYCLE_ANCHOR_FOLDERS": "kept"})
    assert bad.returncode == 2
    assert "COCYCLE_ANCHOR_FOLDERS" in bad.stderr


def test_what_is_new_goes_to_the_places_by_itself(work: Run, tmp_path: Path) -> None:
    """With `--every` each round takes what is new to the places, until it is stopped, and goes on where one fails.

    Seen to fail when it went once only, and when a place that failed ended it.
    """
    folder = tmp_path / "copy"
    kept = folder / "kept"
    words = [sys.executable, "-m", "cli", "ledger", "anchor", "--every", "0.005", "--db", str(folder / "cocycle.db")]
    places = {**os.environ, "COCYCLE_ANCHOR_FOLDERS": str(kept), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, env=places, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            assert running.stdout.readline()  # the folder is not there yet, and that was said
            kept.mkdir()
            wait_for(lambda: len(list(kept.glob("*"))) == 1)
            with_second(work)
            wait_for(lambda: len(list(kept.glob("*"))) == 2)
            assert running.poll() is None
        finally:
            running.terminate()


def wait_for(happened: Callable[[], bool]) -> None:
    """Waits until something is so, for half a minute at most."""
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def test_whoever_moves_a_project_is_told_how_to_keep_the_receipt(work: Run) -> None:
    """The answer holds the receipt, and in text stands the very command that prints it, for the entry of the act."""
    words = ("advance", "G-1", "--act", "drop", "--reason", "No ground", "--as", "gil@example.org", "--key", "once")
    told = work(*words).stdout
    (line,) = (line for line in told.splitlines() if "ledger receipt" in line)
    seq = line.split()[3]
    assert b'"event":"advanced"' in work("ledger", "leaf", seq).stdout.encode()
    receipt = json.loads(work(*words, "--json").stdout)["receipt"]
    assert receipt == work("ledger", "receipt", seq).stdout
    assert receipt.startswith("c2sp.org/tlog-proof@v1\n")
