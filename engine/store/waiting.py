"""Which projects may wait too long, the longest first, found by indexes."""

from __future__ import annotations

from typing import NamedTuple

from engine.store import statements_stays as sql
from engine.store.database import Transaction


class Late(NamedTuple):
    """A project that may be stuck, and since which day (ISO); its workflow and its stage, by their ids."""

    since: str
    project: str
    workflow: str = ""
    stage: str = ""


def past_target(tx: Transaction, today: str, after: Late, most: int) -> list[Late]:
    """Returns projects that go on and whose stage should have been left before a day, by (day, id) from a pair on."""
    return _page(tx, sql.PAST_TARGET, today, after, most)


def past_deadline(tx: Transaction, today: str, after: Late, most: int) -> list[Late]:
    """Returns projects that go on, whose stage has no target, and which have a deadline before a day.

    They are told by the kept deadlines, a project several times where it has several. Whether it is stuck, and since
    which of them, is for the core to say.
    """
    return _page(tx, sql.PAST_DEADLINE, today, after, most)


def _page(tx: Transaction, statement: str, today: str, after: Late, most: int) -> list[Late]:
    asked = {"today": today, "after_day": after.since, "after_id": after.project, "limit": most}
    return [Late(*row) for row in tx.execute(statement, asked)]
