"""Writes plugins into folders as an integrator would, and asks them as the judge does."""

from __future__ import annotations

import copy
import textwrap
from pathlib import Path
from typing import Any

HEAD = """
from engine.hookspecs import *
"""
JUDGE = """
@hookimpl
def cocycle_requirement_kinds():
    return [
        RequirementKind("panel", "A panel met", judge, evidence="minutes"),
        RequirementKind("other", "Another", judge),
    ]

@hookimpl
def cocycle_evidence_kinds():
    return [EvidenceKind("minutes", "Minutes", examine=globals().get("examine"))]
"""
GOOD = """
def judge(facts, options):
    if facts.own:
        return met("The panel met.", evidence=[facts.own[0].id])
    return unmet("No minutes of the panel are here. Hand them in.")
"""

QUESTION: dict[str, Any] = {
    "requirement": "panel-met",
    "with": {"least": 3},
    "today": "2026-11-22",
    "project": "P-0001",
    "stage": "design",
    "cycle": 1,
    "profile": None,
    "fields": {"lifetime_value": 145000000},
    "levels": ["inform", "consult", "involve"],
    "records": [
        {
            "id": "e-0001",
            "requirement": "panel-met",
            "kind": "minutes",
            "own": True,
            "level": "involve",
            "happened_on": "2026-11-01",
            "recorded_on": "2026-11-02",
            "facts": {"attendance": {"carer": 2}},
            "files": [["00" * 32, 1200]],
            "signed_by": ["sro"],
            "personal": False,
        }
    ],
}


def question(**changes: Any) -> dict[str, Any]:
    """Returns what the judge asks; `changes` make it another question."""
    return {**copy.deepcopy(QUESTION), **changes}


def write_plugin(folder: Path, name: str, code: str, *, version: str = "1.0.0", module: str | None = None) -> Path:
    """Writes a plugin into a plugins folder and returns its own folder.

    `code` is dedented, with everything of `engine.hookspecs` imported before it.
    """
    own, module = folder / name, module or f"{name}_plugin"
    (own / "src").mkdir(parents=True)
    (own / "pyproject.toml").write_text(
        f'[project]\nname = "{name}"\nversion = "{version}"\n\n'
        f'[project.entry-points."cocycle.plugins"]\n{name} = "{module}"\n'
    )
    (own / "src" / f"{module}.py").write_text(HEAD + textwrap.dedent(code))
    return own


def write_judge(folder: Path, name: str, code: str = GOOD) -> Path:
    """Writes a plugin with the requirement kinds `panel` and `other`, both judged by the `judge` of `code`."""
    return write_plugin(folder, name, textwrap.dedent(code) + JUDGE)
