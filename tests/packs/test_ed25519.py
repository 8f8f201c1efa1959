"""verify.py's own Ed25519 says what RFC 8032 and a library in wide use say."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.packing.verifier.ed25519 import ORDER, PRIME, read_public_key, signature_fits, write_point

# RFC 8032, section 7.1: public key, message, signature
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
LOW_ORDER = [  # the eight points that any signature can be made to fit, and other ways to write them
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]


def library_says(public: bytes, message: bytes, signature: bytes) -> bool:
    """Returns what the library in wide use says."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard(public: str, message: str, signature: str) -> None:
    """The signatures printed in RFC 8032 fit, and none of them fits another message.

    Seen to fail when the sum was compared without the sign of x.
    """
    key, said, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert signature_fits(key, said, signed)
    assert not signature_fits(key, said + b"x", signed)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511), st.booleans())
def test_it_agrees_with_a_library(seed: bytes, message: bytes, bit: int, spoil: bool) -> None:
    """For any key and message, and a signature with any bit flipped, it says what the library says."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), bytearray(private.sign(message))
    if spoil:
        signature[bit // 8] ^= 1 << bit % 8
    assert signature_fits(public, message, bytes(signature)) is library_says(public, message, bytes(signature))
    assert signature_fits(public, message, bytes(signature)) is not spoil


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=50), st.binary(min_size=64, max_size=64))
@example(bytes(32), b"\x92", bytes(64))  # a key of small order: the library lets some messages pass, we let none
def test_nothing_at_random_fits(public: bytes, message: bytes, signature: bytes) -> None:
    """Random bytes are refused, whether they are a key or not, also where the library lets such a key pass."""
    assert not signature_fits(public, message, signature)


def test_the_same_signature_written_otherwise_is_refused() -> None:
    """A signature whose number is written one order too large is refused: each has one proper form.

    Seen to fail without the comparison with the order.
    """
    public, message, signature = (bytes.fromhex(part) for part in VECTORS[1])
    larger = int.from_bytes(signature[32:], "little") + ORDER
    assert not signature_fits(public, message, signature[:32] + larger.to_bytes(32, "little"))
    assert not signature_fits(public, message, signature + b"\0")
    assert not signature_fits(public + b"\0", message, signature)


@pytest.mark.parametrize("point", LOW_ORDER)
def test_keys_that_fit_anything_are_refused(point: str) -> None:
    """A key of low order is no key, however it is written, and a signature made for it fits nothing.

    Seen to fail without the eightfold: then the all-zero number fits with the neutral point as its first half.
    """
    assert read_public_key(bytes.fromhex(point)) is None
    neutral = write_point((0, 1, 1, 0))
    assert not signature_fits(bytes.fromhex(point), b"anything", neutral + bytes(32))


def test_a_coordinate_beyond_the_prime_is_refused() -> None:
    """A key whose number is the prime or more is refused, though it stands for a point in other libraries."""
    for number in range(PRIME, 2**255):
        assert read_public_key(number.to_bytes(32, "little")) is None
