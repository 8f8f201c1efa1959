"""Reads the canonical form of a definition into a `Workflow`; the only way a `Workflow` is made.

Members that the first version of the form did not have are read as absent where a project is pinned to such a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.core.definition import (
    Basis,
    Condition,
    Contradiction,
    EvidenceKind,
    Field,
    Follows,
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
            k["id"]: EvidenceKind(k["id"], k["title"], k["file"], _fields(k["fields"]), k.get("examiner"))
            for k in document["evidence"]
        },
        rules={
            r["id"]: Rule(r["id"], r["title"], condition_from(r["condition"]), r["otherwise"])
            for r in document["rules"]
        },
        contradictions=tuple(_contradiction(c) for c in document.get("contradictions", ())),
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
        less=document.get("less"),
    )


def _contradiction(document: Json) -> Contradiction:
    return Contradiction(
        id=document["id"],
        title=document["title"],
        says=document["says"],
        level=document["level"],
        evidence=tuple(document["evidence"]),
        unless=condition_from(document["unless"]),
    )


def _fields(document: list[Json]) -> dict[str, Field]:
    return {
        f["id"]: Field(
            id=f["id"],
            type=f["type"],
            title=f["title"],
            help=f["help"],
            required=f["required"],
            default=f["default"],
            of=tuple(f["of"]),
            small_hidden=f.get("small_hidden", False),
        )
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
                follows=_follows(t.get("follows")),
            )
            for t in document["transitions"]
        ),
    )


def _follows(document: Any) -> Follows | None:
    return None if document is None else Follows(document["requirement"], document["field"], document["value"])


def _gate(document: Json) -> Gate:
    return Gate(
        id=document["id"],
        title=document["title"],
        decided_by=tuple(document["decided_by"]),
        waived_by=tuple(document["waived_by"]),
        every_principle=document["every_principle"],
        dissent=document["dissent"],
        requires=tuple(_requirement(r) for r in document["requires"]),
        if_unsound=document.get("if_unsound", "warns"),
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
        wait=None if wait is None else _wait(wait),
        of=tuple(_requirement(r) for r in document["of"]),
        at_least=document["at_least"],
        principles=tuple(document["principles"]),
        when=None if document["when"] is None else condition_from(document["when"]),
        profiles=tuple(document["profiles"]),
        basis=None if basis is None else Basis(basis["kind"], basis["source"]),
        law=document["law"],
        supports=document.get("supports"),
        use=document.get("use"),
        options=document.get("with", {}),
    )


def _wait(document: Json) -> Wait:
    return Wait(
        requirement=document["requirement"],
        field=document["field"],
        length=Span(document["n"], document["unit"]),
        counting_from=document["counting_from"],
        calendar=document.get("calendar"),
    )
