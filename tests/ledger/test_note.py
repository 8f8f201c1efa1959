"""Signed notes: what is signed opens, and nothing else does."""

from __future__ import annotations

import base64

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.ledger.curve import fault_of_public_key
from engine.ledger.note import (
    COSIGNATURE,
    BadKey,
    BadNote,
    Verifier,
    key_hash,
    new_key,
    open_note,
    read_signer,
    read_verifier,
    sign_note,
)

from .strangers import ORIGIN, cosignature_line, key_id, signature_line, skey, vkey

TEXT = f"{ORIGIN}\n7\n{base64.b64encode(bytes(32)).decode()}\n"
OTHER = bytes(reversed(range(32)))
texts = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]), max_size=40).map(lambda t: t + "\n")


@given(texts)
def test_what_was_signed_opens(text: str) -> None:
    """A text opens as it was signed, with the key that signed it, whatever stands in it."""
    opened = open_note(sign_note(text, read_signer(skey())), [read_verifier(vkey())])
    assert (opened.text, opened.signed_by, opened.others) == (text, (read_verifier(vkey()),), ())


def test_a_stranger_s_note_opens() -> None:
    """A note that was written without our code opens, and ours is the same to the byte."""
    note = f"{TEXT}\n{signature_line(TEXT)}"
    assert sign_note(TEXT, read_signer(skey())) == note
    assert open_note(note, [read_verifier(vkey())]).text == TEXT


def test_no_bit_of_a_note_can_be_changed() -> None:
    """A note with any bit changed does not open.

    Seen to fail when the dash before a signature was not looked at.
    """
    raw = bytearray(sign_note(TEXT, read_signer(skey())).encode())
    for at in range(len(raw)):
        for bit in range(8):
            raw[at] ^= 1 << bit
            with pytest.raises(BadNote):
                open_note(raw.decode("utf-8", "surrogateescape"), [read_verifier(vkey())])
            raw[at] ^= 1 << bit


def test_signatures_of_unknown_keys_are_ignored() -> None:
    """A note is believed for the keys that are known; others' lines, of the same name or hash too, are passed on."""
    same_name = signature_line(TEXT, ORIGIN, OTHER)
    id_of_ours = key_id(ORIGIN, base64.b64decode(vkey().split("+", 2)[2]))
    same_hash = f"— other.example {base64.b64encode(id_of_ours + bytes(64)).decode()}\n"
    long = f"— large.example {base64.b64encode(bytes(5000)).decode()}\n"
    lines = [same_name, same_hash, signature_line(TEXT), long]
    opened = open_note(f"{TEXT}\n{''.join(lines)}", [read_verifier(vkey())])
    assert opened.signed_by == (read_verifier(vkey()),)
    assert opened.others == tuple(line.rstrip("\n") for line in (same_name, same_hash, long))


def test_a_bad_signature_of_a_known_key_refuses_the_whole_note() -> None:
    """One wrong signature by a known key is enough, however many good ones stand beside it.

    Seen to fail when a known key's wrong signature was passed over like an unknown one.
    """
    wrong = signature_line("another text\n", "witness.example", OTHER)
    known = [read_verifier(vkey()), read_verifier(vkey("witness.example", OTHER))]
    note = f"{TEXT}\n{signature_line(TEXT)}{wrong}"
    with pytest.raises(BadNote, match="altered"):
        open_note(note, known)
    assert open_note(note, known[:1]).text == TEXT


def test_a_note_that_no_known_key_signed_is_refused() -> None:
    """Unknown signatures alone make nothing believed, and the refusal names who is said to have signed."""
    with pytest.raises(BadNote, match=ORIGIN):
        open_note(f"{TEXT}\n{signature_line(TEXT)}", [read_verifier(vkey("b.example", OTHER))])


def test_sixteen_signatures_and_more_are_taken() -> None:
    """A note may carry 16 signatures and more, and not without end."""
    lines = [signature_line(TEXT, f"w{n}.example", bytes([n] * 32)) for n in range(101)]
    ours = signature_line(TEXT)
    for count in (15, 99):
        note = f"{TEXT}\n{''.join(lines[:count])}{ours}"
        assert len(open_note(note, [read_verifier(vkey())]).others) == count
    for note in (f"{TEXT}\n{''.join(lines)}", f"{'x' * 1_000_000}\n\n{ours}"):
        with pytest.raises(BadNote, match="is not read"):
            open_note(note, [read_verifier(vkey())])


@pytest.mark.parametrize("time", [0, 1_780_000_000, 2**63 - 1])
def test_a_witness_s_cosignature_is_verified(time: int) -> None:
    """A key of type 0x04 verifies a witness's signature over the text and its time, and no other time."""
    key = read_verifier(vkey("witness.example", OTHER, b"\x04"))
    line = cosignature_line(TEXT, "witness.example", OTHER, time)
    assert key.kind == COSIGNATURE
    assert open_note(f"{TEXT}\n{signature_line(TEXT)}{line}", [key]).signed_by == (key,)
    raw = bytearray(base64.b64decode(line.split(" ")[2]))
    raw[11] ^= 1
    moved = f"— witness.example {base64.b64encode(raw).decode()}\n"
    with pytest.raises(BadNote, match="altered"):
        open_note(f"{TEXT}\n{moved}", [key])


def test_one_key_in_two_kinds_is_two_keys() -> None:
    """A plain signature does not pass for a cosignature of the same key, nor the other way."""
    plain, witness = read_verifier(vkey()), read_verifier(vkey(kind=b"\x04"))
    assert plain.hash != witness.hash
    with pytest.raises(BadNote, match="none of the keys"):
        open_note(f"{TEXT}\n{signature_line(TEXT)}", [witness])


@pytest.mark.parametrize(
    "note",
    [
        "",
        TEXT,
        f"{TEXT}{signature_line(TEXT)}",
        f"{TEXT}\n",
        f"{TEXT}\n{signature_line(TEXT)}"[:-1],
        f"{TEXT}\n{signature_line(TEXT)}\n",
        f"{TEXT}\n{signature_line(TEXT)}x\n",
        f"{TEXT}\n{signature_line(TEXT).replace('—', '-')}",
        f"{TEXT}\n{signature_line(TEXT).replace('— ', '—  ')}",
        f"{TEXT}\n{signature_line(TEXT)[:-1]} \n",
        f"{TEXT}\n— a.example AAAA\n{signature_line(TEXT)}",
        f"{TEXT}\n— a.example AAAAAA==\n{signature_line(TEXT)}",
        f"{TEXT}\n— a+b AAAAAAAA\n{signature_line(TEXT)}",
        f"{TEXT}\n— a\u00a0b AAAAAAAA\n{signature_line(TEXT)}",
        f"{TEXT}\n— a.example AAAAAAA*\n{signature_line(TEXT)}",
        f"{TEXT}\n— a.example AAAAAAB=\n{signature_line(TEXT)}",
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    """Without its empty line, its last line end, its dash or strict base64 a text is no note."""
    with pytest.raises(BadNote):
        open_note(note, [read_verifier(vkey())])


@pytest.mark.parametrize("text", ["a\tb\n", "a\rb\n", "a\0\n", "a\x1f\n", "a\ud800\n", "no end"])
def test_what_no_note_may_hold_is_not_signed(text: str) -> None:
    """Control characters, broken text and text without a last line end are neither signed nor opened."""
    with pytest.raises(BadNote):
        sign_note(text, read_signer(skey()))
    with pytest.raises(BadNote):
        open_note(f"{text}\n{signature_line('a')}", [read_verifier(vkey())])


def test_the_text_ends_at_the_last_empty_line() -> None:
    """A text may hold empty lines; what stands after the last one are the signatures."""
    text = f"a\n\n{signature_line('a')}\n\nb\n"
    assert open_note(f"{text}\n{signature_line(text)}", [read_verifier(vkey())]).text == text


# the points of low order of Ed25519, by y: 0, 1, -1, and the two of order 8; then 0 and 1 written as p and p + 1
LOW_ORDER_Y = [
    0,
    1,
    2**255 - 20,
    int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
    int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"),
    2**255 - 19,
    2**255 - 18,
]


@pytest.mark.parametrize("y", LOW_ORDER_Y)
@pytest.mark.parametrize("sign", [0, 1])
def test_keys_of_low_order_are_refused(y: int, sign: int) -> None:
    """None of the points of low order is a key, in any way of writing it.

    Seen to fail when a point was doubled twice only: those of order 8 were taken.
    """
    key = (y | sign << 255).to_bytes(32, "little")
    named = f"a.example+{key_id('a.example', bytes([1]) + key).hex()}+{base64.b64encode(bytes([1]) + key).decode()}"
    with pytest.raises(BadKey, match="low order|no point"):
        read_verifier(named)


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_a_point_of_the_curve(key: bytes) -> None:
    """Half of all 32 bytes are points; a key is taken exactly where x^2 (1 + d y^2) = y^2 - 1 has a solution x."""
    p = 2**255 - 19
    d = -121665 * pow(121666, p - 2, p) % p
    y = int.from_bytes(key, "little") % 2**255
    assume(y not in LOW_ORDER_Y)
    square = (y * y - 1) * pow(d * y * y + 1, p - 2, p) % p
    on_curve = y < p and pow(square, (p - 1) // 2, p) == 1
    assert (fault_of_public_key(key) is None) == on_curve


def test_every_key_of_ours_is_taken() -> None:
    """Keys as they are made are read back, and what a signer's verifier is."""
    for _ in range(50):
        signer, verifier = new_key("a.example/1")
        assert read_verifier(verifier).text == verifier == read_signer(signer).verifier.text
        assert read_signer(signer + "\n").private not in repr(read_signer(signer)).encode()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "three parts"),
        ("a+b", "three parts"),
        (vkey().replace(ORIGIN, "other.example"), "hash in the public key"),
        (vkey().replace(ORIGIN, "a b"), "cannot hold"),
        (vkey().replace(ORIGIN, ""), "cannot be empty"),
        (vkey().upper(), "second part|base64|hash"),
        (vkey() + "\n", "base64"),
        (vkey()[:-4], "base64|bytes"),
        (vkey(kind=b"\x02"), "ECDSA .type 0x02"),
        (vkey(kind=b"\x06"), "ML-DSA-44 cosignature .type 0x06"),
        (vkey(kind=b"\x33"), "unknown .type 0x33"),
        ("a.example+00000000+", "for nothing"),
    ],
)
def test_what_is_no_public_key_is_refused(text: str, why: str) -> None:
    """A verifier key of another name, hash, length or kind is refused, with the reason."""
    with pytest.raises(BadKey, match=why):
        read_verifier(text)


@pytest.mark.parametrize(
    "text", ["", vkey(), skey().replace("PRIVATE", "private"), skey()[:-8], skey().replace(ORIGIN, "x.example")]
)
def test_what_is_no_signing_key_is_refused(text: str) -> None:
    """A signing key of another form or name is refused, and the refusal does not repeat it."""
    with pytest.raises(BadKey) as caught:
        read_signer(text)
    assert base64.b64encode(b"\x01" + bytes(range(32))).decode()[:30] not in str(caught.value)


def test_a_witness_s_key_does_not_sign_for_a_ledger() -> None:
    """A signing key of the witnesses' kind is not taken for a ledger's."""
    seed = b"\x04" + bytes(range(32))
    public = base64.b64decode(vkey().split("+", 2)[2])[1:]
    name = key_hash(ORIGIN, public, COSIGNATURE).hex()
    with pytest.raises(BadKey, match="of a witness"):
        read_signer(f"PRIVATE+KEY+{ORIGIN}+{name}+{base64.b64encode(seed).decode()}")


def test_verifiers_are_compared_by_what_they_are() -> None:
    """Two readings of one key are one key."""
    assert read_verifier(vkey()) == Verifier(ORIGIN, *_parts(vkey()))


def _parts(text: str) -> tuple[bytes, bytes]:
    _, hash_, key = text.split("+", 2)
    return bytes.fromhex(hash_), base64.b64decode(key)[1:]
