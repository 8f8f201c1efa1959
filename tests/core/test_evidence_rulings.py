"""Handing in evidence, withdrawing it and judging it down: given a history, when it is wished, then what comes of it."""

from __future__ import annotations

import pytest

from engine.core.definition import Workflow
from engine.core.evidence import File

from .builders import (
    KINDS,
    Json,
    a_file,
    advance,
    any_of,
    asking,
    field,
    gate,
    hand_in,
    hold,
    kind,
    needs,
    regrade,
    sign,
    signature,
    wait,
    withdraw,
    workflow,
)
from .story import Story, actor, story

ASKING = (
    needs("talk", level="engagement"),
    needs("file", "paper"),
    needs("spoken", "spoken"),
    needs("notice", "notice"),
    any_of("either", needs("one"), needs("other")),
    wait("pause", "notice.published_on", 8),
    signature("yes", "sro"),
)


@pytest.fixture
def told() -> Story:
    return story(workflow(gate(*ASKING), gate(needs("later"), id="next")))


def kept(*requires: Json, kinds: tuple[Json, ...] = KINDS) -> Workflow:
    return workflow(gate(*requires), kinds=kinds)


# handing in


def test_a_record_is_written_with_exactly_these_members(told: Story) -> None:
    """Handing in writes ids, level, days, plain facts and file digests in clear, and what was typed among the words."""
    wish = hand_in("talk", "co_design", files=(a_file(" a.pdf "),), happened_on="2026-05-20", said="Hello", score="4")
    (event,) = told.when(wish).accepted("evidence_added").events
    assert event.body == {
        "evidence": "a1",
        "requirement": "talk",
        "kind": "note",
        "level": "co_design",
        "happened_on": "2026-05-20",
        "recorded_on": "2026-06-01",
        "personal": False,
        "facts": {"score": 4},
        "files": [{"sha256": a_file(" a.pdf ").sha256, "size": 10}],
    }
    assert event.words == {"fact.said": "Hello", "file.0": "a.pdf"}


def test_it_happened_today_unless_the_submitter_says_otherwise(told: Story) -> None:
    """`happened_on` is the day it was recorded where none is given."""
    told.given(hand_in("talk"))
    assert told.record_of("talk").happened_on == "2026-06-01"


@pytest.mark.parametrize("day", ["2026-06-02", "2026-13-01", "tomorrow", ""])
def test_it_never_happened_in_the_future(told: Story, day: str) -> None:
    """A day still to come, or one that is no day, is refused."""
    found = told.when(hand_in("talk", happened_on=day)).refused("input", "input_refused")
    assert [p["field"] for p in found.problems] == ["happened_on"]


def test_evidence_may_be_added_for_any_gate_before_its_stage_comes(told: Story) -> None:
    """Evidence for a later gate is taken now."""
    told.when(hand_in("later")).accepted("evidence_added")


def test_evidence_may_arrive_on_hold(told: Story) -> None:
    """On hold evidence may still arrive."""
    told.given(hold()).when(hand_in("talk")).accepted("evidence_added")


def test_no_evidence_is_added_after_the_end(told: Story) -> None:
    """In a final stage nothing is handed in any more."""
    told.given(advance("stopped", reason="No money."), by="sro")
    told.when(hand_in("talk")).refused("rules", "project_ended", "Stopped")


def test_no_level_claimed_is_accepted_and_leaves_a_levelled_requirement_unmet(told: Story) -> None:
    """A record without a level is taken, and does not meet a requirement that asks for one."""
    told.given(hand_in("talk"))
    assert told.state("talk") == "unmet"
    assert "does not say at which level" in told.why("talk")


def test_a_level_outside_the_ladder_is_refused(told: Story) -> None:
    """An unknown level is a mistake, with the level that was meant."""
    told.when(hand_in("talk", "co_desing")).refused("input", says="Did you mean co_design?")


@pytest.mark.parametrize(
    ("requirement", "files", "says"),
    [
        ("file", (), "Paper needs a file."),
        ("spoken", (a_file(),), "Spoken takes no file."),
        ("talk", (a_file("a"), a_file("a")), "Two files are called a"),
        ("talk", (a_file("a"), a_file(" a ")), "Two files are called a"),
        ("talk", (a_file("../a"),), "must not hold a path"),
        ("talk", (a_file("..\\a"),), "must not hold a path"),
        ("talk", (a_file(".."),), "must not hold a path"),
        ("talk", (a_file("a\nb"),), "stands on one line"),
        ("talk", (a_file("a\tb"),), "stands on one line"),
        ("talk", (a_file(""),), "must not be empty"),
        ("talk", (a_file("a\x1bb"),), "control character"),
        ("talk", (a_file("a" * 256),), "255 is the most"),
        ("talk", tuple(a_file(f"{n}") for n in range(201)), "200 is the most"),
    ],
)
def test_files_that_cannot_be_kept_are_refused(
    told: Story, requirement: str, files: tuple[File, ...], says: str
) -> None:
    """`file: required` needs one and `none` takes none; names are plain, on one line and unlike each other."""
    found = told.when(hand_in(requirement, files=files)).refused("input", says=says)
    assert {p["field"] for p in found.problems} == {"file"}


def test_files_in_their_number_and_order_are_kept(told: Story) -> None:
    """`file: required` is content with one file, and as many as two hundred are kept in order."""
    told.given(hand_in("file", files=(a_file(),)), hand_in("talk", files=tuple(a_file(f"{n}") for n in range(200))))
    assert [f.name for f in told.record_of("talk").files] == [f"{n}" for n in range(200)]


@pytest.mark.parametrize(
    ("requirement", "says"),
    [("either", "one of its parts: one, other"), ("pause", "is a wait"), ("yes", "signatures only")],
)
def test_only_a_requirement_for_evidence_takes_evidence(told: Story, requirement: str, says: str) -> None:
    """A group, a wait and a bare signature take no evidence, and each says what to do instead."""
    told.when(hand_in(requirement)).refused("input", says=says)


def test_evidence_for_an_unknown_requirement_is_not_found(told: Story) -> None:
    """A requirement that the workflow has not is not found, with the one that was meant."""
    told.when(hand_in("tolk")).refused("not_found", "no_such_requirement", "Did you mean talk?")


def test_every_mistake_of_a_record_is_told_at_once(told: Story) -> None:
    """Level, file, day, unknown and unfit facts and one left out are told together, and nothing is kept."""
    wish = hand_in("notice", "high", files=(a_file(""),), happened_on="never", note_on="x", said="y")
    found = told.when(wish).refused("input", "input_refused")
    assert [p["field"] for p in found.problems] == ["level", "file", "happened_on", "said", "note_on", "published_on"]
    assert told.project.records == {}


def test_facts_left_out_have_their_defaults_and_required_ones_are_asked_for() -> None:
    """A fact left out has its default; a required one is asked for; one that is given unfit is told once."""
    count = field("present", "counts", "lived", required=True)
    told = story(kept(needs("meeting", "meeting"), kinds=(kind("meeting", field("n", "integer", default=2), count),)))
    told.when(hand_in("meeting")).refused("input", says="Present is required: give present.lived=…")
    assert len(told.when(hand_in("meeting", **{"present.lived": "x"})).refused("input").problems) == 1
    told.given(hand_in("meeting", **{"present.lived": "3"}))
    assert told.record_of("meeting").facts == {"n": 2, "present": {"lived": 3}}


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
