"""The kinds of value a shape is made of: texts, titles, ids, and values whose type is known only later.

Each checks itself and says in our own words what is wrong; each says in the JSON Schema what it takes.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from engine.definitions.tree import WrittenNumber

LONGEST_TEXT = 2_000
LONGEST_ID = 64

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_FIELD_ID = re.compile(r"[a-z][a-z0-9_]*")
_USE = re.compile(r"[a-z][a-z0-9_]{0,39}/[A-Za-z][A-Za-z0-9_-]{0,63}")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def _as_text(value: Any) -> Any:
    """Lets a plain number stand for the text it was written as, so that `version: 1.0` is "1.0"."""
    if isinstance(value, WrittenNumber):
        return value.text
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _checked_text(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("shape/text", "This text is empty; write it or leave the key out.")
    if len(value) > LONGEST_TEXT:
        raise PydanticCustomError(
            "shape/text", f"This text has {len(value):,} characters; {LONGEST_TEXT:,} is the most."
        )
    if _CONTROL.search(value):
        raise PydanticCustomError("shape/text", "This text holds a control character; take it out.")
    return value


def _checked_title(value: str) -> str:
    if "\n" in value.strip() or "\t" in value:
        raise PydanticCustomError("shape/text", "A title stands on one line, without tabs.")
    return _checked_text(value)


def _checked_id(value: str) -> str:
    if len(value) > LONGEST_ID or not _ID.fullmatch(value):
        raise PydanticCustomError(
            "shape/id", "An id begins with a letter and has letters, digits, - and _ only, at most 64 characters."
        )
    return value


def _checked_field_id(value: str) -> str:
    if len(value) > LONGEST_ID or not _FIELD_ID.fullmatch(value):
        raise PydanticCustomError(
            "shape/id",
            "The id of a field begins with a small letter and has small letters, digits and _ only, at most 64.",
        )
    return value


def _checked_use(value: str) -> str:
    if not _USE.fullmatch(value):
        raise PydanticCustomError(
            "plugin/use", "A use names a plugin and one thing that it brings, with a slash between, like acme/panel."
        )
    return value


def _checked_version(value: Any) -> Any:
    if type(value) is not int or value != 1:  # True equals 1 in Python, and is no version
        raise PydanticCustomError(
            "language/version", "This version of cocycle reads version 1 of the language: cocycle: 1."
        )
    return value


def _checked_true(value: Any) -> Any:
    if value is not True:
        raise PydanticCustomError(
            "shape/word",
            "not_empty is always written not_empty: true; put the condition under none to ask the opposite.",
        )
    return value


_WRITTEN = {"type": ["string", "number"]}
Text = Annotated[str, BeforeValidator(_as_text), AfterValidator(_checked_text), WithJsonSchema(_WRITTEN)]
Title = Annotated[str, BeforeValidator(_as_text), AfterValidator(_checked_title), WithJsonSchema(_WRITTEN)]
Id = Annotated[
    str,
    AfterValidator(_checked_id),
    WithJsonSchema({"type": "string", "pattern": f"^{_ID.pattern}$", "maxLength": LONGEST_ID}),
]
FieldId = Annotated[
    str,
    AfterValidator(_checked_field_id),
    WithJsonSchema({"type": "string", "pattern": f"^{_FIELD_ID.pattern}$", "maxLength": LONGEST_ID}),
]
Use = Annotated[
    str,
    AfterValidator(_checked_use),
    WithJsonSchema({"type": "string", "pattern": f"^{_USE.pattern}$"}),
]
Version = Annotated[int, BeforeValidator(_checked_version), WithJsonSchema({"const": 1})]
True_ = Annotated[bool, BeforeValidator(_checked_true), WithJsonSchema({"const": True})]
_SCALAR = {"type": ["string", "number", "boolean"]}
Value = Annotated[Any, WithJsonSchema(_SCALAR)]
Values = Annotated[
    Any, WithJsonSchema({"anyOf": [{"type": "array", "items": _SCALAR, "minItems": 1}, {"type": "string"}]})
]
Default = Annotated[Any, WithJsonSchema({"type": ["string", "number", "boolean", "array", "object"]})]
Of = Annotated[
    Any, WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": _WRITTEN, "minItems": 1}]})
]
