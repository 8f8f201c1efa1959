"""Replays every project from its entries: compares what comes of them with what is stored, and has it judged again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import orjson

from engine.core.definition import Workflow
from engine.core.errors import CocycleError
from engine.core.opinions import NOTHING_RECORDED, Judges
from engine.core.project import Project
from engine.core.snapshot import FORM, to_json
from engine.ledger.verify import Problem
from engine.room import Room, project_row
from engine.store import everything, projects
from engine.store.database import Transaction
from engine.store.projects import ProjectRow
from engine.verifying.entries import Entries
from engine.verifying.files import Files
from engine.verifying.replaying import Replay
from engine.verifying.told import Told

PAGE = 200
STUMBLES = (CocycleError, KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What replaying a wrecked register may stumble over; a wreck must not wreck the audit."""


class Projects:
    """All projects, one at a time, in the order of their ids.

    Attributes:
        problems: what was found; told: what came of judging again; checked: how many states were compared.
    """

    def __init__(self, tx: Transaction, room: Room, read: Entries, files: Files, asks: Judges | None = None) -> None:
        self.problems: list[Problem] = []
        self.told = Told(self.problems, asks)
        self.checked = 0
        self._tx, self._room, self._read, self._files = tx, room, read, files

    def check(self) -> None:
        """Replays every project that the ledger or the list of projects knows."""
        rows = self._rows()
        row = next(rows, None)
        due = dict(self._read.check.versions)
        for project, entries in everything.entries_by_project(self._tx):
            while row is not None and row.id < project:
                self._unknown(row)
                row = next(rows, None)
            own = row if row is not None and row.id == project else None
            self.checked += 1
            if due.pop(project, None) != len(entries):
                message = f"Entries of {project} are not found where its entries are looked for."
                self.problems.append(Problem(None, "state", message))
            if own is None:
                message = f"The ledger tells of the project {project}, and its state is not stored."
                self.problems.append(Problem(entries[-1][0], "state", message))
            else:
                row = next(rows, None)
            self._project(project, entries, own)
        while row is not None:
            self._unknown(row)
            row = next(rows, None)
        for project, refused in self._read.refusals.shut.items():  # those that no project has taken
            for refusal in refused:
                self.told.wrong(refusal.seq, f"tells of a project {project} that is not in the ledger")
        for project in sorted(due):
            message = f"The ledger tells of the project {project}, and none of its entries is found."
            self.problems.append(Problem(None, "state", message))

    def _rows(self) -> Iterator[ProjectRow]:
        cursor: str | None = None
        while page := projects.list_projects(self._tx, limit=PAGE, after=cursor):
            cursor = page[-1].id
            yield from page

    def _unknown(self, row: ProjectRow) -> None:
        self.checked += 1
        message = f"The project {row.id} is stored, and the ledger does not know it."
        self.problems.append(Problem(None, "state", message))

    def _project(self, project: str, entries: list[tuple[int, bytes]], row: ProjectRow | None) -> None:
        replay = None
        try:
            documents = [orjson.loads(leaf) for _, leaf in entries]
            workflow = self._room.workflow(self._tx, documents[0]["body"]["definition"])
            workflow = replace(workflow, judges=NOTHING_RECORDED)  # what plugins said is taken from the events
            replay = Replay(workflow, self._room.calendar(workflow), self._read, self.told)
            words = everything.words_of_all(self._tx, [seq for seq, _ in entries])
            for (seq, leaf), document in zip(entries, documents, strict=True):
                replay.take(seq, leaf, document, words.get(seq, {}))
            found = replay.end(project)
            for record in found.records.values():
                self.problems += self._files.take(record, replay.entry_of[record.id])
            if row is not None:
                self.problems += _compared(found, workflow, row, entries[-1][0])
        except STUMBLES as error:
            told = (str(error) or type(error).__name__).removesuffix(".")
            message = f"The project {project} cannot be replayed from the ledger: {told}."
            seq = entries[0][0] if replay is None else replay.seq
            self.problems.append(Problem(seq, "state", message))


def _compared(found: Project, workflow: Workflow, row: ProjectRow, last: int) -> Iterator[Problem]:
    """Yields where what is stored of a project is not what its entries make."""
    snapshot = orjson.dumps(to_json(found), option=orjson.OPT_SORT_KEYS)
    due = project_row(found, workflow, snapshot)
    if due == row:
        return
    todays_form = orjson.loads(row.snapshot)["form"] == FORM  # a state in another form is never believed, but replayed
    if todays_form and due.snapshot != row.snapshot:
        message = f"The stored state of {row.id} is not what its {found.version} events make."
        yield Problem(last, "state", message)
    elif due._replace(snapshot=row.snapshot) != row:
        yield Problem(last, "state", f"The row that {row.id} is listed by is not what its state says.")
