"""Taking care of a register: backups taken while it is in use, copies that work anywhere, and what the doctor sees."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from engine.api import Engine, InputRefused, StorageUnavailable, open_register

from .town import LEAD, MANAGER, PROJECT, Town, refused


def ailing(engine: Engine) -> set[str]:
    """Returns what the doctor finds wrong."""
    found = engine.doctor()
    wrong = {c["check"] for c in found["checks"] if not c["ok"]}
    assert found["ok"] is not bool(wrong)
    assert all(c["message"] for c in found["checks"])
    return wrong


def test_a_backup_is_a_register(town: Town, tmp_path: Path) -> None:
    """A backup holds everything of one moment with its key, verifies, and goes on where the register stood."""
    town.open()
    town.pass_plan()
    target = tmp_path / "elsewhere" / "copy.db"
    target.parent.mkdir()
    answer = town.engine.backup(target)
    assert answer["size"] == target.stat().st_size
    assert target.with_name("copy.db.key").read_bytes() == town.path.with_name("town.db.key").read_bytes()
    assert target.with_name("copy.db.key").stat().st_mode & 0o077 == 0
    before = town.engine.project(PROJECT), town.engine.verify()
    town.engine.hold(PROJECT, "A pause", actor=MANAGER)
    copy = open_register(target, clock=town.clock)
    try:
        assert (copy.project(PROJECT), copy.verify()) == before
        assert copy.hold(PROJECT, "Another pause", actor=MANAGER)["seq"] == before[1]["size"]
    finally:
        copy.close()


def test_a_backup_is_taken_while_others_write(town: Town, tmp_path: Path) -> None:
    """Every backup that is taken beside a busy writer verifies and holds a whole number of acts."""
    town.open()
    done = threading.Event()

    def write() -> None:
        other = open_register(town.path, clock=town.clock)
        while not done.is_set():
            other.add_evidence(PROJECT, "market-meeting", facts={"attendance": {"carer": 1}}, actor=LEAD)
        other.close()

    writing = threading.Thread(target=write)
    writing.start()
    try:
        for n in range(5):
            town.engine.backup(tmp_path / f"{n}.db")
    finally:
        done.set()
        writing.join()
    for n in range(5):
        copy = open_register(tmp_path / f"{n}.db", read_only=True, clock=town.clock)
        assert copy.verify()["problems"] == []
        copy.close()


def test_a_backup_never_writes_over_anything(town: Town, tmp_path: Path) -> None:
    """A backup goes to a new place in a folder that is there; anything else is refused and leaves nothing."""
    (tmp_path / "taken.db").write_text("mine")
    (tmp_path / "key.db.key").write_text("mine")
    before = {f.name for f in tmp_path.iterdir()}
    for name in ("taken.db", "key.db", "none/copy.db", "town.db"):
        refused(InputRefused, None, lambda: town.engine.backup(tmp_path / name))  # noqa: B023  # called at once
    assert {f.name for f in tmp_path.iterdir()} == before
    assert (tmp_path / "taken.db").read_text() == "mine"


def test_a_register_is_complete_in_its_folder(town: Town, tmp_path: Path) -> None:
    """A copied folder, under any name, is the same register: it verifies, answers and goes on."""
    town.open()
    town.fill_plan()
    shown, verified = town.engine.project(PROJECT), town.engine.verify()
    town.engine.close()
    place = tmp_path / "einkäufe #1 100% [neu]?"
    shutil.copytree(tmp_path, place, ignore=shutil.ignore_patterns(place.name))
    copy = open_register(place / "town.db", clock=town.clock)
    try:
        assert (copy.project(PROJECT), copy.verify()) == (shown, verified)
        assert copy.hold(PROJECT, "A pause", actor=MANAGER)["events"] == ["held"]
    finally:
        copy.close()


def test_a_fit_register_is_fit(town: Town) -> None:
    """The doctor finds nothing wrong with a register in order."""
    town.open()
    assert ailing(town.engine) == set()


def test_the_doctor_sees_what_ails_a_register(town: Town) -> None:
    """The doctor tells a key that others can read or that is gone, a clock that is behind, and a guard that is gone."""
    key = town.path.with_name("town.db.key")
    key.chmod(0o644)
    assert ailing(town.engine) == {"key"}
    key.unlink()
    assert ailing(town.engine) == {"key"}
    town.open()
    town.on("2026-05-01")
    assert ailing(town.engine) == {"key", "clock"}
    town.wrecked = True
    with town.sql() as database:
        database.execute("DROP TRIGGER entry_is_never_updated")
    assert ailing(town.engine) == {"key", "clock", "guards"}


@pytest.mark.parametrize("place", ["postgresql://server/cocycle", "https://server/x.db"])
def test_an_address_is_not_taken_for_a_file(place: str) -> None:
    """An address of a server is refused as storage this version does not have, and no file of that name is made."""
    refused(StorageUnavailable, "unsupported_storage", lambda: open_register(place))
    assert not Path(place).exists()
