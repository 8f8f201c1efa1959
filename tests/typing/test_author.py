"""Type checkers agree with the author of a plugin where it is right, and tell every mistake at its line."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
AUTHOR, WRONG = HERE / "author.py", HERE / "wrong_uses.txt"


def mypy(file: Path, cache: Path) -> dict[int, str]:
    """Returns what mypy says in its strict mode, by line."""
    words = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", str(cache), str(file)]
    return _errors(words, file, r"{}:(\d+): error: (.*)")


def pyright(file: Path, cache: Path) -> dict[int, str]:
    """Returns what basedpyright says in its strict mode, by line."""
    (file.parent / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}', encoding="utf-8")
    program = str(Path(sys.executable).with_name("basedpyright"))
    words = [program, "--pythonpath", sys.executable, "--project", str(file.parent)]
    return _errors(words, file, r"{}:(\d+):\d+ - error: (.*)")


def _errors(words: list[str], file: Path, form: str) -> dict[int, str]:
    ran = subprocess.run(words, cwd=file.parent, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode in (0, 1), ran.stdout + ran.stderr
    found = re.findall(form.format(re.escape(file.name)), ran.stdout)
    assert (ran.returncode == 0) == (not found), ran.stdout
    return {int(line): says for line, says in found}


@pytest.fixture(params=[mypy, pyright])
def checker(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Path], dict[int, str]]:
    """A type checker that looks at a copy of a file, in a folder where nothing of cocycle lies."""

    def look(file: Path) -> dict[int, str]:
        copy = tmp_path / "package" / "plugin.py"
        copy.parent.mkdir()
        shutil.copyfile(file, copy)
        found: dict[int, str] = request.param(copy, tmp_path / "cache")
        return found

    return look


def test_what_is_right_is_not_complained_of(checker: Callable[[Path], dict[int, str]]) -> None:
    """A plugin that uses every hook and shape as they are meant is typed, in the strictest mode.

    Seen to fail when the package had no py.typed: everything was of an unknown type.
    """
    assert checker(AUTHOR) == {}


def test_every_mistake_is_told_at_its_line(checker: Callable[[Path], dict[int, str]]) -> None:
    """Each line that is marked as wrong is told, and no other line is.

    Seen to fail when the judge of a requirement kind was typed as any callable.
    """
    lines = WRONG.read_text(encoding="utf-8").splitlines()
    wrong = {number for number, line in enumerate(lines, 1) if "# wrong:" in line}
    assert len(wrong) > 15
    assert checker(WRONG).keys() == wrong
