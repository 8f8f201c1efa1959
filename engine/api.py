"""The front door: everything the command line, the pages and other programs may use of the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.board import Board
from engine.books import Books
from engine.choke_point import ChokePoint
from engine.clock import Clock, SetClock, SystemClock
from engine.core.errors import (
    CocycleError,
    Conflict,
    DefinitionError,
    InputRefused,
    IntegrityFailure,
    NotFound,
    NotPermitted,
    RulesRefused,
    StorageUnavailable,
)
from engine.files import FileGiven, given
from engine.logs import Log, open_log, silence
from engine.reads import Reads
from engine.register_acts import RegisterActs
from engine.service import ProjectActs
from engine.settings import Settings, settings_from
from engine.store.database import Database, open_database

__all__ = [
    "Clock",
    "CocycleError",
    "Conflict",
    "DefinitionError",
    "Engine",
    "FileGiven",
    "InputRefused",
    "IntegrityFailure",
    "NotFound",
    "NotPermitted",
    "RulesRefused",
    "SetClock",
    "Settings",
    "StorageUnavailable",
    "SystemClock",
    "check_definition",
    "create_register",
    "definition_schema",
    "given",
    "open_log",
    "open_register",
    "read_record",
    "settings_from",
    "workflows_folder",
]


class Engine(ProjectActs, RegisterActs, Reads, Board, Books):
    """An open register: the acts on projects and on itself, the readings, and the care of it."""

    def __init__(self, database: Database, settings: Settings, clock: Clock | None = None, log: Log = silence) -> None:
        ChokePoint.__init__(self, database, settings, clock, log)

    def verify(self) -> dict[str, Any]:
        """Returns whether what is stored is what was recorded, and every problem."""
        from engine.audit import verify

        return verify(self.database, self.room)

    def doctor(self) -> dict[str, Any]:
        """Returns whether register, key and machine are fit for work."""
        from engine.health import doctor

        return doctor(self.database, self.room)

    def backup(self, target: Path | str) -> dict[str, Any]:
        """Copies the register and its key to a new place."""
        from engine.health import backup

        return backup(self.database, Path(target))

    def close(self) -> None:
        """Lets go of the register."""
        self.database.close()


def open_register(
    where: Path | str,
    *,
    read_only: bool = False,
    clock: Clock | None = None,
    settings: Settings | None = None,
    log: Log = silence,
) -> Engine:
    """Opens the register at a path.

    Raises:
        NotFound: nothing is there.
        InputRefused: what is there is no register.
        StorageUnavailable: it is locked, cannot be read, or was made by another version of cocycle.
    """
    _refuse_addresses(str(where))
    database = open_database(Path(where), read_only=read_only)
    return Engine(database, settings or Settings(str(where)), clock, log)


def create_register(
    where: Path | str,
    *,
    origin: str | None = None,
    admin: str | None = None,
    name: str | None = None,
    clock: Clock | None = None,
    settings: Settings | None = None,
) -> tuple[Engine, dict[str, Any]]:
    """Makes a register with its signing key and opens it; returns it with the answer of its first write.

    Raises:
        InputRefused: something is there already, or the origin or the e-mail cannot be used.
        StorageUnavailable: the place cannot be written.
    """
    from engine.opening import create

    _refuse_addresses(str(where))
    database, answer = create(Path(where), origin=origin, admin=admin, name=name, clock=clock)
    return Engine(database, settings or Settings(str(where)), clock), answer


def _refuse_addresses(where: str) -> None:
    if "://" in where:
        raise StorageUnavailable(
            f"This version keeps registers in SQLite files only; {where.partition('://')[0]} is not supported.",
            code="unsupported_storage",
        )


def check_definition(raw: bytes, source: str) -> dict[str, Any]:
    """Returns everything that is wrong with a definition, in the contract's shape."""
    from engine.definitions.compile import problems_in

    compiled, problems = problems_in(raw, source)
    return {
        "file": source,
        "ok": not any(p.severity == "error" for p in problems),
        "definition": None if compiled is None else compiled.digest,
        "problems": [p.as_json() for p in problems],
    }


def definition_schema() -> dict[str, Any]:
    """Returns the JSON Schema of the definition language."""
    from engine.definitions.schema import json_schema

    return json_schema()


def read_record(raw: bytes, source: str) -> dict[str, Any]:
    """Returns the values of a record written as a small YAML file.

    Raises:
        InputRefused: it cannot be read, or is no mapping.
    """
    from engine.definitions.reader import read_values

    values = read_values(raw, source)
    if not isinstance(values, dict):
        raise InputRefused(f"{source} must hold fields with their values, like held_on: 2026-06-01.")
    return values


def workflows_folder() -> Path:
    """Returns where the shipped definitions and their samples lie."""
    from engine.opening import WORKFLOWS

    return WORKFLOWS
