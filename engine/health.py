"""`doctor` and `backup`: whether the register, its key and this machine are fit for work, and a copy of them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from engine.anchoring.places import Places
from engine.beats import worker_finding
from engine.core.errors import CocycleError, InputRefused, StorageUnavailable
from engine.exposure import outside_findings
from engine.given_up import given_up_findings
from engine.hosting.host import Host
from engine.known_time import KnownTime, gap_in_words, known_time, since
from engine.plugins_checked import plugin_findings
from engine.rebuilding import rows_finding
from engine.room import Room
from engine.settings import MEBIBYTE, Settings
from engine.signer import PUBLIC_KEY, checked, remembered
from engine.signer_memory import memory_file
from engine.signing_key import key_file, keys_beside, own_key, waiting_file, write_key
from engine.store import driver, inspect, journal, people
from engine.store import settings as kept_settings
from engine.store.backup import backup as copy_database
from engine.store.database import Database, Transaction
from engine.store.scrub import scrub_due

LITTLE_SPACE = 200 * MEBIBYTE
_ERASED_STILL_THERE = "Copies of what was erased may still lie in the files; the next write cleans them."


class Check(NamedTuple):
    """One thing that was looked at."""

    check: str
    ok: bool
    message: str


def doctor(database: Database, room: Room, settings: Settings, host: Host) -> dict[str, Any]:
    """Returns what was looked at and what of it is wrong, in words that say what to do.

    `settings` name the places that checkpoints go to and the plugins that `host` starts.
    """
    checks = [*_checks(database, room, settings.places)]
    checks += [Check(*rows_finding(database, settings.extra_holidays))]
    with database.read() as tx:
        given_up = given_up_findings(tx, room.clock, host.active(), by_mail=settings.places.server is not None)
        checks += [Check(*finding) for finding in given_up]
    checks += [Check(*finding) for finding in plugin_findings(host, settings.plugins)]
    return {"ok": all(c.ok for c in checks), "checks": [c._asdict() for c in checks]}


def _checks(database: Database, room: Room, places: Places) -> Iterator[Check]:
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
        verifier = kept_settings.setting(tx, PUBLIC_KEY) or ""
        signer = _signer(tx, Path(database.path))
        outside = list(outside_findings(tx, places, room))
        due = scrub_due(tx)
        clock = _clock(known_time(tx, room.clock))
        worker = worker_finding(tx, room.clock)
    yield Check("ledger", True, f"{head.size} entries, the last at {head.at}.")
    yield Check("admin", admins > 0, f"{admins} active." if admins else "Nobody is admin; add one: cocycle person add.")
    yield clock
    yield Check(*worker)
    yield _key(Path(database.path), verifier)
    yield signer
    yield from (Check(*finding) for finding in outside)
    yield Check("erasure", not due, _ERASED_STILL_THERE if due else "Nothing that was erased is left in the files.")
    yield Check(
        "disk", facts.disk_free > LITTLE_SPACE, f"{facts.disk_free // MEBIBYTE:,} MiB are free for the register."
    )


def _clock(time: KnownTime) -> Check:
    behind = since(time.now, time.last_entry).total_seconds()
    if behind > 0:
        words = f"The clock is {behind:,.0f} seconds behind the last entry; set it right."
        return Check("clock", not time.behind, words)
    if time.ahead:
        words = f"The clock is {gap_in_words(time.known, time.now)} ahead of what is known here. If it is right, an"
        return Check("clock", False, f"{words} admin confirms it: cocycle clock confirm. If it is wrong, set it right.")
    return Check("clock", True, "The clock is not behind the last entry.")


def _key(register: Path, verifier: str) -> Check:
    key = key_file(register)
    try:
        own_key(register, verifier)
        used = [file for file, signer in keys_beside(register) if signer.verifier.text == verifier]
        key = used[0] if used else key
        mode = stat.S_IMODE(key.stat().st_mode)
    except StorageUnavailable as error:
        return Check("key", False, error.message)
    except OSError as error:
        return Check("key", False, f"The signing key {key} cannot be looked at: {error.strerror}.")
    private = mode & 0o077 == 0
    return Check("key", private, "The signing key is private." if private else f"Others can read {key}: chmod 600 it.")


def _signer(tx: Transaction, register: Path) -> Check:
    """Answers whether the signer would sign: whether the register agrees with what was signed last."""
    try:
        memory = remembered(tx, register)
        checked(tx, memory)
    except CocycleError as error:
        return Check("signer", False, error.message)
    if memory is None:
        return Check("signer", True, "Nothing was signed yet; the first checkpoint hashes every entry.")
    return Check(
        "signer", True, f"The register agrees with the last checkpoint, over {memory.checkpoint.size} entries."
    )


def backup(database: Database, target: Path) -> dict[str, Any]:
    """Copies the register into a new file, with its key and the signer's memory, while others go on working.

    The memory is read first: so it can be of an older checkpoint than the copy could have, and never of a newer one.

    Raises:
        InputRefused: something is at the target already.
        StorageUnavailable: the target cannot be written; nothing is left of it.
    """
    register = Path(database.path)
    beside = {key_file(target): _key_text(database), memory_file(target): _text(memory_file(register))}
    for path in (target, waiting_file(target), *beside):
        if os.path.exists(path):  # a name too long to be one is told of by whoever makes the file
            raise InputRefused(f"There is something at {path} already; a backup goes to a new place.")
    copy_database(database, target)
    try:
        for path, text in beside.items():
            if text is not None:
                write_key(path, text)
    except StorageUnavailable:
        for path in (target, *beside):
            path.unlink(missing_ok=True)
        raise
    key, memory = (str(path) if text is not None else None for path, text in beside.items())
    return {"file": str(target), "key": key, "memory": memory, "size": target.stat().st_size}


def _key_text(database: Database) -> str | None:
    """Returns the key that the register names, also where a change of keys was cut short; else what lies there."""
    register = Path(database.path)
    with database.read() as tx:
        public_key = kept_settings.setting(tx, PUBLIC_KEY)
    own = [file for file, signer in keys_beside(register) if signer.verifier.text == public_key]
    return _text(own[0] if own else key_file(register))


def _text(file: Path) -> str | None:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StorageUnavailable(f"{file} cannot be read, so it cannot be copied: {error}.") from error
