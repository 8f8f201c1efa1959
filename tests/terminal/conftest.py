"""What the tests of the command line share: a way to run it as a stranger would, and a register to run it on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.api import create_register

CHECKOUT = Path(__file__).parents[2]
GARDEN = Path(__file__).parent / "garden.yaml"
Ended = subprocess.CompletedProcess[str]
Run = Callable[..., Ended]


def run_in(folder: Path) -> Run:
    """Returns a way to run the command line in `folder`, with nothing of the caller's environment but its paths."""

    def run(*words: str, env: dict[str, str] | None = None) -> Ended:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("COCYCLE", "_COCYCLE"))}
        surroundings = {**clean, "PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8", **(env or {})}
        return subprocess.run(
            [sys.executable, "-m", "cli", *words],
            cwd=folder,
            env=surroundings,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return run


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a register: people, and a project G-1 in its first stage with its plan handed in."""
    folder = tmp_path_factory.mktemp("garden")
    engine, _ = create_register(folder / "cocycle.db", admin="ada@example.org", name="Ada Admin")
    ada = "ada@example.org"
    engine.load_definition(GARDEN.read_bytes(), "garden.yaml", actor=ada)
    engine.add_person("pia@example.org", "Pia Manager", roles=["programme_manager"], actor=ada)
    engine.add_person("aud@example.org", "Aud Auditor", roles=["auditor"], actor=ada)
    engine.new_project(
        "Old Kent Road", "garden", project_id="G-1", fields={"budget": "1200.50"}, actor="pia@example.org"
    )
    engine.add_person("gil@example.org", "Gil Gardener", roles=["gardener"], project="G-1", actor=ada)
    engine.add_person("nan@example.org", "Nan Neighbour", roles=["neighbour"], project="G-1", actor=ada)
    (folder / "plan.txt").write_text("beds\n")
    engine.add_evidence("G-1", "plan", level="engagement", files=[folder / "plan.txt"], actor="gil@example.org")
    engine.close()
    return folder


@pytest.fixture(scope="session")
def garden(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the tests share which change nothing; what they are refused goes on record there."""
    folder = tmp_path_factory.mktemp("shared") / "garden"
    shutil.copytree(planted, folder)
    return folder


@pytest.fixture
def look(garden: Path) -> Run:
    """Runs the command line on the shared register; for commands that change no project."""
    return run_in(garden)


@pytest.fixture
def work(planted: Path, tmp_path: Path) -> Run:
    """Runs the command line on a copy of the register that is this test's own."""
    folder = tmp_path / "copy"
    shutil.copytree(planted, folder)
    return run_in(folder)


@pytest.fixture
def empty(tmp_path: Path) -> Run:
    """Runs the command line in an empty folder."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return run_in(folder)
