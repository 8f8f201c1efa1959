"""How a digest says how near a deadline is, and what whoever reads it can do: to the day, and to the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.core.bank_holidays import england_and_wales
from engine.core.deadlines import CONDITION, FRESHNESS, PLAN, SOON, STAGE, TIMER, WAIT, WAIVER, Deadline, WorkingDays
from engine.sight import Sight
from engine.telling.letter import Letter
from engine.telling.reminder import Item, either, many, near, tell, tell_shortly, to_do
from tests.core.asked import always, asked_of, judged, with_plugins
from tests.core.builders import gate, needs
from tests.core.story import story
from tests.core.test_deadlines import targeted

STORY = story(targeted(gate(needs("talk"), decided_by=["sro"]), plan=2))
GATE = next(iter(STORY.workflow.gates))
ONE = Deadline("CC-1", FRESHNESS, "talk", "1", date(2026, 6, 30), "The last day it counts", "Talk", PLAN, gate=GATE)
CALENDAR = england_and_wales()


def an_item(today: str, due: str, **more: Any) -> Item:
    """Returns a deadline as it is read on a day; `who`, `owner`, `kind` and `passed` are the deadline's own."""
    own = {name: more.pop(name) for name in ("who", "owner", "kind", "passed", "gate") if name in more}
    one = replace(ONE, due=date.fromisoformat(due), **own)
    told = more.pop("told", STORY)
    sight = Sight(told.project, told.workflow, date.fromisoformat(today), CALENDAR)
    left = WorkingDays(CALENDAR).left(sight.today, one.due)
    usual: dict[str, Any] = {"held": (), "yours": False, "can": (), "others": ()}
    name = more.pop("name", None)
    return Item(one, sight, SOON, left, **(usual | more), owner=name)


def said(item: Item, write: Any = tell) -> str:
    """Returns what a digest says of a deadline, on one line."""
    letter = Letter()
    write(letter, item)
    return " ".join(letter.plain().split())


@pytest.mark.parametrize(
    ("today", "due", "says"),
    [
        ("2026-06-01", "2026-06-01", "Due today"),
        ("2026-06-01", "2026-06-02", "Due tomorrow"),
        ("2026-06-06", "2026-06-07", "Due tomorrow"),  # a Sunday
        ("2026-06-01", "2026-06-03", "Due in 2 working days"),
        ("2026-06-05", "2026-06-07", "Due in 2 days"),  # on a Friday: nobody works until then
        ("2026-06-05", "2026-06-08", "Due in 1 working day"),
        ("2026-05-22", "2026-05-26", "Due in 1 working day"),  # over a bank holiday
        ("2026-06-01", "2026-09-09", "Due in 71 working days"),  # a hundred days, one of them a bank holiday
        ("2026-06-01", "2026-09-10", "Due in 101 days"),
        ("2026-06-02", "2026-06-01", "Overdue by 1 working day"),
        ("2026-06-06", "2026-06-05", "Overdue by 1 day"),  # nobody has worked since
        ("2026-06-07", "2026-06-05", "Overdue by 2 days"),
        ("2026-06-15", "2026-06-01", "Overdue by 10 working days"),
        ("2026-09-09", "2026-06-01", "Overdue by 71 working days"),
        ("2026-09-10", "2026-06-01", "Overdue by 101 days"),
        ("2035-12-28", "2036-01-04", "Due in 7 days"),  # of that year no holidays are known
    ],
)
def test_how_near_it_is_is_said_in_working_days_up_to_a_hundred_days(today: str, due: str, says: str) -> None:
    """Today and tomorrow by name; then in working days, and in days where no working day lies between, or too many.

    Seen to fail with a hundred days said in days, with a hundred and one in working days, and with tomorrow uncounted.
    """
    assert near(an_item(today, due)) == says
    assert said(an_item(today, due), tell_shortly).count(says) == 1


@pytest.mark.parametrize(
    ("today", "due", "kind", "says"),
    [
        ("2026-06-29", "2026-06-30", FRESHNESS, "When: Due tomorrow, Tuesday 30 June 2026. What"),
        ("2026-06-30", "2026-06-30", FRESHNESS, "When: Due today, Tuesday 30 June 2026. What"),
        ("2026-07-01", "2026-06-30", FRESHNESS, "When: Overdue by 1 working day: it was due on Tuesday 30 June 2026."),
        ("2026-06-29", "2026-06-30", WAIT, "When: The wait is over on Tuesday 30 June 2026."),
        ("2026-06-30", "2026-06-30", WAIT, "When: The wait is over today, Tuesday 30 June 2026."),
        ("2026-07-01", "2026-06-30", WAIT, "When: The wait is over since Tuesday 30 June 2026."),
        ("2026-06-05", "2026-06-07", PLAN, "7 June 2026. Nobody works on that day: do it by Friday 5 June 2026."),
        ("2026-06-06", "2026-06-07", PLAN, "When: Due tomorrow, Sunday 7 June 2026. What"),
        ("2026-06-05", "2026-06-07", WAIT, "When: The wait is over on Sunday 7 June 2026. What"),
    ],
)
def test_when_it_is_due_is_said_with_its_day(today: str, due: str, kind: str, says: str) -> None:
    """The day stands beside, with the last working day before it as long as that can still be kept; nobody is late for
    a wait.

    Seen to fail with the day itself taken for late, and with a working day named that had gone by.
    """
    of_kind = {"kind": kind} if kind != PLAN else {}
    assert says in said(an_item(today, due, **of_kind))
    assert an_item(today, due, **of_kind).late == (kind != WAIT and due < today)


ROLE = "sro"


@pytest.mark.parametrize(
    ("more", "what", "command"),
    [
        ({"kind": STAGE, "held": (ROLE,)}, "See what the stage still needs before it can end.", "gate CC-1"),
        ({"kind": WAIT, "held": (ROLE,)}, "See what else the gate still needs.", "gate CC-1"),
        ({"held": (ROLE,)}, "Hand in a newer record.", "evidence add CC-1 talk"),
        ({"kind": TIMER, "held": (ROLE,)}, "Once it is done, hand in its record.", "evidence add CC-1 talk"),
        (
            {"kind": WAIVER, "held": (ROLE,)},
            "Meet it, or agree on a new day, before the waiver ends.",
            "gate CC-1",
        ),
        ({"can": ("Ann", "Bo", "Cy")}, "Ask Ann, Bo or Cy how it stands.", "gate CC-1"),
        ({}, "Give somebody the role, as an admin.", "person grant EMAIL sro --project CC-1"),
        (
            {"kind": CONDITION, "yours": True, "owner": "p1", "name": "Lee"},
            "Meet it, and have it accepted once it is met.",
            "condition list CC-1",
        ),
        ({"kind": CONDITION, "owner": "p1", "name": "Lee"}, "Ask Lee how it stands.", "condition list CC-1"),
        (
            {"kind": CONDITION, "owner": "p1", "name": "Lee", "held": (ROLE,)},
            "Ask Lee how it stands, and accept it once it is met.",
            "condition list CC-1",
        ),
    ],
)
def test_whoever_reads_it_is_told_what_they_can_do(more: dict[str, Any], what: str, command: str) -> None:
    """Who can do it reads how, who cannot reads whom to ask, and where nobody can, an admin reads what is to be given.

    Seen to fail without the look at whom to ask, at a role that nobody holds, and at whose condition it is.
    """
    item = an_item("2026-06-29", "2026-06-30", **({"who": (ROLE,)} | more))
    assert to_do(item) == (what, f"cocycle {command}")


def test_names_and_numbers_are_listed_as_people_list_them() -> None:
    """One name, two, three; and one of a thing, none, or several."""
    assert [either(names) for names in (["A"], ["A", "B"], ["A", "B", "C"])] == ["A", "A or B", "A, B or C"]
    assert [many(number, "wait") for number in (0, 1, 2)] == ["0 waits", "1 wait", "2 waits"]


def test_nobody_is_named_twice_among_those_who_are_told() -> None:
    """Who reads whom to ask reads of the others who else is told; who can do it reads of all of them.

    Seen to fail when those who can do it were told of again, and when only they were.
    """
    asked = {"who": (ROLE,), "can": ("Ann",), "others": ("Ann", "Bo")}
    assert "to do: " in said(an_item("2026-06-29", "2026-06-30", **asked))
    assert " Also told: Bo. " in said(an_item("2026-06-29", "2026-06-30", **asked))
    assert " Also told: Ann, Bo. " in said(an_item("2026-06-29", "2026-06-30", **asked, held=(ROLE,)))
    assert "Also told" not in said(an_item("2026-06-29", "2026-06-30", **(asked | {"others": ("Ann",)})))


def test_what_is_still_missing_is_counted_where_no_plugin_has_to_be_asked() -> None:
    """The end of a stage says how much its gate lacks; of a gate that asks a plugin it says nothing, and asks nobody.

    Seen to fail when such a gate was judged all the same.
    """
    ends: dict[str, Any] = {"kind": STAGE, "who": (ROLE,), "held": (ROLE,)}
    assert "Still missing at the" in said(an_item("2026-06-29", "2026-06-30", **ends))
    assert "Still missing" not in said(an_item("2026-06-29", "2026-06-30", **ends, passed=True))
    assert "Still missing" not in said(an_item("2026-06-29", "2026-06-30", who=(ROLE,), held=(ROLE,)))
    world = with_plugins(targeted(gate(judged("panel"), needs("talk")), plan=2), panel=always("met"))
    assert "missing" not in said(an_item("2026-06-29", "2026-06-30", **ends, told=story(world)))
    assert asked_of(world) == []
