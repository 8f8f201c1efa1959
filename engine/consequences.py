"""What follows from an act in its very transaction: its rows of deadlines and stays, and what people are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.core.definition import Workflow
from engine.core.events import Entry
from engine.core.outcome import Moment, Refused
from engine.core.project import Project
from engine.due import refresh
from engine.notices.at_once import notices_of, notices_of_refusal
from engine.notices.box import put
from engine.notices.wanted import NoticeWanted
from engine.room import Room
from engine.sight import Sight, who_can_help
from engine.stays import record_stays
from engine.store.database import Transaction


def follow(tx: Transaction, room: Room, entries: Sequence[Entry], project: Project, workflow: Workflow) -> None:
    """Keeps what hangs on a project in step with it, and puts into the box what somebody is to be told at once.

    Args:
        entries: what the act recorded.
        project: how it stands after them, saved already.
    """
    refresh(tx, room, project, workflow)
    record_stays(tx, entries, workflow)
    _tell(tx, notices_of(tx, room, entries, project, workflow), entries[-1].at)


def follow_refusal(
    tx: Transaction, refused: Refused, project: Project, workflow: Workflow, person: str, moment: Moment
) -> None:
    """Puts into the box that a gate was found shut, for those who can supply what is missing.

    Args:
        person: the id of who was refused; empty for somebody the register does not know.
    """
    if refused.code != "gate_shut" or refused.answer is None:
        return
    sight = Sight(project, workflow, moment.today, moment.calendar)
    roles = who_can_help(sight, [refused.answer])
    found = notices_of_refusal(tx, project, workflow, refused.answer, roles, person, moment.today)
    _tell(tx, found, moment.at)


def _tell(tx: Transaction, wanted: Iterable[NoticeWanted], at: str) -> None:
    for one in wanted:
        put(tx, one, at)
