"""Makes the registers that are measured: projects that stand before an open gate, made by the engine itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from engine.api import Engine, SetClock, create_register

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
