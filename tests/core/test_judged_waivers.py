"""What the judge makes of waivers: how they are shown, when they end, and that law is never waived."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any

import pytest

from engine.core.bench import is_law

from .builders import Json, advance, all_of, any_of, asking, at_least, check, hand_in, needs, set_fields, wait, waive
from .story import Story, story

BOTH = ["sro", "cochair"]


def waived(*requires: Json, **fields: Any) -> Story:
    return story(asking(*requires, waived_by=BOTH), **fields)


def test_a_waiver_shows_what_the_requirement_would_have_said() -> None:
    """A waived requirement is shown as waived, with its end and with what it would have said without."""
    told = waived(needs("talk", level="co_design")).given(hand_in("talk"), waive("talk", "2026-06-10"))
    found = told.verdict("talk")
    assert (found.state, found.would, found.evidence) == ("waived", "unmet", ("a1",))
    assert found.waiver is told.project.waivers[0]
    assert found.why == (
        "Waived until 10 June 2026. Without the waiver it would be unmet:",
        "It does not say at which level people took part; at least co-design is needed.",
    )
    assert told.judgement().holds


def test_the_last_day_of_a_waiver_still_counts() -> None:
    """A waiver's `until` is inclusive: on that day it is waived, on the next it is what it is."""
    told = waived(needs("talk")).given(waive("talk", "2026-06-10"))
    assert told.on("2026-06-10").state("talk") == "waived"
    assert told.on("2026-06-11").state("talk") == "unmet"
    assert told.verdict("talk").waiver is None


def test_a_running_wait_can_be_waived() -> None:
    """A wait that runs is pending without its waiver, and says so; once it is over it is met, waiver or not."""
    told = waived(needs("notice", "notice"), wait("pause", "notice.published_on", 5, "days"))
    told.given(hand_in("notice", published_on="2026-06-01"), waive("pause"))
    found = told.verdict("pause")
    assert (found.state, found.would, str(found.over_on)) == ("waived", "pending", "2026-06-08")
    assert found.why[0] == "Waived until 31 December 2026. Without the waiver it would be pending:"
    assert told.on("2026-06-08").state("pause") == "met"
    assert told.verdict("pause").waiver is None


def test_what_is_met_under_a_waiver_is_met() -> None:
    """Something met under a waiver is met, and what does not apply is not waived either."""
    told = waived(needs("talk"), needs("big", when=check("project.target", "at_least", 5)), target=9)
    told.given(waive("talk"), waive("big"))
    told.given(hand_in("talk"), set_fields(target=1))
    assert [told.state("talk"), told.state("big")] == ["met", "not_applicable"]


def test_the_newest_waiver_in_force_is_shown() -> None:
    """Of several waivers in force the newest is shown; a newer one that has ended leaves the older one in force."""
    told = waived(needs("talk"), needs("other")).given(waive("talk", "2026-07-31"), waive("talk", "2026-06-10"))
    told.given(waive("other"))
    assert [told.verdict("talk").waiver, told.verdict("other").waiver] == told.project.waivers[1:]
    assert told.on("2026-06-11").verdict("talk").waiver is told.project.waivers[0]


def test_a_waiver_ends_with_the_cycle() -> None:
    """A waiver given in one cycle is none in the next, though its day has not come."""
    told = waived(needs("talk")).given(waive("talk"), advance(), advance("plan", "again"))
    assert (told.state("talk"), told.verdict("talk").waiver) == ("unmet", None)


LAW = needs("law", law=True)
LAWS: list[tuple[Json, set[str]]] = [
    (needs("a"), set()),
    (LAW, {"law"}),
    (any_of("g", needs("a"), needs("b")), set()),
    # a group of law, and so every way round it
    (any_of("g", needs("a"), all_of("h", needs("b")), law=True), {"g", "a", "h", "b"}),
    (all_of("g", needs("a"), needs("b"), law=True), {"g", "a", "b"}),
    # a group that contains law is law; what stands beside it is not, unless it is an alternative to it
    (all_of("g", needs("a"), LAW), {"g", "law"}),
    (any_of("g", needs("a"), LAW), {"g", "a", "law"}),
    (at_least("g", 1, needs("a"), LAW), {"g", "a", "law"}),
    (any_of("g", all_of("h", needs("a"), LAW), needs("b")), {"g", "h", "a", "law", "b"}),
    (all_of("g", any_of("h", needs("a"), LAW), needs("b")), {"g", "h", "a", "law"}),
    (all_of("g", all_of("h", needs("a"), LAW), any_of("i", needs("b"), needs("c"))), {"g", "h", "law"}),
]


@pytest.mark.parametrize(("asked", "law"), LAWS)
def test_law_and_every_way_round_it_cannot_be_waived(asked: Json, law: set[str]) -> None:
    """Of law are a requirement of law, a group that contains one, and whatever would be a way round one."""
    of = asking(needs("beside"), asked)
    assert {r.id for r in of.requirements.values() if is_law(of, r)} == law


def test_a_waiver_of_law_is_never_in_force() -> None:
    """Whatever stands in the ledger, no waiver of a requirement of law is ever in force."""
    told = waived(any_of("g", needs("a"), LAW), needs("beside")).given(waive("beside"))
    project = copy(told.project)
    project.waivers = [replace(project.waivers[0], requirement=name) for name in ("g", "a", "law", "beside")]
    told.project_ = project
    assert {name: told.state(name) for name in told.workflow.requirements} == {
        "g": "unmet",
        "a": "unmet",
        "law": "unmet",
        "beside": "waived",
    }
