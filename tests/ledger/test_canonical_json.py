"""Canonical JSON: one value, one sequence of bytes, and those of RFC 8785."""

from __future__ import annotations

import datetime
import enum
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.canonical import NotCanonical, decode, encode

VECTORS = Path(__file__).parents[2].parent / "shared" / "vectors" / "jcs"
LIMIT = 2**53 - 1

scalars = st.none() | st.booleans() | st.integers(-LIMIT, LIMIT) | st.text()
names = st.text(st.characters(max_codepoint=127))
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(names, inner), max_leaves=30)


class Colour(enum.Enum):
    RED = "red"


class Subclass(str):
    __slots__ = ()


@given(values)
def test_equals_the_oracle(value: Any) -> None:
    """What is written is RFC 8785, byte for byte."""
    assert encode(value) == rfc8785.dumps(value)


@given(values)
def test_reads_what_it_writes(value: Any) -> None:
    """Reading the canonical bytes of a value gives the value."""
    assert decode(encode(value)) == value


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the shared JCS vectors are not beside this checkout")
@pytest.mark.parametrize("name", ["arrays", "unicode"])
def test_published_vectors(name: str) -> None:
    """A published input without floats and with plain member names is written as its published output."""
    value = json.loads((VECTORS / "input" / f"{name}.json").read_text("utf-8"))
    assert encode(value) == (VECTORS / "output" / f"{name}.json").read_bytes()


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the shared JCS vectors are not beside this checkout")
@pytest.mark.parametrize("name", ["french", "structures", "values", "weird"])
def test_published_vectors_beyond_leaves(name: str) -> None:
    """A published input with floats, or with member names beyond ASCII, is refused, never written differently."""
    with pytest.raises(NotCanonical):
        encode(json.loads((VECTORS / "input" / f"{name}.json").read_text("utf-8")))


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        2**53,
        -(2**53),
        10**30,
        float("nan"),
        "\ud800",
        {"é": 1},
        {1: 1},
        {"\udfff": 1},
        [{"a": [0.0]}],
        b"bytes",
        {1, 2},
        datetime.date(2026, 1, 1),
        uuid.UUID(int=1),
        Colour.RED,
        Subclass("x"),
        object(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_refuses_what_has_no_place_in_a_leaf(value: Any) -> None:
    """Floats, big integers, member names beyond ASCII, lone surrogates and other types are refused, however deep."""
    with pytest.raises(NotCanonical):
        encode({"inside": [value]})


def test_refuses_bottomless_values() -> None:
    """A value nested without end is refused, not a crash."""
    bottomless: list[Any] = []
    bottomless.append(bottomless)
    with pytest.raises(NotCanonical):
        encode(bottomless)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'"\\u0041"',
        b"1.0",
        b"1e3",
        b"-0",
        b"9007199254740992",
    ],
)
def test_reads_canonical_bytes_only(data: bytes) -> None:
    """Bytes that `encode` would not have written are refused, even where they mean the same."""
    with pytest.raises(NotCanonical):
        decode(data)
