"""When each worker was last seen alive, and what it said of itself then."""

from __future__ import annotations

from typing import NamedTuple

from engine.store import statements_beats
from engine.store.database import Transaction


class Beat(NamedTuple):
    """A worker by its name, when it was last seen (RFC 3339 in UTC), and what it said, as JSON."""

    name: str
    at: str
    said: str


def put_beat(tx: Transaction, beat: Beat) -> None:
    """Notes that a worker is alive."""
    tx.execute(statements_beats.PUT_BEAT, beat._asdict())


def beats(tx: Transaction) -> list[Beat]:
    """Returns every worker that is remembered, the one seen last first."""
    return [Beat(*row) for row in tx.execute(statements_beats.BEATS)]


def newest_beat(tx: Transaction) -> str:
    """Returns when a worker was last seen; empty where none ever was."""
    (at,) = tx.execute(statements_beats.NEWEST_BEAT).fetchone()
    return at or ""


def prune_beats(tx: Transaction, before: str) -> None:
    """Forgets workers that were last seen before a moment, but for the one seen last of all."""
    tx.execute(statements_beats.PRUNE_BEATS, {"before": before})
