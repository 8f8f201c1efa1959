"""Receipts and proofs of a register: made from stored nodes, and verified before they are given to anybody."""

from __future__ import annotations

from engine.core.errors import InputRefused, IntegrityFailure
from engine.ledger import tree
from engine.ledger.checkpoint import read_checkpoint
from engine.ledger.merkle import leaf_hash, verify_consistency, verify_inclusion
from engine.ledger.note import split_note
from engine.ledger.proof import Receipt, write_receipt
from engine.signer import sign_head
from engine.store import journal
from engine.store.database import Database
from engine.store.proofs import nodes_of, stored_root


def receipt(database: Database, seq: int) -> str:
    """Returns the receipt of an entry as text (a tlog-proof), over a checkpoint of the ledger as it ends now.

    Raises:
        NotFound: there is no such entry.
        IntegrityFailure: the entry's stored bytes do not lead to the root that is signed, or the signer refuses.
        StorageUnavailable: the signing key cannot be used.
    """
    return receipt_with_warnings(database, seq)[0]


def receipt_with_warnings(database: Database, seq: int) -> tuple[str, tuple[str, ...]]:
    """Returns what `receipt` does, and what the signer has to say to whoever keeps the register."""
    with database.read() as tx:
        journal.leaf(tx, seq)  # before anything is signed for an entry that is not there
    signed = sign_head(database)
    checkpoint = read_checkpoint(split_note(signed.note)[0])
    with database.read() as tx:
        leaf = leaf_hash(journal.leaf(tx, seq))
        hashes = tree.inclusion(seq, checkpoint.size, nodes_of(tx))
    if not verify_inclusion(seq, checkpoint.size, leaf, hashes, checkpoint.root):
        raise IntegrityFailure(
            f"Entry {seq} does not lead to the root of the ledger: it, or a part of the tree, was altered.",
            details={"seq": seq},
        )
    return write_receipt(Receipt(seq, tuple(hashes), signed.note)), signed.warnings


def consistency(database: Database, old: int, new: int) -> list[bytes]:
    """Returns the hashes that show the first `old` entries to be the beginning of the first `new`.

    Raises:
        InputRefused: the sizes are not in this order, or the ledger has fewer entries.
        IntegrityFailure: the stored tree does not show it.
    """
    with database.read() as tx:
        head = journal.head(tx)
        if not 0 <= old <= new <= head.size:
            raise InputRefused(
                f"Give two sizes of the ledger, the smaller first, from 0 to {head.size}; not {old} and {new}."
            )
        nodes = nodes_of(tx)
        proof = tree.consistency(old, new, nodes)
        onwards = tree.consistency(new, head.size, nodes)
        first, second = stored_root(tx, old), stored_root(tx, new)
    if not verify_consistency(old, new, first, second, proof):
        raise IntegrityFailure(f"The tree over {old} entries is not the beginning of the tree over {new}.")
    if not verify_consistency(new, head.size, second, head.root, onwards):
        raise IntegrityFailure(f"The tree over {new} entries is not the beginning of the ledger as it ends.")
    return proof
