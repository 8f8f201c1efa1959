"""The keys of signed notes: who signs, and what it takes to check their signatures, as text that names them.

Two kinds of keys are known: plain Ed25519 (type 0x01), and the timestamped Ed25519 cosignatures of witnesses (type
0x04, c2sp.org/tlog-cosignature). Keys of any other kind are refused by name.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.ledger.curve import fault_of_public_key

ED25519: Final = b"\x01"  # the signature type of plain Ed25519, the first byte of every encoded key
COSIGNATURE: Final = b"\x04"  # the signature type of witnesses: Ed25519 with the time it was made

_OTHER_TYPES = {
    0x02: "ECDSA",
    0x03: "a reserved type",
    0x05: "an RFC 6962 tree head",
    0x06: "an ML-DSA-44 cosignature",
    0xFF: "a type without a number",
}
_HASH = re.compile(r"[0-9a-f]{8}", re.ASCII)


class BadKey(ValueError):
    """A key that cannot be used."""


class BadKeyName(BadKey):
    """A name that no signed note can carry."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A key that signatures are checked with.

    Attributes:
        name: the key's name, the origin for the key of a ledger; hash: 4 bytes that tell keys of one name apart.
        public_key: 32 bytes; kind: one byte, `ED25519` or `COSIGNATURE`.
    """

    name: str
    hash: bytes
    public_key: bytes
    kind: bytes = ED25519

    @property
    def text(self) -> str:
        """The verifier key as text: `name+hash+base64(type, public key)`."""
        return f"{self.name}+{self.hash.hex()}+{_encoded(self.kind, self.public_key)}"

    def verifies(self, text: str, signature: bytes) -> bool:
        """Answers whether a signature of a note, without its key's hash, is this key's signature of the text."""
        message = text.encode()
        if self.kind == COSIGNATURE:
            if len(signature) != 72 or signature[0] & 0x80:
                return False
            message = b"cosignature/v1\ntime %d\n" % cosigned_at(signature) + message
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs. `private` is the seed of 32 bytes, a secret: it is left out where a signer is printed."""

    name: str
    hash: bytes
    private: bytes = field(repr=False)

    @property
    def verifier(self) -> Verifier:
        """What its signatures are checked with."""
        public = Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()
        return Verifier(self.name, self.hash, public)

    def sign(self, message: bytes) -> bytes:
        """Returns the 64 bytes of the Ed25519 signature of a message."""
        return Ed25519PrivateKey.from_private_bytes(self.private).sign(message)


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
    verifier = Verifier(name, key_hash(name, public), public)
    return f"PRIVATE+KEY+{name}+{verifier.hash.hex()}+{_encoded(ED25519, private.private_bytes_raw())}", verifier.text


def key_hash(name: str, public_key: bytes, kind: bytes = ED25519) -> bytes:
    """Returns the 4 bytes that tell one key of a name from another: SHA-256(name, newline, type, public key)[:4]."""
    return sha256(name.encode() + b"\n" + kind + public_key).digest()[:4]


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


def read_verifier(text: str) -> Verifier:
    """Returns the verifier key that a text is.

    Raises:
        BadKey: it is none, its hash is of another key, its type is not known here, or the key itself is no point of
            the curve or of low order.
    """
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise BadKey("a public key has three parts with a plus between them: its name, its hash, the key in base64")
    name, hash_, kind, public = _read_parts(*parts)
    if fault := fault_of_public_key(public):
        raise BadKey(f"the public key of {name} {fault}")
    if key_hash(name, public, kind) != hash_:
        raise BadKey(f"the hash in the public key of {name} is not that of the key: it was altered, or copied badly")
    return Verifier(name, hash_, public, kind)


def read_signer(text: str) -> Signer:
    """Returns the signing key that a text is; the error never repeats the key.

    Raises:
        BadKey: it is none, its hash is of another key, or it is of another type than plain Ed25519.
    """
    parts = text.removesuffix("\n").split("+", 4)
    if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
        raise BadKey("a signing key begins with PRIVATE+KEY+ and has a name, a hash and the key after it")
    name, hash_, kind, seed = _read_parts(*parts[2:])
    if kind != ED25519:
        raise BadKey(f"the signing key of {name} is of a witness, and a ledger signs with plain Ed25519")
    if len(seed) != 32:
        raise BadKey(f"the signing key of {name} has {len(seed)} bytes, and an Ed25519 key has 32")
    signer = Signer(name, hash_, seed)
    if key_hash(name, signer.verifier.public_key) != hash_:
        raise BadKey(f"the hash in the signing key of {name} is not that of the key: it was altered, or copied badly")
    return signer


def cosigned_at(signature: bytes) -> int:
    """Returns when a witness made a signature, in seconds since 1970, from the bytes after the key's hash."""
    return int.from_bytes(signature[:8], "big")


def strict_base64(text: str) -> bytes:
    """Returns the bytes that a text in standard base64 stands for; each sequence of bytes has exactly one such text.

    Raises:
        ValueError: the text is another.
    """
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64") from error
    if base64.b64encode(found).decode() != text:
        raise ValueError("not base64 in its one form")
    return found


def _read_parts(name: str, hash_: str, key: str) -> tuple[str, bytes, bytes, bytes]:
    """Returns the name, the hash, the type and the bytes of a key."""
    check_name(name)
    if not _HASH.fullmatch(hash_):
        raise BadKey("the second part of a key is its hash: 8 characters, 0 to 9 and a to f")
    try:
        decoded = strict_base64(key)
    except ValueError as error:
        raise BadKey("the last part of a key is not written in base64") from error
    kind = decoded[:1]
    if kind not in (ED25519, COSIGNATURE):
        meant = "nothing" if not kind else f"{_OTHER_TYPES.get(kind[0], 'unknown')} (type 0x{kind[0]:02x})"
        raise BadKey(f"the key of {name} is for {meant}; only Ed25519 is taken (types 0x01 and 0x04)")
    return name, bytes.fromhex(hash_), kind, decoded[1:]


def _encoded(kind: bytes, key: bytes) -> str:
    return base64.b64encode(kind + key).decode()
