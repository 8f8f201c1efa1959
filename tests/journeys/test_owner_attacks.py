"""What the owner of a database can try who holds the file: each attack, and what finds it out.

Some leave a register that agrees with itself in everything; those are found by whoever kept an older checkpoint, or a
receipt. The attacks are listed in docs/attacks.md.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import pytest

from engine.api import open_register
from engine.ledger.checkpoint import Checkpoint, sign_checkpoint
from engine.ledger.leaf import SALT_BYTES, commit
from engine.ledger.note import new_key
from engine.signer import signer_of
from engine.store import journal
from engine.store.driver import dbapi as sqlite

from .forger import Forged, find, forging
from .town import ADMIN, IDLE, SRO, Json, Town
from .wreck import Scene, open_and_verify, story, unguarded

SECOND = "second-admin@example.org"


@dataclass(slots=True)
class Kept:
    """What an auditor wrote down before the attack."""

    checkpoint: str
    receipt: str


class Found(NamedTuple):
    """What must be among the problems: the kind, and the index (`...` where that does not matter)."""

    kind: str
    seq: int | None | object


def keep(town: Town, seq: int) -> Kept:
    return Kept(town.engine.checkpoint()["checkpoint"], town.engine.receipt(seq)["receipt"])


def verified(town: Town, *, checkpoint: str | None = None, receipt: str | None = None) -> Json:
    """What a stranger is told who has the file, and what they kept."""
    reader = open_register(town.path, read_only=True, clock=town.clock)
    try:
        return reader.verify(
            checkpoints=[] if checkpoint is None else [checkpoint], receipts=[] if receipt is None else [receipt]
        )
    finally:
        reader.close()


def assert_found(told: Json, *found: Found) -> None:
    """Fails unless each is among the problems.

    Seen to fail when `differing` returns nothing, when the versions are not compared, and when nothing is held against
    what was kept.
    """
    problems = [(p["kind"], p["seq"]) for p in told["problems"]]
    assert told["ok"] is False
    for kind, seq in found:
        assert any(k == kind and seq in (..., s) for k, s in problems), told["problems"]


# ---- attacks that a stranger finds with nothing but the file


def _word(database: sqlite.Connection, scene: Scene) -> None:
    database.execute("""UPDATE word SET value = '"2026/S 2"' WHERE seq = ? AND name = 'fact.reference'""", (scene.seq,))


def _leaf(database: sqlite.Connection, scene: Scene, *, rehash: bool = False) -> None:
    (leaf,) = database.execute("SELECT leaf FROM entry WHERE seq = ?", (scene.seq,)).fetchone()
    changed = leaf.replace(b'"published_on":"2026-06-01"', b'"published_on":"2026-05-01"')
    assert changed != leaf
    database.execute("UPDATE entry SET leaf = ? WHERE seq = ?", (changed, scene.seq))
    if rehash:
        digest = hashlib.sha256(b"\x00" + changed).digest()
        database.execute("UPDATE entry SET leaf_hash = ? WHERE seq = ?", (digest, scene.seq))


def _state(database: sqlite.Connection, scene: Scene) -> None:
    database.execute("UPDATE project SET stage = 'done', stage_final = 1")


def _definition(database: sqlite.Connection, scene: Scene) -> None:
    database.execute("UPDATE definition SET source = source || '# weaker' WHERE workflow = 'two-gates'")


def _file(database: sqlite.Connection, scene: Scene) -> None:
    database.execute("UPDATE file SET content = zeroblob(length(content))")


def _past_the_guard(database: sqlite.Connection, scene: Scene) -> None:
    """The triggers are down; one is left off, as somebody would who forgot it, and a row is written past it."""
    database.execute("UPDATE entry SET actor = 'system' WHERE seq = ?", (scene.seq,))
    database.execute("CREATE TRIGGER spare BEFORE DELETE ON word BEGIN SELECT 1; END")


def _roles(database: sqlite.Connection, scene: Scene) -> None:
    database.execute(
        "UPDATE role_grant SET person = (SELECT id FROM person WHERE email = ?) WHERE role = 'sro' AND person ="
        " (SELECT id FROM person WHERE email = ?)",
        (IDLE, SRO),
    )


def _word_gone(database: sqlite.Connection, scene: Scene) -> None:
    database.execute("DELETE FROM word WHERE seq = ?", (scene.seq,))


PLAIN: dict[str, tuple[Callable[[sqlite.Connection, Scene], None], Callable[[Scene], Found]]] = {
    "edits a word": (_word, lambda s: Found("word", s.seq)),
    "edits a leaf": (_leaf, lambda s: Found("leaf_hash", s.seq)),
    "edits a leaf and its hash": (lambda d, s: _leaf(d, s, rehash=True), lambda s: Found("root", s.seq)),
    "alters a stored state": (_state, lambda s: Found("state", s.size - 1)),
    "swaps the text of a definition": (_definition, lambda s: Found("state", ...)),
    "alters the file of a record": (_file, lambda s: Found("file", ...)),
    "writes past the guards": (_past_the_guard, lambda s: Found("guard", None)),
    "gives somebody's role to another": (_roles, lambda s: Found("state", None)),
    "deletes a word without an erasure": (_word_gone, lambda s: Found("word", s.seq)),
}


@pytest.mark.parametrize("attack", PLAIN)
def test_the_file_alone_tells(town: Town, attack: str) -> None:
    """An owner who alters what is stored is found out by anybody who has the file, with kind and index."""
    hand, found = PLAIN[attack]
    scene = story(town)
    with unguarded(town) as database:
        hand(database, scene)
    assert_found(verified(town), found(scene))


def test_two_entries_in_each_others_places(town: Town) -> None:
    """Entries that were put in each other's places tell of it by their times, though the tree agrees."""
    story(town)
    with forging(town) as entries:
        first = find(entries, "role_granted")
        entries[first], entries[first - 1] = entries[first - 1], entries[first]
    assert_found(verified(town), Found("time", first))


def test_an_entry_left_out(town: Town) -> None:
    """An entry of a project that was left out, and the others moved up, is missed by the versions of its project."""
    scene = story(town)
    with forging(town) as entries:
        del entries[scene.seq]
    assert_found(verified(town), Found("version", scene.seq))


def test_a_word_put_back_after_its_erasure(town: Town) -> None:
    """Words that an entry says were erased, and that are there again, are told at that entry."""
    town.engine.add_person(SECOND, "Sasha Second", roles=["admin"], actor=ADMIN)
    scene = story(town)
    with town.sql() as database:
        rows = database.execute("SELECT * FROM word WHERE seq = ?", (scene.seq,)).fetchall()
    erased = town.engine.erase(scene.evidence, "Request 12", SECOND, actor=ADMIN)
    assert verified(town)["problems"] == [], "an erasure leaves nothing to find"
    with unguarded(town) as database:
        database.executemany("INSERT INTO word VALUES (?, ?, ?, ?)", rows)
    assert_found(verified(town), Found("erasure", erased["seq"]))


def forge_advance(town: Town) -> int:
    """Writes that the project passed the design gate, which is shut; returns the place of the forged entry."""
    with forging(town) as entries:
        plan = entries[find(entries, "advanced")].leaf
        body = {**plan["body"], "from": "design", "to": "done", "gate": "design-gate"}
        last = entries.pop().leaf  # a hold, in whose place it is put
        entries.append(Forged({**last, "event": "advanced", "schema": plan["schema"], "body": body, "words": {}}))
        return len(entries) - 1


def test_a_gate_passed_that_was_shut(town: Town) -> None:
    """A passing that is written into a ledger which agrees in everything else is found by judging it again."""
    story(town)
    seq = forge_advance(town)
    told = verified(town)
    assert_found(told, Found("judged", seq))
    assert {p["kind"] for p in told["problems"]} == {"judged"}, "nothing else is wrong with it"


def test_a_decision_in_the_name_of_somebody_else(town: Town) -> None:
    """A decision in the name of somebody who did not hold the role is found, though the ledger agrees."""
    story(town)
    with forging(town) as entries:
        seq = find(entries, "decided")
        entries[seq].leaf["by"] = entries[find(entries, "held")].leaf["by"]
    assert_found(verified(town), Found("permission", seq))


# ---- attacks that leave a register which agrees with itself


def _rewrite(town: Town, scene: Scene) -> Found:
    with forging(town) as entries:
        entries[scene.seq].leaf["body"]["facts"]["published_on"] = "2026-05-01"
    return Found("kept", ...)


def _rewrite_a_word(town: Town, scene: Scene) -> Found:
    with forging(town) as entries:
        entry, salt = entries[scene.seq], secrets.token_bytes(SALT_BYTES)
        entry.leaf["words"]["fact.reference"] = commit("2026/S 9", salt)
        entry.words = [w if w[0] != "fact.reference" else (w[0], '"2026/S 9"', salt) for w in entry.words]
    return Found("kept", ...)


def _cut(town: Town, scene: Scene) -> Found:
    with forging(town) as entries:
        del entries[scene.seq :]
    return Found("kept", scene.seq)


def _insert(town: Town, scene: Scene) -> Found:
    with forging(town) as entries:
        leaf = json.loads(json.dumps(entries[find(entries, "role_granted")].leaf))
        leaf |= {"at": entries[scene.seq].leaf["at"], "key": secrets.token_hex(32)}
        leaf["body"]["role"] = "coprod_lead"
        entries.insert(scene.seq, Forged(leaf))
    with town.sql() as database:
        values = (leaf["body"]["person"], "coprod_lead", leaf["body"]["scope"])
        database.execute("INSERT INTO role_grant VALUES (?, ?, ?)", values)
    return Found("kept", ...)


CONSISTENT: dict[str, Callable[[Town, Scene], Found]] = {
    "rewrites an entry and the whole tree": _rewrite,
    "rewrites a word, its commitment and the whole tree": _rewrite_a_word,
    "cuts off the end": _cut,
    "puts an entry in": _insert,
}


@pytest.mark.parametrize("attack", CONSISTENT)
def test_only_what_others_kept_tells(town: Town, attack: str) -> None:
    """A register rewritten to agree with itself is found by an older checkpoint, and by a receipt, and not without."""
    scene = story(town)
    kept = keep(town, scene.seq)
    with town.sql() as database:
        database.execute("DELETE FROM anchor")  # what outside places took is stored, too, and goes with the rest
    found = CONSISTENT[attack](town, scene)
    assert verified(town)["problems"] == [], "it agrees with itself"
    assert_found(verified(town, checkpoint=kept.checkpoint), found)
    assert_found(verified(town, receipt=kept.receipt), Found("kept", scene.seq))


def test_with_the_key_in_hand(town: Town) -> None:
    """An owner who holds the key as well can sign the forgery; an older checkpoint in other hands still tells."""
    scene = story(town)
    kept = keep(town, scene.seq)
    _rewrite(town, scene)
    town.path.with_name(town.path.name + ".signed").unlink()
    signer = signer_of(town.engine.database)
    with town.engine.database.read() as tx:
        head = journal.head(tx)
    forged = sign_checkpoint(Checkpoint(signer.verifier.name, head.size, head.root), signer)
    assert verified(town, checkpoint=forged)["problems"] == [], "signed with the real key, and it fits"
    assert_found(verified(town, checkpoint=kept.checkpoint), Found("kept", ...))


def test_another_public_key(town: Town) -> None:
    """A public key that the register never had is told, and one it has is not."""
    story(town)
    own = town.engine.public_key()["public_key"]
    assert town.engine.verify(public_key=own)["problems"] == []
    told = town.engine.verify(public_key=new_key("cocycle.example/other")[1])
    assert [(p["kind"], p["seq"]) for p in told["problems"]] == [("key", None)]
    told = town.engine.verify(public_key="nonsense")
    assert [(p["kind"], p["seq"]) for p in told["problems"]] == [("key", None)]
    assert open_and_verify(town)["warnings"], "without a key from elsewhere nobody's signature is worth much"
