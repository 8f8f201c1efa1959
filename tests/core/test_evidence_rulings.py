"""Handing in evidence: given a history, when it is wished, then what comes of it."""

from __future__ import annotations

import pytest

from engine.core.commands import AddEvidence
from engine.core.definition import Workflow
from engine.core.evidence import File

from .builders import (
    KINDS,
    Json,
    a_file,
    advance,
    any_of,
    field,
    gate,
    hand_in,
    hold,
    kind,
    needs,
    signature,
    wait,
    workflow,
)
from .story import Story, story

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


def hand_in_parts(lived: str) -> AddEvidence:
    return AddEvidence("a1", "meeting", {"present.lived": lived})


def test_facts_left_out_have_their_defaults_and_required_ones_are_asked_for() -> None:
    """A fact left out has its default; a required one is asked for; one that is given unfit is told once."""
    count = field("present", "counts", "lived", required=True)
    told = story(kept(needs("meeting", "meeting"), kinds=(kind("meeting", field("n", "integer", default=2), count),)))
    told.when(hand_in("meeting")).refused("input", says="Present is required: give present.lived=…")
    assert len(told.when(hand_in_parts("x")).refused("input").problems) == 1
    told.given(hand_in_parts("3"))
    assert told.record_of("meeting").facts == {"n": 2, "present": {"lived": 3}}
