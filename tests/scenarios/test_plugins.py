"""Stories of workflows that use plugins: who answers for them, and what examiners say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.api import InputRefused
from engine.core.opinions import NOBODY, Judges
from engine.on_files import play_scenarios
from tests.definitions.plugins.bringing import ACME, Saying, Seats

from .conftest import only

WORKFLOW = """\
cocycle: 1
id: panels
version: "1"
title: Panels
roles: {sro: {title: SRO}}
evidence:
  minutes: {use: acme/panel_note, title: Minutes}
  letter: {file: optional}
stages:
  - {id: plan, transitions: [{id: advance, to: done, gate: plan-gate}]}
  - {id: done, final: true}
gates:
  plan-gate:
    decided_by: [sro]
    requires:
      - {id: panel, use: acme/panel, with: {seats: 6}}
      - {id: meeting, evidence: minutes, when: {field: project.met, equals: true}}
      - {id: letter, evidence: letter}
fields: {met: {type: yes_no, default: false}}
"""
ENOUGH = "{ready: panel, facts: {present: 6}}, {ready: letter}"


def report(folder: Path, given: str, then: str, judges: Judges, *, when: str = "", breaking: bool = False) -> Any:
    (folder / "workflow.yaml").write_text(WORKFLOW)
    (folder / "scenarios").mkdir(exist_ok=True)
    acted = f"\n    when: {when}" if when else ""
    (folder / "scenarios" / "told.yaml").write_text(
        f"scenarios:\n  - title: One\n    on: 2026-06-30\n    given: [{given}]{acted}\n    then: {then}\n"
    )
    return play_scenarios([str(folder)], breaking=breaking, brings=ACME, judges=judges)


def came(folder: Path, given: str, then: str, judges: Judges, *, when: str = "") -> list[str]:
    found: list[str] = only(report(folder, given, then, judges, when=when))["came"]
    return found


def test_without_anybody_who_answers_a_plugins_requirement_is_an_error(tmp_path: Path) -> None:
    """Where no plugin is at hand its requirement is an error that names it, and the gate stays shut."""
    given = f"{ENOUGH}"
    assert came(tmp_path, given, "{states: {panel: error}, says: {panel: the plugin acme}, open: no}", NOBODY) == []


def test_the_plugin_at_hand_answers_with_its_options_and_records(tmp_path: Path) -> None:
    """A story is played against whoever answers: what was handed in, and what the definition tells the plugin, count.

    Seen to fail when the workflow of a story was not bound to the judges: it was an error throughout.
    """
    few = "{record: panel, facts: {present: 5}, file: yes}"
    assert came(tmp_path, few, "{states: {panel: unmet}, says: {panel: At least 6 people}}", Seats()) == []
    assert came(tmp_path, ENOUGH, "{states: {panel: met}}", Seats()) == []
    passed = f"{ENOUGH}, {{decide: all}}"
    assert came(tmp_path, passed, "{outcome: passed, stage: done}", Seats(), when="{advance: done}") == []


def test_a_gate_that_was_passed_keeps_what_the_plugin_said(tmp_path: Path) -> None:
    """After the gate the plugin is not asked again, and what it rested on must stay."""
    given = f"{ENOUGH}, {{decide: all}}, {{advance: done}}"
    assert came(tmp_path, given, "{unsound: []}", Seats()) == []
    assert came(tmp_path, f"{given}, {{withdraw: panel}}", "{unsound: [plan-gate]}", Seats()) == []


def test_what_is_ready_is_handed_in_for_a_plugins_requirement(tmp_path: Path) -> None:
    """`ready` hands in a record of the kind that goes with the requirement, and signs nothing."""
    saying = Saying("unmet")
    assert came(tmp_path, "{ready: all}", "{states: {panel: unmet, letter: met}}", saying) == []
    asked = [q for q in saying.questions if q["requirement"] == "panel"][-1]
    assert [r["kind"] for r in asked["records"] if r["own"]] == ["panel_note"]


def test_a_record_passes_its_examiner_unless_the_story_says_otherwise(tmp_path: Path) -> None:
    """Nothing said is passed; faulty keeps a record from counting, and failed is an error of its requirement.

    Seen to fail when the examination was left out of the record: a faulty one counted.
    """
    met = "{set: {met: true}}"
    for said, state in (
        ("", "met"),
        (", examined: passed", "met"),
        (", examined: faulty", "unmet"),
        (", examined: failed", "error"),
    ):
        given = f"{met}, {{ready: meeting, facts: {{present: 3}}{said}}}"
        assert came(tmp_path, given, f"{{states: {{meeting: {state}}}}}", NOBODY) == [], said
    faulty = f"{met}, {{ready: meeting, examined: faulty}}"
    assert came(tmp_path, faulty, "{says: {meeting: The story says that it has a fault}}", NOBODY) == []


def test_a_faulty_record_is_not_shown_to_the_judge(tmp_path: Path) -> None:
    """What an examiner found fault with counts for nothing, also where a plugin judges the requirement."""
    given = "{ready: panel, facts: {present: 9}, examined: faulty}"
    assert came(tmp_path, given, "{open: no}", Seats()) == []
    saying = Saying()
    came(tmp_path, given, "{open: no}", saying)
    assert saying.questions == [] or not any(q["records"] for q in saying.questions)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("{ready: meeting, examined: fualty}", 'Did you mean "faulty"?'),
        ("{record: letter, examined: faulty}", "Nobody examines what is handed in for letter"),
    ],
)
def test_an_examination_that_cannot_be_is_a_mistake(given: str, says: str, tmp_path: Path) -> None:
    """A word that is no outcome, and an examination of a kind that nobody examines, are told with their line."""
    with pytest.raises(InputRefused) as refused:
        report(tmp_path, given, "{open: no}", NOBODY)
    assert says in refused.value.message


def test_breaking_leaves_what_the_plugin_judges_to_the_plugin(tmp_path: Path) -> None:
    """A break takes a plugin's requirement away and never changes what the plugin is told; stories notice that.

    Seen to fail when the broken workflow had lost its judges: every story failed on every break.
    """
    given = f"{{ready: letter}}, {{see: {{states: {{panel: unmet}}}}}}, {ENOUGH}, {{decide: all}}"
    found = report(tmp_path, given, "{open: yes, states: {panel: met, letter: met}}", Seats(), breaking=True)
    figures = found["mutants"]["panels"]
    assert figures["breaks"] > figures["noticed"] > 0
    ids = [s["break"] for s in figures["survivors"]]
    assert "panel: dropped" not in ids
    assert not any(id.startswith("panel:") for id in ids)
