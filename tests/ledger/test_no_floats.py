"""Floats have no place in a leaf, and none gets in by being read: wherever it stands, it is found."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.canonical import NotCanonical, decode

AT = "2026-11-22T10:00:00.000000Z"
floats = st.sampled_from([1e300, 5e-324, -1e22, 1e-7]) | st.floats(allow_nan=False, allow_infinity=False)
around = st.recursive(
    floats,
    lambda inner: (
        st.builds(lambda value: [1, value], inner)
        | st.builds(lambda value: {"a": "1.5e3", "b": value}, inner)
        | st.builds(lambda value: {"at": AT, "b": value}, inner)
        | st.builds(lambda value: {"at": "", "b": [value]}, inner)
    ),
    max_leaves=4,
)


@given(around)
def test_a_float_is_never_canonical(value: Any) -> None:
    """Bytes that hold a float anywhere are refused, also where they are written as a canonical float would be.

    Seen to fail when exponents were not looked for.
    """
    with pytest.raises(NotCanonical):
        decode(orjson.dumps(value, option=orjson.OPT_SORT_KEYS))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)), st.integers(-(2**53) + 1, 2**53 - 1))
def test_text_that_looks_like_a_float_is_no_float(text: str, number: int) -> None:
    """Points and exponents in text refuse nothing."""
    value = {"at": AT, "b": [text, f"[1.5,2e3,{text}", number]}
    assert decode(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)) == value
