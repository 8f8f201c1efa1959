"""Builds canonical definitions with every default filled in, and wishes, from terse Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.core.canonical_form import condition_from, workflow_from
from engine.core.commands import (
    AddEvidence,
    Advance,
    Affirm,
    ConditionGiven,
    Decide,
    EraseEvidence,
    Hold,
    MeetCondition,
    Regrade,
    Resume,
    SetFields,
    Sign,
    Waive,
    Withdraw,
)
from engine.core.definition import Condition, Field, FieldType, Workflow
from engine.core.evidence import File, digest_of
from engine.core.outcome import Actor

Json = dict[str, Any]

LEVELS = ("informing", "consultation", "engagement", "co_design", "co_production")
ROLES = {"sro": "Senior responsible owner", "cochair": "Co-chair", "lead": "Project lead", "edi": "EDI lead"}


def titled(id: str) -> str:
    """Returns an id in words with a capital."""
    return id.replace("_", " ").replace("-", " ").capitalize()


# fields, kinds, rules


def field(id: str, type: FieldType = "text", *of: str, required: bool = False, default: Any = None) -> Json:
    return {
        "id": id,
        "type": type,
        "title": titled(id),
        "help": None,
        "required": required,
        "default": default,
        "of": list(of),
    }


def typed(type: FieldType, *of: str, id: str = "thing") -> Field:
    """Returns a field as the core sees it."""
    return Field(id, type, titled(id), None, False, None, of)


def kind(id: str, *fields: Json, file: str = "optional") -> Json:
    return {"id": id, "title": titled(id), "file": file, "fields": list(fields)}


def rule(id: str, condition: Json, otherwise: str = "Mend it.") -> Json:
    return {"id": id, "title": titled(id), "condition": condition, "otherwise": otherwise}


def check(field: str, op: str, value: Any = None) -> Json:
    return {"op": op, "field": field, "value": value}


def against(field: str, op: str, project_field: str) -> Json:
    return {"op": op, "field": field, "value": None, "project_field": project_field}


def share(fields: Iterable[str], of: str, per_cent: int) -> Json:
    return {"op": "share", "fields": list(fields), "field": of, "value": per_cent}


def group(op: str, *of: Json) -> Json:
    return {"op": op, "of": list(of)}


def condition(written: Json) -> Condition:
    return condition_from(written)


# requirements


def _requirement(id: str, type: str, **asked: Any) -> Json:
    plain: Json = {
        "id": id,
        "title": titled(id),
        "help": None,
        "type": type,
        "evidence": None,
        "level": None,
        "rules": [],
        "signed_by": [],
        "fresh": None,
        "count": None,
        "carries_over": False,
        "wait": None,
        "of": [],
        "at_least": 0,
        "principles": [],
        "when": None,
        "profiles": [],
        "basis": None,
        "law": False,
    }
    assert asked.keys() <= plain.keys(), asked.keys() - plain.keys()
    return plain | asked


def span(n: int, unit: str) -> Json:
    return {"n": n, "unit": unit}


def needs(id: str, kind: str = "note", **asked: Any) -> Json:
    """A requirement for evidence."""
    return _requirement(id, "evidence", evidence=kind, **asked)


def signature(id: str, *roles: str, **asked: Any) -> Json:
    return _requirement(id, "signature", signed_by=list(roles), **asked)


def wait(
    id: str, after: str, n: int, unit: str = "working_days", counting_from: str = "next_day", **asked: Any
) -> Json:
    requirement, _, name = after.partition(".")
    waits = {"requirement": requirement, "field": name, "n": n, "unit": unit, "counting_from": counting_from}
    return _requirement(id, "wait", wait=waits, **asked)


def any_of(id: str, *of: Json, **asked: Any) -> Json:
    return _requirement(id, "any_of", of=list(of), at_least=1, **asked)


def all_of(id: str, *of: Json, **asked: Any) -> Json:
    return _requirement(id, "all_of", of=list(of), at_least=len(of), **asked)


def at_least(id: str, n: int, *of: Json, **asked: Any) -> Json:
    return _requirement(id, "at_least", of=list(of), at_least=n, **asked)


# gates, stages, workflows


def gate(
    *requires: Json,
    id: str = "gate",
    decided_by: Iterable[str] = (),
    waived_by: Iterable[str] = (),
    every_principle: bool = False,
    dissent: str = "blocks",
    if_unsound: str = "warns",
) -> Json:
    return {
        "id": id,
        "title": titled(id),
        "decided_by": list(decided_by),
        "waived_by": list(waived_by),
        "every_principle": every_principle,
        "dissent": dissent,
        "if_unsound": if_unsound,
        "requires": list(requires),
    }


def way(
    id: str, to: str, gate: str | None = None, *, reason: bool = False, by: Iterable[str] = (), new_cycle: bool = False
) -> Json:
    return {
        "id": id,
        "title": titled(id),
        "to": to,
        "gate": gate,
        "reason_required": reason,
        "by": list(by),
        "new_cycle": new_cycle,
    }


def stage(id: str, *transitions: Json, final: bool = False) -> Json:
    return {"id": id, "title": titled(id), "final": final, "target": None, "transitions": list(transitions)}


NOTE = kind(
    "note",
    field("said"),
    field("score", "integer"),
    field("cost", "money"),
    field("held_on", "date"),
    field("grade", "choice", "good", "very_good", "poor"),
    field("agreed", "yes_no"),
    field("heard", "list", "text"),
    field("present", "counts", "lived", "carer", "clinician"),
)
KINDS = (
    NOTE,
    kind("paper", file="required"),
    kind("spoken", file="none"),
    kind("notice", field("published_on", "date", required=True), field("note_on", "date")),
)
PROJECT_FIELDS = (
    field("groups", "list", "text"),
    field("value", "money"),
    field("target", "integer"),
    field("starts_on", "date"),
    field("regime", "choice", "open", "closed"),
    field("summary", "text"),
    field("size", "integer"),
)


def stages(gated: str = "gate", next_gate: str | None = None) -> list[Json]:
    """Plan, build and done, with a gate after the first, perhaps one after the second, and the usual ways back."""
    stop = way("stop", "stopped", reason=True, by=["sro"])
    return [
        stage("plan", way("advance", "build", gated), stop),
        stage(
            "build",
            way("advance", "done", next_gate),
            way("send_back", "plan", reason=True),
            way("again", "plan", new_cycle=True),
            stop,
        ),
        stage("done", final=True),
        stage("stopped", final=True),
    ]


def workflow(
    *gates: Json,
    rules: Iterable[Json] = (),
    profiles: Mapping[str, Json | None] | None = None,
    principles: Iterable[str] = (),
    fields: Iterable[Json] = PROJECT_FIELDS,
    kinds: Iterable[Json] = KINDS,
    stages_: list[Json] | None = None,
    roles: Mapping[str, str] = ROLES,
    levels: Iterable[str] = LEVELS,
    contradictions: Iterable[Json] = (),
) -> Workflow:
    """Returns a workflow of these gates, the first after plan and the second, if any, after build."""
    document: Json = {
        "id": "test",
        "version": "1",
        "title": "Test",
        "summary": "",
        "calendar": "england-and-wales",
        "time_zone": "Europe/London",
        "principles": [{"id": p, "title": f"Principle {p}"} for p in principles],
        "levels": list(levels),
        "roles": [{"id": id, "title": title} for id, title in roles.items()],
        "fields": list(fields),
        "evidence": list(kinds),
        "rules": list(rules),
        "contradictions": list(contradictions),
        "profiles": [{"id": id, "condition": c} for id, c in (profiles or {}).items()],
        "stages": stages_ or stages(gates[0]["id"], gates[1]["id"] if len(gates) > 1 else None),
        "gates": list(gates),
    }
    return workflow_from(document, digest_of(document))


def asking(*requires: Json, rules: Iterable[Json] = (), **of_gate: Any) -> Workflow:
    """Returns a workflow whose one gate asks for these."""
    return workflow(gate(*requires, **of_gate), rules=rules)


# wishes; the story gives them their ids


def hand_in(
    requirement: str,
    level: str | None = None,
    *,
    files: tuple[File, ...] = (),
    happened_on: str | None = None,
    **facts: Any,
) -> AddEvidence:
    personal = any(f.sealed is not None for f in files)
    return AddEvidence("", requirement, facts, level, files, happened_on, personal)


def withdraw(evidence: str, reason: str = "It was a mistake.") -> Withdraw:
    return Withdraw(evidence, reason)


def regrade(evidence: str, level: str, reason: str = "It was less.") -> Regrade:
    return Regrade(evidence, level, reason)


def erase(evidence: str, second: Actor | None = None, authority: str = "Asked for by letter.") -> EraseEvidence:
    """The story says which words there are; without `second` it is the senior responsible owner."""
    owner = Actor("sro", "Sro", held=frozenset({"sro"}))
    return EraseEvidence(evidence, authority, "objection", second or owner, ())


def sign(requirement: str, role: str | None = None) -> Sign:
    return Sign("", requirement, role)


def waive(
    requirement: str, until: str = "2026-12-31", second: Actor | None = None, reason: str = "It cannot be had yet."
) -> Waive:
    """Without `second` the story gives the co-chair."""
    return Waive("", requirement, reason, until, second or Actor("cochair", "Cochair", held=frozenset({"cochair"})))


def decide_on(to: str | None = None, role: str | None = None, dissent: str | None = None) -> Decide:
    return Decide("", to, role, dissent)


def affirm(passing: int, role: str | None = None) -> Affirm:
    return Affirm("", passing, role)


def meet(passing: int, number: int = 1, reason: str = "Seen and done.") -> MeetCondition:
    return MeetCondition(passing, number, reason)


def advance(
    to: str | None = None,
    act: str | None = None,
    reason: str | None = None,
    conditions: Iterable[tuple[str, str, str]] = (),
) -> Advance:
    return Advance(to, act, reason, tuple(ConditionGiven(*c) for c in conditions))


def set_fields(**fields: Any) -> SetFields:
    return SetFields(fields)


def hold(reason: str = "Money is short.") -> Hold:
    return Hold(reason)


def resume(reason: str = "Money is back.") -> Resume:
    return Resume(reason)


def a_file(name: str | None = "a.pdf", size: int = 10, *, sealed: bool = False) -> File:
    return File(digest_of(name), size, name, digest_of(["sealed", name]) if sealed else None)
