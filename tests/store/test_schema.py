"""One schema: tables, migrations, statements and the running register agree."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from engine.store import statements, statements_beats, statements_deadlines, statements_outbox, statements_stays
from engine.store.database import SCHEMA_REVISION, Database
from engine.store.driver import dbapi
from engine.store.generate import files, schema
from engine.store.inspect import guard_problems
from engine.store.migrate import check, upgrade
from engine.store.schema import SCHEMA
from engine.store.tables import Rows


@pytest.fixture
def migrated() -> Iterator[dbapi.Connection]:
    """An empty database brought up to date by the migrations."""
    connection = dbapi.connect(":memory:", isolation_level=None)
    upgrade(connection)
    yield connection
    connection.close()


def parts(connection: dbapi.Connection) -> dict[str, list[str]]:
    """Every object with the lines of its SQL in no order, since constraints may be written in any."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: sorted(line.strip(" ,") for line in sql.splitlines()) for name, sql in rows}


def test_generated_files_are_up_to_date() -> None:
    """Compiling the statements and the schema again gives the files that are committed."""
    for file, content in files().items():
        assert file.read_text("utf-8") == content, "run: python -m engine.store.generate"


def test_alembic_finds_nothing_to_do(migrated: dbapi.Connection) -> None:
    """The migrations bring a database to the tables, as alembic sees it."""
    check(migrated)


def test_migrations_make_exactly_the_tables(migrated: dbapi.Connection) -> None:
    """The migrations make the same constraints, indexes and triggers as the tables, which alembic does not compare."""
    raw = dbapi.connect(":memory:", isolation_level=None)
    engine = sqlalchemy.create_engine("sqlite://", creator=lambda: raw, poolclass=sqlalchemy.StaticPool, module=dbapi)
    Rows.metadata.create_all(engine)
    expected, found = parts(raw), parts(migrated)
    engine.dispose()
    assert found.pop("alembic_version")
    assert found == expected


def test_the_revision_is_the_newest(migrated: dbapi.Connection) -> None:
    """The revision that a register is expected to have is the one the migrations end with."""
    assert migrated.execute("SELECT version_num FROM alembic_version").fetchall() == [(SCHEMA_REVISION,)]


def test_a_new_register_is_a_migrated_one(database: Database) -> None:
    """A register made at once has the schema that the migrations make step by step."""
    assert schema() == SCHEMA
    with database.read() as tx:
        assert list(guard_problems(tx)) == []


def test_a_migration_that_fails_leaves_nothing() -> None:
    """A migration to a revision that does not exist fails, and the database is as it was and out of the transaction."""
    connection = dbapi.connect(":memory:", isolation_level=None)
    with pytest.raises(Exception, match="nowhere"):
        upgrade(connection, "nowhere")
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    assert not connection.in_transaction
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    connection.close()


def test_a_migration_that_loses_a_row_fails() -> None:
    """A migration after which a row refers to nothing is undone."""
    connection = dbapi.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)")
    connection.execute("CREATE TABLE b (a INTEGER REFERENCES a (id))")
    connection.execute("INSERT INTO b VALUES (7)")
    with pytest.raises(ValueError, match="refer to what does not exist"):
        upgrade(connection)
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (2,)
    connection.close()


def test_every_statement_can_be_prepared(migrated: dbapi.Connection) -> None:
    """Every statement names tables, columns and parameters that exist."""
    rooms = (statements, statements_beats, statements_deadlines, statements_outbox, statements_stays)
    named = {f"{room.__name__}.{n}": text for room in rooms for n, text in vars(room).items() if n.isupper()}
    assert len(named) > 40
    for text in named.values():
        migrated.execute(f"EXPLAIN {text}", dict.fromkeys(re.findall(r":(\w+)", text)))


def test_the_product_runs_without_sqlalchemy(tmp_path: Path, product_environment: dict[str, str]) -> None:
    """Making, opening and using a register loads neither SQLModel nor SQLAlchemy nor alembic."""
    program = f"""
import sys
from engine.store import backup, definitions_shelf, files, inspect, journal, people, projects, settings
from engine.store.database import create_database
with create_database({str(tmp_path / "r.db")!r}) as database, database.write() as tx:
    journal.head(tx)
print([name for name in ("sqlmodel", "sqlalchemy", "alembic", "pydantic") if name in sys.modules])
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], env=product_environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"
