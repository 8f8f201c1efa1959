"""What was asked for beside the command: the register, who acts, the key, the day, and in what form to answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from terminal.command_line import command_line, shown_place
from terminal.mistake import Mistake
from terminal.screen import Page, page_for, print_answer, print_json

if TYPE_CHECKING:
    from engine.api import Engine, Settings

DEFAULT_REGISTER = "cocycle.db"


@dataclass(slots=True)
class Asked:
    """The options that every command takes, before or after its own words; the last one given wins.

    `db`, `actor`, `key`, `at` and `plugins_dir` are None where they were not given on the command line.
    """

    db: str | None = None
    actor: str | None = None
    key: str | None = None
    json: bool = False
    at: str | None = None
    plugins_dir: str | None = None

    @property
    def register(self) -> str:
        """Where the register is: `--db`, else `COCYCLE_DB`, else `cocycle.db` in the current folder."""
        return self.db or os.environ.get("COCYCLE_DB") or DEFAULT_REGISTER

    @property
    def person(self) -> str | None:
        """The e-mail of the person acting: `--as`, else `COCYCLE_ACTOR`, else None."""
        return self.actor or os.environ.get("COCYCLE_ACTOR") or None

    @property
    def writing(self) -> dict[str, str | None]:
        """The two arguments that every writing call of the engine takes."""
        return {"actor": self.person, "key": self.key}

    def settings(self) -> Settings:
        """Returns the settings, with what was given on the command line before what the surroundings say.

        Raises:
            Mistake: where `--plugins-dir` names no folder; else all that lies in it would be left out quietly.
        """
        from dataclasses import replace

        from engine.api import settings_from

        if self.plugins_dir is not None and not os.path.isdir(self.plugins_dir):
            raise Mistake(f"There is no folder {self.plugins_dir} to find plugins in.", code="usage")
        found = settings_from()
        return replace(found, register=self.register, plugins_dir=self.plugins_dir or found.plugins_dir)

    @contextmanager
    def reading(self, *, takes_at: bool = False) -> Iterator[Engine]:
        """Opens the register for reading, and closes it.

        Raises:
            Mistake: where `--at` was given to a command that does not take it.
        """
        if not takes_at:
            self.refuse_at()
        with self._opened(read_only=True) as engine:
            yield engine

    @contextmanager
    def changing(self) -> Iterator[Engine]:
        """Opens the register for writing, and closes it."""
        self.refuse_at()
        with self._opened(read_only=False) as engine:
            yield engine

    @contextmanager
    def _opened(self, *, read_only: bool) -> Iterator[Engine]:
        from engine.api import StorageUnavailable, open_log, open_register

        settings = self.settings()
        try:
            log = open_log(settings.log)
        except OSError as error:
            raise StorageUnavailable(f"The log that COCYCLE_LOG names cannot be written: {error.strerror}.") from error
        engine = open_register(self.register, read_only=read_only, settings=settings, log=log)
        try:
            yield engine
        finally:
            engine.close()

    def refuse_at(self) -> None:
        """Refuses `--at` where it would be ignored, so that nobody believes that a date took effect."""
        if self.at is not None:
            raise Mistake(
                "--at is taken by gate, project show, project list and deadlines only; the rest speaks of now.",
                code="usage",
            )

    def answer(self, found: Mapping[str, Any], render: Callable[[Page], None]) -> None:
        """Prints an answer on standard output: as JSON where asked, else as `render` writes it for people."""
        if self.json:
            print_json(found)
            return
        page = page_for("out")
        render(page)
        print_answer(page.text())

    def command(self, *words: str, actor: str | None = None, plain: bool = False) -> str:
        """Returns a complete command to type next, against the same register and as the same person.

        Args:
            words: the command's own words; `…` stands for what the reader must fill in.
            actor: the person who should act, where that is somebody in particular.
            plain: True for a command that needs no person.
        """
        tail = [] if self.db is None else ["--db", shown_place(self.db)]
        tail += [] if self.plugins_dir is None else ["--plugins-dir", shown_place(self.plugins_dir)]
        if not plain:
            who = actor if actor is not None and actor != self.person else self.actor
            if who is None and self.person is None:
                who = "EMAIL"
            tail += [] if who is None else ["--as", who]
        return command_line([*words, *tail])
