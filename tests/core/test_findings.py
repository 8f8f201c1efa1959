"""What an examiner found of a record: it counts only without faults, and its words can be erased like any others."""

from __future__ import annotations

import json

import pytest

from engine.core.evidence import Examined
from engine.core.opinions import Opinion
from engine.core.snapshot import from_json, to_json
from engine.core.soundness import why_unsound

from .asked import SOURCE, asked_of, examined, hand_in_examined, judged, opinion, resting_on, with_plugins
from .builders import KINDS, Json, advance, at_least, erase, gate, hand_in, kind, needs, workflow
from .story import Story, story

MINUTES = kind("minutes") | {"examiner": "acme/minutes"}
PASSED = examined("passed", ("short", "note", "They are short."))
FAULTY = examined("faulty", ("unsigned", "fault", "Jo Bloggs did not sign."), ("short", "note", "They are short."))
FAILED = examined("failed", ("failed", "fault", "It did not answer within 10 seconds."))


def told(*requires: Json) -> Story:
    asked = workflow(gate(*requires), kinds=[*KINDS, MINUTES])
    return story(with_plugins(asked, panel=resting_on("panel", ())))


def minutes(said: Examined) -> Story:
    return told(needs("talk", "minutes")).given(hand_in_examined("talk", said))


def test_a_record_without_faults_counts() -> None:
    """Notes keep nothing from counting; who examined, and what was found, is recorded, its words apart."""
    found = minutes(PASSED)
    assert found.answer().open
    event = found.entries[-1].event
    assert event.body["examined"] == {
        "use": "acme/minutes",
        **SOURCE.as_json(),
        "state": "passed",
        "found": [["short", "note"]],
    }
    assert event.words == {"finding.0": "They are short."}


def test_a_faulty_record_keeps_its_requirement_unmet_with_the_words() -> None:
    """What was found is told in the examiner's words, faults only; a record without them is the act.

    Seen to fail when findings were recorded and not judged.
    """
    found = minutes(FAULTY)
    assert (found.state("talk"), found.acts()) == ("unmet", ["add_evidence talk"])
    assert found.why("talk") == "Examined by the plugin acme: Jo Bloggs did not sign."
    found.given(hand_in_examined("talk", PASSED))
    assert found.answer().open


def test_an_examiner_that_failed_is_an_error_and_handing_in_again_the_act() -> None:
    """Nobody knows what it would have found, so the record does not count; it is handed in once more."""
    found = minutes(FAILED)
    assert (found.state("talk"), found.acts()) == ("error", ["add_evidence talk"])
    assert "could not be examined by the plugin acme. It did not answer within 10 seconds." in found.why("talk")
    assert not found.answer().open
    found.given(hand_in_examined("talk", PASSED))
    assert found.answer().open


def test_a_record_of_an_examined_kind_comes_examined() -> None:
    """A record that nobody examined, or one that nobody was to examine, is not recorded: the definition changed."""
    found = told(needs("talk", "minutes"), needs("chat"))
    found.when(hand_in("talk")).refused("conflict", "moved")
    found.when(hand_in_examined("chat", PASSED)).refused("conflict", "moved")


@pytest.mark.parametrize(("said", "state"), [(FAULTY, "unmet"), (FAILED, "error")])
def test_of_several_records_the_faulty_do_not_count(said: Examined, state: str) -> None:
    """Where records are counted a faulty one is left out, and one that could not be examined is an error."""
    found = told(needs("talk", "minutes", count=2)).given(
        hand_in_examined("talk", PASSED), hand_in_examined("talk", said)
    )
    assert (found.state("talk"), found.acts()) == (state, ["add_evidence talk"])
    found.given(hand_in_examined("talk", PASSED))
    assert found.state("talk") == "met"


# what a plugin's requirement is shown


@pytest.mark.parametrize(("said", "state"), [(FAULTY, "unmet"), (FAILED, "error")])
def test_a_plugin_is_not_shown_what_does_not_count(said: Examined, state: str) -> None:
    """A record with faults is no ground for a plugin's requirement either, and its words are told there.

    Seen to fail: the plugin was shown it like any other, and opened the gate on it.
    """
    found = told(judged("panel", "minutes")).given(hand_in_examined("panel", said))
    verdict = found.verdict("panel")
    assert (verdict.state, verdict.evidence) == (state, ("a1",))
    assert "the plugin acme" in verdict.why[0]
    assert asked_of(found.workflow)[-1]["records"] == []
    assert found.acts() == ["add_evidence panel"]
    assert not found.answer().open
    found.given(hand_in_examined("panel", PASSED))
    assert found.verdict("panel").evidence == ("a2",)
    assert found.answer().open


def test_an_older_record_without_faults_still_counts_for_a_plugin() -> None:
    """A plugin may rest on the record before a faulty one; passed so, the gate stays sound."""
    found = told(judged("panel", "minutes")).given(hand_in_examined("panel", PASSED), hand_in_examined("panel", FAULTY))
    assert found.answer().open
    found.given(advance())
    assert found.project.passings[0].opinions["panel"]["evidence"] == [["a1", None]]
    passing = found.project.passings[0]
    assert why_unsound(found.workflow, found.project, passing, found.today, found.calendar) == []


def test_a_plugin_is_not_shown_what_was_erased() -> None:
    """A record whose words were erased counts for nothing more ahead of a gate, whoever judges it.

    Seen to fail: the plugin was shown its shell, and took it for a record.
    """
    found = told(judged("panel", "minutes")).given(hand_in_examined("panel", PASSED))
    assert found.answer().open
    found.given(erase("a1"))
    assert (found.state("panel"), found.acts()) == ("unmet", ["add_evidence panel"])


def test_a_way_through_a_group_hands_in_what_is_missing() -> None:
    """In a group, a part that could not be examined is a way still: by handing in again."""
    parts = judged("panel", "minutes"), needs("talk", "minutes")
    found = told(at_least("both", 2, *parts))
    found.given(hand_in_examined("panel", FAILED), hand_in_examined("talk", FAILED))
    assert found.state("both") == "error"
    assert found.acts() == ["add_evidence panel", "add_evidence talk"]


# words and forms


def test_erasing_a_record_erases_the_words_of_its_findings() -> None:
    """The words go with the record's own; that something was found, and by whom, stays on record.

    Seen to fail when the words of findings were not among the words of a record.
    """
    found = minutes(FAULTY)
    (event,) = found.when(erase("a1")).accepted("evidence_erased").events
    (words,) = event.body["words"]
    assert words[1] == ["finding.0", "finding.1"] or words[1] == ("finding.0", "finding.1")
    said = found.project.records["a1"].examined
    assert said is not None
    assert (said.state, said.found) == ("faulty", (("unsigned", "fault", None), ("short", "note", None)))
    assert "Bloggs" not in json.dumps(to_json(found.project))


@pytest.mark.parametrize("said", [PASSED, FAULTY, FAILED, examined("passed")])
def test_what_was_found_survives_the_snapshot(said: Examined) -> None:
    """A project reads back from its stored form with what was found of its records, and what plugins said at gates."""
    found = told(judged("panel", "minutes")).given(hand_in_examined("panel", said))
    if found.answer().open:
        found.given(advance())
    again = from_json(json.loads(json.dumps(to_json(found.project))))
    assert again == found.project
    assert again.records["a1"].examined == said


def test_an_opinion_with_nothing_under_it_survives_the_snapshot() -> None:
    """A verdict without records, with a day, or beside newer records is kept member by member."""
    asked = workflow(gate(judged("panel"), needs("talk")))

    def says(question: Json) -> Opinion:
        return opinion("met", evidence=(question["records"][-1]["id"],))

    found = story(with_plugins(asked, panel=says)).given(hand_in("talk"), hand_in("talk")).given(advance())
    again = from_json(json.loads(json.dumps(to_json(found.project))))
    assert again.passings[0].opinions == found.project.passings[0].opinions
    assert again.passings[0].opinions["panel"]["beside"] == ["a2"]


def test_an_erased_record_with_a_fault_is_nobody_s_to_mend() -> None:
    """Once the words of a faulty record are erased, its fault is told no more where a plugin judges.

    Seen to fail when the fault of an erased record stood in the place of what the plugin says.
    """
    found = told(judged("panel", "minutes"))
    found.given(hand_in_examined("panel", FAULTY))
    assert "Jo Bloggs did not sign." in found.why("panel")
    found.given(erase("a1"))
    assert found.why("panel") == "The panel is unmet."
