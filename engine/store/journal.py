"""The journal: the stored ledger, and the one place where an event becomes history.

What `append` does is small, and everything rests on where it happens. It runs inside a transaction that has held the
register's only write lock since it began, so what the caller read and decided on is still so. Into this one
transaction go

1. the words that people typed, each with a salt of its own, and the leaf that holds only commitments to them;
2. the leaf's hash, and the root of the tree with this leaf at its end;
3. the head: the new size, root and right edge, written only if the size is still the one that was read;
4. the idempotency key, with the entries that answer it;

and, by the caller's hand, the project's snapshot and the other projections. Then the caller's `with` block ends and
SQLite writes and syncs its log: that is the commit point. Before it nothing has happened, whatever fails, and a crash
leaves nothing; after it everything has, and is on the disk. There is no moment at which an event is recorded and its
state is not, or a key is used up and its answer missing.

Three guards stand behind this, each of which should never be needed: the compare-and-set on the head's size, the
unique (project, version) of entries, and a trigger by which entries are only ever added, and only at the end. Two
writers who somehow both held the lock would meet all three.

Reading gives the events back with their words. A word whose row is gone was erased, and stands as `ERASED`: the leaf,
its hash and every root stay as they were, because they never held the word.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from engine.core.errors import Conflict, InputRefused, IntegrityFailure, NotFound, RulesRefused
from engine.core.events import ERASED, SCHEMA, Entry, Event
from engine.ledger.canonical import NotCanonical, encode
from engine.ledger.leaf import SALT_BYTES, LeafTooLarge, NotALeaf, commit_bytes, leaf_bytes, read_leaf
from engine.ledger.merkle import Frontier, leaf_hash
from engine.store import statements
from engine.store.database import Transaction
from engine.store.driver import as_bytes

_LAST = 2**63 - 1
_HEAD = (int, bytes, bytes, str, int)


class Head(NamedTuple):
    """Where the ledger ends: size, root (bytes), the last entry's `at` (empty for none), and the people's version."""

    size: int
    root: bytes
    at: str
    people_version: int


class Remembered(NamedTuple):
    """What an idempotency key was used for: a fingerprint of the command, and its entries, both ends included."""

    fingerprint: str
    first_seq: int
    last_seq: int


def head(tx: Transaction) -> Head:
    """Returns where the ledger ends."""
    size, root, _, at, people_version = _head(tx)
    return Head(size, root, at, people_version)


def append(
    tx: Transaction,
    events: Sequence[tuple[Event, int]],
    *,
    at: str,
    by: str,
    key_hash: str | None,
    fingerprint: str | None,
) -> list[Entry]:
    """Seals events at the end of the ledger; they are history once the transaction of `tx` has committed.

    Args:
        tx: from `Database.write`.
        events: at least one, each with its project's version after it (0 for an event of the register).
        at: now, RFC 3339 in UTC with microseconds and `Z`.
        by: the id of the person who did it, or `system`.
        key_hash: SHA-256 of the idempotency key in hexadecimal; with it goes `fingerprint`, of the command.

    Raises:
        InputRefused: an event is too large for a leaf, or holds what cannot be recorded.
        RulesRefused: `clock_behind`, where `at` is before the last entry.
        Conflict: the key was used before, or someone else moved the ledger or the project.
    """
    size, root, edge, last_at, _ = _head(tx)
    if at < last_at:
        raise RulesRefused(f"The clock says {at}, and the last entry is from {last_at}.", code="clock_behind")
    frontier = Frontier.from_bytes(edge)
    entries: list[Entry] = []
    rows: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    nodes: list[dict[str, Any]] = []
    for seq, (event, version) in enumerate(events, size):
        try:
            commitments = {}
            for name, value in event.words.items():
                canonical, salt = encode(value), secrets.token_bytes(SALT_BYTES)
                commitments[name] = commit_bytes(canonical, salt)
                words.append({"seq": seq, "name": name, "value": canonical.decode(), "salt": salt})
            leaf = leaf_bytes(
                name=event.name,
                schema=SCHEMA[event.name][0],
                at=at,
                by=by,
                project=event.project,
                version=version,
                key=key_hash,
                body=event.body,
                commitments=commitments,
            )
        except LeafTooLarge as error:
            raise InputRefused(f"This is too much for one act: {error}.", code="too_large") from error
        except NotCanonical as error:
            raise InputRefused(f"This cannot be recorded: {error}.", code="not_recordable") from error
        hashed = leaf_hash(leaf)
        for level, node in enumerate(frontier.append(hashed), 1):
            nodes.append({"level": level, "place": frontier.size // 256**level - 1, "hash": node})
        root = frontier.root()
        rows.append(
            {
                "seq": seq,
                "leaf": leaf,
                "leaf_hash": hashed,
                "root": root,
                "project": event.project,
                "version": version,
                "name": event.name,
                "at": at,
                "actor": by,
            }
        )
        entries.append(Entry(seq=seq, at=at, by=by, version=version, leaf=hashed.hex(), event=event))
    tx.executemany(statements.ADD_ENTRY, rows)
    if words:
        tx.executemany(statements.ADD_WORD, words)
    if nodes:
        tx.executemany(statements.ADD_NODE, nodes)
    moved = {"size": frontier.size, "root": root, "frontier": frontier.to_bytes(), "at": at}
    if tx.execute(statements.MOVE_HEAD, {**moved, "which": 1, "expected": size}).rowcount != 1:
        raise Conflict("Someone else wrote to the ledger first. Try again.", code="moved")
    if key_hash is not None:
        use = {"key_hash": key_hash, "fingerprint": fingerprint, "first_seq": size, "last_seq": frontier.size - 1}
        if tx.execute(statements.ADD_KEY, use).rowcount != 1:
            raise Conflict("This key was used before.", code="key_reused")
    return entries


def remembered(tx: Transaction, key_hash: str) -> Remembered | None:
    """Returns what an idempotency key was used for; None where it never was."""
    row = tx.execute(statements.KEY, {"which": key_hash}).fetchone()
    return None if row is None else Remembered(*row)


def entries(
    tx: Transaction,
    *,
    project: str | None = None,
    register_only: bool = False,
    first: int = 0,
    last: int | None = None,
    until: str | None = None,
) -> Iterator[Entry]:
    """Yields sealed entries in order, their words put back; keeps one in memory at a time.

    Args:
        tx: open for as long as this is read.
        project: of this project only; register_only: of no project only.
        first, last: the range of indices, both included.
        until: none recorded after this moment, in the form of `at`.

    Raises:
        IntegrityFailure: an entry cannot be read.
    """
    span: dict[str, Any] = {"first": first, "last": _LAST if last is None else last}
    if project is not None:
        rows = tx.execute(statements.ENTRIES_OF_PROJECT, {**span, "project": project})
    else:
        rows = tx.execute(statements.ENTRIES_OF_REGISTER if register_only else statements.ENTRIES, span)
    for seq, leaf_of_row in rows:
        entry = hydrated(tx, seq, as_bytes(leaf_of_row))
        if until is not None and entry.at > until:
            return
        yield entry


def leaf(tx: Transaction, seq: int) -> bytes:
    """Returns the exact bytes of an entry.

    Raises:
        NotFound: there is no such entry.
    """
    row = tx.execute(statements.LEAF, {"which": seq}).fetchone() if -1 < seq <= _LAST else None
    if row is None:
        raise NotFound(f"The ledger has no entry {seq}.")
    return as_bytes(row[0])


def raw_entries(tx: Transaction) -> Iterator[tuple[int, bytes, bytes, bytes]]:
    """Yields (index, leaf, stored leaf hash, stored root) of everything, for `ledger.verify.verify_entries`."""
    for seq, *parts in tx.execute(statements.RAW_ENTRIES):
        leaf_of_row, hash_of_row, root_of_row = map(as_bytes, parts)
        yield seq, leaf_of_row, hash_of_row, root_of_row


def _head(tx: Transaction) -> tuple[int, bytes, bytes, str, int]:
    row: tuple[int, bytes, bytes, str, int] | None = tx.execute(statements.HEAD).fetchone()
    if row is None:
        raise IntegrityFailure("The register has lost the row that says where its ledger ends.")
    if tuple(map(type, row)) != _HEAD:
        raise IntegrityFailure("The row that says where the ledger ends is not as cocycle writes it.")
    return row


def hydrated(tx: Transaction, seq: int, data: bytes) -> Entry:
    """Returns the entry at an index from its leaf, its words put back; raises as `entries`."""
    try:
        read = read_leaf(data)
    except NotALeaf as error:
        raise IntegrityFailure(f"Entry {seq} of the ledger cannot be read: {error}.") from error
    words: dict[str, Any] = {}
    if read.commitments:
        kept = dict(tx.execute(statements.WORDS_OF, {"which": seq}))
        try:
            words = {name: orjson.loads(kept[name]) if name in kept else ERASED for name in read.commitments}
        except orjson.JSONDecodeError as error:
            raise IntegrityFailure(f"The words of entry {seq} of the ledger cannot be read.") from error
    event = Event(name=read.name, project=read.project, body=read.body, words=words)
    return Entry(seq=seq, at=read.at, by=read.by, version=read.version, leaf=leaf_hash(data).hex(), event=event)
