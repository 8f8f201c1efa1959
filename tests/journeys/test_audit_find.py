"""`audit find`: an index, a digest, an id or a file is found in every entry it occurs in, or is said to be nowhere."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest

from engine.api import InputRefused, NotFound, digest_of_file
from engine.ledger.merkle import leaf_hash

from .town import COCHAIR, GOOD, PROJECT, SRO, Json, Town, refused


def places(found: Json) -> list[tuple[str, list[str]]]:
    """Returns the name of each entry that was found, and where in it."""
    return [(entry["action"], entry["where"]) for entry in found["entries"]]


def test_an_index_is_that_entry(town: Town) -> None:
    """An index is found as its entry with its leaf's hash; one beyond the end is nowhere, and says where the end is."""
    town.open()
    found = town.engine.audit_find("3")
    assert [entry["seq"] for entry in found["entries"]] == [3]
    assert found["entries"][0]["leaf_hash"] == leaf_hash(town.engine.leaf(3)).hex()
    for beyond in (str(town.size), "9" * 15):
        error = refused(NotFound, "occurs_nowhere", lambda: town.engine.audit_find(beyond))  # noqa: B023  # called at once
        assert f"its last is {town.size - 1}" in error.message


def test_a_leaf_hash_is_its_entry_and_what_binds_it(town: Town) -> None:
    """The hash of the leaf of a record leads to that entry, and to the signatures that are bound to it.

    In hexadecimal, large or small, and in base64. Seen to fail when leaves were not hashed.
    """
    town.open()
    town.add("mandate")
    town.sign("mandate", SRO, COCHAIR)
    digest = next(leaf_hash(town.engine.leaf(s)) for s in range(town.size) if b"evidence_added" in town.engine.leaf(s))
    found = town.engine.audit_find(digest.hex())
    assert places(found) == [
        ("evidence_added", ["leaf_hash"]),
        ("signed", ["body.binds"]),
        ("signed", ["body.binds"]),
    ]
    assert [record["project"] for record in found["records"]] == [PROJECT]
    for other in (digest.hex().upper(), base64.b64encode(digest).decode()):
        assert town.engine.audit_find(other)["entries"] == found["entries"]


def test_a_file_is_found_by_its_bytes(town: Town, tmp_path: Path) -> None:
    """A file is found in each record it was handed in with, under whatever name; another byte, and it is nowhere."""
    town.open()
    first = town.add("mandate")
    content = GOOD["mandate"]["files"][0].content
    paper = tmp_path / "other name.bin"
    paper.write_bytes(content)
    found = town.engine.audit_find(str(paper), digest_of_file(paper))
    assert found["kind"] == "file"
    assert found["digest"] == hashlib.sha256(content).hexdigest()
    assert [record["evidence"] for record in found["records"]] == [first]
    assert found["records"][0]["files"] == ["mandate.pdf"]
    paper.write_bytes(content + b"x")
    refused(NotFound, "occurs_nowhere", lambda: town.engine.audit_find(str(paper), digest_of_file(paper)))


def test_an_id_is_found_in_every_entry_that_names_it(town: Town) -> None:
    """Evidence, people and decisions are found by their ids wherever an entry names them, and nowhere else.

    What the search finds is held against a plain look into every leaf.
    """
    town.open()
    records = town.pass_plan()
    leaves = [town.engine.leaf(seq).decode() for seq in range(town.size)]
    person = next(p["id"] for p in town.engine.people()["people"] if p["email"] == SRO)
    decision = next(json.loads(leaf)["body"]["decision"] for leaf in leaves if '"decided"' in leaf)
    for name in (records["mandate"], person, decision):
        found = [entry["seq"] for entry in town.engine.audit_find(name)["entries"]]
        assert found == [seq for seq, leaf in enumerate(leaves) if f'"{name}"' in leaf], name
    refused(NotFound, "occurs_nowhere", lambda: town.engine.audit_find("e-0000000000000000"))


def test_a_definition_is_found_by_its_digest(town: Town) -> None:
    """A definition's digest leads to the entry that loaded it and to each project that was opened on it."""
    town.open()
    digest = town.engine.workflow("two-gates")["definition"]
    assert places(town.engine.audit_find(digest)) == [
        ("definition_loaded", ["body.definition"]),
        ("project_opened", ["body.definition"]),
    ]


def test_a_sealed_file_is_found_by_both_its_digests(town: Town) -> None:
    """A file of a personal record is found by the digest it was handed in with and by that of its sealed bytes.

    Once its word is erased it is found by the sealed one alone.
    """
    town.open()
    evidence = town.add("mandate", personal=True)
    plain = GOOD["mandate"]["files"][0].sha256
    found = town.engine.audit_find(plain)
    assert [record["evidence"] for record in found["records"]] == [evidence]
    assert places(found) == [("evidence_added", ["words.digest.0"])]
    sealed = found["entries"][0]["body"]["files"][0]["sealed"]
    assert places(town.engine.audit_find(sealed)) == [("evidence_added", ["body.files[0].sealed"])]
    town.wrecked = True
    with town.sql() as database:
        database.execute("DELETE FROM word WHERE name = 'digest.0'")
    refused(NotFound, "occurs_nowhere", lambda: town.engine.audit_find(plain))
    assert len(town.engine.audit_find(sealed)["entries"]) == 1


@pytest.mark.parametrize("what", ["", " ", "a b", "g" * 65, "=" * 44, "é", "-1", "../x y"])
def test_what_cannot_be_looked_for_is_refused(town: Town, what: str) -> None:
    """What is no index, digest or id is refused with what there is to look for."""
    error = refused(InputRefused, "input_refused", lambda: town.engine.audit_find(what))
    assert "Say what to look for" in error.message


def test_a_folder_or_a_pipe_is_no_file(tmp_path: Path) -> None:
    """A folder, and a name that leads nowhere, are refused in a sentence."""
    assert "is a folder" in refused(InputRefused, None, lambda: digest_of_file(tmp_path)).message
    assert "does not exist" in refused(InputRefused, None, lambda: digest_of_file(tmp_path / "gone")).message


def test_an_altered_hash_beside_a_leaf_is_not_believed(town: Town) -> None:
    """A stored leaf hash that was altered is not found; the one that the leaf really has is."""
    town.open()
    real = leaf_hash(town.engine.leaf(4)).hex()
    town.wrecked = True
    with town.sql() as database:
        database.execute("DROP TRIGGER entry_is_never_updated")
        database.execute("UPDATE entry SET leaf_hash = ? WHERE seq = 4", (bytes(32),))
    assert [entry["seq"] for entry in town.reopen().audit_find(real)["entries"]] == [4]
    refused(NotFound, "occurs_nowhere", lambda: town.engine.audit_find("0" * 64))
