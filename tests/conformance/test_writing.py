"""The skeleton of a plugin: complete, tested and typed from its first moment."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.conformance.writing import files_for, why_not, write_plugin
from engine.core.errors import InputRefused

HERE = Path(sys.executable).parent


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs a program in a plugin's folder, with nothing of cocycle's surroundings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("COCYCLE", "PYTEST"))}
    return subprocess.run(words, cwd=folder, env=clean, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new plugin with two words in its name."""
    return Path(write_plugin("night_visits", tmp_path_factory.mktemp("new"))["folder"])


def test_its_own_tests_pass(plugin: Path) -> None:
    """A new plugin passes its own tests at once: its units, every rule of the check, and a journey through its gate.

    Seen to fail when the judge of the skeleton asked for one person more than it says.
    """
    ran = run(plugin, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert " passed" in ran.stdout
    assert "skipped" not in ran.stdout


def test_it_is_typed_for_mypy(plugin: Path, tmp_path: Path) -> None:
    """A new plugin has nothing that mypy would find in its strict mode, its tests included."""
    ran = run(plugin, sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path))
    assert (ran.returncode, ran.stdout) == (0, "Success: no issues found in 7 source files\n")


def test_it_is_typed_for_pyright(plugin: Path) -> None:
    """A new plugin has nothing that basedpyright would find in its strict mode, its tests included."""
    ran = run(plugin, str(HERE / "basedpyright"), "--pythonpath", sys.executable)
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert "0 errors, 0 warnings" in ran.stdout


def test_it_is_formatted_and_holds_no_address(plugin: Path) -> None:
    """What is written is formatted as ruff has it, and no file names a place on the network but examples."""
    ran = run(plugin, sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "120", "--check", ".")
    assert ran.returncode == 0, ran.stdout
    for path, text in files_for("night_visits"):
        assert "://" not in text, path
        assert "@NAME@" not in text, path


@given(st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True))
def test_every_name_makes_a_package(name: str) -> None:
    """Whatever name a plugin may have, its files are a package: Python that parses, and a project with its name."""
    files = dict(files_for(name))
    for path, text in files.items():
        if path.endswith(".py"):
            ast.parse(text)
    project = tomllib.loads(files["pyproject.toml"])["project"]
    assert project["entry-points"]["cocycle.plugins"] == {name: name}
    assert f"src/{name}/__init__.py" in files


@given(st.text(max_size=60))
def test_a_name_is_taken_or_refused_in_a_sentence(name: str) -> None:
    """Whatever is typed as a name is either one that a plugin can have, or is refused with a sentence."""
    why = why_not(name)
    assert why is None or (why.endswith(".") and why[0].isalnum())
    if why is None:
        assert name.isidentifier()
        assert name == name.lower()


def test_it_is_all_there_or_nothing(tmp_path: Path) -> None:
    """Where a folder is in the way, nothing is written and nothing is left behind, and what was there is as it was."""
    (tmp_path / "visits").mkdir()
    (tmp_path / "visits" / "mine").write_text("mine", encoding="utf-8")
    with pytest.raises(InputRefused, match="nothing is written over"):
        write_plugin("visits", tmp_path)
    with pytest.raises(InputRefused, match="no folder"):
        write_plugin("visits", tmp_path / "nowhere")
    assert [path.name for path in tmp_path.rglob("*")] == ["visits", "mine"]
