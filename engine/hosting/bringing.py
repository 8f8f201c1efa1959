"""What active plugins bring into definitions, asked of the plugins themselves when a definition is compiled."""

from __future__ import annotations

from collections.abc import Callable

from engine.definitions.brought import Absent, EvidenceKindBrought, RequirementKindBrought, StageBrought
from engine.hosting.described import Described


class PluginsBring:
    """Knows what the plugins of a host bring."""

    def __init__(self, described: Callable[[str], Described]) -> None:
        self._described = described

    def stage(self, use: str) -> StageBrought | Absent:
        """Returns a stage."""
        plugin, _, id = use.partition("/")
        found = self._described(plugin)
        stage = found.stages.get(id)
        if stage is None:
            return _absent(found, plugin, "stage", id, list(found.stages))
        return StageBrought(stage.text, f"the stage {use} of the plugin {plugin}")

    def requirement_kind(self, use: str) -> RequirementKindBrought | Absent:
        """Returns a kind of requirement."""
        plugin, _, id = use.partition("/")
        found = self._described(plugin)
        kinds = found.requirement_kinds
        return kinds.get(id) or _absent(found, plugin, "requirement kind", id, list(kinds))

    def evidence_kind(self, use: str) -> EvidenceKindBrought | Absent:
        """Returns a kind of evidence."""
        plugin, _, id = use.partition("/")
        found = self._described(plugin)
        return found.evidence_kinds.get(id) or _absent(found, plugin, "evidence kind", id, list(found.evidence_kinds))


def _absent(found: Described, plugin: str, what: str, id: str, known: list[str]) -> Absent:
    if found.error is not None:
        return Absent(found.error)
    brings = f"It brings {', '.join(known)}." if known else "It brings none."
    return Absent(f"The plugin {plugin} has no {what} {id[:60]}. {brings}", tuple(known))
