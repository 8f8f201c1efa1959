"""The shelf of definitions: every one ever loaded, in its canonical form, so that none is parsed twice."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from engine.core.errors import IntegrityFailure
from engine.store import statements
from engine.store.database import Transaction


class DefinitionRow(NamedTuple):
    """A definition.

    Attributes:
        digest: the SHA-256 of `canonical`, in hexadecimal; its identity.
        workflow: the workflow's id; version: its label for people.
        canonical: the canonical form; source: the text it was compiled from.
        loaded: the index of the entry that loaded it, last.
    """

    digest: str
    workflow: str
    version: str
    title: str
    canonical: bytes
    source: str
    loaded: int


def put_definition(tx: Transaction, row: DefinitionRow) -> None:
    """Puts a definition on the shelf and makes it its workflow's current one, also where it was loaded before."""
    tx.execute(statements.PUT_DEFINITION, row._asdict())


def definition(tx: Transaction, digest: str) -> DefinitionRow | None:
    """Returns a definition; None where there is none of this digest.

    Raises:
        IntegrityFailure: what stands there does not have this digest.
    """
    return _checked(tx.execute(statements.DEFINITION, {"which": digest}).fetchone())


def current_definition(tx: Transaction, workflow: str) -> DefinitionRow | None:
    """Returns the definition of a workflow that was loaded last; None where none was. Raises as `definition`."""
    return _checked(tx.execute(statements.CURRENT_DEFINITION, {"which": workflow}).fetchone())


def definitions(tx: Transaction) -> list[DefinitionRow]:
    """Returns every definition by workflow, of each workflow the current one last."""
    return [DefinitionRow(*row) for row in tx.execute(statements.DEFINITIONS)]


def _checked(row: tuple[str, str, str, str, bytes, str, int] | None) -> DefinitionRow | None:
    if row is None:
        return None
    found = DefinitionRow(*row)
    # A digest is what projects are pinned to and gates are judged by: bytes that do not have it decide nothing.
    if not isinstance(found.canonical, bytes) or sha256(found.canonical).hexdigest() != found.digest:
        raise IntegrityFailure(f"The stored definition {found.digest} of {found.workflow} was altered.")
    return found
