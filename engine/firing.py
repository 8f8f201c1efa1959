"""Fires deadlines: for each whose next day has come, the reminders are put into the box, and its next day is set.

    which are due (read, once) -> for some of them (a transaction): look again, put the reminders, move on

Both halves of the second step are in one transaction, so each step of a deadline is fired exactly once, however many
workers there are and wherever one of them dies: what was not committed is still due, and what was is not due any more.
Where several meet, the later one finds that the day of a deadline has moved on, and leaves it.

What is fired is looked at again first. The project is loaded and its deadlines are derived, so nobody is reminded of a
deadline that an act took away a moment ago. After a long sleep only the newest step of each deadline is fired, in the
order of the days: ten reminders of one thing at once would help nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from engine.clock import day_in, stamp
from engine.core.bank_holidays import Extra
from engine.core.definition import Workflow
from engine.core.errors import CocycleError, StorageUnavailable
from engine.core.project import Project
from engine.core.reminding import Step
from engine.due import refresh, steps_of
from engine.rebuilding import keep_current, letting_others_in, mend_once_a_day
from engine.room import Room
from engine.stays import keep_stays_current
from engine.store import deadlines
from engine.store.database import Database, Transaction
from engine.store.deadlines import DeadlineRow, Due
from engine.turn import ENDLESS, Turn

PAGE: Final = 1_000  # deadlines looked up in one go
BATCH: Final = 50  # deadlines fired in one transaction: a few hundredths of a second, so that no act waits long
DAYS_BEGIN_IN: Final = "Europe/London"  # where no definition says otherwise

_zones: dict[str, str] = {}
"""The time zone of each definition by its digest, under which it never changes; to read all of them takes long."""

Remind = Callable[[Transaction, DeadlineRow, Project, Workflow, Step, str], int]
"""Puts the reminders of a step into the box, in the transaction it is given; returns how many were not there yet.

It is given the row, the project and its definition, the step, and the moment as the ledger writes it.
"""


@dataclass(slots=True)
class Fired:
    """What a round of firing did.

    Attributes:
        deadlines: how many deadlines had a step fired.
        notices: how many reminders were put into the box for them.
        made: of how many projects the rows were made again before.
        problems: why something could not be fired, a sentence each; it stays due.
        bugs: what nobody foresaw, for whoever called to raise once the rest is done; that stays due, too.
    """

    deadlines: int = 0
    notices: int = 0
    made: int = 0
    problems: list[str] = field(default_factory=list)
    bugs: list[Exception] = field(default_factory=list)


def fire(database: Database, room: Room, extra: Extra, now: datetime, remind: Remind, turn: Turn = ENDLESS) -> Fired:
    """Fires every deadline whose next day has come, in the order of their days.

    Args:
        extra: the holidays that were added to the calendars of this register.
        now: the moment; what day it is then depends on the time zone of each definition.
        turn: when it is over, what is left is for the next call.

    Raises:
        StorageUnavailable: the register cannot be written; what was fired before stays so.
    """
    at, fired = stamp(now), Fired()
    _prepare(database, room, extra, day_in(DAYS_BEGIN_IN, at).isoformat(), turn, fired)
    after = deadlines.BEGINNING
    while not turn.over():
        with database.read() as tx:
            today = _days(tx, room, at)
            found = deadlines.to_tell(tx, max(today.values()).isoformat(), after, PAGE)
        some = [one for one in found if _has_come(one, today)]
        for first in range(0, len(some), BATCH):
            if turn.over():
                break
            _fire_some(database, room, some[first : first + BATCH], at, remind, fired)
        if len(found) < PAGE:
            return fired
        after = found[-1].due, found[-1].id
    return fired


def _prepare(database: Database, room: Room, extra: Extra, today: str, turn: Turn, fired: Fired) -> None:
    """Makes rows anew where that is due. Where it cannot be done, that is noted, and what can be fired is fired."""

    def stays() -> int:
        keep_stays_current(database, room, turn, fired.bugs)
        return 0

    makers: tuple[Callable[[], int], ...] = (
        lambda: keep_current(database, room, extra, turn, fired.bugs),
        lambda: mend_once_a_day(database, room, today, turn, fired.bugs),
        stays,
    )
    for make in makers:
        try:
            fired.made += make()
        except StorageUnavailable:
            raise
        except CocycleError as error:
            fired.problems.append(error.message)


def _fire_some(database: Database, room: Room, some: Sequence[Due], at: str, remind: Remind, fired: Fired) -> None:
    """Fires some deadlines; where one of them breaks it, each by itself, so that it does not keep the others back."""
    try:
        _fire_together(database, room, some, at, remind, fired)
    except StorageUnavailable:
        raise
    except Exception as error:  # noqa: BLE001  # what breaks is kept for the caller
        if len(some) == 1:
            fired.bugs.append(error)
            return
        for one in some:
            _fire_some(database, room, [one], at, remind, fired)


def _fire_together(database: Database, room: Room, some: Sequence[Due], at: str, remind: Remind, fired: Fired) -> None:
    tally = Fired()
    with letting_others_in(), database.write() as tx:
        known: dict[str, _Standing | None] = {}
        for one in some:
            if one.project not in known:
                known[one.project] = _standing(tx, room, one.project, at, tally)
            standing = known[one.project]
            if standing is not None:
                _fire_one(tx, standing, one.id, at, remind, tally)
    # only now is it history
    fired.deadlines += tally.deadlines
    fired.notices += tally.notices
    fired.problems += [why for why in tally.problems if why not in fired.problems]


@dataclass(frozen=True, slots=True)
class _Standing:
    """A project as it stands in this transaction, with its deadlines as they are derived from that."""

    project: Project
    workflow: Workflow
    rows: Mapping[str, DeadlineRow]
    today: date
    room: Room


def _standing(tx: Transaction, room: Room, project: str, at: str, tally: Fired) -> _Standing | None:
    """Returns a project with its rows made those of its state; None where that cannot be read, which is noted."""
    try:
        found, workflow = room.load(tx, project)
    except CocycleError as error:  # one damaged project must not keep the others from being told
        tally.problems.append(error.message)
        return None
    return _Standing(found, workflow, refresh(tx, room, found, workflow), day_in(workflow.time_zone, at), room)


def _fire_one(tx: Transaction, seen: _Standing, deadline: str, at: str, remind: Remind, tally: Fired) -> None:
    row = seen.rows.get(deadline)
    today = seen.today
    if row is None or row.next_on is None or row.next_on > today.isoformat():
        return  # it is no deadline any more, it moved, or somebody else fired it
    steps, due = steps_of(seen.room.calendar(seen.workflow)), date.fromisoformat(row.due)
    step, following = steps.newest(row.kind, due, today), steps.next(row.kind, due, today)
    deadlines.tell_next(tx, deadline, None if following is None else following.on.isoformat())
    if step is not None:
        tally.deadlines += 1
        tally.notices += remind(tx, row, seen.project, seen.workflow, step, at)


def _days(tx: Transaction, room: Room, at: str) -> dict[str, date]:
    """Returns the day it is by each definition, by its digest; under an empty one the day where none says otherwise.

    A definition that cannot be read has none: it keeps only its own projects from being told of.
    """
    digests = deadlines.definitions(tx)
    for digest in digests:
        if digest not in _zones:
            with suppress(CocycleError):
                _zones[digest] = room.workflow(tx, digest).time_zone
    return {"": day_in(DAYS_BEGIN_IN, at)} | {one: day_in(_zones[one], at) for one in digests if one in _zones}


def _has_come(one: Due, today: Mapping[str, date]) -> bool:
    """Answers whether its day has come where its definition is in force, so that no project is loaded for nothing."""
    day = today.get(one.definition or "")
    return day is None or one.next_on <= day.isoformat()
