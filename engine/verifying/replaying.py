"""Replays one project, entry by entry: each is judged as the project stood before it, and then taken in."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

from engine.core.calendar import Calendar
from engine.core.definition import Workflow
from engine.core.events import ERASED, Entry, Event
from engine.core.project import Project, taken_on
from engine.ledger.verify import Problem
from engine.verifying.entries import Entries
from engine.verifying.judging import Sitting
from engine.verifying.permitted import not_permitted
from engine.verifying.told import Told


class Replay:
    """One project in the making.

    Attributes:
        seq: the entry that was taken in last, or that could not be.
        entry_of: by a record's id the entry that added it.
    """

    def __init__(self, workflow: Workflow, usual: Calendar, read: Entries, told: Told) -> None:
        self.seq = -1
        self.entry_of: dict[str, int] = {}
        self._workflow, self._read, self._told = workflow, read, told
        self._erased: dict[str, int] = {}  # by a record's id the entry that erased its facts
        self._sitting = Sitting(workflow, told, usual, self._erased)
        self._now: Project | None = None

    def take(self, seq: int, leaf: bytes, document: Mapping[str, Any], kept: Mapping[str, str]) -> None:
        """Judges an entry and takes it in; `document` is its leaf, `kept` its words that are still there, as JSON."""
        self.seq = seq
        name, body, commitments = document["event"], document["body"], document["words"]
        words = {w: orjson.loads(kept[w]) if w in kept else ERASED for w in commitments} if commitments else {}
        digest = ""
        if name == "evidence_added":  # signatures are bound to the hash of this very leaf
            digest = sha256(b"\x00" + leaf).hexdigest()
            self._record(seq, body["evidence"])
        event = Event(name, document.get("project"), body, words)
        entry = Entry(seq, document["at"], document["by"], document["version"], digest, event)
        if (why := not_permitted(self._now, entry, self._workflow, self._read.register.roles)) is not None:
            self._told.problems.append(Problem(seq, "permission", why))
        if self._now is not None:
            self._sitting.judge(self._now, entry, document["schema"])
        if len(kept) < len(commitments):
            self._note_erased_fields(seq, words)
        now = self._now = taken_on(self._now, entry)
        self._sitting.took(name)
        refused = self._read.refusals.shut.get(now.id)
        while refused and refused[0].leaf.body.get("version") == now.version:
            self._sitting.refused(now, refused.pop(0))

    def end(self, project: str) -> Project:
        """Returns the project as all its entries make it."""
        for refusal in self._read.refusals.shut.pop(project, ()):
            self._told.wrong(refusal.seq, f"tells of a version of {project} that there is not")
        assert self._now is not None  # a project is here because it has entries
        return self._now

    def _record(self, seq: int, evidence: str) -> None:
        self.entry_of[evidence] = seq
        erased_by = self._read.erasures.facts.get(seq)
        if erased_by is not None:
            self._erased[evidence] = erased_by

    def _note_erased_fields(self, seq: int, words: Mapping[str, Any]) -> None:
        for name, word in words.items():
            if word is ERASED and name.startswith("field."):
                self._sitting.fields_erased_by = self._read.erasures.words.get((seq, name), seq)
