"""Keys of signed notes: encoded as published, so that others' verifiers read them."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.ledger.note import BadKeyName, check_name, key_hash, new_key


def test_the_two_halves_belong_together() -> None:
    """What the signer's seed signs, the verifier's public key verifies; both name the same key."""
    signer, verifier = new_key("example.org/register")
    private_word, key_word, signer_name, signer_hash, seed = signer.split("+", 4)
    name, hash_, public = verifier.split("+", 2)
    assert (private_word, key_word) == ("PRIVATE", "KEY")
    assert signer_name == name == "example.org/register"
    assert signer_hash == hash_
    seed_bytes, public_bytes = base64.b64decode(seed, validate=True), base64.b64decode(public, validate=True)
    assert seed_bytes[0] == public_bytes[0] == 1
    assert len(seed_bytes) == len(public_bytes) == 33
    signature = Ed25519PrivateKey.from_private_bytes(seed_bytes[1:]).sign(b"a note\n")
    Ed25519PublicKey.from_public_bytes(public_bytes[1:]).verify(signature, b"a note\n")


def test_the_hash_names_name_and_key() -> None:
    """The key hash is the first four bytes of SHA-256 over name, newline, type and public key, in lower-case hex."""
    _, verifier = new_key("é.example")
    name, hash_, public = verifier.split("+", 2)
    preimage = "é.example".encode() + b"\x0a" + base64.b64decode(public)
    assert hash_ == hashlib.sha256(preimage).hexdigest()[:8]
    assert bytes.fromhex(hash_) == key_hash(name, base64.b64decode(public)[1:])


def test_every_key_is_new() -> None:
    """Two keys of one name are different keys."""
    assert new_key("a")[0] != new_key("a")[0]


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u00a0b", "a\u2003b", "a\tb", "a\x00b", "a\ud800"])
def test_names_no_note_can_carry(name: str) -> None:
    """Empty names and names with a space of any kind, a plus, a control character or a lone surrogate are refused."""
    with pytest.raises(BadKeyName):
        new_key(name)


@pytest.mark.parametrize("name", ["a", "example.org/x-1", "NHS-Nord", "日本"])
def test_names_a_note_can_carry(name: str) -> None:
    """Any other name is taken."""
    check_name(name)
