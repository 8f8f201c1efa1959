"""A gate that a plugin judges: what it says is on record with name, version and digest, and is not needed again."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.api import CocycleError, DefinitionError, RulesRefused, Settings
from engine.core.opinions import Opinion, Source
from engine.hurrying import Hurried
from engine.store.driver import dbapi as sqlite
from tests.hosting.folders import write_plugin

from .forger import find, forging
from .town import ADMIN, AUDITOR, COCHAIR, LEAD, MANAGER, SRO, Town

PANEL = """
FIELDS = {"present": {"type": "integer", "required": True}}

def judge(facts, options):
    good = [r for r in facts.own if r.facts.get("present", 0) >= options["least"]]
    if good:
        return met("Enough people were there.", evidence=[good[0].id])
    return unmet("The panel has to meet with more people. Hand in the minutes of such a meeting.")

def examine(submission):
    if submission.facts["present"] == 13:
        return [Finding("unlucky", "Thirteen people do not make a panel.")]
    if submission.facts["present"] == 12:
        return [Finding("nearly", "One more and it would not do.", "note")]
    return []

@hookimpl
def cocycle_requirement_kinds():
    options = {"least": {"type": "integer", "required": True}}
    return [RequirementKind("panel", "A panel met", judge, options=options, evidence="minutes")]

@hookimpl
def cocycle_evidence_kinds():
    return [EvidenceKind("minutes", "Minutes", fields=FIELDS, examine=examine)]
"""
OTHERWISE = PANEL.replace("if good:", "if len(good) > 5:")
DEFINITION = """
cocycle: 1
id: panels
version: "1"
title: Panels
roles: {sro: {title: Senior responsible owner}, lx_cochair: {title: Lived-experience co-chair}}
stages:
  - {id: idea, title: Idea, transitions: [{id: advance, to: open, gate: panel-gate}]}
  - {id: open, title: Open, transitions: [{id: advance, to: done}]}
  - {id: done, title: Done, final: true}
gates:
  panel-gate:
    title: Panel gate
    decided_by: [sro]
    requires:
      - {id: heard, title: A panel was heard, use: acme/panel, with: {least: 5}}
"""
NO_PLUGINS = Settings(plugins=())


@dataclass
class Panels:
    """A register with the plugin acme in a folder, and a project that its requirement kind judges."""

    town: Town
    folder: Path

    def settings(self) -> Settings:
        return Settings(plugins=(), plugins_dir=str(self.folder))

    def reopen(self, *, plugin: bool = True) -> None:
        self.town.reopen(settings=self.settings() if plugin else NO_PLUGINS)

    def hold(self, present: int) -> dict[str, Any]:
        """Hands in minutes of a meeting with so many people."""
        return self.town.engine.add_evidence("P-1", "heard", facts={"present": present}, actor=LEAD)

    def pass_gate(self) -> int:
        """Takes the project through its gate; returns the index of the passing."""
        self.town.engine.decide("P-1", actor=SRO)
        return int(self.town.engine.advance("P-1", actor=SRO)["seq"])

    def requirement(self) -> dict[str, Any]:
        return dict(self.town.engine.gate("P-1")["requirements"][0])

    def passing(self) -> dict[str, Any]:
        return dict(self.town.engine.project("P-1")["gates"][0])

    def replace(self, code: str, version: str) -> None:
        """Puts another plugin in the place of the one that is there."""
        shutil.rmtree(self.folder / "acme")
        write_plugin(self.folder, "acme", code, version=version)
        self.reopen()


@pytest.fixture
def panels(town: Town, tmp_path: Path) -> Iterator[Panels]:
    folder = tmp_path / "plugins"
    write_plugin(folder, "acme", PANEL)
    found = Panels(town, folder)
    found.reopen()
    town.engine.load_definition(DEFINITION.encode(), "panels.yaml", actor=ADMIN)
    town.engine.new_project("One", "panels", project_id="P-1", actor=MANAGER)
    for email, role in ((SRO, "sro"), (LEAD, "lx_cochair"), (COCHAIR, "lx_cochair")):
        town.engine.grant(email, role, project="P-1", actor=ADMIN)
    yield found
    town.engine.host.close()


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


def test_an_examiner_s_faults_keep_a_record_from_counting(panels: Panels) -> None:
    """What an examiner finds is recorded with the record, by code in the clear and in words that can be erased."""
    answer = panels.hold(13)
    assert (answer["examined"]["state"], answer["examined"]["found"][0]["code"]) == ("faulty", "unlucky")
    shown = panels.town.engine.evidence_show(answer["evidence"])["examined"]
    assert shown["found"] == [{"code": "unlucky", "severity": "fault", "says": "Thirteen people do not make a panel."}]
    found = panels.requirement()
    assert found["state"] == "unmet"
    assert "Thirteen people do not make a panel." in " ".join(found["why"])
    leaf = panels.town.leaves()[answer["seq"]]
    assert "Thirteen" not in str(leaf)
    assert leaf["body"]["examined"]["found"] == [["unlucky", "fault"]]
    noted = panels.hold(12)["examined"]
    assert (noted["state"], noted["found"][0]["severity"]) == ("passed", "note")
    assert panels.requirement()["state"] == "met"


def test_a_record_is_not_lost_where_its_examiner_is_absent(panels: Panels) -> None:
    """The record is recorded as not examined, its requirement is in error with the plugin's name, and it counts again
    once it is handed in with the plugin there."""
    panels.reopen(plugin=False)
    answer = panels.hold(7)
    assert answer["examined"]["state"] == "failed"
    panels.reopen()
    found = panels.requirement()
    assert found["state"] == "error"
    assert "acme" in " ".join(found["why"])
    panels.hold(7)
    assert panels.requirement()["state"] == "met"


def test_a_pack_tells_which_plugin_judged(panels: Panels, tmp_path: Path) -> None:
    """The evidence pack names the plugin beside its verdict, and its own check holds that to the ledger."""
    panels.hold(7)
    panels.pass_gate()
    panels.town.engine.pack("P-1", tmp_path / "pack")
    told = next((tmp_path / "pack" / "data" / "decisions").glob("*.html")).read_text("utf-8")
    assert "acme 1.0.0" in told


def test_no_plugin_is_waited_for_while_the_register_is_locked(panels: Panels, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever a plugin is asked, somebody else can write; acts that ask, ask first, and are then done in one go.

    Seen to fail when the act asked inside its own transaction: every question met a locked register.
    """
    judges = panels.town.engine.host.judges()
    ask, locked, asked = judges.ask_closely, [], []

    def watched(use: str, question: Any) -> Any:
        asked.append(use)
        connection = sqlite.connect(panels.town.path, timeout=0, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite.OperationalError:
            locked.append(use)
        finally:
            connection.close()
        return ask(use, question)

    monkeypatch.setattr(judges, "ask_closely", watched)
    panels.hold(7)
    panels.pass_gate()
    assert asked
    assert not locked
    assert panels.town.engine.verify()["ok"]


def test_nobody_examines_what_will_be_refused(panels: Panels, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record with a mistake, from somebody who may not hand it in, or of a day to come is refused unseen."""
    seen: list[str] = []
    examine = panels.town.engine.host.examine

    def watched(use: str, submission: Any, contents: Any) -> Any:
        seen.append(use)
        return examine(use, submission, contents)

    monkeypatch.setattr(panels.town.engine.host, "examine", watched)
    engine = panels.town.engine
    for actor, more in (
        (LEAD, {"facts": {"present": "many"}}),
        (LEAD, {"facts": {"present": 7}, "happened_on": "2999-01-01"}),
        (LEAD, {"facts": {"present": 7}, "level": "shouting"}),
        (AUDITOR, {"facts": {"present": 7}}),
    ):
        with pytest.raises(CocycleError):
            engine.add_evidence("P-1", "heard", actor=actor, **more)
    assert not seen
    panels.hold(7)
    assert seen == ["acme/minutes"]


def test_a_list_does_not_wait_for_a_slow_plugin(panels: Panels) -> None:
    """A page of many projects asks plugins for two seconds at most; what was not asked is not taken as met."""
    opinion = Opinion("met", ("All is well.",), Source("acme", "1.0.0", ""))

    class Slow:
        asked = 0

        def ask(self, use: str, question: Any) -> Opinion:
            self.asked += 1
            time.sleep(0.02)
            return opinion

    slow = Slow()
    hurried = Hurried(slow, seconds=0.1)
    answers = [hurried.ask("acme/panel", {}) for _ in range(100)]
    assert 1 <= slow.asked <= 6
    assert {answer.state for answer in answers[slow.asked :]} == {"error"}
    assert panels.town.engine.projects()["projects"][0]["missing"] == 1
