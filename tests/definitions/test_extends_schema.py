"""The JSON Schema and the loader take the same keys in a definition that builds on another."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it ships no types, and a test needs none from it
import pytest
import yaml

from engine.definitions.compile import problems_in
from engine.definitions.extending.shapes import OPERATIONS
from engine.definitions.reader import read_values
from engine.definitions.schema import json_schema
from tests.definitions.shelves import page_bases

PAGE = (Path(__file__).parents[2] / "docs" / "definition-language.md").read_text(encoding="utf-8")
KEY_RULES = {"shape/unknown-key", "shape/missing-key", "shape/form", "meaning/only-with-evidence", "extends/alone"}


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    """The schema, ready to validate."""
    return jsonschema.Draft202012Validator(json_schema())


@pytest.fixture(scope="module")
def overlay() -> Any:
    """The example of the page, which has every operation."""
    found = re.search(r"^```yaml overlay\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return read_values(found[1].encode(), "page")


def mappings(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if isinstance(value, dict) else []
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [inner for key, part in parts for inner in mappings(part, (*path, key))]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def rules(document: Any, example: str) -> set[str]:
    raw = yaml.safe_dump(document, sort_keys=False, allow_unicode=True).encode()
    return {p.rule for p in problems_in(raw, "file.yaml", page_bases(example.encode()))[1]}


def test_the_page_shows_every_operation(overlay: Any, validator: jsonschema.Draft202012Validator) -> None:
    """The example of the page uses every operation, and is valid under the schema."""
    assert {key for item in overlay["change"] for key in item} == set(OPERATIONS)
    assert list(validator.iter_errors(overlay)) == []


def test_both_refuse_an_unknown_key_anywhere(
    overlay: Any, running_example: str, validator: jsonschema.Draft202012Validator
) -> None:
    """A key that is not known is refused by schema and loader alike, in every mapping of a change."""
    for path in mappings(overlay):
        changed = copy.deepcopy(overlay)
        at(changed, path)["9 unknown"] = {}
        assert not validator.is_valid(changed), path
        assert rules(changed, running_example) & {"shape/unknown-key", "shape/id"}, path


def test_both_agree_on_every_key_that_is_left_out(
    overlay: Any, running_example: str, validator: jsonschema.Draft202012Validator
) -> None:
    """Whatever key is left out of the example, schema and loader agree whether the keys that remain are enough."""
    outcomes = set()
    for path in mappings(overlay):
        for key in at(overlay, path):
            changed = copy.deepcopy(overlay)
            del at(changed, path)[key]
            valid = validator.is_valid(changed)
            assert valid == (not rules(changed, running_example) & KEY_RULES), (path, key)
            outcomes.add(valid)
    assert outcomes == {True, False}


def test_both_refuse_sections_beside_extends(
    overlay: Any, running_example: str, validator: jsonschema.Draft202012Validator
) -> None:
    """A definition has stages of its own or builds on another: sections do not stand beside `extends`.

    Seen to fail when the schema let `roles` stand there.
    """
    for key in sorted({"calendar", *json_schema()["properties"]} - set(overlay) - {"summary"}):
        changed = overlay | {key: {}}
        assert not validator.is_valid(changed), key
        assert "extends/alone" in rules(changed, running_example), key
