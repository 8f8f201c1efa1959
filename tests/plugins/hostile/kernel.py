"""What this machine's kernel can do for us, asked of the kernel itself and not of cocycle.

Tests that need a wall are left out only where the kernel has none. Where it has one and cocycle does not put it up,
that is a failure, and no reason to leave anything out.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from pathlib import Path

_LANDLOCK_CREATE_RULESET = 444  # the same on every architecture, since it came with Linux 5.13
_ASK_FOR_VERSION = 1
_ACTIONS = Path("/proc/sys/kernel/seccomp/actions_avail")


def has_landlock() -> bool:
    """True where the kernel answers which version of Landlock it has."""
    if sys.platform != "linux":
        return False
    version: int = ctypes.CDLL(None).syscall(_LANDLOCK_CREATE_RULESET, None, 0, _ASK_FOR_VERSION)
    return version >= 1


def has_seccomp() -> bool:
    """True where the kernel can refuse calls by a filter, on a machine whose calls we know the numbers of."""
    known = platform.machine() in ("x86_64", "aarch64")
    return known and _ACTIONS.exists() and "errno" in _ACTIONS.read_text().split()
