"""Receipts: written as published, and holding for one leaf at one place only."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.merkle import inclusion_proof
from engine.ledger.note import read_verifier
from engine.ledger.proof import BadProof, Receipt, check_receipt, read_receipt, write_receipt

from .strangers import ORIGIN, checkpoint, hashed, signature_line, tree_head, vkey

LEAVES = [b"leaf %d" % number for number in range(21)]
NOTE = checkpoint(len(LEAVES), tree_head(hashed(LEAVES)))
KEY = [read_verifier(vkey())]


def text_of(index: int, note: str = NOTE, extra: str = "") -> str:
    """A receipt as a stranger writes it."""
    proof = inclusion_proof(index, hashed(LEAVES))
    lines = "".join(base64.b64encode(hash_).decode() + "\n" for hash_ in proof)
    return f"c2sp.org/tlog-proof@v1\n{extra}index {index}\n{lines}\n{note}"


@pytest.mark.parametrize("index", range(len(LEAVES)))
def test_each_receipt_holds_for_its_leaf_alone(index: int) -> None:
    """A receipt is read, written again to the byte, and holds for its own leaf and for no other."""
    receipt = read_receipt(text_of(index))
    assert write_receipt(receipt) == text_of(index)
    for other, leaf in enumerate(LEAVES):
        if other == index:
            assert check_receipt(receipt, leaf, KEY).size == len(LEAVES)
        else:
            with pytest.raises(BadProof, match="these bytes are not"):
                check_receipt(receipt, leaf, KEY)


def test_no_bit_of_a_receipt_can_be_changed() -> None:
    """A receipt with any bit changed does not hold for its leaf any more.

    Seen to fail when base64 was read without being written again: the last letter of a hash has bits without meaning.
    """
    raw = bytearray(text_of(20).encode())
    for at in range(len(raw)):
        for bit in range(8):
            raw[at] ^= 1 << bit
            with pytest.raises(BadProof):
                check_receipt(read_receipt(raw.decode("utf-8", "surrogateescape")), LEAVES[20], KEY)
            raw[at] ^= 1 << bit


@given(st.binary(max_size=40))
def test_extra_bytes_are_kept(extra: bytes) -> None:
    """The extra bytes of others' receipts are read and written again; nothing rests on them."""
    text = text_of(3, extra=f"extra {base64.b64encode(extra).decode()}\n")
    receipt = read_receipt(text)
    assert receipt.extra == extra
    assert write_receipt(receipt) == text
    assert check_receipt(receipt, LEAVES[3], KEY)


def test_a_ledger_of_one_entry_needs_no_hashes() -> None:
    """The receipt of the only entry has a checkpoint and no hash."""
    text = f"c2sp.org/tlog-proof@v1\nindex 0\n\n{checkpoint(1, hashed([b'x'])[0])}"
    assert read_receipt(text) == Receipt(0, (), checkpoint(1, hashed([b"x"])[0]))
    assert check_receipt(read_receipt(text), b"x", KEY).size == 1


def test_a_key_speaks_for_its_own_ledger() -> None:
    """A known key of another name than the checkpoint's origin does not make a receipt hold.

    Seen to fail when the origin was not compared with the name of the key.
    """
    text = NOTE.partition("\n\n")[0].replace(ORIGIN, "other.example") + "\n"
    with pytest.raises(BadProof, match="other.example"):
        check_receipt(read_receipt(text_of(3, f"{text}\n{signature_line(text)}")), LEAVES[3], KEY)


def test_a_receipt_beyond_its_checkpoint_does_not_hold() -> None:
    """An index that the checkpoint does not cover is told as such."""
    with pytest.raises(BadProof, match="covers 21 entries"):
        check_receipt(Receipt(21, (), NOTE), LEAVES[0], KEY)


GOOD = text_of(3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD.replace("@v1", "@v2"),
        GOOD.replace("index 3", "index 03"),
        GOOD.replace("index 3", "index -3"),
        GOOD.replace("index 3", "index  3"),
        GOOD.replace("index 3\n", ""),
        GOOD.replace("index 3", "extra AA==\nextra AA==\nindex 3"),
        GOOD.replace("index 3", "extra A\nindex 3"),
        GOOD.replace("index 3", "index 3\nextra AA=="),
        GOOD.replace("index 3", "index 3\nAA=="),
        GOOD.replace("index 3\n", "index 3\n" + "\n".join([base64.b64encode(bytes(32)).decode()] * 64) + "\n"),
        GOOD.partition("\n\n")[0],
        GOOD.partition("\n\n")[0] + "\n\nno checkpoint",
        GOOD.replace("\n", "\r\n"),
        "\n" + GOOD,
        GOOD + "x" * 2_000_000,
    ],
)
def test_what_is_no_receipt_is_refused(text: str) -> None:
    """Another version, an index in another form, a line too many or in the wrong place is no receipt."""
    with pytest.raises(BadProof):
        read_receipt(text)
