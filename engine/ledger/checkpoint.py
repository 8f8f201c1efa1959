"""Checkpoints (c2sp.org/tlog-checkpoint): the size and the root of a ledger, signed as a note."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from engine.ledger.merkle import HASH_SIZE
from engine.ledger.note import ED25519, BadNote, Opened, Signer, Verifier, open_note, sign_note, strict_base64

LARGEST_SIZE: Final = 2**63 - 1

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class BadCheckpoint(BadNote):
    """A text that is no checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says.

    Attributes:
        origin: which ledger it is of; size: how many entries; root: of the tree over them, 32 bytes.
        extensions: lines that others' ledgers may add; ours add none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """Returns the text that is signed."""
        root = base64.b64encode(self.root).decode()
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), root, *self.extensions))


def read_checkpoint(text: str) -> Checkpoint:
    """Returns what the text of a checkpoint says; the text is that of a note, without its signatures.

    Raises:
        BadCheckpoint: it is not written as a checkpoint is.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise BadCheckpoint("a checkpoint has at least three lines, none of them empty: origin, size and root")
    origin, size, root, *extensions = lines[:-1]
    try:
        hashed = strict_base64(root)
    except ValueError as error:
        raise BadCheckpoint("the third line of a checkpoint is the root in base64") from error
    if len(hashed) != HASH_SIZE:
        raise BadCheckpoint(f"the root of a checkpoint has {HASH_SIZE} bytes, not {len(hashed)}")
    return Checkpoint(origin, read_number(size, "the second line of a checkpoint"), hashed, tuple(extensions))


def read_number(text: str, what: str) -> int:
    """Returns a number written in the one way that the formats allow: no sign, no zero in front.

    Raises:
        BadCheckpoint: it is written in another way, or is too large.
    """
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST_SIZE:
        raise BadCheckpoint(f"{what} is a whole number, with no zeros in front")
    return int(text)


def sign_checkpoint(checkpoint: Checkpoint, *signers: Signer) -> str:
    """Returns a checkpoint as a signed note.

    Raises:
        BadNote: the origin cannot stand in a note.
    """
    text = checkpoint.text()
    read_checkpoint(text)  # what is signed can be read: an origin of two lines would be taken for a size
    return sign_note(text, *signers)


def open_checkpoint(note: str, verifiers: Iterable[Verifier]) -> tuple[Checkpoint, Opened]:
    """Returns what a signed checkpoint says, and who signed it.

    At least one plain Ed25519 key of `verifiers` must have signed it: witnesses confirm what a ledger says, they do
    not say it in its place.

    Raises:
        BadNote: as `open_note`, and where only witnesses signed it. BadCheckpoint: its text is no checkpoint.
    """
    opened = open_note(note, verifiers)
    checkpoint = read_checkpoint(opened.text)
    if not any(verifier.kind == ED25519 for verifier in opened.signed_by):
        raise BadNote("only witnesses signed this checkpoint, and the ledger itself did not")
    return checkpoint, opened
