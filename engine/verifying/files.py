"""Whether every file of every record is stored as it was handed in, and no other is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from engine.core.evidence import File, Record
from engine.ledger.verify import Problem
from engine.sealing import NotOpened, Sealed, open_sealed
from engine.store import files, sealed
from engine.store.database import Transaction
from engine.verifying.erasures import Erasures


class Files:
    """The files that are stored, and the records that name them; kept are digests, never contents."""

    def __init__(self, erasures: Erasures) -> None:
        self._erasures = erasures
        self._plain: dict[str, str] = {}  # the name of each file, and the digest its bytes have now
        self._sealed: dict[str, str] = {}  # the same of the sealed ones
        self._keys: dict[str, str | None] = {}  # of each sealed file with a key the digest of what it holds
        self._named: dict[str, int] = {}  # the files that records name, and the first entry to name each
        self._named_sealed: dict[str, int] = {}

    def read(self, tx: Transaction) -> None:
        """Hashes all files; sealed ones that have their key are opened."""
        self._plain = dict(files.file_hashes(tx))
        self._sealed = dict(sealed.sealed_hashes(tx))
        for digest in sealed.keys_kept(tx):
            self._keys[digest] = _opened(tx, digest)

    def take(self, record: Record, seq: int) -> Iterator[Problem]:
        """Yields what is wrong with the files of a record, which an entry added."""
        for file in record.files:
            yield from self._sealed_file(record, file, seq) if file.sealed else self._plain_file(record, file, seq)

    def _plain_file(self, record: Record, file: File, seq: int) -> Iterator[Problem]:
        digest = str(file.sha256)
        if record.erased_by is not None and digest in self._erasures.plain:
            return
        self._named.setdefault(digest, seq)
        if digest not in self._plain:
            yield Problem(seq, "file", f"A file of {record.id} is not stored: {digest}.")

    def _sealed_file(self, record: Record, file: File, seq: int) -> Iterator[Problem]:
        digest = str(file.sealed)
        self._named_sealed.setdefault(digest, seq)
        if digest in self._erasures.sealed:
            return
        if digest not in self._sealed:
            yield Problem(seq, "file", f"A sealed file of {record.id} is not stored: {digest}.")
        elif digest not in self._keys:
            message = f"The key of a sealed file of {record.id} is missing, and no erasure says so: {digest}."
            yield Problem(seq, "file", message)
        elif self._sealed[digest] == digest and self._keys[digest] != file.sha256 is not None:
            yield Problem(seq, "file", f"The sealed file {digest} of {record.id} does not open to what was handed in.")

    def end(self) -> Iterator[Problem]:
        """Yields the files whose bytes are others, those of no record, and those that are there though erased."""
        erasures = self._erasures
        for name, digest in self._plain.items():
            yield from _looked_at("stored file", name, digest, self._named.get(name), erasures.plain.get(name))
        for name, digest in self._sealed.items():
            by = erasures.sealed.get(name)
            named = self._named_sealed.get(name) if by is None else None
            yield from _looked_at("sealed file", name, digest, named, by)
        for name in self._keys:
            if name in erasures.sealed:
                yield _still_there(erasures.sealed[name], f"key of the sealed file {name}")


def _looked_at(kind: str, name: str, digest: str, named_by: int | None, erased_by: int | None) -> Iterator[Problem]:
    """A file may be erased and be handed in again by somebody else: then it is there rightly."""
    if named_by is None and erased_by is not None:
        yield _still_there(erased_by, f"{kind} {name}")
    elif named_by is None:
        yield Problem(None, "file", f"The {kind} {name} is there, and no record names it.")
    if name != digest:
        yield Problem(named_by, "file", f"The {kind} {name} holds other bytes than were handed in.")


def _still_there(by: int, what: str) -> Problem:
    return Problem(by, "erasure", f"Entry {by} says that the {what} was erased, and it is still there.")


def _opened(tx: Transaction, digest: str) -> str | None:
    content, key = sealed.sealed_content(tx, digest), sealed.key_of(tx, digest)
    if content is None or key is None:
        return None
    try:
        return hashlib.sha256(open_sealed(Sealed(digest, content, key))).hexdigest()
    except NotOpened:
        return None
