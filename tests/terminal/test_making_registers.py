"""Making a register: what stands in its place is never touched, and its key is its own."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from .conftest import run_in


@pytest.mark.parametrize("what", ["pipe", "link to an empty file", "link to nothing", "folder"])
def test_only_an_empty_plain_file_is_replaced(tmp_path: Path, what: str) -> None:
    """A pipe, a link or a folder where the register should be is left as it is, with exit 2.

    Seen red: a pipe was taken for an empty file and replaced.
    """
    place = tmp_path / "place"
    if what == "pipe":
        os.mkfifo(place)
    elif what == "folder":
        place.mkdir()
    else:
        if what == "link to an empty file":
            (tmp_path / "empty").touch()
        place.symlink_to(tmp_path / "empty")
    before = place.lstat()
    done = run_in(tmp_path)("init", "--db", "place", "--admin", "a@example.org")
    assert done.returncode == 2, done.stderr
    assert stat.S_IFMT(place.lstat().st_mode) == stat.S_IFMT(before.st_mode)
    assert not (tmp_path / "place.key").exists()


def test_a_name_too_long_for_the_disk_is_told_of(planted: Path, tmp_path: Path) -> None:
    """A register or a backup that no file system could name is refused with exit 5 and a sentence, and nothing is made.

    Seen to fail when looking whether something was there already ended as a bug, with exit 70.
    """
    shutil.copytree(planted, tmp_path / "copy")
    run, before = run_in(tmp_path / "copy"), sorted((tmp_path / "copy").iterdir())
    for words in (("init", "--db", "n" * 5000, "--admin", "a@example.org"), ("backup", "n" * 5000)):
        done = run(*words)
        assert done.returncode == 5, done.stderr
        assert "too long" in done.stderr
    assert sorted((tmp_path / "copy").iterdir()) == before


def test_an_origin_may_be_written_in_any_script(tmp_path: Path) -> None:
    """An origin with letters beyond ASCII is taken, since a signed note's name may hold any but spaces and +."""
    run = run_in(tmp_path)
    done = run("init", "--origin", "münchen.example", "--admin", "a@example.org", "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["origin"] == "münchen.example"
    assert run("doctor").returncode == 0
    assert run("init", "--db", "b.db", "--origin", "a b").returncode == 2


def test_the_doctor_knows_a_key_that_is_another_registers(tmp_path: Path) -> None:
    """With another register's key in its place, the doctor says so and exits with 5."""
    run = run_in(tmp_path)
    for name in ("a.db", "b.db"):
        assert run("init", "--db", name, "--admin", "a@example.org").returncode == 0
    shutil.copy(tmp_path / "b.db.key", tmp_path / "a.db.key")
    done = run("doctor", "--db", "a.db")
    assert done.returncode == 5
    assert "not this register's" in done.stdout


def test_a_stage_nobody_is_in_is_an_empty_list(tmp_path: Path) -> None:
    """A stage of a loaded workflow with no project in it gives an empty list; a stage of none is not found."""
    run = run_in(tmp_path)
    run("init", "--admin", "a@example.org")
    done = run("project", "list", "--stage", "procure", "--json")
    assert (done.returncode, json.loads(done.stdout)["projects"]) == (0, [])
    assert run("project", "list", "--stage", "procur").returncode == 8


def test_a_gate_that_guards_several_ways_answers(tmp_path: Path) -> None:
    """Where one gate guards every way out of a stage, its answer needs no choice between the ways."""
    run = run_in(tmp_path)
    assert run("demo", "--db", "demo.db").returncode == 0
    done = run("gate", "CC-001", "--db", "demo.db", "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["gate"] == "review-gate"
