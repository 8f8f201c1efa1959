"""Firing deadlines: every step exactly once, in due order, whoever sleeps, dies or meets somebody else at it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.dated_registers import dated_register
from engine.api import Engine, open_register
from engine.clock import SetClock
from engine.core.definition import Workflow
from engine.core.project import Project
from engine.core.reminding import Step
from engine.firing import Fired, fire
from engine.store import deadlines
from engine.store.database import Transaction
from engine.store.deadlines import DeadlineRow

from .kept_rows import MARKS, Told
from .test_deadlines import with_a_condition
from .town import ADMIN, LEAD, LONDON, MANAGER, PROJECT, ROOT, SRO, START, Town

CONDITION = f"{PROJECT}/condition/plan-gate"


def fired_on(town: Town, day: str, told: Told | None = None, at: str = "09:00") -> list[tuple[str, int]]:
    """Fires on a day; returns the steps, each as the kind of deadline and the working days left."""
    town.on(day, at)
    told = told or Told()
    before = len(told.steps)
    fired = fire(town.engine.database, town.engine.room, (), town.clock.now(), told)
    assert fired.bugs == []
    assert fired.deadlines == len(told.steps) - before
    return [(id_.split("/")[1], left) for id_, left in told.steps[before:]]


def marks(engine: Engine) -> Counter[str]:
    """Returns how often each deadline was fired, by the marks that were committed."""
    with engine.database.read() as tx:
        found = tx.execute("SELECT occurrence FROM outbox WHERE topic = ?", (MARKS,)).fetchall()
    return Counter(occurrence.split()[0] for (occurrence,) in found)


# ---- steps


def test_the_steps_of_a_deadline_come_on_their_days(town: Town) -> None:
    """Looked at every day, a condition is told 10, 5, 1 and 0 working days before, then each five working days.

    Seen to fail when the day of the next step is not set.
    """
    with_a_condition(town)
    told, days = Told(), {}
    for n in range(60):
        day = (date(2026, 6, 2) + timedelta(n)).isoformat()
        steps = [left for kind, left in fired_on(town, day, told) if kind == "condition"]
        if steps:
            days[day] = steps
    assert days == {
        "2026-06-17": [10],
        "2026-06-24": [5],
        "2026-06-30": [1],
        "2026-07-01": [0],
        "2026-07-08": [-5],
        "2026-07-15": [-10],
        "2026-07-22": [-15],
        "2026-07-29": [-20],
    }


def test_a_wait_is_told_once_on_the_day_it_is_over(town: Town) -> None:
    """The day a standstill is over it is told, and never again; not one that was over before anybody recorded it."""
    with_a_condition(town)
    town.add("market-notice")
    told = Told()
    days = [d.isoformat() for d in (date(2026, 6, 2) + timedelta(n) for n in range(30))]
    assert [day for day in days if ("wait", 0) in fired_on(town, day, told)] == ["2026-06-13"]
    town.add("market-notice", facts={"published_on": "2026-05-01"})
    assert "wait" not in [kind for kind, _ in fired_on(town, "2026-07-03", told)]


def test_a_wait_that_turns_out_to_be_over_is_told_to_those_who_wait(town: Town) -> None:
    """A wait that people still wait for, and that was over long ago by a corrected record, is told, once.

    Seen to fail when a wait that is over when its row is written is never told: they wait for a day that says nothing.
    """
    with_a_condition(town)
    town.add("market-notice")
    told = Told()
    assert fired_on(town, "2026-06-05", told) == []
    town.add("market-notice", facts={"published_on": "2026-05-01"})
    assert fired_on(town, "2026-06-05", told, at="10:00") == [("wait", 0)]
    assert fired_on(town, "2026-06-15", told) == []


def test_what_is_made_good_in_time_is_not_told(town: Town) -> None:
    """A condition that was met before a step is not told at it, and a date that moved begins with its own steps."""
    with_a_condition(town)
    told = Told()
    assert fired_on(town, "2026-06-17", told) == [("condition", 10)]
    town.engine.meet_condition(PROJECT, town.passings()[0]["seq"], 1, "It was found", actor=SRO)
    assert fired_on(town, "2026-07-10", told) == []


def test_a_deadline_that_is_near_when_it_begins_is_told_with_the_next_round(town: Town) -> None:
    """What has less than ten working days when it comes into being is told at once, with its newest step only."""
    town.open(regime="psr")
    town.fill_plan()
    town.decide()
    town.engine.advance(PROJECT, conditions=[("Find a room", LEAD, "2026-06-04")], actor=SRO)
    assert fired_on(town, "2026-06-01", at="10:00") == [("condition", 5)]
    assert fired_on(town, "2026-06-01", at="10:01") == []


# ---- on hold, ended


def test_on_hold_our_own_plan_is_silent_and_all_else_is_told(town: Town) -> None:
    """While a project is on hold nobody is reminded of its stage; its condition is told as ever. Resumed, both are.

    Seen to fail when a hold silences everything.
    """
    with_a_condition(town)
    (stage,) = [d for d in town.engine.deadlines(PROJECT)["deadlines"] if d["kind"] == "stage"]
    town.engine.hold(PROJECT, "A pause", actor=MANAGER)
    told = Told()
    assert fired_on(town, "2026-06-17", told) == [("condition", 10)]
    late = date.fromisoformat(stage["due"]) + timedelta(1)
    assert {kind for kind, _ in fired_on(town, late.isoformat(), told)} == {"condition"}
    town.engine.resume(PROJECT, "It goes on", actor=MANAGER)
    assert ("stage", 0) in fired_on(town, (late + timedelta(1)).isoformat(), told)


def test_of_an_ended_project_only_its_conditions_are_told(town: Town) -> None:
    """A project that was stopped has no plan and no evidence to wait for; what it promised is still due."""
    with_a_condition(town)
    town.engine.advance(PROJECT, act="stop", reason="No need any more", actor=SRO)
    told = Told()
    found = {kind for n in range(0, 500, 3) for kind, _ in fired_on(town, str(date(2026, 6, 2) + timedelta(n)), told)}
    assert found == {"condition"}


# ---- the fence


def test_a_deadline_that_is_gone_is_not_told(town: Town) -> None:
    """A row that is left of what no longer is, is not fired: the project is looked at again, and the row taken out.

    Seen to fail when the row is believed.
    """
    with_a_condition(town)
    with town.sql() as database:
        changed = database.execute(
            "UPDATE deadline SET id = replace(id, '.1', '.7'), next_on = '2026-06-02' WHERE kind = 'condition'"
        )
        assert changed.rowcount == 1
    assert fired_on(town, "2026-06-03") == []
    assert fired_on(town, "2026-06-17") == [("condition", 10)]


def test_a_row_whose_day_is_wrong_is_made_right_and_told_on_the_right_day(town: Town) -> None:
    """Where a row has another day than is derived, the derived day counts."""
    with_a_condition(town)
    with town.sql() as database:
        database.execute("UPDATE deadline SET due = '2026-06-03', next_on = '2026-06-02' WHERE kind = 'condition'")
    assert fired_on(town, "2026-06-03") == []
    assert fired_on(town, "2026-06-17") == [("condition", 10)]


def test_one_damaged_project_does_not_keep_the_others_back(town: Town) -> None:
    """A project whose state cannot be read is told as a problem; the deadlines of the others are fired all the same."""
    with_a_condition(town)
    with_a_condition(town, "CC-2")
    town.wrecked = True
    with town.sql() as database:
        database.execute("UPDATE project SET snapshot = x'7b' WHERE id = ?", (PROJECT,))
    town.on("2026-06-17")
    told = Told()
    fired = fire(town.engine.database, town.engine.room, (), town.clock.now(), told)
    assert [id_.split("/")[0] for id_, _ in told.steps] == ["CC-2"]
    assert len(fired.problems) == 1
    assert PROJECT in fired.problems[0]


def test_one_that_breaks_the_round_does_not_keep_the_others_back(town: Town) -> None:
    """Where telling one deadline fails in a way nobody foresaw, it stays due; the others are fired, each once.

    Seen to fail when what breaks is not tried apart from the others.
    """
    for project in (PROJECT, "CC-2", "CC-3"):
        with_a_condition(town, project)

    class Breaking(Told):
        def __call__(
            self, tx: Transaction, row: DeadlineRow, project: Project, workflow: Workflow, step: Step, at: str
        ) -> int:
            if row.project == "CC-2":
                raise ZeroDivisionError
            return super().__call__(tx, row, project, workflow, step, at)

    town.on("2026-06-17")
    fired = fire(town.engine.database, town.engine.room, (), town.clock.now(), Breaking())
    assert [type(bug) for bug in fired.bugs] == [ZeroDivisionError]
    assert {id_.split("/")[0]: n for id_, n in marks(town.engine).items()} == {PROJECT: 1, "CC-3": 1}
    assert [id_ for id_, _ in fired_ids(town)] == [f"CC-2/condition/plan-gate/{seq_of(town, 'CC-2')}.1"]


def fired_ids(town: Town) -> list[tuple[str, int]]:
    """Fires once more at the same moment; returns the steps by the ids of their deadlines."""
    told = Told()
    fire(town.engine.database, town.engine.room, (), town.clock.now(), told)
    return told.steps


def seq_of(town: Town, project: str) -> int:
    """Returns the entry of a project's last passing."""
    return int(town.passings(project)[-1]["seq"])


# ---- days, zones, summer time


@pytest.mark.parametrize(
    ("due", "day", "before", "begins"),
    [
        ("2027-03-28", "2027-03-11", "2027-03-10T23:59:59", "2027-03-11T00:00:00"),  # Easter Sunday
        ("2027-04-13", "2027-03-30", "2027-03-29T22:59:59", "2027-03-29T23:00:00"),  # summer time began on the 28th
        ("2026-11-09", "2026-10-26", "2026-10-25T23:59:59", "2026-10-26T00:00:00"),  # and ended on the 25th
        ("2027-01-15", "2026-12-31", "2026-12-30T23:59:59", "2026-12-31T00:00:00"),  # a bank holiday lies between
        ("2028-02-29", "2028-02-15", "2028-02-14T23:59:59", "2028-02-15T00:00:00"),  # a leap day
        ("2036-07-01", "2036-06-17", "2036-06-16T22:59:59", "2036-06-16T23:00:00"),  # no holidays are known of 2036
    ],
)
def test_a_step_comes_when_its_day_begins_in_london(town: Town, due: str, day: str, before: str, begins: str) -> None:
    """A second before midnight in London nothing is told of a step, at midnight it is, in summer and in winter."""
    town.open(regime="psr")
    town.fill_plan()
    town.decide()
    town.engine.advance(PROJECT, conditions=[("Find a room", LEAD, due)], actor=SRO)
    told = Told()
    for moment, expected in ((before, []), (begins, [10])):
        town.clock.set(datetime.fromisoformat(moment).replace(tzinfo=UTC))
        fire(town.engine.database, town.engine.room, (), town.clock.now(), told)
        assert [left for id_, left in told.steps if "/condition/" in id_] == expected, day


def test_a_day_begins_by_the_clocks_of_the_definition(town: Town) -> None:
    """Where a definition goes by other clocks its steps come when the day begins there, and no other's with them."""
    text = (ROOT / "tests" / "examples" / "two-gates.yaml").read_text("utf-8")
    far = text.replace("id: two-gates\n", "id: far\ntime_zone: Pacific/Auckland\n", 1)
    town.engine.load_definition(far.encode(), "far.yaml", actor=ADMIN)
    asked = {"lifetime_value": "1450000.00"}
    town.engine.new_project("Far away", "far", project_id="F-1", fields=asked, actor=MANAGER)
    town.open()
    due = {d["project"]: d["due"] for d in town.engine.deadlines()["deadlines"]}
    assert due["F-1"] == due[PROJECT]
    with town.engine.database.read() as tx:
        (step,) = {row.row.next_on for row in deadlines.listed(tx)}
    assert step is not None
    evening = datetime.fromisoformat(f"{step}T00:00:00").replace(tzinfo=LONDON) - timedelta(hours=6)
    told = Told()
    fire(town.engine.database, town.engine.room, (), evening, told)
    assert [id_.split("/")[0] for id_, _ in told.steps] == ["F-1"]
    fire(town.engine.database, town.engine.room, (), evening + timedelta(hours=6), told)
    assert [id_.split("/")[0] for id_, _ in told.steps] == ["F-1", PROJECT]


# ---- exactly once


def fifty(town: Town) -> None:
    """Makes ten projects with five conditions each, due on fifty days in a row from 1 July on."""
    days = [date(2026, 7, 1) + timedelta(n) for n in range(50)]
    for number in range(10):
        project = f"CC-{number:02}"
        town.open(project)
        town.fill_plan(project)
        town.decide(project)
        given_ = [(f"Number {n}", LEAD, days[(number * 7 + n * 10) % 50].isoformat()) for n in range(5)]
        town.engine.advance(project, conditions=given_, actor=SRO)


@pytest.mark.parametrize("seconds", [0, 1, 3_600, 86_400, 7 * 86_400, 30 * 86_400])
def test_after_a_sleep_each_deadline_is_told_once_and_in_due_order(town: Town, seconds: int) -> None:
    """However long nobody swept, the first round tells each deadline that came meanwhile once, earliest due first.

    Seen to fail when every step that was missed is fired.
    """
    fifty(town)
    told = Told()
    town.on("2026-09-01")
    town.clock.set(town.clock.moment + timedelta(seconds=seconds))
    fired = fire(town.engine.database, town.engine.room, (), town.clock.now(), told)
    conditions = [id_ for id_, _ in told.steps if "/condition/" in id_]
    assert len(conditions) == len(set(conditions)) == 50
    due = {d["id"]: (d["due"], d["id"]) for d in town.engine.deadlines()["deadlines"]}
    assert [due[id_] for id_, _ in told.steps] == sorted(due[id_] for id_, _ in told.steps)
    assert fired.deadlines == len(told.steps)
    assert fire(town.engine.database, town.engine.room, (), town.clock.now(), told) == Fired()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 45 * 24), min_size=1, max_size=15))
def test_however_somebody_sleeps_no_step_is_told_twice(template: Path, sleeps: list[int]) -> None:
    """Swept at any moments whatever, each step of each deadline is told at most once, and steps only go forward."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("town.db", "town.db.key", "town.db.signed"):
            shutil.copy(template / name, Path(folder) / name)
        path, clock = Path(folder) / "town.db", SetClock(START)
        town = Town(path, open_register(path, clock=clock), clock)
        with_a_condition(town)
        told, last = Told(), town.clock.moment
        for hours in sleeps:
            town.clock.set(town.clock.moment + timedelta(hours=hours))
            fire(town.engine.database, town.engine.room, (), town.clock.now(), told)
            last = town.clock.moment
        assert max(Counter(told.steps).values(), default=0) <= 1
        by_deadline = {id_: [left for one, left in told.steps if one == id_] for id_, _ in told.steps}
        assert all(a > b for steps in by_deadline.values() for a, b in pairwise(steps))
        if last.date() >= date(2026, 7, 1):
            assert any("/condition/" in id_ for id_, _ in told.steps)
        town.engine.close()


WORKER = """
import sys
from datetime import datetime
from uuid import uuid4
from engine.api import SetClock, open_register
from engine.firing import fire
from engine.store import outbox

def mark(tx, row, project, workflow, step, at):
    outbox.put(tx, "mark", [(f"{row.id} {uuid4()}", "{}")], at)
    return 1

engine = open_register(sys.argv[1], clock=SetClock(datetime.fromisoformat(sys.argv[2])))
print("ready", flush=True)
sys.stdin.readline()
print(fire(engine.database, engine.room, (), engine.clock.now(), mark).deadlines, flush=True)
"""


def test_three_at_once_and_one_killed_tell_each_once(tmp_path: Path, product_environment: dict[str, str]) -> None:
    """Of three processes that fire the same deadlines one is killed while it is at it: each deadline is told once.

    Seen to fail when the rows of a batch are read before the register is locked.
    """
    path = tmp_path / "dated.db"
    dated_register(path, [date(2026, 2, 2)] * 120).close()
    command = [sys.executable, "-c", WORKER, str(path), "2026-08-03T09:00:00+01:00"]
    workers = [
        subprocess.Popen(command, env=product_environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    engine = open_register(path, read_only=True)
    while not marks(engine):
        time.sleep(0.002)
    workers[0].send_signal(signal.SIGKILL)
    said = [worker.communicate()[0] for worker in workers]
    told = marks(engine)
    engine.close()
    assert len(told) == 600
    assert set(told.values()) == {1}
    assert sum(map(int, said[1:])) <= 600


@pytest.fixture
def product_environment() -> dict[str, str]:
    """The environment in which a script of these tests finds the engine."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
