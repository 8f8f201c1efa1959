"""What a plugin says is believed only in the form a verdict has; the rest is an error, and an error opens nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.opinions import NOBODY, NOTHING_RECORDED, STATES, Opinion, Recorded, on_record

from .asked import SOURCE, always, asked_of, judged, opinion, records_of, resting_on, with_plugins
from .builders import advance, asking, gate, hand_in, needs, regrade, sign, signature, withdraw, workflow
from .story import Story, story

TODAY = date(2026, 6, 1)
ASKING = asking(judged("panel", options={"seats": 3}), needs("talk", signed_by=["sro"]), signature("named", "sro"))


def told(said: Opinion, evidence: str | None = None) -> Story:
    """Returns the story of a project with one record `a1`, at a gate of which the plugin says this."""
    asked = asking(judged("panel", evidence), needs("talk"), signature("named", "sro"))
    return story(with_plugins(asked, panel=lambda _: said)).given(hand_in("talk")).given(sign("named"))


def test_what_was_shown_may_be_rested_on() -> None:
    """A verdict that names a record it was shown is taken as it is, with its words and its source."""
    found = told(opinion("met", "Three sat on it.", evidence=("a1",)))
    verdict = found.verdict("panel")
    assert (verdict.state, verdict.why, verdict.evidence) == ("met", ("Three sat on it.",), ("a1",))
    plugin = found.told()["requirements"][0]["plugin"]
    assert plugin == {"kind": "acme/panel", **SOURCE.as_json()}
    assert found.answer().open


@pytest.mark.parametrize(
    ("said", "because"),
    [
        (opinion("met", evidence=("a2",)), "records that it was not shown"),
        (opinion("met", evidence=("a1", "../a1")), "records that it was not shown"),
        (opinion("splendid"), "in a form that no verdict has"),
        (Opinion("met", (), SOURCE), "in a form that no verdict has"),
        (opinion("pending"), "a day for what is not waiting, or none for what is"),
        (opinion("met", not_before=date(2026, 7, 1)), "a day for what is not waiting, or none for what is"),
        (opinion("unmet", not_before=date(2026, 7, 1)), "a day for what is not waiting, or none for what is"),
        (opinion("pending", not_before=TODAY), "waits for a day that has come"),
        (opinion("pending", not_before=date(2026, 5, 31)), "waits for a day that has come"),
        (opinion("unmet", fields=("size", "colour")), "a field colour, which this workflow has not"),
        (opinion("unmet", records=("chat",)), "a record for chat, which this workflow has not"),
        (opinion("unmet", records=("named",)), "a record for named, which takes none"),
        (opinion("unmet", records=("panel",)), "a record for panel, which takes none"),
    ],
)
def test_a_verdict_out_of_its_form_is_an_error(said: Opinion, because: str) -> None:
    """One that names what it was not shown, what is not there or a day that has come is an error that says so.

    Seen to fail when the days or the records of an opinion were not looked at.
    """
    found = told(said)
    verdict = found.verdict("panel")
    assert verdict.state == "error"
    assert because in found.why("panel")
    assert "The plugin acme broke its word" in found.why("panel")
    assert not found.answer().open
    found.when(advance()).refused("rules", "gate_shut", says="the plugin acme first")


def test_an_error_keeps_the_gate_shut_and_nothing_else_of_it_counts() -> None:
    """Of a failure only its words are taken: records and fields it names are no records and fields of anything.

    Seen to fail (with a KeyError) when the evidence of an error was looked up.
    """
    said = opinion("error", "It hung.", evidence=("nothing",), fields=("colour",), records=("chat",), not_before=TODAY)
    found = told(said, evidence="note")
    assert (found.state("panel"), found.why("panel")) == ("error", "It hung.")
    answer = found.answer()
    assert (answer.open, answer.acts, answer.earliest_open) == (False, (), None)
    assert told(Opinion("error", (), SOURCE)).why("panel") == "The plugin failed."


def test_a_plugin_that_is_not_here_is_named() -> None:
    """Without anyone to answer the requirement is an error that names the plugin and what to do."""
    found = story(ASKING)
    assert found.workflow.judges is NOBODY
    assert found.state("panel") == "error"
    assert "the plugin acme, which is not active here" in found.why("panel")
    assert found.told()["summary"].endswith("Whoever looks after cocycle must look at the plugin acme first.")


def test_what_a_plugin_is_asked() -> None:
    """It is handed the requirement, its options, the day and the project, and every record that counts, newest first.

    Seen to fail when withdrawn records were shown.
    """
    found = story(with_plugins(ASKING, panel=always("unmet")), size=3)
    found.given(hand_in("talk", level="engagement", score=2), hand_in("talk", said="Hello"), withdraw("a2"))
    found.given(sign("talk")).state("panel")
    assert [(r["id"], r["signed_by"]) for r in asked_of(found.workflow)[-1]["records"]] == [("a1", ["sro"])]
    found.given(hand_in("talk", present={"lived": 2})).state("panel")
    question = asked_of(found.workflow)[-1]
    records = question.pop("records")
    assert question == {
        "requirement": "panel",
        "with": {"seats": 3},
        "today": "2026-06-01",
        "project": "CC-1",
        "stage": "plan",
        "cycle": 1,
        "profile": None,
        "fields": {"size": 3},
        "levels": ["informing", "consultation", "engagement", "co_design", "co_production"],
    }
    assert [(r["id"], r["facts"]) for r in records] == [("a4", {"present": {"lived": 2}}), ("a1", {"score": 2})]
    assert records[1] | {"facts": {}} == {
        "id": "a1",
        "requirement": "talk",
        "kind": "note",
        "own": False,
        "level": "engagement",
        "happened_on": "2026-06-01",
        "recorded_on": "2026-06-01",
        "facts": {},
        "files": [],
        "signed_by": [],
        "personal": False,
    }


def test_what_was_recorded_is_the_answer_without_the_plugin() -> None:
    """A recorded opinion answers as it did, but for its words; for another kind, or none, the answer is an error."""
    waiting = opinion("pending", "A secret.", evidence=("a1",), not_before=date(2026, 6, 9))
    found = told(waiting)
    kept = on_record(found.judgement().by_id().values(), found.project.records)
    assert kept == {
        "panel": {
            "use": "acme/panel",
            **SOURCE.as_json(),
            "state": "pending",
            "evidence": [["a1", None]],
            "not_before": "2026-06-09",
        }
    }
    again = Recorded(kept).ask("acme/panel", {"requirement": "panel"})
    assert (again.state, again.evidence, again.not_before, again.source) == (
        "pending",
        ("a1",),
        waiting.not_before,
        SOURCE,
    )
    assert "secret" not in again.why[0]
    assert Recorded(kept).ask("acme/other", {"requirement": "panel"}).state == "error"
    assert NOTHING_RECORDED.ask("acme/panel", {"requirement": "panel"}).state == "error"


opinions: st.SearchStrategy[Opinion] = st.builds(
    Opinion,
    st.sampled_from([*STATES, "", "MET"]),
    st.sampled_from([(), ("It is so.",)]),
    st.just(SOURCE),
    st.lists(st.sampled_from(["a1", "a2", "a9"]), max_size=2).map(tuple),
    st.sampled_from([None, date(2026, 5, 1), TODAY, date(2026, 6, 5), date(2026, 9, 1)]),
    st.lists(st.sampled_from(["size", "value", "colour"]), max_size=2).map(tuple),
    st.lists(st.sampled_from(["talk", "panel", "named", "chat"]), max_size=2).map(tuple),
)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(said=opinions, later=opinions, evidence=st.sampled_from([None, "note"]))
def test_whatever_a_plugin_says_there_is_an_answer(said: Opinion, later: Opinion, evidence: str | None) -> None:
    """No opinion breaks the judge: the gate opens only for `met`, and the record of it judges the same again.

    Seen to fail when `on_record` kept the day of what was an error.
    """

    def says(question: dict[str, Any]) -> Opinion:
        return said if question["today"] == "2026-06-01" else later

    world = with_plugins(
        workflow(gate(judged("panel", evidence), needs("talk"), signature("named", "sro"))), panel=says
    )
    found = story(world).given(hand_in("talk")).given(hand_in("talk")).given(sign("named"))
    answer = found.answer()
    assert answer.open == (found.state("panel") == "met")
    assert found.state("panel") in STATES
    kept = on_record(found.judgement().by_id().values(), found.project.records)
    again = Recorded(kept).ask("acme/panel", {"requirement": "panel"})
    assert again.state == kept["panel"]["state"]
    if answer.open:
        found.given(advance())
        assert records_of(asked_of(world)[-1], "talk") == ["a2", "a1"]


def test_a_record_that_was_judged_down_is_shown_at_the_level_that_stands() -> None:
    """The plugin sees the level that an auditor left, and that level goes on record with its verdict.

    Seen to fail when the level that was handed in was shown, or put on record.
    """
    found = story(with_plugins(workflow(gate(judged("panel"), needs("talk"))), panel=resting_on("talk")))
    found.given(hand_in("talk", level="co_production"), regrade("a1", "informing"))
    assert found.state("panel") == "met"
    assert [r["level"] for r in asked_of(found.workflow)[-1]["records"]] == ["informing"]
    found.given(advance())
    assert found.project.passings[0].opinions["panel"]["evidence"] == [["a1", "informing"]]


def test_what_was_beside_is_what_stood_there_unnamed() -> None:
    """Beside a verdict go on record the newer records that stood and were not named; no withdrawn one, and no older.

    Seen to fail when withdrawn records were among them, and when only those newer than every named one were.
    """

    def says(question: dict[str, Any]) -> Opinion:
        return opinion("met", evidence=("a2", "a5"))

    found = story(with_plugins(workflow(gate(judged("panel"), needs("talk"))), panel=says))
    found.given(*[hand_in("talk") for _ in range(5)], withdraw("a4")).given(advance())
    assert found.project.passings[0].opinions["panel"]["beside"] == ["a3"]
