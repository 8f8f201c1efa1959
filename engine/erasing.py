"""The engine's act of erasing: a record, a person, or the words of an entry; and what it cannot erase, told plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from engine.choke_point import Call
from engine.core import commands as wish
from engine.core.definition import Workflow
from engine.core.errors import NotFound
from engine.core.evidence import Record
from engine.core.outcome import Actor, Outcome
from engine.core.project import Project
from engine.core.rulings import erasing as rulings
from engine.core.soundness import rests_on_erased
from engine.erasing_words import ErasingWords
from engine.store import files, journal, people
from engine.store.corrections import corrections
from engine.store.database import Transaction
from engine.store.evidence_found import evidence_by, evidence_with
from engine.store.people import PersonRow
from engine.store.scrub import scrub

Answer = dict[str, Any]
_INDEX = re.compile("[0-9]{1,16}", re.ASCII)


class Erasing(ErasingWords):
    """The act of erasing, and the answer to it."""

    def erase(
        self,
        target: str,
        authority: str,
        second: str,
        *,
        ground: str | None = None,
        actor: str | None,
        key: str | None = None,
    ) -> Answer:
        """Erases a record (by its id), a person (by id or e-mail), or what people typed in an entry (by its index).

        Words go with their salts, files with their keys.

        Beside what every write answers, `erased` counts what went and `stays` says what did not: for a record
        `files` that other records use and the gates whose recorded verdict `rests` on it, for a person the `records`
        they handed in themselves, for an entry the `corrections` that tell of it. `scrubbed` is true once no old copy
        is left in the register's files; where it is false, `left` says in a sentence what is still there.

        Args:
            target: the id of a record, the id or e-mail of a person, or the index of an entry in digits.
            authority: in words, who asked for it or decided it, and where that is written down.
            second: the e-mail of the second person.
            ground: one of the grounds of UK GDPR article 17(1), by its choice; None where none is stated.

        Raises:
            NotFound: nothing and nobody is called so, there is no such entry, or nobody has the second person's e-mail.
        """
        call = Call(actor, key, ["erase", target, authority, second, ground])
        numbered = _INDEX.fullmatch(target) is not None
        with self.database.read() as tx:
            answer = self._seen(tx, call)  # an e-mail that was erased under this key is not found any more
            project = files.project_of_evidence(tx, target)
            if not isinstance(answer, dict) and project is None and not numbered:
                self._person(tx, target)
        if not isinstance(answer, dict):
            if numbered:
                answer = self._erase_entry(int(target), authority, second, ground, call)
            elif project is not None:
                answer = self._erase_evidence(project, target, authority, second, ground, call)
            else:
                answer = self._erase_person(target, authority, second, ground, call)
        scrubbed = scrub(self.database)
        with self.database.read() as tx:
            stays = self._stays(tx, answer)
        return {**answer, "stays": stays, "scrubbed": scrubbed.done, "left": scrubbed.why or None}

    def _erase_evidence(
        self, project: str, evidence: str, authority: str, second: str, ground: str | None, call: Call
    ) -> Answer:
        def command(tx: Transaction, workflow: Workflow) -> wish.Command:
            other = self.room.person(tx, second, project, workflow)
            found, _ = self.room.load(tx, project)
            used = frozenset(self._used(tx, found.records[evidence]))
            words = rulings.words_about(evidence, journal.entries(tx, project=project), corrections(tx))
            return wish.EraseEvidence(evidence, authority, ground, other, words, used)

        return self._change(project, call, command)

    def _erase_person(self, target: str, authority: str, second: str, ground: str | None, call: Call) -> Answer:
        def ruling(tx: Transaction, actor: Actor) -> Outcome:
            row = self._person(tx, target)
            other = self.room.actor(tx, second, None, None)
            if not other.person:
                raise NotFound(f"Nobody with the e-mail {second} is known in this register.", code="no_such_person")
            known = rulings.PersonKnown(
                row.id, not row.active, tuple(people.grants_of(tx, row.id)), self._words_of(tx, row.id)
            )
            return rulings.erase_person(actor, other, known, authority, ground)

        return self._change_register(call, ruling)

    def _person(self, tx: Transaction, named: str) -> PersonRow:
        """Returns somebody by id or e-mail; raises NotFound for a name that is no record's either."""
        found = people.person_by_id(tx, named) or people.person_by_email(tx, named)
        if found is None:
            raise NotFound(
                f"There is no evidence and no person called {named}. Give the id of a record, the id or the e-mail of a"
                " person, or the number of an entry.",
                code="nothing_to_erase",
            )
        return found

    def _words_of(self, tx: Transaction, person: str) -> rulings.Words:
        entries = journal.entries(tx, register_only=True)
        added = (e for e in entries if e.event.name == "person_added" and e.event.body["person"] == person)
        return tuple((entry.seq, tuple(sorted(entry.event.words))) for entry in added)

    def _used(self, tx: Transaction, record: Record) -> Iterator[str]:
        """Yields the SHA-256 of each plain file of a record that another record, not erased, has as well."""
        for sha256 in {f.sha256 for f in record.files if f.sha256 is not None and f.sealed is None}:
            if any(True for _ in self._users(tx, sha256, record.id)):
                yield sha256

    def _users(self, tx: Transaction, sha256: str, but: str) -> Iterator[str]:
        """Yields the records beside one that keep a file under its SHA-256 and are not erased, oldest first."""
        loaded: dict[str, Project] = {}
        for evidence, project in evidence_with(tx, sha256):
            if evidence == but:
                continue
            if project not in loaded:
                loaded[project] = self.room.load(tx, project)[0]
            found = loaded[project].records[evidence]
            if found.erased_by is None and any(f.sealed is None and f.sha256 == sha256 for f in found.files):
                yield evidence

    # what the answer says beside its entries

    def _stays(self, tx: Transaction, answer: Answer) -> Answer:
        if "entry" in answer:
            return {"corrections": self._corrected_by(tx, answer["entry"])}
        if "evidence" not in answer:
            return {"records": self._records_of(tx, answer["person"])}
        project, _ = self.room.load(tx, answer["project"])
        record = project.records[answer["evidence"]]
        plain = dict.fromkeys(f.sha256 for f in record.files if f.sha256 is not None and f.sealed is None)
        kept = {sha256: list(self._users(tx, sha256, record.id)) for sha256 in plain}
        return {
            "files": [{"sha256": sha256, "used_by": used} for sha256, used in kept.items() if used],
            "rests": [
                {"gate": p.gate, "seq": p.seq} for p in project.passings if record in rests_on_erased(project, p)
            ],
        }

    def _records_of(self, tx: Transaction, person: str) -> list[Answer]:
        """Returns the records that a person handed in and that were not erased, oldest first."""
        loaded: dict[str, Project] = {}
        found = []
        for evidence, project in evidence_by(tx, person):
            if project not in loaded:
                loaded[project] = self.room.load(tx, project)[0]
            if loaded[project].records[evidence].erased_by is None:
                found.append({"evidence": evidence, "project": project})
        return found
