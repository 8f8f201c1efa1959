"""Tells of gates: passed, with conditions, met later, gone back behind; and of a project that is stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.ocds.notices import Section
from plugins.ocds.participation import in_words
from plugins.ocds.process import Json, Passing, Process, begin
from plugins.ocds.releasing import Draft, summary_of, told

Body = Mapping[str, Any]


def moved(process: Process, body: Body, seq: int, at: str) -> None:
    """Tells of a way that a project took; a way that says nothing to the public is left out."""
    if body["gate"] is not None:
        _passed(process, body, seq, at)
    elif body["outcome"] == "stopped":
        _stopped(process, seq, at)
    elif body["outcome"] == "returned":
        first = max((n for n, one in enumerate(process.passings) if one.from_stage == body["to"]), default=None)
        _undone(process, [] if first is None else process.passings[first:], seq, at)


def condition_met(process: Process, body: Body, seq: int, at: str) -> None:
    """Tells that a gate holds without conditions, once the last of them is met."""
    for passing in process.passings:
        if passing.seq == body["passing"] and body["condition"] in passing.open_conditions:
            passing.open_conditions.discard(body["condition"])
            if not passing.open_conditions:
                passing.milestone = {**passing.milestone, "status": "met", "dateMet": at, "dateModified": at}
                draft = _update(process, passing.section)
                draft.add(passing.section, "milestones", passing.milestone)
                told(process, draft, seq, at)


def reopened(process: Process, body: Body, seq: int, at: str) -> None:
    """Tells that a gate is to be passed again, with those that were passed after it."""
    first = next((n for n, one in enumerate(process.passings) if one.seq == body["passing"]), None)
    _undone(process, [] if first is None else process.passings[first:], seq, at)


def _passed(process: Process, body: Body, seq: int, at: str) -> None:
    section = process.section
    draft = _update(process, section)
    conditions = set(range(len(body["conditions"])))
    milestone = _milestone(process, body, seq, at, not conditions)
    process.passings.append(Passing(seq, body["from"], milestone, section, conditions))
    draft.add(section, "milestones", milestone)
    if process.status == "planning":
        process.status = "planned"
    if body["verdicts"].get("contract", [""])[0] in ("met", "waived"):
        _contract_runs(process, draft)
    told(process, draft, seq, at)


def _contract_runs(process: Process, draft: Draft) -> None:
    """The gate at which the contract is shown is passed: the award is made, and the contract in force."""
    process.status = "complete"
    if process.award_status != "active":
        process.award_status, draft.award = "active", {}
        draft.tags.append(begin(process, "award"))
    if process.contract_status != "active":
        process.contract_status, draft.contract = "active", {}
        draft.tags.append(begin(process, "contract"))


def _stopped(process: Process, seq: int, at: str) -> None:
    if process.contract_status == "active":
        draft = _update(process, process.section)
    elif "tender" in process.begun:
        process.status = "cancelled"
        draft = Draft(tags=["tenderCancellation"])
    else:
        process.status = "cancelled"
        draft = Draft(tags=["planningUpdate"])
    draft.said["stopped"] = True
    told(process, draft, seq, at)


def _undone(process: Process, passings: list[Passing], seq: int, at: str) -> None:
    """Tells that gates which were passed count no more."""
    if not passings:
        return
    sections = list(dict.fromkeys(passing.section for passing in passings))
    draft = Draft(tags=[begin(process, section) for section in sections])
    for passing in passings:
        gone: Json = {**passing.milestone, "status": "notMet", "dateMet": None, "dateModified": at}
        draft.add(passing.section, "milestones", gone)
    process.passings = [one for one in process.passings if one not in passings]
    told(process, draft, seq, at)


def _update(process: Process, section: Section) -> Draft:
    draft = Draft(tags=[begin(process, section)])
    if section == "implementation":
        draft.contract = {}
    return draft


def _milestone(process: Process, body: Body, seq: int, at: str, unconditional: bool) -> Json:
    shown: Mapping[str, Any] = next((gate for gate in process.project["gates"] if gate["seq"] == seq), {})
    roles = [decided["role"] for decided in shown.get("decided_by", ()) if not decided.get("dissent")]
    milestone: Json = {
        "id": f"{body['gate']}-{seq}",
        "title": shown.get("gate_title") or in_words(body["gate"]),
        "type": "approval",
        "code": body["gate"],
        "dateModified": at,
        "status": "met" if unconditional else "partiallyMet",
        "x_coproduction": {"decidedBy": roles, **summary_of(body["verdicts"])},
    }
    if unconditional:
        milestone["dateMet"] = at
    return milestone
