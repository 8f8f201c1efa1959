"""Plans: what follows from the targets, when it is frozen, and that nothing that comes later moves it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from engine.core.bank_holidays import england_and_wales
from engine.core.definition import Workflow
from engine.core.planning import BACK, ON, OPENED, STOPPED, baselines, moves, way_forward

from .builders import Json, advance, decide_on, gate, hand_in, needs, span, stage, stages, way, withdraw, workflow
from .story import Story, story
from .test_living_reopening import built
from .worlds import moderate

CALENDAR = england_and_wales()


def timed(weeks: dict[str, int], *, unit: str = "weeks", made: list[Json] | None = None) -> Workflow:
    """Returns a workflow with a gate after plan, and targets for some of its stages."""
    every = made or stages("gate")
    for one in every:
        one["target"] = span(weeks[one["id"]], unit) if one["id"] in weeks else None
    return workflow(gate(needs("talk"), decided_by=["sro"]), stages_=every)


def passed(told: Story, day: str) -> Story:
    """Passes the gate on a day."""
    return told.on(day).given(hand_in("talk"), by="lead").given(decide_on()).given(advance())


def frozen(told: Story) -> list[tuple[str, dict[str, str | None]]]:
    """Returns each plan that was frozen: the day, and the day of each stage."""
    found = baselines(told.workflow, moves(told.workflow, told.entries), CALENDAR)
    return [
        (b.day.isoformat(), {p.stage: None if p.by is None else p.by.isoformat() for p in b.planned}) for b in found
    ]


def test_a_plan_adds_the_targets_up_from_the_day_it_is_frozen() -> None:
    """Each stage is planned to be left its target after the one before it, from the day the project was opened.

    Seen to fail when each stage is counted from the opening.
    """
    told = story(timed({"plan": 2, "build": 3}))
    assert frozen(told) == [("2026-06-01", {"plan": "2026-06-15", "build": "2026-07-06"})]


def test_targets_in_working_days_leave_out_bank_holidays() -> None:
    """A plan in working days passes over weekends and bank holidays: ten after 21 August 2026 is past the holiday."""
    told = story(timed({"plan": 10}, unit="working_days"), today="2026-08-21")
    assert frozen(told) == [("2026-08-21", {"plan": "2026-09-07", "build": None})]


def test_a_passed_gate_freezes_the_plan_of_the_stages_ahead() -> None:
    """At each passed gate the stages ahead are planned anew from that day, and the older plan stays beside it."""
    told = passed(story(timed({"plan": 2, "build": 3})), "2026-06-05")
    assert frozen(told)[1:] == [("2026-06-05", {"build": "2026-06-26"})]
    assert len(frozen(told)) == 2


def test_a_new_cycle_freezes_a_plan_and_being_sent_back_does_not() -> None:
    """Being sent back freezes nothing, since no gate was passed; a new cycle begins with a plan of its own."""
    told = passed(story(timed({"plan": 2, "build": 3})), "2026-06-05")
    told.on("2026-06-08").given(advance(act="send_back", reason="Not ready."))
    assert len(frozen(told)) == 2
    passed(told, "2026-06-10").on("2026-06-12").given(advance(act="again"))
    assert frozen(told)[-1] == ("2026-06-12", {"plan": "2026-06-26", "build": "2026-07-17"})
    assert [m.cycle for m in moves(told.workflow, told.entries)] == [1, 1, 1, 1, 2]


def test_from_a_stage_without_a_target_on_nothing_is_planned() -> None:
    """After a stage whose length nobody gave, no day is known for any stage, and none is made up."""
    assert frozen(story(timed({"build": 3}))) == [("2026-06-01", {"plan": None, "build": None})]


def test_a_year_without_holidays_ends_the_plan() -> None:
    """Where a target in working days runs into a year whose holidays nobody knows, the plan ends before it."""
    told = story(timed({"plan": 5, "build": 300}, unit="working_days"), today=f"{CALENDAR.years[1]}-11-01")
    (_, days), *_ = frozen(told)
    assert days["plan"] is not None
    assert days["build"] is None


def test_the_way_forward_ends_where_somebody_has_to_choose() -> None:
    """The way forward is the transition called advance, else the only one; among several others none is chosen.

    Seen to fail when the first of several is taken.
    """
    made = [
        stage("plan", way("advance", "build", "gate"), way("stop", "stopped")),
        stage("build", way("go", "check")),
        stage("check", way("left", "after"), way("right", "done")),
        stage("after", way("go", "done")),
        stage("done", final=True),
        stage("stopped", final=True),
    ]
    of = timed({}, made=made)
    assert [one.id for one in way_forward(of, "plan")] == ["plan", "build", "check"]
    assert [one.id for one in way_forward(of, "done")] == []


def test_a_way_forward_that_goes_round_ends_after_one_round() -> None:
    """Where the way forward leads back to a stage it went through, each stage is planned once."""
    made = [stage("plan", way("advance", "build", "gate")), stage("build", way("advance", "plan"))]
    assert [one.id for one in way_forward(timed({}, made=made), "plan")] == ["plan", "build"]


def test_the_way_forward_ends_with_its_cycle() -> None:
    """What comes after a new cycle began is planned when it begins, and not before.

    Seen to fail when the way forward goes on into the next cycle.
    """
    made = [
        stage("plan", way("advance", "build", "gate")),
        stage("build", way("advance", "plan", new_cycle=True)),
    ]
    assert [one.id for one in way_forward(timed({}, made=made), "build")] == ["build"]


def test_a_gate_that_reopened_is_a_way_back() -> None:
    """Being put back before a gate is told apart from going on, and freezes no plan.

    Seen to fail when it is taken for a way on.
    """
    told = built()
    told.on("2026-06-03").when(withdraw("a1"))
    found = moves(told.workflow, told.entries)
    assert [(m.way, m.to) for m in found] == [(OPENED, "plan"), (ON, "build"), (BACK, "plan")]
    assert len(baselines(told.workflow, found, CALENDAR)) == 2


def test_each_move_says_how_it_went() -> None:
    """Opening, going on, being sent back and stopping are told apart, and the gate is named where one was passed."""
    told = passed(story(timed({})), "2026-06-05")
    told.given(advance(act="send_back", reason="Not ready."))
    passed(told, "2026-06-09").given(advance(act="stop", reason="No money."), by="sro")
    found = [(m.way, m.to, m.gate) for m in moves(told.workflow, told.entries)]
    assert found == [
        (OPENED, "plan", None),
        (ON, "build", "gate"),
        (BACK, "plan", None),
        (ON, "build", "gate"),
        (STOPPED, "stopped", None),
    ]


def test_the_way_forward_to_an_end_is_no_early_end() -> None:
    """A way called advance that no gate guards goes on, also where it leads to a final stage."""
    told = passed(story(timed({})), "2026-06-05").given(advance())
    assert [m.way for m in moves(told.workflow, told.entries)] == [OPENED, ON, ON]


ACTS = st.lists(st.tuples(st.sampled_from(["on", "back", "again"]), st.integers(0, 40)), max_size=12)


def gone(acts: list[tuple[str, int]]) -> Story:
    """Returns a story that goes to and fro as far as each act is possible, so many days after the one before."""
    told = story(timed({"plan": 2, "build": 3}), checked=False)
    for act, days in acts:
        told.on(date.fromordinal(told.today.toordinal() + days))
        if act == "on" and told.project.stage == "plan":
            passed(told, told.today.isoformat())
        elif act != "on" and told.project.stage == "build":
            told.given(advance(act="send_back" if act == "back" else "again", reason="So it is."))
    return told


@given(ACTS)
@moderate(60)
def test_nothing_that_comes_later_moves_a_frozen_plan(acts: list[tuple[str, int]]) -> None:
    """The plans frozen by any moment are the first of all plans ever frozen, whatever happens afterwards.

    Seen to fail when a plan is made from the newest move instead of its own.
    """
    told = gone(acts)
    made = moves(told.workflow, told.entries)
    every = baselines(told.workflow, made, CALENDAR)
    for until in range(len(made) + 1):
        so_far = baselines(told.workflow, made[:until], CALENDAR)
        assert every[: len(so_far)] == so_far
