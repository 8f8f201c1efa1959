"""What an evidence pack costs: `python -m bench.packing` packs the first sample project, and checks the pack."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from engine.api import open_register


def main() -> None:
    """Prints what the demonstration's first pack costs to make and to check, and its size as a folder and a .zip."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        register = folder / "cocycle.db"
        subprocess.run(
            [sys.executable, "-m", "cli", "demo", "--json", "--db", str(register)], check=True, capture_output=True
        )
        engine = open_register(register)
        engine.pack("CC-001", folder / "warm", sample=25)
        for name in ("pack", "pack.zip"):
            started = time.perf_counter()
            found = engine.pack("CC-001", folder / name, sample=25)
            print(f"{name}: {found['entries']} entries, {time.perf_counter() - started:.2f} s")
        engine.close()
        files = [path for path in (folder / "pack").rglob("*") if path.is_file()]
        print(f"folder: {len(files)} files, {sum(p.stat().st_size for p in files):,} bytes")
        print(f"zip: {(folder / 'pack.zip').stat().st_size:,} bytes")
        started = time.perf_counter()
        subprocess.run([sys.executable, "-I", str(folder / "pack" / "verify.py")], check=True, capture_output=True)
        print(f"verify.py: {time.perf_counter() - started:.2f} s")


if __name__ == "__main__":
    main()
