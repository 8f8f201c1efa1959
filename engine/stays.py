"""Keeps how long stages took as rows, each written in the act that leaves the stage; all can be made from the ledger.

A row is written where a project goes on: not where it is sent or put back, since the stage is not over then, and not
where it is stopped, since that says nothing of how long the stage takes. Each time a project goes on is a row of its
own. The days are those of the calendar, time on hold counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from engine.core.definition import Workflow
from engine.core.errors import IntegrityFailure, NotFound, StorageUnavailable
from engine.core.events import Entry
from engine.core.planning import ON, way_of
from engine.room import Room
from engine.store import deadlines, settings, stays
from engine.store.database import Database, Transaction
from engine.store.driver import dbapi
from engine.store.stays import StayRow
from engine.turn import ENDLESS, Turn

RULES: Final = "1"
"""By which rules rows are made. It goes up where they change."""

BY: Final = "stays_by"
"""The setting that says by which rules all rows of a register were made; it is set once they all were."""

COMING: Final = "stays_rebuilt_to"
"""The setting that says how far they are being made again: the last project that was done."""

BATCH: Final = 200


def record_stays(tx: Transaction, entries: Sequence[Entry], workflow: Workflow) -> None:
    """Writes the stages that a project left by the entries of an act; an act that moves nothing costs nothing.

    Args:
        tx: from `Database.write`, the one in which the project changed.
        entries: all of the act, as they were sealed.
        workflow: the definition the project is pinned to.
    """
    first = next((entry for entry in entries if entry.event.name == "advanced"), None)
    if first is None or first.event.project is None:
        return
    before = stays.last_move(tx, first.event.project, entries[0].seq)
    stays.add(tx, stays_left(workflow, None if before is None else before.event.body["today"], entries))


def stays_left(workflow: Workflow, entered: str | None, entries: Iterable[Entry]) -> list[StayRow]:
    """Returns a row for each stage that entries of one project left by going on; `entered` is the day before them."""
    found = []
    for entry in entries:
        event = entry.event
        if event.name not in ("project_opened", "advanced", "gate_reopened"):
            continue
        today = str(event.body["today"])
        if event.name == "advanced" and entered is not None and way_of(workflow, entry) == ON:
            days = (date.fromisoformat(today) - date.fromisoformat(entered)).days
            stage = event.body["from"]
            found.append(StayRow(str(event.project), entry.version, workflow.id, stage, today, max(0, days)))
        entered = today
    return found


def note_stays_current(tx: Transaction) -> None:
    """Notes that all rows are by the rules of today, as those of a register are that has no project yet."""
    settings.put_setting(tx, BY, RULES)


def rebuild_stays(database: Database, room: Room) -> int:
    """Makes all rows anew from the ledger; returns how many projects it went through."""
    with database.write() as tx:
        settings.put_setting(tx, BY, "")
        settings.put_setting(tx, COMING, "")
    return keep_stays_current(database, room)


def keep_stays_current(
    database: Database, room: Room, turn: Turn = ENDLESS, bugs: list[Exception] | None = None
) -> int:
    """Makes all rows anew where that was never done by the rules of today; returns how many projects it took.

    A few hundred projects are done in a transaction, so that acts come in between. Where it is cut short, whoever goes
    on begins where it ended. What breaks on one project is added to the `bugs`.
    """
    done, bugs = 0, [] if bugs is None else bugs
    while not turn.over():
        with database.read() as tx:
            if settings.setting(tx, BY) == RULES:
                return done
        with database.write() as tx:
            some = deadlines.projects_after(tx, settings.setting(tx, COMING) or "", BATCH)
            done += sum(_made(tx, room, project, bugs) for project in some)
            settings.put_setting(tx, COMING, some[-1] if len(some) == BATCH else "")
            if len(some) < BATCH:
                note_stays_current(tx)
    return done


def _made(tx: Transaction, room: Room, project: str, bugs: list[Exception]) -> bool:
    """Makes the rows of a project; False where its entries cannot be read, which `ledger verify` tells."""
    try:
        left = stays_left(room.workflow(tx, room.stored(tx, project).definition), None, stays.moves(tx, project))
    except (IntegrityFailure, NotFound):
        return False
    except (dbapi.Error, StorageUnavailable):
        raise
    except Exception as error:  # noqa: BLE001  # what was altered can break in any way; the others are made all the same
        bugs.append(error)
        return False
    stays.forget(tx, project)
    stays.add(tx, left)
    return True
