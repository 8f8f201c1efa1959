"""Compares two heaps of rows that come in different orders, without keeping or sorting either of them."""

from __future__ import annotations

import secrets
from hashlib import blake2b


class Tally:
    """Two heaps of rows, `recorded` and `stored`; `agrees` where they hold the same rows, each as often.

    Of every row a hash of 128 bits is added up, under a secret drawn for this one comparison, so that nobody can have
    prepared rows whose hashes cancel out. A row is one text in which its parts cannot run into each other.
    """

    __slots__ = ("_difference", "_keyed")

    def __init__(self) -> None:
        self._keyed = blake2b(digest_size=16, key=secrets.token_bytes(32))
        self._difference = 0

    def recorded(self, row: str) -> None:
        """Adds a row that the ledger says there should be."""
        self._difference += self._hash(row)

    def stored(self, row: str) -> None:
        """Adds a row that there is."""
        self._difference -= self._hash(row)

    @property
    def agrees(self) -> bool:
        """True where both heaps hold the same."""
        return not self._difference

    def _hash(self, row: str) -> int:
        keyed = self._keyed.copy()
        keyed.update(row.encode("utf-8", "surrogatepass"))
        return int.from_bytes(keyed.digest(), "big")
