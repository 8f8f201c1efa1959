"""Holds a ledger against what people kept of it: checkpoints and receipts from before, in other hands than its own.

Whoever can write everything that is stored can make a ledger that agrees with itself. It cannot be made to agree with a
checkpoint that it does not hold, so this is what finds a ledger that was cut short, forked or rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from engine.ledger.checkpoint import Checkpoint, open_checkpoint, read_checkpoint
from engine.ledger.merkle import verify_inclusion
from engine.ledger.note import BadNote, Verifier, split_note
from engine.ledger.proof import BadProof, Receipt, read_receipt
from engine.ledger.verify import Problem


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that was kept: the checkpoint's note and what it says, with the receipt where it is one."""

    note: str
    checkpoint: Checkpoint
    receipt: Receipt | None = None

    @property
    def called(self) -> str:
        """What it is called in a sentence."""
        if self.receipt is not None:
            return f"the receipt that was kept of entry {self.receipt.index}"
        return f"the checkpoint that was kept of the first {self.checkpoint.size} entries"


def read_kept(checkpoints: Sequence[str], receipts: Sequence[str]) -> tuple[list[Kept], list[Problem]]:
    """Returns what was kept, the smallest ledger first, and a problem for each text that is no such thing.

    Args:
        checkpoints: signed notes; receipts: tlog-proofs; each as text.
    """
    kept: list[Kept] = []
    problems: list[Problem] = []
    for text in checkpoints:
        try:
            kept.append(Kept(text, read_checkpoint(split_note(text)[0])))
        except BadNote as error:
            problems.append(Problem(None, "kept", f"A checkpoint that was kept cannot be read: {error}."))
    for text in receipts:
        try:
            receipt = read_receipt(text)
            checkpoint = read_checkpoint(split_note(receipt.checkpoint)[0])
            kept.append(Kept(receipt.checkpoint, checkpoint, receipt))
        except (BadNote, BadProof) as error:
            problems.append(Problem(None, "kept", f"A receipt that was kept cannot be read: {error}."))
    return sorted(kept, key=lambda k: (k.checkpoint.size, k.receipt is not None)), problems


def wanted(kept: Sequence[Kept]) -> tuple[set[int], set[int]]:
    """Returns the sizes whose roots, and the indices whose leaf hashes, `kept_problems` will ask for."""
    return {k.checkpoint.size for k in kept}, {k.receipt.index for k in kept if k.receipt is not None}


def kept_problems(
    kept: Sequence[Kept],
    *,
    verifiers: Collection[Verifier] | None,
    origins: Collection[str],
    size: int,
    root_at: Callable[[int], bytes | None],
    leaf_hash_at: Callable[[int], bytes | None],
) -> Iterator[Problem]:
    """Yields every contradiction between a ledger and what was kept of it, the smallest ledger first.

    Args:
        kept: from `read_kept`.
        verifiers: the ledger's keys, those before rotations included; None where signatures cannot be checked.
        origins: what the ledger is and was called.
        size: how many entries it has.
        root_at: the root of the tree over that many entries, from 0 to `size`; None where it cannot be computed.
        leaf_hash_at: the hash of the leaf at an index below `size`; None where it cannot be computed.
    """
    agreed = 0
    for one in kept:
        checkpoint, called = one.checkpoint, one.called
        fault = _fault(one, verifiers, origins)
        if fault is not None:
            yield Problem(None, "kept", f"{called[:1].upper()}{called[1:]} proves nothing here: {fault}.")
            continue
        if checkpoint.size > size:
            yield Problem(
                size,
                "kept",
                f"The ledger is shorter than it was: it ends before entry {size}, and {called} "
                f"covers {checkpoint.size} entries.",
            )
            yield from _receipt_problems(one, size, leaf_hash_at, agrees=False)
            continue
        root = root_at(checkpoint.size)
        agrees = root == checkpoint.root
        if root is None:
            yield Problem(None, "kept", f"The ledger is too damaged to be held against {called}.")
        elif agrees:
            agreed = checkpoint.size
        else:
            yield _rewritten(agreed, checkpoint.size, called)
        yield from _receipt_problems(one, size, leaf_hash_at, agrees=agrees)


def _fault(one: Kept, verifiers: Collection[Verifier] | None, origins: Collection[str]) -> str | None:
    """Returns why a kept thing is not of this ledger, or not to be trusted; None where it is."""
    if one.checkpoint.origin not in origins:
        return f"it is of another ledger, {one.checkpoint.origin}"
    if verifiers is not None:
        try:
            open_checkpoint(one.note, verifiers)
        except BadNote as error:
            return str(error)
    return None


def _rewritten(agreed: int, size: int, called: str) -> Problem:
    """A root that is another; the entry is known where only one lies between the last that agrees and this one."""
    if agreed == size - 1:
        return Problem(agreed, "kept", f"The ledger was rewritten: entry {agreed} is not the one in {called}.")
    if not size:
        return Problem(None, "kept", f"{called[:1].upper()}{called[1:]} does not have the root of an empty ledger.")
    span = f"from {agreed} to {size - 1}"
    return Problem(None, "kept", f"The ledger was rewritten: the entries {span} are not those of {called}.")


def _receipt_problems(
    one: Kept, size: int, leaf_hash_at: Callable[[int], bytes | None], *, agrees: bool
) -> Iterator[Problem]:
    receipt, checkpoint = one.receipt, one.checkpoint
    if receipt is None:
        return
    index = receipt.index
    if index >= checkpoint.size:
        yield Problem(
            None, "kept", f"A receipt that was kept is of entry {index}, which its checkpoint does not cover."
        )
    elif index >= size:
        yield Problem(index, "kept", f"Entry {index} is not here, and a receipt of it was kept.")
    else:
        leaf = leaf_hash_at(index)
        if leaf is None:
            yield Problem(index, "kept", f"Entry {index} is too damaged to be held against its receipt.")
        elif not verify_inclusion(index, checkpoint.size, leaf, receipt.hashes, checkpoint.root):
            if agrees:
                why = f"The receipt that was kept of entry {index} does not lead to its own checkpoint; it was altered."
            else:
                why = f"Entry {index} is not the one that a receipt was kept of."
            yield Problem(index, "kept", why)
