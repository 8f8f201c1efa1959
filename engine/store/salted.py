"""The words of an entry with their salts, for whoever is handed them with the entry and wants to check them."""

from __future__ import annotations

from typing import NamedTuple

from engine.store import statements
from engine.store.database import Transaction
from engine.store.driver import as_bytes


class SaltedWord(NamedTuple):
    """A word as it is kept: its canonical JSON, and the 32 bytes of its salt."""

    canonical: bytes
    salt: bytes


def salted_words(tx: Transaction, seq: int) -> dict[str, SaltedWord]:
    """Returns the words of an entry that are kept, by their names; those that were erased are absent."""
    rows = tx.execute(statements.SALTED_WORDS_OF, {"which": seq})
    return {name: SaltedWord(as_bytes(value), as_bytes(salt)) for name, value, salt in rows}
