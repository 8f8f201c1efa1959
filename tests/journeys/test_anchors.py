"""Outside places: folders and witnesses keep checkpoints, and an act never waits long for them."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from engine.anchoring.places import Places, Witness, places_from
from engine.api import InputRefused, IntegrityFailure, Settings, settings_from
from engine.ledger.checkpoint import open_checkpoint
from engine.ledger.note import new_key, open_note, read_verifier
from engine.ledger.proof import check_receipt, read_receipt
from engine.signer import signed_checkpoint
from engine.signer_memory import memory_file

from .outside_places import KeptByWitness, witness
from .test_signer import keys, put_back, set_aside
from .town import COCHAIR, MANAGER, PROJECT, SRO, Json, Town, refused


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def reach(town: Town, **places: Any) -> None:
    """Opens the register with outside places."""
    town.reopen(settings=Settings(str(town.path), places=Places(**places)))


def kept_in(folder: Path) -> list[str]:
    """Returns the notes in a folder, by the order of their names."""
    return [p.read_text() for p in sorted(folder.iterdir())]


def doctored(town: Town) -> dict[str, Json]:
    """Returns what doctor looked at, by name."""
    return {c["check"]: c for c in town.engine.doctor()["checks"]}


def decide(town: Town, by: str) -> Json:
    """Decides as the command line does."""
    return town.engine.give_out(town.engine.decide(PROJECT, actor=by))


# ---- receipts


def test_everyone_who_decides_gets_their_receipt(town: Town) -> None:
    """The answers of decide and advance hold a receipt that proves the decision's own entry, offline."""
    town.open()
    town.fill_plan()
    answers = [decide(town, by) for by in (SRO, COCHAIR)]
    answers.append(town.engine.give_out(town.engine.advance(PROJECT, actor=SRO)))
    for answer in answers:
        receipt = read_receipt(answer["receipt"])
        leaf = town.engine.leaf(receipt.index)
        assert b'"event":"decided"' in leaf or b'"event":"advanced"' in leaf
        check_receipt(receipt, leaf, keys(town.engine))


def test_a_decision_stands_where_no_receipt_can_be_made(town: Town) -> None:
    """Where the signer refuses, the decision is recorded all the same, and the answer says what is wrong."""
    town.open()
    town.fill_plan()
    memory = memory_file(town.path).read_bytes()
    memory_file(town.path).unlink()
    answer = decide(town, SRO)
    assert answer["receipt"] is None
    assert "memory" in answer["warnings"][0]
    assert "decided" in town.happened()
    memory_file(town.path).write_bytes(memory)


# ---- folders


def test_each_gate_decision_goes_to_the_folders(town: Town, tmp_path: Path) -> None:
    """After each decision at a gate every folder holds one checkpoint more, in names that sort, all of one ledger."""
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    reach(town, folders=tuple(map(str, folders)))
    town.open()
    town.fill_plan()
    assert kept_in(folders[0]) == []
    for by in (SRO, COCHAIR):
        assert "warnings" not in decide(town, by)
    town.engine.give_out(town.engine.advance(PROJECT, actor=SRO))
    for folder in folders:
        sizes = [open_checkpoint(note, keys(town.engine))[0].size for note in kept_in(folder)]
        assert len(sizes) == 3
        assert sizes == sorted(sizes)
        assert sizes[-1] == town.size


def test_nothing_new_is_taken_nowhere(town: Town, tmp_path: Path) -> None:
    """Anchoring again without a new event writes nothing, neither outside nor in the ledger."""
    (folder := tmp_path / "one").mkdir()
    reach(town, folders=(str(folder),))
    town.engine.anchor()
    size, before = town.size, {p.name: p.stat().st_mtime_ns for p in folder.iterdir()}
    town.engine.anchor()
    assert (town.size, {p.name: p.stat().st_mtime_ns for p in folder.iterdir()}) == (size, before)


def test_a_folder_that_knows_better_is_an_integrity_failure(town: Town, tmp_path: Path) -> None:
    """Where register, key and memory were all put back, the folder of somebody else still tells, longer or not.

    Seen to fail when only a larger size was taken for a contradiction.
    """
    (folder := tmp_path / "one").mkdir()
    reach(town, folders=(str(folder),))
    copy = set_aside(town, "older.db")
    town.open()
    town.engine.anchor()
    put_back(town, copy)
    shutil.copy(memory_file(copy), memory_file(town.path))
    reach(town, folders=(str(folder),))
    error = refused(IntegrityFailure, "contradicted", town.engine.anchor)
    assert str(folder) in error.message
    assert not doctored(town)[f"the folder {folder}"]["ok"]
    for number in range(3):
        town.open(f"CC-{number}")
    assert "other entries" in refused(IntegrityFailure, "contradicted", town.engine.anchor).message


def test_a_folder_that_takes_nothing_is_told_and_tried_again(town: Town, tmp_path: Path) -> None:
    """A folder that is not there fails no act; doctor and anchor tell it, and once it is there it is caught up with."""
    folder = tmp_path / "not-yet"
    reach(town, folders=(str(folder),))
    town.open()
    town.fill_plan()
    answer = decide(town, SRO)
    assert answer["receipt"]
    assert str(folder) in answer["warnings"][0]
    assert not doctored(town)[f"the folder {folder}"]["ok"]
    assert town.engine.anchor()["places"][0]["failure"]
    folder.mkdir()
    assert town.engine.anchor()["places"][0]["failure"] is None
    assert len(kept_in(folder)) == 1
    assert doctored(town)["outside"]["message"] == "An outside checkpoint covers every event."


def test_nothing_in_a_folder_is_written_over(town: Town, tmp_path: Path) -> None:
    """A file of somebody else under the very name stays as it is, and the place is told to have failed."""
    (folder := tmp_path / "one").mkdir()
    reach(town, folders=(str(folder),))
    town.engine.anchor()
    (file,) = folder.iterdir()
    file.write_text("mine\n")
    with town.sql() as database:
        database.execute("DELETE FROM anchor")
    assert "no checkpoint of this ledger" in town.engine.anchor()["places"][0]["failure"]
    assert kept_in(folder) == ["mine\n"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can make a folder of another account")
def test_a_folder_of_another_account_is_enough(town: Town, tmp_path: Path) -> None:
    """A folder that belongs to another account, where this one may add and not read others' files, takes it."""
    (folder := tmp_path / "theirs").mkdir()
    os.chown(folder, 12345, 12345)
    folder.chmod(0o1777)
    reach(town, folders=(str(folder),))
    assert town.engine.anchor()["places"][0]["failure"] is None
    assert folder.stat().st_uid == 12345
    assert len(kept_in(folder)) == 1


def test_the_exposure_window_is_told(town: Town, tmp_path: Path) -> None:
    """Doctor says how many events no outside checkpoint covers and since when; an hour of it is a finding."""
    (folder := tmp_path / "one").mkdir()
    reach(town, folders=(str(folder),))
    town.engine.anchor()
    covered = town.size
    town.open()
    first = town.leaves(covered)[0]["at"]
    window = doctored(town)["outside"]
    assert window["ok"]
    assert f"the last {town.size - covered} events, since {first}" in window["message"]
    town.on("2026-06-01", "11:30")
    assert not doctored(town)["outside"]["ok"]


# ---- witnesses


def known_to(town: Town, kept: KeptByWitness) -> None:
    """Opens the register with a witness."""
    reach(town, witnesses=(Witness(kept.key, kept.url),))


def test_a_witness_cosigns_each_checkpoint(town: Town) -> None:
    """A witness sees that each checkpoint continues the last, and its cosignature is kept with ours."""
    with witness(*keys(town.engine)) as kept:
        known_to(town, kept)
        for number in range(3):
            town.open(f"CC-{number}")
            assert town.engine.anchor()["places"][0]["failure"] is None
        with town.sql() as database:
            (note, size) = database.execute("SELECT note, size FROM anchor").fetchone()
        assert size == town.size
        assert len(open_note(note, [*keys(town.engine), read_verifier(kept.key)]).signed_by) == 2
        assert [b.count(b"\n\n") for b in kept.asked] == [2, 2, 2]


def test_a_witness_that_was_asked_by_others_says_so(town: Town) -> None:
    """Where we have forgotten what the witness saw last, it says so, and gets the proof from there."""
    with witness(*keys(town.engine)) as kept:
        known_to(town, kept)
        town.engine.anchor()
        town.open()
        with town.sql() as database:
            database.execute("DELETE FROM anchor")
        assert town.engine.anchor()["places"][0]["failure"] is None
        assert kept.last["cocycle.example/town"].size == town.size
        assert [b.split(b"\n")[0] for b in kept.asked[1:]] == [b"old 0", b"old " + kept.asked[2].split()[1]]


def test_a_witness_that_saw_more_is_an_integrity_failure(town: Town) -> None:
    """A witness that cosigned a longer ledger, or another one, tells a register that was put back whole.

    Seen to fail when 409 and 422 were taken for a witness out of order.
    """
    with witness(*keys(town.engine)) as kept:
        known_to(town, kept)
        copy = set_aside(town, "older.db")
        town.open()
        town.engine.anchor()
        put_back(town, copy)
        shutil.copy(memory_file(copy), memory_file(town.path))
        known_to(town, kept)
        assert "saw" in refused(IntegrityFailure, "contradicted", town.engine.anchor).message
        for number in range(3):
            town.open(f"CC-{number}")
        assert "continue" in refused(IntegrityFailure, "contradicted", town.engine.anchor).message


@pytest.mark.parametrize("code", [302, 400, 403, 404, 429, 500])
def test_a_witness_that_does_not_answer_well_is_told(town: Town, code: int) -> None:
    """Whatever else a witness answers, a redirect included, is a failure in words and is tried again later."""
    with witness(*keys(town.engine)) as kept:
        known_to(town, kept)
        kept.answers = [code]
        assert kept.name in town.engine.anchor()["places"][0]["failure"]
        assert len(kept.asked) == 1
        assert town.engine.anchor()["places"][0]["failure"] is None


def test_a_cosignature_of_another_key_counts_for_nothing(town: Town) -> None:
    """A witness whose signature is not by the key that was configured has not cosigned."""
    with witness(*keys(town.engine)) as kept, witness() as other:
        reach(town, witnesses=(Witness(other.key, kept.url),))
        assert "does not hold" in town.engine.anchor()["places"][0]["failure"]


def test_an_act_does_not_wait_for_a_place_that_hangs(town: Town) -> None:
    """A place that hangs holds somebody who decides up for two seconds once, and not again within the minute."""
    with witness(*keys(town.engine)) as kept:
        known_to(town, kept)
        kept.wait = 4.0
        town.open()
        town.fill_plan()
        started = time.monotonic()
        assert decide(town, SRO)["receipt"]
        assert time.monotonic() - started < 3.5
        started = time.monotonic()
        assert decide(town, COCHAIR)["receipt"]
        assert time.monotonic() - started < 1.5
        assert len(kept.asked) == 1


# ---- settings


def test_the_places_are_read_from_the_surroundings() -> None:
    """Folders, addresses, server and witnesses are taken as they are written."""
    with witness() as kept:
        said = settings_from(
            {
                "COCYCLE_ANCHOR_FOLDERS": os.pathsep.join(["/srv/a", "/srv/b"]),
                "COCYCLE_ANCHOR_MAIL": "a@example.org, b@example.org",
                "COCYCLE_MAIL_SERVER": "smtps://us%40er:p%3Aw@mail.example:4650",
                "COCYCLE_MAIL_FROM": "register@example.org",
                "COCYCLE_WITNESSES": f"{kept.key} https://witness.example/x/ ; ",
            }
        ).places
        assert said.folders == ("/srv/a", "/srv/b")
        assert said.mail == ("a@example.org", "b@example.org")
        assert said.server is not None
        assert (said.server.host, said.server.port, said.server.sealed) == ("mail.example", 4650, True)
        assert (said.server.user, said.server.password) == ("us@er", "p:w")
        assert "p:w" not in repr(said)
        assert said.witnesses == (Witness(kept.key, "https://witness.example/x"),)


OF_A_LOG = new_key("a.example")[1]  # a key of the wrong kind: that of a log, not of a witness


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COCYCLE_ANCHOR_FOLDERS", "relative/folder"),
        ("COCYCLE_ANCHOR_MAIL", "not an address"),
        ("COCYCLE_ANCHOR_MAIL", "a@example.org"),  # and no server
        ("COCYCLE_MAIL_SERVER", "http://mail.example"),
        ("COCYCLE_MAIL_SERVER", "smtp://user:secret@:99999"),
        ("COCYCLE_MAIL_FROM", "nobody"),
        ("COCYCLE_WITNESSES", "no-key https://witness.example"),
        ("COCYCLE_WITNESSES", f"{OF_A_LOG} https://witness.example"),
        ("COCYCLE_WITNESSES", "no-address"),
    ],
    ids=["folder", "address", "no-server", "no-mail-server", "port", "sender", "no-key", "key-of-a-log", "no-url"],
)
def test_a_place_that_is_written_wrongly_is_told(name: str, value: str) -> None:
    """No place is left out quietly, every mistake is told at once, and a password is never repeated."""
    with pytest.raises(InputRefused) as caught:
        places_from({name: value, "COCYCLE_ANCHOR_FOLDERS": "also/wrong"})
    assert len(caught.value.details["problems"]) >= (1 if name == "COCYCLE_ANCHOR_FOLDERS" else 2)
    assert name in caught.value.message
    assert "secret" not in caught.value.message


def test_anchoring_writes_nothing_in_the_ledger(town: Town) -> None:
    """Anchoring is no act: without any place it signs, says that nobody outside keeps it, and adds no entry."""
    town.engine.new_project("One", "two-gates", fields={"lifetime_value": "1.00"}, actor=MANAGER)
    size = town.size
    found = town.engine.anchor()
    assert (found["size"], found["places"], town.size) == (size, [], size)
    assert found["checkpoint"] == signed_checkpoint(town.engine.database)
    assert "this machine alone" in doctored(town)["outside"]["message"]
