"""What the signer remembers: the last checkpoint it signed, and the edge of the tree at that size, beside its key.

Without a memory a signer would sign whatever register it is shown, also an old copy that was put back and carried on
with: two histories of one ledger, each with a good signature.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from engine.core.errors import IntegrityFailure
from engine.ledger.checkpoint import Checkpoint, open_checkpoint
from engine.ledger.merkle import Frontier
from engine.ledger.note import Verifier, strict_base64
from engine.signing_key import sync_folder

FIRST_LINE: Final = "cocycle signer memory, version 1"
LARGEST: Final = 1_000_000  # bytes; a memory is a few hundred


class Memory(NamedTuple):
    """The last checkpoint: what it says, which key signed it, the note itself, and the edge of the tree it is of."""

    checkpoint: Checkpoint
    signed_by: Verifier
    note: str
    edge: Frontier


def memory_file(register: Path) -> Path:
    """Returns where the signer of a register keeps its memory."""
    return register.with_name(register.name + ".signed")


def read_memory(register: Path, verifiers: Sequence[Verifier]) -> Memory | None:
    """Returns what the signer remembers; None where there is no such file.

    Args:
        register: the register's file.
        verifiers: the keys that may have signed it.

    Raises:
        IntegrityFailure: `memory_lost`, where the file is not as the signer wrote it, or none of the keys signed it.
    """
    file = memory_file(register)
    try:
        with open(file, "rb") as opened:
            raw = opened.read(LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _lost(file, f"cannot be read: {error.strerror}") from error
    try:
        first, edge_line, gap, note = raw.decode().split("\n", 3)
        edge = Frontier.from_bytes(strict_base64(edge_line))
        checkpoint, opened_note = open_checkpoint(note, verifiers)
        if first != FIRST_LINE or gap or (edge.size, edge.root()) != (checkpoint.size, checkpoint.root):
            raise ValueError
    except ValueError as error:
        raise _lost(file, "is not as the signer wrote it") from error
    return Memory(checkpoint, opened_note.signed_by[0], note, edge)


def write_memory(register: Path, note: str, edge: Frontier) -> None:
    """Replaces what the signer remembers, whole or not at all, and flushes it to the disk.

    Raises:
        OSError: the disk does not take it; what was remembered before is still there.
    """
    file = memory_file(register)
    part = file.with_name(file.name + ".part")
    text = f"{FIRST_LINE}\n{base64.b64encode(edge.to_bytes()).decode()}\n\n{note}"
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        opened.write(text.encode())
        opened.flush()
        os.fsync(opened.fileno())
    os.replace(part, file)
    sync_folder(file)


def missing(register: Path) -> IntegrityFailure:
    """Returns the error for a register whose signer must remember something, and has nothing to remember it by."""
    return _lost(memory_file(register), "is missing")


def _lost(file: Path, how: str) -> IntegrityFailure:
    return IntegrityFailure(
        f"The signer's memory {file} {how}, so nobody can tell whether an older register was put back. Put the newest"
        " copy of it back. If there is none, two admins begin a new signature: cocycle ledger recover.",
        code="memory_lost",
    )
