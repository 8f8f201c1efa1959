"""Flips every single bit of an export, and counts how many are found, and at the right index.

`python -m bench.flips [ENTRIES [SECONDS]]`, 300 entries by default, and no more than SECONDS for each file.

For a bit of the checkpoint or of a tile of hashes the whole export is verified again. For a bit of a bundle of entries
only what it can reach is: the bundle is held against its tile of hashes. A bundle is taken apart by its lengths alone,
so a bit inside an entry can reach no other entry, and the entry is checked as a bundle of its own; for a bit of a
length the whole bundle is.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bench.registers import register_of
from engine.export_folder import files_in
from engine.ledger import exported_leaves
from engine.ledger.export import check_bundle, verify_export
from engine.ledger.leaf import read_leaf
from engine.ledger.note import Verifier, read_verifier
from engine.ledger.tiles import ENTRIES, Tile, read_path, unpack_entries
from engine.ledger.verify import Problem

Files = dict[str, bytes]


def exported(entries: int) -> tuple[Files, Verifier]:
    """Returns an export of a register of about so many entries, in memory, and its key."""
    with tempfile.TemporaryDirectory() as place:
        engine = register_of(Path(place) / "measured.db", max(1, (entries - 10) // 12))
        size = engine.checkpoint()["size"]
        for number in range(entries - size):
            engine.add_person(f"p{number}@example.org", f"Person {number}", actor="admin@example.org")
        engine.export(Path(place) / "out")
        key = read_verifier(engine.public_key()["public_key"])
        engine.close()
        folder = Path(place) / "out"
        return {name: (folder / name).read_bytes() for name in files_in(folder)}, key


def flips(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Yields a file with each of its bits flipped, and the place of the byte."""
    flipped = bytearray(raw)
    for at in range(len(raw)):
        for bit in range(8):
            flipped[at] ^= 1 << bit
            yield at, bytes(flipped)
            flipped[at] ^= 1 << bit


def due(tile: Tile | None, raw: bytes) -> list[int | None]:
    """Returns for each byte of a file the index at which its loss should be told."""
    if tile is None:
        return [None] * len(raw)
    if tile.level == ENTRIES:
        return [seq for seq, entry in enumerate(unpack_entries(raw), tile.first) for _ in range(2 + len(entry))]
    return [tile.first_of(at // 32) for at in range(len(raw))]


def main(entries: int, seconds: float) -> None:
    """Prints what was flipped, found, and told at the right index."""
    files, key = exported(entries)
    # reading a leaf is a pure function of its bytes and takes most of the time: the same bytes are read once
    vars(exported_leaves)["read_leaf"] = cache(read_leaf)
    total = found_all = right_all = 0
    began = time.perf_counter()
    for name, raw in sorted(files.items()):
        tile, started = read_path(name), time.perf_counter()
        places = due(tile, raw)
        count = found = right = 0
        for at, flipped in flips(raw):
            problems = problems_of(name, tile, at, flipped, files, key)
            count, found = count + 1, found + bool(problems)
            right += {problem.seq for problem in problems} == {places[at]}
            if time.perf_counter() - started > seconds:
                break
        print(f"{name}: {count:,} of {8 * len(raw):,} bits flipped, {found:,} found, {right:,} at the right index")
        total, found_all, right_all = total + count, found_all + found, right_all + right
    took = time.perf_counter() - began
    print(f"All: {total:,} bits, {found_all:,} found, {right_all:,} at the right index alone, {took:,.0f} s")


def problems_of(name: str, tile: Tile | None, at: int, flipped: bytes, files: Files, key: Verifier) -> list[Problem]:
    """Returns what verifying finds, `at` being the place of the byte that was flipped."""
    if tile is None or tile.level != ENTRIES:
        return verify_export((files | {name: flipped}).get, files.keys(), verifier=key).problems
    beside = files[Tile(0, tile.place, tile.width).path]
    start, number = _entry_at(files[name], at)
    if at < start + 2:
        hashes = [beside[place : place + 32] for place in range(0, len(beside), 32)]
        return check_bundle(flipped, tile, hashes, tile.width)[1]
    end = start + 2 + int.from_bytes(flipped[start : start + 2], "big")
    alone = Tile(ENTRIES, 0, 1)
    problems = check_bundle(flipped[start:end], alone, [beside[32 * number : 32 * number + 32]], 1)[1]
    return [problem._replace(seq=tile.first + number) for problem in problems]


@cache
def _entry_at(bundle: bytes, at: int) -> tuple[int, int]:
    """Returns where the entry begins that a byte is of, its length included, and its number in the bundle."""
    start = number = 0
    while (end := start + 2 + int.from_bytes(bundle[start : start + 2], "big")) <= at:
        start, number = end, number + 1
    return start, number


if __name__ == "__main__":
    given = [float(word) for word in sys.argv[1:]] + [300, float("inf")][len(sys.argv) - 1 :]
    main(int(given[0]), given[1])
