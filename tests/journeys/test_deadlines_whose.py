"""Whose deadlines are listed, by roles held in one project or in all, and how a list is cut into pages and days."""

from __future__ import annotations

from typing import Any

import pytest

from engine.api import InputRefused

from .test_deadline_rows import busy, derived
from .test_deadlines import with_a_condition
from .town import ADMIN, AUDITOR, EDI, IDLE, MANAGER, PROJECT, SRO, Json, Town, refused

FREE = """
cocycle: 1
id: free
version: "1"
title: Free
time_zone: Pacific/Auckland
roles: {sro: {title: Owner}, edi: {title: Equality lead}}
stages:
  - {id: look, title: Look, target: 2 days, transitions: [{id: advance, to: done}]}
  - {id: done, title: Done, final: true}
"""


def both(town: Town, **asked: Any) -> list[Json]:
    """Returns the deadlines as rows say them, which is what deriving everything says, too."""
    found = town.engine.deadlines(**asked)
    assert found == derived(town, **asked)
    return list(found["deadlines"])


def two(town: Town) -> None:
    """Takes two projects through their plan gates, and takes the sro's role in the second from them."""
    with_a_condition(town)
    with_a_condition(town, "CC-2")
    town.engine.revoke(SRO, "sro", project="CC-2", actor=ADMIN)


def test_a_role_counts_in_the_project_it_is_held_in(town: Town) -> None:
    """Who may decide in one project is not asked about another in which they hold no role, or a role that cannot.

    Seen to fail when a role that is held in one project is taken to be held in all.
    """
    two(town)
    assert {d["project"] for d in both(town)} == {PROJECT, "CC-2"}
    assert {d["project"] for d in both(town, mine=SRO)} == {PROJECT}
    town.engine.grant(SRO, "edi", project="CC-2", actor=ADMIN)
    assert all("edi" not in d["who"] for d in both(town))
    assert {d["project"] for d in both(town, mine=SRO)} == {PROJECT}
    town.engine.grant(SRO, "lx_cochair", project="CC-2", actor=ADMIN)
    assert {d["project"] for d in both(town, mine=SRO)} == {PROJECT, "CC-2"}


def test_a_role_held_everywhere_counts_in_every_project(town: Town) -> None:
    """Who holds a role without a project has the deadlines of all, by page as in one list, those of new ones as well.

    Seen to fail when a role counts only in the project it is held in, and when the rows of their projects are all that
    is read.
    """
    two(town)
    assert both(town, mine=IDLE) == []
    town.engine.grant(IDLE, "sro", actor=ADMIN)
    assert [d["id"] for d in both(town, mine=IDLE)] == [d["id"] for d in both(town)]
    with_a_condition(town, "CC-3")
    assert {d["project"] for d in both(town, mine=IDLE)} == {PROJECT, "CC-2", "CC-3"}
    first = town.engine.deadlines(mine=IDLE, limit=2)
    rest = town.engine.deadlines(mine=IDLE, after=first["next"])
    listed = [d["id"] for d in (*first["deadlines"], *rest["deadlines"])]
    assert sorted(listed) == sorted(d["id"] for d in both(town))


@pytest.mark.parametrize("who", [ADMIN, MANAGER, AUDITOR])
def test_whose_work_is_every_project_sees_every_deadline(town: Town, who: str) -> None:
    """Admins, programme managers and auditors see everybody's when they act, and none of their own.

    Seen to fail when an auditor is left out.
    """
    two(town)
    assert both(town, acting=who) == both(town)
    assert both(town, mine=who) == []


def test_what_names_no_role_is_theirs_who_hold_one_there(town: Town) -> None:
    """A stage that no gate leads out of asks nobody by role, so it is in the list of everybody who works there.

    Seen to fail when what names no role is nobody's.
    """
    town.engine.load_definition(FREE.encode(), "free.yaml", actor=ADMIN)
    town.engine.new_project("Free", "free", project_id="F-1", actor=MANAGER)
    town.engine.grant(EDI, "edi", project="F-1", actor=ADMIN)
    assert [(d["project"], d["who"]) for d in both(town, mine=EDI)] == [("F-1", [])]
    assert both(town, mine=SRO) == []


def test_within_some_days_is_counted_by_the_clocks_of_the_workflow(town: Town) -> None:
    """Where it is tomorrow already, what is due within two days may be three days away in London, and is listed.

    At eight in the evening of 1 June it is 2 June in Auckland, where two days end with 4 June.
    Seen to fail when rows are read up to the day that many days ahead in London.
    """
    town.engine.load_definition(FREE.encode(), "free.yaml", actor=ADMIN)
    town.on("2026-06-01", "20:00")
    town.engine.new_project("Free", "free", project_id="F-1", actor=MANAGER)
    assert [(d["due"], d["days_left"]) for d in both(town, within=2)] == [("2026-06-04", 2)]
    assert both(town, within=1) == []


def test_a_page_ends_where_it_is_full_and_the_last_one_says_so(town: Town) -> None:
    """A page holds as many as were asked for and no more; where nothing comes after it, `next` is null.

    What cannot be told is on the first page alone. Seen to fail when a page is one too long, one too short, begins with
    the last of the page before, and when the days that cannot be told are on every page.
    """
    busy(town)
    for mine in (None, SRO):
        whole = both(town, mine=mine)
        n = len(whole)
        assert n > 3
        for limit in (1, n - 1, n, n + 1):
            page = town.engine.deadlines(mine=mine, limit=limit)
            assert page == derived(town, mine=mine, limit=limit)
            assert len(page["deadlines"]) == min(limit, n)
            assert (page["next"] is None) == (limit >= n)
            assert len(page["not_known"]) == 1
            if page["next"] is None:
                continue
            rest = town.engine.deadlines(mine=mine, after=page["next"])
            assert rest == derived(town, mine=mine, after=page["next"])
            ids = [d["id"] for d in (*page["deadlines"], *rest["deadlines"])]
            assert sorted(ids) == sorted(d["id"] for d in whole)
            assert rest["not_known"] == []


@pytest.mark.parametrize(
    "asked",
    [
        {"limit": 0},
        {"limit": 1_001},
        {"within": -1},
        {"within": 36_601},
        {"after": "2026-06-01"},
        {"after": "soon/CC-1/stage/plan/1.1"},
        {"after": "2026-06-01 CC-1/stage/plan/1.1"},
        {"after": "2026-06-01/CC-1\n"},
    ],
)
def test_a_page_that_cannot_be_is_refused(town: Town, asked: Json) -> None:
    """A limit, a number of days or a cursor that cannot be is refused in a sentence; the largest ones are taken."""
    town.open()
    refused(InputRefused, None, lambda: town.engine.deadlines(**asked))
    assert town.engine.deadlines(limit=1_000, within=36_600)["deadlines"]
    assert town.engine.deadlines(within=0)["deadlines"] == []
