"""The export: the same bytes every time, brought up to date, never written over what it is not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.api import InputRefused, IntegrityFailure, NotFound, open_register, verify_export

from .test_receipts import grow
from .town import ADMIN, Json, Town, found_town, refused
from .wreck import story, unguarded

Files = dict[str, bytes]


def files(folder: Path) -> Files:
    """Every file of a folder with its bytes."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def verified(town: Town, folder: Path, **more: object) -> Json:
    """What verifying an export against the register's key finds."""
    return verify_export(folder, public_key=town.engine.public_key()["public_key"], **more)  # type: ignore[arg-type]  # texts that were kept


def test_an_export_is_whole_and_always_the_same(town: Town, tmp_path: Path) -> None:
    """An export is verified without the register; another one has the same bytes; the ledger grows by neither."""
    story(town)
    size = town.size
    found = town.engine.export(tmp_path / "one")
    town.engine.export(tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert (found["size"], found["files"]) == (size, len(files(tmp_path / "one")))
    answer = verified(town, tmp_path / "one")
    assert (answer["ok"], answer["size"], answer["foreign"], answer["warnings"]) == (True, size, 0, [])
    assert answer["root"] == town.engine.verify()["root"]
    assert town.size == size


def test_the_entries_of_an_export_are_the_leaves(town: Town, tmp_path: Path) -> None:
    """A bundle holds the exact bytes of the leaves, each behind two bytes of its length."""
    town.open()
    town.engine.export(tmp_path / "out")
    leaves = [town.engine.leaf(seq) for seq in range(town.size)]
    bundle = (tmp_path / f"out/tile/entries/000.p/{town.size}").read_bytes()
    assert bundle == b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def test_an_older_export_is_brought_up_to_date(town: Town, tmp_path: Path) -> None:
    """After the ledger grew, an older export becomes what a new one is; full tiles are not written again.

    Seen to fail when the partial tiles of before were left where they were.
    """
    for entries in (40, 255, 256, 300, 520):
        grow(town, entries)
        before = {name: (tmp_path / "old" / name).stat().st_ino for name in files(tmp_path / "old")}
        town.engine.export(tmp_path / "old")
        town.engine.export(tmp_path / f"new-{entries}")
        assert files(tmp_path / "old") == files(tmp_path / f"new-{entries}")
        assert not [p for p in (tmp_path / "old").rglob("*") if p.is_dir() and not any(p.iterdir())]
        for name, inode in before.items():
            if ".p/" not in name and name != "checkpoint":
                assert (tmp_path / "old" / name).stat().st_ino == inode
    assert verified(town, tmp_path / "old")["ok"]
    assert town.engine.export(tmp_path / "old")["written"] == 0


def test_an_export_that_was_cut_short_is_completed(town: Town, tmp_path: Path) -> None:
    """Whatever an export had not written when it ended, doing it again completes it, and nothing is left over.

    The checkpoint is written last, so what is missing here is what a crash leaves out.
    """
    grow(town, 300)
    town.engine.export(tmp_path / "whole")
    whole = files(tmp_path / "whole")
    for number in range(len(whole)):
        folder = tmp_path / f"cut-{number}"
        for name in sorted(whole.keys() - {"checkpoint"})[:number]:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(whole[name])
        folder.mkdir(exist_ok=True)
        (folder / ".part-99").write_bytes(b"half a ti")
        assert not verified(town, folder)["ok"]
        town.engine.export(folder)
        assert files(folder) == whole


def lay_strange_things(folder: Path) -> None:
    """A folder of somebody's own."""
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear Alex,\n")


def lay_a_strange_tile(folder: Path) -> None:
    """Tiles without a checkpoint, which are not ours."""
    (folder / "tile/entries/000.p").mkdir(parents=True)
    (folder / "tile/entries/000.p/22").write_bytes(b"x")


def lay_another_export(folder: Path) -> None:
    """The export of another register."""
    (folder.parent / "other").mkdir()
    found_town(folder.parent / "other")
    other = open_register(folder.parent / "other/town.db")
    other.export(folder)
    other.close()


def lay_a_checkpoint_of_nobody(folder: Path) -> None:
    """A file that is called checkpoint and is none."""
    folder.mkdir()
    (folder / "checkpoint").write_bytes(b"\xff")


def lay_a_file(folder: Path) -> None:
    """No folder at all."""
    folder.write_text("x")


@pytest.mark.parametrize(
    "lay", [lay_strange_things, lay_another_export, lay_a_checkpoint_of_nobody, lay_a_file, lay_a_strange_tile]
)
def test_nothing_of_others_is_written_over(town: Town, tmp_path: Path, lay: Callable[[Path], None]) -> None:
    """A folder with anything else in it is refused as input, and stays as it is."""
    lay(tmp_path / "there")
    if lay is lay_a_strange_tile:
        strange = tmp_path / "there/tile/entries/000.p/22"
        strange.rename(strange.with_name(str(town.size)))
    before = files(tmp_path / "there")
    refused(InputRefused, None, lambda: town.engine.export(tmp_path / "there"))
    assert files(tmp_path / "there") == before


def test_an_altered_export_is_not_mended_quietly(town: Town, tmp_path: Path) -> None:
    """Bringing an export up to date that somebody altered is an integrity failure, and the evidence stays."""
    grow(town, 300)
    town.engine.export(tmp_path / "out")
    tile = tmp_path / "out/tile/entries/000"
    tile.write_bytes(tile.read_bytes().replace(b'"system"', b'"sistem"', 1))
    before = files(tmp_path / "out")
    assert verified(town, tmp_path / "out")["problems"][0]["seq"] == 0
    refused(IntegrityFailure, None, lambda: town.engine.export(tmp_path / "out"))
    assert files(tmp_path / "out") == before


def test_an_altered_register_is_not_exported(town: Town, tmp_path: Path) -> None:
    """A register whose old entries were altered since they were signed is not exported, and an older export stays.

    Seen to fail when only what is new since the last checkpoint was hashed.
    """
    scene = story(town)
    town.engine.export(tmp_path / "out")
    before = files(tmp_path / "out")
    with unguarded(town) as database:
        database.execute(
            "UPDATE entry SET leaf = replace(leaf, '2026-06-01', '2026-05-01') WHERE seq = ?", (scene.seq,)
        )
    for folder in ("out", "new"):
        refused(IntegrityFailure, None, lambda folder=folder: town.engine.export(tmp_path / folder))  # type: ignore[misc]  # the default binds the loop's value
    assert files(tmp_path / "out") == before
    assert not (tmp_path / "new/checkpoint").exists()


def test_an_older_register_put_back_contradicts_its_export(town: Town, tmp_path: Path) -> None:
    """A register that was put back from a backup, its signer's memory with it, contradicts the export of since.

    Seen to fail when an export with more entries than the register was taken for an older one.
    """
    town.engine.close()
    backup = tmp_path / "backup"
    backup.mkdir()
    for file in tmp_path.glob("town.db*"):
        shutil.copy(file, backup)
    town.reopen()
    town.open()
    town.engine.export(tmp_path / "out")
    older = open_register(backup / "town.db", clock=town.clock)
    failure = refused(IntegrityFailure, None, lambda: older.export(tmp_path / "out"))
    assert "older copy" in failure.message
    older.add_person("new@example.org", "New", actor=ADMIN)
    while older.checkpoint()["size"] <= town.size:
        number = older.checkpoint()["size"]
        older.add_person(f"p{number}@example.org", "Another", actor=ADMIN)
    assert "rewritten" in refused(IntegrityFailure, None, lambda: older.export(tmp_path / "out")).message
    older.close()


def test_what_was_kept_is_held_against_an_export(town: Town, tmp_path: Path) -> None:
    """Kept checkpoints and receipts agree with an export of the same ledger, and contradict one cut short."""
    town.open()
    town.engine.export(tmp_path / "early")
    grow(town, town.size + 4)
    kept = {"checkpoints": [town.engine.checkpoint()["checkpoint"]], "receipts": [town.engine.receipt(3)["receipt"]]}
    town.engine.export(tmp_path / "late")
    assert verified(town, tmp_path / "late", **kept)["ok"]
    assert {p["kind"] for p in verified(town, tmp_path / "early", **kept)["problems"]} == {"kept"}


def test_a_folder_that_is_none_is_refused(town: Town, tmp_path: Path) -> None:
    """Verifying what is not there is not found, and a file is no folder; a key that is none is refused as input."""
    refused(NotFound, None, lambda: verify_export(tmp_path / "nowhere"))
    refused(InputRefused, None, lambda: verify_export(town.path))
    refused(InputRefused, None, lambda: verify_export(tmp_path, public_key="key"))


SECOND = "second@example.org"


def test_an_export_is_trusted_along_the_chain_of_keys(town: Town, tmp_path: Path) -> None:
    """After a change of keys an export is whole for whoever has the new key or the old one, and what was kept counts.

    Seen to fail when the key that was given was trusted alone.
    """
    town.engine.add_person(SECOND, "Sam Second", roles=["admin"], actor=ADMIN)
    before = town.engine.public_key()["public_key"]
    kept = {"checkpoints": [town.engine.checkpoint()["checkpoint"]]}
    town.engine.export(tmp_path / "out")
    after = town.engine.rotate_key("It is a year old", SECOND, actor=ADMIN)["public_key"]
    town.open()
    town.engine.export(tmp_path / "out")
    assert town.engine.public_key() == {"public_key": after, "public_keys": [before, after]}
    for key in (before, after):
        assert verify_export(tmp_path / "out", public_key=key, **kept)["problems"] == []


def test_a_key_that_took_over_after_a_loss_is_not_vouched_for(town: Town, tmp_path: Path) -> None:
    """After a recovery the export is whole for the new key, and whoever trusts the old one has to be told the new one.

    Seen to fail when every change of keys was taken for one that the old key signed.
    """
    town.engine.add_person(SECOND, "Sam Second", roles=["admin"], actor=ADMIN)
    before = town.engine.public_key()["public_key"]
    town.engine.close()
    shutil.copy(town.path, tmp_path / "older.db")
    town.reopen()
    town.open()
    lost = town.engine.checkpoint()["checkpoint"]
    town.engine.close()
    shutil.copy(tmp_path / "older.db", town.path)
    town.reopen()
    after = town.engine.recover("The disk is gone", SECOND, actor=ADMIN)["public_key"]
    town.engine.export(tmp_path / "out")
    assert verify_export(tmp_path / "out", public_key=after)["problems"] == []
    assert [p["kind"] for p in verify_export(tmp_path / "out", public_key=before)["problems"]] == ["checkpoint"]
    (problem,) = verify_export(tmp_path / "out", public_key=after, checkpoints=[lost])["problems"]
    assert "shorter" in problem["message"]
