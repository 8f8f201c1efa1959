"""The engine's readings of what was handed in and what happened: evidence, people, definitions, history, leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from engine.core.calendar import in_words
from engine.core.contradictions import FileUses, contradictions, file_uses
from engine.core.definition import Workflow
from engine.core.errors import InputRefused, IntegrityFailure, NotFound
from engine.core.evidence import Examined, Record
from engine.core.project import Project
from engine.core.rulings.evidence import is_current
from engine.core.rulings.named_records import answers_of
from engine.core.values import plain
from engine.files import kept_bytes
from engine.history import history_of
from engine.room import Room
from engine.store import definitions_shelf, files, journal, people
from engine.store.database import Database, Transaction


class Books:
    """Readings of lists and of single things."""

    def __init__(self, database: Database, room: Room) -> None:
        self.database = database
        self.room = room

    def evidence_list(self, project: str) -> dict[str, Any]:
        """Returns every record of a project, oldest first."""
        with self.database.read() as tx:
            found, workflow = self.room.load(tx, project)
            names = self.room.names(tx)
            answered, uses, records = _answered_by(found, workflow), file_uses(found), found.records.values()
            return {"evidence": [_record(found, workflow, r, names(r.by), answered, uses) for r in records]}

    def evidence_show(self, evidence: str) -> dict[str, Any]:
        """Returns one record whole, with its signatures."""
        with self.database.read() as tx:
            project, workflow, record = self._find(tx, evidence)
            names = self.room.names(tx)
            answered, uses = _answered_by(project, workflow), file_uses(project)
            shown = _record(project, workflow, record, names(record.by), answered, uses)
            kind = workflow.evidence[record.kind]
            shown |= {
                "project": project.id,
                "requirement_title": workflow.requirements[record.requirement].title,
                "kind_title": kind.title,
                "facts": {
                    **{f: plain(kind.fields.get(f), v) for f, v in record.facts.items()},
                    **dict.fromkeys(record.erased),  # a null says that words stood here
                },
                "erased_by": record.erased_by,
                "erased_on": record.erased_on,
                "digest": record.digest,
                "signatures": [
                    {"role": s.role, "person": s.by, "name": names(s.by), "at": s.at, "lapsed": s.lapsed or None}
                    for s in project.signatures
                    if s.evidence == record.id
                ],
            }
            return shown

    def evidence_get(self, evidence: str, filename: str | None = None) -> bytes:
        """Returns the bytes of a record's file; without a name, of its only one. They are hashed again first."""
        with self.database.read() as tx:
            _, _, record = self._find(tx, evidence)
            if record.erased_on is not None:
                on = in_words(record.erased_on)
                raise NotFound(
                    f"The evidence {evidence} was erased on {on}, by entry {record.erased_by}; its files went with it.",
                    code="file_erased",
                )
            named = [f for f in record.files if filename in (None, f.name, f.sha256)]
            if not named:
                wanted = f"no file {filename}" if filename else "no file"
                have = ", ".join(str(f.name or f.sha256) for f in record.files)
                raise NotFound(f"The evidence {evidence} has {wanted}." + (f" It has: {have}." if have else ""))
            if len(named) > 1:
                have = ", ".join(str(f.name or f.sha256) for f in named)
                raise InputRefused(f"The evidence {evidence} has several files; say which: {have}.")
            content = kept_bytes(tx, named[0])
        if content is None:
            raise IntegrityFailure(f"The stored file of {evidence} is not the one that was handed in.")
        return content

    def people(self) -> dict[str, Any]:
        """Returns everyone the register knows, with their roles; a role held in one project reads role@project."""
        with self.database.read() as tx:
            return {
                "people": [
                    {
                        "id": p.id,
                        "email": p.email,
                        "name": p.name,
                        "roles": [r if scope == "" else f"{r}@{scope}" for r, scope in people.grants_of(tx, p.id)],
                        "active": p.active,
                    }
                    for p in people.people(tx)
                ]
            }

    def workflows(self) -> dict[str, Any]:
        """Returns every loaded definition; of each workflow one is current."""
        with self.database.read() as tx:
            rows = definitions_shelf.definitions(tx)
            current = {row.workflow: row.digest for row in sorted(rows, key=lambda r: r.loaded)}
            return {
                "workflows": [
                    {
                        "workflow": row.workflow,
                        "version": row.version,
                        "title": row.title,
                        "definition": row.digest,
                        "current": current[row.workflow] == row.digest,
                    }
                    for row in rows
                ]
            }

    def workflow(self, name: str) -> dict[str, Any]:
        """Returns a definition: its canonical form, its digest, and the text it was loaded from."""
        with self.database.read() as tx:
            row = definitions_shelf.definition(tx, self.room.workflow_called(tx, name).digest)
        assert row is not None
        return {**orjson.loads(row.canonical), "definition": row.digest, "definition_text": row.source}

    def diagram(self, name: str, form: str) -> str:
        """Returns a picture of a definition: `svg` or `mermaid`."""
        from engine.definitions.showing import diagram

        with self.database.read() as tx:
            workflow = self.room.workflow_called(tx, name)
        return diagram.svg(workflow) if form == "svg" else diagram.mermaid(workflow)

    def history(self, project: str) -> dict[str, Any]:
        """Returns what happened in a project, what was refused in it, and what was corrected, oldest first."""
        with self.database.read() as tx:
            workflow = self.room.workflow(tx, self.room.stored(tx, project).definition)
            return {"history": history_of(tx, project, workflow, self.room.names(tx))}

    def leaf(self, seq: int) -> bytes:
        """Returns the exact bytes of an entry of the ledger."""
        with self.database.read() as tx:
            if not 0 <= seq < journal.head(tx).size:
                raise NotFound(f"The ledger has no entry {seq}; its last is {journal.head(tx).size - 1}.")
            return journal.leaf(tx, seq)

    def _find(self, tx: Transaction, evidence: str) -> tuple[Project, Workflow, Record]:
        name = files.project_of_evidence(tx, evidence)
        if name is None:
            raise NotFound(f"There is no evidence {evidence}.", code="no_such_evidence")
        project, workflow = self.room.load(tx, name)
        return project, workflow, project.records[evidence]


def _answered_by(project: Project, workflow: Workflow) -> dict[str, list[str]]:
    """Returns, for each record that others answer, the ids of those that do and stand, oldest first."""
    found: dict[str, list[str]] = {}
    for record in project.records.values():
        if not record.withdrawn and record.erased_by is None:
            for name in answers_of(workflow.evidence[record.kind], record):
                found.setdefault(name, []).append(record.id)
    return found


def examined_json(examined: Examined) -> dict[str, Any]:
    """Returns what an examiner found, by whom, in its words as far as they are still there."""
    found = [{"code": code, "severity": severity, "says": says} for code, severity, says in examined.found]
    return {"kind": examined.use, **examined.source.as_json(), "state": examined.state, "found": found}


def _record(
    project: Project,
    workflow: Workflow,
    record: Record,
    name: str | None,
    answered: Mapping[str, list[str]],
    uses: FileUses,
) -> dict[str, Any]:
    state = "current" if is_current(project, workflow, record) else "superseded"
    if record.withdrawn:
        state = "withdrawn"
    if record.erased_by is not None:
        state = "erased"
    return {
        "evidence": record.id,
        "requirement": record.requirement,
        "kind": record.kind,
        "level": record.standing_level,
        "claimed_level": record.level,
        "state": state,
        "recorded_at": record.recorded_at,
        "happened_on": record.happened_on,
        "by": record.by,
        "name": name,
        "cycle": record.cycle,
        "personal": record.personal,
        "files": [{"name": f.name, "sha256": f.sha256, "size": f.size} for f in record.files],
        "answers": answers_of(workflow.evidence[record.kind], record),
        "answered_by": answered.get(record.id, []),
        "examined": None if record.examined is None else examined_json(record.examined),
        "contradictions": [c.as_json() for c in contradictions(workflow, record, project, uses)],
    }
