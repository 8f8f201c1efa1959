"""A file that is far too large is refused at once, and nothing is read into memory or kept."""

from __future__ import annotations

import time
from pathlib import Path

from .conftest import run_in

TEN_GIGABYTES = 10 * 1024**3


def test_a_file_of_ten_gigabytes_is_refused_at_once(garden: Path, tmp_path: Path) -> None:
    """Ten gigabytes as evidence give one sentence with the limit and exit 2, in the time of any other command."""
    huge = tmp_path / "huge.bin"
    with open(huge, "wb") as file:
        file.truncate(TEN_GIGABYTES)  # sparse: the disk need not hold it
    started = time.perf_counter()
    done = run_in(garden)("evidence", "add", "G-1", "plan", "--file", str(huge), "--as", "gil@example.org")
    assert done.returncode == 2
    assert "10,240 MiB" in done.stderr
    assert "64 MiB is the most" in done.stderr
    assert "Traceback" not in done.stderr
    assert time.perf_counter() - started < 10


def test_a_definition_of_thirty_megabytes_is_refused_at_once(garden: Path, tmp_path: Path) -> None:
    """A definition far beyond the limit gives one problem and exit 2."""
    huge = tmp_path / "huge.yaml"
    huge.write_text("cocycle: 1\n" + "# " + "x" * 30_000_000 + "\n")
    done = run_in(garden)("workflow", "check", str(huge))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr + done.stdout
