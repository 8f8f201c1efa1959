"""A gate that was passed on a plugin's word: kept while its ground stands, lost with it, and affirmed by asking."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.core.opinions import NOBODY, Opinion
from engine.core.soundness import evidence_ahead, evidence_under, weigh, why_unsound

from .asked import Plugins, Saying, always, asked_of, judged, opinion, records_of, resting_on, until, with_plugins
from .builders import (
    Json,
    a_file,
    advance,
    affirm,
    all_of,
    any_of,
    decide_on,
    erase,
    gate,
    hand_in,
    needs,
    regrade,
    set_fields,
    waive,
    withdraw,
    workflow,
)
from .story import Story, story

ACME = {"plugin": "acme", "version": "1.2", "digest": "ab" * 32}


def passed(*requires: Json, decided_by: tuple[str, ...] = (), **says: Saying) -> Story:
    """Returns a project that passed its gate on one record `a1` of talk, and on what the plugin says."""
    asked = gate(*requires, decided_by=decided_by, waived_by=["sro", "cochair"])
    found = story(with_plugins(workflow(asked), **says))
    found.given(hand_in("talk", level="co_production", files=(a_file(),)))
    for role in decided_by:
        found.given(decide_on(), by=role)
    return found.given(advance())


def on_talk() -> Story:
    return passed(judged("panel"), needs("talk"), panel=resting_on("talk"))


def seq(found: Story) -> int:
    return found.project.passings[0].seq


def wrong(found: Story, altered: frozenset[str] = frozenset()) -> str:
    passing = found.project.passings[0]
    return " ".join(why_unsound(found.workflow, found.project, passing, found.today, found.calendar, altered))


def says_now(found: Story, **says: Saying) -> Story:
    """Has the plugin say something else from now on."""
    found.workflow = with_plugins(found.workflow, **says)
    return found


def test_what_the_plugin_said_is_on_record_without_its_words() -> None:
    """Passing a gate records who judged, the verdict and the records under it with their levels."""
    found = passed(judged("panel"), needs("talk"), panel=lambda q: opinion("met", "Jo said so.", evidence=("a1",)))
    body = found.entries[-1].event.body
    kept = {"use": "acme/panel", **ACME, "state": "met", "evidence": [["a1", "co_production"]]}
    assert body["opinions"] == {"panel": kept}
    assert body["verdicts"]["panel"] == ["met", ["a1"]]
    assert found.project.passings[0].opinions == {"panel": kept}
    assert "Jo" not in str(found.entries[-1].event)


def test_a_gate_without_plugins_records_nothing_of_them() -> None:
    """The events of a definition without plugins have the members they always had."""
    found = story(workflow(gate(needs("talk"), decided_by=["sro"]))).given(hand_in("talk")).given(decide_on())
    found.given(advance())
    assert all("opinions" not in entry.event.body for entry in found.entries)


@pytest.mark.parametrize("says", [always("unmet"), always("error"), until("2027-01-01"), resting_on("chat")])
def test_a_plugin_s_change_of_mind_leaves_a_passed_gate_alone(says: Saying) -> None:
    """What was said when the gate was passed counts, whatever the plugin says now, and it is not even asked.

    Seen to fail when a passed gate asked the plugin again.
    """
    found = says_now(on_talk(), panel=says)
    assert wrong(found) == ""
    found.when(set_fields(size=9)).accepted("fields_set")
    assert asked_of(found.workflow) == []


def test_a_plugin_that_is_gone_leaves_a_passed_gate_alone() -> None:
    """Without the plugin a passed gate is sound, and the project goes on."""
    found = on_talk()
    found.workflow = replace(found.workflow, judges=NOBODY)
    assert wrong(found) == ""
    found.given(set_fields(size=9), by="manager").given(advance())
    assert found.project.stage == "done"


def test_withdrawing_what_it_named_makes_it_unsound() -> None:
    """The plugin's verdict falls with a record it named, though the core's own requirement has a newer one."""
    found = on_talk()
    lost = found.when(withdraw("a1")).accepted("evidence_withdrawn", "gate_unsound").events[1]
    assert lost.body["requirements"] == ["panel", "talk"]
    assert found.project.passings[0].lost == ("panel", "talk")


def test_regrading_what_it_named_makes_it_unsound() -> None:
    """A record under a plugin's verdict that is judged down takes the verdict with it, whatever the core asks of it."""
    found = on_talk()
    lost = found.when(regrade("a1", "informing")).accepted("evidence_regraded", "gate_unsound").events[1]
    assert lost.body["requirements"] == ["panel"]


def test_superseding_what_it_named_makes_it_unsound() -> None:
    """A newer record in the place of the one it named has not been before the plugin; so the gate is affirmed first."""
    found = on_talk()
    lost = found.when(hand_in("talk")).accepted("evidence_added", "gate_unsound").events[1]
    assert lost.body["requirements"] == ["panel"]
    assert seq(found) == lost.body["passing"]


def test_altered_bytes_of_what_it_named_make_it_unsound() -> None:
    """A stored file under a plugin's verdict that is another now is told, and recorded with the next act.

    Seen to fail when only the records of evidence requirements were compared with the altered ones.
    """
    found = passed(judged("panel"), needs("talk"), panel=resting_on("talk"))
    assert "altered" in wrong(found, frozenset({"a1"}))
    events = found.when(hand_in("talk"), altered=["a1"]).accepted("evidence_added", "gate_unsound").events
    assert events[1].body["requirements"] == ["panel", "talk"]
    assert events[1].body["altered"] == ["a1"]


def test_an_erasure_leaves_it_sound() -> None:
    """What is erased lawfully after the gate was passed takes nothing from what the plugin said then."""
    found = on_talk()
    found.given(erase("a1"))
    assert wrong(found) == ""


def test_a_record_that_was_beside_takes_nobody_s_place() -> None:
    """A plugin may rest on an older record, or on several; what it saw and did not name does not unseat them.

    Seen to fail: the gate was unsound from the moment it was passed.
    """

    def oldest(question: Json) -> Opinion:
        return opinion("met", evidence=tuple(records_of(question, "talk")[-1:]))

    def all_of_them(question: Json) -> Opinion:
        return opinion("met", evidence=tuple(records_of(question, "talk")))

    for says, named, beside in ((oldest, ["a1"], ["a2"]), (all_of_them, ["a2", "a1"], None)):
        asked = workflow(gate(judged("panel"), needs("talk")))
        found = story(with_plugins(asked, panel=says)).given(hand_in("talk"), hand_in("talk")).given(advance())
        kept = found.project.passings[0].opinions["panel"]
        assert ([e for e, _ in kept["evidence"]], kept.get("beside")) == (named, beside)
        assert wrong(found) == ""
        found.when(hand_in("talk")).accepted("evidence_added", "gate_unsound")


def test_records_that_come_later_are_no_ground() -> None:
    """A verdict that rested on no record rests on none later, whatever is handed in for it and becomes of that.

    Seen to fail when the newest record of its own was put under a verdict that was given without one.
    """
    found = passed(judged("panel", "note"), needs("talk"), panel=always("met"))
    assert found.project.passings[0].verdicts["panel"] == ["met", []]
    found.given(hand_in("panel", files=(a_file(),)))
    assert wrong(found, frozenset({"a2"})) == ""


# affirming


def lost_and_replaced(decided_by: tuple[str, ...] = ()) -> Story:
    found = passed(judged("panel"), needs("talk"), decided_by=decided_by, panel=resting_on("talk"))
    return found.given(withdraw("a1"), hand_in("talk", level="engagement"))


def test_affirming_asks_again_and_heals() -> None:
    """Once the loss is on record the plugin is asked anew; those who decide affirm what it says now, and that counts.

    Seen to fail when what it said first was kept for ever.
    """
    found = lost_and_replaced(("sro", "cochair"))
    assert "What it rested on was lost" in wrong(found)
    first = found.when(affirm(seq(found)), by="sro").accepted("affirmed").events[0]
    assert first.body["opinions"]["panel"]["evidence"] == [[found.record_of("talk").id, "engagement"]]
    assert "opinions" in first.body
    assert not first.body["heals"]
    found.when(affirm(seq(found)), by="cochair").accepted("affirmed")
    assert wrong(found) == ""
    kept = found.project.passings[0].opinions["panel"]["evidence"]
    assert kept == [[found.record_of("talk").id, "engagement"]]
    assert wrong(says_now(found, panel=always("unmet"))) == "", "it is kept from then on"
    found.when(withdraw(found.record_of("talk").id)).accepted("evidence_withdrawn", "gate_unsound")


def test_a_plugin_that_is_gone_is_not_affirmed_for() -> None:
    """What was lost is affirmed on a new verdict only: without the plugin, or with another mind, it is refused."""
    found = lost_and_replaced()
    says_now(found, panel=always("unmet", "Nobody was there."))
    found.when(affirm(seq(found)), by="sro").refused("rules", "still_unsound", says="Nobody was there.")
    found.workflow = replace(found.workflow, judges=NOBODY)
    found.when(affirm(seq(found)), by="sro").refused("rules", "still_unsound", says="not active here")


def test_what_would_put_it_right_is_told() -> None:
    """A later gate that a lost one freezes tells the record, and then the affirming, that put it right."""
    asked = gate(judged("panel"), needs("talk"), if_unsound="freezes"), gate(needs("end"), id="second")
    found = story(with_plugins(workflow(*asked), panel=resting_on("talk"))).given(hand_in("talk")).given(advance())
    found.given(withdraw("a1"), hand_in("end"))
    assert [(a.act, a.requirement) for a in found.answer().acts] == [("add_evidence", "talk"), ("decide", None)]
    found.given(hand_in("talk")).given(affirm(seq(found)))
    assert found.answer().open


def test_a_part_of_a_lost_group_is_asked_anew() -> None:
    """A group that is lost is made good by what its parts say now, and those whose ground stands keep their word.

    Seen to fail: the loss is recorded of the group, and its parts went on saying what they said first, for ever.
    """
    both = all_of("both", judged("panel"), judged("board"))
    found = passed(both, needs("talk"), panel=resting_on("talk"), board=always("met"))
    found.when(withdraw("a1")).accepted("evidence_withdrawn", "gate_unsound")
    assert found.project.passings[0].lost == ("both", "talk")
    says_now(found, panel=resting_on("talk"), board=always("error"))
    found.given(hand_in("talk"))
    found.when(affirm(seq(found)), by="sro").accepted("affirmed")
    assert wrong(found) == ""
    assert {q["requirement"] for q in asked_of(found.workflow)} == {"panel"}


def test_another_part_may_take_over() -> None:
    """In an `any_of` that was lost, a part that was not met then may be met now, once it is asked."""
    either = any_of("either", judged("panel"), judged("board"))
    found = passed(either, needs("talk"), panel=resting_on("talk"), board=always("unmet"))
    found.given(withdraw("a1"), hand_in("talk"))
    says_now(found, panel=always("unmet"), board=always("met"))
    found.when(affirm(seq(found)), by="sro").accepted("affirmed")
    assert wrong(found) == ""


def test_a_waived_verdict_falls_with_its_waiver() -> None:
    """A gate that was passed under a waiver of a plugin's requirement is unsound once the waiver has ended."""
    asked = gate(judged("panel"), waived_by=["sro", "cochair"])
    found = story(with_plugins(workflow(asked), panel=always("unmet"))).given(waive("panel", until="2026-06-30"))
    found.given(advance())
    assert found.project.passings[0].verdicts["panel"][0] == "waived"
    assert wrong(found.on("2026-06-30")) == ""
    assert wrong(found.on("2026-07-01")) != ""


def test_a_next_round_asks_anew() -> None:
    """In another cycle the gate lies ahead again, and the plugin sees none of the records of the one before."""
    found = on_talk().given(advance(act="again"))
    assert found.project.cycle == 2
    assert (found.state("panel"), found.acts()) == ("unmet", ["add_evidence talk"])
    assert asked_of(found.workflow)[-1]["records"] == []


# which stored files are looked at


def test_the_files_a_plugin_may_rest_on_are_all_read() -> None:
    """Before a gate that asks a plugin every stored file that counts is compared with what was handed in.

    Seen to fail for records of other gates, which only the plugin looks at.
    """
    asked = gate(judged("panel")), gate(needs("minutes"), needs("talk"), id="second")
    found = story(with_plugins(workflow(*asked), panel=resting_on("minutes")))
    found.given(hand_in("minutes", files=(a_file(),)), hand_in("talk", files=(a_file(),)))
    first = found.workflow.gates["gate"]
    assert set(evidence_ahead(found.workflow, found.project, first)) == {"a1", "a2"}
    found.given(advance())
    passing = found.project.passings[0]
    assert evidence_under(found.workflow, found.project, passing) == {"a1"}
    found.given(withdraw("a1"), hand_in("minutes", files=(a_file(),)))
    passing = found.project.passings[0]
    assert {"a2", found.record_of("minutes").id} <= evidence_under(found.workflow, found.project, passing)


def test_a_passed_gate_says_so_without_words() -> None:
    """A kept verdict names the plugin and its version in place of the words, which the ledger does not hold."""
    found = on_talk()
    weighed = weigh(found.workflow, found.project, found.project.passings[0], found.today, found.calendar)
    panel = next(v for v in weighed.verdicts if v.requirement.id == "panel")
    assert panel.why == ("The plugin acme 1.2 said so; that is on record, and it was not asked again.",)
    assert isinstance(found.workflow.judges, Plugins)


def test_what_was_lost_is_asked_anew_though_its_ground_is_back() -> None:
    """Once a loss is on record nobody goes by what was said first, also where the altered file was put back since.

    Seen to fail when only the ground was looked at, and not what is on record as lost.
    """
    found = passed(judged("panel"), needs("talk"), panel=resting_on("talk"))
    found.when(hand_in("talk"), altered=["a1"]).accepted("evidence_added", "gate_unsound")
    found.given(withdraw("a2"))
    says_now(found, panel=always("unmet", "Nobody was there."))
    found.when(affirm(seq(found)), by="sro").refused("rules", "still_unsound", says="Nobody was there.")


def test_a_wait_whose_ground_is_lost_waits_for_no_day() -> None:
    """A part that waited for a day when the gate was passed, and lost its ground, is unmet and names no day.

    Seen to fail when the day was kept.
    """
    asks = always("pending", evidence=("a1",), not_before=date(2026, 9, 1))
    found = passed(any_of("either", judged("panel"), needs("talk")), panel=asks)
    found.given(hand_in("talk"), withdraw("a1"))
    weighed = weigh(found.workflow, found.project, found.project.passings[0], found.today, found.calendar)
    panel = next(part for v in weighed.verdicts for part in (v, *v.of) if part.requirement.id == "panel")
    assert panel.opinion is not None
    assert (panel.state, panel.opinion.not_before) == ("unmet", None)


def test_where_several_records_are_wanted_a_newer_one_takes_no_place() -> None:
    """A record of a requirement that counts its records stands beside the others, and unseats nobody's ground.

    Seen to fail when every newer record took the place of the one before.
    """
    asked = workflow(gate(judged("panel"), needs("talk", count=2)))
    found = story(with_plugins(asked, panel=resting_on("talk"))).given(hand_in("talk"), hand_in("talk"))
    found.given(advance()).when(hand_in("talk")).accepted("evidence_added")
    assert wrong(found) == ""
