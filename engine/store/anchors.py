"""What outside places have taken, how the last attempt ended, and the receipts that are still to be sent."""

from __future__ import annotations

from typing import NamedTuple

from engine.store import statements
from engine.store.database import Transaction


class AnchorRow(NamedTuple):
    """A place. `size` and `note` are of the newest checkpoint it took, at `at`; 0 and empty where it took none yet.

    `failure` says how the last attempt, at `tried_at`, ended; None where it went well.
    """

    place: str
    size: int
    note: str
    at: str
    tried_at: str
    failure: str | None


class LetterRow(NamedTuple):
    """A receipt that is to be sent: of an entry, to a person by id."""

    seq: int
    person: str
    tries: int
    failure: str | None


def anchors(tx: Transaction) -> dict[str, AnchorRow]:
    """Returns every place that was ever tried, by its name."""
    return {row[0]: AnchorRow(*row) for row in tx.execute(statements.ANCHORS)}


def put_anchor(tx: Transaction, row: AnchorRow) -> None:
    """Stores how it stands with a place; one that took a longer ledger meanwhile keeps that."""
    kept = tx.execute(statements.ANCHOR, {"which": row.place}).fetchone()
    if kept is not None and kept[1] > row.size and row.failure is None and _origin(kept[2]) == _origin(row.note):
        return
    tx.execute(statements.PUT_ANCHOR, row._asdict())


def put_letter(tx: Transaction, seq: int, person: str) -> None:
    """Notes that the receipt of an entry is to be sent to a person."""
    tx.execute(statements.PUT_LETTER, {"seq": seq, "person": person, "tries": 0, "failure": None})


def letters(tx: Transaction, limit: int) -> list[LetterRow]:
    """Returns receipts that are still to be sent, those that were tried least first."""
    return [LetterRow(*row) for row in tx.execute(statements.LETTERS, {"limit": limit})]


def letter_failed(tx: Transaction, letter: LetterRow, why: str) -> None:
    """Counts one more attempt that failed."""
    tx.execute(statements.TRY_LETTER, {"of_seq": letter.seq, "of_person": letter.person, "why": why})


def forget_letter(tx: Transaction, letter: LetterRow) -> None:
    """Takes a letter off the list: it was sent, or there is nobody any more to send it to."""
    tx.execute(statements.FORGET_LETTER, {"seq": letter.seq, "person": letter.person})


def _origin(note: str) -> str:
    return note.partition("\n")[0]
