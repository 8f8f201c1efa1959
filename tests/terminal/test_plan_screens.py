"""The screens of plans and of stuck projects: what a tired reader finds first, and that no word is jargon."""

from __future__ import annotations

import json
from typing import Any

import pytest

from terminal.asked import Asked
from terminal.render_plan import render_plan, slip_in_words
from terminal.render_stuck import render_stuck, whom_to_ask
from terminal.scene import Scene
from terminal.screen import Page

from .conftest import Run

Json = dict[str, Any]


def a_stage(**more: Any) -> Json:
    """Returns a stage of a plan as the engine gives it."""
    return {
        "stage": "plan",
        "title": "Plan",
        "cycle": 1,
        "state": "done",
        "entered_on": "2026-02-09",
        "back_on": None,
        "left_on": "2026-08-26",
        "planned_first": "2026-08-10",
        "planned_last": "2026-08-10",
        "expected": None,
        "slip_first": 12,
        "slip_last": 12,
        "forecast": None,
        "no_forecast": None,
    } | more


def written(*stages: Json) -> str:
    """Returns the page of a plan with these stages."""
    page = Page()
    found = {
        "project": "CC-1",
        "title": "Harbour Lights",
        "as_of": "2026-08-26",
        "final": False,
        "on_hold": False,
        "stage_title": "Plan",
        "expected_by": "2026-08-10",
        "stages": list(stages),
        "baselines": [
            {
                "entry": 7,
                "frozen_on": "2026-02-09",
                "gate": None,
                "gate_title": None,
                "cycle": 1,
                "planned": [
                    {"stage": "plan", "title": "Plan", "by": "2026-08-10"},
                    {"stage": "design", "title": "Design", "by": None},
                ],
            }
        ],
    }
    render_plan(page, found, Scene(Asked(), "CC-1", {}, []))
    return page.text()


def test_a_plan_says_when_it_was_left_and_how_far_it_slipped() -> None:
    """A stage that is over has its day, the planned day and the slip in words; the frozen plans stand below."""
    assert written(a_stage()) == (
        "CC-1: Harbour Lights\n"
        "As of 26 August 2026. It is in Plan, expected by 10 August 2026.\n"
        "\n"
        "Stages\n"
        "  Plan            Left on 26 August 2026.\n"
        "                  Planned for 10 August 2026: 12 working days late.\n"
        "\n"
        "Plans that were frozen\n"
        "  9 February 2026 Opened, ledger entry 7: Plan by 10 August 2026.\n"
        "\n"
        "Next\n"
        "  cocycle project show CC-1\n"
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"planned_last": "2026-08-27", "slip_last": -1}, "Planned again for 27 August 2026: 1 working day early."),
        ({"slip_first": 0}, "Planned for 10 August 2026: on time."),
        ({"slip_first": None}, "Planned for 10 August 2026.\n"),
        ({"state": "stopped"}, "Stopped on 26 August 2026.\n\n"),
        ({"state": "now", "left_on": None, "expected": "2026-08-26"}, "Now, since 9 February 2026. It is overdue."),
        ({"state": "now", "left_on": None, "expected": "2026-08-26"}, "12 working days late so far."),
        (
            {"state": "now", "back_on": "2026-08-01", "expected": "2026-09-30"},
            ", and again since 1 August 2026. Expected",
        ),
        ({"state": "now", "expected": None}, "No day is expected."),
        ({"state": "ahead", "expected": "2026-09-30"}, "Plan            Expected by 30 September 2026."),
        ({"no_forecast": {"cases": 2, "why": "Fewer than five finished cases; no forecast."}}, "no forecast.\n"),
        (
            {
                "state": "ahead",
                "expected": "2026-09-30",
                "forecast": {
                    "cases": 9,
                    "p50_days": 105,
                    "p85_days": 140,
                    "p50_on": "2026-10-04",
                    "p85_on": "2026-12-03",
                },
            },
            "Of 9 finished cases, half took 105 days or less, and 85 in 100 took 140 days or less.\n"
            "                  Forecast: as likely as not by 4 October 2026, very likely (85 in 100) by"
            " 3 December 2026.",
        ),
    ],
)
def test_each_course_of_a_stage_has_its_words(more: Json, said: str) -> None:
    """Whatever became of a stage is said in a short sentence, and what nobody knows is left out."""
    assert said in written(a_stage(**more))


def test_cycles_stand_apart() -> None:
    """Where there are several cycles each has a heading of its own."""
    page = written(a_stage(), a_stage(cycle=2, state="now", left_on=None))
    assert [line for line in page.splitlines() if line.startswith("Stages")] == [
        "Stages of cycle 1",
        "Stages of cycle 2",
    ]


def test_a_slip_is_said_as_people_say_it() -> None:
    """Above nought is late, below is early, nought is on time; one day is one day."""
    assert [slip_in_words(n) for n in (12, 1, 0, -1, -3)] == [
        "12 working days late",
        "1 working day late",
        "on time",
        "1 working day early",
        "3 working days early",
    ]


def asked(role: str, *people: str, granted: tuple[str, ...] = ()) -> Json:
    """Returns a role to ask, with those who hold it, or with those who can grant it."""
    found: Json = {"role": role, "title": role.capitalize(), "people": [{"id": p, "name": p} for p in people]}
    return found | ({"granted_by": [{"id": p, "name": p} for p in granted]} if granted else {})


def test_whom_to_ask_is_a_sentence_and_names_people() -> None:
    """People stand with their role; of many the first two; a role that nobody holds says who can grant it."""
    stuck = {
        "ask": [asked("sponsor", "Ana"), asked("lead", "Bo", "Cy", "Di", "Ed"), asked("checker", granted=("Ada",))]
    }
    assert whom_to_ask(stuck) == [
        "Ask Ana (sponsor) or Bo, Cy and 2 others (lead).",
        "Nobody holds the role checker; Ada can grant it.",
    ]
    assert whom_to_ask({"ask": [{"role": "lead", "title": "Lead", "people": None}]}) == ["Ask the lead."]


def test_stuck_projects_stand_in_a_list_with_the_next_page() -> None:
    """Each says its stage, for how long, why and whom to ask; the filters are said again for the next page."""
    one = {
        "project": "CC-1",
        "title": None,
        "stage_title": "Plan",
        "entered_at": "2026-02-09T09:00:00.000000Z",
        "stuck": {"days": 1, "working_days": 0, "why": "It was so.", "ask": [asked("lead", "Bo")]},
    }
    page = Page()
    found = {"projects": [one], "next": "2026-08-10/CC-1"}
    render_stuck(page, found, Asked(), "2026-08-11", ["--stage", "plan"])
    assert page.text() == (
        "1 stuck project on this page, the longest first. As of 11 August 2026.\n"
        "\n"
        "  CC-1 (title erased), in Plan since 9 February 2026\n"
        "      Stuck for 1 day. It was so.\n"
        "      Ask Bo (lead).\n"
        "\n"
        "Next\n"
        "  cocycle project list --stuck --stage plan --after 2026-08-10/CC-1\n"
        "  cocycle gate CC-1\n"
    )


def test_the_commands_answer_as_a_stranger_types_them(look: Run) -> None:
    """The plan and the stuck list work on a small register, for people and as JSON, and a project that is not there."""
    assert "Stages" in look("project", "plan", "G-1").stdout
    plan = json.loads(look("project", "plan", "G-1", "--json").stdout)
    assert plan["stages"][0]["state"] == "now"
    assert look("project", "list", "--stuck", "--at", "2020-01-01").stdout.startswith("No project is stuck.")
    assert json.loads(look("project", "list", "--stuck", "--json", "--at", "2020-01-01").stdout)["projects"] == []
    gone = look("project", "plan", "G-9")
    assert (gone.returncode, gone.stdout) == (8, "")
    assert "There is no project G-9." in gone.stderr
    wrong = look("project", "list", "--stuck", "--after", "G-1")
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr
