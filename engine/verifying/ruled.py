"""Rules once more on what was done in a project, by the rulings of the living room: it must have been allowed then.

What a gate says is for `engine.verifying.judging`. Here it is everything else that somebody could be refused: a record
that is judged up, a waiver of law, a condition that its owner accepts, a second signature in another role.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.clock import day_in
from engine.core import commands as wish
from engine.core.calendar import Calendar
from engine.core.definition import EvidenceKind, Field, Workflow
from engine.core.events import Entry
from engine.core.outcome import Hearing, Moment, Outcome, Refused
from engine.core.project import Project
from engine.core.records import FAILED, FAULTY, PASSED
from engine.core.rulings import afterwards, assent, erasing, evidence, moves
from engine.ledger.verify import Problem
from engine.verifying.roles import Roles
from engine.verifying.signed import signed_wrongly

GIVEN = "given"  # in the place of a reason: that there is one is asked of the entry's words
_HARMLESS = frozenset({"nothing_to_waive"})
"""Refusals that hang on the extra holidays of the place, which the event does not tell of, and that open no gate."""


def ruled_again(
    project: Project | None,
    entry: Entry,
    workflow: Workflow,
    roles: Roles,
    calendar: Calendar,
    loaded: Mapping[str, int],
    *,
    erased: bool,
) -> list[Problem]:
    """Returns what was not allowed in an entry.

    Args:
        project: as it stood before the entry; None before the first.
        entry: the entry, its words put back where they are still there.
        workflow: the definition in force; roles: who held what when; calendar: the one that counts.
        loaded: of each definition the index of the entry that loaded it first.
        erased: something this project looked at was erased since, so that a waiver cannot be weighed again.
    """
    seq, name = entry.seq, entry.event.name
    today = day_in(workflow.time_zone, entry.at).isoformat()
    if project is None:
        return _told(seq, _opened(entry, workflow, today, loaded))
    if name == "signed":
        return signed_wrongly(project, entry, workflow, roles.actor(entry.by, project.id, workflow, seq))
    if name == "evidence_added":
        return _told(seq, _handed_in(project, entry, workflow, today))
    if name == "fields_set":
        return _told(seq, _fields(project, entry, workflow))
    if name in _DAYS and entry.event.body["today"] != today:
        return _told(seq, [f"says that it was {entry.event.body['today']}, and by its time it was {today}"])
    if name == "waived" and erased:
        return []
    outcome = _outcome(project, entry, workflow, roles, calendar)
    if isinstance(outcome, Refused):
        if outcome.code in _HARMLESS:
            return []
        if outcome.kind == "not_permitted":
            message = f"Entry {seq} ({name}) is in the name of {entry.by}, who could not do that then"
            return [Problem(seq, "permission", f"{message}: “{outcome.message}”")]
        message = f"Entry {seq} ({name}) should have been refused: “{outcome.message}”"
        return [Problem(seq, "judged", message)]
    return [] if outcome is None else _told(seq, _erased_wrongly(entry, project))


_DAYS = frozenset({"condition_met", "evidence_erased", "gate_reopened"})


def _told(seq: int, wrong: list[str]) -> list[Problem]:
    return [Problem(seq, "judged", f"Entry {seq} {' and '.join(wrong)}.")] if wrong else []


def _outcome(project: Project, entry: Entry, workflow: Workflow, roles: Roles, calendar: Calendar) -> Outcome | None:
    """Returns what the living room says of an event that is ruled on here; None for any other."""
    name, body = entry.event.name, entry.event.body
    if name not in _RULED:
        return None
    actor = roles.actor(entry.by, project.id, workflow, entry.seq)
    hearing = Hearing(workflow, actor, Moment(entry.at, day_in(workflow.time_zone, entry.at), calendar))
    match name:
        case "evidence_withdrawn":
            return evidence.withdraw(project, wish.Withdraw(body["evidence"], GIVEN), hearing)
        case "evidence_regraded":
            return evidence.regrade(project, wish.Regrade(body["evidence"], body["level"], GIVEN), hearing)
        case "condition_met":
            met = wish.MeetCondition(body["passing"], body["condition"] + 1, GIVEN)
            return afterwards.meet_condition(project, met, hearing)
        case "held":
            return moves.hold(project, wish.Hold(GIVEN), hearing)
        case "resumed":
            return moves.resume(project, wish.Resume(GIVEN), hearing)
    second = roles.actor(body["second"], project.id, workflow, entry.seq)
    if name == "words_erased":
        return erasing.not_the_two(actor, second, erasing.SRO in second.held)
    if name == "waived":
        waive = wish.Waive(body["waiver"], body["requirement"], GIVEN, body["until"], second)
        return assent.waive(project, waive, hearing)
    words = tuple((seq, tuple(names)) for seq, names in body["words"])
    erase = wish.EraseEvidence(body["evidence"], GIVEN, body["ground"], second, words)
    return erasing.erase_evidence(project, erase, hearing)


_RULED = frozenset(
    {
        "evidence_withdrawn",
        "evidence_regraded",
        "evidence_erased",
        "words_erased",
        "condition_met",
        "held",
        "resumed",
        "waived",
    }
)


def _erased_wrongly(entry: Entry, project: Project) -> list[str]:
    """Returns what is wrong with the files that an entry erases: they must be the record's own."""
    if entry.event.name != "evidence_erased":
        return []
    said = entry.event.body
    own = {file.sealed or file.sha256 for file in project.records[said["evidence"]].files}
    gone = [file.get("sealed") or file.get("sha256") for file in said["files"]]
    return ["erases files of another record"] if any(file not in own for file in gone) else []


def _opened(entry: Entry, workflow: Workflow, today: str, loaded: Mapping[str, int]) -> list[str]:
    body, wrong = entry.event.body, []
    if entry.event.name != "project_opened":
        return ["comes before its project was opened"]
    if body["workflow"] != workflow.id or loaded.get(body["definition"], entry.seq) >= entry.seq:
        wrong.append("opens a project on a definition that was not loaded by then, or is another workflow's")
    if body["stage"] != workflow.first_stage.id:
        wrong.append(f"opens a project in {body['stage']}, and every project begins in {workflow.first_stage.id}")
    if body["today"] != today:
        wrong.append(f"says that it was {body['today']}, and by its time it was {today}")
    return wrong + _values(workflow.fields, body["fields"], entry, "field.")


def _fields(project: Project, entry: Entry, workflow: Workflow) -> list[str]:
    if workflow.stages[project.stage].final:
        return ["sets fields of a project that had ended"]
    body = entry.event.body["fields"]
    strange = _strange(workflow.fields, body, entry, "field.")
    emptied = [n for n, value in body.items() if value is None and n in workflow.fields and workflow.fields[n].required]
    return strange + [f"empties {name}, which is required" for name in emptied]


def _handed_in(project: Project, entry: Entry, workflow: Workflow, today: str) -> list[str]:
    body = entry.event.body
    requirement = workflow.requirements.get(body["requirement"])
    if requirement is None or requirement.evidence is None or requirement.evidence != body["kind"]:
        return [f"hands in {body['kind']} for {body['requirement']}, which does not ask for that"]
    kind: EvidenceKind = workflow.evidence[requirement.evidence]
    wrong = _values(kind.fields, body["facts"], entry, "fact.")
    if body["evidence"] in project.records:
        wrong.append(f"hands in {body['evidence']}, which was there already")
    if workflow.stages[project.stage].final:
        wrong.append("hands in evidence in a project that had ended")
    if body["level"] is not None and body["level"] not in workflow.levels:
        wrong.append(f"claims a level {body['level']}, which there is not")
    if body["recorded_on"] != today:
        wrong.append(f"says that it was {body['recorded_on']}, and by its time it was {today}")
    if not body["happened_on"] <= today:
        wrong.append(f"tells of {body['happened_on']}, which was still to come")
    if (kind.file == "required" and not body["files"]) or (kind.file == "none" and body["files"]):
        wrong.append("comes with a file where none may be, or without one")
    return [*wrong, *_examined(body.get("examined"), kind, entry)]


def _examined(said: Mapping[str, Any] | None, kind: EvidenceKind, entry: Entry) -> list[str]:
    """Says what is wrong with what an examiner found: who examined, and whether its verdict is that of its findings."""
    if (None if said is None else said["use"]) != kind.examiner:
        return ["was not examined by the plugin that its kind names"]
    if said is None:
        return []
    faulty = any(severity == "fault" for _, severity in said["found"])
    words = sum(name.startswith("finding.") for name in entry.event.words)
    state = said["state"]
    if state not in (PASSED, FAULTY, FAILED) or (state == FAULTY) != (faulty and state != FAILED):
        return [f"says that it was found {state}, and its findings say otherwise"]
    return [] if words == len(said["found"]) else ["has findings without words, or words without findings"]


def _values(fields: Mapping[str, Field], clear: Mapping[str, Any], entry: Entry, prefix: str) -> list[str]:
    there = entry.event.words
    missing = [
        field.id
        for field in fields.values()
        if field.required and field.id not in clear and f"{prefix}{field.id}" not in there
    ]
    return _strange(fields, clear, entry, prefix) + [f"lacks {name}, which is required" for name in missing]


def _strange(fields: Mapping[str, Field], clear: Mapping[str, Any], entry: Entry, prefix: str) -> list[str]:
    typed = [name[len(prefix) :] for name in entry.event.words if name.startswith(prefix)]
    return [f"gives {name[:60]}, which is not asked for" for name in (*clear, *typed) if name not in fields]
