"""Seals the files of personal records: each with a key of its own, so that forgetting the key forgets the file.

A sealed file is a random nonce of 12 bytes and what ChaCha20-Poly1305 (RFC 8439) makes of the file. It is named by the
SHA-256 of these bytes, and that name may stand in the ledger: it says nothing about the file, not even to somebody who
has a copy of it and looks for who handed it in.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field

NONCE_BYTES = 12
PURPOSE = b"cocycle/sealed-file/1"
"""What is sealed along, so that nothing that another key of this house sealed is ever taken for a file."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed file: the SHA-256 of its bytes in hexadecimal, its bytes, and its key of 32 bytes."""

    digest: str
    content: bytes = field(repr=False)
    key: bytes = field(repr=False)


class NotOpened(ValueError):
    """The sealed bytes or their key are not those that were kept."""


def seal(plain: bytes) -> Sealed:
    """Returns a file sealed with a new random key of 256 bits; the same bytes are sealed differently each time."""
    # loaded here, since most commands seal nothing
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    key, nonce = ChaCha20Poly1305.generate_key(), secrets.token_bytes(NONCE_BYTES)
    content = nonce + ChaCha20Poly1305(key).encrypt(nonce, plain, PURPOSE)
    return Sealed(hashlib.sha256(content).hexdigest(), content, key)


def open_sealed(sealed: Sealed) -> bytes:
    """Returns the file that was sealed.

    Raises:
        NotOpened: a bit of the sealed bytes, of their name or of the key is another.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    if hashlib.sha256(sealed.content).hexdigest() != sealed.digest:
        raise NotOpened("the sealed bytes are not those that were kept")
    try:
        cipher = ChaCha20Poly1305(sealed.key)
        return cipher.decrypt(sealed.content[:NONCE_BYTES], sealed.content[NONCE_BYTES:], PURPOSE)
    except (InvalidTag, ValueError) as error:  # a ValueError for a key or a nonce of the wrong length
        raise NotOpened("the key does not open the sealed bytes") from error
