"""The keys of C2SP signed notes (c2sp.org/signed-note): Ed25519 keys as text that names them."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519: Final = b"\x01"  # the signature type of plain Ed25519, the first byte of every encoded key


class BadKeyName(ValueError):
    """A name that no signed note can carry."""


def new_key(name: str) -> tuple[str, str]:
    """Makes a signing key.

    Returns:
        The signer, `PRIVATE+KEY+name+hash+base64(type, 32-byte seed)`, which is a secret, and the verifier,
        `name+hash+base64(type, 32-byte public key)`, which is for everyone.

    Raises:
        BadKeyName: see `check_name`.
    """
    check_name(name)
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    named = f"{name}+{key_hash(name, public).hex()}"
    return f"PRIVATE+KEY+{named}+{_encoded(private.private_bytes_raw())}", f"{named}+{_encoded(public)}"


def key_hash(name: str, public_key: bytes) -> bytes:
    """Returns the 4 bytes that tell one key of a name from another: SHA-256(name, newline, type, public key)[:4]."""
    return sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:4]


def check_name(name: str) -> None:
    """Checks the name of a key, which is also the origin of a ledger.

    Raises:
        BadKeyName: the name is empty, or holds a space of any kind, a plus, a control character, or a lone surrogate.
    """
    if not name:
        raise BadKeyName("a key's name cannot be empty")
    for character in name:
        if character.isspace() or character == "+" or ord(character) < 0x20 or 0xD800 <= ord(character) <= 0xDFFF:
            raise BadKeyName(f"a key's name cannot hold {character!r}: no spaces, no plus, no control characters")


def _encoded(key: bytes) -> str:
    return base64.b64encode(ED25519 + key).decode()
