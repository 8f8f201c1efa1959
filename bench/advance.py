"""Advances per second through the engine, beside the same rows written by hand; both durable, in turn, in one run.

The engine's side is everything an advance takes: the key looked up, project, person and roles read, six requirements
judged over ten records, one step of the machine, the event sealed, the snapshot saved, one commit. The hand's side
writes the rows that the engine wrote, byte for byte, into a copy of the register, with prepared SQL on the bare driver
and the same SQLite: one read, five writes, one commit. What the engine costs over the hand is what cocycle adds.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.registers import SRO, register_of
from engine.store.driver import dbapi


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=400, help="how many advances")
    count = parser.parse_args().n
    with tempfile.TemporaryDirectory(dir=".") as folder:
        engine = register_of(Path(folder) / "cocycle.db", count)
        engine.backup(Path(folder) / "hand.db")
        hand = dbapi.connect(str(Path(folder) / "hand.db"), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            hand.execute(f"PRAGMA {pragma}")
        theirs, ours = [], []
        for number in range(count):
            project = f"B-{number:06}"
            version = engine.version(project)
            started = time.perf_counter()
            engine.advance(project, expect=version, actor=SRO)
            ours.append(time.perf_counter() - started)
            rows = _rows(engine, project)
            started = time.perf_counter()
            _by_hand(hand, rows)
            theirs.append(time.perf_counter() - started)
        hand.close()
        engine.close()
    ours, theirs = ours[count // 10 :], theirs[count // 10 :]
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    print(f"{platform.python_version()}, SQLite {dbapi.sqlite_version}, WAL, synchronous=FULL, {len(ours)} advances")
    for name, times in (("engine", ours), ("by hand", theirs)):
        median = statistics.median(times)
        print(
            f"{name:8} median {median * 1e6:7.0f} µs   {1 / median:6.0f}/s   mean {1 / statistics.mean(times):6.0f}/s"
        )
    print(f"ratio, pair by pair, median: {ratio:.2f}")


def _rows(engine: Any, project: str) -> dict[str, Any]:
    """Reads what the engine has just written."""
    with engine.database.read() as tx:
        entry = tx.execute("SELECT * FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
        return {
            "entry": entry,
            "head": tx.execute("SELECT size, root, frontier, at FROM head").fetchone(),
            "key": tx.execute("SELECT * FROM idempotency WHERE last_seq = ?", (entry[0],)).fetchone(),
            "project": tx.execute(
                "SELECT version, stage, stage_final, on_hold, cycle, title, entered_at, due_on, snapshot, id"
                " FROM project WHERE id = ?",
                (project,),
            ).fetchone(),
        }


def _by_hand(hand: Any, rows: dict[str, Any]) -> None:
    project = rows["project"]
    hand.execute("BEGIN IMMEDIATE")
    hand.execute("SELECT version, definition, snapshot FROM project WHERE id = ?", (project[-1],)).fetchone()
    hand.execute("INSERT INTO entry VALUES (?,?,?,?,?,?,?,?,?)", rows["entry"])
    hand.execute("UPDATE head SET size=?, root=?, frontier=?, at=? WHERE id = 1", rows["head"])
    hand.execute("INSERT INTO idempotency VALUES (?,?,?,?)", rows["key"])
    hand.execute(
        "UPDATE project SET version=?, stage=?, stage_final=?, on_hold=?, cycle=?, title=?, entered_at=?, due_on=?,"
        " snapshot=? WHERE id = ?",
        project,
    )
    hand.execute("UPDATE stage_count SET n = n - 1 WHERE workflow = 'measured' AND stage = 'plan'")
    hand.execute(
        "INSERT INTO stage_count VALUES ('measured', 'done', 1) ON CONFLICT (workflow, stage) DO UPDATE SET n = n + 1"
    )
    hand.execute("COMMIT")


if __name__ == "__main__":
    main()
