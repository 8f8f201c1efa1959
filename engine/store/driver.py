"""The SQLite driver, named once: pysqlite3, which brings a SQLite of its own.

The system's SQLite may still carry the bug that corrupts a write-ahead log when it is reset. pysqlite3 has the
interface of the standard library's module and no type stubs, so the type checker is shown the standard one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3 as dbapi
else:
    from pysqlite3 import dbapi2 as dbapi

__all__ = ["WAL_IS_SAFE", "as_bytes", "dbapi"]

WAL_IS_SAFE = dbapi.sqlite_version_info >= (3, 51, 3)  # the first release in which resetting the log is sound


def as_bytes(value: Any) -> bytes:
    """Returns what stands in a column as bytes, whatever an intruder put there: SQLite takes any type in any column."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
