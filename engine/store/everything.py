"""Reads all that is stored, for verification: in one go, one row in memory at a time, and believing none of it."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from engine.store import statements
from engine.store.database import Transaction
from engine.store.driver import as_bytes

Word = tuple[str, bytes, bytes]  # its name, its canonical JSON, its salt
_BY_ENTRY = operator.itemgetter(0)
_NO_MORE: tuple[Any, list[Word]] = (None, [])


class StoredEntry(NamedTuple):
    """A row of the ledger with the words that are kept beside it.

    Attributes:
        leaf: None where there is no such entry, and words are kept of it all the same.
        root: of the tree that ends with it.
        filed: the project, version, name, time and person it is found by.
        words: those that are still there, by name.
    """

    seq: int
    leaf: bytes | None
    leaf_hash: bytes
    root: bytes
    filed: tuple[Any, ...]
    words: list[Word]


def stored_entries(tx: Transaction) -> Iterator[StoredEntry]:
    """Yields every entry in the order of the index, each with its words."""
    words = _words_by_entry(tx)
    seq_of_words, kept = next(words, _NO_MORE)
    for seq, leaf, leaf_hash, root, *filed in tx.execute(statements.ALL_ENTRIES):
        found: list[Word] = []
        while seq_of_words is not None and (type(seq_of_words) is not int or seq_of_words <= seq):
            if seq_of_words == seq:
                found = kept
            else:
                yield StoredEntry(seq_of_words, None, b"", b"", (), kept)
            seq_of_words, kept = next(words, _NO_MORE)
        if type(leaf) is not bytes or type(leaf_hash) is not bytes or type(root) is not bytes:
            leaf, leaf_hash, root = as_bytes(leaf), as_bytes(leaf_hash), as_bytes(root)
        yield StoredEntry(seq, leaf, leaf_hash, root, tuple(filed), found)
    while seq_of_words is not None:
        yield StoredEntry(seq_of_words, None, b"", b"", (), kept)
        seq_of_words, kept = next(words, _NO_MORE)


def _words_by_entry(tx: Transaction) -> Iterator[tuple[Any, list[Word]]]:
    for seq, rows in itertools.groupby(tx.execute(statements.WORDS), _BY_ENTRY):
        yield seq, [(str(name), as_bytes(value), as_bytes(salt)) for _, name, value, salt in rows]


def entries_by_project(tx: Transaction) -> Iterator[tuple[str, list[tuple[int, bytes]]]]:
    """Yields each project that entries are filed under, in the order of ids, with (index, leaf) of its entries."""
    for project, rows in itertools.groupby(tx.execute(statements.ENTRIES_BY_PROJECT), _BY_ENTRY):
        yield project, [(seq, as_bytes(leaf)) for _, seq, leaf in rows]


def words_of(tx: Transaction, seq: int) -> Mapping[str, str]:
    """Returns the words of an entry that are still there, as canonical JSON by name."""
    return dict(tx.execute(statements.WORDS_OF, {"which": seq}))


def words_of_all(tx: Transaction, seqs: list[int]) -> Mapping[int, Mapping[str, str]]:
    """Returns the words of several entries that are still there, by index, as canonical JSON by name."""
    found: dict[int, dict[str, str]] = {}
    for seq, name, value in tx.execute(statements.WORDS_OF_ALL, {"seqs": orjson.dumps(seqs).decode()}):
        found.setdefault(seq, {})[name] = value
    return found


def keys(tx: Transaction) -> Iterator[tuple[str, int, int]]:
    """Yields every idempotency key with the indices of its first and last entry, in no order."""
    yield from tx.execute(statements.ALL_KEYS)


def places_of_evidence(tx: Transaction) -> Iterator[tuple[str, str, int]]:
    """Yields every record with the project and the entry it is looked for in."""
    yield from tx.execute(statements.ALL_EVIDENCE)


def nodes(tx: Transaction) -> Iterator[tuple[int, int, bytes]]:
    """Yields every stored root of a complete tree of 256^level leaves: level, place, hash."""
    for level, place, hash_ in tx.execute(statements.ALL_NODES):
        yield level, place, as_bytes(hash_)


def head(tx: Transaction) -> tuple[Any, ...] | None:
    """Returns size, root, edge and time that the next entry is sealed with; None where the row is gone."""
    row: tuple[Any, ...] | None = tx.execute(statements.HEAD).fetchone()
    return None if row is None else row[:4]
