"""A hand in the database: its guards taken down and put back, and what verifying says afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engine.api import open_register
from engine.store.driver import dbapi as sqlite

from .town import MANAGER, PROJECT, Json, Town


@dataclass(frozen=True, slots=True)
class Scene:
    """What a hand in the database can reach: the index of a record's entry, and the ids it made."""

    seq: int
    evidence: str
    size: int


@contextmanager
def unguarded(town: Town) -> Iterator[sqlite.Connection]:
    """Gives the database with its triggers taken down, and puts them back as they were."""
    town.wrecked = True
    with town.sql() as database:
        guards = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            database.execute(f"DROP TRIGGER {name}")
        yield database
        for _, sql in guards:
            database.execute(sql)


def story(town: Town) -> Scene:
    """Passes a gate, with a hold on the way, so that there is something of everything to tamper with."""
    town.open(priority_groups="")
    town.pass_plan()
    evidence = town.add("market-notice", facts={"published_on": "2026-06-01", "reference": "2026/S 1"})
    seq = town.size - 1
    town.engine.hold(PROJECT, "A pause", actor=MANAGER)
    assert town.engine.verify()["problems"] == [], "a wreck begins whole"
    return Scene(seq, evidence, town.size)


def open_and_verify(town: Town) -> Json:
    """Verifies as a stranger would: from a copy opened for reading only."""
    reader = open_register(town.path, read_only=True, clock=town.clock)
    try:
        return reader.verify()
    finally:
        reader.close()
