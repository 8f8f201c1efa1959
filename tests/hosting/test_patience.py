"""A busy machine takes no time from a plugin: what it is kept waiting for a processor is added to its limit."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.hosting import wire
from engine.hosting.host import Host
from engine.hosting.limits import LONGEST_KEPT_WAITING
from engine.hosting.patience import Patience, Turns
from tests.hosting.folders import question, write_judge

Hosts = Callable[..., Host]
counted = pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="nobody counts here who waits")


class Kept(Turns):
    """Says so many seconds, one after the other."""

    def __init__(self, *said: float) -> None:
        super().__init__(-1)
        self.said = list(said)

    def waited(self) -> float:
        """Returns the next of what is said, the last again and again."""
        return self.said.pop(0) if len(self.said) > 1 else self.said[0]


def test_only_what_a_process_was_kept_waiting_since_is_added() -> None:
    """A limit grows by what is counted from its beginning on, up to so much, and by nothing where nobody counts.

    Seen to fail when what was counted before was added, too.
    """
    assert Patience(0).left() <= 0
    assert Patience(0, Turns(-1)).left() <= 0
    assert Patience(0, Kept(7)).left() <= 0
    assert 0.9 < Patience(0, Kept(7, 8)).left() <= 1
    assert 1.9 < Patience(0, Kept(7, 99)).left() <= LONGEST_KEPT_WAITING
    assert 4.9 < Patience(5, Kept(7, 99)).left() <= 5


def test_an_answer_that_is_there_is_never_late() -> None:
    """Where the core itself was kept waiting, a whole answer that lies there is taken; half of one is not.

    Seen to fail when the time was looked at once everything had been read.
    """
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.sendall(b"".join(wire.packed({"a": 1})))
        assert wire.receive(ours, Patience(-1), 1000) == ({"a": 1}, [])
        theirs.sendall(b"".join(wire.packed({"a": 1}))[:-1])
        with pytest.raises(wire.TooLate):
            wire.receive(ours, Patience(-1), 1000)


@counted
@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no process can be tied to a processor here")
def test_a_judge_that_gets_a_fraction_of_a_processor_is_waited_for(host: Hosts, plugins_dir: Path) -> None:
    """A judge that needs two fifths of its time answers all the same where four others share its processor.

    Seen to fail when a limit was by the clock on the wall alone.
    """
    code = """
    def judge(facts, options):
        for number in range(facts.cycle): pass
        return met("It was reckoned.")
    """
    write_judge(plugins_dir, "acme", code)
    judges = host(rests=False, keeps=False).judges()
    assert judges.ask("acme/panel", question()).state == "met"
    line = judges._line_to("acme")
    assert line._process is not None
    pid, one = line._process._popen.pid, min(os.sched_getaffinity(0))
    os.sched_setaffinity(pid, {one})
    loops = _loops_in(0.16)
    with _busy(one):
        said = judges.ask("acme/panel", question(cycle=loops))
    assert said.state == "met", said.why


def _loops_in(seconds: float) -> int:
    """Returns how many turns of an empty loop take so many seconds of a processor."""
    started = time.thread_time()
    for _ in range(1_000_000):
        pass
    return int(seconds / (time.thread_time() - started) * 1_000_000)


@contextmanager
def _busy(processor: int) -> Iterator[None]:
    """Keeps a processor busy with four processes."""
    tied = f"import os; os.sched_setaffinity(0, {{{processor}}}); print(flush=True)"
    code = f"{tied}\nwhile os.getppid() == {os.getpid()}: pass"
    # each in a session of its own, since some systems share processors out by session
    words = [sys.executable, "-c", code]
    several = [subprocess.Popen(words, stdout=subprocess.PIPE, start_new_session=True) for _ in range(4)]
    try:
        for each in several:
            assert each.stdout is not None
            each.stdout.readline()
        yield
    finally:
        for each in several:
            each.kill()
            each.communicate()
