"""A register on a real disk, and the acts that fill it."""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.core.events import Entry, Event
from engine.store import journal
from engine.store.database import Database, Transaction, create_database
from engine.store.definitions_shelf import DefinitionRow, put_definition
from engine.store.projects import ProjectRow, load_project, save_project

CANONICAL = b'{"id":"two-gates"}'
DIGEST = hashlib.sha256(CANONICAL).hexdigest()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the register is."""
    return tmp_path / "register.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    """An open register with one definition on its shelf."""
    with create_database(path) as opened:
        with opened.write() as tx:
            put_definition(tx, DefinitionRow(DIGEST, "two-gates", "1.0", "Two gates", CANONICAL, "id: two-gates", 0))
        yield opened


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that any account of this machine can look into, unlike the one of `tmp_path`."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def a_project() -> Callable[..., ProjectRow]:
    """Makes the row of a project."""

    def make(project: str, version: int = 1, stage: str = "plan", **changes: object) -> ProjectRow:
        row = ProjectRow(
            id=project,
            version=version,
            workflow="two-gates",
            definition=DIGEST,
            stage=stage,
            stage_final=False,
            on_hold=False,
            cycle=1,
            title="A title",
            entered_at="2026-11-22T10:00:00.000000Z",
            due_on=None,
            snapshot=b"{}",
        )
        return row._replace(**changes)  # type: ignore[arg-type]  # any fields of the row, as a test likes

    return make


@pytest.fixture
def act(a_project: Callable[..., ProjectRow]) -> Callable[[Transaction, str], Entry]:
    """Does the next act of a project, opening it first where it is new: journal and projection, as the service does."""
    seconds = itertools.count()

    def do(tx: Transaction, project: str) -> Entry:
        found = load_project(tx, project)
        version = 1 if found is None else found.version + 1
        at = max(f"2026-11-22T10:00:00.{next(seconds):06}Z", journal.head(tx).at)
        event = Event("held", project, {}, {"reason": f"reason {version}"})
        (entry,) = journal.append(tx, [(event, version)], at=at, by="p1", key_hash=None, fingerprint=None)
        save_project(tx, a_project(project, version), expected_version=None if found is None else found.version)
        return entry

    return do


@pytest.fixture
def product_environment() -> dict[str, str]:
    """The environment in which a script of these tests finds the engine."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONDONTWRITEBYTECODE": "1"}
