"""Conditions: from what is written to the canonical form, with values parsed by the type of the field compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.core.definition import Field
from engine.core.values import BadValue
from engine.definitions.fields import item_of, literal
from engine.definitions.names import Names
from engine.definitions.report import quoted
from engine.definitions.schema import OPERATORS
from engine.definitions.tree import Node
from engine.definitions.words import entries_of

PROJECT: Final = "project."
GROUPS: Final = ("all", "any", "none")

_SIMPLE = ("text", "integer", "money", "date", "choice", "yes_no")
_COMPARES: Final[Mapping[str, tuple[str, ...]]] = {
    "equals": (*_SIMPLE, "records"),
    "not": _SIMPLE,
    "in": _SIMPLE,
    "at_least": ("integer", "money", "records"),
    "at_most": ("integer", "money", "records"),
    "includes_all_of": ("list",),
    "before": ("date",),
    "after": ("date",),
    "not_empty": (*_SIMPLE, "list", "records"),
}
_SHARE = re.compile(r"([0-9]{1,4})%")

Json = dict[str, Any]


@dataclass(frozen=True)
class Sight:
    """What a condition can see: the project's fields and, in a rule, those of a record of one kind.

    `note` is said at the end of a message about the record, to name the requirement that brought the two together.
    """

    record: Mapping[str, Field | None] | None = None
    kind: str = ""
    note: str = ""


def condition(node: Node, sight: Sight, names: Names) -> Json | None:
    """Returns the canonical form of a condition; None where something in it is wrong, which is reported."""
    report = names.report
    forms = node.has("field", "share", *GROUPS)
    if node.kind != "map" or len(forms) != 1:
        if node.kind == "map" and not report.is_wrong(node):
            _not_one_form(node, forms, names)
        return None
    form = forms[0]
    if form in GROUPS:
        return _group(form, node, sight, names)
    return _share(node, sight, names) if form == "share" else _comparison(node, sight, names)


def _not_one_form(node: Node, forms: list[str], names: Names) -> None:
    said = f"This one has {' and '.join(forms)}." if forms else "This one has none of them."
    message = f"A condition is one of: field with an operator, share, all, any, none. {said}"
    names.report.mistake("shape/form", node, message, at_key=True)


def _group(form: str, node: Node, sight: Sight, names: Names) -> Json | None:
    _no_others(node, (form,), names)
    inner = node.value[form]
    if inner.kind == "list" and not inner.value:
        names.report.mistake("shape/list", inner, f"{form} is an empty list; put at least one condition in it.")
        return None
    parts = [condition(child, sight, names) for child in inner.elements()]
    return {"op": form, "of": parts} if parts and None not in parts else None


def _no_others(node: Node, allowed: tuple[str, ...], names: Names) -> None:
    for key in node.has("of", "share", "less", *OPERATORS):
        if key not in allowed:
            message = f"{key} does not go with {allowed[0]}; make two conditions of it, under all or any."
            names.report.mistake("shape/form", node.value[key], message, at_key=True)


def _share(node: Node, sight: Sight, names: Names) -> Json | None:
    report = names.report
    _no_others(node, ("share", "of", "at_least", "less"), names)
    whole, least, parts = node.get("of"), node.get("at_least"), node.value["share"]
    if whole is None or least is None:
        if not report.is_wrong(node):
            message = "A share is written {share: [FIELD, …], of: FIELD, at_least: 50%}; something is missing."
            report.mistake("shape/form", node, message, at_key=True)
        return None
    whole_field = _numeric(whole, sight, names)
    listed = entries_of(parts, report, must_say=True)
    fields = [found for item, _ in listed if (found := _numeric(item, sight, names)) is not None]
    if whole_field is not None and whole_field[0].type == "counts":
        for item, path in listed:
            if not path.startswith(f"{whole.word}."):
                message = f"{quoted(path)} is no part of {whole.word}, so it cannot be a share of it."
                report.mistake("type/unlike", item, message)
    per_cent = _per_cent(least, names)
    less = None if whole_field is None else _less(node, whole_field[0], str(whole.word), sight, names)
    if whole_field is None or per_cent is None or len(fields) != len(parts.elements()) or not fields:
        return None
    if less is None:
        return None
    return {"op": "share", "fields": [path for _, path in listed], "field": whole.word, "value": per_cent, **less}


def _less(node: Node, looked_at: Field, path: str, sight: Sight, names: Names) -> Json | None:
    """Returns the member `less` of a condition, empty where it is left out; None where it is wrong.

    Whoever stood aside must be counted where they are taken away from, or taking them away would change nothing.
    """
    less = node.get("less")
    if less is None:
        return {}
    seen = _seen(less, sight, names)
    if seen is None:
        return None
    away, part = seen
    whole = path if path.startswith(PROJECT) else path.partition(".")[0]
    if looked_at.type != "counts":
        message = f"less takes people away from counts, and {quoted(path)} is of type {looked_at.type}."
    elif away.type != "counts" or part:
        message = f"less names a whole field of type counts, which {quoted(less.text)} is not."
    elif whole.removeprefix(PROJECT).partition(".")[0] == away.id and path.startswith(PROJECT) == less.text.startswith(
        PROJECT
    ):
        message = f"{quoted(less.text)} would be taken away from itself; name the field of those who stood aside."
    elif strange := [name for name in away.of if name not in looked_at.of]:
        message = f"{quoted(less.text)} counts {', '.join(strange)}, which {quoted(path)} does not count."
    else:
        return {"less": less.word}
    names.report.mistake("type/less", less, message + sight.note)
    return None


def _per_cent(node: Node, names: Names) -> int | None:
    match = _SHARE.fullmatch(node.word or "")
    if match is None:
        names.report.mistake("shape/share", node, "A share is a whole number of per cent, like at_least: 50%.")
        return None
    if int(match[1]) > 100:
        names.report.mistake("meaning/share", node, f"A share of {match[1]}% can never be reached; 100% is the most.")
        return None
    return int(match[1])


def _numeric(node: Node, sight: Sight, names: Names) -> tuple[Field, str] | None:
    """Returns the field and part at a path that can be added up."""
    found = _seen(node, sight, names)
    if found is None or found[0].type in ("integer", "counts"):
        return found
    message = f"{quoted(node.text)} is of type {found[0].type}; a share is made of whole numbers."
    names.report.mistake("type/operator", node, message + sight.note)
    return None


def _seen(node: Node, sight: Sight, names: Names) -> tuple[Field, str] | None:
    """Returns the field a path leads to, and the part of it; None where it leads nowhere, which is reported."""
    path, report = node.word, names.report
    if path is None:
        return None
    of_project = path.startswith(PROJECT)
    name, _, part = path.removeprefix(PROJECT).partition(".")
    if of_project:
        fields, whose, note = names.fields, "The project", ""
    elif sight.record is None:
        near = f" Did you mean {quoted(PROJECT + name)}?" if name in names.fields else ""
        message = f"Here only fields of the project can be looked at, written project.FIELD.{near}"
        report.mistake("name/field", node, message)
        return None
    else:
        fields, whose, note = sight.record, f"A record of {sight.kind}", sight.note
    if of_project and name not in fields and "fields" in names.unsure:
        return None
    if name not in fields:
        message = f"{whose} has no field {quoted(name)}.{report.near(name, fields)}{note}"
        report.mistake("name/field", node, message)
        return None
    found = fields[name]
    if found is None:
        return None
    if part and (found.type != "counts" or part not in found.of):
        near = report.near(part, found.of) if found.type == "counts" else ""
        message = f"The field {quoted(name)} has no part {quoted(part)}.{near}{note}"
        report.mistake("name/field", node, message)
        return None
    return found, part


def _comparison(node: Node, sight: Sight, names: Names) -> Json | None:
    report = names.report
    operators = node.has(*OPERATORS)
    if (of := node.get("of")) is not None:
        report.mistake("shape/form", of, "of belongs to share; a field is compared by itself.", at_key=True)
        return None
    if len(operators) != 1:
        if not report.is_wrong(node):
            said = f"This one has {' and '.join(operators)}." if operators else "This one has none."
            message = f"A field is compared with exactly one operator: {', '.join(OPERATORS)}. {said}"
            report.mistake("shape/form", node, message, at_key=True)
        return None
    op, path, value = operators[0], node.value["field"], node.value[operators[0]]
    seen = _seen(path, sight, names)
    if seen is None:
        return None
    field = seen[0]
    less = _less(node, field, path.text, sight, names)
    if field.type == "counts":  # by itself a counts field is its total
        field = _number_of(field)
    if field.type not in _COMPARES[op]:
        usable = ", ".join(o for o in OPERATORS if field.type in _COMPARES[o])
        message = f"{op} cannot compare {quoted(path.text)}, which is of type {field.type}; use one of {usable}."
        report.mistake("type/operator", value, message + sight.note, at_key=True)
        return None
    if less is None:
        return None
    if field.type == "records":
        field = _number_of(field)
    made: Json = {"op": op, "field": path.word, "value": None, **less}
    if op == "not_empty":
        return made | {"value": True} if value.flag else None
    if value.kind == "text" and value.text.startswith(PROJECT):
        other = _project_value(value, field, op, sight, names)
        return None if other is None else made | {"project_field": other}
    parsed = _literal(value, field, op, sight, names)
    return None if parsed is None else made | {"value": parsed}


def _number_of(field: Field) -> Field:
    """Returns the number that a field is compared as: the total of counts, how many records there are."""
    return Field(field.id, "integer", field.title, None, False, None, ())


def _project_value(node: Node, field: Field, op: str, sight: Sight, names: Names) -> str | None:
    """Returns the id of the project's field that is compared with; its type must be the same."""
    seen = _seen(node, sight, names)
    if seen is None:
        return None
    other, part = seen
    if part:
        message = f"Only a whole field can be compared with, not a part of one like {quoted(node.text)}."
        names.report.mistake("type/unlike", node, message)
        return None
    has = (other.type, *other.of[:1]) if other.type == "list" else (other.type,)
    wants: tuple[str, ...] = (field.type,)
    if op in ("in", "includes_all_of"):
        wants = ("list", field.of[0] if field.type == "list" else field.type)
    if has != wants:
        message = f"{quoted(node.text)} is a {' of '.join(has)}; what it is compared with needs a {' of '.join(wants)}."
        names.report.mistake("type/unlike", node, message + sight.note)
        return None
    return other.id


def _literal(node: Node, field: Field, op: str, sight: Sight, names: Names) -> Any:
    """Returns the value or the list of values that is written; None where it does not fit, which is reported."""
    report = names.report
    if op not in ("in", "includes_all_of"):
        return _one(node, field, sight, names)
    if node.kind != "list" or not node.value:
        message = f"{op} takes a list with at least one value, or a project.FIELD that is a list."
        report.mistake("shape/list", node, message)
        return None
    item = item_of(field) if field.type == "list" else field
    found: list[Any] = []
    for child in node.elements():
        value = _one(child, item, sight, names)
        if value is not None and value in found:
            report.mistake("shape/list", child, f"{quoted(child.text)} stands twice in this list; take one out.")
        found.append(value)
    return None if None in found else found


def _one(node: Node, field: Field, sight: Sight, names: Names) -> Any:
    report = names.report
    if node.kind == "broken":
        return None
    if node.kind == "text" and node.text.startswith(PROJECT):
        report.mistake("type/unlike", node, "A project.FIELD stands alone as the value, not inside a list.")
        return None
    try:
        return literal(field, node)
    except BadValue as error:
        near = report.near(node.text, field.of) if field.type == "choice" and node.kind == "text" else ""
        report.mistake("type/value", node, f"{error}{near}{sight.note}")
        return None
