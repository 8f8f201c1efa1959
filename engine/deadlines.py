"""The engine's reading of deadlines: of one project or of all, as they stand on a day, the most pressing first.

One project's are derived as they are asked for. Those of a whole register are read from the rows that every act keeps,
so that a page of them costs the same however many projects there are. Where the rows are not those of today's rules and
holidays, which the next sweep mends, they are derived as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from engine.clock import day_in, stamp
from engine.core.deadlines import Placed, urgency
from engine.core.errors import InputRefused
from engine.deadlines_kept import Place, Seen, Unknown, kept, kept_not_known
from engine.deadlines_people import MOST_NAMED, Meant
from engine.deadlines_shown import Near, deadline_json, not_known_json
from engine.deadlines_whose import Whose, whose
from engine.rebuilding import are_current
from engine.room import Room
from engine.settings import Settings
from engine.sight import DAY, Sight, a_day
from engine.store import projects
from engine.store.database import Database, Transaction
from engine.store.deadlines import BEGINNING, LATEST

MOST_DAYS: Final = 36_600
MOST_ON_A_PAGE: Final = 1_000


class Deadlines:
    """Readings of deadlines; nothing here writes."""

    settings: Settings

    def __init__(self, database: Database, room: Room) -> None:
        self.database = database
        self.room = room

    def deadlines(
        self,
        project: str | None = None,
        *,
        within: int | None = None,
        at: str | None = None,
        mine: str | None = None,
        acting: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> dict[str, Any]:
        """Returns the deadlines of a project, or of all projects, as they stand today or on the day `at`.

        Args:
            project: its id; None for every project.
            within: only what is due in so many days, or was due before.
            at: a day, past or future; only how near a deadline is changes with it.
            mine: the e-mail of somebody: only what one of their roles can do something about, or what they own.
            acting: the same, but everybody's for somebody whose work is every project: an admin, a programme manager,
                an auditor.
            limit: a page of so many, the earliest days first, sorted like any list; None for all of them.
            after: the `next` of the page before.

        Returns:
            `as_of`; `deadlines`; `not_known`, those whose day cannot be told, on the first page; `mine`, whether only
            somebody's own were asked for; and `next`, None where nothing comes after.

        Raises:
            InputRefused: the day, the number of days, the limit or the cursor cannot be.
            NotFound: there is no such project.
            NotPermitted: `unknown_person`; nobody has the e-mail of whoever asks.
        """
        if within is not None and not 0 <= within <= MOST_DAYS:
            raise InputRefused(f"The number of days must be from 0 to {MOST_DAYS:,}.")
        if limit is not None and not 1 <= limit <= MOST_ON_A_PAGE:
            raise InputRefused(f"The limit must be a number from 1 to {MOST_ON_A_PAGE:,}.")
        day, place = a_day(at) if at else None, None if after is None else _place(after)
        with self.database.read() as tx:
            own = self._own(tx, mine, acting)
            today = day or day_in("Europe/London", stamp(self.room.clock.now()))
            if project is None and are_current(tx, self.settings.extra_holidays):
                until = LATEST if within is None else _plus(today, within + 1)  # a day more, for other time zones
                some: Iterable[Seen] = kept(tx, self.room, own, until, place or BEGINNING)
                unknown: Iterable[Unknown] = kept_not_known(tx, self.room, own) if place is None else ()
            else:
                some, unknown = self._derived(tx, project, own, place, day)
            near = Near()
            found: list[tuple[Placed, Seen]] = []
            next_after, last = None, None
            for one in some:
                standing = near.place(
                    one.deadline, day or self.room.today(one.workflow), self.room.calendar(one.workflow)
                )
                if standing is None or (within is not None and standing.days_left > within):
                    continue
                if limit is not None and len(found) == limit:
                    next_after = last
                    break
                found.append((standing, one))
                last = "/".join(one.place)
            not_known = [not_known_json(one.not_known, one.title) for one in unknown]
            found.sort(key=lambda pair: urgency(pair[0]))
            meant = Meant(tx, own)
            people = meant.of if len(found) <= MOST_NAMED else meant.unnamed
            shown = [
                deadline_json(standing, one.title, one.on_hold, one.workflow) | people(one.deadline, one.workflow)
                for standing, one in found
            ]
        return {
            "as_of": today.isoformat(),
            "deadlines": shown,
            "not_known": not_known,
            "mine": own is not None,
            "next": next_after,
        }

    def _own(self, tx: Transaction, mine: str | None, acting: str | None) -> Whose | None:
        """Returns whose deadlines are asked for; None for everybody's."""
        if mine is not None:
            return whose(tx, mine)
        found = None if acting is None else whose(tx, acting)
        return None if found is None or found.looks_after_all else found

    def _derived(
        self, tx: Transaction, project: str | None, own: Whose | None, place: Place | None, day: date | None
    ) -> tuple[list[Seen], list[Unknown]]:
        """Returns the deadlines of a project, or of all, by day and id; plugins are asked where they judge."""
        some, unknown, near = [], [], Near()
        for id_ in self._asked_for(tx, project):
            now, workflow = self.room.load(tx, id_)
            sight = Sight(now, workflow, day or self.room.today(workflow), self.room.calendar(workflow))
            derived = near.derived(sight)
            some += [Seen(one, now.title, now.hold is not None, workflow) for one in derived.deadlines]
            if own is None or own.held(id_, workflow):
                unknown += [Unknown(one, now.title, workflow) for one in derived.not_known]
        some = [one for one in some if own is None or own.has(one.deadline, one.workflow)]
        some.sort(key=lambda one: one.place)
        return [one for one in some if place is None or one.place > place], unknown if place is None else []

    def _asked_for(self, tx: Transaction, project: str | None) -> Iterator[str]:
        if project is not None:
            yield project
            return
        yield from list(projects.project_ids(tx))


def _place(cursor: str) -> Place:
    """Returns the place that a cursor names; raises InputRefused."""
    due, id_ = cursor[:10], cursor[11:]
    if not DAY.fullmatch(due) or cursor[10:11] != "/" or not id_.isprintable():
        raise InputRefused("The list can only go on after the `next` of a page of deadlines.")
    return due, id_


def _plus(day: date, days: int) -> str:
    return (day + timedelta(min(days, (date.max - day).days))).isoformat()
