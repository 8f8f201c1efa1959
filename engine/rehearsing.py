"""Sees to it that no plugin is waited for while the register is locked.

Under the lock a plugin's answer is only looked up. Where one is missing the act is given up, nothing having been
written; what it would ask is asked outside, and the act is tried again. Usually nothing else happened meanwhile, and
the questions are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Protocol

from engine.core.definition import Workflow
from engine.core.opinions import Judges, Opinion

REHEARSALS: Final = 3
"""How often an act is rehearsed; who is overtaken more often than that asks under the lock, within the time limit."""


class AskFirst(Exception):  # noqa: N818  # named after what is to be done
    """An answer is needed that no plugin has given yet."""


class Knowing(Judges, Protocol):
    """Judges that can tell whether they know an answer."""

    def known(self, use: str, question: Mapping[str, Any]) -> Opinion | None:
        """Returns an answer that needs no waiting; None where there is none."""
        ...


class Answered:
    """Answers what is known already, and raises `AskFirst` for everything else."""

    def __init__(self, judges: Knowing) -> None:
        self._judges = judges

    def ask(self, use: str, question: Mapping[str, Any]) -> Opinion:
        """Returns the known answer; raises AskFirst."""
        found = self._judges.known(use, question)
        if found is None:
            raise AskFirst
        return found


def without_waiting(workflow: Workflow, judges: Knowing) -> Workflow:
    """Returns a definition whose plugins are not waited for; the same one where it uses none."""
    if all(requirement.use is None for requirement in workflow.requirements.values()):
        return workflow
    return replace(workflow, judges=Answered(judges))
