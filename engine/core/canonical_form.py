"""Reads the canonical form of a definition into a `Workflow`; the only way a `Workflow` is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.core.definition import (
    Basis,
    Condition,
    EvidenceKind,
    Field,
    Gate,
    Profile,
    Requirement,
    Rule,
    Span,
    Stage,
    Transition,
    Wait,
    Workflow,
)

Json = Mapping[str, Any]


def workflow_from(document: Json, digest: str) -> Workflow:
    """Builds a workflow from its canonical form.

    Args:
        document: the canonical form; trusted, since `definitions.compile` wrote it and its digest was checked.
        digest: the SHA-256 of the canonical form, in hexadecimal.
    """
    gates = {g["id"]: _gate(g) for g in document["gates"]}
    return Workflow(
        digest=digest,
        id=document["id"],
        version=document["version"],
        title=document["title"],
        summary=document["summary"],
        calendar=document["calendar"],
        time_zone=document["time_zone"],
        principles={p["id"]: p["title"] for p in document["principles"]},
        levels=tuple(document["levels"]),
        roles={r["id"]: r["title"] for r in document["roles"]},
        fields=_fields(document["fields"]),
        evidence={
            k["id"]: EvidenceKind(k["id"], k["title"], k["file"], _fields(k["fields"])) for k in document["evidence"]
        },
        rules={
            r["id"]: Rule(r["id"], r["title"], condition_from(r["condition"]), r["otherwise"])
            for r in document["rules"]
        },
        profiles=tuple(
            Profile(p["id"], None if p["condition"] is None else condition_from(p["condition"]))
            for p in document["profiles"]
        ),
        stages={s["id"]: _stage(s) for s in document["stages"]},
        gates=gates,
        requirements={r.id: r for g in gates.values() for r in g.all_requirements()},
        gate_of={r.id: g.id for g in gates.values() for r in g.all_requirements()},
    )


def condition_from(document: Json) -> Condition:
    """Builds a condition from its canonical form."""
    return Condition(
        op=document["op"],
        field=document.get("field", ""),
        value=document.get("value"),
        project_field=document.get("project_field"),
        fields=tuple(document.get("fields", ())),
        of=tuple(condition_from(c) for c in document.get("of", ())),
    )


def _fields(document: list[Json]) -> dict[str, Field]:
    return {
        f["id"]: Field(f["id"], f["type"], f["title"], f["help"], f["required"], f["default"], tuple(f["of"]))
        for f in document
    }


def _span(document: Any) -> Span | None:
    return None if document is None else Span(document["n"], document["unit"])


def _stage(document: Json) -> Stage:
    return Stage(
        id=document["id"],
        title=document["title"],
        final=document["final"],
        target=_span(document["target"]),
        transitions=tuple(
            Transition(
                id=t["id"],
                title=t["title"],
                to=t["to"],
                gate=t["gate"],
                reason_required=t["reason_required"],
                by=tuple(t["by"]),
                new_cycle=t["new_cycle"],
            )
            for t in document["transitions"]
        ),
    )


def _gate(document: Json) -> Gate:
    return Gate(
        id=document["id"],
        title=document["title"],
        decided_by=tuple(document["decided_by"]),
        waived_by=tuple(document["waived_by"]),
        every_principle=document["every_principle"],
        dissent=document["dissent"],
        requires=tuple(_requirement(r) for r in document["requires"]),
    )


def _requirement(document: Json) -> Requirement:
    wait, fresh, basis = document["wait"], document["fresh"], document["basis"]
    return Requirement(
        id=document["id"],
        title=document["title"],
        help=document["help"],
        type=document["type"],
        evidence=document["evidence"],
        level=document["level"],
        rules=tuple(document["rules"]),
        signed_by=tuple(document["signed_by"]),
        fresh="this stage" if fresh == "this stage" else _span(fresh),
        count=document["count"],
        carries_over=document["carries_over"],
        wait=None
        if wait is None
        else Wait(wait["requirement"], wait["field"], Span(wait["n"], wait["unit"]), wait["counting_from"]),
        of=tuple(_requirement(r) for r in document["of"]),
        at_least=document["at_least"],
        principles=tuple(document["principles"]),
        when=None if document["when"] is None else condition_from(document["when"]),
        profiles=tuple(document["profiles"]),
        basis=None if basis is None else Basis(basis["kind"], basis["source"]),
        law=document["law"],
    )
