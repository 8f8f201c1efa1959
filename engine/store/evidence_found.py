"""Looks records up by who handed them in, or by the bytes of a file; both read the whole list of records."""

from __future__ import annotations

from engine.store import statements
from engine.store.database import Transaction


def evidence_by(tx: Transaction, person: str) -> list[tuple[str, str]]:
    """Returns the records that a person handed in, oldest first, each with its project."""
    return [(evidence, project) for evidence, project in tx.execute(statements.EVIDENCE_BY, {"which": person})]


def evidence_with(tx: Transaction, sha256: str) -> list[tuple[str, str]]:
    """Returns the records that may have a file of this SHA-256 (hexadecimal), oldest first, each with its project.

    It is looked for in the bytes of their leaves, so the caller looks at each whether it is the digest of a file.
    """
    return [
        (evidence, project) for evidence, project in tx.execute(statements.EVIDENCE_WITH, {"which": sha256.encode()})
    ]
