"""Each rule is broken on purpose, by a plugin that keeps all others, and is told with what shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.conformance import judged, questions
from engine.conformance.check import Report, check
from engine.conformance.rules import BY_ID

from .broken import BREAKS
from .plugins import HOOKS, JUDGE, NAME, changed, good, judging


@pytest.fixture
def few_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves away most of the mixed questions and one of the processes, which only the rarest faults need."""
    monkeypatch.setattr(questions, "MIXED", 30)
    monkeypatch.setattr(judged, "SEEDS", judged.SEEDS[:2])


@pytest.mark.usefixtures("few_questions")
@pytest.mark.parametrize("what", BREAKS)
def test_a_broken_rule_is_told(what: str, tmp_path: Path) -> None:
    """A plugin with one fault does not reach the level of the rule it breaks, and is told that rule and what shows it.

    Seen to fail, break by break, when the function that looks for the fault returned None at once.
    """
    rule, broken, words = BREAKS[what]
    report = check(str(broken(tmp_path)))
    told = [f"{one.subject} {one.says}" for one in report.found if (one.rule, one.severity) == (rule, "fault")]
    assert told, [f"{one.rule}: {one.says}" for one in report.found]
    assert any(words in one for one in told), told
    assert report.level == BY_ID[rule].level - 1, [f"{one.rule}: {one.says}" for one in report.found]


def test_every_rule_is_broken_once() -> None:
    """No rule stands in the list that no plugin here breaks."""
    assert {rule for rule, _, _ in BREAKS.values()} == BY_ID.keys()


def test_the_good_plugin_is_proven(tmp_path: Path) -> None:
    """The skeleton as it is written reaches the highest level, and nothing at all is found against it."""
    report = check(str(good(tmp_path)))
    assert [f"{one.rule}: {one.says}" for one in report.found] == []
    assert report.level == 4
    assert report.brings == tuple(f"{NAME}/{id}" for id in ("listening", "visit", "heard"))


def told(report: Report) -> object:
    """Returns all that a report says but for the times that were measured."""
    return {name: said for name, said in report.as_json(3).items() if name != "measured"}


def test_a_check_says_the_same_twice(tmp_path: Path) -> None:
    """Checking the same plugin again says the same, word for word, with the same examples.

    Seen to fail when the questions were mixed with an unseeded generator.
    """
    # only one of the mixed questions shows it, and the day it is asked about stands in the example
    plugin = judging(tmp_path, 'return unmet("bad" if facts.cycle == 40 else "Hand in a visit, please.")')
    assert told(check(str(plugin))) == told(check(str(plugin)))


def test_an_example_is_small(tmp_path: Path) -> None:
    """What shows a fault is made as small as it can be: here one record of the kind, and nothing else.

    Seen to fail when the example was told as it was first found.
    """
    plugin = changed(tmp_path, (JUDGE, 'newest.facts.get("heard") or {}', 'newest.facts["heard"]'))
    (found,) = [one for one in check(str(plugin)).found if one.rule == "answers/every-question"]
    assert found.example is not None
    question = found.example["question"]
    assert question["fields"] == {}
    assert [record["facts"] for record in question["records"]] == [{}]


def test_nothing_of_the_plugin_runs_in_the_checking_process(tmp_path: Path) -> None:
    """A plugin that would end the process it runs in ends its own, and the check goes on to say so."""
    plugin = changed(
        tmp_path, (HOOKS, "@hookimpl\ndef cocycle_st", '__import__("os")._exit(0)\n\n\n@hookimpl\ndef cocycle_st')
    )
    assert check(str(plugin)).level == 0
