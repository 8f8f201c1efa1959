"""Durability costs one flush to the disk an act, and no act goes without it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .flusher import ADVANCES

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not on this machine; it counts the flushes")
def test_an_advance_flushes_once(tmp_path: Path) -> None:
    """Each advance is flushed to the disk exactly once before it is answered, as the system's own calls tell.

    Seen red: none with synchronous=NORMAL, five an act with the journal that is deleted.
    """
    trace = tmp_path / "calls"
    watched = ["strace", "-f", "-e", "trace=fsync,fdatasync,write", "-o", str(trace)]
    command = [*watched, sys.executable, "-m", "tests.journeys.flusher", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    between = trace.read_text().split("MARK")[1]
    flushes = between.count("fdatasync(") + between.count("fsync(") - between.count("resumed>")
    # the first write into an emptied log flushes the log's new header, too
    assert flushes - ADVANCES in (0, 1)
