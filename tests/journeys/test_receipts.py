"""Receipts, checkpoints and proofs of consistency: what a register gives out holds without the register."""

from __future__ import annotations

import base64

import pytest

from engine.api import InputRefused, IntegrityFailure, NotFound, check_proof
from engine.ledger.checkpoint import Checkpoint, open_checkpoint
from engine.ledger.merkle import EMPTY_ROOT, verify_consistency
from engine.ledger.note import read_verifier

from .town import MANAGER, PROJECT, Json, Town, refused
from .wreck import story, unguarded


def opened(town: Town, note: str) -> Checkpoint:
    """Returns what a checkpoint says, once the register's key is seen to have signed it."""
    return open_checkpoint(note, [read_verifier(town.engine.public_key()["public_key"])])[0]


def grow(town: Town, entries: int) -> None:
    """Makes the ledger longer, to more than a tile: a project is held and resumed."""
    if not town.engine.projects()["projects"]:
        town.open()
    while town.size < entries:
        town.engine.hold(PROJECT, "A pause", actor=MANAGER)
        town.engine.resume(PROJECT, "Work goes on", actor=MANAGER)


def test_every_entry_has_a_receipt_that_holds(town: Town) -> None:
    """The receipt of each entry holds for its exact bytes, under the register's key, and for no other entry's."""
    story(town)
    size, key = town.size, town.engine.public_key()["public_key"]
    for seq in range(size):
        receipt, leaf = town.engine.receipt(seq)["receipt"], town.engine.leaf(seq)
        assert check_proof(leaf, receipt, key) == {
            "ok": True,
            "index": seq,
            "origin": "cocycle.example/town",
            "size": size,
            "root": base64.b64encode(opened(town, receipt.partition("\n\n")[2]).root).decode(),
            "problems": [],
        }
        assert not check_proof(town.engine.leaf((seq + 1) % size), receipt, key)["ok"]
    assert town.size == size, "giving receipts adds nothing to the ledger"


def test_a_receipt_says_why_it_does_not_hold(town: Town) -> None:
    """For other bytes, another key or a text that is no receipt the answer says so, at the index where there is one."""
    town.open()
    receipt, leaf = town.engine.receipt(2)["receipt"], town.engine.leaf(2)
    key = town.engine.public_key()["public_key"]

    def told(*given: object) -> tuple[object, str]:
        (problem,) = check_proof(*given)["problems"]  # type: ignore[arg-type]  # the three that differ are texts or bytes
        return problem["seq"], problem["message"]

    seq, why = told(leaf + b" ", receipt, key)
    assert (seq, "these bytes are not entry 2" in why) == (2, True)
    seq, why = told(leaf, receipt.replace("index 2", "index 02"), key)
    assert (seq, "cannot be read" in why) == (None, True)
    refused(InputRefused, None, lambda: check_proof(leaf, receipt, "no key"))


def test_a_checkpoint_is_the_ledger_as_it_ends(town: Town) -> None:
    """A checkpoint has the size and the root of the ledger, and is the same while nothing is added."""
    town.open()
    found = town.engine.checkpoint()
    checkpoint, verified = opened(town, found["checkpoint"]), town.engine.verify()
    assert (checkpoint.size, base64.b64encode(checkpoint.root).decode()) == (verified["size"], verified["root"])
    assert town.engine.checkpoint() == found


def test_older_checkpoints_are_the_beginning_of_newer_ones(town: Town) -> None:
    """Between any two checkpoints that were taken on the way the proof of consistency holds, from nothing to now."""
    roots = {0: EMPTY_ROOT}
    for entries in (1, 250, 256, 262):
        grow(town, entries)
        checkpoint = opened(town, town.engine.checkpoint()["checkpoint"])
        roots[checkpoint.size] = checkpoint.root
    for old, old_root in roots.items():
        for new, new_root in roots.items():
            if old <= new:
                proof = [base64.b64decode(hash_) for hash_ in town.engine.consistency(old, new)["hashes"]]
                assert verify_consistency(old, new, old_root, new_root, proof)
    assert len(roots) == 5


@pytest.mark.parametrize("sizes", [(5, 4), (-1, 4), (0, 10_000)])
def test_sizes_the_ledger_never_had_have_no_proof(town: Town, sizes: tuple[int, int]) -> None:
    """Sizes in the wrong order, below nothing or beyond the end are refused as input."""
    refused(InputRefused, None, lambda: town.engine.consistency(*sizes))


@pytest.mark.parametrize("seq", [-1, 10_000, 2**70])
def test_what_is_not_there_has_no_receipt(town: Town, seq: int) -> None:
    """An index that the ledger does not have is not found."""
    refused(NotFound, None, lambda: town.engine.receipt(seq))


def test_no_receipt_is_given_for_altered_bytes(town: Town) -> None:
    """Once an entry's stored bytes are others, its receipt is refused, whatever the stored hash says.

    Seen to fail when the stored hash was believed: a receipt was given that held for no leaf.
    """
    scene = story(town)
    town.engine.checkpoint()
    with unguarded(town) as database:
        (leaf,) = database.execute("SELECT leaf FROM entry WHERE seq = ?", (scene.seq,)).fetchone()
        changed = leaf.replace(b"2026-06-01", b"2026-05-01")
        assert changed != leaf
        database.execute("UPDATE entry SET leaf = ? WHERE seq = ?", (changed, scene.seq))
    failure = refused(IntegrityFailure, None, lambda: town.engine.receipt(scene.seq))
    assert str(scene.seq) in failure.message


def test_altered_nodes_make_no_proofs(town: Town) -> None:
    """A stored node that is another, or gone, gives no receipt and no proof, but an integrity failure.

    Seen to fail when proofs were given out without being verified.
    """
    grow(town, 270)
    town.engine.checkpoint()
    for hand in ("UPDATE node SET hash = randomblob(32)", "DELETE FROM node"):
        with unguarded(town) as database:
            database.execute(hand)
        refused(IntegrityFailure, None, lambda: town.engine.receipt(265))
        refused(IntegrityFailure, None, lambda: town.engine.consistency(257, 266))
        assert check(town, 3)["ok"], "below a node nothing rests on it"


def check(town: Town, seq: int) -> Json:
    """Checks the receipt of an entry."""
    given = town.engine.receipt(seq)["receipt"]
    return check_proof(town.engine.leaf(seq), given, town.engine.public_key()["public_key"])
