"""How often the same was refused the same person on a day, and the entries that tell of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engine.store import statements
from engine.store.database import Transaction


class RefusalRow(NamedTuple):
    """One thing that was refused one person on one day.

    Attributes:
        person: their id, or `system` for everyone the register does not know.
        day: in UTC, ISO.
        what: names the thing; the same words are the same thing.
        project: the project it was refused in; None where in none.
        seq: the index of the first entry about it.
        since: when it was refused first, as `at` of that entry.
        times: how often until now.
        told: what the newest entry about it says of `times`.
    """

    person: str
    day: str
    what: str
    project: str | None
    seq: int
    since: str
    times: int
    told: int


def refusal(tx: Transaction, person: str, day: str, what: str) -> RefusalRow | None:
    """Returns what was counted of one thing so far; None where it was not refused that person on that day."""
    row = tx.execute(statements.REFUSAL, {"person": person, "day": day, "what": what}).fetchone()
    return None if row is None else RefusalRow(*row)


def kinds_on(tx: Transaction, person: str, day: str) -> int:
    """Returns how many different things were refused a person on a day."""
    count: int = tx.execute(statements.COUNT_REFUSALS, {"person": person, "day": day}).fetchone()[0]
    return count


def put_refusal(tx: Transaction, row: RefusalRow) -> None:
    """Keeps a count, in the place of the one there was; of that only `times` and `told` change."""
    tx.execute(statements.PUT_REFUSAL, row._asdict())


def refusals_of_project(tx: Transaction, project: str) -> list[RefusalRow]:
    """Returns what was refused in a project, oldest first; found by an index, so the ledger's length costs nothing."""
    return [RefusalRow(*row) for row in tx.execute(statements.REFUSALS_OF_PROJECT, {"which": project})]


def refusals(tx: Transaction) -> Iterator[RefusalRow]:
    """Yields every count there is, by person, day and thing."""
    for row in tx.execute(statements.REFUSALS):
        yield RefusalRow(*row)
