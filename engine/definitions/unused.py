"""Warns of what is declared and never used: often a slip, never a reason to refuse."""

from __future__ import annotations

from typing import Final

from engine.definitions.names import Names
from engine.definitions.report import quoted

_UNUSED: Final = {
    "role": ("unused/role", "The role {} signs nothing, decides nothing and takes no transition."),
    "rule": ("unused/rule", "The rule {} is used by no requirement."),
    "evidence": ("unused/evidence", "The kind of evidence {} is asked for by no requirement."),
    "gate": ("unused/gate", "The gate {} stands on no transition, so it stops nobody."),
    "principle": ("unused/principle", "The principle {} is carried by no requirement."),
}


def warn_of_unused(names: Names) -> None:
    """Adds a warning for each role, rule, kind of evidence, gate and principle that nothing points at."""
    for what, (rule, sentence) in _UNUSED.items():
        for name, node in names.declared[what].items():
            if (what, name) not in names.used:
                names.report.warning(rule, node, sentence.format(quoted(name)))
