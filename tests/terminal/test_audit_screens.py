"""`cocycle audit` as a stranger drives it: pages, files in three forms in which nothing can run, and the past."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from engine.api import InputRefused, StorageUnavailable, log_lines, whole_file, write_excel
from engine.auditing.tables import COLUMNS, MOST_LETTERS

from .conftest import GARDEN, Run


def test_a_page_ends_with_the_command_for_the_next(look: Run) -> None:
    """People get so many entries, each with who, when, where and what, and the command for more where there is more."""
    first = look("audit", "log", "project:G-1", "--limit", "2")
    assert first.returncode == 0
    assert "Pia Manager, G-1 in dream\n                Opened “Old Kent Road” in Dream.\n" in first.stdout
    assert "\n\nNext\n  cocycle audit log project:G-1 --limit 2 --after " in first.stdout
    rest = look("audit", "log", "project:G-1", "--after", first.stdout.split()[-1])
    assert "Handed in evidence for “Plan of the beds”, level engagement, 1 file" in rest.stdout
    assert "Next" not in rest.stdout
    assert look("audit", "log", "action:held").stdout == "Nothing that happened is like that.\n"


def test_json_is_one_object_with_the_cursor(look: Run) -> None:
    """`--json` gives the entries and the cursor of the next page, which is null on the last."""
    found = json.loads(look("audit", "log", "--json", "--limit", "3").stdout)
    assert found["next"] == "2"
    assert [entry["seq"] for entry in found["entries"]] == [0, 1, 2]
    assert {*COLUMNS} <= found["entries"][0].keys()
    assert json.loads(look("audit", "log", "--json").stdout)["next"] is None


def test_three_forms_tell_the_same(look: Run, tmp_path: Path) -> None:
    """JSON Lines, CSV and Excel hold the same entries, in the same order, with the same sentences."""
    lines = [json.loads(line) for line in look("audit", "log", "--format", "jsonl").stdout.splitlines()]
    text = look("audit", "log", "--format", "csv").stdout
    table = list(csv.DictReader(io.StringIO(text, newline="")))
    done = look("audit", "log", "--format", "xlsx", "--out", str(tmp_path / "log.xlsx"))
    assert done.stdout == f"Wrote {len(lines)} entries to {tmp_path / 'log.xlsx'}.\n"
    sheet = load_workbook(tmp_path / "log.xlsx")["Log"]
    cells = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert cells[0] == list(COLUMNS) == list(table[0])
    assert [row["says"] for row in table] == [row[7] for row in cells[1:]] == [line["says"] for line in lines]
    assert [json.loads(row["body"]) for row in table] == [line["body"] for line in lines]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_a_file_is_never_overwritten_unasked(look: Run, tmp_path: Path) -> None:
    """An existing file stays as it is without --force and is replaced with it; --force without a file is refused."""
    out = tmp_path / "log.csv"
    out.write_text("mine")
    words = ("audit", "log", "--format", "csv", "--out", str(out))
    refused = look(*words)
    assert (refused.returncode, out.read_text()) == (2, "mine")
    assert "give --force to replace it" in refused.stderr
    assert look(*words, "--force").returncode == 0
    assert out.read_text().startswith("seq,at,by,")
    assert look("audit", "log", "--force").returncode == 2
    assert look("audit", "log", "--format", "xlsx").returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["log.csv"]


def test_mistakes_are_told_all_at_once_and_options_still_are(look: Run) -> None:
    """A query with mistakes exits with 2 and names each; a misspelt option is no word of the query."""
    wrong = look("audit", "log", "acter:x", "-action:signd", "word")
    assert wrong.returncode == 2
    for part in ("Did you mean actor?", "Did you mean signed?", "searches nothing"):
        assert part in wrong.stderr
    assert "Did you mean --format?" in look("audit", "log", "--fromat", "csv").stderr
    assert look("audit", "log", "-action:evidence", "--json").returncode == 0


def test_a_thing_is_found_or_is_nowhere(look: Run, garden: Path, tmp_path: Path) -> None:
    """A file that was handed in is found with its record; another exits with 8."""
    found = look("audit", "find", str(garden / "plan.txt"))
    assert found.returncode == 0
    assert "is the SHA-256 of a file" in found.stdout
    assert "for plan in G-1, with plan.txt" in found.stdout
    (tmp_path / "other.txt").write_text("other\n")
    assert look("audit", "find", str(tmp_path / "other.txt")).returncode == 8
    assert look("audit", "find", "0" * 64, "--json").returncode == 8
    assert look("audit", "find", "999999").returncode == 8


def test_the_past_says_that_it_is_the_past(look: Run) -> None:
    """With --as-of the screens begin with the point they are of, and offer nothing to do but to look at now."""
    seq = json.loads(look("audit", "log", "action:project_opened", "--json").stdout)["entries"][0]["seq"]
    for words in (("gate", "G-1"), ("project", "show", "G-1")):
        shown = look(*words, "--as-of", str(seq))
        assert shown.stdout.startswith("As it stood on ")
        assert f", entry {seq}. This is the past.\n" in shown.stdout
        assert shown.stdout.endswith(f"Next\n  cocycle {' '.join(words)}\n")
        assert "This is the past" not in look(*words).stdout
    assert "What was to do then" in look("gate", "G-1", "--as-of", str(seq)).stdout


def test_what_if_reads_like_a_comparison(look: Run, tmp_path: Path) -> None:
    """Each gate says what was recorded and what it would be there, with the differences under their headings."""
    other = tmp_path / "other.yaml"
    other.write_text(GARDEN.read_text().replace("level: engagement, signed_by", "level: co_design, signed_by"))
    shown = look("audit", "what-if", "G-1", "--definition", str(other))
    assert shown.returncode == 0
    assert "Spade gate\n  Recorded        shut on " in shown.stdout
    assert "  There           it would be shut\n" in shown.stdout
    assert shown.stdout.endswith("Nothing was changed. This is what the rules would say; nobody decided it.\n")
    assert look("audit", "what-if", "G-9", "--definition", str(other)).returncode == 8
    assert look("audit", "what-if", "G-1", "--definition", "gardn").returncode == 8


def row(says: str, name: str = "Sam") -> dict[str, Any]:
    """Returns an entry as the writers take it."""
    return dict.fromkeys(COLUMNS, "") | {"seq": 1, "says": says, "name": name, "body": {"a": says}, "words": {}}


TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from("=+-@\t\r\n'\"\x00\x1f"), max_size=40)


@settings(deadline=None)
@given(says=TEXTS, name=TEXTS)
def test_no_cell_of_a_table_can_run(says: str, name: str) -> None:
    """In CSV no cell begins with what a spreadsheet takes for a formula, and taking one apostrophe off gives the text.

    Seen to fail when `@` was left out of the list.
    """
    text = b"".join(log_lines([row(says, name)], "csv")).decode()
    [heading, cells] = csv.reader(io.StringIO(text, newline=""))
    assert heading == list(COLUMNS)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    for told, given_text in ((cells[7], says), (cells[3], name)):
        assert given_text in (told, told.removeprefix("'"))
    [line] = b"".join(log_lines([row(says, name)], "jsonl")).decode().splitlines()
    assert json.loads(line)["says"] == says


@settings(deadline=None, max_examples=25)
@given(says=st.sampled_from(["=1+1", "@SUM(A1)", "+1", "-1"]) | TEXTS)
def test_no_cell_of_a_sheet_is_a_formula(says: str) -> None:
    """In Excel every cell is text; what XML cannot hold is replaced, and everything else is told as it is.

    Seen to fail when the type of the cell was left to openpyxl.
    """
    target = io.BytesIO()
    write_excel([row(says)], target)
    cell = load_workbook(target)["Log"]["H2"]
    assert cell.data_type in ("s", "inlineStr"), "a text, the second where it is empty"
    unheld = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
    assert (cell.value or "") == unheld.sub("�", says).replace("\r\n", "\n").replace("\r", "\n")
    if says.startswith(("=", "+", "-", "@")):
        assert cell.quotePrefix


def test_a_text_that_a_cell_cannot_hold_says_that_it_was_cut() -> None:
    """A text longer than a cell holds ends in saying so."""
    target = io.BytesIO()
    write_excel([row("x" * (MOST_LETTERS + 1))], target)
    value = load_workbook(target)["Log"]["H2"].value
    assert len(value) == MOST_LETTERS
    assert "cut here" in value


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """Where writing fails half-way nothing is left, and what was there before still is.

    Seen to fail when the file was written under its own name.
    """

    def half() -> Iterator[dict[str, Any]]:
        yield row("one")
        raise InputRefused("no more")

    out = tmp_path / "log.csv"
    out.write_text("before")
    for replace in (True, False):
        target = out if replace else tmp_path / "new.csv"
        with pytest.raises(InputRefused), whole_file(target, replace=replace) as file:  # noqa: PT012  # the block is what fails
            for line in log_lines(half(), "csv"):
                file.write(line)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("log.csv", "before")]
    for wrong in (tmp_path / "gone" / "log.csv", tmp_path):
        with pytest.raises((InputRefused, StorageUnavailable)), whole_file(wrong, replace=True):
            pass
