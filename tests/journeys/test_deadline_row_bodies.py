"""What a row holds of a deadline: all that was derived, whatever it is, but for what people typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.core.deadlines import CONDITION, FRESHNESS, LAW, STAGE, WAIVER, Deadline
from engine.core.definition import Basis, Span
from engine.due import _row, deadline_of

from .town import PROJECT, Town

SOURCE = "Procurement Act 2023, contract details notice"


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"who": ("sro", "lx_cochair"), "owner": "p1"},
        {"gate": "plan-gate"},
        {"gate": "plan-gate", "passed": True},
        {"one_of": "Who was asked"},
        {"length": Span(30, "days")},
        {"length": Span(20, "working_days"), "basis": Basis("local", "Local practice")},
        {"basis": Basis("law", SOURCE)},
        {"kind": WAIVER, "passed": True, "one_of": "Who was asked", "basis": Basis("law", SOURCE)},
        {"kind": STAGE, "subject": "plan"},
        {"kind": CONDITION, "subject": "plan-gate", "occurrence": "7.1", "says": "Find a room", "owner": "p1"},
    ],
)
def test_a_row_gives_back_the_deadline_that_it_was_made_of(town: Town, more: dict[str, Any]) -> None:
    """By whichever way a list is made people read the same of a deadline, the law it comes from included.

    Seen to fail with the source, the length, the group, the gate and that it was passed left out, each by itself.
    """
    town.open()
    with town.engine.database.read() as tx:
        project, workflow = town.engine.room.load(tx, PROJECT)
    usual = {"kind": FRESHNESS, "subject": "mandate", "occurrence": "a1", "severity": LAW}
    asked: dict[str, Any] = usual | {"due": date(2026, 7, 1), "what": "The last day it counts", "title": ""} | more
    titles: Any = {STAGE: workflow.stages, CONDITION: workflow.gates}.get(asked["kind"], workflow.requirements)
    one = Deadline(PROJECT, **(asked | {"title": titles[asked["subject"]].title}))
    row = _row(one, project, None, town.engine.room, workflow)
    assert deadline_of(row, workflow) == replace(one, says=None)
    assert _row(one, project, row, town.engine.room, workflow) is row
    assert "Find a room" not in row.body
