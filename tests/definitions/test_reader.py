"""The safe reader: what it takes, what it refuses, and where it says so."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.errors import DefinitionError
from engine.definitions.reader import MOST_BYTES, MOST_DEPTH, MOST_NODES, read_tree, read_values
from engine.definitions.report import MOST_PROBLEMS, Report


def refusals(raw: bytes) -> list[tuple[str, int, int]]:
    """Returns rule, line and column of every mistake."""
    with pytest.raises(DefinitionError) as caught:
        read_values(raw, "file.yaml")
    return [(p.rule, p.line, p.column) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("9007199254740991", 2**53 - 1),
        ("9007199254740992", "9007199254740992"),
        ("1.50", "1.50"),
        ("-0.5", "-0.5"),
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("True", "True"),
        ("22:30", "22:30"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1e5", "1e5"),
        ("1_000", "1_000"),
        (".5", ".5"),
        ("2026-01-01", "2026-01-01"),
        ("=", "="),
        ("'true'", "true"),
        ('"12"', "12"),
        ("|\n  1\n  2\n", "1\n2\n"),
    ],
)
def test_only_a_few_words_are_not_text(written: str, value: Any) -> None:
    """Only true, false, null, ~ and plain numbers are anything but text, and quotes make text of all of them."""
    found = read_values(f"key: {written}".encode(), "file.yaml")["key"]
    assert found == value
    assert type(found) is type(value)


def test_a_byte_order_mark_and_windows_lines_are_accepted() -> None:
    """A byte-order mark and CRLF change neither the values nor the places."""
    assert read_values(b"\xef\xbb\xbfa: 1\r\nb: [x, y]\r\n", "file.yaml") == {"a": 1, "b": ["x", "y"]}
    assert refusals(b"\xef\xbb\xbfa: 1\r\na: 2\r\n") == [("yaml/duplicate-key", 2, 1)]


def test_every_value_knows_its_place() -> None:
    """Keys and values know their line and column, counted in characters from 1, and their path."""
    root = read_tree("é: {ü: [1, zwei]}\n".encode(), Report())
    assert root is not None
    inner = root.value["é"].value["ü"]
    assert (inner.key_line, inner.key_column, inner.line, inner.column) == (1, 5, 1, 8)
    assert (inner.value[1].column, inner.value[1].path) == (12, "é.ü[1]")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", [("yaml/empty", 1, 1)]),
        (b"# nothing\n", [("yaml/empty", 1, 1)]),
        (b"---\n", [("yaml/empty", 1, 1)]),
        (b"a: 1\n---\nb: 2\n", [("yaml/several-documents", 2, 1)]),
        (b"a: \xff\n", [("yaml/encoding", 1, 4)]),
        (b"\xff\xfea\x00:\x00", [("yaml/encoding", 1, 1)]),
        (b"a: 1\nb: \x00\n", [("yaml/character", 2, 4)]),
        ("a: x\u202ey\n".encode(), [("yaml/character", 1, 5)]),
        (b"a: &x 1\nb: *x\n", [("yaml/anchor", 1, 4), ("yaml/alias", 2, 4)]),
        (b"a: !!python/object:os.system x\n", [("yaml/tag", 1, 4)]),
        (b"a: !x [1]\n", [("yaml/tag", 1, 4)]),
        (b"<<: {a: 1}\n", [("yaml/merge-key", 1, 1)]),
        (b"a: 1\n'a': 2\n", [("yaml/duplicate-key", 2, 1)]),
        (b"[1]: 2\n", [("yaml/key", 1, 1)]),
        (b"? {a: 1}\n: 2\n", [("yaml/key", 1, 3)]),
        (b"1: 2\ntrue: 3\n~: 4\n", [("yaml/key", 1, 1), ("yaml/key", 2, 1), ("yaml/key", 3, 1)]),
        (b"%YAML 1.1\n---\na: 1\n", [("yaml/directive", 1, 1)]),
        (b"a: [1, 2\nb: 3\n", [("yaml/syntax", 2, 2)]),
        (b"a:\n\t- 1\n", [("yaml/syntax", 2, 1)]),
        (b"a: 'x\n", [("yaml/syntax", 1, 4)]),
        (b"a: {b: 1\n", [("yaml/syntax", 1, 4)]),
    ],
)
def test_what_the_subset_lacks_is_refused_at_its_place(raw: bytes, expected: list[tuple[str, int, int]]) -> None:
    """Each thing outside the subset is refused by its own rule, at its line and column."""
    assert refusals(raw) == expected


def test_all_mistakes_are_told_at_once() -> None:
    """One reading tells every mistake, and what stands before a syntax error is told with it."""
    raw = b"a: &x 1\na: 2\nb: *x\nc: !t 3\n<<: {}\nd: [1\n"
    assert [rule for rule, _, _ in refusals(raw)] == [
        "yaml/anchor",
        "yaml/duplicate-key",
        "yaml/alias",
        "yaml/tag",
        "yaml/merge-key",
        "yaml/syntax",
    ]


@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- ", b"[{a: ", b"? "])
def test_a_bottomless_file_is_answered_at_once(opening: bytes) -> None:
    """Depth is refused where it begins to be too deep, however much of it follows."""
    begun = time.perf_counter()
    found = refusals(opening * 100_000)
    assert found[-1][0] == "yaml/too-deep"
    assert time.perf_counter() - begun < 2


def test_nesting_up_to_the_limit_is_taken() -> None:
    """A file as deep as the limit is read, one level more is not."""
    assert read_values(b"[" * MOST_DEPTH + b"]" * MOST_DEPTH, "file.yaml")
    assert refusals(b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1))[0][0] == "yaml/too-deep"


def test_a_large_file_is_refused_by_size_and_by_count() -> None:
    """Neither bytes nor values beyond the limits are read."""
    assert refusals(b"a: 1\n" + b"#" * MOST_BYTES)[0][0] == "yaml/too-large"
    assert refusals(b"[" + b"1," * (MOST_NODES + 1) + b"]")[0][0] == "yaml/too-many"


def test_an_alias_bomb_expands_to_nothing() -> None:
    """References are refused where they stand, so they cannot multiply."""
    bomb = "a: &a [x,x]\n" + "".join(f"k{i}: &k{i} [{'*a,' * 9}*a]\n" for i in range(50))
    begun = time.perf_counter()
    assert {rule for rule, _, _ in refusals(bomb.encode())} == {"yaml/anchor", "yaml/alias"}
    assert time.perf_counter() - begun < 2


def test_a_flood_of_mistakes_is_cut_off_and_says_so() -> None:
    """Beyond a thousand mistakes the report says that there are more."""
    found = refusals(b"a: 1\n" * (MOST_PROBLEMS + 50))
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1][0] == "language/more-mistakes"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """No bytes at all raise anything but a refusal with a rule and a message."""
    report = Report()
    root = read_tree(raw, report)
    assert root is not None or report.refused
    assert all(p.rule.startswith("yaml/") and p.message for p in report.problems())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text("abc xyz-_.é", max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdef", min_size=1), inner, max_size=4),
    max_leaves=20,
)


@given(JSON.filter(lambda value: value is not None))
def test_plain_json_reads_as_itself(value: Any) -> None:
    """JSON with plain values is YAML of the subset and reads as what it is."""
    assert read_values(json.dumps(value).encode(), "file.yaml") == value
