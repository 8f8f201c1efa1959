"""Keeps a reading of many projects from waiting for plugins longer than people wait for a list."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from engine.core.definition import Workflow
from engine.core.opinions import Judges, Opinion, Source

SECONDS: Final = 2.0
"""How long plugins may take for one page of a list, all together."""


class Hurried:
    """Asks as long as there is time; after that the answer is that nobody was asked."""

    def __init__(self, judges: Judges, seconds: float = SECONDS) -> None:
        self._judges, self._left = judges, seconds

    def ask(self, use: str, question: Mapping[str, Any]) -> Opinion:
        """Returns the opinion of a plugin, or an error once the time is used up."""
        plugin = use.partition("/")[0]
        if self._left <= 0:
            why = f"The plugin {plugin} was not asked, since this list would take too long. Look at the gate by itself."
            return Opinion("error", (why,), Source(plugin, "", ""))
        began = time.monotonic()
        try:
            return self._judges.ask(use, question)
        finally:
            self._left -= time.monotonic() - began

    def on(self, workflow: Workflow) -> Workflow:
        """Returns a definition whose plugins are asked in this hurry; the same one where it uses none."""
        if all(requirement.use is None for requirement in workflow.requirements.values()):
            return workflow
        return replace(workflow, judges=self)
