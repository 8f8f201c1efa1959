"""Rules and profiles: conditions with a name, each checked against everything it will be asked about."""

from __future__ import annotations

from typing import Any

from engine.definitions.conditions import Sight, condition
from engine.definitions.names import KINDS, Names
from engine.definitions.report import quoted
from engine.definitions.requirements import RuleUses
from engine.definitions.tree import Node
from engine.definitions.words import section, text_at, titled

Json = dict[str, Any]


def rules_of(root: Node, names: Names, uses: RuleUses) -> list[Json]:
    """Returns the canonical form of all rules, each checked against every kind of evidence it is used with."""
    found = []
    for id, node in section(root, "rules"):
        title = titled(node, id)
        kinds = uses.of(id)
        made = _used(node, kinds, names) if kinds else _idle(node, names)
        otherwise = text_at(node, "otherwise") or f"{title}: this rule does not hold."
        found.append({"id": id, "title": title, "condition": made, "otherwise": otherwise})
    return found


def _used(node: Node, kinds: dict[str, list[str]], names: Names) -> Json | None:
    """Returns the condition as every kind reads it; its values are parsed once, so they must mean the same in all."""
    made: Json | None = None
    for kind, requirements in kinds.items():
        if kind not in names.kinds:
            continue
        shown = ", ".join(quoted(r) for r in requirements[:3]) + (" and others" if len(requirements) > 3 else "")
        note = f" The rule is used with {kind} by {shown}."
        this = condition(node, Sight(names.kinds[kind], kind, note), names)
        if made is not None and this is not None and this != made:
            message = f"This rule does not mean the same for each kind of evidence it is used with.{note}"
            names.report.mistake("meaning/rule-differs", node, message, at_key=True)
        made = made or this
    return made


def _idle(node: Node, names: Names) -> Json | None:
    """Returns the condition of a rule that nothing uses: as the kind reads it that has most of its fields."""
    if KINDS in names.unsure or "evidence" in names.unsure:
        return None
    wanted = set(_fields_in(node))
    best = max(names.kinds, key=lambda kind: len(wanted & names.kinds[kind].keys()), default="")
    return condition(node, Sight(names.kinds.get(best, {}), best or "evidence"), names)


def _fields_in(node: Node) -> list[str]:
    """Returns the names of the record's fields that a condition mentions."""
    paths = [
        node.get("field"),
        node.get("of"),
        node.get("less"),
        *(share.elements() if (share := node.get("share")) else []),
    ]
    found = [path.word.partition(".")[0] for path in paths if path is not None and path.word]
    for form in ("all", "any", "none"):
        inner = node.get(form)
        for child in inner.elements() if inner is not None else []:
            found.extend(_fields_in(child))
    return found


def profiles_of(root: Node, names: Names) -> list[Json]:
    """Returns the canonical form of the profiles, in their order; the one marked otherwise has no condition."""
    found: list[Json] = []
    otherwise = ""
    for id, node in section(root, "profiles"):
        if node.word == "otherwise":
            if otherwise:
                message = f"{quoted(otherwise)} already holds otherwise; at most one profile does."
                names.report.mistake("meaning/one-otherwise", node, message)
            otherwise = id
            found.append({"id": id, "condition": None})
        elif node.kind == "map":
            found.append({"id": id, "condition": condition(node, Sight(), names)})
    return found
