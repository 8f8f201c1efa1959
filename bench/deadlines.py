"""What deadlines cost: a sweep with none due and with a thousand due, in a small register and in a large one.

Beside that, three workers fire 8,000 deadlines at once while one of them is killed, and fifty deadlines are slept
through for up to 30 days: each must be told exactly once.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import uuid4
from zoneinfo import ZoneInfo

from bench.dated_registers import dated_register
from bench.registers import LEAD
from engine.api import Engine, SetClock, open_register
from engine.core.definition import Workflow
from engine.core.project import Project
from engine.core.reminding import Step
from engine.firing import Fired, Remind, fire
from engine.notices.remind import remind
from engine.rebuilding import mend_once_a_day
from engine.store import outbox
from engine.store.database import Transaction
from engine.store.deadlines import DeadlineRow

LONDON = ZoneInfo("Europe/London")
BEGUN, LATER = date(2026, 2, 2), date(2026, 5, 4)
DUE_AT_ONCE = 1_000
A_PROJECT = 5
MARKS = "mark"
WORKER = """
import sys
from datetime import datetime
from bench.deadlines import counted
from engine.api import SetClock, open_register
from engine.firing import fire

engine = open_register(sys.argv[1], clock=SetClock(datetime.fromisoformat(sys.argv[2])))
print("ready", flush=True)
sys.stdin.readline()
fired = fire(engine.database, engine.room, (), engine.clock.now(), counted)
print(fired.deadlines, flush=True)
"""


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, nargs="*", default=[10_000, 100_000], help="how many projects")
    parser.add_argument("--workers", type=int, default=8_000, help="deadlines that three workers fire at once")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as folder:
        for projects in asked.projects:
            _cost(Path(folder) / f"{projects}.db", projects)
        _three_workers(Path(folder) / "workers.db", asked.workers)
        for days in (0, 1, 7, 30):
            _slept(Path(folder) / f"slept-{days}.db", days)


def _cost(where: Path, projects: int) -> None:
    some = DUE_AT_ONCE // A_PROJECT
    began = time.perf_counter()
    engine = dated_register(where, [BEGUN if n % (projects // some) == 0 else LATER for n in range(projects)])
    made = time.perf_counter() - began
    size = sum(file.stat().st_size for file in where.parent.glob(f"{where.name}*")) / 2**20
    print(f"{projects:,} projects, {A_PROJECT} deadlines each: made in {made:.0f} s, {size:,.0f} MiB")
    step = _first_step(engine)
    _round(engine, step - timedelta(1))  # the first of a day looks for old rows, too
    nothing = []
    for _ in range(9):
        taken, fired = _round(engine, step - timedelta(1))
        assert fired.deadlines == 0, fired
        nothing.append(taken)
    print(f"  nothing due: median {median(nothing) * 1e3:.1f} ms, longest {max(nothing) * 1e3:.1f} ms")
    first, *more = _sweeps(engine, step - timedelta(1), 10)
    print(
        f"  a whole sweep with nothing due: median {median(more) * 1e3:.1f} ms, longest {max(more) * 1e3:.1f} ms;",
        end="",
    )
    print(f" {first * 1e3:.0f} ms the first time, which looks at the plugins")
    began = time.perf_counter()
    mend_once_a_day(engine.database, engine.room, step.isoformat())
    print(f"  looking for old rows, once a day: {(time.perf_counter() - began) * 1e3:.0f} ms")
    taken, fired = _round(engine, step)
    print(f"  {fired.deadlines:,} due: {taken:.2f} s, with {fired.notices:,} reminders")
    assert fired.deadlines == DUE_AT_ONCE, fired
    for words, mine in (("the first 50", None), ("the lead's first 50", LEAD)):
        began = time.perf_counter()
        engine.deadlines(limit=50, mine=mine)
        print(f"  listing {words}: {(time.perf_counter() - began) * 1e3:.1f} ms")
    engine.close()


def _first_step(engine: Engine) -> date:
    """Returns the first day on which somebody is to be told of anything."""
    with engine.database.read() as tx:
        return date.fromisoformat(tx.execute("SELECT min(next_on) FROM deadline").fetchone()[0])


def _round(engine: Engine, day: date, remind: Remind = remind) -> tuple[float, Fired]:
    now = datetime(day.year, day.month, day.day, 9, tzinfo=LONDON)
    began = time.perf_counter()
    fired = fire(engine.database, engine.room, (), now, remind)
    assert not fired.bugs, fired.bugs
    return time.perf_counter() - began, fired


def _sweeps(engine: Engine, day: date, count: int) -> list[float]:
    """Returns the seconds of each sweep of a worker; they do everything but go to outside places."""
    now, taken = datetime(day.year, day.month, day.day, 9, tzinfo=LONDON), []
    sweeping = Engine(engine.database, engine.settings, SetClock(now))
    for _ in range(count):
        began = time.perf_counter()
        found = sweeping.sweep(outside=False)
        taken.append(time.perf_counter() - began)
        assert (found["fired"], found["problems"]) == (0, []), found
    sweeping.host.close()
    return taken


def counted(tx: Transaction, row: DeadlineRow, project: Project, workflow: Workflow, step: Step, at: str) -> int:
    """Puts the reminders of a step into the box, and a mark beside them that nothing keeps from being put twice."""
    outbox.put(tx, MARKS, [(f"{row.id} {uuid4()}", "{}")], at)
    return remind(tx, row, project, workflow, step, at)


def told(engine: Engine) -> Counter[str]:
    """Returns how often each deadline was fired, by the marks."""
    with engine.database.read() as tx:
        found = tx.execute("SELECT occurrence FROM outbox WHERE topic = ?", (MARKS,)).fetchall()
    return Counter(occurrence.split()[0] for (occurrence,) in found)


def _three_workers(where: Path, count: int) -> None:
    """Has three processes fire the same deadlines; one of them is killed while it is at it."""
    engine = dated_register(where, [BEGUN] * (count // A_PROJECT))
    now = datetime.combine(_first_step(engine), datetime.min.time(), LONDON) + timedelta(hours=9)
    engine.close()
    command = [sys.executable, "-c", WORKER, str(where), now.isoformat()]
    workers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    began = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    reader = open_register(where, read_only=True)
    while sum(told(reader).values()) < count // 10:
        time.sleep(0.005)
    workers[0].send_signal(signal.SIGKILL)
    said = [worker.communicate()[0].strip() for worker in workers]
    taken = time.perf_counter() - began
    each = told(reader)
    reader.close()
    print(
        f"three workers, one killed (the others fired {' and '.join(said[1:])}): {len(each):,} of {count:,} deadlines"
        f" told, each {set(each.values())} time(s), {taken:.1f} s"
    )
    assert len(each) == count, "a deadline was never told"
    assert set(each.values()) == {1}, "a deadline was told twice"


def _slept(where: Path, days: int) -> None:
    """Sleeps through the first step of fifty deadlines, and tells each once."""
    engine = dated_register(where, [BEGUN + timedelta(n) for n in range(50 // A_PROJECT)])
    step = _first_step(engine) + timedelta(13)  # by then all of them have come, those of the later projects last
    _, fired = _round(engine, step + timedelta(days), counted)
    again = _round(engine, step + timedelta(days), counted)[1]
    each = told(engine)
    engine.close()
    print(
        f"down for {days} days: {fired.deadlines} of 50 told, then {again.deadlines}; each {set(each.values())} time(s)"
    )
    assert (fired.deadlines, again.deadlines, len(each), set(each.values())) == (50, 0, 50, {1})


if __name__ == "__main__":
    main()
