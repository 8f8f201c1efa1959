"""C2SP signed notes (c2sp.org/signed-note): a text, the keys that sign it, and what it takes to believe a signature.

Signatures of unknown keys are ignored, as the specification asks. A bad signature by a known key refuses the whole
note. The keys themselves are in `note_keys`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from engine.ledger.note_keys import (
    COSIGNATURE,
    ED25519,
    BadKey,
    BadKeyName,
    Signer,
    Verifier,
    check_name,
    cosigned_at,
    key_hash,
    new_key,
    read_signer,
    read_verifier,
    strict_base64,
)

__all__ = [
    "COSIGNATURE",
    "ED25519",
    "BadKey",
    "BadKeyName",
    "BadNote",
    "Opened",
    "Signature",
    "Signer",
    "Verifier",
    "check_name",
    "cosigned_at",
    "key_hash",
    "new_key",
    "open_note",
    "read_signer",
    "read_verifier",
    "sign_note",
    "split_note",
    "strict_base64",
]

MOST_BYTES: Final = 1_000_000
MOST_SIGNATURES: Final = 100  # at least 16 must be taken; a signature that resists quantum computers takes 5 kB

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class BadNote(ValueError):
    """A text that is no signed note, or that no known key signed."""


class Signature(NamedTuple):
    """One signature line of a note: the key's name and hash (4 bytes), the bytes after the hash, and the line."""

    name: str
    hash: bytes
    signature: bytes
    line: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A note that was believed.

    Attributes:
        text: what was signed, its last line end included.
        signed_by: the known keys that signed it, each once; others: the signature lines of unknown keys.
    """

    text: str
    signed_by: tuple[Verifier, ...]
    others: tuple[str, ...]


def sign_note(text: str, *signers: Signer) -> str:
    """Returns a text with the signatures of some keys beneath it.

    Raises:
        BadNote: the text does not end in a line end, or holds what no note may.
    """
    _check_text(text)
    if not text.endswith("\n"):
        raise BadNote("the text of a note ends with a line end")
    message = text.encode()
    lines = [f"— {s.name} {base64.b64encode(s.hash + s.sign(message)).decode()}\n" for s in signers]
    return f"{text}\n{''.join(lines)}"


def split_note(note: str) -> tuple[str, list[Signature]]:
    """Returns the text of a note and its signatures, none of which is checked.

    Raises:
        BadNote: it is no signed note.
    """
    if len(note) > MOST_BYTES:
        raise BadNote(f"a note of more than {MOST_BYTES:,} characters is not read")
    _check_text(note)
    head, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise BadNote("a note has a text, an empty line, and lines with signatures")
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise BadNote(f"a note with more than {MOST_SIGNATURES} signatures is not read")
    return head + "\n", [_read_line(line) for line in lines]


def open_note(note: str, verifiers: Iterable[Verifier]) -> Opened:
    """Returns what a note says, once a known key is seen to have signed it.

    Raises:
        BadNote: it is no signed note, no key among `verifiers` signed it, or the signature of one that is said to
            have is wrong.
    """
    text, signatures = split_note(note)
    known = {(verifier.name, verifier.hash): verifier for verifier in verifiers}
    signed_by: dict[Verifier, None] = {}
    others: list[str] = []
    for name, hash_, signature, line in signatures:
        verifier = known.get((name, hash_))
        if verifier is None:
            others.append(line)
        elif verifier.verifies(text, signature):
            signed_by[verifier] = None
        else:
            raise BadNote(f"the signature by {name} is not of this text: the note was altered")
    if not signed_by:
        said = ", ".join(sorted({s.name for s in signatures}))
        raise BadNote(f"none of the keys that are trusted signed it; it says it is signed by {said}")
    return Opened(text, tuple(signed_by), tuple(others))


def _read_line(line: str) -> Signature:
    mark, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    try:
        if mark != "—":
            raise BadNote("a signature line begins with a dash and a space")
        check_name(name)
        decoded = strict_base64(encoded)
    except ValueError as error:
        raise BadNote(f"a signature line is not written as one: {error}") from error
    if len(decoded) < 5:
        raise BadNote(f"the signature by {name} is too short")
    return Signature(name, decoded[:4], decoded[4:], line)


def _check_text(text: str) -> None:
    if found := _CONTROL.search(text):
        raise BadNote(f"a note holds no control characters, and this one has {found.group()!r}")
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadNote("a note is text in UTF-8, and this is not")
