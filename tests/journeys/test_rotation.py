"""Changing the signing key: the old key signs for the new one, and wherever it is cut short the register has a key."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.api import InputRefused, NotFound, NotPermitted, SetClock, open_register
from engine.ledger.checkpoint import open_checkpoint
from engine.ledger.note import BadNote, read_verifier
from engine.ledger.rotation import fault_of_rotation
from engine.signer import signed_checkpoint, verifiers_of
from engine.signing_key import key_file, waiting_file

from .town import ADMIN, MANAGER, START, UNKNOWN, Json, Town, refused

SECOND = "second@example.org"


def with_second(town: Town) -> Town:
    """Adds the second admin that a change of keys takes."""
    town.engine.add_person(SECOND, "Sam Second", roles=["admin"], actor=ADMIN)
    return town


def public_key(town: Town) -> str:
    """Returns the public key that the register names."""
    with town.sql() as database:
        return str(database.execute("SELECT value FROM setting WHERE name = 'public_key'").fetchone()[0])


def test_the_old_key_signs_for_the_new_one(town: Town) -> None:
    """The event carries the old key's signature over both keys and the tree before it, and any change to it shows.

    Seen to fail when the size was left out of the statement.
    """
    before = public_key(with_second(town))
    size = town.size
    answer = town.engine.rotate_key("It is a year old", SECOND, actor=ADMIN)
    body = town.leaves(answer["seq"])[0]["body"]
    assert fault_of_rotation(body) == ""
    assert (body["from"], body["to"], body["size"]) == (before, answer["public_key"], size)
    wrong: dict[str, Any] = {"size": size - 1, "root": body["root"][::-1], "from": body["to"], "to": before}
    wrong |= {"origin": "other.example", "signature": body["signature"][:-4] + "AAA="}
    for name, value in wrong.items():
        assert fault_of_rotation({**body, name: value}), name


def test_the_new_key_signs_from_then_on(town: Town) -> None:
    """Older checkpoints open with the old key only, newer ones with the new key only; both name the same ledger."""
    before = read_verifier(public_key(with_second(town)))
    old_note = signed_checkpoint(town.engine.database)
    answer = town.engine.rotate_key("It is a year old", SECOND, actor=ADMIN)
    after = read_verifier(answer["public_key"])
    new_note = signed_checkpoint(town.engine.database)
    assert open_checkpoint(old_note, [before])[0].origin == open_checkpoint(new_note, [after])[0].origin
    for note, key in ((old_note, after), (new_note, before)):
        with pytest.raises(BadNote):
            open_checkpoint(note, [key])
    with town.engine.database.read() as tx:
        assert verifiers_of(tx) == [before, after]


def test_the_old_key_is_gone_from_the_folder(town: Town) -> None:
    """After the change no byte of the folder holds the old key, and the new one is for its owner only."""
    # PRIVATE+KEY, the name, the hash, and the key in base64, which may hold a plus itself
    secret = key_file(with_second(town).path).read_text().strip().split("+", 4)[4].encode()
    town.engine.rotate_key("It is a year old", SECOND, actor=ADMIN)
    assert not [p.name for p in town.path.parent.iterdir() if secret in p.read_bytes()]
    assert not waiting_file(town.path).exists()
    assert key_file(town.path).stat().st_mode & 0o077 == 0


def test_it_takes_two_admins(town: Town) -> None:
    """One admin alone, somebody who is none, and a stranger change no key; no new key is left behind."""
    before = public_key(with_second(town))
    for actor, second in ((ADMIN, ADMIN), (ADMIN, MANAGER), (MANAGER, SECOND)):
        refused(NotPermitted, "not_permitted", lambda a=actor, s=second: town.engine.rotate_key("Why", s, actor=a))  # type: ignore[misc]  # mypy does not see the defaults of a lambda
    refused(NotFound, "no_such_person", lambda: town.engine.rotate_key("Why", UNKNOWN, actor=ADMIN))
    refused(InputRefused, None, lambda: town.engine.rotate_key(" ", SECOND, actor=ADMIN))
    assert public_key(town) == before
    assert not waiting_file(town.path).exists()


def test_the_same_key_changes_it_once(town: Town) -> None:
    """The same idempotency key changes the signing key once, and gives the same answer for ever."""
    with_second(town)
    first = town.engine.rotate_key("Why", SECOND, actor=ADMIN, key="once")
    again = town.engine.rotate_key("Why", SECOND, actor=ADMIN, key="once")
    assert again == {**first, "replayed": True}
    assert public_key(town) == first["public_key"]


def _rotate_until_killed(path: Path, calls: int) -> None:
    """Changes the key, and is killed at the given opening or renaming of a file."""
    engine = open_register(path, clock=SetClock(START))
    engine.database.connection()
    left = [calls]

    def count(name: str, _: object) -> None:
        if name in ("open", "os.rename", "os.remove"):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    signed_checkpoint(engine.database)  # everything is loaded that is loaded late
    sys.addaudithook(count)
    engine.rotate_key("Why", SECOND, actor=ADMIN)
    os._exit(0)  # nothing of the tests' own is to be tidied away here


def test_wherever_it_is_killed_the_register_has_its_key(town: Town) -> None:
    """A change of keys that is killed at any touch of a file leaves a register that signs with the key it names.

    Seen to fail when the new key was put in place before the entry was committed.
    """
    with_second(town)
    town.clock.set(START)
    town.engine.close()
    forked = multiprocessing.get_context("fork")
    found: list[Json] = []
    for calls in range(40):
        process = forked.Process(target=_rotate_until_killed, args=(town.path, calls))
        process.start()
        process.join(60)
        town.engine = open_register(town.path, clock=town.clock)
        key, size = public_key(town), town.size
        checkpoint, _ = open_checkpoint(signed_checkpoint(town.engine.database), [read_verifier(key)])
        assert checkpoint.size == size
        assert town.engine.verify()["problems"] == []
        found.append({"exit": process.exitcode, "key": key, "size": size})
        town.engine.close()
        if process.exitcode == 0:
            break
    town.engine = open_register(town.path, clock=town.clock)
    assert found[-1]["exit"] == 0
    assert {f["exit"] for f in found[:-1]} == {-signal.SIGKILL}
    keys = [f["key"] for f in found]
    # cut short before its commit, and after it
    assert keys[0] == keys[1]
    assert len(set(keys)) > 2
    assert not waiting_file(town.path).exists()
