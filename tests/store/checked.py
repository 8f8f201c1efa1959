"""What verification finds wrong with a ledger and the rows beside it, for stories that have no projects."""

from __future__ import annotations

import re

from engine.ledger.verify import Problem
from engine.store.database import Transaction
from engine.verifying.entries import Entries

_MADE_UP = re.compile("event of its name|tells of")


def found_in(tx: Transaction, *kinds: str) -> list[Problem]:
    """Returns the problems of the entries and their words; of some kinds only, where any are given."""
    read = Entries()
    read.read(tx)
    return [p for p in read.problems if _of_the_store(p) and (not kinds or p.kind in kinds)]


def _of_the_store(problem: Problem) -> bool:
    """True unless a problem is about what an event says and who may say it: these stories' events are made up."""
    return problem.kind != "permission" and not _MADE_UP.search(problem.message)


def found_beside(tx: Transaction) -> list[Problem]:
    """Returns the problems of the entries, and of the rows that the entries make.

    These stories put a definition on the shelf that no entry loaded, and that is not what they are about.
    """
    read = Entries()
    read.read(tx)
    return [
        *filter(_of_the_store, read.problems),
        *(p for p in read.end(tx) if _of_the_store(p) and not p.message.startswith("The definition ")),
    ]
