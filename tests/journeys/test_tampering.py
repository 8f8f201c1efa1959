"""Tampering: whoever changes the database behind the engine's back is found out, wherever they put their hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from engine.store.driver import dbapi as sqlite

from .town import Town
from .wreck import Scene, open_and_verify, story, unguarded

Hand = Callable[[sqlite.Connection, Scene], object]


def sql(statement: str) -> Hand:
    """Returns a hand that runs one statement; `:seq`, `:evidence` and `:last` are of the scene."""

    def run(database: sqlite.Connection, scene: Scene) -> None:
        values = {"seq": scene.seq, "evidence": scene.evidence, "last": scene.size - 1}
        assert database.execute(statement, values).rowcount != 0, "the hand missed"

    return run


def _flip(database: sqlite.Connection, scene: Scene, *, rehash: bool) -> None:
    """Turns the day of a notice into another, and hashes the leaf anew where that is wanted."""
    (leaf,) = database.execute("SELECT leaf FROM entry WHERE seq = ?", (scene.seq,)).fetchone()
    changed = leaf.replace(b'"published_on":"2026-06-01"', b'"published_on":"2026-05-01"')
    assert changed != leaf
    database.execute("UPDATE entry SET leaf = ? WHERE seq = ?", (changed, scene.seq))
    if rehash:
        digest = hashlib.sha256(b"\x00" + changed).digest()
        database.execute("UPDATE entry SET leaf_hash = ? WHERE seq = ?", (digest, scene.seq))


def _swap(database: sqlite.Connection, scene: Scene) -> None:
    """Puts two entries in each other's places."""
    for old, new in ((scene.seq, -1), (scene.seq - 1, scene.seq), (-1, scene.seq - 1)):
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.execute("UPDATE entry SET seq = ? WHERE seq = ?", (new, old))


# where the problem belongs: to the entry of the scene, to none, or to an entry, and which is told elsewhere
HERE, NOWHERE, ANYWHERE = "here", "nowhere", "anywhere"

HANDS: dict[str, tuple[str, str, Hand]] = {
    # the ledger itself
    "a byte of a leaf": ("leaf_hash", HERE, lambda d, s: _flip(d, s, rehash=False)),
    "a leaf and its hash": ("root", HERE, lambda d, s: _flip(d, s, rehash=True)),
    "the hash of a leaf": ("leaf_hash", HERE, sql("UPDATE entry SET leaf_hash = randomblob(32) WHERE seq = :seq")),
    "a root": ("root", HERE, sql("UPDATE entry SET root = randomblob(32) WHERE seq = :seq")),
    "a leaf that is none": ("leaf", HERE, sql("UPDATE entry SET leaf = CAST('{}' AS BLOB) WHERE seq = :seq")),
    "two entries in each other's places": ("time", HERE, lambda d, s: _swap(d, s)),
    "an entry taken out": ("gap", "next", sql("DELETE FROM entry WHERE seq = :seq")),
    "the last entry cut off": ("head", NOWHERE, sql("DELETE FROM entry WHERE seq = :last")),
    # where entries are filed
    "the moment of an entry": (
        "filing",
        HERE,
        sql("UPDATE entry SET at = '2026-01-01T00:00:00.000000Z' WHERE seq = :seq"),
    ),
    "the project of an entry": ("filing", HERE, sql("UPDATE entry SET project = 'CC-2' WHERE seq = :seq")),
    "the version of an entry": ("filing", HERE, sql("UPDATE entry SET version = 99 WHERE seq = :seq")),
    "the name of an entry": ("filing", HERE, sql("UPDATE entry SET name = 'held' WHERE seq = :seq")),
    "the author of an entry": ("filing", HERE, sql("UPDATE entry SET actor = 'system' WHERE seq = :seq")),
    # the end of the ledger
    "the root at the end": ("head", NOWHERE, sql("UPDATE head SET root = randomblob(32)")),
    "the size at the end": ("head", NOWHERE, sql("UPDATE head SET size = size + 1")),
    "the moment at the end": ("head", NOWHERE, sql("UPDATE head SET at = '2030-01-01T00:00:00.000000Z'")),
    "the edge of the tree": ("head", NOWHERE, sql("UPDATE head SET frontier = zeroblob(length(frontier))")),
    "the row of the end": ("head", NOWHERE, sql("DELETE FROM head")),
    # words and files
    "a word": ("word", HERE, sql("""UPDATE word SET value = '"2026/S 2"' WHERE seq = :seq""")),
    "a salt": ("word", HERE, sql("UPDATE word SET salt = randomblob(32) WHERE seq = :seq")),
    "a word put in": ("word", HERE, sql("""INSERT INTO word VALUES (:seq, 'reason', '"x"', randomblob(32))""")),
    "the bytes of a file": ("file", ANYWHERE, sql("UPDATE file SET content = zeroblob(length(content))")),
    "a file that became text": ("file", ANYWHERE, sql("UPDATE file SET content = 'MANDATE' || char(10)")),
    "a file taken out": ("file", ANYWHERE, sql("DELETE FROM file")),
    # definitions
    "a definition": (
        "definition",
        "loaded",
        sql("UPDATE definition SET canonical = CAST(replace(canonical, '\"co_design\"', '\"informing\"') AS BLOB)"),
    ),
    "which definition is current": ("state", NOWHERE, sql("UPDATE definition SET loaded = loaded + 1000")),
    # what is worked out from the ledger; whether a problem of it has a place is the engine's to say
    "a snapshot": (
        "state",
        NOWHERE,
        sql("UPDATE project SET snapshot = CAST(replace(snapshot, 'A pause', 'No pause') AS BLOB)"),
    ),
    "a snapshot that is none": ("state", NOWHERE, sql("UPDATE project SET snapshot = CAST('x' AS BLOB)")),
    "the stage in the list": ("state", NOWHERE, sql("UPDATE project SET stage = 'done'")),
    "the title in the list": ("state", NOWHERE, sql("UPDATE project SET title = 'Another'")),
    "a project taken out": ("state", NOWHERE, sql("DELETE FROM project")),
    "a project put in": (
        "state",
        NOWHERE,
        sql(
            "INSERT INTO project SELECT 'CC-0', version, workflow, definition, stage, stage_final, on_hold, cycle,"
            " title, entered_at, due_on, snapshot FROM project"
        ),
    ),
    "a role nobody granted": (
        "state",
        NOWHERE,
        sql("INSERT INTO role_grant SELECT id, 'admin', '' FROM person WHERE email = 'idle@example.org'"),
    ),
    "a role taken away": ("state", NOWHERE, sql("DELETE FROM role_grant WHERE role = 'auditor'")),
    "whose address it is": (
        "state",
        NOWHERE,
        sql(
            "UPDATE person SET email = 'x@example.org', email_folded = 'x@example.org' WHERE email = 'sro@example.org'"
        ),
    ),
    "the name of a person": ("state", NOWHERE, sql("UPDATE person SET name = 'X' WHERE email = 'sro@example.org'")),
    "a person who became inactive": ("state", NOWHERE, sql("UPDATE person SET active = 0")),
    "the public key": ("state", NOWHERE, sql("UPDATE setting SET value = 'x' WHERE name = 'public_key'")),
    "the origin": ("state", NOWHERE, sql("UPDATE setting SET value = 'x' WHERE name = 'origin'")),
    "a count of projects": ("state", NOWHERE, sql("UPDATE stage_count SET n = n + 1")),
    "the place of a record": ("state", NOWHERE, sql("DELETE FROM evidence WHERE id = :evidence")),
    "a key forgotten": ("state", NOWHERE, sql("DELETE FROM idempotency WHERE first_seq = :seq")),
    "a key that answers with another entry": (
        "state",
        NOWHERE,
        sql("UPDATE idempotency SET first_seq = :last, last_seq = :last WHERE first_seq = :seq"),
    ),
    "a word taken out": ("word", HERE, sql("DELETE FROM word WHERE seq = :seq")),
    "a file put in": (
        "file",
        NOWHERE,
        sql("INSERT INTO file VALUES (lower(hex(randomblob(32))), 1, CAST('x' AS BLOB))"),
    ),
    "a node of the tree put in": ("node", NOWHERE, sql("INSERT INTO node VALUES (1, 0, randomblob(32))")),
    # the guards
    "an index": ("guard", NOWHERE, sql("DROP INDEX ix_project_stage_id")),
}


@pytest.mark.parametrize("what", HANDS)
def test_a_hand_in_the_database_is_found(town: Town, what: str) -> None:
    """Whatever is changed, put in or taken out behind the engine's back is told when verifying, with kind and place."""
    kind, where, hand = HANDS[what]
    scene = story(town)
    with unguarded(town) as database:
        hand(database, scene)
    found = open_and_verify(town)
    assert found["ok"] is False
    kinds = {p["kind"] for p in found["problems"]}
    assert kind in kinds or kind == "state", found["problems"]
    places = {p["seq"] for p in found["problems"] if p["kind"] == kind}
    if where == HERE:
        assert scene.seq in places, found["problems"]
    elif where == "next":
        assert scene.seq + 1 in places, found["problems"]
    elif where == ANYWHERE:
        assert all(isinstance(place, int) for place in places), found["problems"]
    elif where == NOWHERE and kind != "state":
        assert None in places, found["problems"]
    assert all(p["message"].endswith(".") for p in found["problems"])
