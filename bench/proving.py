"""What it costs to prove things to strangers: `python -m bench.proving [ENTRIES]`, 10,000 by default."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.registers import large_register
from engine.api import check_proof, open_register, verify_export


def timed(what: str, act: Callable[[], object], times: int = 1) -> None:
    """Prints how long something takes in milliseconds, of the wall and of the processor: the least of several runs."""
    walls, processor = [], []
    for _ in range(times):
        wall, own = time.perf_counter(), time.process_time()
        act()
        walls.append(time.perf_counter() - wall)
        processor.append(time.process_time() - own)
    print(f"{what}: {min(walls) * 1000:,.1f} ms, of the processor {min(processor) * 1000:,.1f} ms")


def main(entries: int) -> None:
    """Prints sizes and times."""
    with tempfile.TemporaryDirectory() as place:
        large_register(Path(place) / "measured.db", entries)
        engine, folder = open_register(Path(place) / "measured.db", read_only=True), Path(place) / "out"
        size, key = int(engine.checkpoint()["size"]), str(engine.public_key()["public_key"])
        print(f"{size:,} entries")
        for seq in (0, size // 2, size - 1):
            receipt = str(engine.receipt(seq)["receipt"])
            print(f"receipt of entry {seq:,}: {len(receipt.encode()):,} bytes")
        leaf = engine.leaf(size - 1)
        timed("checkpoint", engine.checkpoint, 20)
        timed("receipt", lambda: engine.receipt(size // 3), 20)
        timed("proof of consistency", lambda: engine.consistency(size // 3, size), 20)
        timed("checking a receipt", lambda: check_proof(leaf, receipt, key), 20)
        timed("export", lambda: engine.export(folder))
        timed("export again", lambda: engine.export(folder), 3)
        timed("verifying the export", lambda: verify_export(folder, public_key=key), 3)
        files = [p for p in folder.rglob("*") if p.is_file()]
        held = sum(p.stat().st_size for p in files)
        leaves = sum(len(engine.leaf(seq)) for seq in range(size))
        print(f"export: {len(files)} files, {held:,} bytes, {held / size:,.0f} an entry; leaves {leaves / size:,.0f}")
        assert verify_export(folder, public_key=key)["ok"]
        engine.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
