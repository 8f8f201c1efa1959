"""The shipped workflows keep their stories, and their stories notice whatever is broken."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from engine.api import play_scenarios
from engine.bases import shipped

from ..bundled import BRINGS, JUDGES

NAMES = [file.parent.name for file in shipped()]
NEVER_ASKED = {"psr-direct-award-c": ["individual-scores"]}
"""What a variant takes over and never asks for, on the one route it allows: nobody bids, so nobody scores."""


@cache
def report(name: str) -> dict[str, Any]:
    """Returns what came of all stories of a shipped workflow and of breaking it."""
    folder = next(file.parent for file in shipped() if file.parent.name == name)
    return play_scenarios([str(folder)], breaking=True, brings=BRINGS, judges=JUDGES)


@pytest.mark.parametrize("name", NAMES)
def test_every_story_is_kept(name: str) -> None:
    """Each story of a shipped workflow comes out as it says.

    Seen to fail when the quorum of the commissioning cycle asked for two people with lived experience.
    """
    broken = [s["title"] for file in report(name)["files"] for s in file["scenarios"] if not s["ok"]]
    assert broken == []


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_is_expected_in_both_directions(name: str) -> None:
    """For each requirement some story expects that it is met and some that it is not; for each wait, that it runs."""
    covered = report(name)["coverage"][name]
    assert covered["not_asserted_met"] == covered["not_asserted_unmet"] == NEVER_ASKED.get(name, [])
    assert covered["not_asserted_pending"] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_break_is_noticed_or_explained(name: str) -> None:
    """Whatever is broken in a shipped workflow, a story notices it, or it is explained why nobody can.

    Seen to fail when a story about direct awards no longer said that nobody scores.
    """
    figures = report(name)["mutants"][name]
    assert [s["words"] for s in figures["survivors"] if s["because"] is None] == []
    assert figures["breaks"] > 0
