"""The leaf: what it says can be read back, and nothing else passes for one."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.canonical import NotCanonical, decode, encode
from engine.ledger.leaf import MAX_LEAF_BYTES, LeafTooLarge, NotALeaf, commit, leaf_bytes, read_leaf

AT = "2026-11-22T10:00:00.000000Z"
KEY = hashlib.sha256(b"key").hexdigest()

hexes = st.binary(min_size=32, max_size=32).map(bytes.hex)
ids = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=8)


def a_leaf(**changes: Any) -> bytes:
    leaf: dict[str, Any] = {
        "name": "signed",
        "schema": 1,
        "at": AT,
        "by": "p1",
        "project": "a",
        "version": 3,
        "key": KEY,
        "body": {"role": "sro"},
        "commitments": {"reason": KEY},
    }
    return leaf_bytes(**{**leaf, **changes})


@given(
    name=ids,
    schema=st.integers(1, 9),
    by=ids,
    project_and_version=st.just((None, 0)) | st.tuples(ids, st.integers(1, 10**6)),
    key=st.none() | hexes,
    body=st.dictionaries(ids, st.none() | st.booleans() | st.integers(-9, 9) | st.text()),
    commitments=st.dictionaries(ids, hexes),
)
def test_a_leaf_says_what_it_was_told(
    name: str,
    schema: int,
    by: str,
    project_and_version: tuple[str | None, int],
    key: str | None,
    body: dict[str, Any],
    commitments: dict[str, str],
) -> None:
    """Reading a leaf gives back everything that was written into it."""
    project, version = project_and_version
    said = {"name": name, "schema": schema, "at": AT, "by": by, "project": project, "version": version}
    said |= {"key": key, "body": body, "commitments": commitments}
    leaf = read_leaf(leaf_bytes(**said))  # type: ignore[arg-type]  # one dict of unlike values, named once
    assert {name: getattr(leaf, name) for name in said} == said


def test_the_format() -> None:
    """The bytes of a leaf are the canonical JSON of its format, with absent members left out."""
    expected = (
        '{"at":"2026-11-22T10:00:00.000000Z","body":{"role":"sro"},"by":"p1","cocycle":1,"event":"signed",'
        f'"key":"{KEY}","project":"a","schema":1,"version":3,"words":{{"reason":"{KEY}"}}}}'
    )
    assert a_leaf() == expected.encode()
    register = a_leaf(project=None, version=0, key=None)
    assert b'"project"' not in register
    assert b'"key"' not in register


def test_the_largest_leaf() -> None:
    """A leaf of exactly the limit is written and read; one byte more is refused, and cannot be read either."""
    room = MAX_LEAF_BYTES - len(a_leaf(body={"x": ""}))
    largest = a_leaf(body={"x": "y" * room})
    assert len(largest) == MAX_LEAF_BYTES
    assert read_leaf(largest).body == {"x": "y" * room}
    with pytest.raises(LeafTooLarge):
        a_leaf(body={"x": "y" * (room + 1)})
    with pytest.raises(NotALeaf):
        read_leaf(largest.replace(b'"x":"y', b'"x":"yy'))


def test_no_floats_in_a_leaf() -> None:
    """A body that has no canonical form makes no leaf."""
    with pytest.raises(NotCanonical):
        a_leaf(body={"share": 0.5})


@pytest.mark.parametrize(
    "changes",
    [
        {"cocycle": 2},
        {"cocycle": True},
        {"cocycle": "1"},
        {"event": ""},
        {"event": 7},
        {"schema": 0},
        {"schema": True},
        {"schema": "1"},
        {"at": "2026-11-22T10:00:00Z"},
        {"at": "2026-11-22T10:00:00.000000+00:00"},
        {"at": "2026-02-30T10:00:00.000000Z"},
        {"at": 5},
        {"by": None},
        {"by": ""},
        {"project": ""},
        {"project": None},
        {"version": -1},
        {"version": False},
        {"version": 0},
        {"key": KEY.upper()},
        {"key": None},
        {"body": []},
        {"words": []},
        {"words": {"reason": "in clear"}},
        {"words": {"reason": 1}},
        {"surprise": 1},
    ],
    ids=repr,
)
def test_other_objects_are_no_leaves(changes: dict[str, Any]) -> None:
    """An object with an unknown member, or a member of another shape, is refused."""
    document = decode(a_leaf())
    read_leaf(encode(document))
    with pytest.raises(NotALeaf):
        read_leaf(encode({**document, **changes}))


@pytest.mark.parametrize("member", ["at", "body", "by", "cocycle", "event", "schema", "version", "words", "project"])
def test_nothing_may_be_missing(member: str) -> None:
    """An object without one of a leaf's members is refused; without a project its version would have to be 0."""
    document = decode(a_leaf())
    del document[member]
    with pytest.raises(NotALeaf):
        read_leaf(encode(document))


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"{}", b"\xff", a_leaf() + b"\n", a_leaf().replace(b":", b": ")])
def test_other_bytes_are_no_leaves(data: bytes) -> None:
    """Bytes that are not canonical JSON, or not an object, are refused."""
    with pytest.raises(NotALeaf):
        read_leaf(data)


@given(st.text() | st.lists(st.text()), st.binary(min_size=32, max_size=32))
def test_a_commitment_is_an_hmac(value: Any, salt: bytes) -> None:
    """A commitment is HMAC-SHA256 of the canonical JSON under the salt."""
    assert commit(value, salt) == hmac.new(salt, encode(value), hashlib.sha256).hexdigest()


def test_commitments_hide() -> None:
    """Two salts give one word two commitments, and a salt of another length is refused."""
    assert commit("a", bytes(32)) != commit("a", b"1" * 32)
    with pytest.raises(ValueError, match="32 bytes"):
        commit("a", b"short")
