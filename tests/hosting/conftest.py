"""Hosts that are closed when a test is over, with a plugins folder that the test fills."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.hosting.host import Host


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
