"""Whatever stands where a plugin is used, and whatever a plugin brings, is read or told, and never a crash."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.brought import EvidenceKindBrought, RequirementKindBrought
from engine.definitions.compile import problems_in
from engine.definitions.reader import read_values
from tests.definitions.plugins.bringing import ACME, ASSESSMENT, Plugins
from tests.definitions.plugins.small import WHOLE
from tests.definitions.plugins.test_building_on import SHELF
from tests.definitions.plugins.test_schema_agrees import CHANGES
from tests.definitions.test_extends_schema import at, mappings

PIECES: list[Any] = [None, 5, True, "", "x", "acme/panel", "acme/assessment", "acme/pause", "acme/leaflet", "no/thing"]
PIECES += [[], {}, ["a"], [{}], {"a": 1}, {"use": "acme/pause"}, [{"use": "acme/assessment"}], [{"id": "x"}]]
KEYS = ["use", "with", "id", "stage", "gate", "evidence", "fields", "transitions", "requires", "roles", "rules"]


def lists(value: Any) -> list[Any]:
    """Returns every list in a document that has items."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return ([value] if isinstance(value, list) and value else []) + [one for part in parts for one in lists(part)]


def changed(draw: st.DrawFn, text: str) -> Any:
    """Returns the values of a document with up to three of them replaced, taken out, added or moved."""
    document = read_values(text.encode(), "x")
    for _ in range(draw(st.integers(1, 3))):
        listed = lists(document)
        if listed and draw(st.integers(0, 2)) == 0:
            items = draw(st.sampled_from(listed))
            taken = items.pop(draw(st.integers(0, len(items) - 1)))
            if draw(st.booleans()):
                items.append(taken)
            continue
        here = at(document, draw(st.sampled_from(mappings(document))))
        key = draw(st.sampled_from([*here, *KEYS]))
        if draw(st.booleans()):
            here[key] = copy.deepcopy(draw(st.sampled_from(PIECES)))
        else:
            here.pop(key, None)
    return document


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Draws a definition that was spoilt here and there."""
    made = changed(draw, draw(st.sampled_from([WHOLE, CHANGES])))
    return yaml.safe_dump(made, sort_keys=False).encode()


@st.composite
def plugins(draw: st.DrawFn) -> Plugins:
    """Draws plugins whose text, options and fields were spoilt here and there."""
    text = draw(st.one_of(st.just(ASSESSMENT), st.text(max_size=40)))
    if draw(st.booleans()):
        text = yaml.safe_dump(changed(draw, ASSESSMENT), sort_keys=False)
    fields = {
        "present": copy.deepcopy(draw(st.sampled_from([*PIECES, {"type": "integer"}, {"type": "choice", "of": ["a"]}])))
    }
    kind = RequirementKindBrought("Panel", "", fields, draw(st.sampled_from([None, "panel_note", "gone", "", "a b"])))
    note = EvidenceKindBrought("Note", draw(st.sampled_from(["none", "optional", "", "x"])), fields)
    return replace(
        ACME,
        stages={"acme/assessment": text},
        kinds={**ACME.kinds, "acme/panel": kind},
        evidence={**ACME.evidence, "acme/panel_note": note},
    )


@settings(max_examples=150, deadline=None)
@given(documents())
def test_any_definition_is_read_or_told(raw: bytes) -> None:
    """A definition that uses plugins wrongly in any way is compiled or refused, with each mistake at a place in it.

    Seen to fail when what a stage brings was put into a section that is no mapping.
    """
    compiled, problems = problems_in(raw, "x.yaml", SHELF, ACME)
    assert (compiled is None) == any(p.severity == "error" for p in problems)
    lines = raw.count(b"\n") + 1
    assert all(1 <= p.line <= lines for p in problems)


@settings(max_examples=150, deadline=None)
@given(plugins(), st.sampled_from([WHOLE, CHANGES]))
def test_whatever_a_plugin_brings_is_read_or_told(brings: Plugins, text: str) -> None:
    """What a plugin brings wrongly in any way is refused where it is used; the compiler does not fall over."""
    compiled, problems = problems_in(text.encode(), "x.yaml", SHELF, brings)
    assert (compiled is None) == any(p.severity == "error" for p in problems)
    assert all(1 <= p.line <= text.count("\n") + 1 for p in problems)
