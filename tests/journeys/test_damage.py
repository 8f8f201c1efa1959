"""Damage: lost guards and tables are told, altered files and definitions are not used, verifying changes nothing."""

from __future__ import annotations

import pytest

from engine.api import CocycleError, IntegrityFailure
from engine.store.driver import dbapi as sqlite

from .town import COCHAIR, MANAGER, PROJECT, SRO, Town, refused
from .wreck import open_and_verify, story, unguarded

GUARDS = (
    "DROP TRIGGER entry_is_never_updated",
    "DROP TRIGGER entry_is_never_deleted",
    "DROP TRIGGER entry_is_added_at_the_end",
    "DROP INDEX ix_entry_project_version",
    "CREATE TABLE shadow (x)",
    "CREATE TRIGGER quiet AFTER INSERT ON entry BEGIN DELETE FROM word WHERE seq = NEW.seq; END",
    "CREATE VIEW entries AS SELECT * FROM entry",
)


@pytest.mark.parametrize("change", GUARDS)
def test_a_dropped_or_added_guard_is_a_problem(town: Town, change: str) -> None:
    """A trigger, index, table or view that is gone or new is a problem though no row was touched."""
    story(town)
    town.wrecked = True
    with town.sql() as database:
        database.execute(change)
    found = open_and_verify(town)
    assert [(p["seq"], p["kind"]) for p in found["problems"]] == [(None, "guard")]


@pytest.mark.parametrize(
    "table", ["word", "entry", "file", "project", "definition", "role_grant", "evidence", "setting"]
)
def test_a_register_that_lost_a_table_is_still_answered(town: Town, table: str) -> None:
    """A register that lost a whole table is told as a problem in the usual shape, and never as a crash."""
    story(town)
    town.wrecked = True
    with town.sql() as database:
        database.execute(f"DROP TABLE {table}")
    found = open_and_verify(town)
    assert found["ok"] is False
    assert {"ok", "size", "root", "problems", "erased", "states_checked"} <= found.keys()


def test_the_guards_stop_a_careless_hand(town: Town) -> None:
    """While its triggers stand, the database itself refuses to change, remove or insert an entry of the ledger."""
    story(town)
    for statement in (
        "UPDATE entry SET at = '' WHERE seq = 3",
        "DELETE FROM entry WHERE seq = 3",
        "INSERT INTO entry SELECT seq + 1000, leaf, leaf_hash, root, NULL, 0, name, at, actor FROM entry WHERE seq = 0",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE seq = 3",
    ):
        with town.sql() as database, pytest.raises(sqlite.DatabaseError):
            database.execute(statement)


def test_verifying_changes_nothing(town: Town) -> None:
    """Verifying a register that was opened for reading leaves every byte and every file of its folder as it was."""
    scene = story(town)
    town.engine.close()
    before = {f.name: f.read_bytes() for f in town.path.parent.iterdir()}
    found = open_and_verify(town)
    assert {f.name: f.read_bytes() for f in town.path.parent.iterdir()} == before
    assert (found["ok"], found["size"], found["states_checked"], found["problems"]) == (True, scene.size, 1, [])


def test_a_register_opened_for_reading_takes_no_write(town: Town) -> None:
    """A register that was opened for reading refuses to be written to and says so."""
    story(town)
    reader = town.reopen(read_only=True)
    assert refused(CocycleError, "read_only", lambda: reader.resume(PROJECT, "Go on", actor=MANAGER))


def test_an_altered_file_is_not_handed_out(town: Town) -> None:
    """A stored file is hashed again when it is asked for; one that was altered, retyped or lost is never handed out."""
    town.open()
    evidence = town.add("mandate")
    assert town.engine.evidence_get(evidence) == b"mandate\n"
    for statement in (
        "UPDATE file SET content = CAST('MANDATE' || char(10) AS BLOB)",
        "UPDATE file SET content = 'MANDATE' || char(10)",
        "DELETE FROM file",
    ):
        town.wrecked = True
        with town.sql() as database:
            database.execute(statement)
        refused(IntegrityFailure, None, lambda: town.engine.evidence_get(evidence))


def test_an_altered_definition_decides_nothing(town: Town) -> None:
    """A definition whose bytes were altered judges no gate: whoever opens the register next is told of the damage."""
    story(town)
    with unguarded(town) as database:
        database.execute(
            "UPDATE definition SET canonical = CAST(replace(canonical, '\"co_design\"', '\"informing\"') AS BLOB)"
        )
    engine = town.reopen()
    refused(IntegrityFailure, None, lambda: engine.gate(PROJECT))
    refused(IntegrityFailure, None, lambda: engine.advance(PROJECT, actor=SRO))


def test_a_forged_decision_opens_no_gate_unnoticed(town: Town) -> None:
    """Roles and snapshots that were forged in the database let nobody through without verifying telling of it."""
    town.open()
    town.fill_plan()
    town.engine.decide(PROJECT, actor=SRO)
    with unguarded(town) as database:
        (person,) = database.execute("SELECT id FROM person WHERE email = 'idle@example.org'").fetchone()
        database.execute("INSERT INTO role_grant VALUES (?, 'lx_cochair', '')", (person,))
    engine = town.reopen()
    engine.decide(PROJECT, actor="idle@example.org")
    engine.advance(PROJECT, actor=SRO)
    assert open_and_verify(town)["ok"] is False
    assert COCHAIR not in {d["name"] for p in town.passings() for d in p["decided_by"]}
