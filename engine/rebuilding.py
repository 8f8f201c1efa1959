"""Makes the rows of deadlines again: all of them where the rules or the holidays changed, else those found to be old.

Nothing is lost where it is cut short: how far it came is kept, whoever goes on begins there, and until it is through
readings derive what they show. A hundred projects are done in a transaction, and then others are let in.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import orjson

from engine.core.bank_holidays import Extra
from engine.core.errors import IntegrityFailure, NotFound, StorageUnavailable
from engine.due import derived_by, refresh
from engine.pausing import pause
from engine.room import Room
from engine.store import deadlines, settings
from engine.store.database import Database, Transaction
from engine.store.driver import dbapi
from engine.turn import ENDLESS, Turn

BY: Final = "deadlines_by"
"""The setting that says by what all rows of a register were derived; it is set once they all were."""

COMING: Final = "deadlines_rebuilt_to"
"""The setting that says how far they are being made again: by what, and the last project that was done."""

LOOKED: Final = "deadlines_looked_at"
"""The setting that says on which day old rows were looked for last."""

BATCH: Final = 100


@contextmanager
def letting_others_in() -> Iterator[None]:
    """Waits a moment after a block that writes, so that whoever waits for the register gets it before the next one.

    Others ask for the lock every few hundredths of a second. Who takes it again at once could keep them out for as long
    as there is something to do, and after ten seconds they give up. A third of what the block took is long enough.
    """
    began = time.monotonic()
    yield
    pause(min(max((time.monotonic() - began) / 3, 0.005), 0.1))


def are_current(tx: Transaction, extra: Extra) -> bool:
    """True where every project has rows, derived by the rules and holidays of today."""
    return settings.setting(tx, BY) == derived_by(extra)


def rebuild(database: Database, room: Room, extra: Extra = ()) -> int:
    """Makes all rows anew from the states of the projects; returns how many projects it went through.

    Whom people were told of stays noted: a deadline whose day is the same goes on with its next step.
    """
    with database.write() as tx:
        settings.put_setting(tx, BY, "")
        settings.put_setting(tx, COMING, "")
    return keep_current(database, room, extra)


def keep_current(
    database: Database, room: Room, extra: Extra = (), turn: Turn = ENDLESS, bugs: list[Exception] | None = None
) -> int:
    """Makes all rows anew where they are not by the rules and holidays of today; returns how many projects it took.

    Several at once share the work: each takes the projects after those that were taken. Where the turn is over before
    all were, `are_current` is False. What breaks on one project is added to the `bugs`, and its rows stay as they are.
    """
    bugs = [] if bugs is None else bugs
    by, done = derived_by(extra), 0
    while not turn.over():
        with database.read() as tx:
            if are_current(tx, extra):
                return done
        with letting_others_in(), database.write() as tx:
            after = _came_to(tx, by)
            some = deadlines.projects_after(tx, after, BATCH)
            done += sum(_made(tx, room, project, bugs) for project in some)
            if len(some) < BATCH:
                settings.put_setting(tx, BY, by)
                settings.put_setting(tx, COMING, "")
            else:
                settings.put_setting(tx, COMING, orjson.dumps([by, some[-1]]).decode())
    return done


def mend_once_a_day(
    database: Database, room: Room, today: str, turn: Turn = ENDLESS, bugs: list[Exception] | None = None
) -> int:
    """Makes the rows anew that are of another version than their project, once a day; returns of how many projects.

    No act leaves such rows. They come from a register that was changed by hand, or from a fault of ours. What breaks
    on one project is added to the `bugs`.
    """
    bugs = [] if bugs is None else bugs
    with database.read() as tx:
        if settings.setting(tx, LOOKED) == today:
            return 0
    done, after = 0, ""
    while not turn.over():  # those that were made anew are not old any more, so nothing is done twice
        with database.read() as tx:
            some = deadlines.old(tx, after, BATCH)
        with letting_others_in(), database.write() as tx:
            done += sum(_made(tx, room, project, bugs) for project in some)
            if len(some) < BATCH:
                settings.put_setting(tx, LOOKED, today)
                return done
        after = some[-1]
    return done


def rows_finding(database: Database, extra: Extra) -> tuple[str, bool, str]:
    """Returns what `doctor` says of the rows: the name of the check, whether all is well, and a sentence."""
    with database.read() as tx:
        if not are_current(tx, extra):
            if _other_holidays(settings.setting(tx, BY), extra):
                words = "The rows of deadlines were made with other extra holidays than are set here. Set"
                words += " COCYCLE_EXTRA_HOLIDAYS alike wherever this register is worked with, the worker's included;"
                return (
                    "deadlines",
                    False,
                    f"{words} else each makes all rows again after the other. Then: cocycle sweep.",
                )
            words = "The rows of deadlines are not of today's rules and holidays yet; the next sweep makes them again."
            return "deadlines", True, f"{words} Until then deadlines are worked out when somebody asks."
        count = deadlines.count_old(tx)
    if not count:
        return "deadlines", True, "The deadlines of every project are those of its last change."
    some = "1 project has" if count == 1 else f"{count:,} projects have"
    words = f"{some} deadlines that are not those of the last change; somebody changed the register by hand."
    return "deadlines", False, f"{words} The first sweep of each day makes them again."


def _other_holidays(kept: str | None, extra: Extra) -> bool:
    """True where rows are by the rules of today, and by other holidays than these."""
    return bool(kept) and orjson.loads(kept or "[]")[:-1] == orjson.loads(derived_by(extra))[:-1]


def _made(tx: Transaction, room: Room, project: str, bugs: list[Exception]) -> bool:
    """Makes the rows of a project; False where its state cannot be read, which `ledger verify` and `doctor` tell.

    A state that was altered, or a fault of ours, can break in any way. Nothing was written by then: the rows of a
    project are written once all of them are derived. So the others are made all the same.
    """
    try:
        found, workflow = room.load(tx, project)
        refresh(tx, room, found, workflow)
    except (IntegrityFailure, NotFound):
        return False
    except (dbapi.Error, StorageUnavailable):
        raise
    except Exception as error:  # noqa: BLE001  # whoever called tells it once the others are done
        bugs.append(error)
        return False
    return True


def _came_to(tx: Transaction, by: str) -> str:
    """Returns the last project that was done in a rebuilding by the same; empty where none was begun."""
    kept = settings.setting(tx, COMING)
    if not kept:
        return ""
    before, project = orjson.loads(kept)
    return str(project) if before == by else ""
