"""Compares two heaps of rows that come in different orders, without keeping or sorting either of them."""

from __future__ import annotations

import secrets


class Tally:
    """Two heaps of rows, `recorded` and `stored`; `agrees` where they hold the same rows, each as often.

    Of every row a hash is added up: Python's own of text, which is keyed by SipHash, over a secret drawn for this one
    comparison and the row. So nobody can have prepared rows whose hashes cancel out, but by guessing 64 bits once. A
    row is one text in which its parts cannot run into each other.
    """

    __slots__ = ("_difference", "_secret")

    def __init__(self) -> None:
        self._secret = secrets.token_hex(16)
        self._difference = 0

    def recorded(self, row: str) -> None:
        """Adds a row that the ledger says there should be."""
        self._difference += hash(self._secret + row)

    def stored(self, row: str) -> None:
        """Adds a row that there is."""
        self._difference -= hash(self._secret + row)

    @property
    def agrees(self) -> bool:
        """True where both heaps hold the same."""
        return not self._difference
