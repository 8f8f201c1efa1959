"""Finds what a definition builds on: a file beside it, a shipped workflow, or one that the register has loaded.

A file is read only where a person named the definition by its own file; text that came from elsewhere can name
workflows and never makes this machine open a file. Nothing but a plain file is ever opened.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Final, NamedTuple

from engine.definitions.extending.base import Base, NoBase
from engine.definitions.reader import MOST_BYTES
from engine.store import definitions_shelf
from engine.store.database import Database

WORKFLOWS: Final = Path(__file__).resolve().parent.parent / "workflows"
"""Where the shipped definitions lie: beside the engine."""

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_ENDINGS = (".yaml", ".yml")


class Shelf(NamedTuple):
    """The workflows of a register: `names` of those loaded, and the canonical form of the `current` one of a name."""

    names: Callable[[], list[str]]
    current: Callable[[str], bytes | None]


EMPTY: Final = Shelf(list, lambda _: None)
Opened = Callable[[], AbstractContextManager[Shelf]]
"""Opens the register's shelf, when and only when it is needed."""


def no_register() -> AbstractContextManager[Shelf]:
    """Returns the shelf where no register is open."""
    return nullcontext(EMPTY)


@contextmanager
def shelf_of(database: Database) -> Iterator[Shelf]:
    """Opens the shelf of a register that is open."""
    with database.read() as tx:

        def current(name: str) -> bytes | None:
            row = definitions_shelf.current_definition(tx, name)
            return None if row is None else row.canonical

        yield Shelf(lambda: [row.workflow for row in definitions_shelf.definitions(tx)], current)


def shipped() -> Iterator[Path]:
    """Yields the files of the definitions that come with cocycle, by name."""
    yield from sorted(WORKFLOWS.glob("*/workflow.yaml"))


class FileBases:
    """Finds what the definition in a file builds on.

    Args:
        file: where the definition lies; None where it came from no file that may be looked beside.
        register: opens the shelf of the register.
    """

    def __init__(self, file: Path | None = None, register: Opened = no_register) -> None:
        self._file = file
        self._register = register

    @property
    def identity(self) -> str:
        """The file, however it is named; empty where there is none."""
        return "" if self._file is None else os.path.realpath(self._file)

    def find(self, name: str) -> Base:
        """Returns the base that stands behind `extends: NAME`; raises NoBase.

        A name with a slash, or one that ends in .yaml or .yml, is a path relative to the file. Any other is the id of
        a shipped workflow, else of one that the register has loaded.
        """
        if "/" in name or name.endswith(_ENDINGS):
            return self._beside(name)
        if _ID.fullmatch(name):
            file = WORKFLOWS / name / "workflow.yaml"
            if file.is_file():
                return self._read(file, name)
        with self._register() as shelf:
            canonical = shelf.current(name) if _ID.fullmatch(name) else None
            if canonical is not None:
                return Base(f"{name} (as loaded)", f"register:{name}", canonical, True, FileBases())
            known = sorted({file.parent.name for file in shipped()} | set(shelf.names()))
        shown = name if name.isprintable() and len(name) <= 64 else "of that name"
        raise NoBase(f"There is no workflow {shown} to build on; give the id of one, or a path like ../x.yaml.", known)

    def _beside(self, name: str) -> Base:
        if self._file is None:
            raise NoBase("A file cannot be named here; build on a workflow by its id.")
        if not name.isprintable() or os.path.isabs(name) or not name.endswith(_ENDINGS):
            raise NoBase("A file to build on is named by a path relative to this one that ends in .yaml.")
        return self._read(self._file.parent / name, name)

    def _read(self, path: Path, name: str) -> Base:
        try:
            real = Path(os.path.realpath(path))
            content = _plain_bytes(real)
        except OSError as error:
            raise NoBase(f"{name} cannot be read: {error.strerror or 'it is no plain file'}.") from error
        if content is None:
            raise NoBase(f"{name} is no plain .yaml file of at most {MOST_BYTES:,} bytes, so nothing can build on it.")
        return Base(name, str(real), content, False, FileBases(real, self._register))


def _plain_bytes(path: Path) -> bytes | None:
    """Returns the bytes of a plain file of a size that is read; None for anything else, which is not opened at all."""
    found = os.stat(path)
    if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_BYTES or path.suffix not in _ENDINGS:
        return None
    # it may have become something else a moment ago: opened without waiting, then looked at again
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
    with open(descriptor, "rb") as file:
        return file.read(MOST_BYTES + 1) if stat.S_ISREG(os.fstat(descriptor).st_mode) else None
