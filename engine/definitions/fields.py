"""Fields of a project and of a record: what is declared, and whether a default fits."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final, get_args

from engine.core.definition import Field, FieldType
from engine.core.values import BadValue, parse
from engine.definitions.report import Report, quoted
from engine.definitions.schema import SMALL_NUMBERS
from engine.definitions.tree import Node, WrittenNumber
from engine.definitions.words import entries_of, text_at, titled

TYPES: Final[tuple[FieldType, ...]] = get_args(FieldType)
ITEM_TYPES: Final = ("text", "integer", "money", "date", "choice", "yes_no")
LONGEST_OPTION = 200

_COUNTED = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NUMERIC = ("integer", "money")


def declared_field(id: str, node: Node, report: Report, *, of_record: bool) -> Field | None:
    """Returns the field that is declared; None where its declaration is too broken to compare anything with it.

    `of_record` says that it belongs to a kind of evidence, and not to the project.
    """
    kind = next((t for t in TYPES if t == text_at(node, "type")), None)
    if kind is None:
        return None
    of = _of(kind, node, report)
    if of is None:
        return None
    if kind == "records" and not of_record:
        message = "A project has no field of type records; what is answered is said by a record, so declare it there."
        report.mistake("meaning/records-field", node.value["type"], message)
        return None
    hidden = _small_hidden(kind, node.get("small_numbers"), report)
    field = Field(id, kind, titled(node, id), text_at(node, "help"), _flag(node, "required"), None, of, hidden)
    default = node.get("default")
    if default is None or report.is_wrong(default):
        return field
    try:
        value = literal(field, default)
    except BadValue as error:
        report.mistake("type/default", default, f"The default does not fit: {error}")
        return field
    return replace(field, default=value)


def _small_hidden(kind: FieldType, node: Node | None, report: Report) -> bool:
    if node is not None and kind not in SMALL_NUMBERS and not report.is_wrong(node):
        message = f"small_numbers hides numbers, of a field of type integer or counts; this one is of type {kind}."
        report.mistake("meaning/small-numbers", node, message, at_key=True)
    return node is not None


def canonical_field(field: Field) -> dict[str, Any]:
    """Returns the canonical form of a field."""
    return {
        "id": field.id,
        "type": field.type,
        "title": field.title,
        "help": field.help,
        "required": field.required,
        "default": field.default,
        "of": list(field.of),
        "small_hidden": field.small_hidden,
    }


def literal(field: Field, node: Node) -> Any:
    """Returns the value of a field's type that is written at a node: money in pence, dates as ISO text.

    Raises:
        BadValue: with one sentence that says what is expected.
    """
    if field.type == "records":
        raise BadValue(f"{field.title} names records of a project, which no definition can know.")
    if field.type == "list":
        if node.kind != "list":
            raise BadValue(f"{field.title} is a list; write its items in square brackets.")
        return [literal(item_of(field), item) for item in node.elements()]
    if field.type == "counts":
        return parse(field, {name: _raw(item, numeric=True) for name, item in node.items()} or None)
    return parse(field, _raw(node, numeric=field.type in _NUMERIC))


def item_of(field: Field) -> Field:
    """Returns the field that one item of a list field would be."""
    kind: Any = field.of[0]  # `_of` lets only the types of items in
    return Field(field.id, kind, f"Each item of {field.title}", None, False, None, field.of[1:])


def _raw(node: Node, numeric: bool) -> Any:
    """Returns what `core.values.parse` reads; a number in quotes is text, and plain numbers may stand for text."""
    if numeric:
        if node.kind == "number":
            return node.value.text if isinstance(node.value, WrittenNumber) else node.value
        return None
    return node.text if node.kind == "number" else node.value


def _flag(node: Node, key: str) -> bool:
    found = node.get(key)
    return found is not None and found.flag


def _of(kind: FieldType, node: Node, report: Report) -> tuple[str, ...] | None:
    of, options = node.get("of"), node.get("options")
    if options is not None and (kind != "list" or of is None or of.word != "choice"):
        message = "options stands only beside type: list and of: choice; a choice has its options in of."
        report.mistake("shape/form", options, message, at_key=True)
    if kind in ("choice", "counts"):
        what = "its options" if kind == "choice" else "the names that are counted"
        if of is None or of.kind != "list":
            report.mistake("shape/form", of or node, f"A field of type {kind} lists {what}: of: [first, second].")
            return None
        return _words(of, kind, report)
    if kind == "list":
        return _item_type(of, options, node, report)
    if of is not None:
        message = f"of has no meaning beside type: {kind}; it belongs to choice, counts and list."
        report.mistake("shape/form", of, message, at_key=True)
    return ()


def _item_type(of: Node | None, options: Node | None, node: Node, report: Report) -> tuple[str, ...] | None:
    word = of.word if of is not None else None
    if word not in ITEM_TYPES:
        near = report.near(word, ITEM_TYPES) if word else ""
        message = (
            f"A field of type list says what its items are: of: text, or one of {', '.join(ITEM_TYPES[1:])}.{near}"
        )
        report.mistake("shape/form", of or node, message)
        return None
    if word != "choice":
        return (word,)
    if options is None:
        report.mistake("shape/form", node, "A list of choices lists them: options: [first, second].", at_key=True)
        return None
    words = _words(options, "choice", report)
    return None if words is None else ("choice", *words)


def _words(node: Node, kind: str, report: Report) -> tuple[str, ...] | None:
    """Returns the options of a choice or the names of counts."""
    words = entries_of(node, report, must_say=True)
    for item, word in words:
        if kind == "counts" and not _COUNTED.fullmatch(word):
            message = f"{quoted(word)} cannot be counted by name: small letters, digits and _ only, at most 64."
            report.mistake("shape/id", item, message)
        elif len(word) > LONGEST_OPTION:
            report.mistake("shape/text", item, f"An option has at most {LONGEST_OPTION} characters.")
    return tuple(word for _, word in words) or None
