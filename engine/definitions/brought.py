"""What plugins bring into a definition, as the compiler asks for it; whoever compiles says who answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Absent:
    """The plugin, or the thing of it that is asked for, is not here; `why` says so in a sentence, with what to do.

    `known` are the ids that the plugin has of what is asked for; one that is near is offered.
    """

    why: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageBrought:
    """A stage: YAML with `stage`, and any of `gate`, `roles`, `evidence`, `rules`; `source` is what to call it."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class RequirementKindBrought:
    """A requirement kind: its options written as definition fields; `evidence` the id of the plugin's own kind."""

    title: str
    help: str
    options: Mapping[str, Json] = field(default_factory=dict)
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class EvidenceKindBrought:
    """A kind of evidence: its fields written as in a definition; `examined` where an examiner goes with it."""

    title: str
    file: str
    fields: Mapping[str, Json] = field(default_factory=dict)
    examined: bool = False


class Brings(Protocol):
    """Whoever knows what plugins bring. `use` is PLUGIN/ID; none of these raises."""

    def stage(self, use: str) -> StageBrought | Absent:
        """Returns a stage."""
        ...

    def requirement_kind(self, use: str) -> RequirementKindBrought | Absent:
        """Returns a kind of requirement."""
        ...

    def evidence_kind(self, use: str) -> EvidenceKindBrought | Absent:
        """Returns a kind of evidence."""
        ...


class NoPlugins:
    """Knows no plugin."""

    def stage(self, use: str) -> StageBrought | Absent:
        """Returns that it is not here."""
        return _absent(use)

    def requirement_kind(self, use: str) -> RequirementKindBrought | Absent:
        """Returns that it is not here."""
        return _absent(use)

    def evidence_kind(self, use: str) -> EvidenceKindBrought | Absent:
        """Returns that it is not here."""
        return _absent(use)


NO_PLUGINS = NoPlugins()


def _absent(use: str) -> Absent:
    plugin = use.partition("/")[0]
    return Absent(
        f"The plugin {plugin} is not active here; install it and name it in COCYCLE_PLUGINS, or name the folder it lies"
        " in with --plugins-dir or COCYCLE_PLUGINS_DIR."
    )
