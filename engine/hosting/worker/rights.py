"""Limits that the system keeps for a process: memory, files, processor time, and what root may do beyond others."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import struct
import sys
import time

_PARENT_DEATH = 1
_CAPABILITIES_OF_NOW = 0x20080522
_READ_WHAT_IS_OTHERS = 1 << 1 | 1 << 2  # DAC_OVERRIDE, DAC_READ_SEARCH: Python may lie in somebody else's folder
_CALL_CAPSET = {"x86_64": 126, "aarch64": 91}


def end_with(parent: int) -> bool:
    """Has the kernel end this process together with its parent; returns whether that holds here."""
    if sys.platform != "linux":
        return False
    held = ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL, 0, 0, 0) == 0
    if os.getppid() != parent:  # it ended before we could ask for that
        os._exit(0)
    return bool(held)


def limit(memory: int, written: int, *, threads_only_by_number: bool) -> bool:
    """Limits address space to so many bytes, files written to so many; returns whether memory is limited.

    `threads_only_by_number`: nothing else keeps this process from forking, so no further process or thread is had.
    """
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_FSIZE, written)
    _set(resource.RLIMIT_NOFILE, 256)
    if threads_only_by_number:
        _set(resource.RLIMIT_NPROC, 0)
    if not _set(resource.RLIMIT_AS, memory):
        return False
    return sys.platform == "linux"  # elsewhere the call succeeds and nothing is limited


def more_time(seconds: float) -> None:
    """Allows this process so many more seconds of the processor, rounded up; after them it is ended."""
    with contextlib.suppress(OSError, ValueError):
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(_cpu() + seconds) + 2, hard))


def drop_capabilities() -> bool:
    """Gives up what root may do beyond others, but reading; returns whether nothing is left to give up."""
    number = _CALL_CAPSET.get(os.uname().machine)
    if sys.platform != "linux" or number is None:
        return False
    if os.geteuid() != 0:
        return True
    head, low = struct.pack("=Ii", _CAPABILITIES_OF_NOW, 0), _READ_WHAT_IS_OTHERS
    body = struct.pack("=IIIIII", low, low, 0, 0, 0, 0)
    return bool(ctypes.CDLL(None).syscall(number, head, body) == 0)


_cpu = time.process_time  # kept before the clocks are closed


def address_space() -> int:
    """Returns how much this process has, while it can still read what the system says of it."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            return int(statm.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 512 * 1024 * 1024


def _set(what: int, value: int) -> bool:
    hard = resource.getrlimit(what)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(what, (value, value))
    except (OSError, ValueError):
        return False
    return True
