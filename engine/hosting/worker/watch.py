"""The audit hook: Python's own account of what is being done, and a refusal in words where no plugin may do it.

It is the wall that can explain. Code that goes round Python (a C extension, `ctypes`) is not seen here; that is what
the walls of the kernel are for.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from typing import Any

from engine.hosting.limits import CACHES
from engine.hosting.worker.reach import Reach
from engine.hosting.worker.refusing import refuse

_PROGRAM = "start another program"
_WORDS = {
    "subprocess.Popen": _PROGRAM,
    "os.system": _PROGRAM,
    "os.exec": _PROGRAM,
    "os.fork": _PROGRAM,
    "os.forkpty": _PROGRAM,
    "os.posix_spawn": _PROGRAM,
    "os.spawn": _PROGRAM,
    "pty.spawn": _PROGRAM,
    "sqlite3.connect": "open a database",
    "sqlite3.connect/handle": "open a database",
    "os.kill": "signal another program",
    "os.killpg": "signal another program",
    "syslog.openlog": "write to the log of the system",
    "syslog.syslog": "write to the log of the system",
    "socket.bind": "wait for connections",
    "socket.sethostname": "rename the machine",
}
_CHANGES = {
    *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod", "os.chown", "os.truncate"),
    *("os.utime", "os.setxattr", "os.removexattr", "os.chflags", "os.lockf"),
}
_LISTS = {"os.listdir", "os.scandir"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NOWHERE = os.devnull


def watch(reach: Reach, scratch: str | None, *, network: bool, closed: Callable[[], bool]) -> None:
    """Puts the hook on, for good.

    `scratch` is the one folder that may be written, None for none. While `closed()`, no code outside Python's own
    account is called either.
    """
    real, unix = os.path.realpath, getattr(socket, "AF_UNIX", None)
    fspath, fsdecode = os.fspath, os.fsdecode

    def place(path: Any) -> str | None:
        return None if isinstance(path, int) or path is None else real(fsdecode(fspath(path)))

    def own(path: str) -> bool:
        return scratch is not None and (path == scratch or path.startswith(scratch + os.sep))

    def look(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path = place(args[0])
            if path is None or path == _NOWHERE or own(path):
                return
            if args[2] & _WRITING:
                raise refuse("write a file")
            if not reach.holds(path):
                if CACHES.intersection(path.split(os.sep)):  # Python looks there by itself, and does without
                    raise PermissionError(f"a plugin may not read {os.path.basename(path)}")
                raise refuse("read a file that is not its own")
        elif event in _WORDS:
            raise refuse(_WORDS[event])
        elif event in _LISTS:
            path = place("." if args[0] is None else args[0])
            if path is not None and not own(path) and path not in reach.listed and not reach.holds(path):
                raise refuse("look into a folder that is not its own")
        elif event in _CHANGES:
            if any(path is not None and not own(path) for path in map(place, _paths(args))):
                raise refuse("change a file")
        elif event.startswith("socket."):
            if not network:
                raise refuse("open a network connection")
            if event in ("socket.connect", "socket.sendto") and args[0].family == unix:
                raise refuse("reach a program on this machine")
        elif event.startswith("ctypes.") and closed():
            raise refuse("go round Python")

    sys.addaudithook(look)


def _paths(args: tuple[Any, ...]) -> list[Any]:
    """Returns the paths among what an event of `os` tells: text, bytes, or what stands for a path."""
    return [arg for arg in args if isinstance(arg, str | bytes | os.PathLike)]
