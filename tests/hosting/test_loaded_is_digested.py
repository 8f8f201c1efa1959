"""The digest that stands behind a verdict is that of the files which were loaded, also where they are swapped."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.hosting.host import Host
from tests.hosting.folders import GOOD, question, write_judge

Hosts = Callable[..., Host]
WAITS = """
from pathlib import Path
while not Path(__file__).with_name("swapped.txt").exists():
    pass
"""


def test_files_that_are_swapped_while_they_are_loaded_end_the_process(
    host: Hosts, plugins_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file changes between the digest and the end of loading, no verdict is given, and it is said why.

    The files at rest again, the plugin is asked as ever, with the digest that it has now.
    Seen to fail when the digest was taken once, before the process was started.
    """
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))  # a process is started once the digest is taken
    own = write_judge(plugins_dir, "acme", WAITS + GOOD)
    package = own / "src" / "acme_plugin"
    package.mkdir()
    shutil.move(own / "src" / "acme_plugin.py", package / "__init__.py")
    one = host()
    before = next(a.digest for a in one.available() if a.name == "acme")
    said: list[Any] = []
    asking = threading.Thread(target=lambda: said.append(one.judges().ask("acme/panel", question())))
    asking.start()
    until = time.monotonic() + 10
    while not any(scratch.iterdir()) and time.monotonic() < until:
        time.sleep(0.01)
    (package / "swapped.txt").write_text("swapped")
    asking.join(30)
    assert [(opinion.state, opinion.source.digest) for opinion in said] == [("error", before)]
    assert "changed while it was being loaded" in said[0].why[0]
    assert not any(scratch.iterdir()), "its process was not ended"

    again = one.judges().ask("acme/panel", question(today="2026-11-23"))
    assert again.state == "met"
    assert again.source.digest not in ("", before)
