"""`doctor` and `backup`: whether the register, its key and this machine are fit for work, and a copy of them."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from engine.clock import stamp
from engine.core.errors import InputRefused, StorageUnavailable
from engine.room import Room
from engine.settings import MEBIBYTE
from engine.signing_key import key_file, write_key
from engine.store import driver, inspect, journal, people, settings
from engine.store.backup import backup as copy_database
from engine.store.database import Database

LITTLE_SPACE = 200 * MEBIBYTE


class Check(NamedTuple):
    """One thing that was looked at."""

    check: str
    ok: bool
    message: str


def doctor(database: Database, room: Room) -> dict[str, Any]:
    """Returns what was looked at and what of it is wrong, in words that say what to do."""
    checks = list(_checks(database, room))
    return {"ok": all(c.ok for c in checks), "checks": [c._asdict() for c in checks]}


def _checks(database: Database, room: Room) -> Iterator[Check]:
    facts = inspect.facts(database)
    yield Check("SQLite", driver.WAL_IS_SAFE or facts.journal_mode != "wal", f"SQLite {facts.sqlite_version}.")
    durable = (facts.journal_mode, facts.synchronous) in (("wal", "full"), ("delete", "extra"))
    yield Check("durability", durable, f"Journal {facts.journal_mode}, synchronous {facts.synchronous}.")
    with database.read() as tx:
        for name, problems, fine in (
            ("pages", inspect.damage(tx), "Every page can be read."),
            ("guards", inspect.guard_problems(tx), "Every table, index and trigger is as it was made."),
        ):
            wrong = [p.message for p in problems]
            yield Check(name, not wrong, " ".join(wrong) or fine)
        head, admins = journal.head(tx), people.active_admins(tx)
        verifier = settings.setting(tx, "public_key") or ""
    yield Check("ledger", True, f"{head.size} entries, the last at {head.at}.")
    yield Check("admin", admins > 0, f"{admins} active." if admins else "Nobody is admin; add one: cocycle person add.")
    yield _clock(room, head.at)
    yield _key(Path(database.path), verifier)
    yield Check(
        "disk", facts.disk_free > LITTLE_SPACE, f"{facts.disk_free // MEBIBYTE:,} MiB are free for the register."
    )


def _clock(room: Room, last: str) -> Check:
    behind = (datetime.fromisoformat(last) - datetime.fromisoformat(stamp(room.clock.now()))).total_seconds()
    if behind > 0:
        return Check("clock", behind <= 2, f"The clock is {behind:,.0f} seconds behind the last entry; set it right.")
    return Check("clock", True, "The clock is not behind the last entry.")


def _key(register: Path, verifier: str) -> Check:
    key = key_file(register)
    try:
        mode = stat.S_IMODE(key.stat().st_mode)
    except OSError:
        return Check("key", False, f"The signing key {key} is missing; put it back from a backup.")
    signer = key.read_text("utf-8", errors="replace").strip().split("+")
    if signer[2:4] != verifier.split("+")[:2]:
        return Check("key", False, f"The signing key {key} is not this register's; put its own back from a backup.")
    private = mode & 0o077 == 0
    return Check("key", private, "The signing key is private." if private else f"Others can read {key}: chmod 600 it.")


def backup(database: Database, target: Path) -> dict[str, Any]:
    """Copies the register into a new file and its key beside it, while others go on working.

    Raises:
        InputRefused: something is at the target already.
        StorageUnavailable: the target cannot be written; nothing is left of it.
    """
    key, copy_of_key = key_file(Path(database.path)), key_file(target)
    for path in (target, copy_of_key):
        if path.exists():
            raise InputRefused(f"There is something at {path} already; a backup goes to a new place.")
    copy_database(database, target)
    if key.exists():
        try:
            write_key(copy_of_key, key.read_text("utf-8"))
        except StorageUnavailable:
            target.unlink(missing_ok=True)
            raise
    return {"file": str(target), "key": str(copy_of_key) if key.exists() else None, "size": target.stat().st_size}
