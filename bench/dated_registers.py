"""Makes registers of many projects with five deadlines each, all sealed by the journal, a few hundred to a commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson

from bench.registers import ADMIN, LEAD, SRO
from engine import keys
from engine.api import Engine, SetClock, create_register
from engine.core.definition import Workflow
from engine.core.events import Event
from engine.core.project import Project, evolve
from engine.core.snapshot import to_json
from engine.due import refresh
from engine.room import new_id, project_row
from engine.store import files, journal
from engine.store.database import Transaction
from engine.store.projects import save_project

MADE = datetime(2026, 6, 1, 9, tzinfo=UTC)
AT_A_TIME = 250  # projects to a commit
DEFINITION = """\
cocycle: 1
id: dated
version: "1"
title: Dated
levels: [consultation, co_design, co_production]
roles:
  sro: {title: Senior responsible owner}
  lead: {title: Co-production lead}
evidence:
  minutes: {title: Minutes, file: none}
stages:
  - id: plan
    title: Plan
    target: 6 months
    transitions: [{id: advance, to: done, gate: plan-gate}]
  - {id: done, title: Done, final: true}
gates:
  plan-gate:
    title: Plan gate
    decided_by: [sro]
    requires:
      - {id: a, title: First, evidence: minutes, signed_by: [lead], fresh: 6 months}
      - {id: b, title: Second, evidence: minutes, signed_by: [lead], fresh: 6 months}
      - {id: c, title: Third, evidence: minutes, signed_by: [lead], fresh: 6 months}
      - {id: d, title: Fourth, evidence: minutes, signed_by: [lead], fresh: 6 months}
"""
RECORDS = ("a", "b", "c", "d")


def dated_register(where: Path, begun: Sequence[date]) -> Engine:
    """Returns a register with one project for each day: begun on it, with a stage and four records of that day.

    All five deadlines of a project are due six months after its day.
    """
    clock = SetClock(MADE)
    engine, _ = create_register(where, admin=ADMIN, clock=clock)
    engine.load_definition(DEFINITION.encode(), "dated.yaml", actor=ADMIN)
    engine.add_person(SRO, "Sam Owner", roles=["sro"], actor=ADMIN)
    engine.add_person(LEAD, "Lee Lead", roles=["lead"], actor=ADMIN)
    with engine.database.read() as tx:
        workflow = engine.room.workflow_called(tx, "dated")
        lead = engine.room.known_person(tx, LEAD)
    for first in range(0, len(begun), AT_A_TIME):
        with engine.database.write() as tx:
            for number, day in enumerate(begun[first : first + AT_A_TIME], first):
                _open(engine, tx, workflow, f"D-{number:06}", lead, day.isoformat())
    return engine


def _open(engine: Engine, tx: Transaction, workflow: Workflow, project: str, by: str, day: str) -> None:
    """Seals a project's five events under one key, and saves what they make, deadlines and all."""
    opened = {"workflow": workflow.id, "definition": workflow.digest, "stage": "plan", "fields": {}, "today": day}
    events = [Event("project_opened", project, opened, {"title": f"Project {project}"})]
    for requirement in RECORDS:
        body: dict[str, Any] = {"evidence": new_id("e"), "requirement": requirement, "kind": "minutes", "level": None}
        body |= {"facts": {}, "happened_on": day, "recorded_on": day, "personal": False, "files": []}
        events.append(Event("evidence_added", project, body))
    key = new_id("k")
    entries = journal.append(
        tx,
        [(event, place) for place, event in enumerate(events, 1)],
        at=engine.room.at(tx),
        by=by,
        key_hash=keys.hash_of(key),
        fingerprint=keys.fingerprint(key, [project]),
    )
    now: Project | None = None
    for entry in entries:
        now = evolve(now, entry)
        if entry.event.name == "evidence_added":
            files.note_evidence(tx, entry.event.body["evidence"], project, entry.seq)
    assert now is not None
    row = project_row(now, workflow, orjson.dumps(to_json(now), option=orjson.OPT_SORT_KEYS))
    save_project(tx, row, expected_version=None)
    refresh(tx, engine.room, now, workflow)
