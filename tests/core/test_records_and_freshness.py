"""What a bench finds for a requirement, the ladder of levels both claimed and judged, and the last day of a record."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.bench import Bench
from engine.core.records import fresh_until, listing, looked_at, role_title, show_level

from .builders import (
    LEVELS,
    Json,
    advance,
    against,
    asking,
    check,
    hand_in,
    needs,
    regrade,
    rule,
    signature,
    span,
    withdraw,
)
from .story import Story, story
from .worlds import moderate

BELOW = [(claimed, judged) for n, claimed in enumerate(LEVELS) for judged in LEVELS[:n]]


def bench(told: Story, cycle: int = 1) -> Bench:
    return Bench(told.workflow, told.project, told.today, told.calendar, told.project.entered_order, cycle)


@pytest.mark.parametrize("wanted", LEVELS)
@pytest.mark.parametrize("claimed", LEVELS)
def test_every_level_meets_itself_and_those_below(wanted: str, claimed: str) -> None:
    """A record does where its level is the one that is asked or a higher one, and nowhere else on the ladder."""
    told = story(asking(needs("talk", level=wanted))).given(hand_in("talk", claimed))
    assert (told.state("talk") == "met") is (LEVELS.index(claimed) >= LEVELS.index(wanted))


@pytest.mark.parametrize(("claimed", "judged"), BELOW)
def test_what_an_auditor_judged_is_what_counts(claimed: str, judged: str) -> None:
    """A record judged down counts at the level it was judged: enough for that level, too little for the one above."""
    above = LEVELS[LEVELS.index(judged) + 1]
    told = story(asking(needs("talk", level=judged))).given(hand_in("talk", claimed), regrade("a1", judged))
    assert told.state("talk") == "met"
    told = story(asking(needs("talk", level=above))).given(hand_in("talk", claimed), regrade("a1", judged))
    assert told.state("talk") == "unmet"
    assert told.why("talk") == (
        f"It claimed {show_level(claimed)}, and an auditor judged it {show_level(judged)};"
        f" at least {show_level(above)} is needed."
    )


SPANS = st.builds(span, st.integers(1, 40), st.sampled_from(["days", "weeks", "months", "years"]))


@moderate(60)
@given(SPANS, st.dates(date(2020, 1, 1), date(2026, 6, 1)))
def test_a_record_is_fresh_up_to_its_last_day_and_not_beyond(fresh: Json, happened: date) -> None:
    """On its last day a record is fresh still, on the next it is not; before that day nothing changes."""
    told = story(asking(needs("talk", fresh=fresh)), checked=False).given(
        hand_in("talk", happened_on=happened.isoformat())
    )
    last = fresh_until(told.workflow.requirements["talk"], told.record_of("talk"))
    assert last is not None
    assert last > happened
    for day, state in ((happened, "met"), (last, "met"), (date.fromordinal(last.toordinal() + 1), "unmet")):
        assert told.on(day).state("talk") == state


@pytest.mark.parametrize(("fresh", "last"), [(None, None), ("this stage", None), (span(1, "days"), date(2026, 6, 2))])
def test_only_a_span_gives_a_record_a_last_day(fresh: Any, last: date | None) -> None:
    """A record has a last day only where a span is asked: `this stage` and no freshness at all have none."""
    told = story(asking(needs("talk", fresh=fresh))).given(hand_in("talk"))
    assert fresh_until(told.workflow.requirements["talk"], told.record_of("talk")) == last


def test_records_that_can_count_are_of_the_cycle_newest_first() -> None:
    """Records count in their own cycle, newest first, without those withdrawn; what carries over also counts later."""
    told = story(asking(needs("each"), needs("ever", carries_over=True), signature("name", "sro", when=NEVER)))
    told.given(hand_in("each"), hand_in("ever"), hand_in("each"), hand_in("each"), withdraw("a3"))
    told.given(advance(), advance("plan", "again"), hand_in("each"), hand_in("ever"))
    each, ever = (told.workflow.requirements[name] for name in ("each", "ever"))
    assert [r.id for r in bench(told, 2).records(each)] == ["a5"]
    assert [r.id for r in bench(told, 2).records(ever)] == ["a6", "a2"]
    # a bench that stands in the past sees nothing of what came in a later cycle
    assert [r.id for r in bench(told, 1).records(each)] == ["a4", "a1"]
    assert [r.id for r in bench(told, 1).records(ever)] == ["a2"]


NEVER = check("project.target", "at_least", 100)


@pytest.mark.parametrize(
    ("fields", "facts", "mendable"),
    [
        ({}, {"heard": ["Roma"], "score": 3}, (frozenset({"groups"}),)),
        ({}, {"heard": ["Roma"], "score": 1}, ()),
        ({"groups": ["Deaf people"]}, {"heard": ["Roma"], "score": 3}, ()),
    ],
)
def test_a_record_is_mendable_where_only_fields_of_the_project_are_missing(
    fields: dict[str, Any], facts: dict[str, Any], mendable: tuple[frozenset[str], ...]
) -> None:
    """A verdict names the fields that may be all a record lacks, and none where the record itself is at fault."""
    rules = [
        rule("reach", against("heard", "includes_all_of", "groups")),
        rule("scored", check("score", "at_least", 3)),
    ]
    for count in (None, 2):
        told = story(asking(needs("talk", rules=["reach", "scored"], count=count), rules=rules), **fields)
        told.given(hand_in("talk", **facts))
        assert (told.state("talk"), told.verdict("talk").mendable) == ("unmet", mendable)


def test_a_fault_of_level_is_mended_by_no_field() -> None:
    """Where the level is too low no field of the project is proposed, though a rule lacks one as well."""
    reach = rule("reach", against("heard", "includes_all_of", "groups"))
    told = story(asking(needs("talk", level="co_design", rules=["reach"]), rules=[reach])).given(
        hand_in("talk", heard=[])
    )
    assert told.verdict("talk").mendable == ()
    told.given(hand_in("talk", "co_design", heard=[]))
    assert told.verdict("talk").mendable == (frozenset({"groups"}),)


@pytest.mark.parametrize(
    ("roles", "read"),
    [
        (["sro"], "the senior responsible owner"),
        (["sro", "edi"], "the senior responsible owner and the EDI lead"),
        (["sro", "edi", "lead"], "the senior responsible owner, the EDI lead and the project lead"),
        (["no_such_role"], "the no such role"),
    ],
)
def test_roles_are_listed_as_people_say_them(roles: list[str], read: str) -> None:
    """Roles read with a small letter, unless they begin with an abbreviation, and the last one after an *and*."""
    of = asking(needs("talk"))
    assert listing([role_title(of, role) for role in roles]) == read


def test_a_record_is_told_in_a_few_words() -> None:
    """A record is told by its kind, its day and, where there is one, the level that counts."""
    told = story(asking(needs("talk"))).given(hand_in("talk", happened_on="2026-05-09"))
    assert looked_at(bench(told), told.record_of("talk")) == "Note of 9 May 2026."
    told.given(hand_in("talk", "co_production"), regrade("a2", "co_design"))
    assert looked_at(bench(told), told.record_of("talk")) == "Note of 1 June 2026, level co-design."
    assert [show_level(level) for level in (None, "co_design")] == ["no level", "co-design"]
