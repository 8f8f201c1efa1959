"""A small definition that uses plugins in every way, and what is read from it."""

from __future__ import annotations

import json
from typing import Any

from engine.core.errors import Problem
from engine.definitions.brought import Brings
from engine.definitions.compile import problems_in
from engine.definitions.extending.base import Bases
from tests.definitions.plugins.bringing import ACME

WHOLE = """\
cocycle: 1
id: small
version: "1"
title: Small
roles: {sro: {title: SRO}, lead: {title: Lead}}
fields: {big: {type: yes_no}}
evidence:
  document: {file: required}
  leaflet: {use: acme/leaflet, title: Our leaflet}
rules:
  printed: {field: printed_on, after: 2026-01-01}
stages:
  - {id: plan, transitions: [{id: advance, to: assessment, gate: plan-gate}]}
  - use: acme/assessment
  - use: acme/pause
    transitions: [{id: advance, to: done}, {id: back, to: plan, by: [lead]}]
  - {id: done, final: true}
gates:
  plan-gate:
    decided_by: [sro]
    requires:
      - {id: mandate, evidence: document}
      - {id: handed-out, evidence: leaflet, rules: [printed]}
      - id: panel
        use: acme/panel
        with: {seats: 4, fee: 3, since: 2026-01-31, places: [north, south]}
        when: {field: project.big, equals: true}
        law: true
        basis: {kind: law, source: A law}
      - {id: plain, title: My own words, use: acme/plain}
"""


def document_of(text: str, brings: Brings = ACME, bases: Bases | None = None) -> dict[str, Any]:
    """Returns the canonical form; fails where there is a mistake."""
    compiled, problems = problems_in(text.encode(), "small.yaml", bases, brings)
    assert compiled is not None, problems
    found: dict[str, Any] = json.loads(compiled.canonical)
    return found


def mistakes_of(text: str, brings: Brings = ACME, bases: Bases | None = None) -> list[Problem]:
    """Returns every mistake."""
    found = problems_in(text.encode(), "small.yaml", bases, brings)[1]
    return [p for p in found if p.severity == "error"]


def only(text: str, brings: Brings = ACME, bases: Bases | None = None) -> Problem:
    """Returns the one mistake there is."""
    found = mistakes_of(text, brings, bases)
    assert len(found) == 1, found
    return found[0]


def pointed_at(text: str, problem: Problem) -> str:
    """Returns the rest of the line that a problem points at."""
    return text.splitlines()[problem.line - 1][problem.column - 1 :]


def requirement(document: dict[str, Any], id: str) -> dict[str, Any]:
    """Returns a requirement of the canonical form that stands in no group."""
    return next(r for gate in document["gates"] for r in gate["requires"] if r["id"] == id)


def entry(document: dict[str, Any], section: str, id: str) -> dict[str, Any]:
    """Returns an entry of a section of the canonical form."""
    found: dict[str, Any] = next(one for one in document[section] if one["id"] == id)
    return found
