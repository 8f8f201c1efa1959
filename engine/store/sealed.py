"""The sealed files of personal records, named by the SHA-256 of their sealed bytes, and the key that opens each."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from engine.store import statements
from engine.store.database import Transaction
from engine.store.driver import as_bytes


def put_sealed(tx: Transaction, digest: str, content: bytes, key: bytes) -> None:
    """Keeps a sealed file and its key.

    Args:
        tx: from `Database.write`.
        digest: the SHA-256 of `content` in hexadecimal; no two sealed files have the same.
        content: the sealed bytes; key: 32 bytes.
    """
    tx.execute(statements.PUT_SEALED, {"digest": digest, "size": len(content), "content": content})
    tx.execute(statements.PUT_FILE_KEY, {"digest": digest, "secret": key})


def sealed_content(tx: Transaction, digest: str) -> bytes | None:
    """Returns the sealed bytes as they stand; None where there are none of this name."""
    row: tuple[bytes] | None = tx.execute(statements.SEALED, {"which": digest}).fetchone()
    return None if row is None else as_bytes(row[0])


def key_of(tx: Transaction, digest: str) -> bytes | None:
    """Returns the key of a sealed file; None where none is kept."""
    row: tuple[bytes] | None = tx.execute(statements.FILE_KEY, {"which": digest}).fetchone()
    return None if row is None else as_bytes(row[0])


def sealed_hashes(tx: Transaction) -> Iterator[tuple[str, str]]:
    """Yields for each sealed file its name and the SHA-256 its sealed bytes have now; they should be equal."""
    for digest, content in tx.execute(statements.SEALED_FILES):
        yield digest, sha256(as_bytes(content)).hexdigest()


def keys_kept(tx: Transaction) -> Iterator[str]:
    """Yields the name of every sealed file that a key is kept for."""
    for (digest,) in tx.execute(statements.FILE_KEYS):
        yield digest
