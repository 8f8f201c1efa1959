"""A gate that asks a plugin: what opens it, in groups and under waivers too, and what a plugin cannot do to it."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pytest

from engine.core.circumstances import circumstances
from engine.core.opinions import Opinion

from .asked import always, asked_of, judged, opinion, records_of, resting_on, until, with_plugins
from .builders import (
    Json,
    a_file,
    advance,
    any_of,
    asking,
    at_least,
    check,
    decide_on,
    gate,
    hand_in,
    needs,
    rule,
    set_fields,
    sign,
    span,
    wait,
    waive,
    withdraw,
    workflow,
)
from .story import Story, story


def told(*requires: Json, rules: Any = (), decided_by: Any = (), today: str = "2026-06-01", **says: Any) -> Story:
    """Returns the story of a project at a gate that asks for these, of which the plugin says that."""
    asked = asking(*requires, rules=rules, decided_by=decided_by, waived_by=["sro", "cochair"])
    return story(with_plugins(asked, **says), today)


def needs_of(found: Story, place: int = 0) -> list[Json]:
    needs: list[Json] = found.told()["requirements"][place]["needs"]
    return needs


# what opens it


def test_waiting_for_a_day_is_an_act_with_that_day() -> None:
    """A verdict that waits gives the wait and the day, and the gate opens on that day and not before.

    Seen to fail when the day that a plugin named was not followed by a look at that day.
    """
    found = told(judged("panel"), needs("talk"), panel=until("2026-06-10"))
    answer = found.told()
    assert found.acts() == ["add_evidence talk", "wait panel"]
    assert answer["earliest_open"] == "2026-06-10"
    assert [a["not_before"] for a in answer["acts"]] == [None, "2026-06-10"]
    assert answer["acts"][1]["detail"] == {"plugin": "acme/panel"}
    assert found.state("panel") == "pending"
    found.given(hand_in("talk"))
    assert found.on("2026-06-09").state("panel") == "pending"
    assert found.on("2026-06-10").answer().open


def test_two_waits_one_after_the_other_are_looked_through() -> None:
    """A plugin that waits again once its day has come is asked for that day ahead, and the last day is told."""
    found = told(judged("panel"), panel=until("2026-06-10", until("2026-07-01")))
    assert found.told()["earliest_open"] == "2026-07-01"


def test_a_record_that_would_expire_in_the_wait_is_handed_in_after_it() -> None:
    """What a plugin waits for is a wait like any other: a record that is not fresh so long comes afterwards."""
    found = told(judged("panel"), needs("talk", fresh=span(3, "days")), panel=until("2026-06-10"))
    assert [(a["act"], a["not_before"]) for a in found.told()["acts"]] == [
        ("wait", "2026-06-10"),
        ("add_evidence", "2026-06-10"),
    ]


def test_a_day_that_is_put_off_for_ever_hangs_nothing() -> None:
    """A plugin that names tomorrow whenever it is asked gets an answer without a day, soon, and is asked few times.

    Seen to fail (by never ending) when the days of plugins were followed as long as they moved, and with 1,600
    questions when every set of fields that might help had it asked anew.
    """

    def never(question: Json) -> Opinion:
        tomorrow = date.fromisoformat(question["today"]) + timedelta(days=1)
        return opinion("pending", not_before=tomorrow)

    names = ("size", "value", "target", "starts_on", "regime", "summary")
    scored = [rule(f"r{n}", check(f"project.{name}", "not_empty")) for n, name in enumerate(names)]
    found = told(judged("panel"), needs("talk", rules=[r["id"] for r in scored]), rules=scored, panel=never)
    found.given(hand_in("talk"))
    before, began = len(asked_of(found.workflow)), time.perf_counter()
    answer = found.answer()
    assert (answer.open, answer.acts, answer.earliest_open) == (False, (), None)
    assert len(asked_of(found.workflow)) - before <= 80
    assert time.perf_counter() - began < 5
    assert needs_of(found)[0]["act"] == "wait", "what it says itself is still told"


def test_a_record_of_its_own_is_asked_for() -> None:
    """Where nothing is named and the kind takes evidence, a record for the requirement itself is the act."""
    found = told(judged("panel", "note"), panel=resting_on("panel", ()))
    assert found.acts() == ["add_evidence panel"]
    assert found.told()["acts"][0]["detail"]["kind"] == "note"
    found.given(hand_in("panel"))
    assert found.verdict("panel").evidence == ("a1",)
    assert found.answer().open


def test_what_names_no_record_rests_on_its_own_newest() -> None:
    """A kind that takes evidence and names none rests on the newest of it, so that a decision is bound to it."""
    found = told(judged("panel", "note"), panel=always("met"))
    assert found.verdict("panel").evidence == ()
    found.given(hand_in("panel"), hand_in("panel"))
    assert found.verdict("panel").evidence == ("a2",)


def test_a_plugin_that_says_nothing_of_what_helps_is_of_no_help() -> None:
    """Without anything named, and without a record it could take, nothing that anyone can do opens the gate."""
    found = told(judged("panel"), panel=always("unmet"))
    assert (found.acts(), found.answer().earliest_open, needs_of(found)) == ([], None, [])


def test_fields_are_set_all_of_them() -> None:
    """The fields that a plugin names are set, every one, by those who may; no record is asked for beside them."""
    asks = always("unmet", fields=("size", "value"))
    found = told(judged("panel", "note"), panel=asks)
    assert found.acts() == ["set_field value", "set_field size"] or found.acts() == [
        "set_field size",
        "set_field value",
    ]
    assert found.told()["acts"][0]["roles"] == ["programme_manager", "admin"]


def test_a_field_serves_rule_and_plugin_alike() -> None:
    """A field that mends a record and satisfies a plugin is set once, and no record is handed in for it."""

    def says(question: Json) -> Opinion:
        return opinion("met") if "size" in question["fields"] else opinion("unmet", fields=("size",))

    sized = rule("sized", check("project.size", "at_least", 2))
    found = told(judged("panel"), needs("talk", rules=["sized"]), rules=[sized], panel=says)
    found.given(hand_in("talk"))
    assert found.acts() == ["set_field size"]
    found.given(set_fields(size=3))
    assert found.answer().open


def test_a_plugin_that_is_not_asked_yet_does_not_hide_what_comes_first() -> None:
    """A requirement that applies only once a field is set is left for then; the field is told as the act.

    Seen to fail when nobody could say what would open such a gate, and so nothing was told.
    """
    sized = rule("sized", check("project.size", "at_least", 2))
    later = judged("panel", when=check("project.size", "not_empty"))
    found = told(later, needs("talk", rules=["sized"]), rules=[sized], panel=always("unmet"))
    found.given(hand_in("talk"))
    assert found.state("panel") == "not_applicable"
    assert found.acts() == ["set_field size"]
    assert asked_of(found.workflow) == [], "a plugin is never shown a field that nobody has set"


def test_a_plugin_that_is_not_asked_yet_wants_its_own_record_all_the_same() -> None:
    """Where it takes evidence and has none, handing that in is among the acts; where it has some, it is not.

    Seen to fail when a requirement that nobody could be asked about yet was taken as met without a record.
    """
    sized = rule("sized", check("project.size", "at_least", 2))
    later = judged("panel", "note", when=check("project.size", "not_empty"))
    found = told(later, needs("talk", rules=["sized"]), rules=[sized], panel=always("unmet"))
    found.given(hand_in("talk"))
    assert found.acts() == ["set_field size", "add_evidence panel"]
    found.given(hand_in("panel"))
    assert found.acts() == ["set_field size"]


# with others


def test_another_requirement_s_record_is_asked_for_once() -> None:
    """A record that a plugin wants of another requirement is that requirement's own act, signatures and all."""
    found = told(judged("panel"), needs("talk", signed_by=["sro"]), panel=resting_on("talk"))
    assert found.acts() == ["add_evidence talk", "sign talk sro"]


def test_a_new_record_that_a_plugin_wants_is_signed_anew() -> None:
    """Where what stands is good but for the plugin, the record it wants comes with the signatures under it.

    Seen to fail when the record was planned and its signature was not.
    """

    def wants_more(question: Json) -> Opinion:
        return opinion("met" if len(records_of(question, "talk")) > 1 else "unmet", records=("talk",))

    found = told(judged("panel"), needs("talk", signed_by=["sro"]), panel=wants_more)
    found.given(hand_in("talk")).given(sign("talk"))
    assert found.acts() == ["add_evidence talk", "sign talk sro"]
    found.given(hand_in("talk")).given(sign("talk"))
    assert found.answer().open


@pytest.mark.parametrize("parts", [("chat", "talk"), ("talk", "chat")])
def test_the_smallest_set_shares_what_a_plugin_wants(parts: tuple[str, str]) -> None:
    """Where one of two records would do for a group, it is the one that a plugin wants anyway.

    Seen to fail for the first order when what plugins want was not seen to be shared.
    """
    found = told(any_of("either", *(needs(id) for id in parts)), judged("panel"), panel=resting_on("talk"))
    assert found.acts() == ["add_evidence talk"]


def test_a_decision_overtaken_is_taken_anew_with_what_a_plugin_wants() -> None:
    """A record that supports a decision and is wanted anew comes with that decision, which would be older else."""
    survey = needs("survey") | {"supports": "award"}

    def wants_more(question: Json) -> Opinion:
        return opinion("met" if len(records_of(question, "survey")) > 1 else "unmet", records=("survey",))

    found = told(judged("panel"), survey, needs("award"), panel=wants_more)
    found.given(hand_in("survey"), hand_in("award")).on("2026-06-05")
    assert found.acts() == ["add_evidence survey", "add_evidence award"]


def test_a_plugin_and_a_wait_may_want_the_same_record() -> None:
    """The record that a wait counts from, wanted by a plugin too, is handed in once."""
    paused = wait("pause", "notice.published_on", 5)
    found = told(judged("panel"), needs("notice", "notice"), paused, panel=resting_on("notice"))
    assert found.acts() == ["add_evidence notice", "wait pause"]


# groups, waivers, decisions


@pytest.mark.parametrize(
    ("states", "state"),
    [
        (("met", "error"), "met"),
        (("unmet", "error"), "error"),
        (("pending", "error"), "pending"),
        (("unmet", "unmet"), "unmet"),
    ],
)
def test_a_group_says_the_best_of_its_parts(states: tuple[str, str], state: str) -> None:
    """One part that holds opens an `any_of`, whatever breaks beside it; an error is never a way."""
    asked = any_of("either", judged("one"), judged("other"))
    says = [until("2026-07-01") if s == "pending" else always(s) for s in states]
    found = told(asked, one=says[0], other=says[1])
    assert found.state("either") == state
    assert found.answer().open == (state == "met")


def test_a_group_takes_the_way_with_the_fewest_acts() -> None:
    """Of parts that would do, those are chosen that need least, a plugin's among them."""
    parts = judged("one"), needs("talk", signed_by=["sro"]), judged("other")
    found = told(at_least("two", 2, *parts), one=always("unmet", fields=("size",)), other=always("error"))
    assert sorted(found.acts()) == ["add_evidence talk", "set_field size", "sign talk sro"]
    found = told(at_least("two", 2, *parts), one=always("unmet", fields=("size",)), other=always("met"))
    assert found.acts() == ["set_field size"]


def test_a_verdict_may_be_waived_and_an_error_may_not() -> None:
    """Two people may waive what a plugin finds missing; what it could not judge stays shut, waived or not."""
    found = told(judged("panel"), panel=always("unmet", "Nobody sat on it."))
    found.given(waive("panel"))
    assert (found.state("panel"), found.answer().open) == ("waived", True)
    assert "Without the waiver it would be unmet: Nobody sat on it." in found.why("panel")
    found = told(judged("panel"), panel=always("error"))
    found.given(waive("panel"))
    assert (found.state("panel"), found.answer().open) == ("error", False)


def test_decisions_are_bound_to_what_the_plugin_said() -> None:
    """A decision counts only for the verdict, and the records under it, that it was made on.

    Seen to fail when the records that a plugin named were not part of the answer.
    """
    found = told(judged("panel"), needs("talk"), decided_by=["sro"], panel=resting_on("talk"))
    found.given(hand_in("talk"))
    (decided,) = found.when(decide_on()).accepted("decided").events
    assert decided.body["opinions"]["panel"]["evidence"] == [["a1", None]]
    assert found.answer().open
    lapsed = found.when(hand_in("talk")).accepted("evidence_added", "decisions_lapsed").events[1]
    assert lapsed.body["opinions"]["panel"]["evidence"] == [["a3", None]]
    assert not found.answer().open


def test_a_change_of_mind_leaves_no_decision_standing() -> None:
    """A plugin that says otherwise after a decision closes the gate again; nobody passes on the old answer."""
    mind = [opinion("met")]
    found = told(judged("panel"), decided_by=["sro"], panel=lambda _: mind[0])
    found.given(decide_on())
    mind[0] = opinion("unmet")
    found.when(advance()).refused("rules", "gate_shut")


# records that are shown


def test_altered_bytes_of_a_named_record_keep_the_gate_shut() -> None:
    """A record whose bytes were altered is no ground for a plugin either; handing it in anew is the act.

    Seen to fail when a broken file under a plugin's verdict had no way out.
    """
    found = told(judged("panel"), needs("talk"), panel=resting_on("talk"))
    found.given(hand_in("talk", files=(a_file(),)))
    refused = found.when(advance(), altered=["a1"]).refused("rules", "gate_shut")
    assert refused.answer is not None
    assert refused.answer.judgement is not None
    panel = refused.answer.judgement.by_id()["panel"]
    assert (panel.state, panel.evidence) == ("error", ("a1",))
    assert "a.pdf" in panel.why[0]
    assert [(a.act, a.requirement) for a in refused.answer.acts] == [("add_evidence", "talk")]


def test_a_refusal_tells_what_the_plugin_said() -> None:
    """What goes on record of a shut gate holds the plugin, its version and its verdict, and none of its words."""
    found = told(judged("panel"), needs("talk"), panel=always("unmet", "Jo Bloggs did not come."))
    answer = found.when(advance()).refused("rules", "gate_shut").answer
    assert answer is not None
    assert answer.judgement is not None
    verdicts = answer.judgement.by_id().values()
    kept = circumstances(found.calendar, frozenset(), found.project, verdicts)
    assert set(kept) == {"opinions"}
    assert kept["opinions"]["panel"]["state"] == "unmet"
    assert "Bloggs" not in str(kept)


def test_a_withdrawn_record_is_ground_for_nothing() -> None:
    """A record that is withdrawn before the gate is passed is not shown, and the verdict falls with it."""
    found = told(judged("panel"), needs("talk"), panel=resting_on("talk"))
    found.given(hand_in("talk"), withdraw("a1"))
    assert (found.state("panel"), found.acts()) == ("unmet", ["add_evidence talk"])


def test_another_gate_s_records_are_shown_and_may_be_wanted() -> None:
    """A plugin sees what was handed in at other gates, and may want a record there."""
    asked = gate(judged("panel"), id="gate"), gate(needs("minutes"), id="second")
    found = story(with_plugins(workflow(*asked), panel=resting_on("minutes")))
    assert found.acts() == ["add_evidence minutes"]
    found.given(hand_in("minutes"))
    assert found.answer().open
