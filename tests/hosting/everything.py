"""A plugin that implements every hook, and what its functions are asked."""

from __future__ import annotations

from typing import Any

EVERYTHING = """
def judge(facts, options):
    own = facts.own[0]
    assert facts.records == facts.own and isinstance(facts.records, tuple)
    assert (own.level, own.files[0].size, own.signed_by) == ("involve", 1200, ("sro",))
    for frozen in (facts.fields, options, own.facts, own.facts["attendance"]):
        try:
            frozen["x"] = 1
        except TypeError:
            continue
        raise AssertionError("it could be changed")
    if options["least"] > own.facts["attendance"]["carer"]:
        return pending("Wait\\nfor the carers.", not_before="2026-12-01", evidence=[own.id])
    return unmet("Nobody came.", "Hand in\\u00a0minutes.", fields=["lifetime_value"], records=["panel-met"])

def examine(submission):
    if submission.files and submission.files[0].content == b"broken":
        return [Finding("unreadable-file", "It cannot be read."), Finding("old", "It is old.", "note")]
    assert submission.facts["groups"] == ("Roma",)
    return ()

def observe(entry, settings):
    if entry.name == "refused":
        raise DeliveryFailed("The receiver\\nsays no.", final=True)
    if entry.name == "late":
        raise DeliveryFailed("Try later.")
    return f"{entry.seq} to {settings['url']} {sorted(settings)}"

def deliver(notice, settings):
    if notice.kind == "refused":
        raise DeliveryFailed("The phone\\nis off.", final=True)
    return "" if notice.kind == "dull" else f"{notice.subject} to {notice.person} {sorted(settings)}"

def export(what, settings):
    return [ExportedFile("list.csv", "text/csv", what["text"].encode()), ExportedFile("b.bin", "x/y", bytes(3_000_000))]

@hookimpl
def cocycle_requirement_kinds():
    return [RequirementKind("panel", "A panel met", judge, help="Who came?", options={"least": {"type": "integer"}},
            evidence="minutes")]

@hookimpl
def cocycle_evidence_kinds():
    return [EvidenceKind("minutes", "Minutes", "required", {"held_on": {"type": "date"}}, examine)]

@hookimpl
def cocycle_stages():
    return [Stage("review", "A review", "stage: {title: Review}\\n")]

@hookimpl
def cocycle_observers():
    return [Observer("post", "Posts", observe, wants=lambda entry: entry.name != "dull")]

@hookimpl
def cocycle_channels():
    return [Channel("sms", "Short messages", deliver)]

@hookimpl
def cocycle_exporters():
    return [Exporter("list", "A list", export, whole=False)]

@hookimpl
def cocycle_commands():
    import click
    return [click.Command("send")]
"""
SUBMISSION: dict[str, Any] = {
    "project": "P-0001",
    "requirement": "panel-met",
    "kind": "minutes",
    "level": None,
    "happened_on": "2026-11-01",
    "today": "2026-11-22",
    "fields": {},
    "facts": {"groups": ["Roma"]},
    "files": [],
}


def entry(name: str) -> dict[str, object]:
    """Returns an entry of the ledger as an observer is told it."""
    told = {"seq": 7, "at": "2026-11-22T10:00:00.000000Z", "by": "p-1", "name": name}
    return {**told, "project": "P-0001", "version": 3, "body": {"a": [1]}, "origin": "example.org"}
