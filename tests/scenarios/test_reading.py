"""What a file of stories may say: everything else is a mistake with its line, and all are told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.api import InputRefused, play_scenarios

from .conftest import Played, only, story

# what is written in a story, and what is said of it
MISTAKES = {
    "unknown word of a story": ("    givn: []", 'no key "givn". Did you mean "given"?'),
    "unknown step": ("    given: [{sing: mandate}]", 'Did you mean "sign"?'),
    "two steps in one": ("    given: [{sign: mandate, ready: mandate}]", "says sign and ready"),
    "no step": ("    given: [sign]", "A step is a mapping"),
    "unknown requirement": ("    given: [{sign: mandat}]", 'no requirement "mandat". Did you mean "mandate"?'),
    "unknown role": ("    given: [{sign: mandate, as: [sr]}]", 'no role "sr". Did you mean "sro"?'),
    "unknown person": ("    given: [{record: mandate, by: Zoe}]", 'no person or role "Zoe"'),
    "unknown level": ("    given: [{record: mandate, level: codesign}]", 'Did you mean "co_design"?'),
    "unknown detail": ("    given: [{record: mandate, lvl: co_design}]", 'The step record has no key "lvl".'),
    "unknown fact": ("    given: [{record: priorities, facts: {atendance: 2}}]", 'Did you mean "attendance"?'),
    "unfit fact": ("    given: [{record: priorities, facts: {attendance: {cats: 2}}}]", "has no cats"),
    "no record there": ("    given: [{record: notice-wait}]", "notice-wait takes no records"),
    "unknown field": ("    project: {value: 3}", 'There is no field "value"'),
    "unfit field": ("    project: {lifetime_value: much}", "must be an amount in pounds"),
    "unknown stage": ("    stage: desing", 'Did you mean "design"?'),
    "entered too late": ("    entered: 2026-07-01", "cannot have been entered after 2026-06-30"),
    "clock runs back": ("    given: [{later: 2026-06-29}]", "which is before 2026-06-30"),
    "clock past entering": ("    before: [{later: 2026-06-29}]", "when the stage was entered"),
    "unknown way": ("    given: [{advance: desing}]", 'Did you mean "design"?'),
    "waiver without end": ("    given: [{waive: mandate}]", "A waiver has an end"),
    "waiver by one": ("    given: [{waive: mandate, until: 2026-12-01, by: [sro]}]", "Two people waive"),
    "regrade to nowhere": ("    given: [{regrade: mandate}]", "Say to which level"),
    "facts of many": ("    given: [{ready: all, level: co_design}]", "Name the one requirement"),
    "promise without owner": ("    given: [{advance: design, promises: [{what: x}]}]", "lacks owner and due"),
    "look as an act": ("    when: {see: {open: no}}", "not here"),
    "unknown profile": ("    given: [{see: {profile: light}}]", 'no profile "light"'),
    "people without roles": ("    people: {Ana: [queen]}", 'no role "queen"'),
    "outcome without act": ("    given: [{see: {outcome: refused}}]", "speaks of an act"),
    "nothing expected": ("    given: [{see: {}}]", "Nothing is expected here"),
    "wrong state": ("    given: [{see: {states: {mandate: done}}}]", 'no state "done"'),
    "neither yes nor no": ("    given: [{see: {open: maybe}}]", "Write yes or no"),
}


@pytest.mark.parametrize("written", MISTAKES, ids=str)
def test_a_mistake_is_told_at_its_line(written: str, played: Played) -> None:
    """Each word, name or value that does not fit is refused with its line and what to do.

    Seen to fail when unknown keys were passed over.
    """
    line, said = MISTAKES[written]
    text = f"scenarios:\n  - title: One\n    on: 2026-06-30\n{line}\n    then: {{stage: plan}}\n"
    with pytest.raises(InputRefused) as refused:
        played(text)
    problems = refused.value.details["problems"]
    assert refused.value.code == "scenarios_refused"
    assert [p["line"] for p in problems] == [4]
    assert said in problems[0]["message"]


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    """Mistakes of several stories in several files come in one answer, each with its file."""
    for name in ("a", "b"):
        stories = (
            "scenarios:\n  - {title: One, then: {stage: plan}}\n  - {title: One, on: 2026-06-30, then: {cycle: x}}\n"
        )
        (folder / "scenarios" / f"{name}.yaml").write_text(stories)
    with pytest.raises(InputRefused) as refused:
        play_scenarios([str(folder)])
    found = [(Path(p["file"]).name, p["line"]) for p in refused.value.details["problems"]]
    assert sorted(found) == [("a.yaml", 2), ("a.yaml", 3), ("a.yaml", 3), ("b.yaml", 2), ("b.yaml", 3), ("b.yaml", 3)]


@pytest.mark.parametrize("text", ["", "scenarios: []", "- a", "scenarios: {a: 1}", "people: {}", "a: &x 1\nb: *x", "{"])
def test_a_file_without_stories_is_a_mistake(text: str, played: Played) -> None:
    """A file that holds no list of stories, or is not the safe subset of YAML, is refused."""
    with pytest.raises(InputRefused):
        played(text)


def test_yes_no_on_are_words(played: Played) -> None:
    """`on`, `yes` and `no` are read as they are written, in the words a person uses."""
    report = played(story(then="{open: no, on_hold: no, cycle: 1}"))
    assert only(report)["ok"]
