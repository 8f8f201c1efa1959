"""The commands `deadlines` and `export`, as people and programs meet them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from terminal.asked import Asked
from terminal.render_deadlines import GROUPS, render_deadlines
from terminal.screen import Page

Run = Callable[..., CompletedProcess[str]]
PIA, GIL = "pia@example.org", "gil@example.org"


def a_deadline(**more: Any) -> dict[str, Any]:
    """Returns a deadline as the engine gives it."""
    return {
        "project": "CC-1",
        "project_title": "Harbour Lights",
        "what": "The last day it counts",
        "due": "2026-07-14",
        "days_left": 14,
        "working_days_left": 10,
        "act_by": "2026-07-14",
        "state": "due_soon",
        "kind": "freshness",
        "title": "Equality assessment",
        "severity": "law",
        "who_titles": ["Equality lead", "Senior responsible owner"],
        "owner": None,
        "gate_title": "Plan gate",
        "passed": False,
        "one_of": None,
        "on_hold": False,
        "basis": {"kind": "law", "source": "Equality Act 2010, section 149"},
        "says": None,
        "name": "Equality assessment",
        "means": "The record counts until that day, and the plan gate needs one that counts.",
        "who": ["edi", "sro"],
        "ask": [
            {"role": "edi", "title": "Equality lead", "people": [{"id": "p-1", "name": "Sam Obi"}]},
            {"role": "sro", "title": "Senior responsible owner", "people": [{"id": "p-2", "name": "Al Kettle"}]},
        ],
        "owner_name": None,
        "yours": None,
    } | more


def written(*deadlines: dict[str, Any], project: str | None = None, within: int | None = None) -> str:
    """Returns the page of deadlines."""
    page, found = Page(), {"as_of": "2026-06-30", "deadlines": list(deadlines), "not_known": []}
    render_deadlines(page, found, Asked(), project, within)
    return page.text()


def test_a_deadline_says_what_when_and_whom_to_ask() -> None:
    """A tired reader finds the day first, then how far off it is, what it is about, what it means, and whom to ask."""
    assert written(a_deadline()) == (
        "1 deadline; none is overdue. As of 30 June 2026.\n"
        "\n"
        "Due soon (1)\n"
        "  Tuesday 14 July 2026, in 10 working days\n"
        "      Equality assessment  [CC-1 Harbour Lights]\n"
        "      The record counts until that day, and the plan gate needs one that counts.\n"
        "      Ask Sam Obi (equality lead) or Al Kettle (senior responsible owner).\n"
        "\n"
        "Next\n"
        "  cocycle gate CC-1\n"
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"days_left": 0, "working_days_left": 0}, "14 July 2026, today"),
        ({"days_left": 1, "working_days_left": 1}, "14 July 2026, tomorrow"),
        ({"days_left": -1, "working_days_left": -1}, "14 July 2026, yesterday"),
        ({"days_left": 2, "working_days_left": 0}, "14 July 2026, in 2 days"),
        ({"days_left": -3, "working_days_left": -1}, "14 July 2026, 1 working day ago"),
        ({"days_left": 400, "working_days_left": 280}, "14 July 2026, in 400 days"),
        ({"days_left": 40, "working_days_left": None}, "14 July 2026, in 40 days"),
        ({"act_by": "2026-07-10"}, "Nobody works on that day: do it by Friday 10 July 2026."),
        ({"on_hold": True}, "The project is on hold; the day stays."),
        ({"kind": "condition", "owner": "p-1", "owner_name": "Lee Lead"}, "Lee Lead answers for it."),
        ({"owner": "p-1", "yours": {"roles": [], "owner": True}}, "You answer for it."),
        ({"yours": {"roles": ["Equality lead"], "owner": False}}, "Yours, as equality lead."),
        ({"kind": "stage", "yours": {"roles": ["Sponsor"], "owner": False}}, "You decide there, as sponsor."),
        (
            {"owner": "p-1", "owner_name": "Lee Lead", "yours": {"roles": ["Sponsor"], "owner": False}},
            "You can accept it once it is met, as sponsor.",
        ),
        ({"ask": None}, "Ask the equality lead or senior responsible owner."),
        (
            {
                "ask": [
                    {"role": "edi", "title": "Equality lead", "people": [], "granted_by": [{"id": "a", "name": "Ada"}]}
                ]
            },
            "Nobody holds the role equality lead; Ada can grant it.",
        ),
        ({"state": "not_due_yet"}, "  14 July 2026, in 10 working days"),
        ({"state": "overdue", "days_left": -9}, "1 deadline; 1 overdue."),
        ({"state": "critically_overdue", "days_left": -9}, "1 deadline; 1 critically overdue."),
        ({"project_title": None}, "[CC-1 the title was erased]"),
    ],
)
def test_what_is_said_of_a_deadline(more: dict[str, Any], said: str) -> None:
    """Near days are named, far ones counted, and what else matters is said in a sentence of its own."""
    assert said in written(a_deadline(**more))


def test_the_groups_stand_in_their_order_and_only_where_they_have_something() -> None:
    """Critically overdue, overdue, due soon, not due yet; an empty group has no heading."""
    page = written(*(a_deadline(state=state) for state in GROUPS))
    places = [page.index(f"\n{heading} (1)") for heading in GROUPS.values()]
    assert places == sorted(places)
    assert "Overdue" not in written(a_deadline())
    assert written(project="CC-1", within=5) == "Nothing is due in CC-1 within 5 days. As of 30 June 2026.\n"


def test_the_list_as_it_would_be_on_another_day(look: Run) -> None:
    """With --at the same command speaks of that day, and as JSON it has the shape of the contract."""
    ended = look("deadlines", "--at", "2027-01-01", "--json")
    assert ended.returncode == 0, ended.stdout
    found = json.loads(ended.stdout)
    assert found["as_of"] == "2027-01-01"
    assert all({"project", "what", "requirement", "due", "days_left", "state"} <= d.keys() for d in found["deadlines"])
    assert look("deadlines", "--project", "G-1").returncode == 0


def test_whose_list_it_is_follows_who_asks(look: Run) -> None:
    """Acting as somebody the list is theirs; a manager sees everybody's, as does everybody with --all."""
    listed = {}
    for who in ("gil@example.org", "nan@example.org", PIA, "aud@example.org", "ada@example.org"):
        for words in ((), ("--all",), ("--mine",)):
            ended = look("deadlines", *words, "--as", who, "--json")
            assert ended.returncode == 0, ended.stderr
            found = json.loads(ended.stdout)
            listed[who, words] = ([d["id"] for d in found["deadlines"]], found["mine"])
    everybody = [d["id"] for d in json.loads(look("deadlines", "--json").stdout)["deadlines"]]
    assert everybody
    assert all(ids == (everybody, False) for (_, words), ids in listed.items() if words == ("--all",))
    assert all(mine for (_, words), (_, mine) in listed.items() if words == ("--mine",))
    assert all(listed[who, ()] == (everybody, False) for who in (PIA, "aud@example.org", "ada@example.org"))
    assert all(listed[who, ()] == listed[who, ("--mine",)] for who in ("gil@example.org", "nan@example.org"))


def test_the_page_says_whose_it_is_and_how_to_go_on() -> None:
    """A list of one's own says so and how to see everybody's; a page says how to go on, with the same words."""
    asked = Asked(actor=GIL)
    found = {"as_of": "2026-06-30", "deadlines": [], "not_known": [], "mine": True, "next": None}
    page = Page()
    render_deadlines(page, found, asked, None, 5)
    assert page.text() == (
        "Nothing of yours is due within 5 days. As of 30 June 2026.\n"
        "\n"
        "Next\n"
        "For everybody's:\n"
        "  cocycle deadlines --within 5 --all\n"
    )
    page = Page()
    render_deadlines(page, {**found, "deadlines": [a_deadline()], "next": "2026-07-14/CC-1/x"}, asked, None, None)
    assert page.text().startswith("The first 1 deadline of yours; none is overdue.")
    assert f"cocycle deadlines --mine --limit 1 --after 2026-07-14/CC-1/x --as {GIL}" in page.text()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("deadlines", "--project", "G-9"), 8, "There is no project G-9"),
        (("deadlines", "--mine"), 2, "Say who you are"),
        (("deadlines", "--mine", "--as", "nobody@example.org"), 6, "Nobody with the e-mail"),
        (("deadlines", "--mine", "--all", "--as", "gil@example.org"), 2, "--mine or --all, not both"),
        (("deadlines", "--as", "nobody@example.org"), 6, "Nobody with the e-mail"),
        (("deadlines", "--limit", "0"), 2, "The limit must be a number from 1 to 1,000."),
        (("deadlines", "--after", "soon"), 2, "The list can only go on after"),
        (("deadlines", "--within", "-1"), 2, "The number of days"),
        (("deadlines", "--at", "2027-02-30"), 2, "is not a date"),
        (("export",), 2, "Say which exporter"),
        (("export", "calendar/deadlines", "--list"), 2, "Say which exporter"),
        (("export", "calendar/feed"), 8, "Did you mean calendar/deadlines?"),
        (("export", "calendar/deadlines", "--set", "alarm"), 2, "NAME=VALUE"),
        (("export", "calendar/deadlines", "--set", "a=1", "--set", "A=2"), 2, "a was given twice"),
        (("export", "calendar/deadlines", "--at", "2027-01-01"), 2, "--at is taken by"),
        (("export", "calendar/deadlines", "--out", "nowhere/"), 2, "There is no folder nowhere/"),
        (("export", "calendar/deadlines", "G-9"), 8, "There is no project G-9"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(look: Run, words: tuple[str, ...], code: int, said: str) -> None:
    """Each mistake has its exit code and one clear sentence, and leaves no file."""
    ended = look(*words)
    assert (ended.returncode, said in ended.stderr) == (code, True), ended.stderr


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Where a file is made."""
    return tmp_path / "made.ics"


def test_a_calendar_of_the_deadlines(look: Run, here: Path) -> None:
    """The command makes the file, tells where it is and its digest, and does not write over it a second time."""
    listed = json.loads(look("export", "--list", "--json").stdout)["exporters"]
    assert {"exporter": "calendar/deadlines", "whole": True}.items() <= listed[0].items()
    words = ("export", "calendar/deadlines", "G-1", "--out", str(here), "--set", "name=The garden")
    ended = look(*words, "--json")
    assert ended.returncode == 0, ended.stdout
    (file,) = json.loads(ended.stdout)["files"]
    assert (file["path"], file["bytes"]) == (str(here), here.stat().st_size)
    assert b"X-WR-CALNAME:The garden\r\n" in here.read_bytes()
    assert look(*words).returncode == 2
    again = look(*words, "--force", "--with-names")
    assert again.returncode == 0
    assert "Made 1 file of 1 project with calendar/deadlines." in again.stdout
    assert "Share them only with those who may see them." in again.stdout
