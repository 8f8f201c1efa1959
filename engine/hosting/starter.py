"""Starts processes from one thread that lives as long as this process does.

The kernel ends a plugin's process when the *thread* that started it ends (PR_SET_PDEATHSIG). Threads of a web server
come and go, so none of them starts a process itself.
"""

from __future__ import annotations

import os
import queue
import subprocess
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """A process to be started: its words, its environment, its folder, and the one descriptor it is handed."""

    words: Sequence[str]
    environment: Mapping[str, str]
    folder: str
    descriptor: int


_orders: queue.SimpleQueue[tuple[Order, Future[subprocess.Popen[bytes]]]] = queue.SimpleQueue()
_lock = threading.Lock()
_thread: threading.Thread | None = None


def start(order: Order, seconds: float) -> subprocess.Popen[bytes]:
    """Returns a new process in a session of its own, all its streams leading nowhere; raises OSError, TimeoutError."""
    global _thread
    answer: Future[subprocess.Popen[bytes]] = Future()
    with _lock:
        if _thread is None:
            _thread = threading.Thread(target=_serve, name="cocycle-plugins", daemon=True)
            _thread.start()
    _orders.put((order, answer))
    try:
        return answer.result(seconds)
    except TimeoutError:
        answer.add_done_callback(_unwanted)  # it may still be started, and nobody waits for it then
        raise


def _unwanted(answer: Future[subprocess.Popen[bytes]]) -> None:
    if answer.exception() is None:
        answer.result().kill()
        answer.result().wait()


def _serve() -> None:
    while True:
        order, answer = _orders.get()
        try:
            answer.set_result(_started(order))
        except BaseException as error:  # noqa: BLE001  # whoever waits is told, whatever it is
            answer.set_exception(error)


def _started(order: Order) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # this very Python and our own file; nothing of it is typed by anybody
        list(order.words),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=order.folder,
        env=dict(order.environment),
        pass_fds=(order.descriptor,),
        start_new_session=True,
    )


def _forget() -> None:
    """Makes a fork begin with a thread of its own: the one it copied does not run there."""
    global _orders, _lock, _thread
    _orders, _lock, _thread = queue.SimpleQueue(), threading.Lock(), None


os.register_at_fork(after_in_child=_forget)
