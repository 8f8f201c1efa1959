"""The JSON Schema and the loader take the same keys."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it ships no types, and a test needs none from it
import pytest
import yaml

from engine.definitions.compile import problems_in
from engine.definitions.document import Shape
from engine.definitions.extending.shapes import DefinitionShape
from engine.definitions.reader import read_values
from engine.definitions.schema import json_schema

KEY_RULES = {"shape/unknown-key", "shape/missing-key", "shape/form", "meaning/only-with-evidence"}
KEY_RULES |= {"extends/alone"}


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    """The schema, ready to validate."""
    jsonschema.Draft202012Validator.check_schema(json_schema())
    return jsonschema.Draft202012Validator(json_schema())


def _mappings(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from _mappings(part, (*path, key))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _loader_takes_keys(document: Any) -> bool:
    raw = yaml.safe_dump(document, sort_keys=False, allow_unicode=True).encode()
    return not any(p.rule in KEY_RULES for p in problems_in(raw, "file.yaml")[1])


def test_the_shared_example_is_valid(two_gates: bytes, validator: jsonschema.Draft202012Validator) -> None:
    """The shared example is valid under the schema."""
    assert list(validator.iter_errors(read_values(two_gates, "two-gates.yaml"))) == []


def test_both_refuse_an_unknown_key_anywhere(two_gates: bytes, validator: jsonschema.Draft202012Validator) -> None:
    """A key that is not known is refused by schema and loader alike, in every mapping that has keys of the language."""
    document = read_values(two_gates, "two-gates.yaml")
    assert _loader_takes_keys(document)
    tried = 0
    for path in _mappings(document):
        changed = copy.deepcopy(document)
        # Not a word of the language anywhere, and no id either: where ids stand as keys, both refuse it as an id.
        _at(changed, path)["9 unknown"] = {}
        assert not validator.is_valid(changed), path
        raw = yaml.safe_dump(changed, sort_keys=False).encode()
        rules = {p.rule for p in problems_in(raw, "file.yaml")[1]}
        assert rules & {"shape/unknown-key", "shape/id"}, path
        tried += 1
    assert tried > 50


def test_both_agree_on_every_key_that_is_left_out(two_gates: bytes, validator: jsonschema.Draft202012Validator) -> None:
    """Whatever key is left out of the example, schema and loader agree whether the keys that remain are enough."""
    document = read_values(two_gates, "two-gates.yaml")
    outcomes = set()
    for path in _mappings(document):
        for key in _at(document, path):
            changed = copy.deepcopy(document)
            del _at(changed, path)[key]
            valid = validator.is_valid(changed)
            assert valid == _loader_takes_keys(changed), (path, key)
            outcomes.add(valid)
    assert outcomes == {True, False}


def test_schema_and_shapes_have_the_same_keys() -> None:
    """Every shape of the loader is in the schema with the same keys, the same needed ones, and no others allowed."""
    schema = json_schema()
    shapes: dict[str, Any] = {}
    todo: list[Any] = [DefinitionShape]
    while todo:
        shape = todo.pop()
        if shape.__name__ not in shapes:
            shapes[shape.__name__] = shape
            todo += [s for s in _shapes_in(shape) if s.__name__ not in shapes]
    assert set(shapes) == {*schema["$defs"], "DefinitionShape"}
    for name, shape in shapes.items():
        part = schema if name == "DefinitionShape" else schema["$defs"][name]
        fields = {field.alias or key: field for key, field in shape.model_fields.items()}
        assert set(part["properties"]) == set(fields)
        assert set(part.get("required", ())) == {key for key, field in fields.items() if field.is_required()}
        assert part["additionalProperties"] is False


def _shapes_in(shape: Any) -> Iterator[Any]:
    def walk(annotation: Any) -> Iterator[Any]:
        if isinstance(annotation, type) and issubclass(annotation, Shape):
            yield annotation
        for part in getattr(annotation, "__args__", ()):
            yield from walk(part)

    for field in shape.model_fields.values():
        yield from walk(field.annotation)


def test_every_key_is_described() -> None:
    """Every key in the schema has a description that an editor can show."""
    schema = json_schema()
    for name, part in [("top", schema), *schema["$defs"].items()]:
        for key, value in part["properties"].items():
            assert value.get("description"), f"{name}.{key}"
