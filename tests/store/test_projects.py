"""The projection of projects: compare-and-set, counts that agree, and pages that leave nobody out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.core.errors import Conflict
from engine.store.database import Database, create_database
from engine.store.definitions_shelf import DefinitionRow, put_definition
from engine.store.projects import (
    ProjectRow,
    has_stage,
    list_projects,
    load_project,
    project_ids,
    save_project,
    stage_counts,
)

Row = Callable[..., ProjectRow]

rows = st.builds(
    ProjectRow,
    id=st.sampled_from("abcdefgh"),
    version=st.just(1),
    workflow=st.sampled_from(["v", "w"]),
    definition=st.sampled_from(["d1", "d2"]),
    stage=st.sampled_from(["plan", "design", "done"]),
    stage_final=st.booleans(),
    on_hold=st.booleans(),
    cycle=st.integers(1, 3),
    title=st.none() | st.text(max_size=3).filter(str.isprintable),
    entered_at=st.just("2026-11-22T10:00:00.000000Z"),
    due_on=st.sampled_from([None, "2026-01-01", "2026-06-01"]),
    snapshot=st.binary(max_size=4),
)


def save_all(database: Database, saves: list[ProjectRow]) -> dict[str, ProjectRow]:
    """Saves rows one after the other, as often as a project comes; returns what should stand at the end."""
    expected: dict[str, ProjectRow] = {}
    for number, row in enumerate(saves):
        known = expected.get(row.id)
        row = row._replace(version=1 if known is None else known.version + 1)
        with database.write() as tx:
            if number % 2:
                load_project(tx, row.id)
            save_project(tx, row, expected_version=None if known is None else known.version)
        expected[row.id] = row
    return expected


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(saves=st.lists(rows, max_size=12), data=st.data())
def test_lists_and_counts_are_those_of_the_projects(
    tmp_path_factory: pytest.TempPathFactory, saves: list[ProjectRow], data: st.DataObject
) -> None:
    """After any saves, every list is the naive filter over all projects, page by page, and every count agrees."""
    stage = data.draw(st.none() | st.sampled_from(["plan", "done", "nowhere"]))
    workflow = data.draw(st.none() | st.sampled_from(["v", "w"]))
    overdue_on = data.draw(st.none() | st.sampled_from(["2026-01-01", "2026-03-01", "2026-12-01"]))
    with create_database(tmp_path_factory.mktemp("any") / "r.db") as database:
        with database.write() as tx:
            for digest in ("d1", "d2"):
                put_definition(tx, DefinitionRow(digest, "w", "1", "t", b"", "", 0))
        expected = save_all(database, saves)
        with database.read() as tx:
            assert list(project_ids(tx)) == sorted(expected)
            counts = Counter((row.workflow, row.stage) for row in expected.values())
            assert stage_counts(tx) == sorted((*where, n) for where, n in counts.items())
            found: list[ProjectRow] = []
            while page := list_projects(
                tx,
                stage=stage,
                workflow=workflow,
                overdue_on=overdue_on,
                limit=2,
                after=found[-1].id if found else None,
            ):
                assert len(page) <= 2
                found += page
    assert found == [
        row
        for _, row in sorted(expected.items())
        if (stage is None or row.stage == stage)
        and (workflow is None or row.workflow == workflow)
        and (overdue_on is None or (row.due_on is not None and row.due_on < overdue_on and not row.stage_final))
    ]


def test_what_was_saved_is_loaded(database: Database, a_project: Row) -> None:
    """A project is loaded as it was saved last; one that was never saved is not there."""
    with database.write() as tx:
        save_project(tx, a_project("a", snapshot=b"one"), expected_version=None)
        save_project(tx, a_project("a", 2, snapshot=b"two"), expected_version=1)
    with database.read() as tx:
        found = load_project(tx, "a")
        assert found is not None
        assert (found.id, found.version, found.definition, found.snapshot) == (
            "a",
            2,
            a_project("a").definition,
            b"two",
        )
        assert load_project(tx, "b") is None


def test_an_id_is_taken_once(database: Database, a_project: Row) -> None:
    """A new project with an id in use is a conflict and changes nothing, also within one transaction."""
    with database.write() as tx:
        save_project(tx, a_project("a", title="first"), expected_version=None)
        with pytest.raises(Conflict) as refusal:
            save_project(tx, a_project("a", title="second"), expected_version=None)
    assert refusal.value.code == "id_taken"
    with database.read() as tx:
        assert [row.title for row in list_projects(tx)] == ["first"]
        assert stage_counts(tx) == [("two-gates", "plan", 1)]


@pytest.mark.parametrize("expected_version", [1, 3])
def test_a_project_that_moved_on_is_a_conflict(database: Database, a_project: Row, expected_version: int) -> None:
    """Saving what was decided on another version is refused, and says which version stands."""
    with database.write() as tx:
        save_project(tx, a_project("a"), expected_version=None)
        save_project(tx, a_project("a", 2), expected_version=1)
    with database.write() as tx, pytest.raises(Conflict) as refusal:
        save_project(tx, a_project("a", 4, "design"), expected_version=expected_version)
    assert refusal.value.code == "moved"
    assert refusal.value.details == {"project": "a", "version": 2}
    with database.read() as tx:
        assert stage_counts(tx) == [("two-gates", "plan", 1)]


def test_a_project_that_is_not_there_has_moved(database: Database, a_project: Row) -> None:
    """Saving a later version of a project that does not exist is a conflict."""
    with database.write() as tx, pytest.raises(Conflict) as refusal:
        save_project(tx, a_project("a", 2), expected_version=1)
    assert refusal.value.code == "moved"


def test_the_database_itself_compares_versions(database: Database, a_project: Row) -> None:
    """Should the row change behind the transaction's back, the update itself finds out."""
    with database.write() as tx:
        save_project(tx, a_project("a"), expected_version=None)
        tx.execute("UPDATE project SET version = 9")
        with pytest.raises(Conflict):
            save_project(tx, a_project("a", 2), expected_version=1)


def test_a_stage_is_known_by_whoever_stood_there(database: Database, a_project: Row) -> None:
    """A stage is known while a project stands in it and after the last one left, and not before."""
    with database.write() as tx:
        assert not has_stage(tx, "plan")
        save_project(tx, a_project("a"), expected_version=None)
        assert has_stage(tx, "plan")
        save_project(tx, a_project("a", 2, "design"), expected_version=1)
        assert has_stage(tx, "plan")
        assert stage_counts(tx) == [("two-gates", "design", 1)]


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({"stage": "plan"}, "ix_project_stage_id"),
        ({"workflow": "w", "stage": "plan"}, "ix_project_"),
        ({}, "sqlite_autoindex_project_1"),
    ],
)
def test_lists_do_not_sort_or_scan(database: Database, filters: dict[str, str], index: str) -> None:
    """A page is read from an index in its order, so that it costs the same in a register of a million projects."""
    asked: list[str] = []
    database.connection().set_trace_callback(asked.append)
    with database.read() as tx:
        list_projects(tx, **filters)  # type: ignore[arg-type]  # some of its keyword arguments
    database.connection().set_trace_callback(None)
    (sql,) = (statement for statement in asked if statement.startswith("SELECT"))
    plan = " ".join(row[3] for row in database.connection().execute(f"EXPLAIN QUERY PLAN {sql}"))
    assert f"USING INDEX {index}" in plan
    assert "TEMP B-TREE" not in plan
