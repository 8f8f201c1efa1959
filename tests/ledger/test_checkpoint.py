"""Checkpoints: three lines to the byte, signed by the ledger itself."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.checkpoint import BadCheckpoint, Checkpoint, open_checkpoint, read_checkpoint, sign_checkpoint
from engine.ledger.note import BadNote, read_signer, read_verifier

from .strangers import ORIGIN, checkpoint, cosignature_line, signature_line, skey, vkey

ROOT = base64.b64encode(bytes(range(32))).decode()
WITNESS = bytes([7]) * 32


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_is_what_a_stranger_writes(size: int, root: bytes) -> None:
    """Signed by us or by a stranger, a checkpoint is the same to the byte, and opens as what it says."""
    note = sign_checkpoint(Checkpoint(ORIGIN, size, root), read_signer(skey()))
    assert note == checkpoint(size, root)
    opened, by = open_checkpoint(note, [read_verifier(vkey())])
    assert (opened, by.signed_by) == (Checkpoint(ORIGIN, size, root), (read_verifier(vkey()),))


def test_extension_lines_are_kept() -> None:
    """Lines that others' ledgers add are read, and written again where they stood."""
    text = f"{ORIGIN}\n5\n{ROOT}\nsome extension\nmore\n"
    read = read_checkpoint(text)
    assert read.extensions == ("some extension", "more")
    assert read.text() == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{ORIGIN}\n5\n",
        f"{ORIGIN}\n5\n{ROOT}",
        f"\n5\n{ROOT}\n",
        f"{ORIGIN}\n\n{ROOT}\n",
        f"{ORIGIN}\n5\n{ROOT}\n\n",
        f"{ORIGIN}\n5\n{ROOT}\n\nx\n",
        *(f"{ORIGIN}\n{size}\n{ROOT}\n" for size in ("05", "00", "+5", "-5", " 5", "5 ", "5_0", "٥", "5.0", "0x5")),
        f"{ORIGIN}\n{2**63}\n{ROOT}\n",
        *(f"{ORIGIN}\n5\n{root}\n" for root in (ROOT[:-1], ROOT[:-4], f"{ROOT}AAAA", ROOT[:-2] + "9=", " " + ROOT)),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    """Another number of lines, an empty one, a size or a root in another form is no checkpoint.

    Seen to fail when the size was read with `int` alone: `5_0` and Arabic digits were sizes.
    """
    with pytest.raises(BadCheckpoint):
        read_checkpoint(text)


def test_witnesses_do_not_speak_for_the_ledger() -> None:
    """A checkpoint that only a known witness signed is refused; beside the ledger's own signature both are named.

    Seen to fail when any known signature was enough.
    """
    text = f"{ORIGIN}\n5\n{ROOT}\n"
    line = cosignature_line(text, "witness.example", WITNESS, 1)
    known = [read_verifier(vkey("witness.example", WITNESS, b"\x04")), read_verifier(vkey())]
    with pytest.raises(BadNote, match="only witnesses"):
        open_checkpoint(f"{text}\n{line}", known)
    assert set(open_checkpoint(f"{text}\n{signature_line(text)}{line}", known)[1].signed_by) == set(known)


@pytest.mark.parametrize("origin", ["a\nb", "", "a\tb"])
def test_no_origin_makes_a_text_of_another_meaning(origin: str) -> None:
    """An origin that would be read as another line is not signed."""
    with pytest.raises(BadNote):
        sign_checkpoint(Checkpoint(origin, 1, bytes(32)), read_signer(skey()))
