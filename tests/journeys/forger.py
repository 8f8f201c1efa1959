"""The owner of a database who knows cocycle well: rewrites the ledger, and everything beside it, so that it agrees.

Everything but the signing key is in their hands: leaves, hashes, roots, nodes, the head, words, keys, projects.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

from engine.core.project import replay
from engine.core.snapshot import to_json
from engine.ledger.canonical import encode
from engine.ledger.merkle import Frontier, leaf_hash
from engine.room import project_row
from engine.store import journal
from engine.store.driver import dbapi as sqlite

from .town import Json, Town
from .wreck import unguarded

WordRow = tuple[str, str, bytes]


@dataclass(slots=True)
class Forged:
    """An entry as the forger has it: what its leaf says, the words kept beside it, and the index it had before."""

    leaf: Json
    words: list[WordRow] = field(default_factory=list)
    was: int | None = None


@contextmanager
def forging(town: Town) -> Iterator[list[Forged]]:
    """Gives every entry, to be altered, cut, put in, or moved; afterwards the whole register is made to agree."""
    with unguarded(town) as database:
        words: dict[int, list[WordRow]] = {}
        for seq, name, value, salt in database.execute("SELECT * FROM word"):
            words.setdefault(seq, []).append((name, value, salt))
        entries = [
            Forged(json.loads(leaf), words.get(seq, []), seq)
            for seq, leaf in database.execute("SELECT seq, leaf FROM entry ORDER BY seq")
        ]
        yield entries
        _write(database, entries)
    _fold_again(town)


def _write(database: sqlite.Connection, entries: list[Forged]) -> None:
    for table in ("word", "node", "evidence", "entry"):
        database.execute(f"DELETE FROM {table}")
    frontier, at = Frontier(), ""
    acts: dict[str, list[int]] = {}
    for seq, entry in enumerate(entries):
        leaf, said = encode(entry.leaf), entry.leaf
        hashed = leaf_hash(leaf)
        for level, node in enumerate(frontier.append(hashed), 1):
            database.execute("INSERT INTO node VALUES (?, ?, ?)", (level, frontier.size // 256**level - 1, node))
        filed = (said.get("project"), said["version"], said["event"], said["at"], said["by"])
        database.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (seq, leaf, hashed, frontier.root(), *filed)
        )
        database.executemany("INSERT INTO word VALUES (?, ?, ?, ?)", [(seq, *word) for word in entry.words])
        if said["event"] == "evidence_added":
            database.execute("INSERT INTO evidence VALUES (?, ?, ?)", (said["body"]["evidence"], said["project"], seq))
        if "key" in said:
            acts.setdefault(said["key"], []).append(seq)
        at = said["at"]
    known = json.dumps([*acts])
    database.execute("DELETE FROM idempotency WHERE key_hash NOT IN (SELECT value FROM json_each(?))", (known,))
    for key, seqs in acts.items():
        span = {"key": key, "first": seqs[0], "last": seqs[-1]}
        database.execute(
            "INSERT INTO idempotency VALUES (:key, '', :first, :last)"
            " ON CONFLICT DO UPDATE SET first_seq = :first, last_seq = :last",
            span,
        )
    values = (frontier.size, frontier.root(), frontier.to_bytes(), at)
    database.execute("UPDATE head SET size = ?, root = ?, frontier = ?, at = ?", values)


def _fold_again(town: Town) -> None:
    """Puts the stored states of the projects in agreement with the forged entries, by cocycle's own code."""
    room = town.engine.room
    with town.engine.database.read() as tx:
        projects = [p for (p,) in tx.execute("SELECT DISTINCT project FROM entry WHERE project IS NOT NULL").fetchall()]
        rows = []
        for project in projects:
            found = replay(journal.entries(tx, project=project))
            assert found is not None
            snapshot = orjson.dumps(to_json(found), option=orjson.OPT_SORT_KEYS)
            rows.append(project_row(found, room.workflow(tx, found.definition), snapshot)._asdict())
    with town.sql() as database:
        database.execute("DELETE FROM project")
        database.execute("DELETE FROM stage_count")
        for row in rows:
            names = ", ".join(f":{name}" for name in row)
            database.execute(f"INSERT INTO project ({', '.join(row)}) VALUES ({names})", row)
            database.execute(
                "INSERT INTO stage_count VALUES (:workflow, :stage, 1) ON CONFLICT DO UPDATE SET n = n + 1",
                row,
            )


def find(entries: list[Forged], event: str, where: Callable[[Mapping[str, Any]], bool] = lambda body: True) -> int:
    """Returns the place of the last entry of an event, with a body as asked."""
    return max(n for n, e in enumerate(entries) if e.leaf["event"] == event and where(e.leaf["body"]))
