"""What the register knows about itself, by name: origin, public key, when it was opened."""

from __future__ import annotations

from engine.store import statements
from engine.store.database import Transaction


def put_setting(tx: Transaction, name: str, value: str) -> None:
    """Sets a setting, new or not."""
    tx.execute(statements.PUT_SETTING, {"name": name, "value": value})


def setting(tx: Transaction, name: str) -> str | None:
    """Returns a setting; None where it was never set."""
    row: tuple[str] | None = tx.execute(statements.SETTING, {"which": name}).fetchone()
    return None if row is None else row[0]
