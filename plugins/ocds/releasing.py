"""Writes one release: what was told of, under its tags, with everything people did since the release before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from plugins.ocds import parts
from plugins.ocds.notices import Section
from plugins.ocds.participation import engagement, is_engagement, levels
from plugins.ocds.process import Json, Process


@dataclass(slots=True)
class Draft:
    """A release that is being written: what goes into each part of it.

    Attributes:
        award, contract: members to add to the award and the contract; None where the release does not speak of it.
        said: what goes into `x_coproduction` beside the levels.
    """

    planning: Json = field(default_factory=dict)
    tender: Json = field(default_factory=dict)
    award: Json | None = None
    contract: Json | None = None
    said: Json = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)

    def add(self, section: Section, name: str, item: Json) -> None:
        """Puts a document, milestone or amendment into a part of the release."""
        self._holder(section).setdefault(name, []).append(item)

    def _holder(self, section: Section) -> Json:
        if section == "planning":
            return self.planning
        if section == "tender":
            return self.tender
        if section == "award":
            self.award = {} if self.award is None else self.award
            return self.award
        self.contract = {} if self.contract is None else self.contract
        if section == "implementation":
            running: Json = self.contract.setdefault("implementation", {})
            return running
        return self.contract


def told(process: Process, draft: Draft, seq: int, at: str) -> None:
    """Adds a release to the process.

    Args:
        process: what was told before; it is changed.
        draft: what the event brings.
        seq: the entry of the ledger that it tells of; it makes the release's id.
        at: when that was recorded.
    """
    _records(process, draft)
    release: Json = {
        "ocid": process.ocid,
        "id": f"{process.ocid}-{seq}",
        "date": at,
        "tag": list(dict.fromkeys(draft.tags)),
        "initiationType": "tender",
        "language": "en",
        "parties": [party for party in (process.buyer, process.supplier) if party is not None],
        "buyer": parts.reference(process.buyer),
    }
    if draft.planning:
        release["planning"] = draft.planning
    release["tender"] = {**parts.tender(process), **draft.tender}
    if draft.award is not None:
        release["awards"] = [{**parts.award(process), **draft.award}]
    if draft.contract is not None:
        release["contracts"] = [{**parts.contract(process), **draft.contract}]
    if process.prior is not None:
        release["relatedProcesses"] = [
            {"id": "1", "relationship": ["prior"], "scheme": "ocid", "identifier": process.prior}
        ]
    counted = levels(process.records.values())
    if said := {**({"levels": counted} if counted else {}), **draft.said}:
        release["x_coproduction"] = said
    process.releases.append(release)


def _records(process: Process, draft: Draft) -> None:
    """Puts the records into the draft that no release has told of, or that were judged down since."""
    for id in dict.fromkeys(process.untold):
        record = process.records[id]
        if is_engagement(record):
            section = process.places.setdefault(id, process.section)
            draft.add(section, "milestones", engagement(record))
        found = parts.record_document(record)
        if found is not None:
            draft.add(found[0], "documents", found[1])
    process.untold.clear()


def summary_of(verdicts: Mapping[str, Any]) -> Json:
    """Returns how many requirements of a gate stood how when it was passed, and which of them were waived."""
    states = [verdict[0] for verdict in verdicts.values()]
    counted = {state: states.count(state) for state in sorted(set(states))}
    waived = sorted(id for id, verdict in verdicts.items() if verdict[0] == "waived")
    return {"requirements": counted, **({"waived": waived} if waived else {})}
