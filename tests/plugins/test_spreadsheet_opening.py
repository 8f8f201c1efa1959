"""A sheet opens projects: all of them or none, each once, and every mistake is told by its cell."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.api import Conflict, Engine, InputRefused, NotFound, NotPermitted
from plugins.spreadsheet.opening import open_all
from plugins.spreadsheet.planning import Plan, plan_of

from .sheets import GOOD, PAT, filled, made_once, place_of, read_book, register, saved

__all__ = ["made_once", "register"]  # fixtures


def planned(engine: Engine, content: bytes, actor: str | None = PAT, workflow: str | None = None) -> Plan:
    return plan_of(engine, content, workflow, actor)


def told(plan: Plan) -> dict[str, str]:
    return {one.cell.removeprefix("Projects!"): one.message for one in plan.mistakes}


def size(engine: Engine) -> int:
    return int(engine.verify()["size"])


# what is opened


def test_a_starter_as_it_is_opens_nothing(register: Engine) -> None:
    """The example row is never a project, and neither is an empty row."""
    plan = planned(register, filled(register))
    assert (plan.projects, plan.mistakes, plan.workflow) == ([], [], "small")


def test_a_row_becomes_the_project_it_says(register: Engine) -> None:
    """Every kind of column comes out as the field it fills, in the engine's own form.

    Seen to fail when money went through a float, and when a choice in words was not known again.
    """
    content = filled(register, {"id": "CC-1", **GOOD})
    plan = planned(register, content)
    assert told(plan) == {}
    open_all(register, plan, PAT)
    assert register.project("CC-1")["fields"] == {
        "commissioner": "Northmere ICB",
        "worth": "250000.50",
        "starts_on": "2026-06-01",
        "route": "open_call",
        "consulted": True,
        "heard": ["Roma", "Deaf people"],
        "present": {"lived_experience": 3},
        "members": 12,
    }
    assert register.project("CC-1")["title"] == "Crisis café"


def test_what_is_left_empty_takes_its_default_and_an_id_is_made(register: Engine) -> None:
    """A row needs no more than what must be filled in."""
    open_all(register, planned(register, filled(register, {"title": "A", "commissioner": "B"})), PAT)
    (project,) = register.projects()["projects"]
    assert project["project"].startswith("P-")
    assert register.project(project["project"])["fields"] == {"commissioner": "B", "route": "not_said"}


def test_a_list_may_have_a_new_line_between_its_items(register: Engine) -> None:
    """Where a cell has several lines each is an item, commas and all."""
    row = {"id": "CC-1", **GOOD, "heard": "Roma, Sinti\nDeaf people,\n"}
    open_all(register, planned(register, filled(register, row)), PAT)
    assert register.project("CC-1")["fields"]["heard"] == ["Roma, Sinti", "Deaf people"]


def test_looking_changes_nothing(register: Engine) -> None:
    """A dry run reads and no more: the ledger is as long as before, with mistakes or without."""
    before = size(register)
    planned(register, filled(register, GOOD))
    planned(register, filled(register, GOOD, {"title": "Only a title"}))
    assert size(register) == before


# once, and all or none


def test_the_same_file_again_opens_nothing_twice(register: Engine) -> None:
    """Whatever is opened is not opened again from the very same file, ids of its own or not.

    Seen to fail when the keys were made anew for each run.
    """
    content = filled(register, {"id": "CC-1", **GOOD}, {**GOOD, "title": "Second"})
    open_all(register, planned(register, content), PAT)
    before = size(register)
    again = planned(register, content)
    assert told(again) == {}
    assert [one.opened is not None for one in again.projects] == [True, True]
    assert all(answer["replayed"] for answer in open_all(register, again, PAT))
    assert size(register) == before
    assert len(register.projects()["projects"]) == 2


def test_a_crash_in_the_middle_is_taken_up_where_it_was(register: Engine) -> None:
    """What a run that broke off had opened stays, and the next run opens the rest."""
    content = filled(register, *({**GOOD, "title": f"Number {n}"} for n in range(4)))
    plan = planned(register, content)
    plan.projects = plan.projects[:2]  # and then the power went
    open_all(register, plan, PAT)
    answers = open_all(register, planned(register, content), PAT)
    assert [answer["replayed"] for answer in answers] == [True, True, False, False]
    assert len(register.projects()["projects"]) == 4


def test_somebody_else_s_project_in_the_way_is_told_with_its_cell(register: Engine) -> None:
    """An id that is taken between the look and the deed stops there, says how far it came, and can be taken up."""
    content = filled(register, {**GOOD, "title": "First"}, {"id": "CC-9", **GOOD})
    plan = planned(register, content)
    register.new_project("Theirs", "small", project_id="CC-9", fields={"commissioner": "B"}, actor=PAT)
    with pytest.raises(Conflict, match=r"Projects!A4: There is a project CC-9 already\. Opened so far: 1\.") as stopped:
        open_all(register, plan, PAT)
    assert stopped.value.code == "id_taken"
    assert stopped.value.details["cell"] == "Projects!A4"
    assert len(stopped.value.details["opened"]) == 1


def test_who_may_not_open_projects_is_told_before_anything(register: Engine) -> None:
    """The engine's own rules on who may open a project hold for sheets."""
    content = filled(register, GOOD)
    with pytest.raises(NotPermitted):
        planned(register, content, actor="nobody@x.example")
    assert told(planned(register, content, actor=None)) == {}, "whoever only looks need not say who they are"


# mistakes by cell


def test_every_mistake_is_told_by_its_cell_at_once(register: Engine) -> None:
    """One look tells all there is to mend, in the order of the cells, and says what would do.

    Seen to fail when the first mistake of a row hid the others.
    """
    wrong = {
        "title": True,
        "commissioner": datetime(2026, 1, 1),  # noqa: DTZ001  # a cell of Excel knows no time zone
        "worth": 1.005,
        "starts_on": "1/6/2026",
        "route": "the moon",
        "consulted": 1,
        "present.lived_experience": -1,
        "members": 2.5,
    }
    found = told(planned(register, filled(register, wrong, {"title": "Only a title"})))
    assert list(found) == ["B3", "C3", "D3", "E3", "F3", "G3", "I3", "K3", "C4"]
    assert found["B3"] == "Title: It holds true or false; write words."
    assert "1.005 has parts of a penny" in found["D3"]
    assert "can be read in more than one way" in found["E3"]
    assert "none of: not said, open call, direct award" in found["F3"]
    assert "no number may be below 0" in found["I3"]
    assert found["K3"] == "Members: 2.5 is no whole number."
    assert found["C4"] == "Commissioner is required; fill it in."


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("worth", "=1+1", "It holds a formula"),
        ("commissioner", '=HYPERLINK("http://x.example","y")', "It holds a formula"),
        ("worth", True, "true or false"),
        ("worth", "lots", "must be an amount in pounds"),
        ("worth", 1e300, "too large"),
        ("members", "twelve", "must be a whole number"),
        ("starts_on", True, "It holds no date; give the cell the kind date"),
        ("starts_on", datetime(2026, 1, 1, 9, 30), "a date with a time of day"),  # noqa: DTZ001  # as above
        ("starts_on", "2026-02-30", "can be read in more than one way"),
        ("consulted", "perhaps", "must be yes or no"),
        ("id", "CC 1/..", "1 to 64 letters"),
        ("title", "x" * 301, "300 is the most"),
        ("commissioner", "a\u202eb", "control character"),
        ("worth", "#DIV/0!", "an error of Excel"),
    ],
)
def test_a_cell_of_another_kind_is_a_mistake(register: Engine, name: str, value: Any, says: str) -> None:
    """What does not fit its column is told at that cell and nowhere else, and opens nothing."""
    content = filled(register, {**GOOD, name: value})
    place = place_of(read_book(content)["Projects"], name)
    found = told(planned(register, content))
    assert list(found) == [f"{'ABCDEFGHIJK'[place - 1]}3"]
    assert says in found.popitem()[1]


def test_two_rows_of_one_id_are_a_mistake(register: Engine) -> None:
    """An id that stands twice is told at the second, with the first named; one that a project has is told, too."""
    register.new_project("Theirs", "small", project_id="CC-9", fields={"commissioner": "B"}, actor=PAT)
    rows = {"id": "CC-1", **GOOD}, {"id": " CC-1 ", **GOOD}, {"id": "CC-9", **GOOD}
    found = told(planned(register, filled(register, *rows)))
    assert found == {
        "A4": "The id CC-1 stands in Projects!A3 already; give each project its own.",
        "A5": "There is a project CC-9 already.",
    }


def test_a_title_that_is_there_already_is_worth_knowing(register: Engine) -> None:
    """Two projects may be called the same, but mostly it is one project twice; so it is noted, and no mistake."""
    register.new_project("crisis CAFÉ", "small", project_id="CC-9", fields={"commissioner": "B"}, actor=PAT)
    plan = planned(register, filled(register, GOOD))
    assert told(plan) == {}
    assert [note.as_json() for note in plan.notes] == [
        {"cell": "Projects!B3", "message": "There is a project with this title already: CC-9."}
    ]


# columns and rows


def test_a_column_that_nobody_knows_is_a_mistake(register: Engine) -> None:
    """A heading without a field is told once, whatever stands under it; a column that is there twice, too."""

    def add(page: Any) -> None:
        page.cell(1, 12, "Colour (colour)")
        page.cell(3, 12, "red")
        page.cell(1, 13, "Value (worth)")

    found = told(planned(register, filled(register, GOOD, change=add)))
    assert set(found) == {"L1", "M1"}
    assert "no column “Colour (colour)”" in found["L1"]
    assert "there twice" in found["M1"]


def test_a_column_that_must_be_there_is_missed(register: Engine) -> None:
    """Without the column of a required field that is one mistake, and not one for each row."""

    def drop(page: Any) -> None:
        page.delete_cols(3)

    assert told(planned(register, filled(register, GOOD, GOOD, change=drop))) == {
        "1": "The column “Commissioner (commissioner) *” is missing. Put it back."
    }


def test_columns_may_change_places_and_lose_their_brackets(register: Engine) -> None:
    """A column is known by its name or its title, wherever it stands."""

    def change(page: Any) -> None:
        page["C1"].value, page["D1"].value = "value", " COMMISSIONER *"
        page["C3"].value, page["D3"].value = page["D3"].value, page["C3"].value

    plan = planned(register, filled(register, GOOD, change=change))
    assert told(plan) == {}
    assert plan.projects[0].fields["worth"] == "250000.50"


def test_a_cell_without_a_heading_is_a_mistake(register: Engine) -> None:
    """What stands to the right of everything belongs to nothing, and is told so; it makes no project."""
    found = told(planned(register, filled(register, GOOD, change=lambda page: page.cell(9, 30, "stray"))))
    assert found == {"AD9": "There is no heading above this cell. Take it out, or give it one."}


def test_headings_that_come_twice_are_no_project(register: Engine) -> None:
    """A second row of headings is told and not opened."""

    def again(page: Any) -> None:
        page.insert_rows(2)
        for cell in page[1]:
            page.cell(2, cell.column, cell.value)

    plan = planned(register, filled(register, GOOD, change=again))
    assert told(plan) == {"2": "This row repeats the headings. Take it out."}


def test_what_is_hidden_or_merged_is_told(register: Engine) -> None:
    """Nothing is opened that whoever looks at the sheet does not see, or cannot tell apart.

    Seen to fail: the library reads hidden rows like all others.
    """

    def hide(page: Any) -> None:
        page.row_dimensions[4].hidden = True
        page.column_dimensions["K"].hidden = True
        page.merge_cells("C5:D5")

    found = told(planned(register, filled(register, GOOD, GOOD, GOOD, change=hide)))
    assert "This row is hidden" in found["4"]
    assert "This column is hidden" in found["K"]
    assert "merged" in found["C5:D5"]


def test_a_hidden_row_that_is_empty_is_nothing(register: Engine) -> None:
    """What holds nothing may be hidden."""

    def hide(page: Any) -> None:
        page.row_dimensions[40].hidden = True

    assert told(planned(register, filled(register, GOOD, change=hide))) == {}


def test_empty_rows_between_are_left_out(register: Engine) -> None:
    """A project far down is found, its row keeps its number, and spaces alone are nothing."""

    def far(page: Any) -> None:
        page.cell(5_000, 2, "Far")
        page.cell(5_000, 3, "ICB")
        page.cell(400, 2, "   ")

    plan = planned(register, filled(register, GOOD, change=far))
    assert [(one.row, one.title) for one in plan.projects] == [(3, "Crisis café"), (5_000, "Far")]


def test_another_sheet_is_not_read_and_that_is_said(register: Engine) -> None:
    """Only the sheet Projects counts; another that holds something is named."""
    book = read_book(filled(register, GOOD))
    book.create_sheet("More")["A1"] = "x"
    plan = planned(register, saved(book))
    assert [note.cell for note in plan.notes] == ["More"]


# which workflow


def test_the_workflow_is_the_one_the_sheet_was_made_for_or_the_one_named(register: Engine) -> None:
    """A sheet says which workflow it is for; without that it must be named, and it must be there."""
    book = read_book(filled(register, GOOD))
    del book["About"]
    with pytest.raises(InputRefused, match="give --workflow"):
        planned(register, saved(book))
    assert planned(register, saved(book), workflow="small").workflow == "small"
    with pytest.raises(NotFound):
        planned(register, saved(book), workflow="large")


def test_a_workflow_that_changed_since_is_noted(register: Engine) -> None:
    """A sheet made for an earlier definition is read with the fields of today, and says so."""
    from .sheets import DEFINITION

    content = filled(register, GOOD)
    register.load_definition(DEFINITION.replace("For tests.", "Again.").encode(), "small.yaml", actor=PAT)
    assert [note.cell for note in planned(register, content).notes] == ["About!B3"]


# through the command line


def cocycle(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli", *words, "--db", "cocycle.db"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


def test_the_commands_go_from_the_starter_to_the_projects(register: Engine, tmp_path: Path) -> None:
    """A starter is made, looked at with its mistakes, mended and opened, each with the contract's exit code."""
    register.close()
    made = cocycle(tmp_path, "spreadsheet", "starter", "--workflow", "small", "--out", "new.xlsx", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["workflow"] == "small"
    assert cocycle(tmp_path, "spreadsheet", "starter", "--workflow", "small", "--out", "new.xlsx").returncode == 2
    book = read_book((tmp_path / "new.xlsx").read_bytes())
    book["Projects"]["B3"] = "Crisis café"
    (tmp_path / "new.xlsx").write_bytes(saved(book))
    refused = cocycle(tmp_path, "spreadsheet", "open", "new.xlsx", "--dry-run")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "new.xlsx: 1 mistake. Nothing was opened.\n  Projects!C3: Commissioner is required" in refused.stderr
    as_json = cocycle(tmp_path, "spreadsheet", "open", "new.xlsx", "--json", "--as", PAT)
    error = json.loads(as_json.stdout)["error"]
    assert (as_json.returncode, error["code"]) == (2, "sheet_mistakes")
    assert [m["cell"] for m in error["details"]["mistakes"]] == ["Projects!C3"]
    book["Projects"]["C3"] = "Northmere ICB"
    (tmp_path / "new.xlsx").write_bytes(saved(book))
    looked = cocycle(tmp_path, "spreadsheet", "open", "new.xlsx", "--dry-run")
    assert looked.returncode == 0
    assert "1 project would be opened" in looked.stdout
    assert "Projects!C3: Commissioner (commissioner) = Northmere ICB" in looked.stdout
    assert cocycle(tmp_path, "spreadsheet", "open", "new.xlsx").returncode == 2, "nobody said who they are"
    assert cocycle(tmp_path, "spreadsheet", "open", "new.xlsx", "--as", "no@x.example").returncode == 6
    doubted = cocycle(tmp_path, "spreadsheet", "open", "new.xlsx", "--as", PAT, "--json")  # made long ago, by its clock
    assert json.loads(doubted.stdout)["error"]["code"] == "clock_ahead"
    assert cocycle(tmp_path, "clock", "confirm", "--as", PAT).returncode == 0
    opened = cocycle(tmp_path, "spreadsheet", "open", "new.xlsx", "--as", PAT, "--json")
    assert json.loads(opened.stdout)["opened"] == 1
    again = cocycle(tmp_path, "spreadsheet", "open", "new.xlsx", "--as", PAT)
    assert again.stdout == "Opened 0 projects from new.xlsx. 1 project had been opened from it before.\n"
    assert cocycle(tmp_path, "spreadsheet", "open", "gone.xlsx", "--dry-run").returncode == 8
