"""What counts as a plugin's word where little is known: nothing on record, a field to be set, a part that stands.

None of these asks a plugin anew that need not be asked, and none opens anything.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.core.answer import answer
from engine.core.conditions import SOMETHING
from engine.core.opinions import Source
from engine.core.soundness import weigh

from .asked import always, asked_of, examined, hand_in_examined, judged, resting_on, with_plugins
from .builders import KINDS, a_file, advance, all_of, any_of, gate, hand_in, kind, needs, withdraw, workflow
from .story import story

MINUTES = kind("minutes") | {"examiner": "acme/minutes"}
PASSED = examined("passed", ("short", "note", "They are short."))


def test_a_passing_without_the_word_of_a_plugin_is_an_error_that_asks_nobody() -> None:
    """Where an entry lacks what the plugin said, nobody makes that up today: it is an error, and names the plugin.

    Seen to fail (with a TypeError) when what is not there was read all the same.
    """
    found = story(with_plugins(workflow(gate(judged("panel"))), panel=always("met"))).given(advance())
    (passing,) = found.project.passings
    found.workflow = with_plugins(found.workflow, panel=always("met"))
    bare = replace(passing, opinions={})
    project = replace(found.project, passings=[bare])
    weighed = weigh(found.workflow, project, bare, found.today, found.calendar)
    panel = next(v for v in weighed.verdicts if v.requirement.id == "panel")
    assert (panel.state, panel.why) == ("error", ("What the plugin said then is not on record.",))
    assert panel.opinion is not None
    assert panel.opinion.source == Source("acme", "", "")
    assert asked_of(found.workflow) == []


@pytest.mark.parametrize(("takes", "state"), [(None, "met"), ("note", "unmet")])
def test_while_a_field_is_unknown_no_plugin_is_asked(takes: str | None, state: str) -> None:
    """What a field will say nobody knows: until then only a record that is wanted and not there stands in the way.

    Seen to fail (with a TypeError) when the plugin was asked all the same.
    """
    found = story(with_plugins(workflow(gate(judged("panel", takes))), panel=always("error")))
    known, found.project_ = found.project, replace(found.project, fields={"size": SOMETHING})
    verdict = found.verdict("panel")
    assert verdict.opinion is not None
    assert (verdict.state, verdict.opinion.source) == (state, Source("acme", "", ""))
    found.project_ = known
    if takes is not None:
        found.given(hand_in("panel"))
    found.project_ = replace(found.project, fields={"size": SOMETHING})
    assert found.state("panel") == "met"
    assert asked_of(found.workflow) == []


def test_what_an_examiner_found_is_told_only_of_a_record_that_it_keeps_from_counting() -> None:
    """A plugin that is not content with a record that was examined and counts says so in its own words alone.

    Seen to fail when the newest record was taken for one that does not count.
    """
    asked = workflow(gate(judged("panel", "minutes")), kinds=[*KINDS, MINUTES])
    found = story(with_plugins(asked, panel=always("unmet", "Nobody of the ward was there.")))
    verdict = found.given(hand_in_examined("panel", PASSED)).verdict("panel")
    assert (verdict.state, verdict.why, verdict.evidence) == ("unmet", ("Nobody of the ward was there.",), ("a1",))


def test_of_the_records_under_a_verdict_only_the_altered_one_is_handed_in_anew() -> None:
    """A plugin that rests on two records, of which one has other bytes now, costs people one record and not two.

    Seen to fail when the one that is as it was could be asked for in its place.
    """
    asked = gate(judged("panel")), gate(needs("talk"), needs("chat"), id="second")
    found = story(with_plugins(workflow(*asked), panel=always("met", evidence=("a1", "a2"))))
    found.given(hand_in("talk", files=(a_file(),)), hand_in("chat", files=(a_file(),)))
    now = answer(found.workflow, found.project, found.way(), found.today, found.calendar, frozenset({"a1"}))
    assert (now.open, [(a.act, a.requirement) for a in now.acts]) == (False, [("add_evidence", "talk")])


def test_a_part_of_a_group_that_stands_is_not_asked_because_another_requirement_was_lost() -> None:
    """Its plugin changed its mind since, which is no matter: what was said of it then is not what was lost.

    Seen to fail when any loss at a gate had every part of its groups asked anew.
    """
    either = any_of("either", judged("panel"), needs("talk"))
    found = story(with_plugins(workflow(gate(either, needs("chat"))), panel=always("unmet")))
    found.given(hand_in("talk"), hand_in("chat")).given(advance())
    found.when(withdraw("a2")).accepted("evidence_withdrawn", "gate_unsound")
    (passing,) = found.project.passings
    assert passing.lost == ("chat",)
    found.workflow = with_plugins(found.workflow, panel=always("met"))
    weigh(found.workflow, found.project, passing, found.today, found.calendar)
    assert asked_of(found.workflow) == []


def test_a_part_of_a_lost_group_whose_file_was_altered_is_asked_anew() -> None:
    """What it said rests on other bytes now, so what counts is what it says today, on a record that is as it was.

    Seen to fail when the altered file was no reason to ask: nothing that anybody did could have put it right.
    """
    asked = gate(all_of("both", judged("panel"), judged("board"))), gate(needs("talk"), needs("chat"), id="second")
    found = story(with_plugins(workflow(*asked), panel=resting_on("talk"), board=always("met")))
    found.given(hand_in("talk", files=(a_file(),)), hand_in("chat", files=(a_file(),))).given(advance())
    found.when(hand_in("chat"), altered=["a1"]).accepted("evidence_added", "gate_unsound")
    (passing,) = found.project.passings
    assert passing.lost == ("both",)
    found.workflow = with_plugins(found.workflow, panel=resting_on("chat"), board=always("error"))
    weighed = weigh(found.workflow, found.project, passing, found.today, found.calendar, frozenset({"a1"}))
    assert [(part.requirement.id, part.state) for part in weighed.verdicts[0].of] == [
        ("panel", "met"),
        ("board", "met"),
    ]
    assert weighed.verdicts[0].of[0].evidence == ("a3",)
