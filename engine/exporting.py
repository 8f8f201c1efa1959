"""The export: a register's ledger as a folder of files, laid out as C2SP tlog-tiles, for anybody to verify.

Each file appears whole or not at all, and the checkpoint after everything that it covers. So an export that was cut
short has the checkpoint of before, or none, and doing it again completes it. Every entry is hashed before anything is
written, and nothing is written for a tree that is not the one that was signed: an older export is evidence, and an
altered register must not spoil it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.core.errors import InputRefused, IntegrityFailure, StorageUnavailable
from engine.export_folder import PART, Differs, Writer, reader_of
from engine.ledger.checkpoint import Checkpoint, open_checkpoint, read_checkpoint
from engine.ledger.export import CHECKPOINT
from engine.ledger.merkle import leaf_hash, root_of
from engine.ledger.note import BadNote, split_note
from engine.ledger.tiles import ENTRIES, WIDTH, Tile, pack_entries
from engine.ledger.tree import fold, root
from engine.signer import sign_head, verifiers_of
from engine.store.database import Database, Transaction
from engine.store.proofs import leaves, nodes_of


def export(database: Database, folder: Path) -> dict[str, Any]:
    """Writes the ledger into a folder, or brings an older export in it up to date.

    Returns:
        The folder, the size of the ledger, how many files it takes, how many were written now, and warnings.

    Raises:
        InputRefused: the folder holds something that is no export of this ledger.
        IntegrityFailure: the ledger was altered, or contradicts the export that is there.
        StorageUnavailable: the folder cannot be written.
    """
    signed = sign_head(database)
    checkpoint = read_checkpoint(split_note(signed.note)[0])
    due = {CHECKPOINT}
    try:
        with database.read() as tx:
            begun = _must_be_ours(tx, folder, checkpoint)
            if root_of(map(leaf_hash, leaves(tx, checkpoint.size))) != checkpoint.root:
                raise IntegrityFailure(
                    "The entries of the ledger are not those that were signed, so they are not exported. "
                    "`ledger verify` tells which were altered."
                )
            writer = Writer(folder)
            for tile, content in _tiles(leaves(tx, checkpoint.size), checkpoint.size):
                due.add(tile.path)
                writer.put(tile.path, content)
        writer.sync()
        writer.replace(CHECKPOINT, signed.note.encode())
        writer.sync()
        writer.clear(due)
    except Differs as differs:
        if not begun:
            raise _not_ours(folder, f"its {differs} holds something else") from differs
        why = f"{folder}/{differs} is not what this ledger holds: one of the two was altered. Export to a new folder."
        raise IntegrityFailure(why) from differs
    except OSError as error:
        raise StorageUnavailable(f"The export cannot be written to {folder}: {error.strerror}.") from error
    return {
        "export": str(folder),
        "size": checkpoint.size,
        "files": len(due),
        "written": writer.written,
        "warnings": list(signed.warnings),
    }


def _tiles(entries: Iterator[bytes], size: int) -> Iterator[tuple[Tile, bytes]]:
    """Yields every tile of the ledger with its bytes, reading the entries once."""
    rows: list[list[bytes]] = [[]]  # of each level the hashes of the tile that is growing
    places = [0]
    bundle: list[bytes] = []
    for count, entry in enumerate(entries, 1):
        bundle.append(entry)
        rows[0].append(leaf_hash(entry))
        level = 0
        while len(rows[level]) == WIDTH:
            if level == 0:
                yield Tile(ENTRIES, places[0], WIDTH), pack_entries(bundle)
                bundle = []
            yield Tile(level, places[level], WIDTH), b"".join(rows[level])
            if len(rows) == level + 1:
                rows.append([])
                places.append(0)
            rows[level + 1].append(fold(rows[level]))
            rows[level], places[level] = [], places[level] + 1
            level += 1
        if count == size and bundle:
            yield Tile(ENTRIES, places[0], len(bundle)), pack_entries(bundle)
    for level, row in enumerate(rows):
        if row:
            yield Tile(level, places[level], len(row)), b"".join(row)


def _must_be_ours(tx: Transaction, folder: Path, now: Checkpoint) -> bool:
    """Answers whether an export of this ledger is in the folder; one that was begun and cut short has no checkpoint.

    Raises:
        InputRefused: something else is there.
        IntegrityFailure: an export of this ledger is there, and the register contradicts it.
    """
    if not folder.exists():
        return False
    if not folder.is_dir():
        raise InputRefused(f"{folder} is a file; an export goes to a folder.")
    raw = reader_of(folder)(CHECKPOINT)
    if raw is None:
        others = sorted(p.name for p in folder.iterdir() if p.name != "tile" and not p.name.startswith(PART))
        if others:
            raise _not_ours(folder, f"it holds {others[0]}, and no checkpoint")
        return False
    try:
        there, _ = open_checkpoint(raw.decode(), verifiers_of(tx))
    except (BadNote, UnicodeDecodeError) as error:
        raise _not_ours(folder, "its checkpoint is not signed by this ledger's key") from error
    if there.size > now.size:
        raise IntegrityFailure(
            f"The export in {folder} covers {there.size:,} entries, and this register has {now.size:,}: an older copy "
            "of the register was put back, or entries were removed.",
            details={"exported_size": there.size, "size": now.size},
        )
    if root(there.size, nodes_of(tx)) != there.root:
        raise IntegrityFailure(
            f"The first {there.size:,} entries of this register are not those of the export in {folder}: "
            "the ledger was rewritten since.",
            details={"exported_size": there.size, "size": now.size},
        )
    return True


def _not_ours(folder: Path, why: str) -> InputRefused:
    return InputRefused(f"{folder} is no older export of this ledger: {why}. Choose a new or an empty folder.")
