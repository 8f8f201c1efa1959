"""The JSON Schema of the definition language, made from the shapes themselves so that it cannot drift from them."""

from __future__ import annotations

from functools import cache
from typing import Any

from engine.definitions.extending.shapes import OVERLAY_KEYS, DefinitionShape
from engine.definitions.written import LONGEST_ID

SCHEMA_ID = "https://cocycle.example/definition-1.schema.json"

OPERATORS = ("equals", "not", "in", "at_least", "at_most", "not_empty", "includes_all_of", "before", "after")
COUNTED_BY = ("equals", "not", "in", "at_least", "at_most", "not_empty")
SMALL_NUMBERS = ("integer", "counts")
FORMS = ("evidence", "wait", "any_of", "all_of", "at_least", "use")
WITH_EVIDENCE = ("level", "rules", "fresh", "count", "carries_over", "supports")
SPAN_UNITS = ("working_days", "days", "weeks", "months")


@cache
def json_schema() -> dict[str, Any]:
    """Returns the JSON Schema (draft 2020-12) of a definition; treat it as read-only."""
    made = DefinitionShape.model_json_schema(by_alias=True)
    _tidy(made)
    shapes = made["$defs"]
    shapes["ConditionShape"] |= _condition_forms(also=())
    shapes["RuleShape"] |= _condition_forms(also=("title", "otherwise"))
    shapes["AddRuleShape"] |= _condition_forms(also=("id", "title", "otherwise"))
    shapes["ChangeShape"] |= {"minProperties": 1, "maxProperties": 1}
    made["properties"]["change"] |= {"minItems": 1}
    made["oneOf"] = [
        {"required": ["stages"], "properties": {"extends": False, "change": False}},
        {"required": ["extends", "change"], "propertyNames": {"enum": list(OVERLAY_KEYS)}},
    ]
    shapes["RequirementShape"] |= {
        "oneOf": [
            {"required": ["evidence"]},
            {"required": ["signed_by"], "not": {"required": ["evidence"]}},
            *({"required": [form]} for form in FORMS[1:]),
        ],
        "dependentRequired": {**{key: ["evidence"] for key in WITH_EVIDENCE}, "with": ["use"]},
    }
    for name in ("KindShape", "AddEvidenceShape"):
        shapes[name] |= {"if": {"required": ["use"]}, "then": {"propertyNames": {"enum": ["id", "title", "use"]}}}
    shapes["StageShape"] |= {
        "oneOf": [
            {"required": ["id"], "properties": {"use": False}},
            {"required": ["use"], "propertyNames": {"enum": ["transitions", "use"]}},
        ]
    }
    shapes["InsertStageShape"] |= {"oneOf": [{"required": ["stage"]}, {"required": ["use"]}]}
    shapes["FieldShape"] |= {
        "allOf": [
            _where({"type": {"enum": ["choice", "counts", "list"]}}, then={"required": ["of"]}, otherwise="of"),
            _where(
                {"type": {"const": "list"}, "of": {"const": "choice"}},
                then={"required": ["options"]},
                otherwise="options",
            ),
            _where({"type": {"enum": list(SMALL_NUMBERS)}}, then={}, otherwise="small_numbers"),
        ]
    }
    shapes["WaitShape"] |= {"oneOf": [{"required": [unit]} for unit in SPAN_UNITS]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **made}


def _where(these: dict[str, Any], then: dict[str, Any], otherwise: str) -> dict[str, Any]:
    """Returns the constraint that one thing holds where these keys have these values, and else a key is absent."""
    return {
        "if": {"properties": these, "required": list(these)},
        "then": then,
        "else": {"properties": {otherwise: False}},
    }


def _condition_forms(also: tuple[str, ...]) -> dict[str, Any]:
    """Returns the constraint that a condition says one thing: a field and an operator, a share, or a group."""
    counted = [{"field", operator} for operator in COUNTED_BY] + [{"share", "of", "at_least"}]
    forms = [(form, {*form, "less", *also}) for form in counted]
    others = [{"field", operator} for operator in OPERATORS if operator not in COUNTED_BY]
    forms += [(form, {*form, *also}) for form in (*others, {"all"}, {"any"}, {"none"})]
    return {"oneOf": [{"required": sorted(form), "propertyNames": {"enum": sorted(keys)}} for form, keys in forms]}


def _tidy(part: Any) -> None:
    """Takes out what pydantic adds for itself: titles made from names, and null defaults of what may be absent.

    And closes what it leaves open: a map of ids becomes one in which every key is an id, where pydantic would let any
    other key pass unseen.
    """
    if isinstance(part, list):
        for item in part:
            _tidy(item)
    if not isinstance(part, dict):
        return
    if isinstance(part.get("title"), str):
        del part["title"]
    if "default" in part and part["default"] is None:
        del part["default"]
    if "patternProperties" in part:
        ((pattern, values),) = part.pop("patternProperties").items()
        part |= {"propertyNames": {"pattern": pattern, "maxLength": LONGEST_ID}, "additionalProperties": values}
    for item in part.values():
        _tidy(item)


# A stage of a plugin has one stage and one gate, where a definition has several.
_OF_STAGE_TEXT: dict[tuple[str | int, ...], tuple[str | int, ...]] = {
    ("stage",): ("stages", 0),
    ("gate",): ("change", 0, "add_gate"),
}


def shape_at(path: tuple[str | int, ...]) -> dict[str, Any]:
    """Returns the part of the schema that describes the value at a path; empty where there is none."""
    schema = json_schema()
    here: dict[str, Any] = schema
    if path[:1] in _OF_STAGE_TEXT:
        path = (*_OF_STAGE_TEXT[path[:1]], *path[1:])
    for step in path:
        here = _followed(schema, here)
        if isinstance(step, int):
            here = here.get("items", {})
        elif step in here.get("properties", {}):
            here = here["properties"][step]
        else:
            here = here.get("additionalProperties") or {}
    return _followed(schema, here)


def _followed(schema: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    """Follows a reference; of alternatives, the one that is a mapping with keys."""
    while True:
        if "$ref" in here:
            here = schema["$defs"][here["$ref"].rpartition("/")[2]]
            continue
        referring = [option for option in here.get("oneOf", ()) if "$ref" in option]
        if not referring:
            return here
        here = referring[0]
