"""Reminders of deadlines: whom one is for, and putting it into their digests, as `engine.firing` asks for it."""

from __future__ import annotations

import orjson

from engine.core.definition import Workflow
from engine.core.project import Project
from engine.core.reminding import Step
from engine.notices.box import put
from engine.notices.people import reminded
from engine.notices.wanted import REMINDER, NoticeWanted
from engine.store.database import Transaction
from engine.store.deadlines import DeadlineRow


def reminders_for(
    tx: Transaction, row: DeadlineRow, project: Project, workflow: Workflow, step: Step
) -> list[NoticeWanted]:
    """Returns the reminders of one step of a deadline: one for each who is to be told.

    A step is told once: the deadline, its day and the step make the occurrence, so that a deadline that moves begins
    anew, and one whose rows were made again does not.
    """
    who = orjson.loads(row.body)["who"]
    told = reminded(tx, project.id, workflow, who, row.owner, late=step.left < 0)
    about = {"deadline": row.id, "due": row.due, "left": step.left, "on": step.on.isoformat()}
    occurrence = f"{row.id}/{row.due}/{step.left}"
    return [NoticeWanted(person, project.id, REMINDER, occurrence, about) for person in told]


def remind(tx: Transaction, row: DeadlineRow, project: Project, workflow: Workflow, step: Step, at: str) -> int:
    """Puts the reminders of a step into the digests; returns how many were not there yet."""
    return sum(put(tx, wanted, at) for wanted in reminders_for(tx, row, project, workflow, step))
