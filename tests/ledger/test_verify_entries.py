"""Verification: a sound ledger has no problems, and every way of altering one is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.leaf import leaf_bytes
from engine.ledger.merkle import EMPTY_ROOT, Frontier, leaf_hash, root_of
from engine.ledger.verify import Problem, verify_entries

Row = tuple[int, bytes, bytes, bytes]


def a_leaf(project: str | None, version: int, second: int, by: str = "p1") -> bytes:
    at = f"2026-11-22T10:00:{second:02}.000000Z"
    return leaf_bytes(
        name="held", schema=1, at=at, by=by, project=project, version=version, key=None, body={}, commitments={}
    )


def sealed(leaves: list[bytes]) -> list[Row]:
    frontier, rows = Frontier(), []
    for seq, leaf in enumerate(leaves):
        frontier.append(leaf_hash(leaf))
        rows.append((seq, leaf, leaf_hash(leaf), frontier.root()))
    return rows


def kinds(rows: list[Row], size: int | None = None, root: bytes | None = None) -> list[tuple[int | None, str]]:
    size = len(rows) if size is None else size
    root = (rows[-1][3] if rows else EMPTY_ROOT) if root is None else root
    return [(problem.seq, problem.kind) for problem in verify_entries(iter(rows), size, root)]


@pytest.fixture
def rows() -> list[Row]:
    return sealed([a_leaf(None, 0, 0), a_leaf("a", 1, 1), a_leaf("b", 1, 1), a_leaf("a", 2, 2), a_leaf("a", 3, 3)])


@given(st.lists(st.sampled_from([None, "a", "b"]), max_size=40))
def test_a_sound_ledger_has_no_problems(projects: list[str | None]) -> None:
    """Whatever was sealed in order verifies, at every size."""
    leaves: list[bytes] = []
    for seq, project in enumerate(projects):
        version = 0 if project is None else 1 + projects[:seq].count(project)
        leaves.append(a_leaf(project, version, seq))
    assert kinds(sealed(leaves)) == []


def test_a_missing_entry_is_told(rows: list[Row]) -> None:
    """An entry taken out is a gap, and the tree, the version and the count tell of it too."""
    assert kinds(rows[:1] + rows[2:], size=5) == [
        (2, "gap"),
        (2, "root"),
        (3, "version"),
        (None, "head"),
        (None, "head"),
    ]


def test_a_cut_tail_is_told(rows: list[Row]) -> None:
    """A ledger that ends before its head says so."""
    problems = list(verify_entries(iter(rows[:4]), 5, rows[4][3]))
    assert problems[0] == Problem(None, "head", "The ledger should hold 5 entries and holds 4.")
    assert [problem.kind for problem in problems] == ["head", "head"]


def test_altered_bytes_are_told(rows: list[Row]) -> None:
    """A leaf altered in storage does not have its hash, and the tree goes wrong from there, told once."""
    rows[1] = (1, a_leaf("a", 1, 1, by="p2"), *rows[1][2:])
    assert kinds(rows) == [(1, "leaf_hash"), (1, "root"), (None, "head")]


def test_a_forged_hash_does_not_help(rows: list[Row]) -> None:
    """A leaf altered together with its hash is found by the tree."""
    forged = a_leaf("a", 1, 1, by="p2")
    rows[1] = (1, forged, leaf_hash(forged), rows[1][3])
    assert kinds(rows) == [(1, "root"), (None, "head")]


def test_a_forged_root_does_not_help(rows: list[Row]) -> None:
    """A stored root that is not the tree's is told at its entry, though the head is right."""
    rows[2] = (*rows[2][:3], bytes(32))
    assert kinds(rows) == [(2, "root")]


def test_a_wrong_head_is_told(rows: list[Row]) -> None:
    """A head with another root than the entries have is told, an empty ledger's included."""
    assert kinds(rows, root=bytes(32)) == [(None, "head")]
    assert kinds([], size=0, root=bytes(32)) == [(None, "head")]
    assert root_of([]) == EMPTY_ROOT


def test_time_running_backwards_is_told() -> None:
    """An entry from before an earlier entry is told; two in the same moment are not."""
    leaves = [a_leaf(None, 0, 5), a_leaf(None, 0, 4), a_leaf(None, 0, 5), a_leaf(None, 0, 4)]
    assert kinds(sealed(leaves)) == [(1, "time"), (3, "time")]


def test_versions_are_dense() -> None:
    """A project's versions count from 1 without leaving one out and without one twice."""
    leaves = [a_leaf("a", 2, 0), a_leaf("a", 3, 0), a_leaf("a", 3, 0), a_leaf("b", 1, 0)]
    assert kinds(sealed(leaves)) == [(0, "version"), (2, "version")]


def test_an_unreadable_leaf_is_told() -> None:
    """Bytes that are no leaf are told, and what comes after is still read."""
    leaves = [a_leaf("a", 1, 0), b"garbage", a_leaf("a", 3, 0)]
    assert kinds(sealed(leaves)) == [(1, "leaf"), (2, "version")]
