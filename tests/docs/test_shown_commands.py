"""Runs every command that the documents show, and holds what they show against what is printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs/plugins").glob("*.md"))]
THREE = [f"docs/for-{reader}.md" for reader in ("managers", "auditors", "integrators")]
MADE_BY_MAKE = {"make demo", "make test"}
"""What the README shows and a test cannot run inside itself; both are run where the project is checked as a whole."""


@dataclass(frozen=True)
class Shown:
    """A command as a page shows it, and what the page says it prints; a line of … stands for any lines."""

    line: int
    command: str
    output: str


def shown(page: Path) -> Iterator[Shown]:
    """Yields the commands of a page in their order."""
    text = page.read_text()
    for block in re.finditer(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        first = text[: block.start()].count("\n") + 2
        command, at = "", first
        output: list[str] = []
        for number, line in enumerate(block[1].splitlines(), first):
            if line.startswith("$ "):
                if command:
                    yield Shown(at, command, "\n".join(output))
                command, output, at = line[2:], [], number
            else:
                output.append(line)
        yield Shown(at, command, "\n".join(output))


def as_pattern(output: str) -> re.Pattern[str]:
    """Returns a pattern of what a page shows; … at the end of a line, or alone, stands for anything."""
    return re.compile(".*".join(re.escape(part) for part in output.split("…")) + r"\s*", re.DOTALL)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder in which `make demo` has been run, as far as the command goes."""
    folder = tmp_path_factory.mktemp("shown")
    done = run("cocycle demo --db demo/cocycle.db", folder, {})
    assert done.returncode == 0, done.stderr
    return folder


def run(command: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs a command of a page in a folder, with `cocycle` being this checkout's."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    clean = {k: v for k, v in os.environ.items() if not k.startswith("COCYCLE_")}
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**clean, **environment, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_shown_does_what_is_shown(page: Path, sample: Path, tmp_path: Path) -> None:
    """Each command of a page runs and prints what the page says, the page read from top to bottom.

    Seen red: a number changed in a page, and a command renamed in the command line.
    """
    folder = tmp_path / "folder"
    shutil.copytree(sample, folder)
    block = r"^```(?:yaml|json|python) file=(\S+)\n(.*?)^```"
    for file in re.finditer(block, page.read_text(), re.MULTILINE | re.DOTALL):
        (folder / file[1]).write_text(file[2])
    environment: dict[str, str] = {}
    for one in shown(page):
        where = f"{page.name}:{one.line}: {one.command}"
        if one.command in MADE_BY_MAKE:
            continue
        if one.command.startswith("export "):
            name, _, value = one.command.removeprefix("export ").partition("=")
            environment[name] = value
            continue
        done = run(one.command, folder, environment)
        printed = done.stdout + done.stderr
        assert as_pattern(one.output).fullmatch(printed), f"{where}\nprinted:\n{printed}"
        assert done.returncode == expected_code(one.output), where


def expected_code(output: str) -> int:
    """Returns the exit code that goes with what a page shows, known by its first words."""
    codes = {"Refused": 4, "Altered": 3, "ALTERED": 1}
    return next((code for word, code in codes.items() if output.startswith(word)), 2 if ": Not good" in output else 0)


def test_some_commands_are_shown() -> None:
    """The README and the three pages show commands, so the test above is not empty."""
    pages = {str(p.relative_to(ROOT)): len(list(shown(p))) for p in PAGES}
    assert all(pages[name] >= 3 for name in ("README.md", *THREE))
