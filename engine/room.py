"""What a write or a reading needs around it: the project and its definition, who acts, what day it is."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

import orjson

from engine.clock import Clock, SystemClock, day_in, stamp
from engine.core.authority import REGISTER_ROLES
from engine.core.bank_holidays import Extra, calendars
from engine.core.calendar import Calendar, after
from engine.core.canonical_form import workflow_from
from engine.core.definition import Workflow
from engine.core.errors import IntegrityFailure, NotFound
from engine.core.opinions import NOBODY, Judges
from engine.core.outcome import Actor, Moment, known_or
from engine.core.project import Project, replay
from engine.core.rulings.register import Registry, Scope
from engine.core.snapshot import FORM, from_json
from engine.known_time import KnownTime, refuse_ahead, refuse_behind
from engine.store import definitions_shelf, journal, people, projects
from engine.store.beats import newest_beat
from engine.store.database import Transaction
from engine.store.definitions_shelf import DefinitionRow
from engine.store.projects import ProjectRow, StoredProject

if TYPE_CHECKING:
    from engine.definitions.compile import Compiled

MOST_WORKFLOWS = 64


def new_id(letter: str) -> str:
    """Returns a random id that says nothing about what it names."""
    return f"{letter}-{secrets.token_hex(8)}"


def project_row(project: Project, workflow: Workflow, snapshot: bytes) -> ProjectRow:
    """Returns the row a project is listed by."""
    stage = workflow.stages[project.stage]
    due = None
    if stage.target is not None:
        due = after(date.fromisoformat(project.entered_on), stage.target, calendar_of(workflow)).isoformat()
    return ProjectRow(
        id=project.id,
        version=project.version,
        workflow=project.workflow,
        definition=project.definition,
        stage=project.stage,
        stage_final=stage.final,
        on_hold=project.hold is not None,
        cycle=project.cycle,
        title=project.title,
        entered_at=project.entered_at,
        due_on=due,
        snapshot=snapshot,
    )


def calendar_of(workflow: Workflow) -> Calendar:
    """Returns the working-day calendar of a definition as it is published, without the extra holidays of a register.

    The day a stage should be left is counted by it: that day is stored, and `ledger verify` counts it again, which
    must give the same on a machine with other settings.
    """
    return calendars()[workflow.calendar]


class Room:
    """Reads what surrounds an act. Definitions never change under their digest, so they are kept once read.

    `judges` answers for the requirements of definitions that plugins judge.
    """

    def __init__(self, clock: Clock, extra_holidays: Extra = (), judges: Judges = NOBODY) -> None:
        self.clock = clock
        self._judges = judges
        self._calendars = calendars(extra_holidays)
        self._workflows: dict[str, Workflow] = {}

    def stored(self, tx: Transaction, project: str) -> StoredProject:
        """Returns a project's row; raises NotFound."""
        found = projects.load_project(tx, project)
        if found is None:
            raise NotFound(f"There is no project {project}.", code="no_such_project")
        return found

    def load(self, tx: Transaction, project: str) -> tuple[Project, Workflow]:
        """Returns a project as it stands and the definition it is pinned to; raises NotFound and IntegrityFailure."""
        found = self.stored(tx, project)
        workflow = self.workflow(tx, found.definition)
        try:
            kept = orjson.loads(found.snapshot)
            if kept["form"] == FORM:
                return from_json(kept), workflow
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise IntegrityFailure(
                f"The stored state of {project} cannot be read; it was altered. Check it with: cocycle ledger verify."
            ) from error
        replayed = replay(journal.entries(tx, project=project))  # until the next write keeps it in today's form
        assert replayed is not None
        return replayed, workflow

    def workflow(self, tx: Transaction, digest: str) -> Workflow:
        """Returns a loaded definition by its digest."""
        workflow = self._workflows.get(digest)
        if workflow is None:
            row = definitions_shelf.definition(tx, digest)
            if row is None:
                raise NotFound(f"There is no definition {digest} in this register.", code="no_such_definition")
            if len(self._workflows) >= MOST_WORKFLOWS:
                self._workflows.clear()
            workflow = replace(workflow_from(orjson.loads(row.canonical), digest), judges=self._judges)
            self._workflows[digest] = workflow
        return workflow

    def workflow_called(self, tx: Transaction, name: str) -> Workflow:
        """Returns the current definition of a workflow, or a definition by its digest; raises NotFound."""
        row = definitions_shelf.current_definition(tx, name) or definitions_shelf.definition(tx, name)
        if row is None:
            names = dict.fromkeys(d.workflow for d in definitions_shelf.definitions(tx))
            raise NotFound(f"No workflow {name} is loaded. {known_or(names, name)}", code="no_such_workflow")
        return self.workflow(tx, row.digest)

    @staticmethod
    def text_digest(raw: bytes) -> str:
        """Returns the digest of a definition's text as it is kept, without a byte-order mark."""
        return sha256(raw.decode("utf-8-sig").encode()).hexdigest()

    def shelve(self, tx: Transaction, found: Compiled, raw: bytes, loaded: int | None = None) -> None:
        """Keeps a compiled definition with the text it came from."""
        row = DefinitionRow(
            digest=found.digest,
            workflow=found.workflow.id,
            version=found.workflow.version,
            title=found.workflow.title,
            canonical=found.canonical,
            source=raw.decode("utf-8-sig"),
            loaded=journal.head(tx).size if loaded is None else loaded,
        )
        definitions_shelf.put_definition(tx, row)

    def at(self, tx: Transaction) -> str:
        """Returns the moment for an entry: never before the last one.

        Only the clock of the machine can be too far ahead: one that a program sets tells a story of its own.

        Raises:
            RulesRefused: `clock_behind` where the clock is more than two seconds behind the last entry; `clock_ahead`
                where it is more than 24 hours ahead of what is known, until an admin has confirmed it.
        """
        time = KnownTime(stamp(self.clock.now()), journal.head(tx).at)
        if time.now < time.last_entry:
            refuse_behind(time)
            return time.last_entry
        if time.ahead and isinstance(self.clock, SystemClock):
            refuse_ahead(time._replace(last_beat=newest_beat(tx)))
        return time.now

    def moment(self, tx: Transaction, workflow: Workflow) -> Moment:
        """Returns when something is decided now, under a definition."""
        at = self.at(tx)
        return Moment(at, day_in(workflow.time_zone, at), self.calendar(workflow))

    def calendar(self, workflow: Workflow) -> Calendar:
        """Returns the calendar that waits are judged by: the definition's, with the register's extra holidays."""
        return self._calendars[workflow.calendar]

    def today(self, workflow: Workflow) -> date:
        """Returns the day it is now in a definition's time zone."""
        return day_in(workflow.time_zone, stamp(self.clock.now()))

    def actor(self, tx: Transaction, email: str | None, project: str | None, workflow: Workflow | None) -> Actor:
        """Returns who acts, with the roles they hold; somebody unknown has no id and no roles."""
        if not email:
            return Actor("", "")
        if not email.isprintable():
            return Actor("", "that")  # nobody is called so, and it would not do to print it
        found = people.actor(tx, email)
        if found is None or not found[0].active:
            return Actor("", email)
        row, grants = found
        held = {role for role, scope in grants if scope in ("", project)}
        return Actor(
            person=row.id,
            name=row.name or email,
            register=frozenset(role for role, scope in grants if scope == "" and role in REGISTER_ROLES),
            held=frozenset() if workflow is None else frozenset(r for r in held if r in workflow.roles),
        )

    def person(self, tx: Transaction, email: str, project: str, workflow: Workflow) -> Actor:
        """Returns somebody named in an act; raises NotFound where nobody has that e-mail."""
        found = self.actor(tx, email, project, workflow)
        if not found.person:
            raise NotFound(f"Nobody with the e-mail {email} is known in this register.", code="no_such_person")
        return found

    def known_person(self, tx: Transaction, email: str) -> str:
        """Returns the id of a person by e-mail; raises NotFound."""
        row = people.person_by_email(tx, email)
        if row is None:
            raise NotFound(f"Nobody with the e-mail {email} is known in this register.", code="no_such_person")
        return row.id

    def registry(self, tx: Transaction) -> Registry:
        """Returns what rulings about people look at."""
        return Registry(admins=people.active_admins(tx))

    def scope(self, tx: Transaction, project: str | None) -> Scope:
        """Returns where a role is held; raises NotFound for a project that is not there."""
        if project is None:
            loaded = (self.workflow(tx, row.digest) for row in definitions_shelf.definitions(tx))
            return Scope(roles=tuple(dict.fromkeys(role for workflow in loaded for role in workflow.roles)))
        return Scope(project, tuple(self.workflow(tx, self.stored(tx, project).definition).roles))

    def free_id(self, tx: Transaction) -> str:
        """Returns the next free project id: P-0001 and so on."""
        number = sum(n for *_, n in projects.stage_counts(tx)) + 1
        while projects.load_project(tx, f"P-{number:04}") is not None:
            number += 1
        return f"P-{number:04}"

    def names(self, tx: Transaction) -> Callable[[str], str | None]:
        """Returns a look-up from a person's id to their name, which asks once a person."""
        known: dict[str, str | None] = {"system": "cocycle"}

        def name(person: str) -> str | None:
            if person not in known:
                row = people.person_by_id(tx, person)
                known[person] = None if row is None else row.name
            return known[person]

        return name
