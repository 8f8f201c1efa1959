"""The last part of the tour: copies of the register that somebody altered, and what the checks say of them.

The copies stay beside the sample register, for readers who want to try it themselves.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.api import Engine, open_register
from terminal.screen import Page

ALTERED, OLDER, KEPT = "altered.db", "older-copy.db", "kept-checkpoint.txt"
BESIDE = (".key", ".signed")


def copy_aside(engine: Engine, where: Path) -> Path:
    """Keeps a copy of the register as it is now, as an old backup would be; returns its place."""
    older = where.with_name(OLDER)
    engine.backup(older)
    return older


def keep_checkpoint(engine: Engine, where: Path) -> Path:
    """Keeps the newest checkpoint in a file, as an outsider would; returns its place."""
    kept = where.with_name(KEPT)
    kept.write_text(engine.checkpoint()["checkpoint"], "utf-8")
    return kept


def thin_meeting(engine: Engine, project: str) -> tuple[int, int, int]:
    """Returns the first meeting of a project with the fewest people of lived experience: a forger's favourite.

    Returns:
        The entry that recorded it, how many had lived experience, and how many were there.
    """
    found = []
    for row in engine.audit_log([f"project:{project}", "action:evidence_added"]):
        present = row["body"]["facts"].get("attendance", {})
        if present.get("lived_experience"):
            found.append((present["lived_experience"], int(row["seq"]), sum(present.values())))
    lived, seq, everyone = min(found)
    return seq, lived, everyone


def alter_by_hand(engine: Engine, where: Path, seq: int, old: str, new: str) -> Path:
    """Copies the register and changes some letters inside an entry of the copy, in the bytes of the file.

    No part of cocycle and no database is used for it, as nobody who alters a register by hand would.

    Args:
        engine: of the register.
        where: the register.
        seq: the entry.
        old: what stands in the entry once.
        new: what is put there, as long as `old`.

    Returns:
        The place of the altered copy.
    """
    altered = where.with_name(ALTERED)
    engine.backup(altered)
    leaf = engine.leaf(seq)
    forged = leaf.replace(old.encode(), new.encode())
    found = altered.read_bytes()
    assert len(leaf) == len(forged)
    assert leaf != forged
    assert found.count(leaf) == 1
    altered.write_bytes(found.replace(leaf, forged))
    return altered


def tell_altered(page: Page, altered: Path, what: str) -> None:
    """Writes what was altered and what the check of that copy says."""
    page.say(what)
    page.gap()
    page.command(_verify(altered))
    _tell(page, _verified(altered))


def tell_older(page: Page, older: Path, kept: Path) -> None:
    """Writes what an older copy, put back, says for itself, and what it says to somebody who kept a checkpoint."""
    page.say(
        "An older copy of the register is in order by itself: whoever puts it back takes the end of the history away,"
        " and nothing in the copy can tell. So checkpoints go to other people. One was kept a moment ago."
    )
    page.gap()
    page.command(_verify(older))
    _tell(page, _verified(older))
    page.gap()
    page.command(f"{_verify(older)} --checkpoint {kept}")
    _tell(page, _verified(older, kept.read_text("utf-8")))


def remove_old(where: Path) -> None:
    """Takes away the copies that an earlier tour left."""
    for name in (ALTERED, OLDER):
        for end in ("", *BESIDE):
            where.with_name(name + end).unlink(missing_ok=True)
    shutil.rmtree(where.with_name("pack"), ignore_errors=True)
    where.with_name(KEPT).unlink(missing_ok=True)


def _verify(register: Path) -> str:
    return f"cocycle ledger verify --db {register}"


def _verified(register: Path, *checkpoints: str) -> Mapping[str, Any]:
    engine = open_register(register, read_only=True)
    try:
        return engine.verify(checkpoints=checkpoints)
    finally:
        engine.close()


def _tell(page: Page, found: Mapping[str, Any]) -> None:
    if found["ok"]:
        page.labelled("Intact", f"{found['size']} entries.", 4, "green")
        return
    for problem in found["problems"]:
        place = "Altered" if problem["seq"] is None else f"Entry {problem['seq']}"
        page.labelled(place, problem["message"], 4, "red")
