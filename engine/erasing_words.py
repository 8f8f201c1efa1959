"""The engine's act of erasing what people typed in one entry: a title, a text, a reason, a dissent, a condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from engine.choke_point import Call, ChokePoint
from engine.core import commands as wish
from engine.core.definition import Workflow
from engine.core.errors import NotFound
from engine.core.events import ERASED, Entry
from engine.core.outcome import Actor, Outcome
from engine.core.project import replay
from engine.core.rulings import erasing as rulings
from engine.store import journal
from engine.store.corrections import corrections
from engine.store.database import Transaction


class ErasingWords(ChokePoint):
    """The act of erasing the words of one entry."""

    def _erase_entry(self, seq: int, authority: str, second: str, ground: str | None, call: Call) -> dict[str, Any]:
        """Erases what people typed in an entry, wherever it stands; raises NotFound where there is no such entry."""
        with self.database.read() as tx:
            project = _entry(tx, seq).event.project
        if project is not None:
            return self._erase_in_project(project, seq, authority, second, ground, call)

        def ruling(tx: Transaction, actor: Actor) -> Outcome:
            other = self.room.actor(tx, second, None, None)
            if not other.person:
                raise NotFound(f"Nobody with the e-mail {second} is known in this register.", code="no_such_person")
            by = _erased_by(journal.entries(tx, register_only=True), seq)
            return rulings.erase_register_words(actor, other, wish.Typed(_entry(tx, seq), authority, ground, by))

        return self._change_register(call, ruling)

    def _erase_in_project(
        self, project: str, seq: int, authority: str, second: str, ground: str | None, call: Call
    ) -> dict[str, Any]:
        def command(tx: Transaction, workflow: Workflow) -> wish.Command:
            other = self.room.person(tx, second, project, workflow)
            every = list(journal.entries(tx, project=project))
            said = next(entry for entry in every if entry.seq == seq)
            without = replay(_without(entry) if entry.seq == seq else entry for entry in every)
            assert without is not None  # a project is here because it has entries
            return wish.EraseWords(wish.Typed(said, authority, ground, _erased_by(every, seq)), other, without)

        return self._change(project, call, command)

    def _corrected_by(self, tx: Transaction, seq: int) -> list[int]:
        """Returns the corrections of an entry that still say something, oldest first."""
        about = (e for e in corrections(tx) if e.event.body["entry"] == seq)
        return [e.seq for e in about if e.event.words["reason"] is not ERASED]


def _entry(tx: Transaction, seq: int) -> Entry:
    size = journal.head(tx).size
    if not 0 <= seq < size:
        raise NotFound(f"The ledger has no entry {seq}; its last is {size - 1}.")
    return next(journal.entries(tx, first=seq, last=seq))


def _erased_by(entries: Iterable[Entry], seq: int) -> int | None:
    """Returns the newest entry that erased words of another; None where none did."""
    by = (e.seq for e in entries if any(of == seq for of, _ in _words_in(e)))
    return max(by, default=None)


def _words_in(entry: Entry) -> rulings.Words:
    return entry.event.body["words"] if entry.event.name.endswith("_erased") else ()


def _without(entry: Entry) -> Entry:
    return replace(entry, event=replace(entry.event, words=dict.fromkeys(entry.event.words, ERASED)))
