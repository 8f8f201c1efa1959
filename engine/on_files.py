"""What the front door does with definitions and records that lie in files, with or without a register beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.core.errors import InputRefused, NotFound
from engine.core.opinions import NOBODY, Judges
from engine.definitions.brought import NO_PLUGINS, Brings
from engine.store.database import open_database

if TYPE_CHECKING:
    from engine.bases import Shelf


def check_definition(
    raw: bytes,
    source: str,
    *,
    file: Path | None = None,
    register: str | None = None,
    brings: Brings = NO_PLUGINS,
) -> dict[str, Any]:
    """Returns everything that is wrong with a definition, in the contract's shape.

    Args:
        raw: its text.
        source: what to call it.
        file: where it lies, where it may build on a file beside it.
        register: where a register is whose workflows it may build on; there need be none.
        brings: knows what plugins bring into it.
    """
    from engine.bases import FileBases
    from engine.definitions.compile import problems_in

    compiled, problems = problems_in(raw, source, FileBases(file, lambda: _shelf_of(register)), brings)
    return {
        "file": source,
        "ok": not any(p.severity == "error" for p in problems),
        "definition": None if compiled is None else compiled.digest,
        "problems": [p.as_json() for p in problems],
    }


@contextmanager
def _shelf_of(register: str | None) -> Iterator[Shelf]:
    from engine.bases import EMPTY, shelf_of

    if register is None or not Path(register).exists():
        yield EMPTY
        return
    database = open_database(Path(register), read_only=True)
    try:
        with shelf_of(database) as shelf:
            yield shelf
    finally:
        database.close()


def definition_schema() -> dict[str, Any]:
    """Returns the JSON Schema of the definition language."""
    from engine.definitions.schema import json_schema

    return json_schema()


def play_scenarios(
    paths: Sequence[str],
    *,
    breaking: bool = False,
    register: str | None = None,
    brings: Brings = NO_PLUGINS,
    judges: Judges = NOBODY,
) -> dict[str, Any]:
    """Returns what came of the scenarios at some paths, and where `breaking` which breaks of a definition they notice.

    Args:
        paths: definitions, folders with `workflow.yaml` and `scenarios/`, or single files of scenarios.
        breaking: also break each definition on purpose, in every way there is.
        register: where a register is whose workflows a definition may build on; there need be none.
        brings: knows what plugins bring into the definitions; judges: answers for the requirements they judge.

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
        return Loaded(compile_definition(raw, str(file), bases, brings), form_of_base(raw, bases, brings))

    return play(paths, load, breaking=breaking, judges=judges)


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
    raw: bytes,
    source: str,
    *,
    file: Path | None = None,
    register: str | None = None,
    brings: Brings = NO_PLUGINS,
) -> dict[str, Any]:
    """Returns the canonical form of a definition with its digest, as `Engine.workflow` gives it; loads nothing.

    Takes what `check_definition` takes.

    Raises:
        DefinitionError: it has mistakes.
    """
    import orjson

    from engine.bases import FileBases
    from engine.definitions.compile import compile_definition

    compiled = compile_definition(raw, source, FileBases(file, lambda: _shelf_of(register)), brings)
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
