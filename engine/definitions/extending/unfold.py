"""From the canonical form back to a tree, so that a definition of which only that is left can be built on.

What comes out says everything the form says, defaults included, in the words an author would have used. Compiled, it
gives the same form again; nothing in it has a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from engine.definitions.tree import Node, WrittenNumber, node_of
from engine.definitions.using.marks import EXAMINER, OPTIONS

Json = Mapping[str, Any]


def unfolded(canonical: bytes) -> Node:
    """Returns the tree of a definition, from the RFC 8785 JSON that `compile` made of it."""
    document = orjson.loads(canonical)
    return node_of(_written(document))


def _said(**keys: Any) -> dict[str, Any]:
    """Returns the keys that say something."""
    return {key.rstrip("_"): value for key, value in keys.items() if value not in (None, [], {}, "", False)}


def _written(document: Json) -> dict[str, Any]:
    types = _Types(document)
    return _said(
        cocycle=1,
        id=document["id"],
        version=document["version"],
        title=document["title"],
        summary=document["summary"],
        calendar=document["calendar"],
        time_zone=document["time_zone"],
        principles={p["id"]: _said(title=p["title"], help=p["help"]) for p in document["principles"]},
        levels=list(document["levels"]),
        roles={r["id"]: {"title": r["title"]} for r in document["roles"]},
        fields={f["id"]: _field(f) for f in document["fields"]},
        evidence={
            k["id"]: _said(
                title=k["title"],
                file=k["file"],
                fields={f["id"]: _field(f) for f in k["fields"]},
                **{EXAMINER: k.get("examiner")},
            )
            for k in document["evidence"]
        },
        rules={
            r["id"]: {
                **_condition(r["condition"], types.of_rule(r)),
                "title": r["title"],
                "otherwise": r["otherwise"],
            }
            for r in document["rules"]
        },
        contradictions={
            c["id"]: _said(
                title=c["title"],
                says=c["says"],
                level=c["level"],
                evidence=c["evidence"],
                unless=_condition(c["unless"], types.of_kind(c["evidence"][0] if c["evidence"] else "")),
            )
            for c in document.get("contradictions", ())
        },
        profiles={
            p["id"]: "otherwise" if p["condition"] is None else _condition(p["condition"], types.of_project)
            for p in document["profiles"]
        },
        stages=[_stage(s) for s in document["stages"]],
        gates={g["id"]: _gate(g, types.of_project) for g in document["gates"]},
    )


def _field(field: Json) -> dict[str, Any]:
    of = list(field["of"])
    is_list = field["type"] == "list"
    made = _said(
        type=field["type"],
        of=of[0] if is_list else of,
        options=of[1:] if is_list else None,
        title=field["title"],
        help=field["help"],
        required=field["required"],
        small_numbers="hidden" if field.get("small_hidden") else None,
    )
    if field["default"] is not None:
        made["default"] = _value(field["default"], of[0] if is_list else field["type"])
    return made


def _value(value: Any, type: str) -> Any:
    """Returns a value as it is written: money in pounds."""
    if isinstance(value, list):
        return [_value(item, type) for item in value]
    if type == "money" and isinstance(value, int) and not isinstance(value, bool):
        sign, pence = "-" if value < 0 else "", abs(value)
        return WrittenNumber(f"{sign}{pence // 100}.{pence % 100:02}")
    return value


class _Types:
    """The type that each field has where a condition looks at it: values are written by it."""

    def __init__(self, document: Json) -> None:
        self.of_project = {f"project.{f['id']}": _item(f) for f in document["fields"]}
        self._kinds = {k["id"]: {f["id"]: _item(f) for f in k["fields"]} for k in document["evidence"]}
        self._rules: dict[str, str] = {}
        todo = [r for g in document["gates"] for r in g["requires"]]
        while todo:
            requirement = todo.pop()
            todo.extend(requirement["of"])
            for rule in requirement["rules"]:
                self._rules.setdefault(rule, requirement["evidence"])

    def of_kind(self, kind: str) -> dict[str, str]:
        """Returns the types that a condition on a record of this kind sees."""
        return self.of_project | self._kinds.get(kind, {})

    def of_rule(self, rule: Json) -> dict[str, str]:
        """Returns the types that a rule sees: of a kind it is used with, else of the kind that has its fields."""
        used = self._rules.get(rule["id"])
        if used is None:
            wanted = set(_looked_at(rule["condition"]))
            used = max(self._kinds, key=lambda kind: len(wanted & self._kinds[kind].keys()), default="")
        return self.of_kind(used)


def _item(field: Json) -> str:
    return str(field["of"][0] if field["type"] == "list" else field["type"])


def _looked_at(condition: Json) -> list[str]:
    paths = [condition.get("field", ""), *condition.get("fields", ())]
    found = [path.partition(".")[0] for path in paths if path]
    return found + [name for child in condition.get("of", ()) for name in _looked_at(child)]


def _condition(condition: Json, types: Mapping[str, str]) -> dict[str, Any]:
    op = condition["op"]
    if op in ("all", "any", "none"):
        return {op: [_condition(child, types) for child in condition["of"]]}
    less = {"less": condition["less"]} if condition.get("less") is not None else {}
    if op == "share":
        return {
            "share": list(condition["fields"]),
            "of": condition["field"],
            "at_least": f"{condition['value']}%",
            **less,
        }
    path, other = condition["field"], condition.get("project_field")
    if other is not None:
        return {"field": path, op: f"project.{other}", **less}
    return {"field": path, op: _value(condition["value"], types.get(path, "")), **less}


def _span(span: Any) -> str | None:
    return None if span is None else f"{span['n']} {span['unit'].replace('_', ' ')}"


def _stage(stage: Json) -> dict[str, Any]:
    return _said(
        id=stage["id"],
        title=stage["title"],
        final=stage["final"],
        target=_span(stage["target"]),
        transitions=[_transition(t) for t in stage["transitions"]],
    )


def _transition(transition: Json) -> dict[str, Any]:
    follows = transition.get("follows")
    made = _said(
        id=transition["id"],
        title=transition["title"],
        to=transition["to"],
        gate=transition["gate"],
        reason="required" if transition["reason_required"] else None,
        by=transition["by"],
        new_cycle=transition["new_cycle"],
    )
    if follows is not None:
        made["follows"] = {"record": f"{follows['requirement']}.{follows['field']}", "is": follows["value"]}
    return made


def _gate(gate: Json, types: Mapping[str, str]) -> dict[str, Any]:
    made = _said(
        title=gate["title"],
        waived_by=gate["waived_by"],
        every_principle=gate["every_principle"],
        dissent=gate["dissent"],
        if_unsound=gate.get("if_unsound"),
        requires=[_requirement(r, types) for r in gate["requires"]],
    )
    # kept where it is empty, too: a gate that says so asks for nothing on purpose
    return made | {"decided_by": gate["decided_by"]}


def _requirement(requirement: Json, types: Mapping[str, str]) -> dict[str, Any]:
    type, wait, fresh, when = (requirement[key] for key in ("type", "wait", "fresh", "when"))
    of = [_requirement(child, types) for child in requirement["of"]]
    group = {"count": requirement["at_least"], "of": of} if type == "at_least" else of
    basis = requirement["basis"]
    # kept where it is empty, too: with it, it is known that the options were read already
    judged = {OPTIONS: requirement["with"]} if type == "plugin" else {}
    made = _said(
        id=requirement["id"],
        title=requirement["title"],
        help=requirement["help"],
        evidence=requirement["evidence"],
        level=requirement["level"],
        rules=requirement["rules"],
        signed_by=requirement["signed_by"],
        fresh=fresh if fresh == "this stage" else _span(fresh),
        count=requirement["count"],
        carries_over=requirement["carries_over"],
        supports=requirement.get("supports"),
        wait=None if wait is None else _wait(wait),
        principles=requirement["principles"],
        when=None if when is None else _condition(when, types),
        profiles=requirement["profiles"],
        basis=None if basis is None else {"kind": basis["kind"], "source": basis["source"]},
        law=requirement["law"],
        use=requirement.get("use"),
        **({type: group} if type in ("any_of", "all_of", "at_least") else {}),
    )
    return made | judged


def _wait(wait: Json) -> dict[str, Any]:
    return _said(
        after=f"{wait['requirement']}.{wait['field']}",
        counting_from=wait["counting_from"],
        calendar=wait.get("calendar"),
        **{wait["unit"]: wait["n"]},
    )
