"""Slips: how far each stage is from the plans that were made for it, whatever way a project took through its stages."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.core.calendar import after
from engine.core.definition import Span
from engine.core.planning import moves, way_forward
from engine.core.slips import AHEAD, DONE, NOW, StagePlan, slips

from .builders import advance, decide_on, hand_in, span, stage, way
from .story import Story, story
from .test_planning import ACTS, CALENDAR, gone, passed, timed
from .worlds import moderate

TWO = {"plan": 2, "build": 3}


def held(told: Story) -> list[StagePlan]:
    """Returns the stages of a story as they are held against their plans."""
    return slips(told.workflow, moves(told.workflow, told.entries), told.today, CALENDAR)


def shown(told: Story) -> list[tuple[str, str, int | None, int | None]]:
    """Returns each stage with its state and both slips."""
    return [(one.stage, one.state, one.slip_first, one.slip_last) for one in held(told)]


def test_a_stage_in_time_has_no_slip_and_those_ahead_are_expected_as_planned() -> None:
    """On the day it is opened a project is on time in every stage."""
    told = story(timed(TWO))
    assert shown(told) == [("plan", NOW, 0, 0), ("build", AHEAD, 0, 0)]
    assert [one.expected for one in held(told)] == [date(2026, 6, 15), date(2026, 7, 6)]


def test_what_is_overdue_pushes_everything_ahead() -> None:
    """A stage past its day is expected today at the earliest, and those after it as much later.

    Seen to fail when an overdue stage is still expected on its planned day.
    """
    told = story(timed(TWO)).on("2026-06-17")
    assert shown(told) == [("plan", NOW, 2, 2), ("build", AHEAD, 2, 2)]
    assert held(told)[1].expected == date(2026, 7, 8)


def test_a_slip_is_counted_against_the_first_plan_and_against_the_last() -> None:
    """A stage left late stays late; the next is late by the first plan and on time by the one frozen at the gate."""
    told = passed(story(timed(TWO)), "2026-06-22")
    assert shown(told) == [("plan", DONE, 5, 5), ("build", NOW, 5, 0)]
    assert [one.left for one in held(told)] == [date(2026, 6, 22), None]


def test_bank_holidays_and_weekends_are_no_slip() -> None:
    """Days on which nobody works are not counted: from Friday 28 August 2026 to the Tuesday after is one day."""
    told = passed(story(timed({"plan": 4}), today="2026-07-31"), "2026-09-01")
    assert held(told)[0].first == date(2026, 8, 28)
    assert shown(told)[0] == ("plan", DONE, 1, 1)


def test_a_stage_sent_back_to_is_not_over() -> None:
    """Being sent back undoes the leaving: the stage goes on by its own plan, and what came after is ahead again."""
    told = passed(story(timed(TWO)), "2026-06-05").on("2026-06-10").given(advance(act="send_back", reason="Not ready."))
    plan, build = held(told)
    assert (plan.state, plan.entered, plan.back, plan.left) == (NOW, date(2026, 6, 1), date(2026, 6, 10), None)
    assert plan.first == date(2026, 6, 15)
    assert build.state == AHEAD
    passed(told, "2026-06-22")
    assert shown(told)[0] == ("plan", DONE, 5, 5)
    assert held(told)[1].first == date(2026, 7, 6)
    assert held(told)[1].last == date(2026, 7, 13)


def test_each_cycle_has_plans_of_its_own() -> None:
    """A stage of a new cycle is held against the plans of that cycle, and those of the last cycle stay as they were."""
    told = passed(story(timed(TWO)), "2026-06-22").on("2026-06-29").given(advance(act="again"))
    rows = [(one.cycle, *row) for one, row in zip(held(told), shown(told), strict=True)]
    assert rows == [
        (1, "plan", DONE, 5, 5),
        (1, "build", DONE, -5, -10),
        (2, "plan", NOW, 0, 0),
        (2, "build", AHEAD, 0, 0),
    ]


def test_a_stage_passed_again_and_again_is_planned_each_time() -> None:
    """Where a gate leads back to its own stage, each time in it is a row with the plan frozen for that time."""
    made = [stage("plan", way("advance", "done"), way("continue", "plan", "gate")), stage("done", final=True)]
    made[0]["target"] = span(2, "weeks")
    told = story(timed({"plan": 2}, made=made))
    told.given(hand_in("talk"), by="lead")
    for day in ("2026-06-15", "2026-06-30"):
        told.on(day).given(decide_on()).given(advance(act="continue"))
    assert shown(told) == [("plan", DONE, 0, 0), ("plan", DONE, 1, 1), ("plan", NOW, 0, 0)]
    assert [one.first for one in held(told)] == [date(2026, 6, 15), date(2026, 6, 29), date(2026, 7, 14)]


def test_a_project_that_was_stopped_slipped_nowhere() -> None:
    """The stage a project was stopped in has the day, and no slip: nobody says that it was early."""
    told = story(timed(TWO)).on("2026-06-03").given(advance(act="stop", reason="No money."), by="sro")
    (plan,) = held(told)
    assert (plan.state, plan.left, plan.slip_first, plan.slip_last) == ("stopped", date(2026, 6, 3), None, None)


def test_without_a_target_there_is_neither_plan_nor_slip() -> None:
    """Where no target says how long, nothing is planned, expected or late."""
    told = story(timed({})).on("2027-01-01")
    assert [(one.first, one.expected, one.slip_first) for one in held(told)] == [(None, None, None)] * 2


def test_what_is_expected_is_counted_from_the_day_the_project_came_back() -> None:
    """A stage sent back to has its target anew from that day, as `expected_by` says it; the slip says what that costs.

    Sent back on Wednesday 10 June, two weeks are the 24th; planned was Monday 15 June: 16-19 (4) 22-24 (7).
    Seen to fail when it is counted from the day it was first entered.
    """
    told = passed(story(timed(TWO)), "2026-06-05").on("2026-06-10").given(advance(act="send_back", reason="Not ready."))
    plan = held(told)[0]
    assert (plan.expected, plan.slip_first) == (date(2026, 6, 24), 7)


@given(st.integers(0, 60), st.integers(1, 30), st.integers(1, 30), st.dates(date(2025, 1, 1), date(2030, 1, 1)))
@moderate(60)
def test_a_plan_that_is_n_working_days_late_slips_by_n(n: int, first: int, second: int, opened: date) -> None:
    """Where targets are in working days, being n of them late in one stage makes it and all that follow n late.

    A stage begun on a day on which nobody works is counted from the next one, as its plan is.
    """
    told = story(timed({"plan": first, "build": second}, unit="working_days"), today=opened.isoformat())
    planned = after(opened, Span(first, "working_days"), CALENDAR)
    late = planned if n == 0 else after(planned, Span(n, "working_days"), CALENDAR)
    told.on(late)
    assert [one.slip_first for one in held(told)] == [n, n]
    passed(told, late.isoformat())
    assert shown(told) == [("plan", DONE, n, n), ("build", NOW, n, 0)]


@given(ACTS, st.integers(0, 60))
@moderate(80)
def test_a_slip_is_the_working_days_between_the_two_days(acts: list[tuple[str, int]], later: int) -> None:
    """Whatever a project went through, each slip is what somebody finds who counts the working days one by one."""
    told = gone(acts)
    told.on(told.today + timedelta(days=later))
    for one in held(told):
        day = one.left or one.expected
        for planned, slip in ((one.first, one.slip_first), (one.last, one.slip_last)):
            assert planned is not None
            assert day is not None
            assert slip == _by_hand(planned, day)


@given(ACTS, st.integers(0, 60))
@moderate(80)
def test_there_is_one_stage_at_hand_and_the_way_forward_is_ahead(acts: list[tuple[str, int]], later: int) -> None:
    """However a project went to and fro, what is done comes first, then one stage at hand, then exactly what is ahead.

    Seen to fail when a stage the project was sent back from stays done.
    """
    told = gone(acts)
    told.on(told.today + timedelta(days=later))
    found = held(told)
    states = [one.state for one in found]
    here = states.index(NOW)
    assert states == [DONE] * here + [NOW] + [AHEAD] * (len(states) - here - 1)
    forward = [one.id for one in way_forward(told.workflow, told.project.stage)]
    assert [one.stage for one in found[here:]] == forward
    assert all(one.entered <= one.left for one in found[:here] if one.entered and one.left)
    assert found[here].back == date.fromisoformat(told.project.entered_on)
    assert {one.cycle for one in found} == set(range(1, told.project.cycle + 1))


def _by_hand(planned: date, day: date) -> int:
    early, late = sorted((planned, day))
    days = (early + timedelta(days=n) for n in range(1, (late - early).days + 1))
    counted = sum(CALENDAR.is_working_day(one) for one in days)
    return counted if day >= planned else -counted
