"""The register a story is told in, and the check of its ledger after the story."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.api import SetClock, open_register

from .panels import Panels, opened
from .town import START, Town, found_town


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the register that every story starts from; making it takes longer than copying it."""
    folder = tmp_path_factory.mktemp("template")
    found_town(folder)
    return folder


@pytest.fixture
def town(template: Path, tmp_path: Path) -> Iterator[Town]:
    """A register of the story's own. After the story its ledger is verified, as whoever opens it next would."""
    for name in ("town.db", "town.db.key", "town.db.signed"):
        shutil.copy(template / name, tmp_path / name)
    path = tmp_path / "town.db"
    town = Town(path, open_register(path, clock=(clock := SetClock(START))), clock)
    yield town
    if not town.wrecked:
        assert town.reopen().verify()["problems"] == []
    town.engine.close()


@pytest.fixture
def panels(town: Town, tmp_path: Path) -> Iterator[Panels]:
    """A register with a plugin, and a project whose gate that plugin judges."""
    with opened(town, tmp_path) as found:
        yield found
