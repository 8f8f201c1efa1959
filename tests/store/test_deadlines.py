"""Deadlines as rows: kept by project, found by day, and found again where they are older than their project."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.core.events import Entry
from engine.store import deadlines, statements_deadlines
from engine.store.database import Database, Transaction
from engine.store.deadlines import BEGINNING, OF_PROJECT, SOME_UNKNOWN, DeadlineRow

Act = Callable[[Transaction, str], Entry]


def a_row(name: str, due: str = "2026-07-01", next_on: str | None = None, owner: str | None = None) -> DeadlineRow:
    """Returns a row of the project that its id begins with."""
    return DeadlineRow(name, name.partition("/")[0], 1, "stage", "plan", due, next_on, owner, '{"what":"W","who":[]}')


def own(project: str, version: int, due: str = "") -> DeadlineRow:
    """Returns a project's own row."""
    return DeadlineRow(project, project, version, OF_PROJECT, "", due, None, None, "[]")


def test_what_is_put_is_found_under_its_project(database: Database) -> None:
    """A project's rows are those that were put last under their ids, less those that were taken out."""
    with database.write() as tx:
        deadlines.put(tx, [a_row("A/1"), a_row("A/2"), a_row("B/1")])
        deadlines.put(tx, [a_row("A/1", "2026-08-01")])
        deadlines.forget(tx, ["A/2"])
        assert deadlines.of_project(tx, "A") == {"A/1": a_row("A/1", "2026-08-01")}
        assert list(deadlines.of_project(tx, "B")) == ["B/1"]


def test_what_is_to_be_told_comes_in_the_order_of_the_days_it_is_due(database: Database) -> None:
    """Of what is to be told by a day the earliest due comes first, a page at a time, and none twice.

    Seen to fail when it is ordered by the day on which it is to be told.
    """
    rows = [
        a_row("A/1", "2026-07-09", "2026-06-01"),
        a_row("A/2", "2026-07-08", "2026-06-03"),
        a_row("A/3", "2026-07-08", "2026-06-02"),
        a_row("A/4", "2026-07-01", "2026-06-04"),
        a_row("A/5", "2026-07-01", None),
    ]
    with database.write() as tx:
        deadlines.put(tx, [*rows, own("A", 1)])
        first = deadlines.to_tell(tx, "2026-06-03", BEGINNING, 2)
        assert [one.id for one in first] == ["A/2", "A/3"]
        due, id_ = first[-1].due, first[-1].id
        assert [one.id for one in deadlines.to_tell(tx, "2026-06-03", (due, id_), 2)] == ["A/1"]
        deadlines.tell_next(tx, "A/2", "2026-06-10")
        deadlines.tell_next(tx, "A/3", None)
        assert [one.id for one in deadlines.to_tell(tx, "2026-06-03", BEGINNING, 9)] == ["A/1"]


def test_lists_hold_deadlines_and_no_project_s_own_row(database: Database, act: Act) -> None:
    """All are listed by day and id up to a day, each with its project beside it; an owner's are found by the owner."""
    with database.write() as tx:
        act(tx, "A")
        act(tx, "B")
        deadlines.put(tx, [a_row("A/2", "2026-07-02", owner="p-1"), a_row("B/1", "2026-07-01"), a_row("A/1")])
        deadlines.put(tx, [own("A", 1), own("B", 1, SOME_UNKNOWN)])
        listed = [(one.row.id, one.title, one.on_hold) for one in deadlines.listed(tx)]
        assert listed == [("A/1", "A title", False), ("B/1", "A title", False), ("A/2", "A title", False)]
        assert [one.row.id for one in deadlines.listed(tx, "2026-07-01", ("2026-07-01", "A/1"))] == ["B/1"]
        assert sorted(one.row.id for one in deadlines.listed_of_project(tx, "A")) == ["A/1", "A/2"]
        assert [one.row.id for one in deadlines.listed_of_owner(tx, "p-1")] == ["A/2"]
        assert [one.row.id for one in deadlines.listed_as_not_known(tx)] == ["B"]


def test_rows_of_another_version_than_their_project_are_found(database: Database, act: Act) -> None:
    """A project whose rows are of an older version, or that has none, is found; one whose are of its own is not."""
    with database.write() as tx:
        for project in ("A", "B", "C"):
            act(tx, project)
        deadlines.put(tx, [own("A", 1), own("B", 1)])
        act(tx, "B")
        assert deadlines.old(tx, "", 9) == ["B", "C"]
        assert deadlines.old(tx, "B", 9) == ["C"]
        assert deadlines.count_old(tx) == 2
        deadlines.derived_from(tx, "B", 2)
        assert deadlines.old(tx, "", 9) == ["C"]
        assert deadlines.projects_after(tx, "A", 1) == ["B"]


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (statements_deadlines.DEADLINES_TO_TELL, "ix_deadline_next"),
        (statements_deadlines.DEADLINES_OF_PROJECT, "ix_deadline_project"),
        (statements_deadlines.LISTED_DEADLINES, "ix_deadline_due"),
        (statements_deadlines.LISTED_OF_PROJECT, "ix_deadline_project"),
        (statements_deadlines.LISTED_OF_OWNER, "ix_deadline_owner"),
        (statements_deadlines.LISTED_AS_NOT_KNOWN, "ix_deadline_due"),
    ],
)
def test_no_reading_goes_through_all_rows(database: Database, statement: str, index: str) -> None:
    """Whatever is looked up is looked up by an index, so that it costs the same however many projects there are.

    SQLite looks at the values, too, before it chooses. Seen to fail when what is to be told is asked for without signs.
    """
    given = {"today": "2026-06-01", "limit": 1_000, "until": "9999-12-31", "which": "A", "after": ""}
    given |= {"after_due": BEGINNING[0], "after_id": BEGINNING[1]}
    with database.write() as tx:
        deadlines.put(tx, [a_row(f"A/{n}", "2026-08-01", "2026-07-01", "p-1") for n in range(300)])
        plan = [str(row[3]) for row in tx.execute(f"EXPLAIN QUERY PLAN {statement}", given)]
    assert any(f"SEARCH deadline USING INDEX {index}" in line for line in plan), plan
    assert not any(line.startswith("SCAN") for line in plan), plan
