"""Starts the process of a plugin: reads what it is for, shuts itself in, says what holds, and answers calls.

Run as a file by the core: `python start.py DESCRIPTOR PARENT`. Nothing of the plugin is imported before every wall
stands.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import Any


def main() -> None:
    """Runs until the core is gone."""
    descriptor, parent = int(sys.argv[1]), int(sys.argv[2])
    sock = socket.socket(fileno=descriptor)
    ours = os.path.realpath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 3))
    sys.path[:] = [ours, *(path for path in sys.path if os.path.realpath(path) != ours)]

    import plugins  # noqa: F401  # found by its package from now on, as ours are: their folder is taken off the path
    from engine.hosting.wire import packed, read_frame, write_frame

    frame = read_frame(sock)
    if frame is None:
        return
    setup = frame[0]
    serving, walls = _shut_in(setup, ours, parent)
    write_frame(sock, packed({"call": setup["call"], "ok": walls, "tried": []}))
    serving.serve(sock)


def _shut_in(setup: dict[str, Any], ours: str, parent: int) -> tuple[Any, dict[str, bool]]:
    """Puts up the walls; returns who serves, and which of the walls hold."""
    from engine.hosting.limits import LIMITS
    from engine.hosting.worker import landlock, rights, seccomp
    from engine.hosting.worker.clocks import Clocks, shut
    from engine.hosting.worker.reach import caches_in, reach
    from engine.hosting.worker.serve import Serving
    from engine.hosting.worker.watch import watch

    limits, clocks = LIMITS[setup["purpose"]], Clocks()
    network = limits.network and setup["network"]
    clocks.own = tuple(os.path.join(path, "") if os.path.isdir(path) else path for path in setup["own"])
    serving = Serving(setup["module"], limits.seconds, clocks)
    _set_path(setup, ours)
    # its digest is over its own files without caches: what it says may hang on nothing else that lies beside them
    kept_out = [*setup["kept_out"], *(() if setup["caches"] else caches_in(setup["own"]))]
    may_read = reach(setup["own"], ours, kept_out, network=network, listed=setup["code"])
    scratch = os.path.realpath(os.getcwd()) if limits.written_bytes else None
    walls = {"parent": rights.end_with(parent), "privileges": seccomp.no_new_privileges()}
    memory = rights.address_space() + limits.memory_bytes
    walls["files"] = sys.platform == "linux" and landlock.shut(
        may_read.folders(), may_read.listed, [path for path in (scratch, os.devnull) if path], network=network
    )
    walls["capabilities"] = rights.drop_capabilities()
    if not limits.clocks:
        shut(clocks)
    else:
        clocks.own = ()
    watch(may_read, scratch, network=network, closed=lambda: clocks.closed)
    walls["calls"] = seccomp.shut(network=network)
    rights.more_time(setup["seconds"])
    walls["memory"] = rights.limit(memory, limits.written_bytes, threads_only_by_number=not walls["calls"])
    return serving, walls


def _set_path(setup: dict[str, Any], ours: str) -> None:
    """Sets where modules are found: the standard library, the plugin's own, then everything that is installed.

    The folder that cocycle is in leaves the path where it is a checkout: a register may lie there.
    """
    own_library = os.path.dirname(os.__file__)
    rest = [os.path.realpath(path) for path in sys.path]
    library = [
        path
        for path in rest
        if path == own_library
        or os.path.dirname(path) == os.path.dirname(own_library)
        or path == os.path.join(own_library, "lib-dynload")
    ]
    others = [path for path in rest if path not in library]
    if os.path.basename(ours) not in ("site-packages", "dist-packages"):
        others = [path for path in others if path != ours]
    sys.path[:] = list(dict.fromkeys([*library, *setup["code"], *others]))


if __name__ == "__main__":
    main()
