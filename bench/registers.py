"""Makes the registers that are measured: projects that stand before an open gate, made by the engine itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from engine import keys
from engine.api import Engine, SetClock, create_register
from engine.clock import day_in
from engine.core.commands import Advance, Decide
from engine.core.decide import decide
from engine.core.definition import Workflow
from engine.core.events import Event
from engine.core.outcome import Accepted, Actor
from engine.core.project import Project, evolve
from engine.core.snapshot import to_json
from engine.room import new_id, project_row
from engine.store import files, journal, people
from engine.store.database import Transaction
from engine.store.projects import save_project

ADMIN = "admin@example.org"
SRO = "sro@example.org"
LEAD = "lead@example.org"

# six requirements of the kinds that real gates mix: levels, a rule, a signature, freshness, a choice
DEFINITION = """\
cocycle: 1
id: measured
version: "1"
title: Measured
levels: [consultation, co_design, co_production]
roles:
  sro: {title: Senior responsible owner}
  lead: {title: Co-production lead}
evidence:
  minutes:
    title: Minutes
    file: none
    fields:
      attendance: {type: counts, of: [lived_experience, carer, staff], required: true}
rules:
  quorum:
    title: Quorum
    all:
      - {field: attendance.lived_experience, at_least: 3}
      - {share: [attendance.lived_experience, attendance.carer], of: attendance, at_least: 50%}
    otherwise: Half of those present have lived experience or are carers.
stages:
  - id: plan
    title: Plan
    target: 12 weeks
    transitions: [{id: advance, to: done, gate: plan-gate}]
  - {id: done, title: Done, final: true}
gates:
  plan-gate:
    title: Plan gate
    requires:
      - {id: a, title: First, evidence: minutes, level: co_design, rules: [quorum]}
      - {id: b, title: Second, evidence: minutes, level: co_design, signed_by: [sro]}
      - {id: c, title: Third, evidence: minutes, fresh: 12 months}
      - {id: d, title: Fourth, evidence: minutes, level: co_production}
      - {id: e, title: Fifth, evidence: minutes, rules: [quorum], count: 2}
      - id: f
        title: Sixth
        any_of:
          - {id: f1, title: One way, evidence: minutes}
          - {id: f2, title: Another way, evidence: minutes}
"""
RECORDS = ("a", "a", "b", "c", "c", "d", "e", "e", "f1", "f2")


def register_of(where: Path, projects: int) -> Engine:
    """Returns a register with `projects` projects of ten records each, every one before an open gate."""
    clock = SetClock(datetime(2026, 6, 1, 9, tzinfo=UTC))
    engine, _ = create_register(where, admin=ADMIN, clock=clock)
    engine.load_definition(DEFINITION.encode(), "measured.yaml", actor=ADMIN)
    engine.add_person(SRO, "Sam Owner", roles=["sro"], actor=ADMIN)
    engine.add_person(LEAD, "Lee Lead", roles=["lead"], actor=ADMIN)
    counts = {"attendance": {"lived_experience": 4, "carer": 1, "staff": 3}}
    for number in range(projects):
        project = f"B-{number:06}"
        engine.new_project(f"Project {number}", "measured", project_id=project, actor=ADMIN)
        for requirement in RECORDS:
            engine.add_evidence(project, requirement, level="co_production", facts=counts, actor=LEAD)
        engine.sign(project, "b", actor=SRO)
    return engine


# ---- registers as large as those of many years

LARGE = DEFINITION.replace("    title: Plan gate\n", "    title: Plan gate\n    decided_by: [sro, lead]\n").replace(
    "    fields:\n", "    fields:\n      summary: {type: text, title: Summary, required: true}\n", 1
)
EVENTS_A_PROJECT = 20
PEOPLE = 100
AT_A_TIME = 250  # projects to a commit
SUMMARY = "What was said about the plan, who said it, and what the group asked to be done before it goes on."


def large_register(where: Path, events: int) -> None:
    """Makes a register of about `events` events: projects that were opened, filled, signed, decided on and advanced.

    Every act is sealed by the journal under a key of its own, as the engine does it. What is left out is the ruling on
    acts that judge nothing, and a commit for each.
    """
    engine = register_of(where, 0)
    engine.load_definition(LARGE.encode(), "large.yaml", actor=ADMIN)
    emails = [f"p{number}@example.org" for number in range(PEOPLE)]
    for email in emails:
        engine.add_person(email, f"Person {email}", actor=ADMIN)
    with engine.database.read() as tx:
        workflow = engine.room.workflow_called(tx, "measured")
        ids = [engine.room.known_person(tx, email) for email in emails]
        admin = engine.room.known_person(tx, ADMIN)
    for first in range(0, max(events // EVENTS_A_PROJECT, 1), AT_A_TIME):
        with engine.database.write() as tx:
            for number in range(first, min(first + AT_A_TIME, max(events // EVENTS_A_PROJECT, 1))):
                sro, lead = ids[number % PEOPLE], ids[(number * 7 + 1) % PEOPLE]
                lead = ids[number % PEOPLE - 1] if lead == sro else lead
                _Story(engine, tx, workflow, f"B-{number:07}", admin).tell(sro, lead)
    engine.close()


class _Story:
    """One project of a large register, told act by act."""

    def __init__(self, engine: Engine, tx: Transaction, workflow: Workflow, project: str, admin: str) -> None:
        self.engine, self.tx, self.workflow, self.project, self.admin = engine, tx, workflow, project, admin
        self.now: Project | None = None

    def tell(self, sro: str, lead: str) -> None:
        """Tells it from its opening to the gate behind it."""
        today = day_in(self.workflow.time_zone, self.engine.room.at(self.tx))
        opened = {"workflow": self.workflow.id, "definition": self.workflow.digest, "stage": "plan", "fields": {}}
        words = {"title": f"Project {self.project}"}
        self.act(self.admin, Event("project_opened", self.project, {**opened, "today": today.isoformat()}, words))
        for person, role in ((sro, "sro"), (lead, "lead")):
            body = {"person": person, "role": role, "scope": self.project}
            self.act(self.admin, Event("role_granted", None, body))
        for requirement in (*RECORDS, "a", "c", "e"):
            self.act(lead, self.handed_in(requirement, today.isoformat()))
        assert self.now is not None
        record = next(r for r in self.now.records.values() if r.requirement == "b")
        signed = {"signature": new_id("s"), "requirement": "b", "role": "sro", "evidence": record.id}
        self.act(sro, Event("signed", self.project, {**signed, "binds": record.digest}))
        for person, wish in ((sro, Decide(new_id("d"))), (lead, Decide(new_id("d"))), (sro, Advance())):
            role = "sro" if person == sro else "lead"
            actor = Actor(person, person, held=frozenset({role}))
            outcome = decide(self.now, wish, self.workflow, actor, self.engine.room.moment(self.tx, self.workflow))
            assert isinstance(outcome, Accepted), outcome
            self.act(person, *outcome.events)
        row = project_row(self.now, self.workflow, orjson.dumps(to_json(self.now), option=orjson.OPT_SORT_KEYS))
        save_project(self.tx, row, expected_version=None)

    def handed_in(self, requirement: str, today: str) -> Event:
        """Returns a record as good as the gate asks."""
        facts = {"attendance": {"lived_experience": 4, "carer": 1, "staff": 3}}
        body: dict[str, Any] = {"evidence": new_id("e"), "requirement": requirement, "kind": "minutes"}
        body |= {"level": "co_production"}
        body |= {"happened_on": today, "recorded_on": today, "personal": False, "facts": facts, "files": []}
        return Event("evidence_added", self.project, body, {"fact.summary": SUMMARY})

    def act(self, by: str, *events: Event) -> None:
        """Seals an act under a key of its own, and takes it in."""
        version = 0 if self.now is None else self.now.version
        numbered = [(e, 0 if e.project is None else version + n) for n, e in enumerate(events, 1)]
        key = new_id("k")
        entries = journal.append(
            self.tx,
            numbered,
            at=self.engine.room.at(self.tx),
            by=by,
            key_hash=keys.hash_of(key),
            fingerprint=keys.fingerprint(key, [self.project]),
        )
        for entry in entries:
            if entry.event.project is None:
                people.apply_register_entry(self.tx, entry)
                continue
            self.now = evolve(self.now, entry)
            if entry.event.name == "evidence_added":
                files.note_evidence(self.tx, entry.event.body["evidence"], self.project, entry.seq)
