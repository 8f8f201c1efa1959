"""After a fault: a new process, a rest where faults follow each other, and nothing of it noticed by anybody else."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.hosting import line as lines
from engine.hosting.host import Host
from engine.hosting.locating import OURS
from tests.hosting.folders import question, write_judge

Hosts = Callable[..., Host]
FLAKY = """
def judge(facts, options):
    if facts.stage == "broken":
        raise ValueError("it is broken")
    if facts.stage == "stuck":
        while True: pass
    return met("It works.")
"""


def test_a_process_that_failed_is_replaced_by_another(host: Hosts, plugins_dir: Path) -> None:
    """After a fault the next question is answered, by a process that knows nothing of the one before.

    Seen to fail when `Line._faulty` did not stop the process.
    """
    write_judge(plugins_dir, "acme", "SEEN = []\n" + FLAKY.replace("return met", "SEEN.append(1); return met"))
    one = host()
    pids: list[int | None] = []
    for stage in ("design", "broken", "design", "stuck", "design"):
        said = one.judges().ask("acme/panel", question(stage=stage, cycle=len(pids)))
        assert said.state == ("met" if stage == "design" else "error")
        process = one._line("acme", "judge")._process
        pids.append(None if process is None else process._popen.pid)
    assert pids[1] is pids[3] is None
    assert len({pids[0], pids[2], pids[4]}) == 3


def test_three_faults_in_a_row_are_followed_by_a_rest(
    host: Hosts, plugins_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plugin that failed three times is left alone for a while that doubles, and says so at once; then it is asked.

    Seen to fail when the rest was not looked at.
    """
    clock = [1_000.0]
    monkeypatch.setattr(lines, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    write_judge(plugins_dir, "acme", FLAKY)
    logged: list[dict[str, object]] = []
    one = host(log=lambda event, **facts: logged.append({"event": event, **facts}))
    judges = one.judges()
    for cycle in range(3):
        said = judges.ask("acme/panel", question(stage="broken", cycle=cycle))
        assert said.why[0].startswith("The plugin acme failed: ValueError: it is broken")
    said = judges.ask("acme/panel", question())
    assert one._line("acme", "judge")._process is None
    assert said.why[0].startswith("The plugin acme failed 3 times in a row and is left alone for 2 seconds.")
    assert "it is broken" not in said.why[0]  # whoever asks now may be somebody else than it speaks of
    assert [(line["event"], line["kind"], line["in_a_row"]) for line in logged] == [
        ("plugin_failed", "raised", number) for number in (1, 2, 3)
    ]
    assert "it is broken" not in str(logged)
    clock[0] += 2
    judges.ask("acme/panel", question(stage="broken", cycle=9))
    clock[0] += 3
    assert judges.ask("acme/panel", question()).state == "error"  # the second rest is twice as long
    clock[0] += 1
    assert judges.ask("acme/panel", question()).state == "met"
    for cycle in range(20, 23):  # and is forgotten once it has answered
        assert "it is broken" in judges.ask("acme/panel", question(stage="broken", cycle=cycle)).why[0]


def test_while_one_plugin_hangs_others_answer_and_nobody_waits_longer_than_the_limit(
    host: Hosts, plugins_dir: Path
) -> None:
    """A plugin that hangs keeps others of its own waiting for the limit at most, and no other plugin at all."""
    write_judge(plugins_dir, "acme", FLAKY)
    write_judge(plugins_dir, "good")
    judges = host(rests=False).judges()
    assert judges.ask("acme/panel", question()).state == "met"
    assert judges.ask("good/panel", question()).state == "met"
    took: list[float] = []

    def hang(number: int) -> None:
        started = time.monotonic()
        assert judges.ask("acme/panel", question(stage="stuck", cycle=number)).state == "error"
        took.append(time.monotonic() - started)

    threads = [threading.Thread(target=hang, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    times = []
    for number in range(50):
        started = time.monotonic()
        assert judges.ask("good/panel", question(cycle=number)).state == "met"
        times.append(time.monotonic() - started)
    for thread in threads:
        thread.join()
    assert len(took) == 4
    assert sorted(times)[25] < 0.4  # the others take as long as the machine is busy
    assert max(took) < 15  # where a new process had to be started meanwhile, that is waited for, too


def test_a_process_outlives_the_thread_that_asked_first(host: Hosts, plugins_dir: Path) -> None:
    """A plugin's process ends with the core, and not with the thread that happened to need it first.

    Seen to fail when the thread that asked started the process itself.
    """
    write_judge(plugins_dir, "acme")
    one = host()
    thread = threading.Thread(target=lambda: one.judges().ask("acme/panel", question()))
    thread.start()
    thread.join()
    process = one._line("acme", "judge")._process
    assert process is not None
    time.sleep(0.2)
    assert process.alive()
    assert one.judges().ask("acme/panel", question(cycle=2)).state == "met"


def test_a_process_that_was_ended_while_idle_is_replaced_without_a_word(host: Hosts, plugins_dir: Path) -> None:
    """What the system ends between two questions is started again, and the question is answered."""
    write_judge(plugins_dir, "acme")
    one = host()
    assert one.judges().ask("acme/panel", question()).state == "met"
    process = one._line("acme", "judge")._process
    assert process is not None
    os.kill(process._popen.pid, signal.SIGKILL)
    for _ in range(200):
        if not process.alive():
            break
        time.sleep(0.05)
    assert one.judges().ask("acme/panel", question(cycle=2)).state == "met"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_fork_has_processes_of_its_own_and_leaves_those_of_its_parent(host: Hosts, plugins_dir: Path) -> None:
    """A fork of the core asks in a process of its own, and when it ends, its parent's goes on.

    Seen to fail when `Line.after_fork` did nothing: the fork then read its parent's answers.
    """
    write_judge(plugins_dir, "acme")
    script = f"""
import os, sys
sys.path.insert(0, {str(OURS)!r})
from engine.hosting.host import Host
from tests.hosting.folders import question
one = Host((), {str(plugins_dir)!r})
ask = lambda cycle: one.judges().ask("acme/panel", question(cycle=cycle)).state
pid = lambda: one._line("acme", "judge")._process._popen.pid
print(ask(1)); first = pid(); sys.stdout.flush()
child = os.fork()
if child == 0:
    print(ask(2), pid() != first); sys.stdout.flush()
    sys.exit(0)
os.waitpid(child, 0)
print(ask(3), pid() == first)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == ["met", "met True", "met True"]


@pytest.mark.parametrize("stuck", [False, True])
def test_no_process_outlives_a_core_that_was_killed(stuck: bool, plugins_dir: Path, tmp_path: Path) -> None:
    """Where the core is killed, its plugins' processes end, also those in the middle of an endless loop."""
    write_judge(plugins_dir, "acme", FLAKY.replace("while True: pass", "import time; time.sleep(600)"))
    stage = "stuck" if stuck else "design"
    script = f"""
import sys, threading, time
sys.path.insert(0, {str(OURS)!r})
from engine.hosting.host import Host
from tests.hosting.folders import question
from engine.hosting import limits, process
one = Host((), {str(plugins_dir)!r})
one.judges().ask("acme/panel", question())
print(one._line("acme", "judge")._process._popen.pid, flush=True)
threading.Thread(target=lambda: one.judges().ask("acme/panel", question(stage={stage!r})), daemon=True).start()
time.sleep(60)
"""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}  # a core that is killed cannot clear up
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment) as core:
        assert core.stdout is not None
        pid = int(core.stdout.readline())
        time.sleep(0.1)
        core.kill()
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the process of the plugin is still there")


def test_no_scratch_folder_is_left(
    host: Hosts, plugins_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scratch folder of a process is empty at first and gone with it, with all that a plugin put there."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    code = """
    import os, tempfile
    def examine(submission):
        assert os.listdir(".") == []
        os.makedirs("a/b")
        open("a/b/c", "w").write("kept?")
        with tempfile.NamedTemporaryFile() as file: file.write(b"x")
        return []
    def judge(facts, options): return met("Yes.")
    """
    write_judge(plugins_dir, "acme", code)
    one = host()
    given = {"project": "P", "requirement": "r", "kind": "k", "level": None, "happened_on": None, "today": "2026-11-22"}
    said = one.examine("acme/minutes", {**given, "fields": {}, "facts": {}, "files": []}, [])
    assert said.state == "passed", said.found
    assert len(list(scratch.iterdir())) == 1
    one.close()
    assert list(scratch.iterdir()) == []


def test_a_checkout_that_is_not_installed_runs_plugins_of_a_register_in_it(plugins_dir: Path, tmp_path: Path) -> None:
    """Started from a checkout, with the register in its very folder, plugins run and cannot read the register."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in ("engine", "plugins"):
        shutil.copytree(OURS / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    register = tmp_path / "checkout" / "cocycle.db"
    register.write_text("the register")
    code = f"""
    import plugins.ocds
    def judge(facts, options):
        if facts.stage == "broken": open({str(register)!r})
        return met("Yes.")
    """
    write_judge(plugins_dir, "acme", code)
    script = f"""
import sys
from pathlib import Path
sys.path[:0] = [{str(checkout)!r}, {str(OURS)!r}]
from engine.hosting.host import Host
from tests.hosting.folders import question
one = Host((), {str(plugins_dir)!r}, keep_out=[Path({str(checkout)!r})])
for stage in ("design", "broken"): print(one.judges().ask("acme/panel", question(stage=stage)).why[0])
one.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=checkout, timeout=60
    )
    assert done.stdout.splitlines() == [
        "Yes.",
        "The plugin acme tried to read a file that is not its own, which it may not do here.",
    ]


def test_what_holds_plugins_back_here_is_told() -> None:
    """Each wall is named with a sentence and whether it holds; the audit hook holds wherever Python runs."""
    walls = {wall.name: wall for wall in Host(()).protections()}
    assert walls["watch"].holds
    assert set(walls) == {"watch", "files", "calls", "memory", "capabilities", "privileges", "parent"}
    assert all(wall.says.endswith(".") for wall in walls.values())


def test_a_call_that_is_interrupted_leaves_no_answer_for_the_next(host: Hosts, plugins_dir: Path) -> None:
    """Where whoever asks is interrupted, the process is ended, since its answer would be taken for that of the next.

    Seen to fail when only faults of the plugin ended the process.
    """
    write_judge(plugins_dir, "acme")
    one = host()
    assert one.judges().ask("acme/panel", question()).state == "met"
    line = one._line("acme", "judge")

    def interrupted(said: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        line.said(interrupted)
    assert line._process is None
    assert line._faults == 0
    assert one.judges().ask("acme/panel", question(cycle=2)).state == "met"


def test_whoever_waits_too_long_for_others_is_told_so(host: Hosts, plugins_dir: Path) -> None:
    """Nobody waits for the questions of others longer than an answer may take; that is no fault of the plugin.

    Seen to fail when the wait had no end.
    """
    write_judge(plugins_dir, "acme")
    one = host()
    assert one.judges().ask("acme/panel", question()).state == "met"
    line = one._line("acme", "judge")
    with line._lock:
        said = one.judges().ask("acme/panel", question(cycle=2))
    assert said.why == ("The plugin acme is busy with other questions; ask again.",)
    assert line._faults == 0
    assert one.judges().ask("acme/panel", question(cycle=2)).state == "met"
