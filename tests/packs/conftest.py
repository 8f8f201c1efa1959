"""One pack for all the tests that only read it, and a copy of it for each that spoils it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.town import PROJECT, Town

from .registers import Packed, found_register


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The register of the tests."""
    town = found_register(tmp_path_factory.mktemp("packed"))
    yield town
    town.engine.close()


@pytest.fixture(scope="session")
def packed(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """A pack of its project, which nobody changes."""
    folder = tmp_path_factory.mktemp("packs") / "pack"
    return Packed(folder, town.engine.pack(PROJECT, folder, sample=3, seed=7))


@pytest.fixture
def spoilt(packed: Packed, tmp_path: Path) -> Packed:
    """A copy of the pack."""
    return packed.copy(tmp_path / "pack")
