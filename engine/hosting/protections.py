"""What holds plugins back on this machine, as the operator is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_WALLS = {
    "files": "The kernel lets a plugin read its own files and Python's only, and write none but in a scratch folder.",
    "calls": "The kernel lets a plugin start no program, and reach no network where it needs none.",
    "memory": "The memory of a plugin is limited.",
    "capabilities": "A plugin has none of the powers of root.",
    "privileges": "A plugin cannot gain rights by running something.",
    "parent": "A plugin ends together with cocycle.",
}
_WATCH = "Python tells cocycle what a plugin does, and refuses what no plugin may do."


@dataclass(frozen=True, slots=True)
class Protection:
    """One thing that holds a plugin back: its name, whether it holds here, and what it does, as a sentence."""

    name: str
    holds: bool
    says: str


def protections_here(setup: Mapping[str, Any]) -> list[Protection]:
    """Returns what an empty process says of its walls; where none can be started, nothing holds."""
    from engine.hosting.faults import PluginBroke
    from engine.hosting.process import Process

    walls: dict[str, bool] = {}
    try:
        empty = Process("that is not there", "judge", setup)
    except PluginBroke:
        started = False
    else:
        started, walls = True, empty.walls
        empty.end()
    return [
        Protection("watch", started, _WATCH),
        *(Protection(name, walls.get(name, False), says) for name, says in _WALLS.items()),
    ]
