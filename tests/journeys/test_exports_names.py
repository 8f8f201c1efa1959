"""The names that an exporter gives its files: none leads out of the folder, and nothing is written where one is bad."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.errors import InputRefused
from engine.giving_files import name_fault, put_files
from engine.hookshapes import ExportedFile

TRICKY = "/\\.:~-* \x00\n\u202e\ud800aA|é…"
names = st.text(st.sampled_from(TRICKY), max_size=8) | st.text(max_size=200) | st.text(st.sampled_from(".-~a"))


def file(name: str, content: bytes = b"x") -> ExportedFile:
    """Returns a file as an exporter makes it."""
    return ExportedFile(name, "text/plain", content)


@settings(derandomize=True, deadline=None, max_examples=400, database=None)
@given(names)
def test_a_name_that_is_taken_is_a_file_of_the_folder(name: str) -> None:
    """A name without a fault makes one plain file of that name in the folder; any other leaves the folder empty.

    Seen to fail when the dot in front is let through.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if name_fault(name) is None:
            put_files("a/b", [file(name)], folder, force=False)
            assert [p.name for p in folder.rglob("*")] == [name]
            assert not {"/", "\\", "\x00"}.intersection(name)
            assert name[0] != "."
        else:
            with pytest.raises(InputRefused):
                put_files("a/b", [file("good.txt"), file(name)], folder, force=True)
            assert list(folder.rglob("*")) == []


@pytest.mark.parametrize("name", ["deadlines.ics", "CC-007.json", "Übersicht 2026.csv", "a", "release-package_1.json"])
def test_ordinary_names_are_taken(name: str) -> None:
    """What people call files is a name."""
    assert name_fault(name) is None


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".hidden", "../x", "a/b", "a\\b", "C:x", "nul", "COM1.txt", "x.", " x", "é" * 76]
)
def test_names_that_some_system_cannot_keep_are_not(name: str) -> None:
    """A path, a hidden file, a device of Windows, or a name that is too long is refused with the reason."""
    assert name_fault(name)


def test_two_names_that_differ_in_capitals_only_are_one(tmp_path: Path) -> None:
    """On many systems they would be one file, so neither is written."""
    with pytest.raises(InputRefused, match="two files called a.TXT"):
        put_files("a/b", [file("A.txt"), file("a.TXT")], tmp_path, force=False)
    assert list(tmp_path.iterdir()) == []


def test_where_one_cannot_be_written_none_is(tmp_path: Path) -> None:
    """A folder in the place of the second file stops the first one, too, and what was there stays."""
    (tmp_path / "b").mkdir()
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(InputRefused, match="no plain file"):
        put_files("a/b", [file("a", b"new"), file("b")], tmp_path, force=True)
    assert (tmp_path / "a").read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]
