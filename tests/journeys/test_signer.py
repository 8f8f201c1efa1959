"""The signer: it signs what it hashed itself, remembers what it signed, and signs nothing that contradicts it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.api import Engine, IntegrityFailure, StorageUnavailable, open_register
from engine.ledger.checkpoint import Checkpoint, open_checkpoint
from engine.ledger.note import Verifier
from engine.signer import REMEMBERS, signed_checkpoint, verifiers_of
from engine.signer_memory import memory_file, read_memory

from .town import ADMIN, MANAGER, PROJECT, Town, refused
from .wreck import unguarded


def keys(engine: Engine) -> list[Verifier]:
    """Returns the register's public keys."""
    with engine.database.read() as tx:
        return verifiers_of(tx)


def opened(engine: Engine) -> Checkpoint:
    """Has the signer sign, and returns what it says, once its signature was checked."""
    return open_checkpoint(signed_checkpoint(engine.database), keys(engine))[0]


def set_aside(town: Town, name: str) -> Path:
    """Copies the database alone, as somebody who knows of no memory would; returns the copy."""
    town.engine.backup(town.path.with_name(name))
    return town.path.with_name(name)


def put_back(town: Town, copy: Path) -> None:
    """Puts a copy of the database in the place of the newer one, and opens it."""
    town.engine.close()
    for end in ("-wal", "-shm"):
        town.path.with_name(town.path.name + end).unlink(missing_ok=True)
    shutil.copy(copy, town.path)
    town.engine = open_register(town.path, clock=town.clock)


def test_a_checkpoint_is_of_the_ledger_as_it_ends(town: Town) -> None:
    """Each checkpoint is over every entry, is signed by the register's key, and is what the signer remembers."""
    for _ in range(3):
        town.engine.grant(MANAGER, "auditor", actor=ADMIN)
        found = opened(town.engine)
        assert (found.origin, found.size) == ("cocycle.example/town", town.size)
        memory = read_memory(town.path, keys(town.engine))
        assert memory is not None
        assert memory.checkpoint == found
        town.engine.revoke(MANAGER, "auditor", actor=ADMIN)


def test_an_older_copy_is_refused(town: Town) -> None:
    """A register that ends before what was signed is signed no more, and the words say how to go on.

    Seen to fail when the size was not compared and the edge of the memory was taken for the register's.
    """
    copy = set_aside(town, "older.db")
    town.open()
    signed = opened(town.engine).size
    put_back(town, copy)
    error = refused(IntegrityFailure, "older_copy", lambda: signed_checkpoint(town.engine.database))
    assert f"over {signed:,} entries" in error.message
    assert "cocycle ledger recover" in error.message
    assert [c["check"] for c in town.engine.doctor()["checks"] if not c["ok"]] == ["signer"]


def test_an_older_copy_that_was_carried_on_with_is_refused(town: Town) -> None:
    """A register that went on from an older copy is refused, although it is longer than what was signed."""
    copy = set_aside(town, "older.db")
    town.open()
    signed = opened(town.engine).size
    put_back(town, copy)
    town.open("CC-2")
    town.open("CC-3")
    assert town.size > signed
    error = refused(IntegrityFailure, "older_copy", lambda: signed_checkpoint(town.engine.database))
    assert "other entries" in error.message


@pytest.mark.parametrize("also", ["", "leaf_hash", "leaf_hash, root"])
def test_an_altered_entry_is_named_and_not_signed(town: Town, also: str) -> None:
    """Bytes are hashed from storage before they are signed: the first entry that was altered since is named.

    Seen to fail when the stored hashes of leaves were believed instead.
    """
    opened(town.engine)
    first = town.size
    town.open()
    with unguarded(town) as database:
        leaf = database.execute("SELECT leaf FROM entry WHERE seq = ?", (first + 1,)).fetchone()[0]
        forged = leaf.replace(b'"role":"', b'"role":"x')
        database.execute("UPDATE entry SET leaf = ? WHERE seq = ?", (forged, first + 1))
        if also:
            from engine.ledger.merkle import leaf_hash

            database.execute("UPDATE entry SET leaf_hash = ? WHERE seq = ?", (leaf_hash(forged), first + 1))
    error = refused(IntegrityFailure, "integrity_failure", lambda: signed_checkpoint(town.engine.database))
    assert f"Entry {first + 1} " in error.message


def test_a_memory_that_is_gone_is_a_finding(town: Town) -> None:
    """Where the memory is missing nothing is signed, for nobody could tell an older register from the newest."""
    memory_file(town.path).unlink()
    error = refused(IntegrityFailure, "memory_lost", lambda: signed_checkpoint(town.engine.database))
    assert str(memory_file(town.path)) in error.message


def test_any_byte_of_the_memory_counts(town: Town) -> None:
    """A memory with any one byte changed is not believed.

    Seen to fail when the edge was not held against the signed root, and when base64 was taken in more than one form.
    """
    opened(town.engine)
    file = memory_file(town.path)
    whole, known = file.read_bytes(), keys(town.engine)
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        refused(IntegrityFailure, "memory_lost", lambda: read_memory(town.path, known))
    file.write_bytes(whole)
    assert opened(town.engine).size == town.size


def test_a_register_of_an_older_cocycle_is_hashed_whole(town: Town) -> None:
    """A register whose signer never had a memory gets one with its first checkpoint; a lost one after that is found."""
    with town.sql() as database:
        database.execute("DELETE FROM setting WHERE name = ?", (REMEMBERS,))
    memory_file(town.path).unlink()
    assert opened(town.engine).size == town.size
    town.engine.anchor()
    memory_file(town.path).unlink()
    refused(IntegrityFailure, "memory_lost", lambda: signed_checkpoint(town.engine.database))
    with town.sql() as database:
        database.execute("DELETE FROM setting WHERE name = ?", (REMEMBERS,))


def test_a_checkpoint_is_given_where_it_cannot_be_remembered(town: Town) -> None:
    """On a disk that takes no memory the checkpoint is given all the same, with a warning, and the old one stays."""
    file = memory_file(town.path)
    before = file.read_bytes()
    file.with_name(file.name + ".part").mkdir()  # what stands in the way even of an account that may write everywhere
    town.open()
    found = town.engine.checkpoint()
    assert found["size"] == town.size
    assert [w for w in found["warnings"] if "cannot be written" in w]
    assert file.read_bytes() == before
    file.with_name(file.name + ".part").rmdir()
    assert town.engine.checkpoint()["warnings"] == []


def test_signers_at_the_same_time_never_forget(town: Town) -> None:
    """However many sign while others write, what is remembered only grows, and every checkpoint is of one history.

    Seen to fail without the lock: a slower signer put its older memory back.
    """
    sizes: list[int] = []
    notes: list[str] = []
    done = threading.Event()

    def sign() -> None:
        engine = open_register(town.path, read_only=True, clock=town.clock)
        while not done.is_set():
            notes.append(signed_checkpoint(engine.database))
        engine.close()

    def watch() -> None:
        known = keys(town.engine)
        while not done.is_set():
            memory = read_memory(town.path, known)
            assert memory is not None
            sizes.append(memory.checkpoint.size)

    threads = [threading.Thread(target=target) for target in (sign, sign, sign, watch)]
    for thread in threads:
        thread.start()
    try:
        for number in range(12):
            fields = {"lifetime_value": "1.00"}
            town.engine.new_project("One", "two-gates", project_id=f"N-{number}", fields=fields, actor=MANAGER)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert sizes == sorted(sizes)
    roots: dict[int, bytes] = {}
    for note in notes:
        checkpoint, _ = open_checkpoint(note, keys(town.engine))
        assert roots.setdefault(checkpoint.size, checkpoint.root) == checkpoint.root
    assert opened(town.engine).size == town.size


def test_a_key_that_others_can_read_is_told(town: Town) -> None:
    """A key that others can read still signs, since some disks can make no file private, and each time it is told."""
    key = town.path.with_name("town.db.key")
    key.chmod(0o644)
    assert ["chmod 600" in w for w in town.engine.checkpoint()["warnings"]] == [True]
    key.chmod(0o600)
    assert town.engine.checkpoint()["warnings"] == []


def _gone(key: Path) -> None:
    key.unlink()


def _anothers(key: Path) -> None:
    from engine.ledger.note import new_key

    key.write_text(new_key("cocycle.example/town")[0] + "\n")


def _garbage(key: Path) -> None:
    key.write_bytes(b"\xff\x00 no key")


@pytest.mark.parametrize("spoil", [_gone, _anothers, _garbage])
def test_nothing_is_signed_with_another_key(town: Town, spoil: Callable[[Path], None]) -> None:
    """A key that is missing, another's or no key at all signs nothing, and the words name the file."""
    key = town.path.with_name("town.db.key")
    spoil(key)
    error = refused(StorageUnavailable, "no_key", lambda: signed_checkpoint(town.engine.database))
    assert str(key) in error.message
    assert not town.engine.doctor()["ok"]


def test_a_backup_can_sign_and_remembers(town: Town) -> None:
    """A backup holds register, key and memory, so that it signs where it lies and knows what was signed before."""
    town.open()
    opened(town.engine)
    copy = set_aside(town, "copy.db")
    engine = open_register(copy, clock=town.clock)
    assert opened(engine) == opened(town.engine)
    engine.set_fields(PROJECT, {"regime": "psr"}, actor=MANAGER)
    assert opened(engine).size == town.size + 1
    engine.close()
