"""The signer: it signs how the ledger ends, after hashing what is new from its stored bytes, and nothing that
contradicts what it signed before.
"""

from __future__ import annotations

import base64
import stat
from pathlib import Path
from typing import Final, NamedTuple

from engine.core.errors import IntegrityFailure, StorageUnavailable
from engine.core.events import Entry
from engine.ledger.checkpoint import Checkpoint, sign_checkpoint
from engine.ledger.merkle import Frontier, leaf_hash
from engine.ledger.note import BadKey, Signer, Verifier, read_verifier
from engine.signer_memory import Memory, memory_file, missing, read_memory, write_memory
from engine.signing_key import key_file, keys_beside, one_at_a_time, own_key, put_in_place
from engine.store import journal, settings, statements
from engine.store.database import Database, Transaction
from engine.store.driver import as_bytes

REMEMBERS: Final = "signer_remembers"  # the setting by which a register says that its signer has a memory
PUBLIC_KEY: Final = "public_key"


class Signed(NamedTuple):
    """A checkpoint: the signed note, the size it is of, and what whoever keeps the register should hear."""

    note: str
    size: int
    warnings: tuple[str, ...]


class KeyChange(NamedTuple):
    """Where a key of the ledger began: the entry, its event's name, the verifier key as text, and the event's body."""

    seq: int
    event: str
    public_key: str
    entry: Entry


def signed_checkpoint(database: Database) -> str:
    """Returns a signed checkpoint of the ledger as it ends now.

    Raises:
        IntegrityFailure: an entry was altered, or `older_copy`: the register contradicts what was signed before, or
            `memory_lost`: nobody can tell whether it does.
        StorageUnavailable: the key is missing, another's, or may not be read.
    """
    return sign_head(database).note


def sign_head(database: Database) -> Signed:
    """Returns a signed checkpoint, as `signed_checkpoint`, with what went less well than it should."""
    with one_at_a_time(database.path):
        return sign_held(database)


def sign_held(database: Database, *, anew: bool = False) -> Signed:
    """Returns a signed checkpoint for a caller who holds off other signers; `anew` forgets what was signed before.

    That is for a ledger whose loss was just recorded: then every entry is hashed from its stored bytes.
    """
    register = database.path
    with database.read() as tx:
        public_key = settings.setting(tx, PUBLIC_KEY) or ""
        memory = None if anew else remembered(tx, register)
        edge = checked(tx, memory)
        put_in_place(register, public_key)
        signer = own_key(register, public_key)
        note = sign_checkpoint(Checkpoint(signer.name, edge.size, edge.root()), signer)
        warnings = [*_open_to_others(register)]
        if memory is None or memory.note != note:
            try:
                write_memory(register, note, edge)
            except OSError as error:
                warnings.append(
                    f"The signer could not keep in mind what it signed: {memory_file(register)} cannot be written"
                    f" ({error.strerror})."
                )
    return Signed(note, edge.size, tuple(warnings))


def signer_of(database: Database) -> Signer:
    """Returns the register's signing key. What it signs beside checkpoints begins with a line of its own.

    Raises:
        StorageUnavailable: the key is missing, another's, or may not be read.
    """
    with database.read() as tx:
        return own_key(database.path, settings.setting(tx, PUBLIC_KEY) or "")


def verifiers_of(tx: Transaction) -> list[Verifier]:
    """Returns the public keys of the ledger, the oldest first, as its own entries tell.

    Raises:
        IntegrityFailure: an entry names a key that cannot be one.
    """
    try:
        return [read_verifier(change.public_key) for change in key_changes(tx)]
    except BadKey as error:
        raise IntegrityFailure(f"The ledger names a key that cannot be used: {error}.") from error


def key_changes(tx: Transaction) -> list[KeyChange]:
    """Returns where each key of the ledger began, the oldest first."""
    found: list[KeyChange] = []
    members = {"register_opened": "public_key", "key_rotated": "to", "ledger_recovered": "to"}
    for name, member in members.items():
        for (seq,) in tx.execute(statements.REGISTER_ENTRIES_CALLED, {"which": name}).fetchall():
            for entry in journal.entries(tx, first=seq, last=seq):
                found.append(KeyChange(seq, name, str(entry.event.body.get(member)), entry))
    return sorted(found, key=lambda change: change.seq)


def remembered(tx: Transaction, register: Path) -> Memory | None:
    """Returns the memory that this register must agree with; None where its signer has nothing to remember yet.

    That is so for a register that an older cocycle made, before its first checkpoint, and after the ledger was
    recovered: then the whole ledger is hashed from its stored bytes.

    Raises:
        IntegrityFailure: `memory_lost` or `older_copy`.
    """
    changes = key_changes(tx)
    known = [read_verifier(change.public_key) for change in changes]
    newer = [signer.verifier for _, signer in _keys_or_none(register)]  # an old copy does not know the key beside it
    memory = read_memory(register, [*known, *newer])
    if memory is None:
        if settings.setting(tx, REMEMBERS) is not None:
            raise missing(register)
        return None
    if memory.signed_by not in known:
        raise older_copy(memory, journal.head(tx).size)
    signed = (memory.checkpoint.size, base64.b64encode(memory.checkpoint.root).decode())
    lost = [c.entry.event.body for c in changes if c.event == "ledger_recovered"]
    if memory.checkpoint.origin != known[-1].name and signed in [(b["lost_size"], b["lost_root"]) for b in lost]:
        return None  # it was lost, that was recorded, and the new memory was not written yet
    return memory


def checked(tx: Transaction, memory: Memory | None) -> Frontier:
    """Returns the edge of the ledger as its stored bytes make it, once it agrees with the memory and the stored head.

    Every entry since the memory is hashed anew; without a memory every entry is.

    Raises:
        IntegrityFailure: naming the first entry that differs, or `older_copy`.
    """
    head = journal.head(tx)
    edge = Frontier() if memory is None else Frontier.from_bytes(memory.edge.to_bytes())
    if head.size < edge.size:
        assert memory is not None
        raise older_copy(memory, head.size)
    for seq, leaf in tx.execute(statements.ENTRIES, {"first": edge.size, "last": head.size - 1}):
        if seq != edge.size:
            raise _altered(edge.size, "is missing")
        edge.append(leaf_hash(as_bytes(leaf)))
    if (edge.size, edge.root()) == (head.size, head.root):
        return edge
    raise _difference(tx, memory, head)


def _difference(tx: Transaction, memory: Memory | None, head: journal.Head) -> IntegrityFailure:
    """Finds the first entry that differs, by reading the whole ledger."""
    edge = Frontier()
    for seq, leaf, stored_hash, stored_root in journal.raw_entries(tx):
        if seq != edge.size:
            return _altered(edge.size, "is missing")
        computed = leaf_hash(leaf)
        edge.append(computed)
        if computed != stored_hash or edge.root() != stored_root:
            return _altered(seq, "is not what was recorded")
        if memory is not None and edge.size == memory.edge.size and edge.root() != memory.checkpoint.root:
            return older_copy(memory, head.size)
    return _altered(edge.size, "is missing, or the ledger's end was altered")


def older_copy(memory: Memory, size: int) -> IntegrityFailure:
    """Returns the error for a register that contradicts what was signed before, with the way on."""
    signed = memory.checkpoint
    how = f"ends after {size:,}" if size < signed.size else f"has other entries among the first {signed.size:,}"
    return IntegrityFailure(
        f"A checkpoint over {signed.size:,} entries was signed, and this register {how}: an older copy was put back, or"
        " its entries were changed. Nothing is signed. Put the newer register back. If it is gone for ever, two admins"
        " say so: cocycle ledger recover.",
        code="older_copy",
        details={
            "signed_size": signed.size,
            "signed_root": base64.b64encode(signed.root).decode(),
            "signed_origin": signed.origin,
            "size": size,
        },
    )


def _altered(seq: int, how: str) -> IntegrityFailure:
    return IntegrityFailure(
        f"Entry {seq} of the ledger {how}. Nothing is signed. Keep this register as it is, and compare it with a"
        " backup: cocycle ledger verify tells everything that differs.",
        details={"seq": seq},
    )


def _keys_or_none(register: Path) -> list[tuple[Path, Signer]]:
    try:
        return list(keys_beside(register))
    except StorageUnavailable:
        return []


def _open_to_others(register: Path) -> list[str]:
    """Tells a key that others can read; it is signed all the same, since on some disks no file can be made private."""
    key = key_file(register)
    try:
        private = stat.S_IMODE(key.stat().st_mode) & 0o077 == 0
    except OSError:
        return []
    return [] if private else [f"Others can read the signing key {key}, and sign in its name: chmod 600 it."]
