"""What a gate says of one requirement for evidence: level, age, rules, the newest record, and several that count."""

from __future__ import annotations

from typing import Any

import pytest

from .builders import (
    Json,
    advance,
    against,
    asking,
    check,
    field,
    hand_in,
    kind,
    needs,
    regrade,
    rule,
    set_fields,
    sign,
    span,
    withdraw,
    workflow,
)
from .builders import gate as a_gate
from .story import Story, story

REACH = rule("reach", against("heard", "includes_all_of", "groups"), "Every group must have been heard.")
SCORED = rule("scored", check("score", "at_least", 3), "Score three.")


def asked(requirement: Json, **fields: Any) -> Story:
    return story(asking(requirement, rules=[REACH, SCORED]), **fields)


def test_nothing_handed_in_is_unmet() -> None:
    """A requirement without a record is unmet and says what is needed."""
    told = asked(needs("talk"))
    assert (told.state("talk"), told.why("talk")) == ("unmet", "Nothing has been handed in yet. Needed: Note.")
    assert told.verdict("talk").evidence == ()


def test_a_record_that_does_meets_it() -> None:
    """A record of which nothing more is asked meets its requirement, and is named as what was looked at."""
    told = asked(needs("talk")).given(hand_in("talk"))
    assert told.state("talk") == "met"
    assert told.why("talk") == "Note of 1 June 2026."
    assert told.verdict("talk").evidence == ("a1",)


@pytest.mark.parametrize(
    ("level", "state"),
    [(None, "unmet"), ("informing", "unmet"), ("engagement", "unmet"), ("co_design", "met"), ("co_production", "met")],
)
def test_the_level_must_be_at_least_what_is_asked(level: str | None, state: str) -> None:
    """The level must be at least this; no level claimed is accepted and leaves a levelled requirement unmet."""
    told = asked(needs("talk", level="co_design")).given(hand_in("talk", level))
    assert told.state("talk") == state


def test_why_a_level_does_not_do() -> None:
    """What level was claimed, and what an auditor judged, is said beside what is needed."""
    told = asked(needs("talk", level="co_design")).given(hand_in("talk"))
    assert told.why("talk") == "It does not say at which level people took part; at least co-design is needed."
    told.given(hand_in("talk", "engagement"))
    assert told.why("talk") == "People took part at the level of engagement; at least co-design is needed."
    told.given(hand_in("talk", "co_production"), regrade("a3", "consultation"))
    assert told.why("talk") == (
        "It claimed co-production, and an auditor judged it consultation; at least co-design is needed."
    )


def test_a_regraded_record_counts_at_the_level_it_was_judged() -> None:
    """A record judged down still does where the lower level is enough."""
    told = asked(needs("talk", level="engagement")).given(hand_in("talk", "co_production"), regrade("a1", "co_design"))
    assert told.state("talk") == "met"
    assert told.why("talk") == "Note of 1 June 2026, level co-design."


def test_ten_consultations_are_no_co_production() -> None:
    """Levels are ordinal: ten consultations never add up to one co-produced decision."""
    told = asked(needs("talk", level="co_production"))
    told.given(*[hand_in("talk", "consultation") for _ in range(10)])
    assert told.state("talk") == "unmet"
    several = asked(needs("talk", level="co_production", count=2))
    several.given(*[hand_in("talk", "consultation") for _ in range(10)], hand_in("talk", "co_production"))
    assert several.why("talk").startswith("1 of 2 records do what is asked.")


@pytest.mark.parametrize(
    ("fresh", "last"),
    [
        (span(1, "days"), "2026-06-02"),
        (span(2, "weeks"), "2026-06-15"),
        (span(1, "months"), "2026-07-01"),
        (span(1, "years"), "2027-06-01"),
    ],
)
def test_the_boundary_day_is_still_fresh(fresh: Json, last: str) -> None:
    """`fresh N` counts from the day it happened, and the boundary day is still fresh; the day after is not."""
    told = asked(needs("talk", fresh=fresh)).given(hand_in("talk"))
    told.on(last)
    assert told.state("talk") == "met"
    assert str(told.verdict("talk").over_on) == last
    told.on(told.today.fromordinal(told.today.toordinal() + 1))
    assert told.state("talk") == "unmet"


def test_freshness_counts_from_the_day_it_happened() -> None:
    """`fresh N` counts from `happened_on`, by default the day it was recorded; the reason names both days."""
    told = asked(needs("talk", fresh=span(12, "months"))).given(hand_in("talk", happened_on="2025-06-01"))
    assert told.state("talk") == "met"
    told.on("2026-06-02")
    assert told.why("talk") == (
        "It is of 1 June 2025 and counted for 12 months, until 1 June 2026; a newer one is needed."
    )


def test_fresh_this_stage_goes_by_the_order_of_events() -> None:
    """`fresh: this stage` goes by the order of events, not by days, and entering a stage again starts it anew."""
    told = story(workflow(a_gate(needs("ready")), a_gate(needs("made", fresh="this stage"), id="next-gate"))).given(
        hand_in("made"), hand_in("ready")
    )
    told.given(advance())
    assert told.why("made") == ("It was handed in before this stage began; it must be handed in anew in this stage.")
    told.given(hand_in("made"))
    assert told.state("made") == "met"
    told.given(advance(to="plan", act="send_back", reason="Again."), hand_in("ready"), advance())
    assert told.state("made") == "unmet"


def test_a_rule_that_fails_speaks_in_its_author_s_words() -> None:
    """A rule that does not hold is told with its title, its own words and the details."""
    told = asked(needs("talk", rules=["scored"])).given(hand_in("talk", score=1))
    assert told.why("talk") == "Scored: Score three. (Score is 1 and must be at least 3.)"


def test_all_rules_must_hold_and_every_fault_is_told() -> None:
    """All rules must hold, and the answer gives level, age and every rule at once."""
    told = asked(needs("talk", level="co_design", fresh=span(1, "days"), rules=["scored", "reach"]))
    told.given(hand_in("talk", "informing", score=1, happened_on="2026-01-01"))
    assert [w.split(" ")[0] for w in told.verdict("talk").why] == ["People", "It", "Scored:", "Reach:"]


@pytest.mark.parametrize(("rules", "state"), [(["scored"], "met"), (["scored", "reach"], "unmet")])
def test_each_rule_counts(rules: list[str], state: str) -> None:
    """A record that meets one rule and not the other does not do."""
    told = asked(needs("talk", rules=rules), groups=["Roma"]).given(hand_in("talk", score=3, heard=["Others"]))
    assert told.state("talk") == state


def test_only_the_newest_record_is_looked_at() -> None:
    """The newest record that is not withdrawn is the one a requirement looks at, good or not."""
    told = asked(needs("talk", rules=["scored"])).given(hand_in("talk", score=5), hand_in("talk", score=1))
    assert (told.state("talk"), told.verdict("talk").evidence) == ("unmet", ("a2",))


def test_after_a_withdrawal_the_older_record_counts_again() -> None:
    """After a withdrawal the older record counts again."""
    told = asked(needs("talk", rules=["scored"])).given(hand_in("talk", score=5), hand_in("talk", score=1))
    told.given(withdraw("a2"))
    assert (told.state("talk"), told.verdict("talk").evidence) == ("met", ("a1",))
    told.given(withdraw("a1"))
    assert told.verdict("talk").evidence == ()


def test_several_records_count_together() -> None:
    """With `count: n` as many records as are good count, and the reason tells those that are not."""
    told = asked(needs("talk", count=2, rules=["scored"]))
    assert told.why("talk") == "0 of 2 records do what is asked."
    told.given(hand_in("talk", score=5), hand_in("talk", score=1, happened_on="2026-05-01"))
    assert told.state("talk") == "unmet"
    assert told.why("talk") == (
        "1 of 2 records do what is asked. Note of 1 May 2026. Scored: Score three. (Score is 1 and must be at least 3.)"
    )
    assert told.verdict("talk").evidence == ("a2", "a1")
    told.given(hand_in("talk", score=5))
    assert (told.state("talk"), told.verdict("talk").evidence) == ("met", ("a3", "a1"))
    assert told.why("talk") == "2 of 2 records do what is asked."
    told.given(hand_in("talk", score=5))
    assert told.verdict("talk").evidence == ("a4", "a3")
    assert told.verdict("talk").good == 2


def test_several_records_are_fresh_as_long_as_the_oldest() -> None:
    """Of several that count the one that expires first sets the last day."""
    told = asked(needs("talk", count=2, fresh=span(10, "days")))
    told.given(hand_in("talk", happened_on="2026-05-28"), hand_in("talk"))
    assert str(told.verdict("talk").over_on) == "2026-06-07"


def test_count_one_is_one_record_among_others() -> None:
    """`count: 1` looks at every record, so that a newer poor one does no harm."""
    told = asked(needs("talk", count=1, rules=["scored"])).given(hand_in("talk", score=5), hand_in("talk", score=1))
    assert told.state("talk") == "met"


def test_evidence_of_an_earlier_cycle_counts_only_where_it_carries_over() -> None:
    """Evidence of earlier cycles no longer counts, unless its requirement says `carries_over: true`."""
    told = story(asking(needs("once", carries_over=True, signed_by=["sro"]), needs("each"), needs("more", count=1)))
    told.given(hand_in("once"), sign("once"), hand_in("each"), hand_in("more"), advance(), advance(act="again"))
    assert told.project.cycle == 2
    assert [told.state(r) for r in ("once", "each", "more")] == ["met", "unmet", "unmet"]


def test_setting_a_field_of_the_project_changes_what_is_asked() -> None:
    """A rule that looks at the project judges the same record anew when the project changes."""
    told = asked(needs("talk", rules=["reach"])).given(hand_in("talk", heard=["Roma"]))
    assert told.why("talk") == "Reach: Every group must have been heard. (The project does not record Groups yet.)"
    told.given(set_fields(groups=["roma"]))
    assert told.state("talk") == "met"
    told.given(set_fields(groups=["Roma", "Deaf people"]))
    assert told.state("talk") == "unmet"


def test_a_freshness_that_ends_after_the_last_date_is_an_error() -> None:
    """What the calendar cannot count is an error: neither met nor unmet, and the gate stays shut."""
    told = asked(needs("talk", fresh=span(9_000, "years"))).given(hand_in("talk"))
    assert (told.state("talk"), told.answer().open) == ("error", False)
    assert "after the year 9999" in told.why("talk")


def test_a_level_that_is_no_word_of_the_ladder_ranks_below_all() -> None:
    """No level, and a level the ladder has not, are lower than the lowest."""
    made = workflow(a_gate(needs("talk")), kinds=[kind("note", field("said"))])
    assert [made.level_rank(level) for level in (None, "shouting", "informing", "co_production")] == [-1, -1, 0, 4]
