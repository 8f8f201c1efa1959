"""Looks at the database itself, for doctor and for verification: is it what cocycle made, and is it sound?"""

from __future__ import annotations

import itertools
import operator
import shutil
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from engine.ledger.leaf import NotALeaf, read_leaf
from engine.ledger.verify import Problem
from engine.store import statements
from engine.store.database import Database, Transaction
from engine.store.driver import as_bytes, dbapi
from engine.store.schema import SCHEMA

_SYNCHRONOUS = {0: "off", 1: "normal", 2: "full", 3: "extra"}


class Facts(NamedTuple):
    """What doctor tells about a database; sizes in bytes."""

    sqlite_version: str
    journal_mode: str
    synchronous: str
    revision: str
    page_size: int
    page_count: int
    disk_free: int


def facts(database: Database) -> Facts:
    """Returns what there is to know without judging it."""
    with database.read() as tx:
        return Facts(
            sqlite_version=dbapi.sqlite_version,
            journal_mode=_one(tx, "PRAGMA journal_mode"),
            synchronous=_SYNCHRONOUS[int(_one(tx, "PRAGMA synchronous"))],
            revision=_one(tx, "SELECT version_num FROM alembic_version"),
            page_size=int(_one(tx, "PRAGMA page_size")),
            page_count=int(_one(tx, "PRAGMA page_count")),
            disk_free=shutil.disk_usage(database.path.parent).free,
        )


def damage(tx: Transaction) -> Iterator[Problem]:
    """Yields what SQLite itself finds wrong with its pages, its rows and their constraints."""
    for (message,) in tx.execute("PRAGMA quick_check"):
        if message != "ok":
            yield Problem(None, "database", f"The database is damaged: {message}.")
    for table, _, parent, _ in tx.execute("PRAGMA foreign_key_check"):
        yield Problem(None, "database", f"A row of {table} refers to a row of {parent} that is not there.")


def guard_problems(tx: Transaction) -> Iterator[Problem]:
    """Yields a problem for every table, index or trigger that is not as the migrations made it, is gone, or is new."""
    rows = tx.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    found = {name: " ".join(str(sql).split()) for name, sql in rows}
    for name in sorted(SCHEMA.keys() | found.keys()):
        if name not in found:
            yield Problem(None, "guard", f"The guard {name} was dropped from the database.")
        elif name not in SCHEMA:
            yield Problem(None, "guard", f"The database holds {name}, which cocycle did not put there.")
        elif found[name] != SCHEMA[name]:
            yield Problem(None, "guard", f"The guard {name} of the database was altered.")


def key_problems(tx: Transaction) -> Iterator[Problem]:
    """Yields a problem for every idempotency key that does not lead to the entries whose leaves carry it."""
    carried = 0
    for key, group in itertools.groupby(_keyed(tx), operator.itemgetter(1)):
        if key is None:
            continue
        carried += 1
        seqs = [seq for seq, _ in group]
        row = tx.execute(statements.KEY, {"which": key}).fetchone()
        if row is None or row[1:] != (seqs[0], seqs[-1]):
            yield Problem(seqs[0], "key", f"The key of entry {seqs[0]} is not remembered as it was used.")
    remembered = tx.execute(statements.COUNT_KEYS).fetchone()[0]
    if remembered > carried:
        yield Problem(None, "key", f"{remembered} keys are remembered, and the ledger knows of {carried}.")


def count_problems(tx: Transaction) -> Iterator[Problem]:
    """Yields a problem for every stage whose count of projects is not how many stand there."""
    counted = {(workflow, stage): n for workflow, stage, n in tx.execute(statements.STAGE_COUNTS)}
    standing = {(workflow, stage): n for workflow, stage, n in tx.execute(statements.STANDING)}
    for workflow, stage in sorted(counted.keys() | standing.keys()):
        said, found = counted.get((workflow, stage), 0), standing.get((workflow, stage), 0)
        if said != found:
            yield Problem(
                None, "count", f"{said} projects are counted in {stage} of {workflow}, and {found} stand there."
            )


def evidence_problems(tx: Transaction) -> Iterator[Problem]:
    """Yields a problem for every record that is looked for somewhere else than in the entry that added it."""
    places = {evidence: (project, seq) for evidence, project, seq in tx.execute(statements.ALL_EVIDENCE)}
    for seq, leaf, *_ in tx.execute(statements.RAW_ENTRIES):
        with suppress(NotALeaf):
            read = read_leaf(as_bytes(leaf))
            if read.name == "evidence_added":
                evidence = read.body.get("evidence")
                if places.pop(evidence, None) != (read.project, seq):
                    yield Problem(seq, "state", f"The evidence {evidence} is not found in its project {read.project}.")
    for evidence in sorted(map(str, places)):
        yield Problem(None, "state", f"The evidence {evidence} is looked for, and the ledger does not tell of it.")


def _keyed(tx: Transaction) -> Iterator[tuple[int, str | None]]:
    """Yields (index, key) of every entry that can be read."""
    for seq, leaf, *_ in tx.execute(statements.RAW_ENTRIES):
        with suppress(NotALeaf):
            yield seq, read_leaf(as_bytes(leaf)).key


def _one(tx: Transaction, sql: str) -> str:
    return str(tx.execute(sql).fetchone()[0])
