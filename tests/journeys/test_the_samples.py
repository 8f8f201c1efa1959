"""The shipped workflow and its samples: eight histories played act by act, and the tour that opens a gate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from engine.api import RulesRefused, open_register
from terminal.playing import LONDON, Played, perform, play, stories, tour_acts
from terminal.screen import Page
from terminal.stories import tell

from .town import refused

STAGES = {
    "CC-001": "review",
    "CC-002": "procure",
    "CC-003": "procure",
    "CC-004": "review",
    "CC-005": "design",
    "CC-006": "review",
    "CC-007": "plan",
    "CC-008": "procure",
}
AS_OF = datetime(2026, 6, 30, 18, 0, tzinfo=LONDON)


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    """The samples, played and looked at on the evening of their day; verified when the story is over."""
    played = play(tmp_path / "samples.db")
    played.clock.set(AS_OF)
    yield played
    assert played.engine.verify()["problems"] == []
    played.engine.close()


def test_the_samples_stand_where_they_say(played: Played) -> None:
    """After every act was played each project stands in its stage, and nothing was refused that was not to be."""
    listed = played.engine.projects()["projects"]
    assert {p["project"]: p["stage"] for p in listed} == STAGES
    assert played.acts > 800
    assert played.refused == 7, "as many as the samples expect"
    verified = played.engine.verify()
    assert (verified["ok"], verified["states_checked"]) == (True, 8)


def test_one_sample_has_a_gate_that_is_no_longer_sound(played: Played) -> None:
    """The list and the project both show that the plan gate of CC-008 rests on an assessment that ran out."""
    unsound = {p["project"] for p in played.engine.projects()["projects"] if p["unsound"]}
    assert "CC-008" in unsound
    passing = next(g for g in played.engine.project("CC-008")["gates"] if g["gate"] == "plan-gate")
    assert not passing["sound"]
    assert passing["why_unsound"]


def test_the_tour_opens_the_gate_it_is_about(played: Played) -> None:
    """Doing what the gate of the tour's project asks for, act by act and in its order, opens it, and it is passed."""
    engine = played.engine
    project, acts = tour_acts()
    gate = engine.gate(project)
    assert not gate["open"]
    assert [(a["act"], a["requirement"]) for a in gate["acts"]] == [
        ({"evidence": "add_evidence"}.get(a["do"], a["do"]), a.get("requirement")) for a in acts
    ]
    mover = played.emails["margaret"]
    refused(RulesRefused, "gate_shut", lambda: engine.advance(project, actor=mover))
    for act in acts:
        played.clock.set(datetime.fromisoformat(f"{act['on']}T{act['at']}").replace(tzinfo=LONDON))
        before = len(engine.gate(project)["acts"])
        assert perform(played, project, act)
        assert len(engine.gate(project)["acts"]) == before - 1
    assert engine.gate(project)["open"]
    assert engine.advance(project, actor=mover)["to"] == "procure"
    assert engine.project(project)["gates"][-1]["sound"]


def test_the_calendar_of_a_sample_can_be_watched(played: Played) -> None:
    """CC-007's inherited assessment counts on 14 July 2026, its last day, and not on 15 July."""
    states = {}
    for day in ("2026-07-13", "2026-07-14", "2026-07-15"):
        answer = played.engine.gate("CC-007", at=day)
        states[day] = [
            r["state"] for r in answer["requirements"] for r in (r, *r["of"]) if r["id"] == "equality-inherited"
        ]
    assert len(states["2026-07-13"]) == 1, "the sample's story is about this requirement"
    assert states == {"2026-07-13": ["met"], "2026-07-14": ["met"], "2026-07-15": ["unmet"]}


def test_three_refusals_can_be_read_aloud(played: Played) -> None:
    """CC-001 was refused for its quorum alone and then passed, CC-005 is refused for two communities, and CC-007's
    assessment runs out the day after its gate; the tour says so in words of the definition.

    Seen to fail when the first meeting of CC-001 had three people with lived experience.
    """
    refusal = played.engine.gate("CC-001", as_of="2024-08-27")
    assert [r["id"] for r in refusal["requirements"] if r["state"] == "unmet"] == ["priorities"]
    reach = played.engine.gate("CC-005", as_of="2026-05-11")
    (why,) = [r["why"] for r in reach["requirements"] if r["state"] == "unmet"]
    assert "lacks: Roma community, Deaf people who sign." in " ".join(why)
    page = Page(width=1000)
    for story in (*stories("before"), *stories("after")):
        tell(page, story, played)
    said = page.text()
    assert "lived experience is 2 and must be at least 3" in said
    assert "Passed on 16 September 2024, decided by Ruth Penhale and Dami Okafor." in said
    assert "13 July 2026: Plan gate is shut: 2 of 15 requirements are missing." in said
    assert "15 July 2026: Plan gate is shut: 3 of 15 requirements are missing." in said
    assert "counted for 12 months, until 14 July 2026; a newer one is needed." in said


def test_a_quorum_is_reckoned_anew_when_evaluators_stand_aside(played: Played) -> None:
    """In CC-008 the panel was in order, lost its quorum when two stood aside, and has it again with a new evaluator.

    Seen to fail when nobody was counted as having stood aside.
    """
    states = {}
    for day in ("2026-04-20", "2026-05-10", "2026-06-01"):
        answer = played.engine.gate("CC-008", as_of=day)
        states[day] = next(r["state"] for r in answer["requirements"] if r["id"] == "panel-conflicts")
    assert states == {"2026-04-20": "met", "2026-05-10": "unmet", "2026-06-01": "met"}


def test_nothing_in_the_samples_claims_more_than_it_counts(played: Played) -> None:
    """Each record of the samples carries its claim: nobody who signed one was shown a contradiction.

    Seen to fail when a record of accessibility counted nobody.
    """
    for project in STAGES:
        for entry in played.engine.history(project)["history"]:
            assert not entry.get("contradictions"), entry
        for row in played.engine.evidence_list(project)["evidence"]:
            found = played.engine.evidence_show(row["evidence"])
            assert found["contradictions"] == [], (project, row["requirement"])


def test_every_moment_of_the_samples_reads_as_it_was(played: Played) -> None:
    """Each project, as of the index of each of its events, stands at the version of that event.

    A refusal moves nothing: as of its index the project stands at the version that refused.
    """
    reader = open_register(played.engine.database.path, read_only=True, clock=played.clock)
    try:
        for project in STAGES:
            history = reader.history(project)["history"]
            own = [e["version"] for e in history if e["event"] != "refused"]
            assert own == list(range(1, len(own) + 1))
            for entry in history[:: max(1, len(history) // 8)]:
                version = entry["version"] or entry["body"]["version"]
                assert reader.project(project, as_of=str(entry["seq"]))["version"] == version
    finally:
        reader.close()
