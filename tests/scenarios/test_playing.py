"""Playing stories: each step does what it says, through the real engine, and what does not come is told in words."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.api import InputRefused, play_scenarios
from engine.definitions.compile import Compiled, compile_definition
from engine.scenarios.read import read_scenarios
from engine.scenarios.ready import NotReady
from engine.scenarios.steps import Player
from engine.scenarios.world import World

from .conftest import EXAMPLE, Played, only, story

ALL = "{ready: all}, {decide: all}"

# steps, and what must have come of them
KEPT = {
    "a record alone is not signed": ("[{record: mandate, level: co_design}]", "{states: {mandate: unmet}}"),
    "a record, then names": ("[{record: mandate, level: co_design}, {sign: mandate}]", "{states: {mandate: met}}"),
    "one name of two": (
        "[{record: mandate, level: co_design}, {sign: mandate, as: [sro]}]",
        "{says: {mandate: lived-experience}}",
    ),
    "a required file is left out on purpose": ("[{ready: priorities, file: no}]", "{states: {priorities: met}}"),
    "counts in part": (
        "[{ready: priorities, facts: {attendance.carer: 0}}]",
        "{says: {priorities: must be at least 1}}",
    ),
    "a fact left out": ("[{ready: outreach, facts: {groups_heard: ~}}]", "{says: {outreach: is not recorded}}"),
    "withdrawn": ("[{ready: mandate}, {withdraw: mandate}]", "{states: {mandate: unmet}}"),
    "judged down": (
        "[{ready: mandate}, {regrade: mandate, level: informing}]",
        "{says: {mandate: an auditor judged it informing}}",
    ),
    "waived by two": ("[{waive: mandate, until: 2026-07-01}]", "{states: {mandate: waived}}"),
    "waived until yesterday": (
        "[{waive: mandate, until: 2026-07-01}, {later: 2026-07-02}]",
        "{states: {mandate: unmet}}",
    ),
    "held and resumed": ("[{hold: x}, {see: {on_hold: yes}}, {resume: y}]", "{on_hold: no}"),
    "set": (
        "[{see: {states: {outreach: unmet}}}, {set: {priority_groups: ~}}]",
        "{states: {outreach: not_applicable}}",
    ),
    "moved on": (f"[{ALL}, {{advance: design}}]", "{stage: design, unsound: []}"),
    "moved by the name of the way": (f"[{ALL}, {{advance: advance}}]", "{stage: design}"),
    "lost after the gate": (
        f"[{ALL}, {{advance: design}}, {{withdraw: mandate}}]",
        "{unsound: [plan-gate]}",
    ),
    "lost, made good and affirmed": (
        f"[{ALL}, {{advance: design}}, {{withdraw: mandate}}, {{ready: mandate}}, {{see: {{unsound: [plan-gate]}}}},"
        " {affirm: plan-gate}]",
        "{unsound: []}",
    ),
    "a promise kept late": (
        f"[{ALL}, {{advance: design, promises: [{{what: Tell people, owner: sro, due: 2026-07-10}}]}},"
        " {later: 2026-07-11}, {see: {unsound: [plan-gate]}}, {keep: plan-gate}]",
        "{unsound: [plan-gate]}",
    ),
    "a promise kept in time": (
        f"[{ALL}, {{advance: design, promises: [{{what: Tell people, owner: sro, due: 2026-07-10}}]}},"
        " {keep: plan-gate, promise: 1}, {later: 2026-07-11}]",
        "{unsound: []}",
    ),
}


@pytest.mark.parametrize("what", KEPT, ids=str)
def test_a_step_does_what_it_says(what: str, played: Played) -> None:
    """Each step changes the project as the same act by people would.

    Seen to fail when `ready` no longer let a story say otherwise than the record that does all that is asked.
    """
    given, then = KEPT[what]
    one = only(played(story(given=given, then=then)))
    assert one["ok"], one


STEPS = [
    "{ready: all}",
    "{decide: all}",
    "{decide: [sro]}",
    "{dissent: [lx_cochair]}",
    "{regrade: mandate, level: informing}",
    "{waive: outreach, until: 2026-07-01}",
    "{advance: design}",
]

# an act, and what is expected of it
ACTS = {
    "refused": ("{advance: design}", "{outcome: refused, code: gate_shut, stage: plan}"),
    "accepted": ("{hold: x}", "{outcome: accepted, on_hold: yes}"),
    "without a reason": ("{advance: stop, reason: no}", "{outcome: refused, because: needs a reason}"),
    "by somebody else": ("{advance: stop, by: edi}", "{outcome: refused, code: not_permitted}"),
    "by a manager": ("{set: {regime: pa23}}", "{outcome: accepted}"),
    "alone and twice": ("{waive: mandate, until: 2026-08-01, by: [sro, sro]}", "{because: somebody else}"),
}


@pytest.mark.parametrize("what", ACTS, ids=str)
def test_an_act_may_be_refused(what: str, played: Played) -> None:
    """What is tried at the end of a story may be refused, and the story says so."""
    when, then = ACTS[what]
    expected = then if "outcome" in then else then.replace("{", "{outcome: refused, ", 1)
    one = only(played(story(when=when, then=expected)))
    assert one["ok"], one


# what a story wrongly expects, and how it is told
BROKEN = {
    "state": ("{states: {mandate: met}}", "mandate is met", "It is unmet: Nothing has been handed in yet."),
    "reason": ("{says: {mandate: cake}}", "mandate says “cake”", "It says: Nothing has been handed in yet."),
    "open": ("{open: yes}", "The gate is open", "It is shut: mandate is unmet, outreach is unmet"),
    "earliest": ("{earliest: 2026-07-01}", "1 July 2026 at the earliest", "30 June 2026"),
    "stage": ("{stage: done}", "The project stands in done", "It stands in plan."),
    "cycle": ("{cycle: 2}", "its cycle 2", "its cycle 1"),
    "hold": ("{on_hold: yes}", "It is on hold", "It is not on hold"),
    "unsound": ("{unsound: [plan-gate]}", "No longer sound: plan-gate", "All passed gates are sound."),
}


@pytest.mark.parametrize("what", BROKEN, ids=str)
def test_what_does_not_come_is_told_in_words(what: str, played: Played) -> None:
    """What was expected and what came stand side by side in sentences, and only what was not kept."""
    then, expected, came = BROKEN[what]
    report = played(story(then=then))
    one = only(report)
    assert not report["ok"]
    assert len(one["expected"]) == len(one["came"]) == 1
    assert expected in one["expected"][0]
    assert came in one["came"][0]


@pytest.mark.parametrize(
    ("outcome", "came"),
    [("accepted", "It was refused (gate_shut)"), ("passed", "It was refused (gate_shut)"), ("refused", "accepted")],
)
def test_an_outcome_that_did_not_come_is_told(outcome: str, came: str, played: Played) -> None:
    """An act that comes out otherwise than a story says breaks it, in each of the three ways."""
    when = "{hold: x}" if outcome == "refused" else "{advance: design}"
    one = only(played(story(when=when, then=f"{{outcome: {outcome}}}")))
    assert came in one["came"][0]


def test_a_step_that_is_refused_breaks_the_story(played: Played) -> None:
    """What a story takes as given must be granted; else the story is broken there, with its line and the reason."""
    one = only(played(story(given="[{decide: [sro]}]", then="{stage: plan}")))
    assert one["expected"] == ["The step in line 6 is done"]
    assert "It was refused" in one["came"][0]


def test_a_step_about_nothing_breaks_the_story(played: Played) -> None:
    """A step that speaks of a record or a passing that is not there cannot be tried, and the story says so."""
    for step in ("{withdraw: mandate}", "{affirm: plan-gate}", "{keep: plan-gate}"):
        one = only(played(story(given=f"[{step}]", then="{stage: plan}")))
        assert one["expected"] == ["The step in line 6 can be tried"]


def test_people_may_be_named(played: Played) -> None:
    """A person that a story names acts in their roles, and one person in two roles is still one person."""
    one = only(
        played(
            story(
                more="\n    people: {Ana: [sro, lx_cochair]}",
                given="[{record: mandate, level: co_design}, {sign: mandate, by: Ana, as: [sro]}]",
                when="{sign: mandate, by: Ana, as: [lx_cochair]}",
                then="{outcome: refused, because: one person, states: {mandate: unmet}}",
            ).replace("because: one person,", 'because: "one person, one role",')
        )
    )
    assert one["ok"], one


def test_what_was_before_the_stage_is_older_than_it(played: Played) -> None:
    """Steps under `before` happen before the stage is entered, also where that is the first stage."""
    later = story(
        more="\n    stage: design\n    before: [{ready: specification}]", then="{states: {specification: unmet}}"
    )
    assert only(played(later))["ok"]


def test_stories_of_another_file_are_played_too(folder: Path) -> None:
    """A file may use the stories of another, leave some out, and put fields of the project over theirs.

    Seen to fail when the fields were put under those of the stories.
    """
    (folder / "shared.yaml").write_text(
        "scenarios:\n"
        "  - {title: Small, on: 2026-06-30, project: {lifetime_value: 1}, then: {states: {equality: unmet}}}\n"
        "  - {title: Other, on: 2026-06-30, project: {lifetime_value: 1}, then: {stage: done}}\n"
    )
    use = "use: [{file: ../shared.yaml, except: [Other], project: {lifetime_value: 100000}}]\n"
    (folder / "scenarios" / "use.yaml").write_text(use)
    report = play_scenarios([str(folder)])
    assert report["ok"]
    assert [s["title"] for f in report["files"] for s in f["scenarios"]] == ["Small"]


@pytest.mark.parametrize(
    ("use", "said"),
    [
        ("{file: nowhere.yaml}", "There is no file nowhere.yaml"),
        ("{file: ../shared.yaml, except: [Oter]}", "There is no story “Oter”"),
        ("{except: [Other]}", "add file"),
        ("{file: use.yaml}", "cannot itself use others"),
    ],
)
def test_a_use_that_points_nowhere_is_a_mistake(use: str, said: str, folder: Path) -> None:
    """A file or a title that is not there, and a file that uses files, are refused with their place."""
    (folder / "shared.yaml").write_text("scenarios: [{title: A, on: 2026-06-30, then: {stage: plan}}]\n")
    (folder / "scenarios" / "use.yaml").write_text(f"use: [{use}]\n")
    with pytest.raises(InputRefused, match=said):
        play_scenarios([str(folder)])


@cache
def compiled() -> Compiled:
    """Returns the example, with a plan gate that freezes, compiled once."""
    raw = (EXAMPLE / "workflow.yaml").read_bytes()
    return compile_definition(raw.replace(b"title: Plan gate", b"title: Plan gate\n    if_unsound: freezes"), "told")


@example(steps=[*STEPS[:2], STEPS[6], STEPS[0], "{ready: market-notice}", STEPS[1], STEPS[4]])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=6))
def test_open_is_what_the_answer_says(steps: list[str]) -> None:
    """Whether a gate is open, as a story sees it, is what the complete answer of the gate says, whatever was done.

    Seen to fail when decisions were not looked at, and when a frozen gate was not.
    """
    workflow = compiled().workflow
    text = story(given=f"[{', '.join(steps)}]", then="{stage: plan}")
    [scenario] = read_scenarios(text.encode(), "told.yaml", workflow)[0].scenarios
    world = World(workflow, scenario)
    player = Player(world, {})
    for step in scenario.given:
        with suppress(NotReady):
            player.play(step)
        for way in workflow.stages[world.project.stage].transitions:
            assert world.is_open(way) == world.answer(way).open
