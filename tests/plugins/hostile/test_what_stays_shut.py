"""The data folder, the database and the core itself, while plugins of every purpose try to get at them."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.hosting.host import Host
from engine.hosting.wire import speaks
from tests.hosting.folders import JUDGE, question, write_judge, write_plugin

Hosts = Callable[..., Host]
SUBMISSION: dict[str, Any] = {
    "project": "P-0001",
    "requirement": "panel-met",
    "kind": "minutes",
    "level": None,
    "happened_on": None,
    "today": "2026-11-22",
    "fields": {},
    "facts": {},
    "files": [],
}
ENTRY = {
    "seq": 7,
    "at": "2026-11-22T10:00:00.000000Z",
    "by": "p-1",
    "name": "evidence_added",
    "project": "P-0001",
    "version": 3,
    "body": {},
    "origin": "example.org",
}

TRIES = {
    "writes": "open({db!r}, 'r+b').write(b'forged')",
    "writes beside it": "open({db!r} + '-wal', 'wb').write(b'forged')",
    "writes elsewhere in its folder": "open(os.path.join({folder!r}, 'new'), 'w')",
    "removes": "os.remove({db!r})",
    "renames": "os.rename({db!r}, {db!r} + '.gone')",
    "cuts": "os.truncate({db!r}, 0)",
    "opens the database": "import sqlite3; sqlite3.connect({db!r}).execute('DELETE FROM entry')",
    "reads the database": "open({db!r}, 'rb').read()",
    "reads the key": "open({db!r} + '.key').read()",
    "reads it through a link": "os.symlink({db!r}, 'link'); open('link').read()",
    "lists the folder": "os.listdir({folder!r})",
    "writes by the C library": "assert LIBC.open({db!r}.encode(), 2) >= 0, 'shut'",
    "reads by the C library": "assert LIBC.open({db!r}.encode(), 0) >= 0, 'shut'",
    "makes a file by the C library": "assert LIBC.open({folder!r}.encode() + b'/new', 0o102, 0o666) >= 0, 'shut'",
    "removes by the C library": "assert LIBC.unlink({db!r}.encode()) == 0, 'shut'",
}


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A data folder with a database and a key, in which the plugins folder lies, too."""
    file = tmp_path / "cocycle.db"
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE entry (seq INTEGER)")
        database.execute("INSERT INTO entry VALUES (1)")
    database.close()
    file.with_name("cocycle.db.key").write_text("secret")
    return file


@pytest.mark.parametrize("harm", TRIES)
def test_no_plugin_of_any_purpose_reads_or_changes_the_data_folder(
    harm: str, host: Hosts, plugins_dir: Path, register: Path, walls: dict[str, bool]
) -> None:
    """Whatever a plugin tries at the register, when loaded or asked, fails in words, and the folder stays as it was.

    Seen to fail when Landlock was left out (the tries by the C library), and when the audit hook was.
    """
    if "C library" in harm and not walls["files"]:
        pytest.skip("this kernel has no Landlock")
    tried = TRIES[harm].format(db=str(register), folder=str(register.parent))
    code = (
        "import ctypes, os\nLIBC = ctypes.CDLL(None)\nLIBC.open, LIBC.unlink\n"
        f"def act(*given):\n    {tried}\n    raise SystemError('it was not kept from it')\n"
        "judge = examine = act\n"
        "@hookimpl\ndef cocycle_observers():\n    return [Observer('watch', 'Watches', act)]\n"
        "@hookimpl\ndef cocycle_exporters():\n    return [Exporter('out', 'Out', act)]\n"
    )
    write_plugin(plugins_dir, "acme", code + JUDGE)
    before = contents(register.parent)
    one = host(keep_out=[register.parent], rests=False)
    said = [
        one.judges().ask("acme/panel", question()).why[0],
        str(one.examine("acme/minutes", SUBMISSION, []).found[0][2]),
    ]
    for ask in (lambda: one.wants_and_observe("acme/watch", ENTRY), lambda: one.export("acme/out", {})):
        with pytest.raises(Exception, match="The plugin acme") as caught:
            ask()
        said.append(str(caught.value))
    assert len(said) == 4
    assert all("it was not kept from it" not in words for words in said), said
    explained = "failed: " if "C library" in harm else "tried to "
    assert all(explained in words for words in said), said
    assert contents(register.parent) == before


def test_a_plugin_that_harms_when_it_is_imported_is_described_with_its_error(
    host: Hosts, plugins_dir: Path, register: Path
) -> None:
    """What is tried while a plugin is imported is refused as it is later, and the plugin is told with its error."""
    harms = {
        "reads": (f"open({str(register)!r})", "tried to read a file"),
        "writes": (f"open({str(register)!r}, 'a')", "tried to write a file"),
        "forks": ("import os; os.fork()", "tried to start another program"),
        "raises": ("1 / 0", "failed: ZeroDivisionError: division by zero"),
        "exits": ("raise SystemExit(3)", "failed: SystemExit: 3"),
        "dies": ("import os; os._exit(3)", "ended its own process"),
        "clock": ("from datetime import datetime\nNOW = datetime.now()", "tried to read the clock"),
        "syntax": ("def", "failed: SyntaxError"),
        "import": ("import nowhere_to_be_found", "failed: ModuleNotFoundError"),
        "hook": ("@hookimpl\ndef cocycle_open_every_gate(): return []", "cocycle_open_every_gate"),
    }
    for name, (code, _) in harms.items():
        write_plugin(plugins_dir, name, code)
    one = host(keep_out=[register.parent])
    for name, (_, says) in harms.items():
        error = one.described(name).error
        assert error is not None, name
        assert error.startswith(f"The plugin {name} ")
        assert says in error
        opinion = one.judges().ask(f"{name}/panel", question())
        assert (opinion.state, opinion.why) == ("error", (error,))
    assert {a.name for a in one.available() if a.origin == "folder"} == set(harms)


def test_an_import_that_never_ends_is_an_error_within_the_limit(host: Hosts, plugins_dir: Path) -> None:
    """A plugin that is not loaded within five seconds is an error, and whoever asked went on."""
    write_judge(plugins_dir, "acme", "while True: pass")
    started = time.monotonic()
    assert host().described("acme").error == "The plugin acme did not answer within 5 seconds."
    assert time.monotonic() - started < 15


def test_what_is_said_without_being_asked_ends_the_process_and_answers_nothing(host: Hosts, plugins_dir: Path) -> None:
    """A frame that a thread of a plugin sends later answers no later question: that is an error, and a new one starts.

    Seen to fail when `Process._ask` did not look for what waits before it asks.
    """
    code = """
    import gc, orjson, socket, struct, threading, time
    WIRE = next(found for found in gc.get_objects() if isinstance(found, socket.socket))
    def later():
        REAL(0.2)
        text = orjson.dumps({'call': 'x', 'tried': [], 'ok': {'state': 'met', 'why': ['Yes.'], 'evidence': [],
            'not_before': None, 'fields': [], 'records': []}})
        WIRE.sendall(struct.pack('!QQ', len(text), 0) + text)
    REAL = time.sleep
    def judge(facts, options):
        threading.Thread(target=later, daemon=True).start()
        return unmet("Not yet. Hand something in.")
    """
    write_judge(plugins_dir, "acme", code)
    one = host()
    judges = one.judges()
    assert judges.ask("acme/panel", question()).state == "unmet"
    process = one._line("acme", "judge")._process
    assert process is not None
    assert _soon(lambda: speaks(process._sock))
    said = judges.ask("acme/other", question())
    assert (said.state, said.why) == ("error", ("The plugin acme spoke without being asked.",))
    assert judges.ask("acme/other", question(today="2027-01-01")).state == "unmet"


def test_an_answer_holds_for_no_other_requirement(host: Hosts, plugins_dir: Path) -> None:
    """An answer that names a requirement is no answer; the one it names is asked for itself, and stays unmet."""
    code = """
    class Verdict2: pass
    from engine.hosting.worker import serve
    def judge(facts, options):
        if facts.requirement == "panel-met":
            serve._members = lambda value, shape: {"requirement": "sign-off", "state": "met", "why": ["Yes."],
                "evidence": [], "not_before": None, "fields": [], "records": []}
        return unmet("No. Hand something in.")
    """
    write_judge(plugins_dir, "acme", code)
    judges = host().judges()
    said = judges.ask("acme/panel", question())
    assert (said.state, said.why) == ("error", ("The plugin acme answers in a form that no verdict has.",))
    assert judges.ask("acme/panel", question(requirement="sign-off")).state == "unmet"


def test_an_examiner_reaches_no_program_on_this_machine(host: Hosts, plugins_dir: Path, walls: dict[str, bool]) -> None:
    """An examiner may open connections to the network, and none to a local socket, nor wait for any itself."""
    code = """
    import socket
    def examine(submission):
        found = []
        for does in (lambda: socket.socket(socket.AF_UNIX).connect("/var/run/docker.sock"),
                     lambda: socket.socket().bind(("127.0.0.1", 0)),
                     lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM),
                     lambda: socket.socket(getattr(socket, "AF_PACKET", 17), socket.SOCK_RAW)):
            try:
                does()
                found.append(Finding("reached", "It was reached."))
            except PermissionError as error:
                found.append(Finding("refused", str(error) + ".", "note"))
        one, other = socket.socketpair()
        one.close(), other.close()
        with socket.socket() as allowed:
            found.append(Finding("allowed", "A socket.", "note"))
        return found
    def judge(facts, options): return met("Yes.")
    """
    write_judge(plugins_dir, "acme", code)
    if not walls["calls"]:
        pytest.skip("this kernel has no seccomp")
    said = host().examine("acme/minutes", SUBMISSION, [])
    assert (said.state, [code for code, *_ in said.found]) == ("passed", [*["refused"] * 4, "allowed"])


def contents(folder: Path) -> dict[str, bytes]:
    """Returns the files of a folder with their bytes."""
    return {str(file): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file() and os.access(file, 4)}


def _soon(true: Callable[[], bool]) -> bool:
    """Waits until something is true; returns whether it became so within ten seconds."""
    for _ in range(200):
        if true():
            return True
        time.sleep(0.05)
    return False
