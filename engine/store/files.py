"""The files of evidence, kept once under the SHA-256 of their bytes, and where each record belongs."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from engine.store import statements
from engine.store.database import Transaction
from engine.store.driver import as_bytes


def put_file(tx: Transaction, digest: str, content: bytes) -> None:
    """Keeps a file; bytes that are kept already are not kept twice.

    Args:
        tx: from `Database.write`.
        digest: the SHA-256 of `content` in hexadecimal, as the caller computed it for the event.
        content: the bytes.
    """
    tx.execute(statements.PUT_FILE, {"sha256": digest, "size": len(content), "content": content})


def file_content(tx: Transaction, digest: str) -> bytes | None:
    """Returns the bytes of a file as they stand; None where there is none of this name."""
    row: tuple[bytes] | None = tx.execute(statements.FILE, {"which": digest}).fetchone()
    return None if row is None else as_bytes(row[0])


def file_hashes(tx: Transaction) -> Iterator[tuple[str, str]]:
    """Yields for each file its name and the SHA-256 its bytes have now, in hexadecimal; they should be equal."""
    for name, content in tx.execute(statements.FILES):
        yield name, sha256(as_bytes(content)).hexdigest()


def note_evidence(tx: Transaction, evidence: str, project: str, seq: int) -> None:
    """Remembers which project a record belongs to, and the entry that added it."""
    tx.execute(statements.ADD_EVIDENCE, {"id": evidence, "project": project, "seq": seq})


def project_of_evidence(tx: Transaction, evidence: str) -> str | None:
    """Returns the project a record belongs to; None where no record has this id."""
    row: tuple[str] | None = tx.execute(statements.EVIDENCE, {"which": evidence}).fetchone()
    return None if row is None else row[0]
