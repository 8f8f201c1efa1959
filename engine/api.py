"""The front door: everything the command line, the pages and other programs may use of the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.before_signing import BeforeSigning
from engine.board import Board
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

if TYPE_CHECKING:
    from engine.bases import Shelf

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
    "compare_definitions",
    "create_register",
    "definition_page",
    "definition_schema",
    "given",
    "open_log",
    "open_register",
    "play_scenarios",
    "read_definition",
    "read_record",
    "settings_from",
    "shipped_definition",
    "workflows_folder",
]


class Engine(ProjectActs, RegisterActs, Reads, Board, BeforeSigning):
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


def check_definition(
    raw: bytes, source: str, *, file: Path | None = None, register: str | None = None
) -> dict[str, Any]:
    """Returns everything that is wrong with a definition, in the contract's shape.

    Args:
        raw: its text.
        source: what to call it.
        file: where it lies, where it may build on a file beside it.
        register: where a register is whose workflows it may build on; there need be none.
    """
    from engine.bases import FileBases
    from engine.definitions.compile import problems_in

    compiled, problems = problems_in(raw, source, FileBases(file, lambda: _shelf_of(register)))
    return {
        "file": source,
        "ok": not any(p.severity == "error" for p in problems),
        "definition": None if compiled is None else compiled.digest,
        "problems": [p.as_json() for p in problems],
    }


@contextmanager
def _shelf_of(register: str | None) -> Iterator[Shelf]:
    from engine.bases import EMPTY

    if register is None or not Path(register).exists():
        yield EMPTY
        return
    engine = open_register(register, read_only=True)
    try:
        with engine.shelf() as shelf:
            yield shelf
    finally:
        engine.close()


def definition_schema() -> dict[str, Any]:
    """Returns the JSON Schema of the definition language."""
    from engine.definitions.schema import json_schema

    return json_schema()


def play_scenarios(paths: Sequence[str], *, breaking: bool = False, register: str | None = None) -> dict[str, Any]:
    """Returns what came of the scenarios at some paths, and where `breaking` which breaks of a definition they notice.

    Args:
        paths: definitions, folders with `workflow.yaml` and `scenarios/`, or single files of scenarios.
        breaking: also break each definition on purpose, in every way there is.
        register: where a register is whose workflows a definition may build on; there need be none.

    Raises:
        InputRefused: a file is not there, or has mistakes; all of them are told.
    """
    from engine.bases import FileBases
    from engine.definitions.compile import compile_definition, form_of_base
    from engine.scenarios.find import read_bytes
    from engine.scenarios.run import Loaded
    from engine.scenarios.run import play_scenarios as play

    def load(file: Path) -> Loaded:
        raw, bases = read_bytes(file), FileBases(file, lambda: _shelf_of(register))
        return Loaded(compile_definition(raw, str(file), bases), form_of_base(raw, bases))

    return play(paths, load, breaking=breaking)


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
    from engine.bases import WORKFLOWS

    return WORKFLOWS


def read_definition(
    raw: bytes, source: str, *, file: Path | None = None, register: str | None = None
) -> dict[str, Any]:
    """Returns the canonical form of a definition with its digest, as `Engine.workflow` gives it; loads nothing.

    Takes what `check_definition` takes.

    Raises:
        DefinitionError: it has mistakes.
    """
    import orjson

    from engine.bases import FileBases
    from engine.definitions.compile import compile_definition

    compiled = compile_definition(raw, source, FileBases(file, lambda: _shelf_of(register)))
    return {**orjson.loads(compiled.canonical), "definition": compiled.digest}


def shipped_definition(workflow: str) -> dict[str, Any]:
    """Returns a definition that comes with cocycle, by its id, in its canonical form with its digest.

    Raises:
        NotFound: none of that name comes with cocycle.
    """
    import orjson

    from engine.shipped import definitions

    for found in definitions():
        if found.id == workflow:
            return {**orjson.loads(found.canonical), "definition": found.digest}
    raise NotFound(
        f"There is no workflow {workflow}: no file is called so, and none of that name comes with cocycle.",
        code="no_such_workflow",
    )


def compare_definitions(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    """Returns what the second definition asks more, less and otherwise; both in their canonical form with digest."""
    from engine.core.canonical_form import workflow_from
    from engine.definitions.comparing.compare import compare

    return compare(workflow_from(a, a["definition"]), workflow_from(b, b["definition"])).as_json()


def definition_page(found: dict[str, Any]) -> str:
    """Returns a page about a definition for people, as Markdown; the definition in its canonical form with digest."""
    from engine.core.canonical_form import workflow_from
    from engine.definitions.showing.page import page

    return page(workflow_from(found, found["definition"]))
