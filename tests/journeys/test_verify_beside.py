"""What lies beside the ledger is verified, too: sealed files and their keys, counts of refusals, keys that changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.api import RulesRefused
from engine.store.driver import dbapi as sqlite

from .town import ADMIN, PROJECT, SRO, Town, document, refused
from .wreck import open_and_verify, unguarded

SECOND = "second-admin@example.org"
Hand = Callable[[sqlite.Connection], object]


def sql(statement: str) -> Hand:
    """Returns a hand that runs one statement, which must not miss."""

    def run(database: sqlite.Connection) -> None:
        database.execute("PRAGMA foreign_keys=OFF")
        assert database.execute(statement).rowcount > 0, "the hand missed"

    return run


HANDS: dict[str, tuple[str, Hand]] = {
    "sealed bytes": ("file", sql("UPDATE sealed_file SET content = zeroblob(length(content))")),
    "another key": ("file", sql("UPDATE file_key SET secret = zeroblob(32)")),
    "a key taken away": ("file", sql("DELETE FROM file_key")),
    "a sealed file taken away": ("file", sql("DELETE FROM sealed_file")),
    "a count of refusals": ("refusal", sql("UPDATE refusal SET times = 5000")),
    "what was told of refusals": ("refusal", sql("UPDATE refusal SET times = 0, told = 0")),
    "a count taken away": ("refusal", sql("DELETE FROM refusal")),
    "a count put in": (
        "refusal",
        sql("INSERT INTO refusal SELECT person, '2020-01-01', what, project, seq, since, 1, 1 FROM refusal"),
    ),
}


@pytest.mark.parametrize("what", HANDS)
def test_what_lies_beside_the_ledger(town: Town, what: str) -> None:
    """A sealed file, its key or a count of refusals that is altered, put in or taken away is told, with the entry.

    Seen to fail when sealed files are not opened, and when counts are not compared.
    """
    kind, hand = HANDS[what]
    town.open()
    town.add("mandate", files=[document("names.pdf", b"who was there\n")], personal=True)
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=SRO))
    assert open_and_verify(town)["problems"] == []
    with unguarded(town) as database:
        hand(database)
    problems = open_and_verify(town)["problems"]
    assert kind in {p["kind"] for p in problems}, problems
    assert any(isinstance(p["seq"], int) for p in problems) or what == "a count put in", problems


def test_what_was_erased_is_gone(town: Town) -> None:
    """A sealed file, or its key, that is there in spite of its erasure is told at the entry that erased it."""
    town.engine.add_person(SECOND, "Sasha Second", roles=["admin"], actor=ADMIN)
    town.open()
    evidence = town.add("mandate", files=[document("names.pdf", b"who was there\n")], personal=True)
    with town.sql() as database:
        sealed = database.execute("SELECT * FROM sealed_file").fetchone()
        key = database.execute("SELECT * FROM file_key").fetchone()
    seq = town.engine.erase(evidence, "Request 3", SECOND, actor=ADMIN)["seq"]
    assert open_and_verify(town)["problems"] == []
    with unguarded(town) as database:
        database.execute("INSERT INTO sealed_file VALUES (?, ?, ?)", sealed)
        database.execute("INSERT INTO file_key VALUES (?, ?)", key)
    assert [(p["seq"], p["kind"]) for p in open_and_verify(town)["problems"]] == [(seq, "erasure")] * 2


def test_any_key_of_the_chain_will_do(town: Town) -> None:
    """After the key was changed the register verifies with the old key and the new one, and with what each signed.

    Seen to fail when only the newest key was known.
    """
    town.engine.add_person(SECOND, "Sasha Second", roles=["admin"], actor=ADMIN)
    old, kept = town.engine.public_key()["public_key"], town.engine.checkpoint()["checkpoint"]
    town.engine.rotate_key("Once a year", SECOND, actor=ADMIN)
    new, later = town.engine.public_key()["public_key"], town.engine.checkpoint()["checkpoint"]
    assert old != new
    for public_key in (old, new, None):
        found = town.engine.verify(public_key=public_key, checkpoints=[kept, later])
        assert (found["problems"], found["checkpoints"]) == ([], 2)
