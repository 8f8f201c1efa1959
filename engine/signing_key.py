"""The signing key of a register: where it lies, how it is kept from others, and how a new one takes its place.

A change of keys is crash-safe by its order. The new key is written to a file of its own, then the register's entry is
committed, then the old key is overwritten and the new file takes its name. Wherever that is cut short, one of the two
files holds the key that the register names, and whoever signs next finishes it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.core.errors import StorageUnavailable
from engine.pausing import pause
from engine.store.settings import setting

if TYPE_CHECKING:
    from engine.ledger.note import Signer
    from engine.store.database import Database

LONGEST_WAIT: Final = 30.0  # seconds; as long as hashing some millions of entries anew can take


def key_file(register: Path) -> Path:
    """Returns where the signing key of a register lies: beside it, so that copying the folder copies both."""
    return register.with_name(register.name + ".key")


def waiting_file(register: Path) -> Path:
    """Returns where a new key lies until it takes the place of the old one."""
    return register.with_name(register.name + ".key.new")


def write_key(key: Path, text: str) -> None:
    """Writes a key to a new file that only its owner can read, and flushes file and folder to the disk.

    Raises:
        StorageUnavailable: the file cannot be made.
    """
    try:
        descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        sync_folder(key)
    except OSError as error:
        raise StorageUnavailable(f"The signing key cannot be written to {key}: {error.strerror}.") from error


def sync_folder(file: Path) -> None:
    """Flushes to the disk that a file has its name."""
    if os.name != "posix":
        return
    opened = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def keys_beside(register: Path) -> Iterator[tuple[Path, Signer]]:
    """Yields the keys that lie beside a register and can be used, each with its file.

    Raises:
        StorageUnavailable: `cannot_open`, where this account may not read one.
    """
    from engine.ledger.note import BadKey, read_signer

    for file in (key_file(register), waiting_file(register)):
        with suppress(FileNotFoundError, UnicodeDecodeError, BadKey):
            try:
                yield file, read_signer(file.read_text("utf-8"))
            except (FileNotFoundError, UnicodeDecodeError):
                raise
            except OSError as error:
                raise StorageUnavailable(
                    f"The signing key {file} cannot be read: {error.strerror}. Sign as the account that keeps the"
                    " register; to check a ledger no key is needed.",
                    code="cannot_open",
                ) from error


def own_key(register: Path, public_key: str) -> Signer:
    """Returns the signing key of a register that names this public key, wherever a change of keys left it.

    Raises:
        StorageUnavailable: `no_key`, where it is missing or another's; `cannot_open`, where it may not be read.
    """
    for _ in range(3):  # between looking at the one file and the other, the new key may have taken its place
        for _, signer in keys_beside(register):
            if signer.verifier.text == public_key:
                return signer
    file = key_file(register)
    wrong = "is not this register's" if file.exists() else "is missing"
    raise StorageUnavailable(
        f"The signing key {file} {wrong}. Put the register's own back from a backup. If it is lost for ever, two admins"
        " begin a new signature: cocycle ledger recover.",
        code="no_key",
    )


def put_in_place(register: Path, public_key: str) -> None:
    """Finishes a change of keys: the old key is overwritten, and the new one takes its file.

    Nothing is done where no new key waits, or where the one that waits is not what the register names. Nothing is
    raised where the disk does not allow it: the new key is found in its own file, and whoever is next tries again.
    """
    waiting = waiting_file(register)
    if not waiting.exists():
        return
    with suppress(OSError, StorageUnavailable):
        if any(file == waiting and signer.verifier.text == public_key for file, signer in keys_beside(register)):
            overwrite(key_file(register))
            os.replace(waiting, key_file(register))
            sync_folder(waiting)


def _discard_waiting(register: Path) -> None:
    with suppress(OSError):
        overwrite(waiting_file(register))
        waiting_file(register).unlink(missing_ok=True)


def finish_change_of_keys(database: Database) -> None:
    """Finishes a change of keys that was cut short, for whoever opens the register next; else it costs one look."""
    if waiting_file(database.path).exists():
        with one_at_a_time(database.path), database.read() as tx:
            put_in_place(database.path, setting(tx, "public_key") or "")


def discard_unused(register: Path, public_key: str) -> None:
    """Destroys a new key that waits and is not the one that the register names: its change of keys did not commit."""
    with suppress(StorageUnavailable):
        own = [file for file, signer in keys_beside(register) if signer.verifier.text == public_key]
        if waiting_file(register) not in own:
            _discard_waiting(register)


def overwrite(file: Path) -> None:
    """Overwrites a secret where it lies and flushes that; a disk that writes elsewhere may still hold the old bytes."""
    if not file.exists():
        return
    with open(file, "r+b") as opened:
        opened.write(bytes(os.fstat(opened.fileno()).st_size))
        opened.flush()
        os.fsync(opened.fileno())


@contextmanager
def one_at_a_time(register: Path) -> Iterator[None]:
    """Holds off every other signer of a register on this machine while the block runs; needs no right to write.

    The lock is on the file of the key. Where there is none, or the disk knows no locks, there is nothing to hold.

    Raises:
        StorageUnavailable: `locked`, where another signer is not done within `LONGEST_WAIT`.
    """
    held = _locked(key_file(register), time.monotonic() + LONGEST_WAIT)
    try:
        yield
    finally:
        if held is not None:
            os.close(held)


def _locked(key: Path, until: float) -> int | None:
    try:
        import fcntl
    except ImportError:  # a system without such locks
        return None
    while True:
        try:
            opened = os.open(key, os.O_RDONLY)
        except OSError:
            return None
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(opened), os.stat(key)):
                return opened
            os.close(opened)  # a new key took the file's name meanwhile
        except BlockingIOError:
            os.close(opened)
            if time.monotonic() > until:
                raise StorageUnavailable(
                    "Another program is signing for this register and does not finish. Try again.", code="locked"
                ) from None
            pause(0.02)
        except OSError:  # a disk that knows no locks, or a key that was just taken away
            os.close(opened)
            return None
