"""One round of a worker: the register is opened where need be, swept, and the worker's beat is noted."""

from __future__ import annotations

import math
import os
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from engine.beats import beat
from engine.core.errors import CocycleError
from engine.room import Room
from engine.store import journal
from engine.store.database import Database

Json = dict[str, Any]
Bug = tuple[tuple[str, ...], str]  # what it is and where it came by, and what was said of it
ANCHORED: Final = 900.0  # seconds until outside places are asked once more, where nothing was recorded since
EACH: Final = 60.0  # seconds for each part of a round; a worker is to be seen every few minutes
PASSING: Final = ("not_taken", "not_fired")  # problems for which the register need not be opened anew


class Register(Protocol):
    """What a round needs of an open register: `engine.api.Engine` is one."""

    database: Database
    room: Room

    def sweep(
        self, *, outside: bool = True, seconds: float = math.inf, stop: threading.Event | None = None
    ) -> dict[str, Any]:
        """Does everything that is due."""
        ...

    def close(self) -> None:
        """Lets go of it."""
        ...


class Rounds:
    """The rounds of one worker, which all happen in one thread."""

    def __init__(
        self,
        opening: Callable[[], Register],
        name: str,
        broke: Callable[[Exception], str],
        stop: threading.Event | None = None,
    ) -> None:
        """Begins.

        Args:
            opening: opens the register.
            name: what the worker is called in its beats.
            broke: keeps the particulars of a bug for whoever mends it, and returns a sentence. The same bug round
                after round is kept once.
            stop: once it is set, the round in hand begins nothing new.
        """
        self._opening, self._name, self._broke, self._stop = opening, name, broke, stop
        self._engine: Register | None = None
        self._where: Path | None = None
        self._file: tuple[int, int] | None = None
        self.made = 0  # rounds, however they ended
        self._bug: Bug | None = None  # that of the last round
        self._anchored: tuple[int, float] | None = None  # entries there were, and the steady clock then

    def make(self) -> Json:
        """Makes a round. Nothing that goes wrong in it keeps the next one from being made.

        Returns:
            What `Engine.sweep` answers, or only its `problems` where it could not be asked; and `rounds`, how many
            this worker has made. A bug is a problem with the code `bug`.
        """
        found: Json = {"problems": []}
        bug: Bug | None = None
        try:
            engine = self._open()
            found = engine.sweep(outside=self._anchors_due(engine), seconds=EACH, stop=self._stop)
        except CocycleError as error:
            found = {"problems": [_problem("register", error.code, error.message)]}
        except Exception as error:  # noqa: BLE001  # a bug: it is told, and the next round may well end better
            bug = self._told(error)
            found = {"problems": [_problem("sweep", "bug", bug[1])]}
        self._bug = bug
        self.made += 1
        problems = [*found["problems"], *self._beat(found["problems"])]
        if any(problem["code"] not in PASSING for problem in problems):
            self.close()
        return {**found, "rounds": self.made, "problems": problems}

    def _told(self, error: Exception) -> Bug:
        """Has the particulars of a bug kept, but not of the same one each minute: a log would grow without end."""
        places = traceback.extract_tb(error.__traceback__)
        where = (type(error).__qualname__, *(f"{place.filename}:{place.lineno}" for place in places))
        if self._bug is not None and self._bug[0] == where:
            return self._bug
        return where, self._broke(error)

    def _anchors_due(self, engine: Register) -> bool:
        """Answers whether something was recorded since outside places were asked last, or that was long ago."""
        with engine.database.read() as tx:
            size = journal.head(tx).size
        now = time.monotonic()
        if self._anchored is not None and self._anchored[0] == size and now - self._anchored[1] < ANCHORED:
            return False
        self._anchored = (size, now)
        return True

    def close(self) -> None:
        """Lets go of the register; the next round opens it again."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def _open(self) -> Register:
        """Returns the register, opened anew where another file has come to its place: a backup put back, say.

        The file is looked at before it is opened. One that comes in between is noticed by the next round then.
        """
        if self._engine is not None and self._file != _identity(self._where):
            self.close()
        if self._engine is None:
            before = _identity(self._where)
            self._engine = self._opening()
            first, self._where = self._where is None, Path(self._engine.database.path)
            self._file = _identity(self._where) if first else before
        return self._engine

    def _beat(self, problems: Sequence[Mapping[str, str]]) -> list[Json]:
        """Notes that this worker is alive; returns what is wrong where it cannot.

        A clock that nobody may write by does not make itself known by a beat either.
        """
        if self._engine is None:
            return []
        said = {"rounds": self.made, "problems": [{"part": p["part"], "code": p["code"]} for p in problems]}
        try:
            with self._engine.database.write() as tx:
                beat(tx, self._name, self._engine.room.at(tx), said)
        except CocycleError as error:
            if any(problem["code"] == error.code for problem in problems):
                return []  # told already
            return [_problem("beat", error.code, error.message)]
        return []


def _problem(part: str, code: str, message: str) -> Json:
    return {"part": part, "code": code, "message": message}


def _identity(where: Path | None) -> tuple[int, int] | None:
    try:
        found = os.stat(where or "")
    except OSError:
        return None
    return found.st_dev, found.st_ino
