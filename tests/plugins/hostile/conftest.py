"""Hosts that are closed when a test is over, with a plugins folder that the test fills."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from engine.hosting.host import Host
from tests.hosting.conftest import host, plugins_dir
from tests.hosting.folders import question, write_judge

from .kernel import has_landlock, has_seccomp

__all__ = ["host", "plugins_dir"]  # fixtures


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

    Seen to fail when the filter of calls was not put on: the tests that need it were silently left out before.
    """
    found = {wall.name: wall.holds for wall in Host(()).protections()}
    assert found["files"] == has_landlock(), "the kernel has Landlock, and it was not used"
    assert found["calls"] == has_seccomp(), "the kernel has seccomp, and it was not used"
    assert found["watch"], "Python's own watch holds everywhere"
    if sys.platform == "linux":
        assert found["memory"], "memory is limited on every Linux"
    return found
