"""Every hook a plugin can implement, one function each; and the marks and shapes a plugin is written with.

A plugin is a module (or package) named by an entry point of the group `cocycle.plugins`. The name of the entry point is
the plugin's name. It implements hooks by functions of these names, marked with `hookimpl`:

    from engine.hookspecs import Facts, RequirementKind, Verdict, hookimpl, met, unmet

    @hookimpl
    def cocycle_requirement_kinds() -> list[RequirementKind]: ...

None of its code runs in the core. It is started in a process of its own, with limits, when it is needed; only the
commands it brings run in the process of whoever types them. A hook is here because a plugin that comes with cocycle
uses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

from engine.hookshapes import (
    CannotExport,
    Channel,
    DeliveryFailed,
    Entry,
    EvidenceKind,
    ExportedFile,
    Exporter,
    Facts,
    FileFact,
    Finding,
    Json,
    Notice,
    Observer,
    RecordFact,
    RequirementKind,
    Stage,
    Submission,
    SubmittedFile,
    Verdict,
    met,
    pending,
    unmet,
)

if TYPE_CHECKING:
    import click

__all__ = [
    "GROUP",
    "CannotExport",
    "Channel",
    "DeliveryFailed",
    "Entry",
    "EvidenceKind",
    "ExportedFile",
    "Exporter",
    "Facts",
    "FileFact",
    "Finding",
    "Json",
    "Notice",
    "Observer",
    "RecordFact",
    "RequirementKind",
    "Stage",
    "Submission",
    "SubmittedFile",
    "Verdict",
    "cocycle_channels",
    "cocycle_commands",
    "cocycle_evidence_kinds",
    "cocycle_exporters",
    "cocycle_observers",
    "cocycle_requirement_kinds",
    "cocycle_stages",
    "hookimpl",
    "met",
    "pending",
    "unmet",
]

GROUP = "cocycle.plugins"
"""The group of entry points in which plugins are found."""

hookspec = pluggy.HookspecMarker("cocycle")
hookimpl = pluggy.HookimplMarker("cocycle")


@hookspec
def cocycle_stages() -> list[Stage]:  # type: ignore[empty-body]  # what is returned is the plugin's to say
    """Stages, each with its gate, roles and kinds of evidence, which definitions place with `use: PLUGIN/STAGE`.

    Asked for when a definition that uses one is checked or loaded. The loaded definition holds all of the stage, so a
    project goes on with it whatever becomes of the plugin.
    """


@hookspec
def cocycle_evidence_kinds() -> list[EvidenceKind]:  # type: ignore[empty-body]  # as above
    """Kinds of evidence, each with an examiner where it has one.

    The examiner runs before the record is recorded, within 10 seconds; its findings are recorded with it. Where it
    fails, the record is recorded with that failure, and its requirement answers `error`.
    """


@hookspec
def cocycle_requirement_kinds() -> list[RequirementKind]:  # type: ignore[empty-body]  # as above
    """Kinds of requirement, which definitions ask with `use: PLUGIN/KIND` and `with:`.

    Judged whenever the gate is looked at, within 0.4 seconds. Where judging fails, the requirement answers `error` and
    the gate stays shut.
    """


@hookspec
def cocycle_observers() -> list[Observer]:  # type: ignore[empty-body]  # as above
    """Observers of what is recorded: each is told of every entry after its commit, at least once.

    It begins with the first entry after the first round (of `cocycle sweep` or `cocycle worker`) that knows it.
    """


@hookspec
def cocycle_channels() -> list[Channel]:  # type: ignore[empty-body]  # as above
    """Channels: ways on which people are told what concerns them, beside e-mail; each notice at least once."""


@hookspec
def cocycle_exporters() -> list[Exporter]:  # type: ignore[empty-body]  # as above
    """Exporters: `cocycle export PLUGIN/EXPORTER` makes files with them."""


@hookspec
def cocycle_commands() -> list[click.Command]:  # type: ignore[empty-body]  # as above
    """Commands: they appear as `cocycle NAME COMMAND`, where NAME is the plugin's.

    They run with the rights of whoever types them, through `engine.api` like every other command.
    """
