"""A plugin that uses every hook and every shape, written as its author would; type checkers find nothing in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from engine.hookspecs import (
    Channel,
    DeliveryFailed,
    Entry,
    EvidenceKind,
    ExportedFile,
    Exporter,
    Facts,
    Finding,
    Json,
    Notice,
    Observer,
    RequirementKind,
    Stage,
    Submission,
    Verdict,
    hookimpl,
    met,
    pending,
    unmet,
)


def judge(facts: Facts, options: Json) -> Verdict:
    """Looks at everything there is."""
    for record in facts.own:
        if record.level in facts.levels[int(options.get("from", 0)) :] and "sro" in record.signed_by:
            return met(f"It was recorded on {record.recorded_on}.", evidence=[record.id])
        if any(file.size > 0 and file.sha256 is not None for file in record.files) and not record.personal:
            return pending("It can be met on 1 June 2031.", not_before="2031-06-01", evidence=(record.id,))
    if "budget" not in facts.fields:
        return unmet("Say what it may cost.", fields=["budget"])
    return unmet("Hand in the minutes of the meeting.", records=[facts.requirement])


def examine(submission: Submission) -> list[Finding]:
    """Looks at a record."""
    found = [Finding("empty-file", f"The file {f.name} is empty.") for f in submission.files if not f.content]
    return [*found, Finding("seen", "It was looked at.", "note")]


def observe(entry: Entry, settings: Mapping[str, str]) -> str:
    """Tells somebody."""
    if "url" not in settings:
        raise DeliveryFailed("No address is set.", final=True)
    return f"{entry.seq} {entry.name} of {entry.project or 'the register'}"


def deliver(notice: Notice, settings: Mapping[str, str]) -> str:
    """Tells one person."""
    return "" if notice.link is None else f"{notice.subject} {settings['from']} {notice.due or notice.project}"


def export(what: Json, settings: Mapping[str, str]) -> Sequence[ExportedFile]:
    """Makes a file."""
    return [ExportedFile("all.txt", "text/plain", str(what["register"]).encode())]


@click.command("greet")
def greet() -> None:
    """Greets."""


@hookimpl
def cocycle_stages() -> list[Stage]:
    """A stage."""
    return [Stage("listening", "Listening", "stage: {id: listening}")]


@hookimpl
def cocycle_evidence_kinds() -> list[EvidenceKind]:
    """Kinds of evidence, with an examiner and without."""
    fields = {"heard": {"type": "counts", "of": ["lived_experience"]}}
    return [EvidenceKind("visit", "Visit", "required", fields, examine), EvidenceKind("letter", "Letter")]


@hookimpl
def cocycle_requirement_kinds() -> list[RequirementKind]:
    """A kind of requirement."""
    return [RequirementKind("heard", "Heard", judge, options={"from": {"type": "integer"}}, evidence="visit")]


@hookimpl
def cocycle_observers() -> list[Observer]:
    """Observers, picky and not."""
    return [Observer("all", "All", observe), Observer("few", "Few", observe, lambda entry: entry.project is not None)]


@hookimpl
def cocycle_channels() -> list[Channel]:
    """A channel."""
    return [Channel("sms", "Short messages", deliver)]


@hookimpl
def cocycle_exporters() -> list[Exporter]:
    """An exporter."""
    return [Exporter("text", "Text", export, whole=False)]


@hookimpl
def cocycle_commands() -> list[click.Command]:
    """A command."""
    return [greet]
