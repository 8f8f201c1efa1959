"""Withdrawing evidence and judging it down: given a history, when it is wished, then what comes of it."""

from __future__ import annotations

import pytest

from .builders import (
    advance,
    asking,
    hand_in,
    needs,
    regrade,
    sign,
    withdraw,
)
from .story import Story, actor, story


@pytest.fixture
def told() -> Story:
    return story(asking(needs("talk", level="engagement")))


# withdrawing


def test_a_withdrawal_is_written_with_exactly_these_members(told: Story) -> None:
    """Withdrawing writes the record's id in clear and the reason among the words."""
    (event,) = told.given(hand_in("talk")).when(withdraw("a1", " Wrong. ")).accepted("evidence_withdrawn").events
    assert (event.body, event.words) == ({"evidence": "a1"}, {"reason": "Wrong."})


def test_what_is_withdrawn_stays_readable(told: Story) -> None:
    """A withdrawn record stays among the records, and its requirement no longer looks at it."""
    told.given(hand_in("talk", "engagement"), withdraw("a1"))
    assert told.project.records["a1"].withdrawn
    assert told.state("talk") == "unmet"


def test_after_a_withdrawal_the_older_record_counts_again_and_its_lapsed_signatures_stay_lapsed() -> None:
    """The newest record that is not withdrawn is looked at; a signature that lapsed never comes back."""
    told = story(asking(needs("talk", signed_by=["sro"])))
    told.given(hand_in("talk")).given(sign("talk"))
    assert told.state("talk") == "met"
    told.given(hand_in("talk"), withdraw("a3"))
    assert told.verdict("talk").evidence == ("a1",)
    assert told.state("talk") == "unmet"
    assert "lapsed: a newer record took its place" in told.why("talk")


def test_evidence_is_withdrawn_once(told: Story) -> None:
    """Withdrawing what is withdrawn is refused."""
    told.given(hand_in("talk"), withdraw("a1")).when(withdraw("a1")).refused("rules", "already_withdrawn")


def test_withdrawing_what_is_not_there_is_not_found(told: Story) -> None:
    """A record that the project has not is not found."""
    told.when(withdraw("a9")).refused("not_found", "no_such_evidence", "CC-1 has no evidence a9")


def test_a_withdrawal_needs_a_reason(told: Story) -> None:
    """An empty reason is a mistake of the input."""
    told.given(hand_in("talk")).when(withdraw("a1", " ")).refused("input", says="The reason must not be empty.")


def test_the_submitter_or_a_programme_manager_withdraws(told: Story) -> None:
    """Others who hold roles in the project may not withdraw somebody's evidence, and the two may."""
    told.given(hand_in("talk"), hand_in("talk"))
    told.when(withdraw("a1"), by="sro").refused("not_permitted", "not_permitted", "programme manager")
    told.when(withdraw("a1"), by="lead").accepted("evidence_withdrawn")
    told.when(withdraw("a2"), by="manager").accepted("evidence_withdrawn")


# judging down


def test_a_regrading_is_written_with_exactly_these_members(told: Story) -> None:
    """Judging down writes the record and the level in clear and the reason among the words."""
    told.given(hand_in("talk", "co_production"))
    (event,) = told.when(regrade("a1", "consultation", "A survey.")).accepted("evidence_regraded").events
    assert (event.body, event.words) == ({"evidence": "a1", "level": "consultation"}, {"reason": "A survey."})


def test_what_was_claimed_and_what_was_judged_both_stand(told: Story) -> None:
    """A record judged down keeps the level it claimed, and the judged one counts."""
    told.given(hand_in("talk", "co_production"))
    assert told.state("talk") == "met"
    told.given(regrade("a1", "consultation"))
    assert (told.record_of("talk").level, told.record_of("talk").judged) == ("co_production", "consultation")
    assert told.state("talk") == "unmet"
    assert "It claimed co-production, and an auditor judged it consultation" in told.why("talk")


@pytest.mark.parametrize(
    ("claimed", "judged"), [("engagement", "engagement"), ("engagement", "co_design"), (None, "informing")]
)
def test_regrading_only_goes_downwards(told: Story, claimed: str | None, judged: str) -> None:
    """A level that is not below the standing one is refused; a record that claims none cannot be judged down."""
    told.given(hand_in("talk", claimed)).when(regrade("a1", judged)).refused("rules", "not_lower", "is not below")


def test_a_second_regrading_goes_below_the_first(told: Story) -> None:
    """What was judged down already is judged from there."""
    told.given(hand_in("talk", "co_production"), by="lead").given(regrade("a1", "engagement"))
    told.when(regrade("a1", "co_design")).refused("rules", "not_lower")
    told.when(regrade("a1", "informing")).accepted("evidence_regraded")


def test_regrading_is_to_a_level_of_the_ladder_and_with_a_reason(told: Story) -> None:
    """An unknown level and an empty reason are told together."""
    found = told.given(hand_in("talk", "co_design")).when(regrade("a1", "low", "")).refused("input")
    assert [p["field"] for p in found.problems] == ["level", "reason"]


def test_regrading_what_is_not_there_is_not_found(told: Story) -> None:
    """A record that the project has not is not found."""
    told.when(regrade("a9", "informing")).refused("not_found", "no_such_evidence")


def test_nobody_judges_their_own_record(told: Story) -> None:
    """The submitter never regrades, even as an auditor."""
    told.given(hand_in("talk", "co_design"), by="lead")
    own = actor("lead", register=("auditor",))
    told.when(regrade("a1", "informing"), by=own).refused("not_permitted", "not_permitted", "may not judge it")


def test_only_what_is_current_is_judged(told: Story) -> None:
    """A record that was superseded or withdrawn is not judged down."""
    told.given(hand_in("talk", "co_design"), hand_in("talk", "co_design"), withdraw("a2"))
    told.when(regrade("a2", "informing")).refused("rules", "not_current")
    told.given(hand_in("talk", "co_design"))
    told.when(regrade("a1", "informing")).refused("rules", "not_current")
    told.when(regrade("a3", "informing")).accepted("evidence_regraded")


def test_where_several_records_count_each_is_current() -> None:
    """With `count: n` an older record is current, too."""
    told = story(asking(needs("talk", count=2, level="engagement")))
    told.given(hand_in("talk", "co_design"), hand_in("talk", "co_design"))
    told.when(regrade("a1", "informing")).accepted("evidence_regraded")


@pytest.mark.parametrize("carries_over", [False, True])
def test_in_a_later_cycle_only_what_carries_over_is_current(carries_over: bool) -> None:
    """A record of an earlier cycle is current only where its requirement carries over."""
    told = story(asking(needs("talk", level="informing", carries_over=carries_over)))
    told.given(hand_in("talk", "co_design"), advance(), advance(act="again"))
    then = told.when(regrade("a1", "informing"))
    if carries_over:
        then.accepted("evidence_regraded")
    else:
        then.refused("rules", "not_current")
