"""Carries out what an entry says was erased, in the very transaction in which the entry is sealed.

So there is no moment at which the ledger says that something was erased and it is still there, nor the other way round.
"""

from __future__ import annotations

from engine.core.events import Entry
from engine.store.database import Transaction
from engine.store.forget import forget_files, forget_person, forget_words


def forget(tx: Transaction, entry: Entry) -> None:
    """Deletes the words, files and keys that an erasure names; leaves everything alone for any other entry."""
    body = entry.event.body
    match entry.event.name:
        case "evidence_erased":
            forget_words(tx, body["words"])
            plain = [file["sha256"] for file in body["files"] if "sha256" in file]
            forget_files(tx, plain, [file["sealed"] for file in body["files"] if "sealed" in file])
        case "words_erased" | "register_words_erased":
            forget_words(tx, body["words"])
        case "person_erased":
            forget_words(tx, body["words"])
            forget_person(tx, body["person"])
