"""One process of a plugin: started, asked, ended. Whatever goes wrong is a PluginBroke, and then it is over."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.hosting import wire
from engine.hosting.answers import one_line
from engine.hosting.faults import PluginBroke
from engine.hosting.limits import LIMITS, LOAD_SECONDS, MOST_LOADED, Purpose
from engine.hosting.patience import Patience, Turns
from engine.hosting.starter import Order, start
from engine.pausing import pause

_START = Path(__file__).parent / "worker" / "start.py"
_PASSED_ON = ("LANG", "LC_ALL", "LC_CTYPE", "SSL_CERT_FILE", "SSL_CERT_DIR")
_TEXT_OF_NUMBER = 16
_LOOKS = 100  # for the end of a process that was killed: some five seconds
_LONGEST_TOLD = 2_000  # what people have to put right before an export, all of it at once


class Process:
    """A process of one plugin for one purpose.

    Attributes:
        walls: which of the walls it put up hold.
        said: what the plugin said of itself, unchecked; empty where there is no plugin in it.
    """

    def __init__(self, name: str, purpose: Purpose, setup: Mapping[str, Any], hash_seed: str = "0") -> None:
        """Starts it, has it shut itself in and load the plugin, where `setup` names one; raises PluginBroke."""
        self.name, self.purpose = name, purpose
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        scratch = ""
        try:
            with theirs:
                scratch = tempfile.mkdtemp(prefix="cocycle-plugin-")
                self._popen = start(_order(theirs.fileno(), scratch, hash_seed), LOAD_SECONDS)
        except (OSError, TimeoutError, RuntimeError) as error:
            ours.close()
            shutil.rmtree(scratch, ignore_errors=True)
            raise PluginBroke(f"The process of the plugin {name} cannot be started: {error}.", "start") from error
        self._sock, self._turns = ours, Turns(self._popen.pid)
        self._end = weakref.finalize(self, _end, self._popen, ours, self._turns, scratch, os.getpid())
        try:
            setup, until = {**setup, "purpose": purpose, "seconds": LOAD_SECONDS}, Patience(LOAD_SECONDS, self._turns)
            self.walls: dict[str, bool] = self._greeted(setup, until)
            self.said: Any = {}
            if setup["module"]:
                # a library may try the one thing or the other when it is imported, and do without
                self.said = self._told(self._ask({"do": "load"}, (), until, MOST_LOADED), strict=False)[0]
        except BaseException:
            self.end()
            raise

    def call(self, message: Mapping[str, Any], blobs: Sequence[bytes] = ()) -> tuple[Any, list[bytes]]:
        """Returns what it answers to a call, and the files that go with it; raises PluginBroke and DeliveryFailed."""
        limits = LIMITS[self.purpose]
        came = self._ask(message, blobs, Patience(limits.seconds, self._turns), limits.answer_bytes)
        return self._told(came, strict=self.purpose == "judge")

    def alive(self) -> bool:
        """Returns whether it is still there, as far as its end of the line says."""
        try:
            return self._sock.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def kill(self) -> None:
        """Ends it; whoever waits for its answer learns of it."""
        with contextlib.suppress(OSError):
            os.killpg(self._popen.pid, signal.SIGKILL)

    def end(self) -> None:
        """Ends it with everything it started, waits until it is gone, and takes its scratch folder away."""
        self._end()

    def abandon(self) -> None:
        """Lets go of a process that another process started: this one is a fork of that one."""
        self._end.detach()
        self._sock.close()
        self._turns.close()
        self._popen.returncode = 0  # or it would complain of not having been waited for

    def _greeted(self, setup: Mapping[str, Any], until: Patience) -> dict[str, bool]:
        """Returns which walls hold, before anything of the plugin was loaded."""
        try:
            walls: dict[str, bool] = self._ask(setup, (), until, MOST_LOADED)[0]["ok"]
        except PluginBroke as fault:
            raise PluginBroke(f"The process of the plugin {self.name} could not be started.", "start") from fault
        return walls

    def _ask(
        self, message: Mapping[str, Any], blobs: Sequence[bytes], until: Patience, most: int
    ) -> tuple[dict[str, Any], list[bytes]]:
        mark = secrets.token_hex(_TEXT_OF_NUMBER)
        try:
            if wire.speaks(self._sock):
                raise self._broke("spoke without being asked.", "form")
            wire.send(self._sock, wire.packed({**message, "call": mark}, blobs), until)
            answer, contents = wire.receive(self._sock, until, most)
        except wire.TooLate:
            seconds = LIMITS[self.purpose].seconds if "do" in message and message["do"] != "load" else LOAD_SECONDS
            raise self._broke(f"did not answer within {seconds:g} seconds.", "time") from None
        except wire.TooMuch:
            raise self._broke(f"answered with more than {most // 1024:,} KiB.", "flood") from None
        except wire.NoFrame:
            raise self._broke("answered in a form that no answer has, or more than once.", "form") from None
        except wire.Ended:
            raise self._died() from None
        if answer.pop("call", None) != mark:
            raise self._broke("answered to something that it was not asked.", "form")
        return answer, contents

    def _told(self, came: tuple[dict[str, Any], list[bytes]], *, strict: bool) -> tuple[Any, list[bytes]]:
        """Returns what an answer holds; raises what it tells of, where `strict` also what was tried and swallowed."""
        answer, contents = came
        tried = answer.pop("tried", None)
        if not isinstance(tried, list) or len(answer) not in (1, 3) or not all(type(t) is str for t in tried):
            raise self._broke("answered in a form that no answer has.", "form")
        if "refused" in answer or (tried and strict and "ok" in answer):
            what = one_line([*tried, answer.get("refused")][0])
            raise self._broke(f"tried to {what}, which it may not do here.", "refused")
        match answer:
            case {"ok": value} if len(answer) == 1:
                return value, contents
            case {"unknown": True}:
                raise PluginBroke(f"The plugin {self.name} brings nothing of that name.", "absent")
            case {"failed": str(words), "final": bool(final), "after": float(after)}:
                from engine.hookshapes import DeliveryFailed

                raise DeliveryFailed(one_line(words, _LONGEST_TOLD), final=final, after=after)
            case {"form": str(words)}:
                raise self._broke(f"{one_line(words)}.", "form")
            case {"raised": str(words)} if words.startswith("MemoryError"):
                raise self._broke("needed more memory than it may have.", "raised")
            case {"raised": str(words)}:
                raise self._broke(f"failed: {one_line(words).rstrip('.: ')}.", "raised")
        raise self._broke("answered in a form that no answer has.", "form")

    def _broke(self, what: str, kind: Any) -> PluginBroke:
        return PluginBroke(f"The plugin {self.name} {what}", kind)

    def _died(self) -> PluginBroke:
        if _signal_of(self._popen.pid) == signal.SIGXCPU:
            return self._broke("used up the time of the processor that it may have.", "died")
        return self._broke("ended its own process, or was ended by the system.", "died")


def _order(descriptor: int, scratch: str, hash_seed: str) -> Order:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {"PATH": os.defpath, "TZ": "UTC", "TMPDIR": scratch, "PYTHONHASHSEED": hash_seed}
    # what cocycle itself needs may be found only where this process was told to look, or in its user's own packages
    told = [os.path.abspath(path) for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    packages = [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")]
    if told or packages:
        environment["PYTHONPATH"] = os.pathsep.join([*told, *packages])
    words = [sys.executable, "-s", "-P", "-B", str(_START), str(descriptor), str(os.getpid())]
    return Order(words, environment, scratch, descriptor)


def _signal_of(pid: int) -> int | None:
    """Returns the signal that ended a process of ours just now, and leaves it to be waited for; None for none."""
    for _ in range(20 if hasattr(os, "waitid") else 0):
        with contextlib.suppress(OSError):
            told = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
            if told is not None:
                return told.si_status if told.si_code in (os.CLD_KILLED, os.CLD_DUMPED) else None
        pause(0.01)  # it closed its end of the line a moment before it was gone
    return None


def _end(popen: subprocess.Popen[bytes], sock: socket.socket, turns: Turns, scratch: str, owner: int) -> None:
    sock.close()
    turns.close()
    if os.getpid() != owner:
        popen.returncode = 0
        return
    with contextlib.suppress(OSError):
        os.killpg(popen.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        popen.kill()
    for step in range(_LOOKS):
        if popen.poll() is not None:
            break
        pause(min(0.0005 * 2**step, 0.05))
    shutil.rmtree(scratch, ignore_errors=True)
