"""Judges that hang, crash, flood, forge or reach outside: each is an error with its plugin's name, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.hosting.host import Host
from tests.hosting.folders import question, write_judge

Hosts = Callable[..., Host]

HOSTILE = {
    "endless loop": ("while True: pass", "did not answer within 0.4 seconds"),
    "sleep": ("import time; time.sleep(60)", "did not answer within 0.4 seconds"),
    "deaf to being asked to end": (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: pass",
        "did not answer within",
    ),
    "memory hog": ("rows = [bytes(1 << 20) for _ in range(4096)]", "more memory than it may have"),
    "os._exit": ("import os; os._exit(0)", "ended its own process"),
    "kills itself": ("import ctypes; ctypes.string_at(0)", "tried to go round Python"),
    "segmentation fault": ("LIBC.abort()", "ended its own process"),
    "SystemExit": ("raise SystemExit(0)", "failed: SystemExit"),
    "KeyboardInterrupt": ("raise KeyboardInterrupt", "failed: KeyboardInterrupt"),
    "endless recursion": ("return judge(facts, options)", "failed: RecursionError"),
    "fork": ("import os; os.fork(); return met('Two of me.')", "tried to start another program"),
    "fork bomb by the C library": (
        "n = [LIBC.fork() for _ in range(50)]\nassert all(pid == -1 for pid in n)\nraise SystemError('no fork')",
        "no fork",
    ),
    "another program": ("import subprocess; subprocess.run(['true'])", "tried to start another program"),
    "flood of output": ("while True: print('x' * 1_000_000)", "did not answer within"),
    "flood over the wire": ("return met(*['x' * 1000] * 2_000)", "answered with more than 256 KiB"),
    "flood past its own end of the wire": (
        "for _ in range(1024): WIRE.sendall(b'x' * (1 << 20))",
        "answered with more than 256 KiB",
    ),
    "deeply nested answer": (
        "nested = []\nfor _ in range(100_000): nested = [nested]\nreturn Verdict('met', ('Yes.',), nested)",
        "something else than plain texts",
    ),
    "an answer nested 200 deep": (
        "nested = []\nfor _ in range(200): nested = [nested]\nreturn Verdict('met', ('Yes.',), nested)",
        "`evidence` that is not a row of texts",
    ),
    "huge error": ("raise ValueError('x' * 100_000_000)", "failed: ValueError: xxx"),
    "an error without words": (
        "class Mute(Exception):\n    def __str__(self): raise ValueError\nraise Mute",
        "failed: Mute",
    ),
    "an error that never ends saying so": (
        "class Slow(Exception):\n    def __str__(self):\n        while True: pass\nraise Slow",
        "did not answer within",
    ),
    "a subclass of text": (
        "class T(str): pass\nreturn Verdict(T('met'), ('Yes.',))",
        "something else than plain texts",
    ),
    "no verdict": ("return 'met'", "answers with what is no Verdict"),
    "a verdict of its own make": (
        "class Verdict:\n    state, why, __slots__ = 'met', ('Yes.',), ()\nreturn Verdict()",
        "answers with what is no Verdict",
    ),
    "state error": ("return Verdict('waived', ('Yes.',))", "state is not met, unmet or pending"),
    "no reason": ("return met()", "without a reason"),
    "too many reasons": ("return met(*['Yes.'] * 21)", "more than 20 texts"),
    "a long reason": ("return met('y' * 1001)", "more than 20 texts or 1,000 characters"),
    "a reason that rewrites the screen": ("return met('Yes.\\x1b[2J')", "cannot be printed"),
    "a reason read backwards": ("return met('Yes \\u202e.')", "cannot be printed"),
    "half a character": ("return met('\\ud800')", "something else than plain texts"),
    "ids that are no text": ("return met('Yes.', evidence=[7])", "`evidence` that is not a row of texts"),
    "a day that is none": ("return pending('Wait.', not_before='2026-02-30')", "`not_before` is no day"),
    "opens a socket": ("import socket; socket.create_connection(('127.0.0.1', 9))", "tried to open a network"),
    "opens a socket and swallows the refusal": (
        "import socket\ntry: socket.socket()\nexcept OSError: pass\nreturn met('Yes.')",
        "tried to open a network connection",
    ),
    "asks for an address": ("import socket; socket.getaddrinfo('localhost', 80)", "tried to open a network"),
    "a socket by the C library": (
        "assert LIBC.socket(2, 1, 0) == -1\nraise SystemError('no socket')",
        "no socket",
    ),
    "reads the password file": ("open('/etc/passwd').read()", "tried to read a file that is not its own"),
    "reads what its parent was started with": (
        "import os; open(f'/proc/{os.getppid()}/environ').read()",
        "tried to read a file that is not its own",
    ),
    "reads the password file by the C library": (
        "assert LIBC.open(b'/etc/passwd', 0) == -1\nraise SystemError('not read')",
        "not read",
    ),
    "writes into its scratch folder": ("open('kept', 'w')", "tried to write a file"),
    "another call's mark": (
        "import orjson, struct\ntext = orjson.dumps({'call': '0' * 32, 'tried': [], 'ok': {'state': 'met',"
        " 'why': ['Yes.'], 'evidence': [], 'not_before': None, 'fields': [], 'records': []}})\n"
        "WIRE.sendall(struct.pack('!QQ', len(text), 0) + text)\nreturn unmet('No.')",
        "answer",
    ),
    "bytes that are no answer": ("WIRE.sendall(b'\\x00' * 16)\nreturn met('Yes.')", "in a form that no answer has"),
    "a length that is a lie": ("WIRE.sendall(b'\\xff' * 16)\nreturn met('Yes.')", "more than 256 KiB"),
    "a line that it closes": ("WIRE.shutdown(2)\nreturn met('Yes.')", "ended its own process"),
    "a line that it deletes": ("WIRE.close()\nreturn met('Yes.')", "ended its own process"),
    "a printer of its own": (
        "import sys; sys.stdout.write = lambda text: 1 / 0\nprint('x')",
        "failed: ZeroDivisionError",
    ),
    "signals the core": ("import os, signal; os.kill(os.getppid(), signal.SIGKILL)", "tried to signal"),
    "signals the core by the C library": (
        "import os\nassert LIBC.kill(os.getppid(), 0) == -1\nraise SystemError('no signal')",
        "no signal",
    ),
    "the clock": ("from datetime import date; return met(str(date.today()))", "tried to read the clock"),
    "the clock, swallowed": (
        "import time\ntry: time.time()\nexcept Exception: pass\nreturn met('Yes.')",
        "tried to read the clock",
    ),
    "the clock kept at loading": ("return met(str(CLOCK()))", "tried to read the clock"),
    "random bytes": ("import os; return met(os.urandom(4).hex())", "tried to draw random numbers"),
    "a random id": ("import uuid; return met(str(uuid.uuid4()))", "tried to draw random numbers"),
    "a secret": ("import secrets; return met(secrets.token_hex(4))", "tried to draw random numbers"),
}
LOADED = """
import ctypes, os, socket
from time import time as CLOCK
LIBC = ctypes.CDLL(None)
for name in ("abort", "fork", "socket", "open", "kill"):
    getattr(LIBC, name)  # looked up while that is allowed
WIRE = next(found for found in __import__("gc").get_objects() if isinstance(found, socket.socket))
"""


def hostile(body: str) -> str:
    """Returns the code of a plugin whose judge has a body."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"{LOADED}\ndef judge(facts, options):\n{lines}\n"


@pytest.mark.parametrize("harm", HOSTILE)
def test_what_a_hostile_judge_does_is_an_error_with_its_name_and_the_next_plugin_answers_at_once(
    harm: str, host: Hosts, plugins_dir: Path, good: Host, walls: dict[str, bool]
) -> None:
    """A requirement whose judge misbehaves is an error that names the plugin; another plugin answers at once.

    Seen to fail when `Process._told` took an answer with swallowed attempts, and when seccomp let fork and socket by.
    """
    if "C library" in harm and not (walls["files"] and walls["calls"]):
        pytest.skip("this kernel has no Landlock or no seccomp")
    body, says = HOSTILE[harm]
    write_judge(plugins_dir, "acme", hostile(body))
    said = host().judges().ask("acme/panel", question())
    assert (said.state, len(said.why)) == ("error", 1)
    assert said.why[0].startswith("The plugin acme "), said.why
    assert says in said.why[0]
    assert len(said.why[0]) < 600
    assert said.source.plugin == "acme"
    assert said.source.version == "1.0.0"
    assert len(said.source.digest) == 64
    started = time.perf_counter()
    assert good.judges().ask("good/panel", question(project=harm)).state == "met"
    assert time.perf_counter() - started < 5.0  # a few milliseconds, where the machine is not busy
