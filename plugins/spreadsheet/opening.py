"""Opens the projects of a sheet, one after the other, through the engine's front door."""

from __future__ import annotations

from typing import Any

from engine.api import CocycleError, Engine
from plugins.spreadsheet.columns import ID
from plugins.spreadsheet.planning import Plan
from plugins.spreadsheet.starter import PROJECTS


def open_all(engine: Engine, plan: Plan, actor: str | None) -> list[dict[str, Any]]:
    """Opens every project of a plan without mistakes, and returns the engine's answers in the order of the rows.

    Raises:
        CocycleError: as the engine raises it, with the cell, and a note on how to go on; what came before is opened.
    """
    done: list[dict[str, Any]] = []
    for one in plan.projects:
        try:
            done.append(
                engine.new_project(
                    one.title, plan.called, project_id=one.project_id, fields=one.fields, actor=actor, key=one.key
                )
            )
        except CocycleError as error:
            where = one.cells.get(ID, f"{PROJECTS}!{one.row}")
            many = sum(not answer["replayed"] for answer in done)
            message = (
                f"{where}: {error.message} Opened so far: {many}. Give the very same file again once that is mended:"
                " what is opened is not opened twice."
            )
            details = {**error.details, "cell": where, "opened": [answer["project"] for answer in done]}
            raise type(error)(message, code=error.code, details=details) from error
    return done
