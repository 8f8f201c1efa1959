"""The days on which people are reminded: 10, 5, 1 and 0 working days before, then every five, by any calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.core.bank_holidays import calendars, england_and_wales
from engine.core.calendar import Calendar
from engine.core.deadlines import GATE, LAW, OPENS, PLAN, WAIT, WATCH
from engine.core.reminding import AHEAD, EVERY, Step, Steps, is_silent

BANK = england_and_wales()
HOLED = Calendar("holed", "Holed", {date(2026, 7, 1) + timedelta(n): "Closed" for n in range(20)}, (2026, 2026))
CALENDARS = (BANK, calendars()["uk-any"], HOLED)
KIND = "stage"

dues = st.dates(date(2014, 1, 1), date(2041, 12, 31))
kinds = st.sampled_from([WAIT, KIND])


def works(calendar: Calendar, day: date) -> bool:
    """A working day as far as anybody knows: a weekday that is no holiday in the table."""
    return day.weekday() < 5 and day not in calendar.holidays


def all_steps(calendar: Calendar, due: date, until: date) -> list[Step]:
    """Returns every step up to a day, found by going through the days one by one."""
    act_by = due
    while not works(calendar, act_by):
        act_by -= timedelta(1)
    before, day = [act_by], act_by
    while len(before) <= AHEAD[0]:
        day -= timedelta(1)
        before += [day] if works(calendar, day) else []
    found = [Step(n, before[n]) for n in AHEAD]
    day, late = act_by, 0
    while day < until:
        day += timedelta(1)
        late += works(calendar, day)
        if works(calendar, day) and late % EVERY == 0:
            found.append(Step(-late, day))
    return [step for step in found if step.on <= until]


@given(dues, st.integers(-60, 500), st.sampled_from(CALENDARS))
@example(date(2028, 2, 29), 0, BANK)
@example(date(2026, 7, 18), 40, HOLED)
@example(date(2035, 12, 31), 30, BANK)
def test_the_newest_step_and_the_next_are_those_that_going_day_by_day_finds(
    due: date, n: int, calendar: Calendar
) -> None:
    """On every day the newest step is the last that came, and the next the first that did not, in any calendar.

    Seen to fail when weekends are counted as working days, and when the steps once late are counted from the due day.
    """
    today, steps = due + timedelta(n), Steps(calendar)
    come = all_steps(calendar, due, today)
    assert steps.newest(KIND, due, today) == (come[-1] if come else None)
    following = next(step for step in all_steps(calendar, due, today + timedelta(120)) if step.on > today)
    assert steps.next(KIND, due, today) == following


@given(kinds, dues, st.sampled_from(CALENDARS))
def test_nothing_comes_before_the_first_step(kind: str, due: date, calendar: Calendar) -> None:
    """The day before its first step nothing of a deadline has come, and on the day of it that step has."""
    steps = Steps(calendar)
    first = steps.first(kind, due)
    assert steps.newest(kind, due, first.on - timedelta(1)) is None
    assert steps.newest(kind, due, first.on) == first
    assert steps.next(kind, due, first.on - timedelta(1)) == first


@given(kinds, dues, st.lists(st.integers(0, 90), min_size=1, max_size=30), st.sampled_from(CALENDARS))
def test_however_often_one_looks_each_step_comes_at_most_once_and_in_order(
    kind: str, due: date, sleeps: list[int], calendar: Calendar
) -> None:
    """Looked at on any days, a deadline gives steps of growing days, none of them twice, and none before its time.

    Seen to fail when `next` gives a step that has come already.
    """
    steps, given_out = Steps(calendar), []
    following: Step | None = steps.first(kind, due)
    today = due - timedelta(40)
    for sleep in sleeps:
        today += timedelta(sleep)
        if following is not None and following.on <= today:
            newest = steps.newest(kind, due, today)
            assert newest is not None
            assert newest.on <= today
            given_out.append(newest)
            following = steps.next(kind, due, today)
    days = [step.on for step in given_out]
    assert days == sorted(set(days))
    assert kind != WAIT or len(given_out) <= 1


@given(dues, st.integers(-60, 500), st.sampled_from(CALENDARS))
def test_a_reminder_comes_on_a_working_day_and_the_last_before_the_day_on_the_day_to_act(
    due: date, n: int, calendar: Calendar
) -> None:
    """No step but that of a wait falls on a day on which nobody works, and step 0 is on the last working day there is.

    That is the due day itself or one before it, never one after it; the step before it is the working day before.
    """
    steps, today = Steps(calendar), due + timedelta(n)
    for step in (steps.newest(KIND, due, today), steps.next(KIND, due, today), steps.first(KIND, due)):
        assert step is None or works(calendar, step.on)
    here = steps.newest(KIND, due, due)
    assert here is not None
    assert here.left == 0
    assert here.on <= due
    assert not any(works(calendar, here.on + timedelta(k)) for k in range(1, (due - here.on).days + 1))
    before = steps.newest(KIND, due, here.on - timedelta(1))
    assert before is not None
    assert before.left == 1


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        # Easter Monday and Good Friday lie between
        ("2027-04-01", ["2027-03-16", "2027-03-23", "2027-03-31", "2027-04-01"]),
        # a Saturday: the last working day up to it is the Friday
        ("2026-08-01", ["2026-07-17", "2026-07-24", "2026-07-30", "2026-07-31"]),
        # the year's end, with both holidays moved to weekdays
        ("2027-01-04", ["2026-12-16", "2026-12-23", "2026-12-31", "2027-01-04"]),
        # a leap day
        ("2028-02-29", ["2028-02-15", "2028-02-22", "2028-02-28", "2028-02-29"]),
        # a year without a table: every weekday counts
        ("2040-01-04", ["2039-12-21", "2039-12-28", "2040-01-03", "2040-01-04"]),
    ],
)
def test_the_steps_around_holidays(due: str, expected: list[str]) -> None:
    """Ten, five, one and no working days are counted past weekends and bank holidays."""
    day = date.fromisoformat(due)
    assert [step.on.isoformat() for step in all_steps(BANK, day, day)] == expected
    steps = Steps(BANK)
    assert [steps.newest(KIND, day, date.fromisoformat(on)) for on in expected] == [
        Step(n, date.fromisoformat(on)) for n, on in zip(AHEAD, expected, strict=True)
    ]


@pytest.mark.parametrize("due", [date.min, date.min + timedelta(3), date.max, date.max - timedelta(3)])
def test_the_ends_of_the_calendar_are_no_trouble(due: date) -> None:
    """A day so early or so late that steps would lie outside all dates has steps all the same."""
    steps = Steps(BANK)
    assert steps.first(KIND, due).on <= due
    assert steps.next(KIND, due, date(2026, 6, 1)) is not None


def test_only_our_own_plan_is_silent_while_a_project_is_on_hold() -> None:
    """On hold nobody is reminded of the plan; of what the law asks, and of all else, people are."""
    every = (LAW, GATE, WATCH, PLAN, OPENS)
    assert [severity for severity in every if is_silent(severity, on_hold=True)] == [PLAN]
    assert not any(is_silent(severity, on_hold=False) for severity in every)
