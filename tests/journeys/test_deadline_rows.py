"""Deadlines kept as rows: in step with every act, made again at will, and read in place of deriving everything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.api import InputRefused, Settings, settings_from
from engine.core.opinions import Opinion
from engine.due import refresh
from engine.firing import fire
from engine.rebuilding import BY, COMING, keep_current, rebuild
from engine.store import deadlines, settings
from tests.hosting.folders import write_plugin

from .kept_rows import Told, mistakes_in_rows
from .test_deadlines import with_a_condition
from .town import ADMIN, COCHAIR, EDI, IDLE, LEAD, MANAGER, PROJECT, SRO, Json, Town, refused


def rows(town: Town) -> dict[str, Any]:
    """Returns the rows of all deadlines by id."""
    with town.engine.database.read() as tx:
        return {one.row.id: one.row for one in deadlines.listed(tx)}


def derived(town: Town, **asked: Any) -> dict[str, Any]:
    """Returns what is listed where there are no rows of today's rules, so that all is derived; mends them again."""
    with town.engine.database.write() as tx:
        by = settings.setting(tx, BY)
        settings.put_setting(tx, BY, "of yesterday")
    found = town.engine.deadlines(**asked)
    with town.engine.database.write() as tx:
        settings.put_setting(tx, BY, by or "")
    return found


def busy(town: Town) -> None:
    """Makes four projects with deadlines of several kinds: one on hold, one that waits into an unknown year.

    In the last somebody answers for a condition who holds no role there.
    """
    with_a_condition(town)
    with_a_condition(town, "CC-2")
    town.engine.waive("CC-2", "specification", "No room", "2026-06-20", COCHAIR, actor=SRO)
    town.engine.hold("CC-2", "A pause", actor=MANAGER)
    town.open("CC-3", regime="psr")
    town.open("CC-4")
    town.fill_plan("CC-4")
    town.decide("CC-4")
    town.engine.advance("CC-4", conditions=[("Ask around", IDLE, "2026-06-15")], actor=SRO)
    town.on("2035-12-28")
    town.add("market-notice", facts={"published_on": "2035-12-28"})


# ---- in step


def test_every_act_leaves_the_rows_that_its_project_makes(town: Town) -> None:
    """After each act of a story the rows are what is derived from the state, and nothing is left of what is over.

    Seen to fail when `refresh` is left out of the choke point, and when it takes no row out.
    """
    with_a_condition(town)
    assert mistakes_in_rows(town.engine) == []
    assert sorted(row.kind for row in rows(town).values()) == ["condition", "stage"]
    town.engine.meet_condition(PROJECT, town.passings()[0]["seq"], 1, "It was found", actor=SRO)
    town.engine.hold(PROJECT, "A pause", actor=MANAGER)
    assert mistakes_in_rows(town.engine) == []
    assert [(row.kind, row.next_on) for row in rows(town).values()] == [("stage", None)]
    town.engine.resume(PROJECT, "It goes on", actor=MANAGER)
    assert [row.next_on is None for row in rows(town).values()] == [False]
    town.engine.advance(PROJECT, act="stop", reason="No need any more", actor=SRO)
    assert mistakes_in_rows(town.engine) == []
    assert rows(town) == {}


def test_only_what_changed_is_written(town: Town) -> None:
    """An act that moves no deadline leaves every row of a deadline as it was, to the version it was written at.

    Seen to fail when every row is put anew.
    """
    with_a_condition(town)
    before = rows(town)
    version = town.engine.version(PROJECT)
    town.add("specification")
    assert rows(town) == before
    assert all(row.version <= version for row in before.values())
    with town.engine.database.read() as tx:
        assert deadlines.of_project(tx, PROJECT)[PROJECT].version == version + 1
    written = town.engine.database.connection().total_changes
    with town.engine.database.write() as tx:
        refresh(tx, town.engine.room, *town.engine.room.load(tx, PROJECT))
    assert town.engine.database.connection().total_changes == written


def test_a_refused_act_leaves_the_rows_alone(town: Town) -> None:
    """What was refused changed nothing, so no row of it is there."""
    town.open()
    before = rows(town)
    refused(InputRefused, None, lambda: town.engine.hold(PROJECT, "", actor=MANAGER))
    assert rows(town) == before


def test_nothing_that_somebody_typed_lies_in_a_row(town: Town) -> None:
    """The words of a condition and the title of a project are in no row, so that an erasure need not look there.

    Seen to fail when `says` is kept in the body.
    """
    with_a_condition(town)
    with town.sql() as database:
        kept = repr(database.execute("SELECT * FROM deadline").fetchall())
    assert "Find a room" not in kept
    assert "A project" not in kept
    (condition,) = [d for d in town.engine.deadlines()["deadlines"] if d["kind"] == "condition"]
    assert (condition["says"], condition["project_title"]) == ("Find a room", "A project")


# ---- read


@pytest.mark.parametrize("who", [None, SRO, LEAD, EDI, IDLE, MANAGER])
@pytest.mark.parametrize("within", [None, 30, 0])
def test_the_rows_say_what_deriving_everything_says(town: Town, who: str | None, within: int | None) -> None:
    """For everybody and for each person, with and without a limit of days, both ways give the same answer.

    Seen to fail when the deadlines that somebody owns without a role there are not looked up.
    """
    busy(town)
    for at in (None, "2026-06-02", "2026-06-20", "2026-12-25"):
        asked: dict[str, Any] = {"within": within, "at": at, "mine": who}
        assert town.engine.deadlines(**asked) == derived(town, **asked)


def test_pages_put_together_are_the_whole_list(town: Town) -> None:
    """Page by page, by the cursor each gives, every deadline is listed once; the days only grow from page to page."""
    busy(town)
    for mine in (None, SRO, LEAD):
        whole = town.engine.deadlines(mine=mine)
        pages: list[list[Json]] = []
        cursor: str | None = None
        while True:
            found = town.engine.deadlines(mine=mine, limit=2, after=cursor)
            assert found == derived(town, mine=mine, limit=2, after=cursor)
            pages.append(found["deadlines"])
            cursor = found["next"]
            if cursor is None:
                break
        assert sorted(d["id"] for page in pages for d in page) == sorted(d["id"] for d in whole["deadlines"])
        days = [sorted(d["due"] for d in page) for page in pages]
        assert [day for page in days for day in page] == sorted(d["due"] for d in whole["deadlines"])
    refused(InputRefused, None, lambda: town.engine.deadlines(limit=0))
    refused(InputRefused, None, lambda: town.engine.deadlines(after="somewhere"))


def test_acting_as_somebody_the_list_is_theirs(town: Town) -> None:
    """Whoever acts sees their own, and whoever looks after all projects sees everybody's unless they ask for theirs."""
    busy(town)
    everybody = town.engine.deadlines()["deadlines"]
    for who in (SRO, LEAD, EDI, IDLE):
        assert town.engine.deadlines(acting=who) == town.engine.deadlines(mine=who)
    for who in (MANAGER, ADMIN):
        assert town.engine.deadlines(acting=who)["deadlines"] == everybody
        assert town.engine.deadlines(mine=who)["deadlines"] == []
    assert town.engine.deadlines(PROJECT, acting=IDLE)["deadlines"] == []


# ---- made again


def test_all_rows_can_be_made_again(town: Town) -> None:
    """Rows that were lost or made up are made again from the states, and those that were right stay as they were."""
    busy(town)
    before = rows(town)
    with town.sql() as database:
        database.execute("DELETE FROM deadline WHERE kind = 'condition'")
        database.execute("UPDATE deadline SET due = '2020-01-01' WHERE kind = 'stage'")
        database.execute(
            "INSERT INTO deadline VALUES ('CC-3/stage/x/1', 'CC-3', 1, 'stage', 'plan', '', NULL, NULL, '')"
        )
    assert rebuild(town.engine.database, town.engine.room) == 4
    assert mistakes_in_rows(town.engine) == []
    assert {id_: row._replace(version=0) for id_, row in rows(town).items()} == {
        id_: row._replace(version=0) for id_, row in before.items()
    }


def test_a_rebuilding_that_was_cut_short_goes_on_where_it_was(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a crash the next one begins after the last project that was done, and it is only done once all are.

    Seen never to end when how far it came is not kept.
    """
    busy(town)
    monkeypatch.setattr("engine.rebuilding.BATCH", 2)
    with town.engine.database.write() as tx:
        by = settings.setting(tx, BY)
        settings.put_setting(tx, BY, "")
        settings.put_setting(tx, COMING, json.dumps([by, PROJECT]))
        tx.execute("DELETE FROM deadline")
    assert keep_current(town.engine.database, town.engine.room) == 3
    assert {row.project for row in rows(town).values()} == {"CC-2", "CC-3", "CC-4"}, (
        "the first was done before the crash"
    )
    assert rebuild(town.engine.database, town.engine.room) == 4
    assert mistakes_in_rows(town.engine) == []


def test_a_register_of_an_older_revision_gets_its_rows_with_the_next_sweep(town: Town) -> None:
    """Without rows deadlines are derived for whoever asks; the next sweep makes the rows, and the doctor says both."""
    busy(town)
    whole, before = town.engine.deadlines(), rows(town)
    with town.sql() as database:
        database.execute("DELETE FROM deadline")
        database.execute("DELETE FROM setting WHERE name LIKE 'deadlines%'")
    assert town.engine.deadlines() == whole
    assert "the next sweep makes them again" in said_by_doctor(town)["message"]
    town.engine.sweep()
    assert town.engine.deadlines() == whole
    assert {id_: row.due for id_, row in rows(town).items()} == {id_: row.due for id_, row in before.items()}
    assert said_by_doctor(town) == {
        "check": "deadlines",
        "ok": True,
        "message": "The deadlines of every project are those of its last change.",
    }


def test_other_holidays_make_the_rows_anew(town: Town) -> None:
    """Where holidays are added to a register its waits end later: for readers at once, in rows with the next sweep."""
    with_a_condition(town)
    town.add("market-notice")

    def wait() -> str:
        return next(str(d["due"]) for d in town.engine.deadlines()["deadlines"] if d["kind"] == "wait")

    assert wait() == "2026-06-13"
    town.reopen(settings=settings_from({"COCYCLE_EXTRA_HOLIDAYS": "2026-06-08=A day of rest"}))
    assert wait() == "2026-06-16"
    assert town.engine.sweep()["problems"] == []
    assert [row.due for row in rows(town).values() if row.kind == "wait"] == ["2026-06-16"]
    assert wait() == "2026-06-16"


def test_other_rules_make_the_rows_anew(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of an older version's rules are not those of today's: they are made again with the next sweep.

    Seen to fail when the number of the rules is not kept with the rows.
    """
    with_a_condition(town)
    monkeypatch.setattr("engine.due.RULES", 99)
    with town.sql() as database:
        database.execute("UPDATE deadline SET due = '2020-01-01' WHERE kind = 'stage'")
    assert mistakes_in_rows(town.engine) != []
    assert town.engine.deadlines()["deadlines"][0]["due"] != "2020-01-01"
    town.engine.sweep()
    assert mistakes_in_rows(town.engine) == []


@pytest.mark.parametrize("years", ["FIRST_YEAR", "LAST_YEAR"])
def test_other_years_of_holidays_make_the_rows_anew(town: Town, monkeypatch: pytest.MonkeyPatch, years: str) -> None:
    """A version that knows the holidays of more years can tell days that the one before could not: rows are made anew.

    Seen to fail when either end of those years is not kept with the rows.
    """
    with_a_condition(town)
    monkeypatch.setattr(f"engine.due.{years}", 2050)
    with town.sql() as database:
        database.execute("UPDATE deadline SET due = '2020-01-01' WHERE kind = 'stage'")
    town.engine.sweep()
    assert mistakes_in_rows(town.engine) == []


def said_by_doctor(town: Town) -> Json:
    """Returns what the doctor says of deadlines."""
    return next(dict(check) for check in town.engine.doctor()["checks"] if check["check"] == "deadlines")


def test_rows_that_are_older_than_their_project_are_found_and_mended(town: Town) -> None:
    """The doctor counts them, and the first sweep of the next day makes them those of their projects."""
    busy(town)
    town.engine.sweep()
    with town.sql() as database:
        database.execute("UPDATE deadline SET version = version - 1 WHERE kind = 'project' AND id = 'CC-2'")
        database.execute("DELETE FROM deadline WHERE project = 'CC-3'")
    assert not said_by_doctor(town)["ok"]
    assert said_by_doctor(town)["message"].startswith("2 projects have deadlines that are not those of the last change")
    town.on("2035-12-29")
    town.engine.sweep()
    assert said_by_doctor(town)["ok"]
    assert mistakes_in_rows(town.engine) == []


def test_verify_does_not_hang_on_the_rows(town: Town) -> None:
    """Whatever happened to the rows, the ledger verifies: they are no part of what was recorded."""
    busy(town)
    with town.sql() as database:
        database.execute("UPDATE deadline SET due = '1999-01-01', body = '{}'")
    assert town.engine.verify()["problems"] == []


CLOCK = """
def judge(facts, options):
    return pending("It runs.", not_before="2026-07-01")

@hookimpl
def cocycle_requirement_kinds():
    return [RequirementKind("clock", "A clock", judge)]
"""
TIMELY = """
cocycle: 1
id: timely
version: "1"
title: Timely
roles: {sro: {title: Owner}}
stages:
  - {id: plan, title: Plan, target: 12 weeks, transitions: [{id: advance, to: done, gate: timely-gate}]}
  - {id: done, title: Done, final: true}
gates:
  timely-gate:
    title: Timely gate
    decided_by: [sro]
    requires:
      - {id: clocked, title: Clocked, use: timely/clock}
"""


class Shouting:
    """Judges that nobody may ask."""

    def ask(self, use: str, question: Mapping[str, Any]) -> Opinion:
        raise AssertionError(f"{use} was asked while the register was locked")


def test_no_plugin_is_asked_while_the_register_is_locked(town: Town, tmp_path: Path) -> None:
    """Rows are made without plugins: what only a plugin knows has none, and is told where its project is asked about.

    Seen to fail when rows are derived with the judges that the workflow is bound to.
    """
    write_plugin(tmp_path / "plugins", "timely", CLOCK)
    town.reopen(settings=Settings(plugins=(), plugins_dir=str(tmp_path / "plugins")))
    town.engine.load_definition(TIMELY.encode(), "timely.yaml", actor=ADMIN)
    town.engine.new_project("Timed", "timely", project_id="T-1", actor=MANAGER)
    with town.engine.database.write() as tx:
        project, workflow = town.engine.room.load(tx, "T-1")
        made = refresh(tx, town.engine.room, project, replace(workflow, judges=Shouting()))
    assert [row.kind for row in made.values()] == ["stage"]
    asked = [(d["kind"], d["due"]) for d in town.engine.deadlines("T-1")["deadlines"]]
    assert ("wait", "2026-07-01") in asked
    assert [d["kind"] for d in town.engine.deadlines()["deadlines"]] == ["stage"]


def test_firing_makes_rows_first_where_there_are_none(town: Town) -> None:
    """The first round in a register without rows makes them, and fires what is due of them in the same round."""
    with_a_condition(town)
    with town.sql() as database:
        database.execute("DELETE FROM deadline")
        database.execute("DELETE FROM setting WHERE name LIKE 'deadlines%'")
    town.on("2026-07-02")
    told = Told()
    fired = fire(town.engine.database, town.engine.room, (), town.clock.now(), told)
    assert (fired.made, fired.deadlines) == (1, 1)
    assert [left for _, left in told.steps] == [0]
