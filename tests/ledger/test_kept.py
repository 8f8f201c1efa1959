"""What people kept finds what a ledger that agrees with itself hides: a cut, a fork, a rewriting."""

from __future__ import annotations

import base64

import pytest

from engine.ledger.export import Verified, verify_export
from engine.ledger.merkle import inclusion_proof
from engine.ledger.note import read_verifier

from .strangers import checkpoint, hashed, lay_out, our_leaves, reader, tree_head, vkey

KEY = read_verifier(vkey())
LEAVES = our_leaves(300)


def kept_checkpoint(size: int, leaves: list[bytes] = LEAVES) -> str:
    """A checkpoint as it was when the ledger had so many entries."""
    return checkpoint(size, tree_head(hashed(leaves[:size])))


def kept_receipt(index: int, size: int, leaves: list[bytes] = LEAVES) -> str:
    """A receipt as it was given when the ledger had so many entries."""
    proof = inclusion_proof(index, hashed(leaves[:size]))
    lines = "".join(base64.b64encode(hash_).decode() + "\n" for hash_ in proof)
    return f"c2sp.org/tlog-proof@v1\nindex {index}\n{lines}\n{kept_checkpoint(size, leaves)}"


def held_against(
    leaves: list[bytes], *, checkpoints: list[str] | None = None, receipts: list[str] | None = None
) -> Verified:
    """What verifying a whole and signed ledger finds, once it is held against what was kept."""
    files = lay_out(leaves)
    found = verify_export(
        reader(files), files.keys(), verifier=KEY, checkpoints=checkpoints or [], receipts=receipts or []
    )
    assert {problem.kind for problem in found.problems} <= {"kept"}, "the ledger agrees with itself"
    return found


def rewritten(index: int) -> list[bytes]:
    """The ledger with one entry changed and everything above it made anew."""
    leaves = list(LEAVES)
    leaves[index] = leaves[index].replace(b'"number":', b'"number":1')
    return leaves


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 300])
def test_a_ledger_that_only_grew_agrees(size: int) -> None:
    """Every checkpoint and receipt of before holds for a ledger that only grew."""
    receipts = [kept_receipt(index, size) for index in {0, size // 2, size - 1} if 0 <= index < size]
    assert held_against(LEAVES, checkpoints=[kept_checkpoint(size)], receipts=receipts).problems == []


def test_a_shorter_ledger_is_found() -> None:
    """A ledger that was cut short contradicts the checkpoint of before at the first entry that is gone.

    Seen to fail when a checkpoint beyond the end was left out.
    """
    found = held_against(LEAVES[:200], checkpoints=[kept_checkpoint(300)], receipts=[kept_receipt(250, 300)])
    assert [(p.seq, "shorter" in p.message or "not here" in p.message) for p in found.problems] == [
        (200, True),
        (200, True),
        (250, True),
    ]


def test_a_rewritten_ledger_is_found() -> None:
    """A ledger with an entry rewritten contradicts every checkpoint that covers the entry, and none from before it.

    Seen to fail when roots were compared at the size of today only.
    """
    kept = [kept_checkpoint(size) for size in (300, 100, 200)]
    found = held_against(rewritten(150), checkpoints=kept)
    assert ["from 100 to 199" in p.message for p in found.problems] == [True, False]
    assert len(held_against(rewritten(50), checkpoints=kept).problems) == 3


def test_between_two_checkpoints_one_entry_apart_the_entry_is_named() -> None:
    """Where the checkpoint before an entry agrees and the one after it does not, the problem has the entry's index."""
    found = held_against(rewritten(150), checkpoints=[kept_checkpoint(150), kept_checkpoint(151)])
    assert [p.seq for p in found.problems] == [150]


def test_a_false_checkpoint_of_an_empty_ledger_is_told_of() -> None:
    """A checkpoint that was kept of no entries at all must have the root of the empty tree, and is said not to.

    Seen to fail when the sentence spoke of entries that were rewritten, from none to none.
    """
    (problem,) = held_against(LEAVES, checkpoints=[checkpoint(0, bytes(32))]).problems
    assert "root of an empty ledger" in problem.message


def test_a_receipt_names_its_entry() -> None:
    """The receipt of an entry that was rewritten names that entry; those of its neighbours say the tree is another."""
    found = held_against(rewritten(150), receipts=[kept_receipt(150, 200)])
    assert 150 in [p.seq for p in found.problems]
    neighbour = held_against(rewritten(150), receipts=[kept_receipt(10, 200)])
    assert [p.seq for p in neighbour.problems] == [None]


def test_an_altered_receipt_is_not_the_ledger_s_fault() -> None:
    """A receipt whose hashes were altered is told as such while its checkpoint agrees."""
    other = kept_receipt(7, 200).split("\n")
    other[2] = base64.b64encode(bytes(32)).decode()
    (problem,) = held_against(LEAVES, receipts=["\n".join(other)]).problems
    assert problem.seq == 7
    assert "does not lead to its own checkpoint" in problem.message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (kept_checkpoint(100).replace("\n100\n", "\n101\n"), "altered"),
        (checkpoint(100, bytes(32), seed=bytes(32)), "none of the keys"),
        (checkpoint(100, bytes(32), "other.example/log"), "another ledger"),
        ("nothing", "cannot be read"),
        ("\udcff", "cannot be read"),
    ],
)
def test_what_proves_nothing_is_told(text: str, why: str) -> None:
    """A checkpoint that was altered, is another's, or is none is a problem of its own, and blames no entry."""
    (problem,) = held_against(LEAVES, checkpoints=[text]).problems
    assert problem.seq is None
    assert why in problem.message
    (problem,) = held_against(LEAVES, receipts=[text]).problems
    assert "cannot be read" in problem.message


def test_a_receipt_beyond_its_own_checkpoint_proves_nothing() -> None:
    """A receipt of an entry that its checkpoint does not cover is told."""
    text = kept_receipt(7, 200).replace("index 7", "index 200")
    assert "does not cover" in held_against(LEAVES, receipts=[text]).problems[0].message


def test_without_a_key_what_was_kept_still_counts() -> None:
    """Where no key is given the kept checkpoints are compared all the same; a fork is found."""
    files = lay_out(rewritten(150))
    found = verify_export(reader(files), files.keys(), checkpoints=[kept_checkpoint(200)])
    assert [p.kind for p in found.problems] == ["kept"]
