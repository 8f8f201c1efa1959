"""Receipts (c2sp.org/tlog-proof@v1): one entry, a checkpoint, and the hashes that lead from the one to the other."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from engine.ledger.checkpoint import BadCheckpoint, Checkpoint, open_checkpoint, read_checkpoint, read_number
from engine.ledger.merkle import HASH_SIZE, leaf_hash, verify_inclusion
from engine.ledger.note import MOST_BYTES, BadNote, Verifier, split_note, strict_base64

HEAD: Final = "c2sp.org/tlog-proof@v1"
MOST_HASHES: Final = 63  # the height of the tallest tree that a checkpoint can speak of


class BadProof(ValueError):
    """A text that is no receipt, or a receipt that does not hold."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt holds.

    Attributes:
        index: of the entry; hashes: of the inclusion proof, the leaf's sibling first.
        checkpoint: the signed note; extra: bytes with a meaning of others', which nobody signed; ours have none.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None


def write_receipt(receipt: Receipt) -> str:
    """Returns a receipt as text."""
    extra = [] if receipt.extra is None else [f"extra {base64.b64encode(receipt.extra).decode()}"]
    hashes = [base64.b64encode(hash_).decode() for hash_ in receipt.hashes]
    return "\n".join([HEAD, *extra, f"index {receipt.index}", *hashes, "", receipt.checkpoint])


def read_receipt(text: str) -> Receipt:
    """Returns what a receipt holds; its signatures and its hashes are not checked yet.

    Raises:
        BadProof: it is not written as a receipt is.
    """
    if len(text) > 2 * MOST_BYTES:
        raise BadProof("a text as long as this is no receipt")
    above, gap, checkpoint = text.partition("\n\n")
    head, *lines = above.split("\n")
    if head != HEAD:
        raise BadProof(f"a receipt begins with the line {HEAD}")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = _decoded(lines.pop(0).removeprefix("extra "), "the extra line of a receipt")
    if not gap or not lines or not lines[0].startswith("index "):
        raise BadProof("a receipt has a line with the index of its entry, and a checkpoint after an empty line")
    hashes = tuple(_decoded(line, "a hash of a receipt") for line in lines[1:])
    if len(hashes) > MOST_HASHES or any(len(hash_) != HASH_SIZE for hash_ in hashes):
        raise BadProof(f"a receipt has at most {MOST_HASHES} hashes, each of {HASH_SIZE} bytes")
    try:
        index = read_number(lines[0].removeprefix("index "), "the index of a receipt")
        read_checkpoint(split_note(checkpoint)[0])
    except BadNote as error:
        raise BadProof(str(error)) from error
    return Receipt(index, hashes, checkpoint, extra)


def check_receipt(receipt: Receipt, leaf: bytes, verifiers: Iterable[Verifier]) -> Checkpoint:
    """Returns the checkpoint of a receipt, once it is seen to hold for a leaf.

    The ledger's own key must have signed the checkpoint: one whose name is the checkpoint's origin.

    Args:
        leaf: the exact bytes of the entry.
        verifiers: the keys that are trusted.

    Raises:
        BadProof: the checkpoint is not signed by them, or the hashes do not lead from this leaf to its root.
    """
    try:
        checkpoint, opened = open_checkpoint(receipt.checkpoint, verifiers)
    except (BadNote, BadCheckpoint) as error:
        raise BadProof(f"the checkpoint in the receipt cannot be trusted: {error}") from error
    if all(verifier.name != checkpoint.origin for verifier in opened.signed_by):
        signed = ", ".join(verifier.name for verifier in opened.signed_by)
        raise BadProof(f"the checkpoint in the receipt is of the ledger {checkpoint.origin}, and {signed} signed it")
    if receipt.index >= checkpoint.size:
        raise BadProof(
            f"the receipt is of entry {receipt.index}, and its checkpoint covers {checkpoint.size} entries, from 0"
        )
    if not verify_inclusion(receipt.index, checkpoint.size, leaf_hash(leaf), receipt.hashes, checkpoint.root):
        raise BadProof(f"these bytes are not entry {receipt.index} of the ledger that the checkpoint is of")
    return checkpoint


def _decoded(text: str, what: str) -> bytes:
    try:
        return strict_base64(text)
    except ValueError as error:
        raise BadProof(f"{what} is not written in base64") from error
