"""What a plugin says of itself: the hooks it implements and what it brings, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definitions.brought import EvidenceKindBrought, RequirementKindBrought


@dataclass(frozen=True, slots=True)
class StageDescribed:
    """A stage; `text` is YAML in the definition language."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ObserverDescribed:
    """An observer; `picky` where it says which entries it wants."""

    title: str
    picky: bool


@dataclass(frozen=True, slots=True)
class ChannelDescribed:
    """A channel."""

    title: str


@dataclass(frozen=True, slots=True)
class ExporterDescribed:
    """An exporter; `whole` where it makes sense of many projects at once."""

    title: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Described:
    """What a plugin brings, each by its id; everything is empty where `error` says why it could not be asked.

    Attributes:
        hooks: the names of the hooks it implements, in the order of `engine.hookspecs`.
        commands: the names of its commands.
    """

    name: str
    hooks: tuple[str, ...] = ()
    stages: Mapping[str, StageDescribed] = field(default_factory=dict)
    evidence_kinds: Mapping[str, EvidenceKindBrought] = field(default_factory=dict)
    requirement_kinds: Mapping[str, RequirementKindBrought] = field(default_factory=dict)
    observers: Mapping[str, ObserverDescribed] = field(default_factory=dict)
    channels: Mapping[str, ChannelDescribed] = field(default_factory=dict)
    exporters: Mapping[str, ExporterDescribed] = field(default_factory=dict)
    commands: tuple[str, ...] = ()
    error: str | None = None
