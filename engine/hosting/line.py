"""The line to one plugin for one purpose: one call at a time, a new process after a fault, a rest after many.

Threads wait for each other no longer than a call may take. A fork begins with no process: it would otherwise read the
answers to its parent's questions.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.core.opinions import Source
from engine.hosting.faults import PluginBroke
from engine.hosting.finding import Found
from engine.hosting.forking import at_fork
from engine.hosting.limits import (
    FAULTS_BEFORE_REST,
    LIMITS,
    LOAD_SECONDS,
    LONGEST_REST_SECONDS,
    REST_SECONDS,
    Purpose,
)
from engine.hosting.locating import NotThere, digest_of_files
from engine.hosting.process import Process

_IN_ITS_OWN_WORDS = ("raised", "form", "refused")


class Line:
    """Asks one plugin, for one purpose.

    Attributes:
        source: the plugin with the digest its files had when its process was started last.
    """

    def __init__(
        self,
        found: Found,
        purpose: Purpose,
        setup: Mapping[str, Any],
        *,
        log: Callable[..., None],
        rests: bool,
        hash_seed: str,
    ) -> None:
        self._found, self._purpose, self._setup = found, purpose, setup
        self._log, self._rests, self._hash_seed = log, rests, hash_seed
        self.source = Source(found.name, found.version, "")
        self._process: Process | None = None
        self._lock = threading.Lock()
        self._faults, self._rest_until, self._last = 0, 0.0, ""
        at_fork(self)

    def call(
        self,
        message: Mapping[str, Any],
        blobs: Sequence[bytes] = (),
        read: Callable[[Any, list[bytes]], Any] = lambda value, files: value,
    ) -> Any:
        """Returns what `read` makes of the answer to a call.

        Raises:
            PluginBroke: it did not answer as it should; where `read` raises it, too, the process is over.
            DeliveryFailed: the plugin raised it.
        """
        return self._alone(lambda process: read(*process.call(message, blobs)))

    def said(self, read: Callable[[Any], Any]) -> Any:
        """Returns what `read` makes of what the plugin says of itself; raises PluginBroke."""
        return self._alone(lambda process: read(process.said))

    @property
    def resting(self) -> bool:
        """True while it is left alone, because it failed too often."""
        return self._rests and self._rest_until > time.monotonic()

    def close(self) -> None:
        """Ends the process, where there is one, also while somebody waits for its answer."""
        process = self._process
        if process is not None:
            process.kill()  # whoever waits for its answer is told that it ended
        with self._lock:
            self._stop()

    def _alone(self, act: Callable[[Process], Any]) -> Any:
        wait = LIMITS[self._purpose].seconds + (0 if self._process else LOAD_SECONDS)
        if not self._lock.acquire(timeout=wait):
            raise PluginBroke(f"The plugin {self._found.name} is busy with other questions; ask again.", "busy")
        try:
            self._look_at_rest()
            asked = False
            try:
                process, asked = self._running(), True
                answer = act(process)
            except PluginBroke as fault:
                if fault.kind != "absent":
                    self._faulty(fault, asked=asked)
                raise
            self._faults = 0
            return answer
        except BaseException as error:
            # an interrupted call leaves an answer behind that belongs to nobody
            if not isinstance(error, Exception):
                self._stop()
            raise
        finally:
            self._lock.release()

    def _running(self) -> Process:
        if self._process is not None and not self._process.alive():
            self._log("plugin_process_gone", plugin=self._found.name, purpose=self._purpose)
            self._stop()
        if self._process is None:
            self.source = Source(self._found.name, self._found.version, self._digest())
            self._process = self._started()
        return self._process

    def _started(self) -> Process:
        """Returns a new process; what it loaded is what the digest is over, or it is ended."""
        process = Process(self._found.name, self._purpose, self._setup, self._hash_seed)
        try:
            if self._digest() != self.source.digest:
                raise PluginBroke(
                    f"The files of the plugin {self._found.name} changed while it was being loaded, so nobody can say"
                    " what was loaded; its process was ended. Ask again once its files are at rest.",
                    "broken",
                )
        except BaseException:
            process.end()
            raise
        return process

    def _digest(self) -> str:
        found = self._found
        try:
            return digest_of_files(found.own, links=found.origin != "folder") if found.own else ""
        except NotThere as error:
            raise PluginBroke(f"The plugin {found.name} cannot be used. {error}", "broken") from error

    def _look_at_rest(self) -> None:
        rest = self._rest_until - time.monotonic()
        if self._rests and rest > 0:
            raise PluginBroke(
                f"The plugin {self._found.name} failed {self._faults} times in a row and is left alone for"
                f" {rest:.0f} seconds. {self._last}".rstrip(),
                "rests",
            )

    def _faulty(self, fault: PluginBroke, *, asked: bool) -> None:
        if fault.kind in ("busy", "rests"):
            return
        self._stop()
        self._faults += 1
        # its own words may quote what somebody typed, and whoever asks next may be somebody else
        self._last = "" if asked and fault.kind in _IN_ITS_OWN_WORDS else fault.message
        self._log(
            "plugin_failed",
            plugin=self._found.name,
            purpose=self._purpose,
            kind=fault.kind,
            digest=self.source.digest,
            in_a_row=self._faults,
        )
        if self._faults >= FAULTS_BEFORE_REST:
            longer = REST_SECONDS * 2.0 ** min(self._faults - FAULTS_BEFORE_REST, 10)
            self._rest_until = time.monotonic() + min(longer, LONGEST_REST_SECONDS)

    def _stop(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None

    def after_fork(self) -> None:
        """Lets go of what belongs to the process that this one is a fork of."""
        if self._process is not None:
            self._process.abandon()
        self._process, self._lock = None, threading.Lock()
