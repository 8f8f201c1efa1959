"""Holding a project and resuming it: on hold nothing is decided and nothing moves."""

from __future__ import annotations

import pytest

from engine.core.commands import Hold, Resume

from .builders import advance, asking, decide_on, hand_in, hold, needs, resume
from .story import Story, story


@pytest.fixture
def told() -> Story:
    """Returns a project before a gate that one person decides on."""
    return story(asking(needs("talk"), decided_by=["sro"]))


@pytest.fixture
def ready(told: Story) -> Story:
    """Returns a project before an open gate."""
    return told.given(hand_in("talk")).given(decide_on(), by="sro")


def test_holding_and_resuming_are_written_with_exactly_these_members(told: Story) -> None:
    """Hold and resume write a reason among the words and nothing in clear."""
    (held,) = told.when(hold(" No money. ")).accepted("held").events
    assert (held.body, held.words) == ({}, {"reason": "No money."})
    (resumed,) = told.when(resume("Money.")).accepted("resumed").events
    assert (resumed.body, resumed.words) == ({}, {"reason": "Money."})


def test_nothing_advances_on_hold(ready: Story) -> None:
    """On hold no way is taken, gated or not; resumed, it is."""
    ready.given(hold())
    ready.when(advance()).refused("rules", "on_hold", "on hold since 1 June 2026")
    ready.when(advance("stopped", reason="x"), by="sro").refused("rules", "on_hold")
    ready.given(resume()).when(advance()).accepted("advanced")


def test_a_project_is_held_once_and_resumed_once(told: Story) -> None:
    """Holding what is held and resuming what is not are refused."""
    told.when(resume()).refused("rules", "not_on_hold")
    told.given(hold()).when(hold()).refused("rules", "on_hold", "already")


def test_a_project_that_has_ended_is_not_held(told: Story) -> None:
    """Only a stage that is not final can be held in."""
    told.given(advance("stopped", reason="No money."), by="sro").when(hold()).refused("rules", "project_ended")


@pytest.mark.parametrize("wish", [hold(""), resume(" ")])
def test_hold_and_resume_need_a_reason(told: Story, wish: Hold | Resume) -> None:
    """An empty reason is a mistake of the input."""
    told.when(wish).refused("input", says="The reason must not be empty.")
