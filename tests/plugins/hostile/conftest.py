"""Hosts that are closed when a test is over, with a plugins folder that the test fills."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.hosting.host import Host
from tests.hosting.folders import question, write_judge

from .kernel import has_landlock, has_seccomp


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A host with one plugin that does its work, and has been asked once."""
    folder = tmp_path_factory.mktemp("good")
    write_judge(folder, "good")
    one = Host((), str(folder))
    assert one.judges().ask("good/panel", question()).state == "met"
    yield one
    one.close()


@pytest.fixture(scope="session")
def walls() -> dict[str, bool]:
    """Which walls hold on this machine, by name; `files` and `calls` hold wherever the kernel has what they need.

    Seen to fail when the filter of calls was not put on: the tests that need it were left out before silently.
    """
    found = {wall.name: wall.holds for wall in Host(()).protections()}
    assert found["files"] == has_landlock(), "the kernel has Landlock, and it was not used"
    assert found["calls"] == has_seccomp(), "the kernel has seccomp, and it was not used"
    assert found["watch"], "Python's own watch holds everywhere"
    if sys.platform == "linux":
        assert found["memory"], "memory is limited on every Linux"
    return found


@pytest.fixture
def plugins_dir(tmp_path: Path) -> Path:
    """A plugins folder with nothing in it."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    return folder


@pytest.fixture
def host(plugins_dir: Path) -> Iterator[Callable[..., Host]]:
    """Makes hosts over the plugins folder, with nothing else active."""
    made: list[Host] = []

    def make(**settings: Any) -> Host:
        made.append(Host(**{"plugins": (), "plugins_dir": str(plugins_dir), **settings}))
        return made[-1]

    yield make
    for one in made:
        one.close()
