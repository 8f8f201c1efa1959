"""What the tests of scenarios share: a workflow with its stories in a folder of the test's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.api import play_scenarios

EXAMPLE = Path(__file__).parent / "two-gates"
Json = dict[str, Any]
Played = Callable[..., Json]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example without its stories."""
    shutil.copy(EXAMPLE / "workflow.yaml", tmp_path / "workflow.yaml")
    (tmp_path / "scenarios").mkdir()
    return tmp_path


@pytest.fixture
def played(folder: Path) -> Played:
    """Plays stories, written as YAML, on the example and returns the report."""

    def play(stories: str, *, breaking: bool = False, unnoticed: str = "") -> Json:
        (folder / "scenarios" / "told.yaml").write_text(stories)
        if unnoticed:
            (folder / "scenarios" / "unnoticed.yaml").write_text(unnoticed)
        return play_scenarios([str(folder)], breaking=breaking)

    return play


def story(*, given: str = "[]", then: str, when: str = "", more: str = "") -> str:
    """Returns a file with one story on the example, its parts in YAML's short form."""
    acted = f"\n    when: {when}" if when else ""
    return f"""
project: {{lifetime_value: 1450000, regime: psr, priority_groups: [Roma]}}
scenarios:
  - title: One
    on: 2026-06-30{more}
    given: {given}{acted}
    then: {then}
"""


def only(report: Json) -> Json:
    """Returns what came of the one story of a report."""
    [file] = report["files"]
    [scenario] = file["scenarios"]
    found: Json = scenario
    return found
