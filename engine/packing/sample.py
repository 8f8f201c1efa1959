"""Draws the records that an auditor looks at: by a seed, so that anybody can draw the same ones again."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

ALGORITHM: Final = "cocycle sample v1"
MOST: Final = 10_000


def draw(records: Sequence[str], count: int, seed: str) -> list[str]:
    """Returns a sample of records, the first drawn first; all of them where there are no more than `count`.

    Each record's lot is the SHA-256 of three lines: `ALGORITHM`, the seed, the record's id; the smallest lots win. So
    no record is more likely than another, a larger sample begins with the smaller one, and any tool that can hash
    draws the same.
    """

    def lot(record: str) -> str:
        return sha256(f"{ALGORITHM}\n{seed}\n{record}\n".encode()).hexdigest()

    return sorted(records, key=lot)[:count]
