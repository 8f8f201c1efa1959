"""How near a deadline is: where each state begins, at the edges of the calendar, and what is sorted by what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.bank_holidays import england_and_wales
from engine.core.deadlines import (
    CONDITION,
    FRESHNESS,
    LINES,
    STAGE,
    STATES,
    TIMER,
    WAIT,
    WAIVER,
    Deadline,
    WorkingDays,
    by_day,
    placed,
    urgency,
)

from .test_deadlines import a_deadline

CALENDAR = england_and_wales()
WORKING = WorkingDays(CALENDAR)
FIRST, LAST = CALENDAR.years


def a_state(one: Deadline, today: date) -> str | None:
    """Returns the state of a deadline on a day; None where it is not listed any more."""
    found = placed(one, today, WORKING)
    return None if found is None else found.state


def working_days_from(day: date, n: int) -> date:
    """Returns the day n working days after one, going day by day."""
    step = 1 if n > 0 else -1
    while n:
        day += timedelta(step)
        n -= step * CALENDAR.is_working_day(day)
    return day


LINES_BY_HAND = [("law", 20, 0), ("gate", 10, 5), ("watch", 10, None), ("plan", 10, 20), ("opens", 10, None)]


@pytest.mark.parametrize(("severity", "soon", "critical"), LINES_BY_HAND)
def test_each_state_begins_on_its_working_day_and_not_beside_it(severity: str, soon: int, critical: int | None) -> None:
    """The lines of every severity, as the page on deadlines prints them: on the day, the day before and the day after.

    Seen to fail with each line of gate, watch and opens moved by one.
    """
    assert severity in LINES
    due = date(2026, 6, 10)
    one = a_deadline(severity, due.isoformat())
    assert a_state(one, working_days_from(due, -soon - 1)) == "not_due_yet"
    assert a_state(one, working_days_from(due, -soon)) == "due_soon"
    assert a_state(one, due) == "due_soon"
    assert a_state(one, due + timedelta(1)) == ("critically_overdue" if critical == 0 else "overdue")
    if critical is not None:
        assert a_state(one, working_days_from(due, critical + 1)) == "critically_overdue"
        if critical:
            assert a_state(one, working_days_from(due, critical)) == "overdue"
    else:
        assert a_state(one, due + timedelta(900)) == "overdue"


@given(st.dates(date(2016, 1, 1), date(2034, 1, 1)), st.integers(-300, 300), st.sampled_from(sorted(LINES)))
def test_a_deadline_only_grows_more_pressing(due: date, n: int, severity: str) -> None:
    """From one day to the next a deadline stays in its state or comes into a more pressing one, and never back."""
    one, day = a_deadline(severity, due.isoformat()), due + timedelta(n)
    now, then = a_state(one, day), a_state(one, day + timedelta(1))
    assert now is not None
    assert then is not None
    assert STATES.index(then) <= STATES.index(now)


@pytest.mark.parametrize(
    ("today", "due", "known"),
    [
        (date(FIRST, 1, 1), date(FIRST, 1, 2), True),
        (date(FIRST - 1, 12, 31), date(FIRST, 1, 2), False),
        (date(FIRST, 1, 2), date(FIRST - 1, 12, 31), False),
        (date(LAST, 12, 30), date(LAST, 12, 31), True),
        (date(LAST, 12, 31), date(LAST + 1, 1, 1), False),
        (date(LAST + 1, 1, 1), date(LAST, 12, 31), False),
    ],
)
def test_working_days_are_known_in_the_years_of_the_table_and_in_no_other(today: date, due: date, known: bool) -> None:
    """The first and the last year of the table count; as soon as either day is outside, nothing is said.

    Seen to fail when the year before the first, or the one after the last, is counted as if it had no holidays.
    """
    assert (WORKING.left(today, due) is not None) == known


def test_without_a_table_of_holidays_five_days_of_seven_count() -> None:
    """In 2040 a plan is due soon two weeks before, and not fifteen days before; a law four weeks before.

    Fourteen days hold ten weekdays; fifteen hold ten and a little, which is ten; sixteen eleven.
    Seen to fail when every day is taken for a working day.
    """
    due = date(2040, 3, 1)
    for severity, last_soon in (("plan", 15), ("law", 29)):
        one = a_deadline(severity, due.isoformat())
        assert a_state(one, due - timedelta(last_soon)) == "due_soon"
        assert a_state(one, due - timedelta(last_soon + 1)) == "not_due_yet"
    assert a_state(a_deadline("plan", due.isoformat()), due + timedelta(28)) == "overdue"
    assert a_state(a_deadline("plan", due.isoformat()), due + timedelta(30)) == "critically_overdue"


def test_a_wait_is_over_on_its_day_also_where_nobody_works_on_it() -> None:
    """Nothing has to be done by then, so the working day before it is not named in its place.

    Seen to fail when the last working day before it is named.
    """
    saturday = a_deadline("opens", "2026-06-13", kind="wait")
    found = placed(saturday, date(2026, 6, 1), WORKING)
    assert found is not None
    assert found.act_by == date(2026, 6, 13)


def test_a_deadline_names_its_requirement_where_it_is_about_one() -> None:
    """A stage and a condition are about none; everything else is about its subject."""
    named = {
        kind: a_deadline("gate", kind=kind).requirement for kind in (STAGE, CONDITION, WAIT, FRESHNESS, WAIVER, TIMER)
    }
    assert named == {STAGE: None, CONDITION: None, WAIT: "talk", FRESHNESS: "talk", WAIVER: "talk", TIMER: "talk"}


def test_the_order_is_the_state_then_the_day_then_the_id() -> None:
    """What is critically overdue comes first, whatever its day; then the day decides, then the id, and nothing else."""
    one = a_deadline("plan", "2026-06-10")
    some = [
        replace(one, project="CC-9", severity="law", due=date(2026, 6, 5)),  # critically overdue
        replace(one, project="CC-8", due=date(2026, 6, 3)),  # overdue
        replace(one, project="CC-1", due=date(2026, 6, 4)),
        replace(one, project="CC-2", due=date(2026, 6, 4)),
        replace(one, project="CC-0", due=date(2026, 7, 30)),  # not due yet
    ]
    standing = [placed(each, date(2026, 6, 9), WORKING) for each in reversed(some)]
    assert [each.deadline for each in sorted((s for s in standing if s is not None), key=urgency)] == some
    jumbled = some[::-1]
    assert sorted(jumbled, key=by_day) == [some[1], some[2], some[3], some[0], some[4]]
