"""A gate that a plugin judges: what it says is on record with name, version and digest, and is not needed again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.api import DefinitionError, RulesRefused

from .forger import find, forging
from .panels import DEFINITION, OTHERWISE, PANEL, Panels
from .town import ADMIN, LEAD, MANAGER, SRO


def test_a_verdict_names_the_plugin_that_gave_it(panels: Panels) -> None:
    """A gate's answer says who judged, with version and digest; what it asks for is the act that is proposed."""
    found = panels.requirement()
    assert (found["state"], found["plugin"]["plugin"], found["plugin"]["version"]) == ("unmet", "acme", "1.0.0")
    assert len(found["plugin"]["digest"]) == 64
    assert [(a["act"], a["requirement"]) for a in found["needs"]] == [("add_evidence", "heard")]
    panels.hold(7)
    found = panels.requirement()
    assert (found["state"], found["why"]) == ("met", ["Enough people were there."])
    assert len(found["evidence"]) == 1


def test_what_it_said_is_on_record_and_verify_needs_no_plugin(panels: Panels) -> None:
    """Deciding and passing record the verdict with its source; verify takes it from there, and says how many.

    Seen to fail when `decided` left its opinions out: verify then found that the gate could not have been decided on.
    """
    panels.hold(7)
    passed = panels.pass_gate()
    for name in ("decided", "advanced"):
        leaf = next(leaf for leaf in panels.town.leaves() if leaf["event"] == name)
        said = leaf["body"]["opinions"]["heard"]
        assert (said["use"], said["plugin"], said["version"], said["state"]) == ("acme/panel", "acme", "1.0.0", "met")
        assert [level for _, level in said["evidence"]] == [None]
    panels.reopen(plugin=False)
    shutil.rmtree(panels.folder)
    found = panels.town.engine.verify()
    assert found["ok"], found["problems"]
    assert [(one["plugin"], one["version"], one["verdicts"]) for one in found["plugins"]] == [("acme", "1.0.0", 2)]
    assert found["asked_again"] is None
    assert panels.passing()["seq"] == passed
    assert panels.passing()["sound"]
    assert panels.passing()["plugins"][0]["here"] == "absent"


def test_without_its_plugin_a_gate_is_shut_and_says_so(panels: Panels) -> None:
    """Where the plugin is not here the definition is readable, the gate shut, and the answer says what is missing."""
    panels.hold(7)
    panels.reopen(plugin=False)
    gate = panels.town.engine.gate("P-1")
    assert not gate["open"]
    assert gate["requirements"][0]["state"] == "error"
    assert "acme" in gate["requirements"][0]["why"][0]
    assert "acme" in gate["summary"]
    assert gate["earliest_open"] is None
    with pytest.raises(RulesRefused):
        panels.town.engine.decide("P-1", actor=SRO)
    with pytest.raises(DefinitionError) as missing:
        panels.town.engine.load_definition(DEFINITION.replace('"1"', '"2"').encode(), "p.yaml", actor=ADMIN)
    assert "acme" in str(missing.value.details)
    assert panels.town.engine.workflow("panels")["gates"][0]["requires"][0]["use"] == "acme/panel"


def test_a_passed_gate_keeps_what_was_said_then(panels: Panels) -> None:
    """A plugin that changes its mind makes no passed gate unsound; that it is another is shown."""
    panels.hold(7)
    panels.pass_gate()
    panels.replace(OTHERWISE, "2.0.0")
    found = panels.passing()
    assert found["sound"]
    assert (found["plugins"][0]["version"], found["plugins"][0]["here"]) == ("1.0.0", "another")
    assert found["plugins"][0]["here_version"] == "2.0.0"
    assert panels.town.engine.verify(ask_plugins=True)["asked_again"] == {"same": 0, "not_asked": 2}


def test_the_same_plugin_can_be_asked_once_more(panels: Panels) -> None:
    """With the plugin that judged at hand, verify can put its questions again, and the answers are the same."""
    panels.hold(7)
    panels.pass_gate()
    found = panels.town.engine.verify(ask_plugins=True)
    assert (found["ok"], found["asked_again"]) == (True, {"same": 2, "not_asked": 0})


def test_a_verdict_that_was_written_in_by_hand_is_found_when_the_plugin_is_asked(panels: Panels) -> None:
    """Whoever rewrites the whole ledger can have a plugin say what it never said; only asking that plugin shows it.

    Seen to fail when `verify` compared the state of an opinion with itself.
    """
    honest = panels.requirement()["plugin"]["digest"]
    panels.replace(PANEL.replace("if good:", "good = facts.own\n    if good:"), "1.0.0")
    panels.hold(3)
    panels.pass_gate()
    panels.replace(PANEL, "1.0.0")
    panels.town.wrecked = True
    with forging(panels.town) as entries:
        for place in (find(entries, "decided"), find(entries, "advanced")):
            entries[place].leaf["body"]["opinions"]["heard"]["digest"] = honest
    panels.reopen()
    assert panels.town.engine.verify()["ok"]
    found = panels.town.engine.verify(ask_plugins=True)["problems"]
    assert [problem["kind"] for problem in found] == ["judged", "judged"]
    assert "says unmet now" in found[0]["message"]


@pytest.mark.parametrize(
    "forgery",
    [
        lambda said: said.update(state="unmet"),
        lambda said: said.update(use="acme/other"),
        lambda said: said.update(evidence=[]),
        lambda said: said.pop("digest"),
        lambda said: said.update(evidence="e"),
        lambda said: said.update(not_before="2026-13-45"),
    ],
)
def test_words_put_into_a_plugin_s_mouth_are_found(panels: Panels, forgery: Any) -> None:
    """A recorded verdict that does not carry the passing, or has another form, is found without the plugin."""
    panels.hold(7)
    panels.pass_gate()
    panels.town.wrecked = True
    with forging(panels.town) as entries:
        forgery(entries[find(entries, "advanced")].leaf["body"]["opinions"]["heard"])
    panels.reopen(plugin=False)
    assert not panels.town.engine.verify()["ok"]


def test_losing_the_record_a_plugin_named_is_drawn_at_once_and_affirmed_with_the_plugin(panels: Panels) -> None:
    """Withdrawing it makes the gate unsound without a plugin; a new record and the plugin let it be affirmed."""
    record = panels.hold(7)["evidence"]
    passed = panels.pass_gate()
    panels.reopen(plugin=False)
    answer = panels.town.engine.withdraw(record, "Wrong meeting.", actor=LEAD)
    assert answer["events"] == ["evidence_withdrawn", "gate_unsound"]
    panels.reopen()
    assert not panels.passing()["sound"]
    panels.hold(9)
    assert panels.town.engine.affirm("P-1", passed, actor=SRO)["events"] == ["affirmed"]
    assert panels.passing()["sound"]
    panels.reopen(plugin=False)
    assert panels.passing()["sound"]
    assert panels.town.engine.verify()["ok"]


def test_a_plugin_that_fails_for_a_while_takes_nobody_s_decision_away(panels: Panels) -> None:
    """While it fails the gate is shut; once it says the same again, what was decided on that stands.

    Seen to fail when a decision lapsed with any act on the project while the plugin was broken.
    """
    panels.hold(7)
    panels.town.engine.decide("P-1", actor=SRO)
    panels.replace(PANEL.replace("    good =", "    raise ValueError('broken')\n    good ="), "1.0.1")
    first = panels.town.size
    panels.town.engine.hold("P-1", "Waiting.", actor=MANAGER)
    panels.town.engine.resume("P-1", "Go on.", actor=MANAGER)
    assert panels.town.recorded(first) == ["held", "resumed"]
    with pytest.raises(RulesRefused):
        panels.town.engine.advance("P-1", actor=SRO)
    panels.replace(PANEL, "1.0.2")
    assert panels.town.engine.advance("P-1", actor=SRO)["events"] == ["advanced"]


def test_a_pack_tells_which_plugin_judged(panels: Panels, tmp_path: Path) -> None:
    """The evidence pack names the plugin beside its verdict, and its own check holds that to the ledger."""
    panels.hold(7)
    panels.pass_gate()
    panels.town.engine.pack("P-1", tmp_path / "pack")
    told = next((tmp_path / "pack" / "data" / "decisions").glob("*.html")).read_text("utf-8")
    assert "acme 1.0.0" in told
