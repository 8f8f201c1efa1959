"""What verification finds wrong with a ledger and the rows beside it, for stories that have no projects."""

from __future__ import annotations

from engine.ledger.verify import Problem
from engine.store.database import Transaction
from engine.verifying.entries import Entries


def found_in(tx: Transaction, *kinds: str) -> list[Problem]:
    """Returns the problems of the entries and their words; of some kinds only, where any are given."""
    read = Entries()
    read.read(tx)
    return [p for p in read.problems if not kinds or p.kind in kinds]


def found_beside(tx: Transaction) -> list[Problem]:
    """Returns the problems of the entries, and of the rows that the entries make.

    These stories put a definition on the shelf that no entry loaded, and that is not what they are about.
    """
    read = Entries()
    read.read(tx)
    return [*read.problems, *(p for p in read.end(tx) if not p.message.startswith("The definition "))]
