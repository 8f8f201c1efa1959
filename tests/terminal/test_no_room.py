"""Where there is no room: one sentence, exit 5, and nothing of what was begun is left."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIMIT = 100 * 1024  # less than an empty register takes


def small(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs the command line where no file may grow beyond the limit."""
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); from cli import main; main()", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT)),
    )


def roomy(*words: str, folder: Path) -> None:
    """Runs the command line without a limit."""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); from cli import main; main()"]
    subprocess.run([*command, *words], cwd=folder, capture_output=True, timeout=60, check=True)


@pytest.mark.parametrize(
    "words", [("init", "--admin", "a@example.org"), ("demo", "--db", "demo.db")], ids=["init", "demo"]
)
def test_a_register_that_finds_no_room_is_not_made(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Making a register without room for it says so, with exit 5, and leaves nothing behind.

    Seen red: the empty file stayed, and making it again was refused.
    """
    done = small(*words, folder=tmp_path)
    assert (done.returncode, done.stdout) == (5, "")
    assert "may not grow" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_backup_that_finds_no_room_is_not_made(tmp_path: Path) -> None:
    """A backup without room for it says so, with exit 5, and leaves nothing behind.

    Seen red: exit 70, since the driver does not say why a copy failed.
    """
    roomy("init", "--admin", "a@example.org", folder=tmp_path)
    before = sorted(p.name for p in tmp_path.iterdir())
    done = small("backup", "copy.db", folder=tmp_path)
    assert done.returncode == 5
    assert "may not grow" in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == before
