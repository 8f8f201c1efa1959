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
from engine.verifying.ruled import ruled_again
from engine.verifying.told import Told

DRAWN = frozenset({"decisions_lapsed", "gate_unsound", "gate_reopened"})
"""What the engine draws itself from an act, and records right behind it."""
ABOUT = frozenset({"evidence_added", "evidence_withdrawn", "evidence_regraded"})


class Replay:
    """One project in the making.

    Attributes:
        seq: the entry that was taken in last, or that could not be.
        entry_of: by a record's id the entry that added it.
    """

    def __init__(self, workflow: Workflow, usual: Calendar, read: Entries, told: Told) -> None:
        self.seq = -1
        self.entry_of: dict[str, int] = {}
        self._workflow, self._usual, self._read, self._told = workflow, usual, read, told
        self._about: dict[str, set[int]] = {}  # by a record's id the entries that tell of it
        self._typed: set[int] = set()  # the entries whose words may be erased by themselves
        self._act: tuple[Any, ...] = ()
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
        self._rule(entry, document.get("key"))
        if self._now is not None:
            self._sitting.judge(self._now, entry, document["schema"])
        if len(kept) < len(commitments):
            self._note_erased_fields(seq, words)
        now = self._now = taken_on(self._now, entry)
        self._sitting.took(name)
        refused = self._read.refusals.shut.get(now.id)
        while refused and refused[0].leaf.body.get("version") == now.version:
            self._sitting.refused(now, refused.pop(0))

    def _rule(self, entry: Entry, key: str | None) -> None:
        """Rules again on an entry: what people did by itself, what follows from it by the act it belongs to."""
        name, seq, body = entry.event.name, entry.seq, entry.event.body
        act = (seq, key, entry.by, entry.at)
        if name in DRAWN and self._act != (seq - 1, *act[1:]):
            self._told.wrong(seq, f"tells of {name} by itself, and that comes of an act only")
        self._act = act
        erased = bool(self._erased) or self._sitting.fields_erased_by is not None
        register = self._read.register
        self._told.problems += ruled_again(
            self._now, entry, self._workflow, register.roles, self._usual, register.loaded, erased=erased
        )
        if name in ABOUT:
            self._about.setdefault(body["evidence"], set()).add(seq)
        elif name == "evidence_erased":
            own, corrects = self._about.get(body["evidence"], set()), self._read.rules.corrects
            for of_seq, _ in body["words"]:
                if of_seq not in own and corrects.get(of_seq) not in own:
                    self._told.wrong(seq, f"erases words of entry {of_seq}, which are not what it is about")
        elif name == "words_erased" and (alien := [of for of, _ in body["words"] if not self._may_go(of, body)]):
            self._told.wrong(seq, f"erases words of entry {alien[0]}, which are not what it is about")
        if name != "evidence_added":
            self._typed.add(seq)

    def _may_go(self, of_seq: int, body: Mapping[str, Any]) -> bool:
        """True for words that an erasure of a single entry may name: that entry's, where it is no record's own."""
        return of_seq == body["entry"] and of_seq in self._typed

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
