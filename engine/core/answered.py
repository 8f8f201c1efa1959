"""The nouns of an answer: an act that would help, and what a gate says as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.core.definition import Transition, Workflow
from engine.core.evidence import Decision
from engine.core.gates import Judgement
from engine.core.project import Project
from engine.core.unsound import Frozen


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do. Any one of `roles` may do it; nobody has to for a wait. `detail` says what would satisfy."""

    act: str
    requirement: str | None
    roles: tuple[str, ...]
    detail: Mapping[str, Any]
    not_before: date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gate says now, and why.

    Attributes:
        transition: the way that was asked about; None in a stage with no way out.
        judgement: None where nothing guards the way.
        decisions: those that stand on this very judgement.
        undecided: the roles still to decide, or whose dissent blocks.
        acts: a smallest set that opens the gate, in an order that works; empty where it is open or nothing opens it.
        needs: for each requirement that does not hold, the acts that would satisfy it alone.
        earliest_open: the first day it can be open; None where nothing opens it.
        frozen: the gates passed before that are no longer sound and let nothing pass this one.
        elsewhere: why this is not the way that was decided on; None where it is, or follows no decision.
    """

    workflow: Workflow
    project: Project
    transition: Transition | None
    today: date
    judgement: Judgement | None
    decisions: tuple[Decision, ...]
    undecided: tuple[str, ...]
    open: bool
    acts: tuple[Act, ...]
    needs: Mapping[str, tuple[Act, ...]]
    earliest_open: date | None
    frozen: tuple[Frozen, ...] = ()
    elsewhere: str | None = None
