"""Plans in a register: what was planned, the rows that forecasts are made from, and a point in the past."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from engine.api import InputRefused, NotFound, settings_from
from engine.core.forecast import MOST
from engine.stays import rebuild_stays
from engine.store import stays
from engine.store.stays import StayRow

from .town import ADMIN, COCHAIR, EXAMPLES, LEAD, MANAGER, PROJECT, SRO, Json, Town, refused


def rows(town: Town) -> list[StayRow]:
    """Returns the rows of finished stages."""
    with town.engine.database.read() as tx:
        return list(stays.every(tx))


def stages(town: Town, project: str = PROJECT, **asked: str) -> dict[str, Json]:
    """Returns the stages of a project's plan by id; of several times in one stage the last."""
    return {one["stage"]: one for one in town.engine.plan(project, **asked)["stages"]}


def planned_on(town: Town, project: str, opened: str, passed: str) -> None:
    """Opens a project on a day and takes it through the plan gate on another."""
    town.on(opened)
    town.open(project)
    town.on(passed)
    town.pass_plan(project)


def test_a_plan_says_what_was_planned_and_what_came_of_it(town: Town) -> None:
    """Each stage has the days it was planned for, the day it was left or can be expected, and its slips."""
    planned_on(town, PROJECT, "2026-06-01", "2026-12-02")
    found = stages(town)
    assert (
        found["plan"].items()
        >= {
            "state": "done",
            "entered_on": "2026-06-01",
            "left_on": "2026-12-02",
            "planned_first": "2026-11-30",
            "planned_last": "2026-11-30",
            "slip_first": 2,
            "slip_last": 2,
            "forecast": None,
            "no_forecast": None,
        }.items()
    )
    assert (
        found["design"].items()
        >= {
            "state": "now",
            "planned_first": "2027-11-01",
            "planned_last": "2027-11-03",
            "expected": "2027-11-03",
            "slip_first": 2,
            "slip_last": 0,
            "no_forecast": {"cases": 0, "why": "Fewer than five finished cases; no forecast."},
        }.items()
    )
    assert town.engine.plan(PROJECT)["expected_by"] == found["design"]["expected"]
    frozen = town.engine.plan(PROJECT)["baselines"]
    assert [(one["gate"], one["frozen_on"]) for one in frozen] == [(None, "2026-06-01"), ("plan-gate", "2026-12-02")]
    assert town.leaves()[frozen[1]["entry"]]["event"] == "advanced"


def test_looking_at_a_plan_records_nothing_and_works_on_a_register_opened_for_reading(town: Town) -> None:
    """A plan is a reading: the ledger stays as long as it was, and no right to write is needed."""
    town.open()
    size = town.size
    town.reopen(read_only=True)
    assert town.engine.plan(PROJECT)["stages"]
    assert town.size == size
    town.reopen()


def test_what_is_not_there_is_said(town: Town) -> None:
    """A project that is not there, a point that is none, and one before it was opened are refused in a sentence."""
    town.open()
    refused(NotFound, "no_such_project", lambda: town.engine.plan("CC-9"))
    refused(NotFound, "no_such_project", lambda: town.engine.plan("CC-9", as_of="2026-06-01"))
    refused(InputRefused, None, lambda: town.engine.plan(PROJECT, as_of="soon"))
    refused(NotFound, "no_such_project", lambda: town.engine.plan(PROJECT, as_of="0"))


def test_the_plan_of_a_past_day_is_what_it_was_then(town: Town) -> None:
    """As of a day before the gate was passed, the plan is the one that was shown then, whatever came later."""
    town.open()
    town.on("2026-06-10")
    then = town.engine.plan(PROJECT)
    town.on("2026-07-01")
    town.pass_plan()
    assert town.engine.plan(PROJECT, as_of="2026-06-10") == then
    assert town.engine.plan(PROJECT) != then


def test_a_forecast_needs_five_and_knows_nothing_of_what_came_later(town: Town) -> None:
    """Four finished cases are silent and the fifth speaks; as of a day before it, four are silent for ever."""
    days = ["2026-06-01", "2026-06-11", "2026-06-21", "2026-07-01", "2026-07-11"]
    for place, (opened, passed) in enumerate(pairwise(days)):
        planned_on(town, f"CC-{place + 2}", opened, passed)
    town.open()
    before = stages(town)["plan"]
    assert before["no_forecast"] == {"cases": 4, "why": "Fewer than five finished cases; no forecast."}
    planned_on(town, "CC-6", "2026-07-20", "2026-09-08")
    town.open("CC-7")
    said = stages(town, "CC-7")["plan"]["forecast"]
    assert said == {"cases": 5, "p50_days": 10, "p85_days": 50, "p50_on": "2026-09-18", "p85_on": "2026-10-28"}
    assert sorted(row.days for row in rows(town)) == [10, 10, 10, 10, 50]
    assert stages(town, as_of="2026-07-12")["plan"]["no_forecast"]["cases"] == 4


def test_a_row_is_written_when_a_project_goes_on_and_only_then(town: Town) -> None:
    """Going on writes the stage and its days; being refused, sent back or stopped writes nothing.

    Seen to fail when a stage that was sent back from counts as finished.
    """
    town.open()
    with pytest.raises(Exception, match="missing"):
        town.engine.advance(PROJECT, actor=SRO)
    assert rows(town) == []
    town.on("2026-06-11")
    town.pass_plan()
    (row,) = rows(town)
    assert (row.project, row.workflow, row.stage, row.left_on, row.days) == (
        PROJECT,
        "two-gates",
        "plan",
        "2026-06-11",
        10,
    )
    town.on("2026-06-20")
    town.engine.advance(PROJECT, act="send_back", reason="Not ready.", actor=SRO)
    town.engine.advance(PROJECT, act="stop", reason="No money.", actor=SRO)
    assert rows(town) == [row]


def test_time_on_hold_counts_and_a_stage_done_twice_is_two_cases(town: Town) -> None:
    """Days on hold are days all the same, and each time a project goes on is a case of its own, from its own entry."""
    town.open()
    town.engine.hold(PROJECT, "A pause", actor=MANAGER)
    town.on("2026-06-21")
    town.engine.resume(PROJECT, "Go on", actor=MANAGER)
    town.pass_plan()
    town.on("2026-06-30")
    town.engine.advance(PROJECT, act="send_back", reason="Not ready.", actor=SRO)
    town.on("2026-07-05")
    town.pass_plan()
    assert [row.days for row in rows(town)] == [20, 5]


def test_the_rows_are_those_that_the_ledger_makes(town: Town) -> None:
    """Whatever projects went through, reopened gates included, the rows made anew are the rows that were written."""
    town.make_strict("reopens")
    town.open()
    records = town.pass_plan()
    town.on("2026-06-05")
    town.engine.withdraw(records["mandate"], "It was the wrong one.", actor=LEAD)
    town.on("2026-06-09")
    town.engine.set_fields(PROJECT, {"lifetime_value": "1450001.00"}, actor=MANAGER)
    assert "gate_reopened" in town.happened()
    town.add("mandate")
    town.sign("mandate", SRO, COCHAIR)
    town.decide()
    town.on("2026-06-16")
    town.engine.advance(PROJECT, actor=SRO)
    planned_on(town, "CC-2", "2026-07-01", "2026-07-09")
    written = rows(town)
    assert [(row.project, row.stage, row.days) for row in written if row.project == "CC-2"] == [("CC-2", "plan", 8)]
    assert len(written) == 3
    assert rebuild_stays(town.engine.database, town.engine.room) == 2
    assert rows(town) == written
    state = stages(town)["plan"]
    assert (state["left_on"], state["state"]) == ("2026-06-16", "done")


def test_a_register_from_before_gets_its_rows_with_the_first_sweep(town: Town) -> None:
    """Where rows were never made, as in a register that was migrated, a sweep makes them from the ledger, once."""
    planned_on(town, PROJECT, "2026-06-01", "2026-06-11")
    written = rows(town)
    with town.sql() as database:
        database.execute("DELETE FROM stay")
        database.execute("DELETE FROM setting WHERE name LIKE 'stays%'")
    assert rows(town) == []
    town.engine.sweep()
    assert rows(town) == written


def test_forecasts_are_of_the_same_workflow_only(town: Town) -> None:
    """A stage of the same name in another workflow is no case."""
    text = (EXAMPLES / "two-gates.yaml").read_text(encoding="utf-8").replace("id: two-gates\n", "id: others\n")
    town.engine.load_definition(text.encode(), "others.yaml", actor=ADMIN)
    for project in ("CC-2", "CC-3", "CC-4", "CC-5", "CC-6"):
        town.open(project)
        town.pass_plan(project)
    town.engine.new_project("Another", "others", project_id="X-1", fields={"lifetime_value": "1.00"}, actor=MANAGER)
    town.open()
    assert stages(town)["plan"]["forecast"]["cases"] == 5
    assert stages(town, "X-1")["plan"]["no_forecast"]["cases"] == 0


def test_a_plan_is_the_same_whatever_holidays_a_register_added(town: Town) -> None:
    """A register's own holidays move no planned day and no slip, so that everybody finds the same plan.

    Seen to fail when plans are counted by the register's own calendar.
    """
    planned_on(town, PROJECT, "2026-06-01", "2026-12-02")
    town.engine.hold(PROJECT, "A pause", actor=MANAGER)
    before = town.engine.plan(PROJECT)
    assert (before["stages"][0]["slip_first"], before["on_hold"]) == (2, True)
    town.reopen(settings=settings_from({"COCYCLE_EXTRA_HOLIDAYS": "2026-12-01=A day of rest"}))
    assert town.engine.plan(PROJECT) == before


def test_a_day_of_coming_back_is_told_where_there_was_one(town: Town) -> None:
    """A stage entered once has no day of coming back; one that was sent back to has it, beside the day of entering.

    Seen to fail when the day of entering is told twice.
    """
    planned_on(town, PROJECT, "2026-06-01", "2026-06-11")
    assert [one["back_on"] for one in town.engine.plan(PROJECT)["stages"]] == [None, None]
    town.on("2026-06-20")
    town.engine.advance(PROJECT, act="send_back", reason="Not ready.", actor=SRO)
    found = stages(town)["plan"]
    assert (found["entered_on"], found["back_on"], found["left_on"]) == ("2026-06-01", "2026-06-20", None)
    assert found["expected"] == town.engine.project(PROJECT)["expected_by"]


def test_a_stage_ahead_is_forecast_with_the_one_at_hand(town: Town) -> None:
    """With five cases of each stage both speak, the second from where the first is left, and no stage is left out.

    Each case took 10 days to plan and 20 to design: from 1 September 2026 that is the 11th and 1 October.
    Seen to fail when only the stage at hand is forecast.
    """
    with town.engine.database.write() as tx:
        stays.add(tx, [StayRow(f"X-{n}", 1, "two-gates", "plan", "2026-08-01", 10) for n in range(5)])
        stays.add(tx, [StayRow(f"X-{n}", 2, "two-gates", "design", "2026-08-21", 20) for n in range(5)])
    town.on("2026-09-01")
    town.open()
    said = {name: one["forecast"]["p50_on"] for name, one in stages(town).items()}
    assert said == {"plan": "2026-09-11", "design": "2026-10-01"}


def test_of_many_cases_the_two_hundred_left_last_are_looked_at(town: Town) -> None:
    """Two hundred and one cases are two hundred, and the one that was left first is not among them."""
    days = [(date(2025, 1, 1) + timedelta(n)).isoformat() for n in range(201)]
    with town.engine.database.write() as tx:
        stays.add(tx, [StayRow(f"X-{d}", 1, "two-gates", "plan", d, 900 if d == days[0] else 7) for d in days])
    town.open()
    assert stages(town)["plan"]["forecast"]["cases"] == 200
    with town.engine.database.read() as tx:
        assert set(stays.days_in(tx, "two-gates", "plan", MOST)) == {7}


def test_rows_are_made_anew_batch_by_batch_and_what_was_made_up_is_gone(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However small the batches, every project is gone through once, and a row that no entry makes does not stay.

    Seen to fail when the first batch is taken for all of them, and when a project's old rows are left where they were;
    seen never to end when how far it came is not kept.
    """
    for n in range(1, 4):
        planned_on(town, f"CC-{n}", f"2026-06-{10 * n - 5:02d}", f"2026-06-{10 * n - 1:02d}")
    written = rows(town)
    assert len(written) == 3
    monkeypatch.setattr("engine.stays.BATCH", 2)
    with town.engine.database.write() as tx:
        stays.forget(tx, "CC-3")
        stays.add(tx, [StayRow("CC-1", 99, "two-gates", "design", "2026-08-01", 10)])
    assert rebuild_stays(town.engine.database, town.engine.room) == 3
    assert rows(town) == written
