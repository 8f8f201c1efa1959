"""Files of personal records: kept sealed, each with a key of its own, and given back as they were handed in."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from engine.api import Conflict, InputRefused, IntegrityFailure, RulesRefused, given

from .town import COCHAIR, LEAD, PROJECT, SRO, Json, Town, document, refused

LETTER = b"Dear Sam, about your care plan\n" * 40


def hand_in(town: Town, *files: tuple[str, bytes], requirement: str = "mandate", **more: str) -> Json:
    """Hands in a personal record with these files."""
    return town.engine.add_evidence(
        PROJECT,
        requirement,
        level="co_design",
        files=[given(name, content) for name, content in files],
        personal=True,
        actor=LEAD,
        **more,  # type: ignore[arg-type]  # only `key` is ever given
    )


def test_a_personal_file_is_given_back_as_it_was(town: Town) -> None:
    """Whatever bytes a personal file has, it is given back byte for byte, by its name or its hash."""
    town.open()
    contents = {"empty.txt": b"", "all.bin": bytes(range(256)) * 1000, "letter.txt": LETTER}
    found = hand_in(town, *contents.items())
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    assert {f["name"]: (f["sha256"], f["size"]) for f in found["files"]} == {
        name: (digests[name], len(content)) for name, content in contents.items()
    }
    town.reopen(read_only=True)
    for name, content in contents.items():
        assert town.engine.evidence_get(found["evidence"], name) == content
        assert town.engine.evidence_get(found["evidence"], digests[name]) == content


def test_neither_the_file_nor_its_hash_lies_open(town: Town) -> None:
    """Neither the bytes of a personal file nor their hash stand in a leaf, in a row of files, or in the clear at all.

    Seen to fail when the files of a personal record were kept as they are: whoever has a letter could look it up.
    """
    town.open()
    found = hand_in(town, ("letter.txt", LETTER))
    digest = hashlib.sha256(LETTER).hexdigest()
    leaves = b"".join(town.engine.leaf(seq) for seq in range(town.size))
    assert digest.encode() not in leaves
    [kept] = town.leaves(found["seq"])[0]["body"]["files"]
    assert kept == {"sealed": kept["sealed"], "size": len(LETTER)}
    town.engine.close()
    everything = b"".join(file.read_bytes() for file in town.path.parent.iterdir())
    assert LETTER[:30] not in everything
    assert kept["sealed"].encode() in everything
    town.reopen()


def test_the_same_bytes_twice_are_two_sealed_files(town: Town) -> None:
    """Equal bytes in two personal records, or in one, are sealed apart, so that one can be erased and the others stay.

    Seen to fail when the files of a personal record were kept once under their hash, as others are.
    """
    town.open()
    hand_in(town, ("a.txt", LETTER), ("b.txt", LETTER))
    hand_in(town, ("a.txt", LETTER), requirement="specification")
    town.add("equality", files=[document("a.txt", LETTER)])
    with town.sql() as database:
        assert database.execute("SELECT count(*), count(DISTINCT content) FROM sealed_file").fetchone() == (3, 3)
        assert database.execute("SELECT count(DISTINCT secret) FROM file_key").fetchone() == (3,)
        assert database.execute("SELECT count(*) FROM file").fetchone() == (1,), (
            "one that is not personal is not sealed"
        )


def test_the_same_key_with_the_same_files_is_the_same_act(town: Town) -> None:
    """A personal record handed in again under its key gives the same answer and seals nothing; other bytes conflict."""
    town.open()
    first = hand_in(town, ("letter.txt", LETTER), key="k-1")
    again = hand_in(town, ("letter.txt", LETTER), key="k-1")
    assert again == first | {"replayed": True}
    refused(Conflict, "key_reused", lambda: hand_in(town, ("letter.txt", LETTER + b"."), key="k-1"))
    with town.sql() as database:
        assert database.execute("SELECT count(*) FROM sealed_file").fetchone() == (1,)
        assert database.execute("SELECT count(*) FROM file_key").fetchone() == (1,)


def test_a_refused_record_leaves_no_file(town: Town) -> None:
    """A personal record that is refused leaves neither sealed bytes nor a key."""
    town.open()
    refused(InputRefused, None, lambda: hand_in(town, ("letter.txt", LETTER), ("letter.txt", b"two of one name")))
    with town.sql() as database:
        assert database.execute("SELECT count(*) FROM sealed_file").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM file_key").fetchone() == (0,)


ALTERED = {
    "bytes": "UPDATE sealed_file SET content = zeroblob(size)",
    "one bit": "UPDATE sealed_file SET content = flipped(content)",
    "another's bytes": "UPDATE sealed_file SET content = (SELECT max(content) FROM sealed_file), size = "
    "(SELECT length(max(content)) FROM sealed_file) WHERE content < (SELECT max(content) FROM sealed_file)",
    "key": "UPDATE file_key SET secret = flipped(secret)",
    "key gone": "DELETE FROM file_key",
    "gone": "DELETE FROM sealed_file",
}


def alter(town: Town, what: str) -> None:
    """Changes what is stored, behind the register's back."""
    town.wrecked = True
    with town.sql() as database:
        database.create_function("flipped", 1, lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]))
        database.execute(ALTERED[what])


@pytest.mark.parametrize("what", list(ALTERED))
def test_an_altered_sealed_file_is_an_integrity_failure(town: Town, what: str) -> None:
    """Where sealed bytes or their key are others, or gone, reading the file fails for that, and verify tells it."""
    town.open()
    made = [
        hand_in(town, (f"{requirement}.txt", LETTER + requirement.encode()), requirement=requirement)["evidence"]
        for requirement in ("mandate", "specification")
    ]
    alter(town, what)
    failed = []
    for evidence in made:
        try:
            town.engine.evidence_get(evidence)
        except IntegrityFailure:
            failed.append(evidence)
    assert len(failed) == (1 if what == "another's bytes" else 2)
    assert town.engine.verify()["ok"] is False


@pytest.mark.parametrize("what", ["bytes", "one bit", "key", "key gone", "gone"])
def test_a_gate_that_rests_on_an_altered_sealed_file_stays_shut(town: Town, what: str) -> None:
    """Deciding and advancing are refused where a personal file under the gate, or its key, is not what was handed in.

    Seen to fail when only files kept in the clear were looked at.
    """
    town.open()
    hand_in(town, ("letter.txt", LETTER))
    town.sign("mandate", SRO, COCHAIR)
    town.add("priorities")
    town.sign("priorities", COCHAIR)
    town.engine.decide(PROJECT, actor=SRO)
    assert town.engine.gate(PROJECT)["requirements"][0]["state"] == "met"
    alter(town, what)
    assert town.states()["mandate"] == "error"
    refused(RulesRefused, "gate_shut", lambda: town.engine.decide(PROJECT, actor=COCHAIR))
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=SRO))


def test_personal_files_open_the_gate_as_others_do(town: Town, tmp_path: Path) -> None:
    """A project passes a gate on personal files, and its backup gives them back."""
    town.open()
    evidence = hand_in(town, ("letter.txt", LETTER))["evidence"]
    town.sign("mandate", SRO, COCHAIR)
    town.add("priorities")
    town.sign("priorities", COCHAIR)
    town.decide()
    assert town.engine.advance(PROJECT, actor=SRO)["to"] == "design"
    town.engine.backup(tmp_path / "copy.db")
    town.engine.close()
    town.path.unlink()
    (tmp_path / "copy.db").rename(town.path)
    town.reopen()
    assert town.engine.evidence_get(evidence) == LETTER
