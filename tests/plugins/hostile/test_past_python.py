"""What a plugin tries past Python's own account: the rights of files, the core's limits, code in no digest."""

from __future__ import annotations

import os
import py_compile
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.hosting.host import Host
from tests.hosting.folders import question, write_judge
from tests.plugins.hostile.test_what_stays_shut import SUBMISSION

Hosts = Callable[..., Host]
HEAD = """
import ctypes, fcntl, os, resource
C = ctypes.CDLL(None, use_errno=True)
VICTIM = {victim!r}.encode()
try:
    {tried}
    said = "it was done"
except BaseException as error:
    said = "refused: " + str(error)

def judge(facts, options):
    return met(said)
"""
SIGNAL = "r, w = os.pipe(); assert C.fcntl(r, {order}, {value}) == 0, 'shut'"
TRIES = {
    "opens a file to everybody": "assert C.chmod(VICTIM, 0o644) == 0, 'shut'",
    "opens a file by another number": "assert C.fchmodat(-100, VICTIM, 0o644, 0) == 0, 'shut'",
    "gives a file away": "assert C.chown(VICTIM, os.getuid(), os.getgid()) == 0, 'shut'",
    "backdates a file": "assert C.utimes(VICTIM, None) == 0, 'shut'",
    "marks a file": "assert C.setxattr(VICTIM, b'user.x', b'1', 1, 0) == 0, 'shut'",
    "slows the core down": "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
    "keeps the core to one processor": "os.sched_setaffinity(os.getppid(), os.sched_getaffinity(0))",
    "limits the core": "resource.prlimit(os.getppid(), resource.RLIMIT_CORE, (0, 0))",
    "has the kernel signal the core": SIGNAL.format(order=8, value="os.getppid()"),
    "chooses that signal": SIGNAL.format(order=10, value=9),
    "watches a folder": "assert C.inotify_add_watch(C.inotify_init(), os.path.dirname(VICTIM), 0xFFF) > 0, 'shut'",
    "takes more memory than it may have": "x = [bytearray(64 << 20) for _ in range(9)]",
}


@pytest.mark.parametrize("tried", TRIES.values(), ids=TRIES)
def test_the_kernel_refuses_what_python_does_not_see(
    tried: str, host: Hosts, plugins_dir: Path, tmp_path: Path, walls: dict[str, bool]
) -> None:
    """By the C library, too, no plugin changes who may read a file, nor how fast and how far the core runs.

    Seen to fail when Landlock, which holds none of these, was the only wall before files, when `prlimit` was allowed
    for every process of the same user, and when the memory a process has was read after /proc was shut to it.
    """
    if not walls["calls"]:
        pytest.skip("this kernel has no seccomp")
    victim = tmp_path / "key"
    victim.write_text("k")
    victim.chmod(0o600)
    before, limit = victim.stat(), resource.getrlimit(resource.RLIMIT_CORE)
    write_judge(plugins_dir, "bad", HEAD.format(victim=str(victim), tried=tried))
    said = host().judges().ask("bad/panel", question())
    assert (said.state, said.why[0].split(":")[0]) == ("met", "refused"), said
    assert (victim.stat().st_mode, victim.stat().st_mtime_ns) == (before.st_mode, before.st_mtime_ns)
    assert resource.getrlimit(resource.RLIMIT_CORE) == limit


def test_a_plugin_reads_nothing_beside_it_that_its_digest_leaves_out(host: Hosts, plugins_dir: Path) -> None:
    """What lies beside a plugin's package could be another tomorrow under the same digest, so it is not read.

    Seen to fail when all of its folder could be read, and when modules beside the package could be imported.
    """
    beside = "import os\nBESIDE = open(os.path.join(os.path.dirname(__file__), os.pardir, 'rule.txt')).read()\n"
    for name, code in (("reads", beside), ("imports", "import helper\n")):
        own = write_judge(plugins_dir, name, code + "def judge(facts, options): return met('x')")
        (own / "rule.txt").write_text("1")
        (own / "src" / "helper.py").write_text("YES = True")
        said = host().judges().ask(f"{name}/panel", question())
        assert said.state == "error"
        assert "tried to read a file that is not its own" in said.why[0]


def test_compiled_code_in_a_cache_is_not_run(host: Hosts, plugins_dir: Path) -> None:
    """A cache, which no digest is over, may say what it likes: the source counts.

    Seen to fail when Python read the plugin's own `__pycache__`.
    """
    source = write_judge(plugins_dir, "acme", "def judge(facts, options): return unmet('No.')") / "src/acme_plugin.py"
    text = source.read_text()
    first = host().judges().ask("acme/panel", question())
    source.write_text(text.replace("unmet('No.')", "met('Yes.')"))
    py_compile.compile(str(source), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    source.write_text(text)
    again = host().judges().ask("acme/panel", question())
    assert (first.state, first.source) == (again.state, again.source)
    os.replace(next((source.parent / "__pycache__").iterdir()), source.parent / "hidden.pyc")
    assert host().judges().ask("acme/panel", question()).state == "unmet"


def test_a_huge_file_is_told_of_without_being_read(host: Hosts, plugins_dir: Path) -> None:
    """A plugin larger than 256 MiB is refused before the core holds any of it in memory.

    Seen to fail when each file was read whole before it was counted.
    """
    own = write_judge(plugins_dir, "huge")
    package = own / "src" / "huge_plugin"
    package.mkdir()
    os.replace(own / "src" / "huge_plugin.py", package / "__init__.py")
    with open(package / "x.bin", "wb") as large:
        large.truncate(2 << 30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said = host().judges().ask("huge/panel", question())
    told = "The plugin huge cannot be used. Its files are larger than 256 MiB; move what it does not need to run out"
    assert said.why == (f"{told} of its package, the folder huge_plugin.",)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024


def test_what_an_examiner_quotes_of_one_record_is_not_told_to_the_next(host: Hosts, plugins_dir: Path) -> None:
    """A plugin that rests says so without the words of its last fault: they would stay on record with another project.

    Seen to fail when the last fault was quoted: erasing the first record left its words in the second.
    """
    quotes = "def judge(facts, options): return met('x')\ndef examine(s): raise ValueError(str(dict(s.facts)))"
    write_judge(plugins_dir, "acme", quotes)
    one = host()
    said = [one.examine("acme/minutes", {**SUBMISSION, "facts": {"who": f"Ada {n}"}}, []) for n in range(3)]
    assert "Ada 2" in str(said[2].found)
    other = one.examine("acme/minutes", {**SUBMISSION, "project": "P-0002"}, [])
    assert other.state == "failed"
    assert "left alone" in str(other.found)
    assert "Ada" not in str(other.found)
