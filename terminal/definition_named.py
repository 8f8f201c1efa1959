"""Finds a definition by what was typed: a file, a workflow of the register, or one that comes with cocycle."""

from __future__ import annotations

import os
from typing import Any

from terminal.asked import Asked


def definition_named(asked: Asked, name: str) -> dict[str, Any]:
    """Returns a definition in its canonical form with its digest; it needs a register only where no file has the name.

    Raises:
        DefinitionError: the file has mistakes.
        NotFound: no file, no definition of the register and no shipped workflow is called so.
        Mistake: it is a file that cannot be read.
    """
    from pathlib import Path

    from engine.api import NotFound, plugins_of, read_definition, shipped_definition
    from terminal.read_file import read_file

    if os.path.exists(name):
        raw = read_file(name)
        with plugins_of(asked.settings()) as plugins:
            return read_definition(raw, name, file=Path(name), register=asked.register, brings=plugins.brings())
    if name.endswith((".yaml", ".yml")) or os.sep in name:
        return shipped_definition(name)  # which says that no file is called so
    try:
        with asked.reading() as engine:
            return engine.workflow(name)
    except NotFound as missing:
        try:
            return shipped_definition(name)
        except NotFound:
            if missing.code == "no_such_workflow":
                raise missing from None  # the register is there and may know a near name
            raise
