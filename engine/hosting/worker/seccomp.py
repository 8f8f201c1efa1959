"""seccomp: the kernel refuses this process the calls that start programs, reach others or go round the other walls.

A filter in classic BPF, written for x86-64 and 64-bit ARM. Threads are allowed, processes are not; sockets only where
the process may use the network, and then only of the internet's families, so that no local service can be reached by a
path. A refused call fails with EPERM, which Python turns into an error that the plugin's answer shows.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1), "arm64": (0xC00000B7, 1)}
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pidfd_getfd": (438, 438),
    "io_uring_setup": (425, 425),  # would open files and sockets unseen by this filter
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "open_by_handle_at": (304, 265),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "personality": (135, 92),
    "prctl": (157, 167),  # or it would undo being ended together with the core
    # of the same user as the core: how fast it runs, and where
    "setpriority": (141, 140),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274),
    "sched_setaffinity": (203, 122),
    "ioprio_set": (251, 30),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    # Landlock does not hold these: who may read the key and the database is not for a plugin to say
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "setxattrat": (463, 463),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
    "inotify_add_watch": (254, 27),
    "fanotify_init": (300, 262),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
_CLONE, _CLONE3, _SOCKET, _KILL, _TGKILL = (56, 220), (435, 435), (41, 198), (62, 129), (234, 131)
_SOCKET_PAIR, _LIMITS, _FCNTL, _IOCTL = (53, 199), (302, 261), (72, 25), (16, 29)
_WHOM_TO_SIGNAL = {_FCNTL: (8, 10, 15), _IOCTL: (0x8901, 0x8902)}
"""What has the kernel signal another process when something can be read: F_SETOWN, F_SETSIG, F_SETOWN_EX, and so on."""
_STREAM, _OF_TYPES = 1, 0xF
_CLONE_THREAD = 0x00010000
_INTERNET = (2, 10, 16)  # IPv4, IPv6, and netlink, by which the C library learns which of the two there is
_LOAD, _AND, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL_PROCESS, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2


def no_new_privileges() -> bool:
    """Keeps this process from ever gaining rights, by whatever it might run; returns whether that holds."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0)


def shut(*, network: bool) -> bool:
    """Puts the filter on, for good; returns whether it holds."""
    found = _ARCHITECTURES.get(platform.machine())
    if sys.platform != "linux" or found is None or sys.byteorder != "little":
        return False
    program = b"".join(_filter(*found, network=network))
    text = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("@HP", len(program) // 8, ctypes.addressof(text))
    return bool(ctypes.CDLL(None).prctl(_SET_SECCOMP, _FILTER, ctypes.c_char_p(head), 0, 0) == 0)


def _filter(architecture: int, column: int, *, network: bool) -> list[bytes]:
    """Returns the instructions; each rule is complete in itself, so that no jump goes further than a few steps."""
    refuse = _step(_RETURN, _REFUSE | _EPERM)
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL_PROCESS),
        _step(_LOAD, _NUMBER),
    ]
    if column == 0:  # the 32-bit numbers of the same machine
        steps += [_step(_AT_LEAST, 0x40000000, 0, 1), refuse]
    for numbers in _REFUSED.values():
        number = numbers[column]
        if number is not None:
            steps += [_step(_EQUAL, number, 0, 1), refuse]
    # the C library falls back on clone, whose flags can be seen here
    steps += [_step(_EQUAL, _CLONE3[column], 0, 1), _step(_RETURN, _REFUSE | _ENOSYS)]
    steps += _where_argument(_CLONE[column], [_step(_ANY_BIT, _CLONE_THREAD, 0, 1), _step(_RETURN, _ALLOW), refuse])
    own = os.getpid()
    for number in (_KILL[column], _TGKILL[column]):
        steps += _where_argument(number, [_step(_EQUAL, own, 0, 1), _step(_RETURN, _ALLOW), refuse])
    # its own limits it may lower; those of the core are not its own
    to_itself = [step for pid in (0, own) for step in (_step(_EQUAL, pid, 0, 1), _step(_RETURN, _ALLOW))]
    steps += _where_argument(_LIMITS[column], [*to_itself, refuse])
    for numbers, orders in _WHOM_TO_SIGNAL.items():
        asked = [step for order in orders for step in (_step(_EQUAL, order, 0, 1), refuse)]
        steps += _where_argument(numbers[column], [*asked, _step(_RETURN, _ALLOW)], _SECOND_ARGUMENT)
    allowed = [step for f in _INTERNET if network for step in (_step(_EQUAL, f, 0, 1), _step(_RETURN, _ALLOW))]
    steps += _where_argument(_SOCKET[column], [*allowed, refuse])
    # a pair of any other type can send to whoever listens at a path; asyncio needs one that is a stream
    stream = [_step(_AND, _OF_TYPES), _step(_EQUAL, _STREAM, 0, 1), _step(_RETURN, _ALLOW), refuse]
    steps += _where_argument(_SOCKET_PAIR[column], stream, _SECOND_ARGUMENT)
    return [*steps, _step(_RETURN, _ALLOW)]


def _where_argument(number: int, then: list[bytes], place: int = _FIRST_ARGUMENT) -> list[bytes]:
    """Returns steps that look at an argument of one call, and leave every other call to what follows."""
    return [_step(_EQUAL, number, 0, len(then) + 1), _step(_LOAD, place), *then]


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)
