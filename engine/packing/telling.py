"""Tells a decision on a gate as it was made: what was required, what stood, who decided, verdict by verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from engine.clock import day_in
from engine.core.calendar import in_words
from engine.core.circumstances import altered_then, calendar_then, judges_then
from engine.core.definition import Field, Gate, Requirement
from engine.core.errors import CocycleError
from engine.core.events import ERASED, Entry
from engine.core.evidence import Record
from engine.core.gates import Judgement, Verdict, judge
from engine.core.project import Project, evolve
from engine.core.values import plain, show
from engine.packing.gathering import Gathered
from engine.packing.said import corrections, undecided, voices

Json = dict[str, Any]
OUTCOMES = {"passed": "passed", "passed_with_conditions": "passed with conditions"}


def decisions(found: Gathered, paths: Mapping[str, str]) -> Iterator[tuple[Entry, Json]]:
    """Yields each decision on a gate, oldest first: the entry that records it, and what is told of it.

    Args:
        found: the project.
        paths: where in the pack each file of evidence lies, by its SHA-256.
    """
    project: Project | None = None
    refused = [e for e in found.register if is_refused_advance(e) and e.event.body.get("project") == found.project.id]
    for entry in sorted([*found.entries, *refused], key=lambda e: e.seq):
        if entry.event.name == "refused":
            assert project is not None
            yield entry, _told(found, project, entry, paths)
            continue
        if entry.event.name == "advanced" and entry.event.body["gate"] is not None:
            assert project is not None
            yield entry, _told(found, project, entry, paths)
        project = evolve(project, entry)


def is_refused_advance(entry: Entry) -> bool:
    """True for an entry by which somebody was refused to pass a gate."""
    body = entry.event.body
    return entry.event.name == "refused" and body.get("verb") == "advance" and body.get("verdicts") is not None


def _told(found: Gathered, project: Project, entry: Entry, paths: Mapping[str, str]) -> Json:
    body, workflow = entry.event.body, found.workflow
    gate = workflow.gates[body["gate"]]
    passed = entry.event.name == "advanced"
    today = body["today"] if passed else day_in(workflow.time_zone, entry.at).isoformat()
    again = _judged_again(found, project, gate, entry, today)
    to = body["to"] if passed else _target(found, project, body)
    requirements = [_requirement(found, r, body, again) for r in gate.requires]
    looked_at = dict.fromkeys(e for _, evidence in body["verdicts"].values() for e in evidence)
    told: Json = {
        "kind": "passed" if passed else "refused",
        "project": project.id,
        "title": found.project.title,
        "seq": entry.seq,
        "leaf": entry.leaf,
        "at": entry.at,
        "day": today,
        "by": {"person": entry.by, "name": found.name(entry.by)},
        "gate": gate.id,
        "gate_title": gate.title,
        "act": body.get("act"),
        "from": project.stage,
        "from_title": workflow.stages[project.stage].title,
        "to": to,
        "to_title": None if to is None else workflow.stages[to].title,
        "outcome": body["outcome"] if passed else "refused",
        "definition": project.definition,
        "workflow": project.workflow,
        "workflow_version": workflow.version,
        "fields": [
            {
                "field": name,
                "title": known.title if (known := workflow.fields.get(name)) else name,
                "shown": _shown(known, v),
            }
            for name, v in sorted(project.fields.items())
        ],
        "requirements": requirements,
        "records": [_record(found, project.records[e], paths) for e in looked_at],
        "decided_by": [],
        "said": voices(found, gate.id, entry.seq),
        "corrected": corrections(found, entry.seq),
        "conditions": [],
        "reason": None,
        "times": body.get("times", 1),
    }
    told["undecided"] = [] if passed else list(undecided(found, gate, told["said"]))
    told["summary"] = _summary(told, requirements)
    if passed:
        told |= _passing(found, project, entry)
    return told


def _passing(found: Gathered, project: Project, entry: Entry) -> Json:
    body, words = entry.event.body, entry.event.words
    standing = [d for d in project.decisions if (d.gate, d.binds) == (body["gate"], body["binds"])]
    return {
        "decided_by": [
            {
                "decision": d.id,
                "person": d.by,
                "name": found.name(d.by),
                "role": d.role,
                "role_title": found.workflow.roles.get(d.role, d.role),
                "at": d.at,
                "dissent": d.dissent,
                "words": d.words,
            }
            for d in standing
        ],
        "conditions": [
            {
                "text": _word(words.get(f"condition.{place}")),
                "owner": c["owner"],
                "name": found.name(c["owner"]),
                "due": c["due"],
            }
            for place, c in enumerate(body["conditions"])
        ],
        "reason": _word(words.get("reason")),
    }


def _judged_again(found: Gathered, project: Project, gate: Gate, entry: Entry, today: str) -> Mapping[str, Verdict]:
    """Returns what the gate says about the project as it stood, so that the reasons can be told in words."""
    body = entry.event.body
    try:
        calendar, altered = calendar_then(found.workflow, body), altered_then(body)
        judgement: Judgement = judge(
            judges_then(found.workflow, body), gate, project, date.fromisoformat(today), calendar, altered=altered
        )
    except (CocycleError, ValueError):
        return {}  # the recorded verdicts are told without their reasons
    return judgement.by_id()


def _requirement(
    found: Gathered, requirement: Requirement, body: Mapping[str, Any], again: Mapping[str, Verdict]
) -> Json:
    recorded = body["verdicts"]
    state, evidence = recorded[requirement.id]
    verdict = again.get(requirement.id)
    erased = sorted({by for e in evidence for by in _erased_by(found, e)})
    agrees = verdict is not None and (verdict.state, list(verdict.evidence)) == (state, list(evidence))
    why = list(verdict.why) if verdict is not None and agrees else []
    if erased:
        entries = ", ".join(str(by) for by in erased)
        why.append(
            f"It rested on words that were erased since (entry {entries}). The verdict that was recorded stands."
        )
    elif not agrees:
        why.append("The verdict is told as it was recorded. Its reasons cannot be worked out again from this pack.")
    waiver = None if verdict is None else verdict.waiver
    return {
        "id": requirement.id,
        "title": requirement.title,
        "help": requirement.help,
        "type": requirement.type,
        "law": requirement.law,
        "basis": None
        if requirement.basis is None
        else {"kind": requirement.basis.kind, "source": requirement.basis.source},
        "principles": [found.workflow.principles[p] for p in requirement.principles],
        "level": requirement.level,
        "state": state,
        "evidence": list(evidence),
        "why": why,
        "erased_by": erased,
        "signatures": [
            {
                "signature": s.id,
                "role": s.role,
                "role_title": found.workflow.roles.get(s.role, s.role),
                "person": s.by,
                "name": found.name(s.by),
                "at": s.at,
            }
            for s in (verdict.signatures if verdict is not None else ())
        ],
        "waiver": None
        if waiver is None or state != "waived"
        else {
            "until": waiver.until,
            "reason": waiver.reason,
            "by": found.name(waiver.by),
            "second": found.name(waiver.second),
        },
        # those inside a group that does not apply were not judged
        "of": [_requirement(found, c, body, again) for c in requirement.of if c.id in recorded],
        "plugin": _plugin(body.get("opinions", {}).get(requirement.id)),
    }


def _plugin(opinion: Mapping[str, Any] | None) -> Json | None:
    """Returns which plugin gave a verdict, as the ledger has it."""
    if opinion is None:
        return None
    return {name: opinion[name] for name in ("use", "plugin", "version", "digest")}


def _examined(record: Record) -> Json | None:
    """Returns what the examiner of a record found when it was handed in."""
    said = record.examined
    if said is None:
        return None
    found = [{"code": code, "severity": severity, "says": words} for code, severity, words in said.found]
    return {"use": said.use, **said.source.as_json(), "state": said.state, "found": found}


def record_told(found: Gathered, evidence: str, paths: Mapping[str, str]) -> Json:
    """Returns what is told of a record, as it stands now."""
    return _record(found, found.project.records[evidence], paths)


def _record(found: Gathered, record: Record, paths: Mapping[str, str]) -> Json:
    entry, kind = found.evidence[record.id], found.workflow.evidence[record.kind]
    requirement = found.workflow.requirements.get(record.requirement)
    return {
        "evidence": record.id,
        "entry": entry.seq,
        "leaf": record.digest,
        "requirement": record.requirement,
        "requirement_title": record.requirement if requirement is None else requirement.title,
        "kind": record.kind,
        "kind_title": kind.title,
        "level": record.level,
        "judged": record.judged,
        "happened_on": record.happened_on,
        "recorded_on": record.recorded_on,
        "by": record.by,
        "name": found.name(record.by),
        "personal": record.personal,
        "examined": _examined(record),
        "withdrawn": record.withdrawn,
        "erased_by": _erased_by(found, record.id),
        "corrected": corrections(found, entry.seq),
        "facts": [
            {
                "field": name,
                "title": known.title if (known := kind.fields.get(name)) is not None else name,
                "value": plain(known, value),
                "shown": _shown(known, value),
            }
            for name, value in sorted(record.facts.items())
        ],
        "files": [
            {
                "name": file.name if told else None,
                "sha256": file.sha256 if told else None,
                "size": file.size,
                "path": paths.get(file.sha256 or "") if told else None,
            }
            for file in record.files
            for told in [file.sha256 in paths and not (record.personal and found.without_personal)]
        ],
    }


def _erased_by(found: Gathered, evidence: str) -> list[int]:
    return sorted(set(found.erased.get(found.evidence[evidence].seq, {}).values()))


def _target(found: Gathered, project: Project, body: Mapping[str, Any]) -> str | None:
    ways = [t for t in found.workflow.stages[project.stage].transitions if t.id == body.get("act")]
    return ways[0].to if len(ways) == 1 else None


def _summary(told: Json, requirements: list[Json]) -> str:
    day, gate = in_words(told["day"]), told["gate_title"]
    if told["kind"] == "passed":
        words = OUTCOMES.get(told["outcome"], told["outcome"].replace("_", " "))
        return f"{gate} was {words} on {day}. The project went from {told['from_title']} to {told['to_title']}."
    missing = sum(r["state"] not in ("met", "waived", "not_applicable") for r in requirements)
    what = f"{missing} of {len(requirements)} requirements did not hold" if missing else "a decision was still missing"
    often = "" if told["times"] == 1 else f" It was tried {told['times']} times that day."
    return f"{gate} was shut on {day}, and the project stayed in {told['from_title']}: {what}.{often}"


def _shown(known: Field | None, value: Any) -> str:
    """Returns a value as a page shows it; a day as people write days."""
    return in_words(value) if known is not None and known.type == "date" else show(known, value)


def _word(word: Any) -> Any:
    return None if word is ERASED else word
