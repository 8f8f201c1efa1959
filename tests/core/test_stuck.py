"""Stuck: a project that waits longer than its definition expects, and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from engine.core.bank_holidays import calendars
from engine.core.definition import Span
from engine.core.stuck import Stuck, stuck

from .builders import advance, asking, decide_on, gate, hand_in, hold, needs, resume, span, wait, waive, workflow
from .story import Story, story
from .test_deadlines import due, targeted
from .test_deadlines_timers import contract, procuring
from .worlds import moderate


def found(told: Story) -> Stuck | None:
    """Returns why a story's project is stuck on its day."""
    return stuck(told.workflow, told.project, told.today, told.calendar, told.calendar)


def since(told: Story) -> tuple[str, str] | None:
    """Returns since when and by what a story's project is stuck."""
    one = found(told)
    return None if one is None else (one.since.isoformat(), one.kind)


def test_a_stage_is_stuck_from_the_day_after_its_target() -> None:
    """On the last day of the target nothing is wrong; on the next day the project is stuck, with the days counted.

    Seen to fail when the last day itself counts as late.
    """
    told = story(targeted(gate(needs("talk"), decided_by=["sro"]), plan=2))
    assert found(told.on("2026-06-15")) is None
    assert found(told.on("2026-06-17")) == Stuck(
        date(2026, 6, 15), 2, 2, "stage", "plan", "Plan was expected to be over by 15 June 2026."
    )


def test_moving_on_ends_it_and_the_next_stage_begins_anew() -> None:
    """Whoever moves is not stuck any more, and has the whole target of the next stage."""
    told = story(targeted(gate(needs("talk"), decided_by=["sro"]), plan=2, build=3)).on("2026-07-01")
    told.given(hand_in("talk"), by="lead").given(decide_on()).given(advance())
    assert since(told.on("2026-07-22")) is None
    assert since(told.on("2026-07-23")) == ("2026-07-22", "stage")


def test_on_hold_nobody_is_stuck_and_time_on_hold_moves_no_day() -> None:
    """A project on hold is not stuck; taken off hold after its day it is at once."""
    told = story(targeted(gate(needs("talk")), plan=2)).given(hold()).on("2026-08-01")
    assert found(told) is None
    assert since(told.given(resume())) == ("2026-06-15", "stage")


def test_an_ended_project_is_never_stuck() -> None:
    """Once a project has ended nothing is expected of it any more."""
    told = story(targeted(gate(needs("talk")), plan=2)).given(advance(act="stop", reason="No money."), by="sro")
    assert found(told.on("2030-01-01")) is None


def test_without_a_target_it_is_stuck_once_its_last_wait_is_over() -> None:
    """While any wait at the gate runs the project waits as expected; after the last one it is stuck, since that day.

    Seen to fail when the first wait that is over counts.
    """
    notice = needs("notice", "notice")
    told = story(asking(notice, wait("short", "notice.published_on", 2), wait("long", "notice.published_on", 8)))
    assert since(told.on("2027-01-01")) is None
    told.on("2026-06-01").given(hand_in("notice", published_on="2026-06-01"), by="lead")
    assert since(told.on("2026-06-12")) is None
    assert since(told.on("2026-06-13")) is None
    assert since(told.on("2026-06-14")) == ("2026-06-13", "wait")
    assert "has been over since 13 June 2026" in str(found(told))


def test_without_a_target_it_is_stuck_when_evidence_ran_out() -> None:
    """Evidence for the gate ahead that has run out shows that the project waited longer than was meant."""
    told = story(asking(needs("talk", fresh=span(10, "days")))).given(hand_in("talk"), by="lead")
    assert since(told.on("2026-06-11")) is None
    assert since(told.on("2026-06-12")) == ("2026-06-11", "freshness")
    assert since(told.given(hand_in("talk"), by="lead")) is None


def test_without_a_target_it_is_stuck_when_a_waiver_ended() -> None:
    """A waiver at the gate ahead that ended before the gate was passed says since when."""
    told = story(asking(needs("talk"), waived_by=["sro", "cochair"])).given(waive("talk", "2026-06-20"))
    assert since(told.on("2026-06-20")) is None
    assert since(told.on("2026-06-22")) == ("2026-06-20", "waiver")
    assert str(found(told)).count("the waiver ended on 20 June 2026") == 1


def test_a_target_in_working_days_is_counted_by_the_published_calendar() -> None:
    """A holiday that a register added makes nobody stuck later than the plan says; the days since leave it out.

    Three working days after 1 June are the 4th; with the 3rd and the 5th added they would be the 8th.
    Seen to fail when targets are counted by the register's own calendar.
    """
    world = targeted(gate(needs("talk"), decided_by=["sro"]), plan=2)
    plan = replace(world.stages["plan"], target=Span(3, "working_days"))
    told = story(replace(world, stages={**world.stages, "plan": plan})).on("2026-06-08")
    own = calendars(tuple((date(2026, 6, day), "A day of rest") for day in (3, 5)))["england-and-wales"]
    late = stuck(told.workflow, told.project, told.today, own, told.calendar)
    assert late is not None
    assert (late.since, late.days, late.working_days) == (date(2026, 6, 4), 4, 1)


def test_what_a_passed_gate_rested_on_makes_nobody_stuck() -> None:
    """Evidence under a gate that was passed may run out: that gate is not sound any more, and nobody waits at it.

    Seen to fail when the deadlines under passed gates count.
    """
    asked = gate(needs("talk", fresh=span(10, "days")))
    told = story(workflow(asked)).given(hand_in("talk"), by="lead").given(advance())
    assert "freshness talk" in due(told)
    assert found(told.on("2026-12-01")) is None


def test_without_a_target_it_is_stuck_when_a_timer_has_run_out() -> None:
    """A notice that was due says since when, where the stage has no target; on its last day nothing is wrong yet.

    Signed on 25 May 2026, thirty days end on 24 June.
    Seen to fail when timers are left out.
    """
    told = contract(procuring("pa23_full"), "2026-05-25")
    timeless = {**told.workflow.stages, "procure": replace(told.workflow.stages["procure"], target=None)}
    told.workflow = replace(told.workflow, stages=timeless)
    assert since(told.on("2026-06-24")) is None
    assert since(told.on("2026-06-25")) == ("2026-06-24", "timer")
    assert "was due by 24 June 2026" in str(found(told))


@given(st.integers(0, 120), st.integers(1, 12))
@moderate(60)
def test_once_stuck_it_stays_so_until_somebody_acts(later: int, weeks: int) -> None:
    """With nothing recorded meanwhile a project is stuck from the day after its target, and always since that day."""
    told = story(targeted(gate(needs("talk")), plan=weeks))
    told.on(date.fromordinal(told.today.toordinal() + later))
    one = found(told)
    assert (one is not None) == (later > weeks * 7)
    assert one is None or one.days == later - weeks * 7
