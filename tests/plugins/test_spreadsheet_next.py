"""What a sheet's commands say comes next can be typed as it stands; fields are called as people call them."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from engine.api import Engine

from .sheets import GOOD, PAT, filled, made_once, register

__all__ = ["made_once", "register"]  # fixtures
ROOT = Path(__file__).parents[2]
NEW = "new projects.xlsx"


def cocycle(folder: Path, *words: str, **environment: str) -> str:
    """Returns what a command prints, in a folder that is not the register's."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COCYCLE_")}
    command = [sys.executable, "-m", "cli", *words]
    ended = subprocess.run(
        command,
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def shown(output: str) -> list[str]:
    """Returns the words of the command that an output proposes last."""
    line = output.rstrip().splitlines()[-1].strip()
    assert line.startswith("cocycle spreadsheet "), output
    return shlex.split(line)[1:]


@pytest.mark.parametrize("place", ["a register/cocycle.db", None])
def test_each_command_that_is_proposed_can_be_typed_as_it_stands(
    register: Engine, tmp_path: Path, place: str | None
) -> None:
    """From the starter to the open projects by what is proposed alone, in another folder, with blanks in names.

    The register is the one that was named; where it was named by the surroundings, they still name it.
    Seen to fail when `--db` was left out, when the workflow was, and when a name with a blank was not put in quotes.
    """
    content = filled(register, {"id": "CC-1", **GOOD})
    register.close()
    folder = tmp_path / "elsewhere"
    (folder / "a register").mkdir(parents=True)
    for name in ("cocycle.db", "cocycle.db.key", "cocycle.db.signed"):
        (tmp_path / name).rename(folder / "a register" / name)
    db = [] if place is None else ["--db", place]
    env = {} if place is not None else {"COCYCLE_DB": "a register/cocycle.db"}
    cocycle(folder, "clock", "confirm", "--as", PAT, *db, **env)
    starter = cocycle(folder, "spreadsheet", "starter", "--workflow", "small", "--out", NEW, *db, **env)
    look = shown(starter)
    assert look == ["spreadsheet", "open", NEW, "--dry-run", *db]
    (folder / NEW).write_bytes(content)
    looked = cocycle(folder, *look, **env)
    assert shown(looked) == ["spreadsheet", "open", NEW, "--as", "EMAIL", *db]
    named = cocycle(folder, *look, "--as", PAT, "--workflow", "small", **env)
    assert shown(named) == ["spreadsheet", "open", NEW, "--workflow", "small", "--as", PAT, *db]
    known = cocycle(folder, *look, COCYCLE_ACTOR=PAT, **env)
    assert shown(known) == ["spreadsheet", "open", NEW, *db]
    assert "Opened 1 project" in cocycle(folder, *shown(named), **env)


def test_the_dry_run_calls_fields_by_their_titles(register: Engine, tmp_path: Path) -> None:
    """Each value stands behind its cell, the title of its column, and the field's name in brackets, as in the sheet.

    Seen to fail when only the names of fields stood there.
    """
    (tmp_path / NEW).write_bytes(filled(register, {"id": "CC-1", **GOOD}))
    register.close()
    lines = cocycle(tmp_path, "spreadsheet", "open", NEW, "--dry-run").splitlines()
    assert "    Projects!C3: Commissioner (commissioner) = Northmere ICB" in lines
    assert "    Projects!I3: Present: lived experience (present.lived_experience) = 3" in lines
    assert all(" (" in line.partition(" = ")[0] for line in lines if " = " in line)
