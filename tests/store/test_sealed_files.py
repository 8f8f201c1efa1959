"""Sealing: each file has a key of its own, opens to what it was, and opens for nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sealing import NotOpened, Sealed, open_sealed, seal
from engine.store.database import Database
from engine.store.driver import dbapi
from engine.store.sealed import key_of, keys_kept, put_sealed, sealed_content, sealed_hashes


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_to_what_it_was(plain: bytes) -> None:
    """Any bytes, none included, come out of their sealing as they went in, and the name is the hash of the sealing."""
    sealed = seal(plain)
    assert open_sealed(sealed) == plain
    assert sealed.digest == hashlib.sha256(sealed.content).hexdigest()
    assert len(sealed.key) == 32
    assert len(sealed.content) == len(plain) + 12 + 16


def test_the_same_bytes_are_sealed_differently_each_time() -> None:
    """Two sealings of one file have neither name, key nor bytes in common, so they cannot be told to be the same."""
    made = [seal(b"the same letter") for _ in range(50)]
    for part in ("digest", "key", "content"):
        assert len({getattr(one, part) for one in made}) == 50
    assert len({one.content[:12] for one in made}) == 50


@given(st.binary(min_size=1, max_size=60), st.data())
def test_another_bit_anywhere_opens_nothing(plain: bytes, data: st.DataObject) -> None:
    """A flipped bit of the sealed bytes, of the key, or of both bytes and name, is never opened.

    Seen to fail when the bytes were encrypted without being authenticated.
    """
    sealed = seal(plain)

    def flipped(raw: bytes) -> bytes:
        place = data.draw(st.integers(0, len(raw) * 8 - 1))
        return bytes(b ^ (1 << place % 8) if at == place // 8 else b for at, b in enumerate(raw))

    content = flipped(sealed.content)
    for wrong in (
        replace(sealed, content=content),
        replace(sealed, content=content, digest=hashlib.sha256(content).hexdigest()),
        replace(sealed, key=flipped(sealed.key)),
    ):
        with pytest.raises(NotOpened):
            open_sealed(wrong)


@pytest.mark.parametrize("content", [b"", b"x", bytes(12), bytes(27), bytes(28)])
def test_what_was_never_sealed_opens_nothing(content: bytes) -> None:
    """Bytes too short to be a sealed file, or made of nothing, and keys of a wrong length are refused in one way."""
    for key in (b"", bytes(31), bytes(32)):
        with pytest.raises(NotOpened):
            open_sealed(Sealed(hashlib.sha256(content).hexdigest(), content, key))


def test_key_and_bytes_never_show_by_accident() -> None:
    """Printing a sealed file, as a traceback might, shows its name and neither its key nor its bytes."""
    sealed = seal(b"secret")
    assert repr(sealed) == f"Sealed(digest='{sealed.digest}')"


def test_the_store_keeps_sealed_bytes_and_keys(database: Database) -> None:
    """What was kept is found by its name, is hashed anew when it is listed, and nothing is found under another name."""
    made = [seal(bytes([n]) * 5000) for n in range(3)]
    with database.write() as tx:
        for one in made:
            put_sealed(tx, one.digest, one.content, one.key)
    with database.read() as tx:
        for one in made:
            assert (sealed_content(tx, one.digest), key_of(tx, one.digest)) == (one.content, one.key)
        names = sorted(one.digest for one in made)
        assert list(sealed_hashes(tx)) == [(name, name) for name in names]
        assert list(keys_kept(tx)) == names
        assert (sealed_content(tx, "0" * 64), key_of(tx, "0" * 64)) == (None, None)
    with database.write() as tx:
        tx.execute("UPDATE sealed_file SET content = zeroblob(size) WHERE digest = ?", (names[0],))
    with database.read() as tx:
        assert [name for name, now in sealed_hashes(tx) if name != now] == [names[0]]


def test_a_key_belongs_to_a_sealed_file(database: Database) -> None:
    """The database takes no key without its file, and no file without its bytes' length."""
    for sql in (
        f"INSERT INTO file_key VALUES ('{'0' * 64}', zeroblob(32))",
        f"INSERT INTO sealed_file VALUES ('{'0' * 64}', 3, zeroblob(2))",
    ):
        with pytest.raises(dbapi.IntegrityError), database.write() as tx:
            tx.execute(sql)
