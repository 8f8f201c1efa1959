"""Landlock: the kernel lets this process read some folders and write one, whatever language the plugin speaks.

The numbers are those of linux/landlock.h; the three system calls have the same number on every machine. What an older
kernel does not know is left out, and where there is no Landlock nothing holds and `shut` says so.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many rights over files each version knows; 16 from the fifth on."""
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
_OF_FILES = 1 | _WRITE_FILE | _READ_FILE | _TRUNCATE | 1 << 15
_EXECUTE = 1
_BIND, _CONNECT = 1, 2
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2


def shut(readable: Iterable[str], listed: Iterable[str], writable: Iterable[str], *, network: bool) -> bool:
    """Shuts this thread, and all that it starts, in for good; returns whether it holds.

    Of the folders `listed` only the names of what lies in them are told.

    No socket waits for connections; without `network` none connects, where the kernel is new enough for that.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    every = (1 << _BY_VERSION.get(version, 16)) - 1
    attributes = struct.pack("=QQQ", every, _BIND if network else _BIND | _CONNECT, _ABSTRACT_SOCKETS | _SIGNALS)[
        : 8 if version < 4 else 16 if version < 6 else 24
    ]
    ruleset = libc.syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return False
    for path in readable:
        _allow(libc, ruleset, path, (_READ_FILE | _READ_DIR) & every)
    for path in listed:
        _allow(libc, ruleset, path, _READ_DIR & every)
    for path in writable:
        _allow(libc, ruleset, path, every & ~_EXECUTE)
    held = libc.syscall(_RESTRICT, ruleset, 0) == 0
    os.close(ruleset)
    return bool(held)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no leave
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _OF_FILES
        libc.syscall(_ADD, ruleset, 1, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)
