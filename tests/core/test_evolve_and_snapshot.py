"""Evolve and replay: each event changes what it should and nothing else, and all at once give what one by one does."""

from __future__ import annotations

import copy
from dataclasses import fields
from typing import Any

import pytest

from engine.core.events import ERASED, Entry, Event
from engine.core.evidence import Condition, File, Record
from engine.core.project import Project, evolve, replay

OPENING: dict[str, Any] = {"workflow": "test", "definition": "d1", "stage": "plan", "today": "2026-06-01"}
ADDED: dict[str, Any] = {
    "evidence": "e1",
    "requirement": "talk",
    "kind": "note",
    "level": "co_design",
    "happened_on": "2026-05-30",
    "recorded_on": "2026-06-01",
    "personal": True,
    "facts": {"score": 3},
    "files": [{"sha256": "aa", "size": 1}, {"sha256": "bb", "size": 2}],
}


class History:
    """Entries written by hand, one after another."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def then(self, name: str, words: dict[str, Any] | None = None, by: str = "ann", /, **body: Any) -> Project:
        """Seals an event and returns the project after it; the one before is checked to be as it was."""
        n = len(self.entries) + 1
        event = Event(name, "CC-1", body, words or {})
        before = replay(self.entries)
        kept = copy.deepcopy(before)
        self.entries.append(Entry(40 + n, f"2026-06-01T09:00:{n:02d}.000000Z", by, n, f"leaf{n}", event))
        after = evolve(before, self.entries[-1])
        assert before == kept
        assert after == replay(self.entries)
        return after


def opened(**words: Any) -> History:
    history = History()
    history.then("project_opened", {"title": "Care", **words}, **OPENING, fields={"size": 2})
    return history


def changed(before: Project, after: Project) -> set[str]:
    return {f.name for f in fields(Project) if getattr(before, f.name) != getattr(after, f.name)} - {"version"}


def test_opening_makes_a_project_in_its_first_stage() -> None:
    """A project opens in its first stage and first cycle, with the fields in clear and those in words."""
    found = History().then(
        "project_opened", {"title": "Care", "field.summary": "For all."}, **OPENING, fields={"size": 2}
    )
    assert found == Project(
        id="CC-1",
        workflow="test",
        definition="d1",
        title="Care",
        cycle=1,
        stage="plan",
        entered_at="2026-06-01T09:00:01.000000Z",
        entered_on="2026-06-01",
        entered_order=1,
        version=1,
        fields={"size": 2, "summary": "For all."},
    )


def test_erased_words_are_absent() -> None:
    """A title or a field whose words were erased is not there, and nothing stands in for it."""
    found = History().then("project_opened", {"title": ERASED, "field.summary": ERASED}, **OPENING, fields={})
    assert found.title is None
    assert found.fields == {}


def test_nothing_makes_no_project() -> None:
    """A replay of nothing is no project."""
    assert replay([]) is None


def test_fields_are_set_and_unset() -> None:
    """A field that is set takes its new value, one set to nothing or erased is gone, and the others stay."""
    history = opened(**{"field.summary": "For all.", "field.groups": ["Roma"]})
    after = history.then(
        "fields_set", {"field.groups": ERASED, "field.note": "New."}, fields={"size": None, "absent": None, "target": 3}
    )
    assert after.fields == {"summary": "For all.", "note": "New.", "target": 3}
    assert after.erased_fields == ["groups"]
    assert changed(replay(history.entries[:1]) or after, after) == {"fields", "erased_fields"}


def test_a_record_is_kept_as_it_was_sealed() -> None:
    """A record has its facts and words, its files with their names, its leaf as digest and its place in the history."""
    history = opened()
    words = {"fact.said": "Yes.", "fact.heard": ERASED, "fact.also": ERASED, "file.0": "a.pdf", "file.1": ERASED}
    after = history.then("evidence_added", words, **ADDED)
    assert after.records == {
        "e1": Record(
            id="e1",
            requirement="talk",
            kind="note",
            level="co_design",
            judged=None,
            facts={"score": 3, "said": "Yes."},
            files=(File("aa", 1, "a.pdf"), File("bb", 2, None)),
            by="ann",
            recorded_at="2026-06-01T09:00:02.000000Z",
            recorded_on="2026-06-01",
            happened_on="2026-05-30",
            digest="leaf2",
            order=2,
            cycle=1,
            personal=True,
            withdrawn=False,
            erased=("also", "heard"),
        )
    }
    assert after.records["e1"].standing_level == "co_design"


def signed_twice() -> History:
    """A record of each of two requirements, both signed, and a signature with no record behind it."""
    history = opened()
    history.then("evidence_added", **ADDED)
    history.then("evidence_added", **ADDED | {"evidence": "e2", "requirement": "other"})
    for id, requirement, evidence in (("s1", "talk", "e1"), ("s2", "other", "e2"), ("s3", "talk", None)):
        body = {"signature": id, "requirement": requirement, "role": "sro", "evidence": evidence, "binds": "x"}
        history.then("signed", None, "bob", **body)
    return history


@pytest.mark.parametrize(
    ("event", "body", "why"),
    [
        ("evidence_added", ADDED | {"evidence": "e3"}, "a newer record took its place"),
        ("evidence_withdrawn", {"evidence": "e1"}, "the record was withdrawn"),
        ("evidence_regraded", {"evidence": "e1", "level": "informing"}, "the record was judged down"),
    ],
)
def test_signatures_lapse_with_their_record(event: str, body: dict[str, Any], why: str) -> None:
    """When a record is superseded, withdrawn or judged down its signatures lapse, and no others; each says why."""
    after = signed_twice().then(event, {"reason": "So."} if event != "evidence_added" else {}, **body)
    assert {s.id: s.lapsed for s in after.signatures} == {"s1": why, "s2": "", "s3": ""}


def test_a_lapsed_signature_keeps_its_first_reason() -> None:
    """A signature lapses once, and what happens to its record later does not reword it."""
    history = signed_twice()
    history.then("evidence_regraded", {"reason": "So."}, evidence="e1", level="informing")
    after = history.then("evidence_withdrawn", {"reason": "So."}, evidence="e1")
    assert after.signatures[0].lapsed == "the record was judged down"
    assert after.records["e1"].withdrawn
    assert after.records["e1"].judged == after.records["e1"].standing_level == "informing"
    assert not after.records["e2"].withdrawn


def test_decisions_are_replaced_only_by_the_same_person_in_the_same_role() -> None:
    """Deciding again in the same role takes the place of one's own decision on that gate, and of no other."""
    history = opened()
    body = {"gate": "gate", "role": "sro", "binds": "b", "dissent": False}
    history.then("decided", {"dissent": "No."}, "bob", **body | {"decision": "d1", "dissent": True})
    history.then("decided", None, "cat", **body | {"decision": "d2"})
    history.then("decided", None, "bob", **body | {"decision": "d3", "role": "edi"})
    history.then("decided", None, "bob", **body | {"decision": "d4", "gate": "second"})
    after = history.then("decided", None, "bob", **body | {"decision": "d5"})
    assert [d.id for d in after.decisions] == ["d2", "d3", "d4", "d5"]
    assert replay(history.entries[:2]).decisions[0].words == "No."  # type: ignore[union-attr]  # it was opened
    assert after.decisions[-1].words is None
    assert [d.id for d in history.then("decisions_lapsed", None, decisions=["d3", "d5"]).decisions] == ["d2", "d4"]


MOVE: dict[str, Any] = {
    "act": "advance",
    "from": "plan",
    "to": "build",
    "gate": "gate",
    "outcome": "passed_with_conditions",
    "new_cycle": False,
    "binds": "b",
    "verdicts": {"talk": ["met", ["e1"]]},
    "conditions": [{"owner": "cat", "due": "2026-07-01"}, {"owner": "dan", "due": "2026-08-01"}],
    "today": "2026-06-02",
}


def test_passing_a_gate_keeps_what_it_rested_on() -> None:
    """A passing keeps the answer, the fields as they were, the decisions on that very answer, and its conditions."""
    history = opened()
    body = {"gate": "gate", "binds": "b", "dissent": False}
    history.then("decided", None, "bob", **body | {"decision": "d1", "role": "sro"})
    history.then("decided", None, "cat", **body | {"decision": "d2", "role": "edi", "binds": "older"})
    history.then("decided", None, "dan", **body | {"decision": "d3", "role": "edi", "gate": "second"})
    after = history.then("advanced", {"condition.0": "Mend the door.", "condition.1": ERASED}, **MOVE)
    (passing,) = after.passings
    assert [d.id for d in passing.decisions] == ["d1"]
    assert passing.conditions == (
        Condition("Mend the door.", "cat", "2026-07-01"),
        Condition(None, "dan", "2026-08-01"),
    )
    assert (passing.seq, passing.on, passing.from_stage, passing.to) == (45, "2026-06-02", "plan", "build")
    assert (passing.cycle, passing.entered_order, passing.fields, passing.lost) == (1, 1, {"size": 2}, ())
    assert (after.stage, after.entered_on, after.entered_order, after.decisions) == ("build", "2026-06-02", 5, [])
    assert history.then("fields_set", None, fields={"size": 9}).passings[0].fields == {"size": 2}


def test_a_move_without_a_gate_leaves_no_passing() -> None:
    """A free move changes the stage and nothing is said to have been passed; a new cycle counts one up."""
    history = opened()
    free = MOVE | {"gate": None, "binds": None, "verdicts": {}, "conditions": []}
    assert history.then("advanced", {"reason": "So."}, **free).passings == []
    after = history.then("advanced", None, **free | {"to": "plan", "new_cycle": True})
    assert (after.cycle, after.stage, after.entered_order) == (2, "plan", 3)


def test_what_a_passing_lost_is_added_to_that_passing() -> None:
    """What a passed gate has lost is kept with that passing, one loss after another, and with no other."""
    history = opened()
    history.then("advanced", None, **MOVE | {"conditions": []})
    history.then("advanced", None, **MOVE | {"conditions": []})
    history.then("gate_unsound", None, gate="gate", passing=42, requirements=["a"])
    after = history.then("gate_unsound", None, gate="gate", passing=42, requirements=["b", "c"])
    assert [p.lost for p in after.passings] == [("a", "b", "c"), ()]


def test_hold_is_a_time_and_a_reason_until_it_is_resumed() -> None:
    """A project on hold says since when and why, also once the words are erased; resuming ends it."""
    history = opened()
    assert history.then("held", {"reason": "Money."}).hold == ("2026-06-01T09:00:02.000000Z", "Money.")
    assert history.then("held", {"reason": ERASED}).hold == ("2026-06-01T09:00:03.000000Z", None)
    assert history.then("resumed", {"reason": "More."}).hold is None


def test_a_waiver_is_kept_with_both_people() -> None:
    """A waiver keeps who gave it, who seconded it, until when, and the cycle it counts in."""
    after = opened().then(
        "waived", {"reason": "Ill."}, "bob", waiver="w1", requirement="talk", until="2026-07-01", second="cat"
    )
    (waiver,) = after.waivers
    assert (waiver.by, waiver.second, waiver.until, waiver.reason, waiver.cycle) == (
        "bob",
        "cat",
        "2026-07-01",
        "Ill.",
        1,
    )


def test_records_are_found_newest_first_and_by_cycle() -> None:
    """Records of a requirement come newest first, without those withdrawn, of this cycle or of any."""
    history = opened()
    for name in ("e1", "e2", "e3"):
        history.then("evidence_added", **ADDED | {"evidence": name})
    history.then("evidence_withdrawn", {"reason": "So."}, evidence="e2")
    again = MOVE | {"gate": None, "to": "plan", "new_cycle": True, "conditions": []}
    history.then("advanced", None, **again)
    after = history.then("evidence_added", **ADDED | {"evidence": "e4"})
    assert [r.id for r in after.records_for("talk")] == ["e4"]
    assert [r.id for r in after.records_for("talk", any_cycle=True)] == ["e4", "e3", "e1"]
    assert after.records_for("other") == []
