"""Projects that are stuck: who is, since when, whom to ask, and the list of them, the longest first."""

from __future__ import annotations

from functools import partial

import pytest

from engine.api import InputRefused
from engine.store import statements_stays

from .town import ADMIN, COCHAIR, DEPUTY, EXAMPLES, MANAGER, PROJECT, SRO, Json, Town, refused


def listed(town: Town, **asked: object) -> list[tuple[str, str]]:
    """Returns the stuck projects with the day since when, in the order of the list."""
    found = town.engine.projects(stuck=True, **asked)["projects"]  # type: ignore[arg-type]  # each test names its own
    return [(one["project"], one["stuck"]["since"]) for one in found]


def three(town: Town) -> None:
    """Opens three projects on three days, the last of them first by its id."""
    for day, project in (("2026-06-01", "CC-3"), ("2026-06-03", "CC-2"), ("2026-06-05", "CC-1")):
        town.on(day)
        town.open(project)


def without_targets(town: Town) -> None:
    """Has projects opened from now on follow two-gates without a target for any stage."""
    text = (EXAMPLES / "two-gates.yaml").read_text(encoding="utf-8")
    town.engine.load_definition(
        text.replace("    target: 26 weeks\n", "").replace("    target: 48 weeks\n", "").encode(), "a.yaml", actor=ADMIN
    )


def test_a_stuck_project_says_since_when_why_and_whom_to_ask(town: Town) -> None:
    """Past its expected day a project shows how long, why, and the people who hold the roles it waits for."""
    town.open()
    assert town.engine.project(PROJECT, at="2026-11-30")["stuck"] is None
    found = town.engine.project(PROJECT, at="2026-12-04")
    stuck = found["stuck"]
    assert (stuck["since"], stuck["days"], stuck["working_days"]) == (found["expected_by"], 4, 4)
    assert stuck["why"] == "Plan was expected to be over by 30 November 2026."
    assert [one["role"] for one in stuck["ask"]] == found["waiting_for"]
    assert {one["title"]: [p["name"] for p in one["people"]] for one in stuck["ask"]} == {
        "Senior responsible owner": ["Deputy", "Sro"],
        "Lived-experience co-chair": ["Cochair", "Deputy"],
    }


def test_who_only_decides_is_not_asked_before_everything_is_there(town: Town) -> None:
    """Where a signature is missing whoever can give it is to be asked, and not those who could decide afterwards.

    Seen to fail when those who decide are counted among those who can help.
    """
    town.open()
    town.pass_plan()
    town.fill_design()
    town.add("equality")
    found = town.engine.project(PROJECT, at="2028-12-01")["stuck"]
    assert [one["role"] for one in found["ask"]] == ["edi"]


def test_where_nobody_holds_a_role_it_says_who_can_grant_it(town: Town) -> None:
    """A role that nobody holds has no people, and the admins who can grant it; a role in another project is none."""
    town.open()
    town.open("CC-2")
    town.engine.revoke(SRO, "sro", project=PROJECT, actor=ADMIN)
    town.engine.revoke(DEPUTY, "sro", project=PROJECT, actor=ADMIN)
    asked = town.engine.project(PROJECT, at="2026-12-04")["stuck"]["ask"]
    by_role: dict[str, Json] = {one["role"]: one for one in asked}
    assert by_role["sro"]["people"] == []
    assert [one["name"] for one in by_role["sro"]["granted_by"]] == ["Alex Admin"]
    assert "granted_by" not in by_role["lx_cochair"]


def test_a_gate_that_is_open_waits_for_those_who_can_move(town: Town) -> None:
    """Where nothing but the move is missing, those who can make it are asked."""
    town.open()
    town.fill_plan()
    town.decide()
    found = town.engine.project(PROJECT, at="2026-12-04")
    assert found["waiting_for"] == []
    assert [one["role"] for one in found["stuck"]["ask"]] == ["sro", "lx_cochair"]


def test_of_the_past_roles_are_named_and_no_people(town: Town) -> None:
    """With a point in the past it says which roles were waited for; who held them then is not told."""
    town.open()
    town.on("2026-12-10")
    town.engine.set_fields(PROJECT, {"regime": "psr"}, actor=MANAGER)
    found = town.engine.project(PROJECT, as_of="2026-12-04")["stuck"]
    assert found["days"] == 4
    assert {one["role"]: one["people"] for one in found["ask"]} == {"sro": None, "lx_cochair": None}


def test_the_longest_stuck_comes_first(town: Town) -> None:
    """The list goes by the day since when, and not by id; those that are not late are not in it.

    Seen to fail when it is sorted by id.
    """
    three(town)
    assert listed(town, at="2026-11-30") == []
    assert listed(town, at="2026-12-04") == [("CC-3", "2026-11-30"), ("CC-2", "2026-12-02")]
    assert [one[0] for one in listed(town, at="2027-01-04")] == ["CC-3", "CC-2", "CC-1"]


@pytest.mark.parametrize("targets", [True, False])
def test_a_page_goes_on_where_the_last_one_ended(town: Town, targets: bool) -> None:
    """Pages of one project each give the whole list, each project once, and the last one has no next."""
    if not targets:
        without_targets(town)
    three(town)
    for project in ("CC-1", "CC-2", "CC-3"):
        town.engine.waive(project, "priorities", "No room", f"2026-07-0{project[-1]}", COCHAIR, actor=SRO)
    whole, got, after = listed(town, at="2027-01-04"), [], None
    while True:
        page = town.engine.projects(stuck=True, at="2027-01-04", limit=1, after=after)
        got += [(one["project"], one["stuck"]["since"]) for one in page["projects"]]
        after = page["next"]
        if after is None:
            break
    assert got == whole
    assert len(whole) == 3


def test_who_is_on_hold_or_has_ended_is_not_listed(town: Town) -> None:
    """A project on hold waits for nobody, and one that has ended for nothing."""
    three(town)
    town.engine.hold("CC-3", "A pause", actor=MANAGER)
    town.engine.advance("CC-2", act="stop", reason="No money.", actor=SRO)
    assert [one[0] for one in listed(town, at="2027-01-04")] == ["CC-1"]


def test_the_other_filters_narrow_the_list(town: Town) -> None:
    """Stage, workflow, role and overdue choose among the stuck ones as they do among all."""
    three(town)
    late: Json = {"at": "2027-01-04"}
    assert len(listed(town, stage="plan", workflow="two-gates", waiting_for="sro", overdue=True, **late)) == 3
    assert listed(town, stage="design", **late) == []
    assert listed(town, workflow="psr-competitive", **late) == []
    assert listed(town, waiting_for="edi", **late) == []


def test_a_cursor_that_is_none_is_refused(town: Town) -> None:
    """A cursor that is not one this list gave is refused in a sentence, and never a wrong page."""
    for after in ("CC-1", "2026-06-30/", "soon/CC-1"):
        refused(InputRefused, None, partial(town.engine.projects, stuck=True, after=after))


def test_without_targets_the_list_and_each_project_say_the_same(town: Town) -> None:
    """On any day the list holds exactly the projects that say of themselves that they are stuck, since the same day."""
    without_targets(town)
    three(town)
    town.engine.waive("CC-1", "priorities", "No room", "2026-06-20", COCHAIR, actor=SRO)
    town.engine.waive("CC-2", "mandate", "No room", "2026-06-12", COCHAIR, actor=SRO)
    town.engine.waive("CC-2", "priorities", "No room", "2026-06-10", COCHAIR, actor=SRO)
    for day in ("2026-06-10", "2026-06-11", "2026-06-13", "2026-06-20", "2026-06-21", "2026-12-31"):
        alone = {
            name: town.engine.project(name, at=day)["stuck"]["since"]
            for name in ("CC-1", "CC-2", "CC-3")
            if town.engine.project(name, at=day)["stuck"]
        }
        found = listed(town, at=day)
        assert dict(found) == alone
        assert [since for _, since in found] == sorted(since for _, since in found)
    assert found == [("CC-2", "2026-06-10"), ("CC-1", "2026-06-20")]


def test_the_list_is_found_by_indexes(town: Town) -> None:
    """Neither question goes through all projects: each begins in the index that is in the order of the list."""
    plans = {}
    with town.sql() as database:
        for name in ("PAST_TARGET", "PAST_DEADLINE"):
            asked = {"today": "2027-01-01", "after_day": "", "after_id": "", "limit": 10}
            rows = database.execute(f"EXPLAIN QUERY PLAN {getattr(statements_stays, name)}", asked)
            plans[name] = " ".join(row[3] for row in rows)
    assert "USING INDEX ix_project_open_due_on_id" in plans["PAST_TARGET"]
    assert "TEMP B-TREE" not in plans["PAST_TARGET"]
    assert "ix_deadline_due" in plans["PAST_DEADLINE"]
    assert "SCAN" not in " ".join(plans.values())
