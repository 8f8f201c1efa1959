"""A recorded verdict of a plugin, put to the very same plugin once more: the same, another, or not to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.core.bench import Bench
from engine.core.opinions import Opinion, on_record
from engine.verifying.plugins import PluginVerdicts
from tests.core.asked import SOURCE, judged, opinion, with_plugins
from tests.core.builders import gate, hand_in, needs, workflow
from tests.core.story import story

OTHER_FILES = replace(SOURCE, digest="cd" * 32)
LATER, LATEST = date(2026, 7, 1), date(2026, 8, 1)
WAITING = opinion("pending", not_before=LATER)


class Saying:
    """Says one thing to whatever it is asked."""

    def __init__(self, said: Opinion) -> None:
        self.said = said

    def ask(self, use: str, question: Mapping[str, Any]) -> Opinion:
        """Returns it."""
        return self.said


@pytest.mark.parametrize(
    ("then", "now", "erased", "came"),
    [
        (opinion("met", evidence=("a1",)), opinion("met", "In other words.", evidence=("a1",)), False, "same"),
        (opinion("met", evidence=("a1",)), opinion("met"), False, "same"),
        (opinion("met", evidence=("a1",)), opinion("met", evidence=("a2",)), False, "met now"),
        (opinion("met", evidence=("a1",)), opinion("unmet"), False, "unmet now"),
        (WAITING, replace(WAITING, not_before=LATEST), False, "pending now"),
        (opinion("met"), opinion("unmet"), True, "not asked"),
        (opinion("met"), opinion("error"), False, "not asked"),
        (opinion("error"), opinion("met"), False, "not asked"),
        (opinion("met"), replace(opinion("unmet"), source=OTHER_FILES), False, "not asked"),
    ],
)
def test_what_was_said_is_the_same_another_or_cannot_be_asked(
    then: Opinion, now: Opinion, erased: bool, came: str
) -> None:
    """Only the same files, over the same words, that answer both times, can be found to say something else.

    Seen to fail, line by line, when the state alone was compared, when words that were erased since were no reason not
    to ask, and when an error was taken for a word.
    """
    found = story(with_plugins(workflow(gate(judged("panel", "note"), needs("talk"))), panel=lambda _: then))
    found.given(hand_in("talk"), hand_in("talk"))
    kept = on_record(found.judgement().by_id().values(), found.project.records)
    bench = Bench(found.workflow, found.project, found.today, found.calendar, found.project.entered_order, 1)
    verdicts = PluginVerdicts(Saying(now))
    wrong = verdicts.take(bench, kept, erased=erased)
    assert (verdicts.again, verdicts.other) == (int(came == "same"), int(came == "not asked"))
    assert len(wrong) == int(came.endswith("now"))
    assert all(came in said for said in wrong)
    assert verdicts.as_json() == [{**SOURCE.as_json(), "verdicts": 1}]
