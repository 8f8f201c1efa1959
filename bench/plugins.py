"""What plugins cost: an isolated verdict, finding and starting ten of them, and the core while one of them hangs."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from bench.registers import SRO, register_of
from engine.hosting.host import Host
from engine.hosting.patience import Turns

PLUGIN = """
from engine.hookspecs import RequirementKind, hookimpl, met, unmet

def judge(facts, options):
    while facts.stage == "stuck":
        pass
    held = [r for r in facts.own if r.facts["attendance"]["lived_experience"] >= options["least"]]
    return met("The panel met.", evidence=[held[0].id]) if held else unmet("No panel met. Hand in its minutes.")

@hookimpl
def cocycle_requirement_kinds():
    return [RequirementKind("panel", "A panel met", judge)]
"""
POINT = '[project]\nname = "{0}"\nversion = "1"\n[project.entry-points."cocycle.plugins"]\n{0} = "{0}_plugin"\n'
TEN = [f"bench{letter}" for letter in "abcdefghij"]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=3000, help="how many verdicts")
    count = parser.parse_args().n
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "plugins"
        for name in TEN:
            (folder / name).mkdir(parents=True)
            (folder / name / "pyproject.toml").write_text(POINT.format(name))
            (folder / name / f"{name}_plugin.py").write_text(PLUGIN)
        _verdicts(folder, count)
        _starting(folder)
        _hanging(folder, Path(place), 400)


def question(**changes: Any) -> dict[str, Any]:
    """Returns a question over 60 records, as the judge asks it."""
    facts = {"attendance": {"lived_experience": 4, "carer": 1, "staff": 3}, "held_on": "2026-11-01", "online": False}
    records = [
        {
            "id": f"e-{number:016x}",
            "requirement": f"r{number % 18}",
            "kind": "minutes",
            "own": number % 18 == 0,
            "level": "co_production",
            "happened_on": "2026-11-01",
            "recorded_on": "2026-11-02",
            "facts": facts,
            "files": [["0" * 64, 12_000]],
            "signed_by": ["sro"],
            "personal": False,
        }
        for number in range(60)
    ]
    asked = {"requirement": "r0", "with": {"least": 3}, "today": "2026-11-22", "project": "P-0001", "stage": "plan"}
    given = {"cycle": 1, "profile": None, "fields": {"lifetime_value": 145_000_000}, "levels": ["co_production"]}
    return {**asked, **given, "records": records, **changes}


def _verdicts(folder: Path, count: int) -> None:
    for keeps, name in ((False, "a verdict, 60 records, asked anew"), (True, "the same, kept since")):
        host = Host((), str(folder), keeps=keeps)
        ask = partial(host.judges().ask, "bencha/panel", question())
        assert ask().state == "met"
        process = host._line("bencha", "judge")._process
        assert process is not None
        turns = Turns(os.getpid()), Turns(process._popen.pid)
        alone: list[float] = []

        def timed(ask: Callable[[], object] = ask, turns: Sequence[Turns] = turns, alone: list[float] = alone) -> None:
            waited, started = sum(t.waited() for t in turns), time.perf_counter()
            ask()
            alone.append(time.perf_counter() - started - sum(t.waited() for t in turns) + waited)

        _show(name, _times(count, ask))
        _times(count, timed)
        _show("  less what was waited for a processor", alone)
        host.close()


def _starting(folder: Path) -> None:
    nothing = [sys.executable, "-c", "from engine.hosting.host import Host; Host(); print(0)"]
    bare = [sys.executable, "-c", "print(0)"]
    run = partial(subprocess.run, check=True, stdout=subprocess.DEVNULL)
    empty, with_host = (min(_times(15, partial(run, words))) for words in (bare, nothing))
    print(f"{'a command that needs no plugin':42} {(with_host - empty) * 1e3:8.2f} ms more than Python itself, at best")
    started = time.perf_counter()
    Host((), str(folder)).available()
    print(f"{'finding ten, the first time':42} {(time.perf_counter() - started) * 1e3:8.2f} ms")
    _show("finding ten, with their digests", _times(30, lambda: Host((), str(folder)).available()))
    for at_once in (1, 4):
        host = Host((), str(folder))
        started = time.perf_counter()
        with ThreadPoolExecutor(at_once) as several:
            assert not [d.error for d in several.map(host.described, TEN) if d.error]
        took = time.perf_counter() - started
        print(f"{f'starting ten processes, {at_once} at a time':42} {took * 1e3:8.2f} ms, {took * 100:.1f} each")
        host.close()


def _hanging(folder: Path, place: Path, count: int) -> None:
    """Advances projects in one thread, while another keeps a plugin hanging, which is replaced each time."""
    engine = register_of(place / "cocycle.db", 2 * count)
    projects = iter(f"B-{number:06}" for number in range(2 * count))

    def advance() -> None:
        project = next(projects)
        engine.advance(project, expect=engine.version(project), actor=SRO)

    _show("advance, nothing hangs", _times(count, advance))
    host, over, hung = Host((), str(folder), rests=False), threading.Event(), [0]

    def hang() -> None:
        while not over.is_set():
            assert host.judges().ask("bencha/panel", question(stage="stuck", cycle=hung[0])).state == "error"
            hung[0] += 1

    thread = threading.Thread(target=hang)
    thread.start()
    time.sleep(0.3)
    _show("advance, while a plugin hangs", _times(count, advance))
    over.set()
    thread.join()
    print(f"{'(the plugin hung and was replaced)':42} {hung[0]:8} times")
    host.close()
    engine.close()


def _times(count: int, act: Callable[[], object]) -> list[float]:
    found = []
    for _ in range(count):
        started = time.perf_counter()
        act()
        found.append(time.perf_counter() - started)
    return found


def _show(name: str, times: list[float]) -> None:
    ranked = sorted(times)
    median, p99 = statistics.median(ranked), ranked[len(ranked) * 99 // 100]
    print(f"{name:42} median {median * 1e3:7.3f} ms   p99 {p99 * 1e3:8.3f} ms   worst {ranked[-1] * 1e3:8.3f} ms")


if __name__ == "__main__":
    main()
