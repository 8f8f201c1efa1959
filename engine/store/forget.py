"""Takes what is to be erased out of the register's rows, and notes in the same transaction that old copies are left.

Deleting a row leaves its bytes behind: in free room of pages, in the log, in earlier states of a page. `scrub` takes
those away once the transaction has committed. The note `scrub_due` is what makes sure of it: it is written together
with the erasure, and taken away only when the scrub was complete, so that a crash in between is made good later.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from engine.store import statements
from engine.store.database import Transaction
from engine.store.people import blank_person
from engine.store.scrub import DUE
from engine.store.settings import put_setting


def forget_words(tx: Transaction, words: Iterable[tuple[int, Sequence[str]]]) -> int:
    """Deletes words with their salts; returns how many were still there.

    Args:
        tx: from `Database.write`.
        words: the index of an entry and the names of those of its words that go.
    """
    _begin(tx)
    rows = [{"seq": seq, "name": name} for seq, names in words for name in names]
    return sum(tx.execute(statements.FORGET_WORD, row).rowcount for row in rows)


def forget_files(tx: Transaction, plain: Iterable[str], sealed: Iterable[str]) -> int:
    """Deletes files by their SHA-256, and sealed files by theirs, each with its key; returns how many were there.

    A plain file may be the file of several records: whether another still needs it, the caller knows.
    """
    _begin(tx)
    gone = 0
    for digest in plain:
        gone += tx.execute(statements.FORGET_FILE, {"which": digest}).rowcount
    for digest in sealed:
        tx.execute(statements.FORGET_FILE_KEY, {"which": digest})  # first, since it refers to the other
        gone += tx.execute(statements.FORGET_SEALED, {"which": digest}).rowcount
    return gone


def forget_person(tx: Transaction, person: str) -> None:
    """Blanks a person: their row stays, inactive and with no e-mail and no name; no letter goes to them any more.

    Their words in the ledger's side table are `forget_words`'s, and their roles are taken by events of their own.
    """
    _begin(tx)
    blank_person(tx, person)
    tx.execute(statements.FORGET_LETTERS_TO, {"person": person})


def _begin(tx: Transaction) -> None:
    # What is deleted is overwritten in its page at once: should the scrub have to wait, no live page holds it.
    tx.execute("PRAGMA secure_delete=ON").fetchone()
    put_setting(tx, DUE, secrets.token_hex(8))
