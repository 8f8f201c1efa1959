"""Recovering the ledger: what was signed and is lost for ever is said in the ledger, and a new name begins."""

from __future__ import annotations

import base64

from engine.api import IntegrityFailure, RulesRefused, StorageUnavailable
from engine.ledger.checkpoint import open_checkpoint
from engine.ledger.note import read_verifier
from engine.signer import signed_checkpoint
from engine.signer_memory import memory_file
from engine.signing_key import key_file

from .test_rotation import SECOND, public_key, with_second
from .test_signer import opened, put_back, set_aside
from .town import ADMIN, Json, Town, refused
from .wreck import unguarded


def recover(town: Town) -> Json:
    """Has two admins recover the ledger."""
    return town.engine.recover("The disk burnt, and the backup is of Monday", SECOND, actor=ADMIN)


def lose_a_project(town: Town) -> tuple[int, bytes]:
    """Puts an older copy back for ever; returns size and root of what was signed."""
    copy = set_aside(with_second(town), "older.db")
    town.open()
    lost = opened(town.engine)
    put_back(town, copy)
    return lost.size, lost.root


def test_an_older_copy_is_signed_again_once_the_loss_is_on_record(town: Town) -> None:
    """After recovering, the ledger is signed under a new name by a new key, and says what was signed and is lost.

    Seen to fail when the memory of the lost ledger was kept.
    """
    size, root = lose_a_project(town)
    refused(IntegrityFailure, "older_copy", lambda: signed_checkpoint(town.engine.database))
    here = town.size
    answer = recover(town)
    body = town.leaves(answer["seq"])[0]["body"]
    assert (body["lost_size"], body["lost_root"]) == (size, base64.b64encode(root).decode())
    assert body["size"] == here
    checkpoint, _ = open_checkpoint(signed_checkpoint(town.engine.database), [read_verifier(answer["public_key"])])
    assert (checkpoint.origin, checkpoint.size) == ("cocycle.example/town/2", town.size)
    assert public_key(town) == answer["public_key"]
    town.open()
    assert opened(town.engine).size == town.size
    assert town.engine.verify()["problems"] == []


def test_nothing_is_recovered_where_nothing_was_lost(town: Town) -> None:
    """A register that its signer would sign is not recovered: its name and its key stay."""
    before = public_key(with_second(town))
    refused(RulesRefused, "nothing_lost", lambda: recover(town))
    assert public_key(town) == before
    assert opened(town.engine).origin == "cocycle.example/town"


def test_an_altered_entry_is_no_loss(town: Town) -> None:
    """An older copy in which an entry was altered is not recovered, for a new signature would cover that up."""
    lose_a_project(town)
    with unguarded(town) as database:
        leaf = database.execute("SELECT leaf FROM entry WHERE seq = 3").fetchone()[0]
        database.execute("UPDATE entry SET leaf = ? WHERE seq = 3", (leaf.replace(b'"by":"', b'"by":"x'),))
    error = refused(IntegrityFailure, "integrity_failure", lambda: recover(town))
    assert "Entry 3 " in error.message
    refused(IntegrityFailure, "older_copy", lambda: signed_checkpoint(town.engine.database))


def test_a_lost_memory_is_recovered_under_a_name_of_its_own(town: Town) -> None:
    """Where nobody knows what was signed, that is recorded, and the new name was surely never used before."""
    memory_file(with_second(town).path).unlink()
    answer = recover(town)
    assert answer["lost_size"] is None
    assert answer["origin"].startswith("cocycle.example/town/2-")
    assert opened(town.engine).origin == answer["origin"]
    assert town.engine.verify()["problems"] == []


def test_a_lost_key_is_recovered(town: Town) -> None:
    """Where the key is gone for ever a new one begins, and what was signed is on record with the size it had."""
    signed = opened(with_second(town).engine)
    key_file(town.path).unlink()
    refused(StorageUnavailable, "no_key", lambda: signed_checkpoint(town.engine.database))
    answer = recover(town)
    assert (answer["lost_size"], answer["origin"]) == (signed.size, "cocycle.example/town/2")
    assert opened(town.engine).size == town.size


def test_each_recovery_has_another_name(town: Town) -> None:
    """No name is used twice, also where a copy from before the first recovery is put back.

    Seen to fail when the names were counted in the register alone.
    """
    copy = set_aside(with_second(town), "oldest.db")
    town.open()
    opened(town.engine)
    put_back(town, copy)
    first = recover(town)["origin"]
    put_back(town, copy)
    refused(IntegrityFailure, "older_copy", lambda: signed_checkpoint(town.engine.database))
    assert recover(town)["origin"] not in (first, "cocycle.example/town")


def test_a_recovery_that_was_cut_short_is_finished(town: Town) -> None:
    """Where the old memory was not replaced any more, the next checkpoint hashes everything and remembers it."""
    lose_a_project(town)
    memory = memory_file(town.path).read_bytes()
    recover(town)
    memory_file(town.path).write_bytes(memory)
    assert opened(town.engine).size == town.size
    assert memory_file(town.path).read_bytes() != memory
