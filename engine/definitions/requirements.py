"""Requirements and gates: from what is written to the canonical form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.definitions.conditions import Sight, condition
from engine.definitions.heading import calendar_named
from engine.definitions.names import Names, children_of, family
from engine.definitions.pointing import field_at
from engine.definitions.report import quoted
from engine.definitions.schema import FORMS, SPAN_UNITS, WITH_EVIDENCE
from engine.definitions.supports import check_circles, supports_of
from engine.definitions.tree import Node, plain_value
from engine.definitions.using.marks import OPTIONS
from engine.definitions.words import longest_wait, section, span_of, text_at, titled

MOST_REQUIREMENTS = 250

Json = dict[str, Any]


@dataclass
class RuleUses:
    """Which requirements bring a rule together with which kind of evidence."""

    _kinds: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def add(self, rule: str, kind: str, requirement: str) -> None:
        """Notes one use."""
        self._kinds.setdefault(rule, {}).setdefault(kind, []).append(requirement)

    def of(self, rule: str) -> dict[str, list[str]]:
        """Returns the kinds of evidence a rule is used with, each with the requirements that do so."""
        return self._kinds.get(rule, {})


def gates_of(root: Node, names: Names, uses: RuleUses) -> list[Json]:
    """Returns the canonical form of all gates; what rules they use is noted in `uses`."""
    check_circles(names)
    return [_gate(id, node, names, uses) for id, node in section(root, "gates")]


def _gate(id: str, node: Node, names: Names, uses: RuleUses) -> Json:
    requires = node.get("requires")
    listed = requires.elements() if requires is not None else []
    decided_by = names.points("role", node.get("decided_by"))
    if not listed and not node.has("decided_by") and not names.report.is_wrong(node):
        message = "This gate asks for nothing, so it would always be open; give it requires or decided_by."
        names.report.mistake("meaning/empty-gate", node, message, at_key=True)
    many = sum(1 for top in listed for _ in family(top))
    if requires is not None and many > MOST_REQUIREMENTS:
        message = f"This gate holds {many} requirements; {MOST_REQUIREMENTS} is the most. Divide it into two gates."
        names.report.mistake("meaning/large-gate", requires, message, at_key=True)
    return {
        "id": id,
        "title": titled(node, id),
        "decided_by": decided_by,
        "waived_by": names.points("role", node.get("waived_by")),
        "every_principle": _flag(node, "every_principle"),
        "dissent": text_at(node, "dissent") or "blocks",
        "if_unsound": text_at(node, "if_unsound") or "warns",
        "requires": [_requirement(child, names, uses) for child in listed],
    }


def _flag(node: Node, key: str) -> bool:
    found = node.get(key)
    return found is not None and found.flag


def _number(node: Node, key: str) -> int | None:
    found = node.get(key)
    return found.value if found is not None and isinstance(found.value, int) and found.kind == "number" else None


def _requirement(node: Node, names: Names, uses: RuleUses) -> Json:
    id = text_at(node, "id") or ""
    type, form = _type(node, names)
    if form != "evidence":
        _only_with_evidence(node, names)
    evidence = names.point("evidence", node.get("evidence"))
    rules = names.points("rule", node.get("rules"))
    for rule in rules:
        if evidence is not None:
            uses.add(rule, evidence, id)
    return {
        "id": id,
        "title": titled(node, id),
        "help": text_at(node, "help"),
        "type": type,
        "evidence": evidence,
        "level": names.point("level", node.get("level")),
        "rules": rules,
        "signed_by": names.points("role", node.get("signed_by"), must_say=True),
        "fresh": _fresh(node.get("fresh"), names),
        "count": _count(node, names),
        "carries_over": _flag(node, "carries_over"),
        "wait": _wait(node.get("wait"), names),
        "of": [_requirement(child, names, uses) for child in children_of(node)],
        "at_least": _at_least(node, type, names),
        "principles": names.points("principle", node.get("principles")),
        "when": None if (when := node.get("when")) is None else condition(when, Sight(), names),
        "profiles": names.points("profile", node.get("profiles"), must_say=True),
        "basis": _basis(node, names),
        "law": _flag(node, "law"),
        "supports": supports_of(node.get("supports"), names),
        **({"use": text_at(node, "use"), "with": _options(node)} if type == "plugin" else {}),
    }


def _type(node: Node, names: Names) -> tuple[str, str]:
    """Returns the type of a requirement and the key that makes it so; both empty where it says none or several."""
    if node.has(OPTIONS):
        return "plugin", "use"
    forms = node.has(*FORMS)
    if node.has("with") and "use" not in forms:
        message = "with says the options of what a plugin judges, so it stands beside use only; take it out."
        names.report.mistake("shape/form", node.value["with"], message, at_key=True)
    if not forms and node.has("signed_by"):
        return "signature", "signed_by"
    clash = [*forms, *node.has("signed_by")]
    if len(forms) == 1 and (forms[0] == "evidence" or len(clash) == 1):
        return forms[0], forms[0]
    if not names.report.is_wrong(node) and node.kind == "map":
        said = f"This one has {' and '.join(clash)}." if clash else "This one has none of them."
        message = f"A requirement is one of evidence, signed_by, wait, any_of, all_of, at_least, use. {said}"
        names.report.mistake("shape/form", node, message)
    return "", forms[0] if forms else "evidence"


def _options(node: Node) -> Json:
    options = node.get(OPTIONS)
    return {} if options is None else dict(plain_value(options))


def _only_with_evidence(node: Node, names: Names) -> None:
    for key in node.has(*WITH_EVIDENCE):
        message = f"{key} is asked of a record, so it stands beside evidence only; take it out or move it."
        names.report.mistake("meaning/only-with-evidence", node.value[key], message, at_key=True)


def _fresh(node: Node | None, names: Names) -> Json | str | None:
    if node is not None and node.word == "this stage":
        return "this stage"
    return span_of(node, ("days", "weeks", "months", "years"), names.report, or_else=", or: this stage")


def _count(node: Node, names: Names) -> int | None:
    count, found = _number(node, "count"), node.get("count")
    if found is None:
        return None
    if count is not None and count < 1:
        names.report.mistake("meaning/count", found, "count is at least 1; leave it out where one record is enough.")
    if node.has("signed_by"):
        message = "count and signed_by do not go together; a signature is put under one record."
        names.report.mistake("meaning/count-and-signatures", found, message, at_key=True)
    return count


def _at_least(node: Node, type: str, names: Names) -> int:
    """Returns how many children of a group must be met; 0 for what is no group."""
    children = children_of(node)
    if type in ("any_of", "all_of"):
        if not children and node.value[type].kind == "list":
            names.report.mistake("shape/list", node.value[type], f"{type} is an empty list; put a requirement in it.")
        return 1 if type == "any_of" else len(children)
    group = node.get("at_least")
    count = _number(group, "count") if type == "at_least" and group is not None else None
    if group is None or count is None:
        return 0
    of = group.get("of")
    if of is not None and of.kind == "list" and not of.value:
        names.report.mistake("shape/list", of, "of is an empty list; put requirements in it.")
    elif of is not None and not 1 <= count <= len(children):
        message = f"This asks for {count} of {len(children)}; ask for at least 1 and at most {len(children)}."
        names.report.mistake("meaning/group-count", group.value["count"], message)
    return count


def _wait(node: Node | None, names: Names) -> Json | None:
    if node is None or node.kind != "map":
        return None
    report = names.report
    units = node.has(*SPAN_UNITS)
    if len(units) != 1:
        if not report.is_wrong(node):
            said = f"This one has {' and '.join(units)}." if units else "This one has none of them."
            message = f"A wait has exactly one of {', '.join(SPAN_UNITS)}. {said}"
            report.mistake("shape/form", node, message, at_key=True)
        return None
    unit, n = units[0], _number(node, units[0])
    if n is not None and not 1 <= n <= longest_wait(unit):
        message = f"A wait is at least 1 and at most {longest_wait(unit):,} {unit.replace('_', ' ')}."
        report.mistake("meaning/wait-length", node.value[unit], message)
    calendar = calendar_named(node.get("calendar"), report)
    if calendar is not None and unit != "working_days":
        message = f"A calendar says which days are working days, and this wait counts {unit}; take it out."
        report.mistake("meaning/wait-calendar", node.value["calendar"], message, at_key=True)
    after = _after(node.get("after"), names)
    if after is None or n is None:
        return None
    requirement, date_field = after
    return {
        "requirement": requirement,
        "field": date_field,
        "n": n,
        "unit": unit,
        "counting_from": text_at(node, "counting_from"),
        "calendar": calendar,
    }


def _after(node: Node | None, names: Names) -> tuple[str, str] | None:
    """Returns the requirement and the date field a wait counts from."""
    found = field_at(node, names, "wait for", "it has no date to count from")
    if node is None or found is None:
        return None
    report = names.report
    id, date_field, kind, fields = found
    path = node.text.strip()
    dates = [name for name, declared in fields.items() if declared is not None and declared.type == "date"]
    if not date_field or date_field not in fields:
        have = f" It has the dates {', '.join(dates)}." if dates else " It has no date at all."
        message = f"after is written REQUIREMENT.FIELD with a date of {kind}, which {quoted(path)} is not.{have}"
        report.mistake("name/field", node, message)
        return None
    if date_field not in dates:
        declared = fields[date_field]
        if declared is not None:
            message = f"A wait counts from a date, and {quoted(date_field)} is of type {declared.type}."
            report.mistake("type/wait-field", node, message)
        return None
    return id, date_field


def _basis(node: Node, names: Names) -> Json | None:
    basis = node.get("basis")
    if basis is None:
        return None
    kind = text_at(basis, "kind")
    if _flag(node, "law") and kind in ("guide", "good_practice", "local"):
        message = f"This is a requirement of law, and its basis is of kind {kind}; name the law, or leave out law."
        names.report.warning("meaning/law-basis", basis, message)
    return {"kind": kind, "source": text_at(basis, "source")}
