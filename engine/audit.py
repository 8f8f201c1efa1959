"""`ledger verify`: is what is stored what was recorded? The tree is rebuilt, each project replayed and compared."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from engine.audit_register import register_problems
from engine.core.errors import CocycleError, IntegrityFailure
from engine.core.project import Project, replay
from engine.core.snapshot import FORM, to_json
from engine.ledger.leaf import NotALeaf, read_leaf
from engine.ledger.verify import Problem, verify_entries
from engine.room import Room, project_row
from engine.store import definitions_shelf, files, inspect, journal, projects
from engine.store.database import Database, Transaction
from engine.store.projects import ProjectRow

PAGE = 200
Raw = tuple[int, bytes, bytes, bytes]


def verify(database: Database, room: Room) -> dict[str, Any]:
    """Returns the contract's answer: every problem with its place in the ledger, none where all is as recorded.

    Nothing stored is believed: leaves are hashed again and the tree rebuilt from them, words are held against their
    commitments, each project is replayed from its entries and compared with its stored state, and files and
    definitions are hashed again.
    """
    problems: list[Problem] = []
    checked = size = 0
    root = b""
    with suppress_wreck(problems), database.read() as tx:
        try:
            head = journal.head(tx)
            size, root = head.size, head.root
            recorded: set[str] = set()
            problems += verify_entries(_noting(journal.raw_entries(tx), recorded), head.size, head.root)
            problems += journal.word_problems(tx)
            problems += inspect.filing_problems(tx)
            problems += inspect.guard_problems(tx)
            problems += inspect.damage(tx)
            problems += inspect.head_problems(tx)
            problems += inspect.key_problems(tx)
            problems += inspect.count_problems(tx)
            problems += register_problems(tx)
            problems += _definitions(tx)
            kept = _files(tx, problems)
            for found in _states(tx, room, recorded, kept):
                checked += 1
                problems += found
        except IntegrityFailure as error:
            problems.append(Problem(None, "unreadable", error.message))
    return {
        "ok": not problems,
        "size": size,
        "root": base64.b64encode(root).decode(),
        "problems": [{"seq": p.seq, "kind": p.kind, "message": p.message} for p in problems],
        "erased": 0,
        "states_checked": checked,
    }


@contextmanager
def suppress_wreck(problems: list[Problem]) -> Iterator[None]:
    """Turns a register that cannot even be read as one, a table gone or a row of another kind, into a finding."""
    try:
        yield
    except (IntegrityFailure, KeyError, TypeError, ValueError, AttributeError) as error:
        problems.append(Problem(None, "unreadable", f"The register cannot be read: {error}."))


def _noting(entries: Iterable[Raw], recorded: set[str]) -> Iterator[Raw]:
    """Passes entries on and notes the projects they are of."""
    for entry in entries:
        try:
            project = read_leaf(entry[1]).project
        except NotALeaf:
            project = None  # verify_entries tells it
        if project is not None:
            recorded.add(project)
        yield entry


def _files(tx: Transaction, problems: list[Problem]) -> set[str]:
    """Returns the names of the files that are stored, and adds those whose bytes are others."""
    kept = set()
    for name, digest in files.file_hashes(tx):
        kept.add(name)
        if name != digest:
            problems.append(Problem(None, "file", f"The stored file {name} holds other bytes than were handed in."))
    return kept


def _states(tx: Transaction, room: Room, recorded: set[str], kept: set[str]) -> Iterator[list[Problem]]:
    """Yields for each project what is wrong with its stored state."""
    cursor: str | None = None
    while page := projects.list_projects(tx, limit=PAGE, after=cursor):
        for row in page:
            cursor = row.id
            recorded.discard(row.id)
            try:
                yield list(_state(tx, room, row, kept))
            except (CocycleError, KeyError, TypeError, ValueError, AttributeError) as error:
                # a wrecked register must not wreck the audit: whatever replaying stumbles over is a finding
                yield [Problem(None, "state", f"The project {row.id} cannot be replayed from the ledger: {error}.")]
    for project in sorted(recorded):
        yield [Problem(None, "state", f"The ledger tells of the project {project}, and its state is not stored.")]


def _state(tx: Transaction, room: Room, row: ProjectRow, kept: set[str]) -> Iterator[Problem]:
    found = replay(journal.entries(tx, project=row.id))
    if found is None:
        yield Problem(None, "state", f"The project {row.id} is stored, and the ledger does not know it.")
        return
    snapshot = orjson.dumps(to_json(found), option=orjson.OPT_SORT_KEYS)
    due = project_row(found, room.workflow(tx, found.definition), snapshot)
    todays_form = orjson.loads(row.snapshot)["form"] == FORM  # a state in another form is never believed, but replayed
    if todays_form and due.snapshot != row.snapshot:
        yield Problem(None, "state", f"The stored state of {row.id} is not what its {found.version} events make.")
    elif due._replace(snapshot=row.snapshot) != row:
        yield Problem(None, "state", f"The row that {row.id} is listed by is not what its state says.")
    yield from _missing_files(found, kept)
    for evidence in found.records:
        if files.project_of_evidence(tx, evidence) != found.id:
            yield Problem(None, "state", f"The evidence {evidence} is not found in its project {found.id}.")


def _missing_files(project: Project, kept: set[str]) -> Iterator[Problem]:
    for record in project.records.values():
        for file in record.files:
            if file.sha256 not in kept:
                yield Problem(None, "file", f"A file of {record.id} ({project.id}) is not stored: {file.sha256}.")


def _definitions(tx: Transaction) -> Iterator[Problem]:
    for row in definitions_shelf.definitions(tx):
        try:
            definitions_shelf.definition(tx, row.digest)  # hashes it again
        except CocycleError as error:
            yield Problem(row.loaded, "definition", error.message)
