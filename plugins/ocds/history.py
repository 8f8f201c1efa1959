"""Goes through the history of a project, entry by entry, and tells each published event as a release.

A release holds what was known when its event was recorded. So it stays as it is in every later export. Words (titles,
names of organisations) are the exception: the ledger has none in clear, and they are taken from the project as it is
now. Records that were withdrawn or erased are not told of at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from plugins.ocds import gates, published
from plugins.ocds.notices import NOTICES, Notice, asked_for
from plugins.ocds.process import Process, Record
from plugins.ocds.publisher import Publisher, ocid_of, party_of, supplier_of, tender_id_of
from plugins.ocds.releasing import Draft, told

Entry = Mapping[str, Any]
_NUMBER = re.compile(r"\d{6}-20\d\d")


def processes_of(project: Mapping[str, Any], publisher: Publisher) -> list[Process]:
    """Returns the contracting processes of a project, one for each of its cycles, with their releases.

    Raises:
        NotReady: where nothing says who buys, or no id can be made.
    """
    counting = {e["evidence"]: e for e in project["evidence"] if e["state"] in ("current", "superseded")}
    found: list[Process] = []
    for entry in project["history"]:
        happened, body = entry.get("event") or entry["name"], entry["body"]
        if happened == "project_opened":
            _open(found, project, publisher, dict(body["fields"]), entry)
        elif found:
            _tell(found, happened, entry, counting)
            if happened == "advanced" and body["new_cycle"]:
                _open(found, project, publisher, dict(found[-1].fields), entry)
    return found


def _open(
    found: list[Process], project: Mapping[str, Any], publisher: Publisher, fields: dict[str, Any], entry: Entry
) -> None:
    cycle = len(found) + 1
    process = Process(
        ocid_of(publisher, project, cycle),
        tender_id_of(project, cycle),
        project,
        party_of(publisher, project),
        supplier_of(project),
        fields,
        found[-1].ocid if found else None,
    )
    process.begun.add("planning")
    found.append(process)
    title = project["title"] or project["project"]
    budget = {"project": title, "projectID": project["project"]}
    told(process, Draft(planning={"budget": budget}, tags=["planning"]), entry["seq"], entry["at"])


def _tell(found: Sequence[Process], happened: str, entry: Entry, counting: Mapping[str, Any]) -> None:
    process, body, seq, at = found[-1], entry["body"], entry["seq"], entry["at"]
    if happened == "fields_set":
        process.fields.update(body["fields"])
    elif happened == "evidence_added" and body["evidence"] in counting:
        _record(process, body, seq, at, counting[body["evidence"]].get("facts") or {})
    elif happened == "evidence_regraded":
        for one in found:
            if body["evidence"] in one.records:
                one.records[body["evidence"]].level = body["level"]
                one.untold.append(body["evidence"])
    elif happened == "advanced":
        gates.moved(process, body, seq, at)
    elif happened == "condition_met":
        gates.condition_met(process, body, seq, at)
    elif happened == "gate_reopened":
        gates.reopened(process, body, seq, at)


def _record(process: Process, body: Mapping[str, Any], seq: int, at: str, shown: Mapping[str, Any]) -> None:
    record = Record(
        body["evidence"],
        body["requirement"],
        body["level"],
        body["level"],
        body["happened_on"],
        body["facts"],
        tuple(file["sha256"] for file in body["files"] if file.get("sha256")),
        body["personal"],
        _number_of(shown.get("reference")),
    )
    process.records[record.id] = record
    process.untold.append(record.id)
    notice, day = notice_of(process, record), record.facts.get("published_on")
    if notice is not None and isinstance(day, str):
        published.tell(process, notice, record, seq, at)


def notice_of(process: Process, record: Record) -> Notice | None:
    """Returns the notice a record is of: as it says itself, else as its requirement asks for on the project's route."""
    said = record.facts.get("notice_type")
    if isinstance(said, str):
        return NOTICES.get(said)
    return asked_for(record.requirement, process.fields.get("regime"))


def _number_of(reference: object) -> str | None:
    """Returns a reference that is the number of a notice on Find a Tender, like 012345-2026; no other words leave."""
    return reference if isinstance(reference, str) and _NUMBER.fullmatch(reference) else None
