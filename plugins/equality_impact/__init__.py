"""A stage between design and procure that asks what a change means for equality.

For the public sector equality duty, section 149 of the Equality Act 2010. It brings the stage
`equality_impact/assessment`, four kinds of evidence with their examiners, and three kinds of requirement.
"""

from __future__ import annotations

from pathlib import Path

from engine.hookspecs import EvidenceKind, RequirementKind, Stage, hookimpl
from plugins.equality_impact.affected_heard import AFFECTED_HEARD
from plugins.equality_impact.due_regard import DUE_REGARD
from plugins.equality_impact.kinds import KINDS
from plugins.equality_impact.mitigated import MITIGATED

STAGE = Path(__file__).with_name("assessment.yaml")


@hookimpl
def cocycle_stages() -> list[Stage]:
    """Returns the stage."""
    return [Stage("assessment", "Equality impact", STAGE.read_text(encoding="utf-8"))]


@hookimpl
def cocycle_evidence_kinds() -> list[EvidenceKind]:
    """Returns the kinds of evidence, each with its examiner."""
    return list(KINDS)


@hookimpl
def cocycle_requirement_kinds() -> list[RequirementKind]:
    """Returns the kinds of requirement."""
    return [DUE_REGARD, AFFECTED_HEARD, MITIGATED]
