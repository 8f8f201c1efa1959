"""Histories of a project made by hand, in the form in which an exporter is handed them."""

from __future__ import annotations

import json
from typing import Any

from plugins.ocds.exporting import RECORDS, RELEASES, export

Json = dict[str, Any]
SETTINGS = {"ocid_prefix": "ocds-a1b2c3"}


class Story:
    """A project, told act by act; each act is an entry of the ledger, one day after the one before."""

    def __init__(self, regime: str = "psr_competitive", **fields: object) -> None:
        self.project: Json = {
            "project": "P-1",
            "title": "Crisis cafés",
            "cycle": 1,
            "stage": "plan",
            "fields": {"commissioner": "Northmere ICB"},
            "gates": [],
            "evidence": [],
            "gates_ahead": [],
            "deadlines": [],
            "history": [],
        }
        self.happened(
            "project_opened", stage="plan", fields={"regime": regime, "lifetime_value": 145_000_050, **fields}
        )

    @property
    def next_seq(self) -> int:
        """The index of the next entry."""
        return 10 + len(self.project["history"])

    def happened(self, event: str, **body: Any) -> int:
        """Adds an entry; returns its index."""
        seq = self.next_seq
        at = f"2026-{1 + (seq - 10) // 28:02}-{1 + (seq - 10) % 28:02}T09:00:00.000001Z"
        self.project["history"].append({"seq": seq, "at": at, "event": event, "name": event, "by": "p-9", "body": body})
        return seq

    def record(
        self,
        requirement: str,
        published_on: str | None = None,
        *,
        level: str | None = None,
        state: str = "current",
        personal: bool = False,
        reference: str | None = None,
        files: tuple[str, ...] = (),
        **facts: Any,
    ) -> str:
        """Hands in a record; returns its id."""
        id = f"e-{self.next_seq}"
        facts = {**facts, **({} if published_on is None else {"published_on": published_on})}
        self.project["evidence"].append({"evidence": id, "state": state, "facts": {**facts, "reference": reference}})
        self.happened(
            "evidence_added",
            evidence=id,
            requirement=requirement,
            kind="notice",
            level=level,
            happened_on="2026-01-05",
            facts=facts,
            files=[{"sha256": digest, "size": 1} for digest in files],
            personal=personal,
        )
        return id

    def passed(
        self, gate: str, start: str, end: str, conditions: int = 0, *, again: bool = False, **states: str
    ) -> int:
        """Passes a gate; returns the index of its entry."""
        seq = self.next_seq
        roles = [
            {"person": "p-9", "role": role, "name": "Ada Okafor", "dissent": False} for role in ("sro", "lx_cochair")
        ]
        self.project["gates"].append({"seq": seq, "gate": gate, "gate_title": gate.title(), "decided_by": roles})
        return self.happened(
            "advanced",
            act="advance",
            gate=gate,
            to=end,
            outcome="passed_with_conditions" if conditions else "passed",
            new_cycle=again,
            verdicts={id: [state, []] for id, state in states.items()},
            conditions=[{"owner": "p-9", "due": "2026-12-01"}] * conditions,
            **{"from": start},
        )

    def moved(self, start: str, end: str, outcome: str) -> int:
        """Takes a way without a gate."""
        body: Json = {"act": "back", "gate": None, "to": end, "outcome": outcome, "new_cycle": False, "verdicts": {}}
        return self.happened("advanced", conditions=[], **body, **{"from": start})

    def exported(self, **settings: str) -> tuple[Json, Json]:
        """Returns the release package and the record package."""
        what = {"register": "example.org/register", "today": "2026-11-22", "projects": [self.project]}
        made = {file.name: json.loads(file.content) for file in export(what, {**SETTINGS, **settings})}
        return made[RELEASES], made[RECORDS]

    def releases(self) -> list[Json]:
        """Returns the releases."""
        found: list[Json] = self.exported()[0]["releases"]
        return found

    def compiled(self) -> Json:
        """Returns the compiled release of the last process."""
        found: Json = self.exported()[1]["records"][-1]["compiledRelease"]
        return found
