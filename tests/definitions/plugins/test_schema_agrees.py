"""The JSON Schema and the loader take the same keys where plugins are used."""

from __future__ import annotations

import copy
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it ships no types, and a test needs none from it
import pytest
import yaml

from engine.definitions.compile import problems_in
from engine.definitions.reader import read_values
from engine.definitions.schema import json_schema
from tests.definitions.plugins.bringing import ACME
from tests.definitions.plugins.small import WHOLE
from tests.definitions.plugins.test_building_on import SHELF, overlay
from tests.definitions.test_extends_schema import at, mappings
from tests.definitions.test_schema import KEY_RULES

CHANGES = overlay(
    "  - insert_stage: {after: plan, use: acme/assessment}\n"
    "  - insert_stage: {after: assessment, stage: {use: acme/pause, transitions: [{id: advance, to: done}]}}\n"
    "  - add_evidence: {id: leaf, title: Leaf, use: acme/leaflet}\n"
    "  - add_requirement: {gate: plan-gate, requirement: {id: p, use: acme/panel, with: {seats: 2}}}\n"
)
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def loader_takes_keys(document: Any) -> bool:
    raw = yaml.safe_dump(document, sort_keys=False).encode()
    return not any(p.rule in KEY_RULES for p in problems_in(raw, "x.yaml", SHELF, ACME)[1])


@pytest.mark.parametrize("text", [WHOLE, CHANGES])
def test_what_loads_is_valid(text: str) -> None:
    """A definition that uses plugins in every way is valid under the schema, and loads."""
    assert list(VALIDATOR.iter_errors(read_values(text.encode(), "x"))) == []
    assert problems_in(text.encode(), "x.yaml", SHELF, ACME)[0] is not None


@pytest.mark.parametrize("text", [WHOLE, CHANGES])
def test_both_agree_on_every_key_that_is_left_out(text: str) -> None:
    """Whatever key is left out, schema and loader agree whether the keys that remain are enough.

    Seen to fail when the schema asked a stage for an id beside its use.
    """
    document, outcomes = read_values(text.encode(), "x"), set()
    for path in mappings(document):
        if "with" in path:
            continue  # which options there are is the plugin's to say
        for key in at(document, path):
            changed = copy.deepcopy(document)
            del at(changed, path)[key]
            valid = VALIDATOR.is_valid(changed)
            assert valid == loader_takes_keys(changed), (path, key)
            outcomes.add(valid)
    assert outcomes == {True, False}


ADDED = {
    "use": "acme/plain",
    "with": {"seats": 1},
    "evidence": "document",
    "signed_by": ["sro"],
    "level": "high",
    "id": "x",
    "title": "X",
    "file": "none",
    "fields": {},
    "transitions": [],
    "final": True,
    "stage": {"id": "x"},
    "gate": "plan-gate",
}


@pytest.mark.parametrize("text", [WHOLE, CHANGES])
def test_both_agree_on_every_key_that_is_added(text: str) -> None:
    """Whatever key of the language is put beside others, schema and loader agree whether it goes with them.

    Seen to fail when the loader let `target` stand beside the use of a stage.
    """
    document, outcomes = read_values(text.encode(), "x"), set()
    for path in mappings(document):
        if "with" in path or path in ((), ("roles",), ("fields",), ("evidence",), ("rules",), ("gates",)):
            continue  # there keys are ids or options, not words of the language
        for key, value in ADDED.items():
            if key not in at(document, path):
                changed = copy.deepcopy(document)
                at(changed, path)[key] = value
                valid = VALIDATOR.is_valid(changed)
                assert valid == loader_takes_keys(changed), (path, key)
                outcomes.add(valid)
    assert outcomes == {True, False}
