"""How the command line refuses: the exit codes of the contract, one sentence, one JSON object, never a traceback."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
GIL, PIA = "gil@example.org", "pia@example.org"
NEW = ("project", "new", "Plot", "--workflow", "garden", "--as", PIA)
ADD = ("evidence", "add", "G-1", "round", "--as", GIL)

BAD = [
    # usage
    (2, ("bogus",)),
    (2, ("project",)),
    (2, ("project", "shwo", "G-1")),
    (2, ("gate",)),
    (2, ("gate", "G-1", "extra")),
    (2, ("gate", "G-1", "--nope")),
    (2, ("gate", "G-1", "--at", "tomorrow")),
    (2, ("gate", "G-1", "--at", "2026-02-30")),
    (2, ("gate", "G-1", "--db", "")),
    (2, ("person", "list", "--at", "2026-02-03")),
    (2, ("sign", "G-1", "plan", "--at", "2026-02-03", "--as", GIL)),
    (2, ("sign", "G-1", "plan")),
    (2, ("project", "list", "--limit", "many")),
    (2, ("project", "list", "--limit", "0")),
    (2, ("ledger", "leaf", "first")),
    (2, ("completion", "tcsh")),
    (2, ("workflow", "diagram", "garden", "--format", "png")),
    (2, ("advance", "G-1", "--condition", "c", "--as", GIL)),
    (2, ("advance", "G-1", "--condition", "c", "--owner", GIL, "--due", "soon", "--as", GIL)),
    (2, ("init",)),
    (2, ("init", "--db", ".")),
    (2, ("backup", ".")),
    (2, ("backup", "")),
    (2, ("backup", "plan.txt")),
    (2, ("gate", "G-\udcff")),
    (2, ("gate", "G-1", "--as", "\udcff")),
    (2, ("sign", "G-1", "plan", "--as", GIL, "--key", "\udcff")),
    # fields
    (2, (*NEW, "--set", "budget")),
    (2, (*NEW, "--set", "=5")),
    (2, (*NEW, "--set", "budget=lots")),
    (2, (*NEW, "--set", "budget=5", "--set", "budget=6")),
    (2, (*NEW, "--set", "budget=5", "--set", "colour=red")),
    (2, (*NEW, "--set", "budget=5", "--set", "opens=2026-13-01")),
    (2, NEW),
    (2, ("project", "new", "a\x1b[31mred", *NEW[3:], "--set", "budget=5")),
    (2, ("project", "new", "", *NEW[3:], "--set", "budget=5")),
    (2, (*NEW, "--id", "../../etc/passwd", "--set", "budget=5")),
    (2, (*NEW, "--id", "a\nb", "--set", "budget=5")),
    (2, (*ADD, "--set", "walkers=2")),
    (2, (*ADD, "--set", "walkers.neighbours=-1")),
    (2, (*ADD, "--set", "walkers.neighbours=2", "--set", "walkers.neighbours=2")),
    (2, (*ADD, "--set", "walkers.dogs=2")),
    (2, (*ADD, "--set", "walkers.neighbours=2", "--level", "shouting")),
    (2, (*ADD, "--set", "walkers.neighbours=2", "--happened-on", "2999-01-01")),
    # files
    (2, (*ADD, "--set", "walkers.neighbours=2", "--file", "missing.pdf")),
    (2, (*ADD, "--set", "walkers.neighbours=2", "--file", ".")),
    (2, (*ADD, "--set", "walkers.neighbours=2", "--file", "/dev/null")),
    (2, (*ADD, "--record", "missing.yaml")),
    (2, (*ADD, "--record", ".")),
    (2, (*ADD, "--record", "plan.txt")),
    (2, ("workflow", "load", "missing.yaml", "--as", "ada@example.org")),
    (2, ("workflow", "load", "plan.txt", "--as", "ada@example.org")),
    (2, ("person", "add", "no-address", "--name", "N", "--as", "ada@example.org")),
    # the rules
    (4, ("advance", "G-1", "--as", GIL)),
    (4, ("advance", "G-1", "--to", "harvest", "--as", GIL)),
    (4, ("decide", "G-1", "--as", GIL)),
    (4, ("project", "resume", "G-1", "--reason", "r", "--as", PIA)),
    # storage
    (5, ("project", "list", "--db", "postgresql://u:p@localhost:1/none")),
    # permission
    (6, ("sign", "G-1", "plan", "--as", GIL)),
    (6, ("sign", "G-1", "plan", "--as", "stranger@example.org")),
    (6, ("project", "hold", "G-1", "--reason", "r", "--as", GIL)),
    (6, ("person", "add", "x@example.org", "--name", "X", "--as", PIA)),
    # conflict
    (7, (*NEW, "--id", "G-1", "--set", "budget=5")),
    # not found
    (8, ("gate", "NOPE")),
    (8, ("project", "show", "../G-1")),
    (8, ("gate", "G-1", "--to", "nowhere")),
    (8, ("evidence", "add", "NOPE", "round", "--set", "bad", "--file", "missing", "--as", GIL)),
    (8, ("project", "set", "NOPE", "bad", "--as", PIA)),
    (8, ("evidence", "add", "G-1", "nope", "--as", GIL)),
    (8, ("evidence", "show", "e-0")),
    (8, ("evidence", "get", "e-0")),
    (8, ("evidence", "withdraw", "e-0", "--reason", "r", "--as", GIL)),
    (8, ("workflow", "show", "nope")),
    (8, ("project", "new", "Plot", "--workflow", "nope", "--set", "bad", "--as", PIA)),
    (8, ("ledger", "leaf", "99999")),
    (8, ("person", "grant", "nobody@example.org", "auditor", "--as", "ada@example.org")),
    (8, ("project", "list", "--db", "elsewhere/cocycle.db")),
]


@pytest.mark.parametrize(("exit_code", "words"), BAD, ids=lambda v: " ".join(v)[:60] if isinstance(v, tuple) else None)
def test_what_is_refused_is_told_in_both_forms(look: Run, exit_code: int, words: tuple[str, ...]) -> None:
    """A refusal has its exit code, a sentence on standard error or one JSON object on standard output, no traceback."""
    people, programs = look(*words), look(*words, "--json")
    assert (people.returncode, programs.returncode) == (exit_code, exit_code), people.stderr + programs.stdout
    assert people.stdout == ""
    assert people.stderr.strip()
    error = json.loads(programs.stdout)["error"]
    assert error.keys() == {"code", "message", "details"}
    assert error["message"]
    for text in (people.stderr, programs.stdout, programs.stderr):
        assert "Traceback" not in text
        assert "\x1b" not in text
    assert programs.stderr == ""


def test_nothing_refused_has_changed_the_register(look: Run) -> None:
    """After all those refusals the ledger is intact."""
    assert look("ledger", "verify").returncode == 0


def test_all_bad_files_are_told_at_once(look: Run) -> None:
    """Each file that cannot be used is named, in one refusal."""
    ended = look(*ADD, "--set", "walkers.neighbours=2", "--file", "one.pdf", "--file", "two.pdf", "--file", ".")
    assert ended.returncode == 2
    assert "one.pdf" in ended.stderr
    assert "two.pdf" in ended.stderr


def test_a_pipe_nobody_writes_to_does_not_hang(work: Run, tmp_path: Path) -> None:
    """A named pipe is refused as a file, a record and a definition."""
    os.mkfifo(tmp_path / "pipe")
    pipe = str(tmp_path / "pipe")
    assert work(*ADD, "--set", "walkers.neighbours=2", "--file", pipe).returncode == 2
    assert work(*ADD, "--record", pipe).returncode == 2
    assert work("workflow", "check", pipe).returncode == 2


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("pojrect",), "Did you mean project?"),
        (("project", "histroy"), "Did you mean history?"),
        (("project", "list", "--overdu"), "Did you mean --overdue?"),
        (("gate", "G-1", "--jsn"), "Did you mean --json?"),
    ],
)
def test_a_slip_is_told_what_was_meant(look: Run, words: tuple[str, ...], meant: str) -> None:
    """A command or option that is nearly right is answered with the right one."""
    assert meant in look(*words).stderr


def test_a_refusal_ends_with_a_command(look: Run) -> None:
    """Refusals of the rules and of permission end with the next command to type."""
    for words in (("project", "resume", "G-1", "--reason", "r", "--as", PIA), ("sign", "G-1", "plan", "--as", GIL)):
        assert look(*words).stderr.splitlines()[-1].startswith("  cocycle ")


def test_every_file_of_a_check_is_reported(look: Run, tmp_path: Path) -> None:
    """`workflow check` exits with 2 where any file has an error, and still tells of the others."""
    good = Path(__file__).parent / "garden.yaml"
    bad = tmp_path / "bad.yaml"
    bad.write_text("cocycle: 1\nid: bad\nstagse: []\n")
    words = ("workflow", "check", str(good), str(bad), str(tmp_path / "missing.yaml"))
    ended = look(*words, "--json")
    assert ended.returncode == 2
    files = json.loads(ended.stdout)["files"]
    assert [f["ok"] for f in files] == [True, False, False]
    for problem in (p for f in files for p in f["problems"]):
        assert problem.keys() >= {"rule", "severity", "line", "column", "path", "message", "example"}
    people = look(*words)
    assert people.returncode == 2
    assert "missing.yaml" in people.stdout
    assert look("workflow", "check", str(good)).returncode == 0


def test_an_altered_register_is_answered_in_shape(work: Run, garden: Path, tmp_path: Path) -> None:
    """`ledger verify` of something that is no register any more exits with 3, in its own shape."""
    wreck = tmp_path / "wreck.db"
    shutil.copy(garden / "cocycle.db", wreck)
    with wreck.open("r+b") as file:
        file.write(b"not a database any more")
    ended = work("ledger", "verify", "--db", str(wreck), "--json")
    assert ended.returncode == 3
    found = json.loads(ended.stdout)
    assert found["ok"] is False
    assert found["problems"][0]["seq"] is None
    assert found.keys() >= {"ok", "size", "root", "problems", "erased", "states_checked"}
