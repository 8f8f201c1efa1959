"""Projects as OCDS releases, and an examiner of published notices."""

from __future__ import annotations

from engine.hookspecs import EvidenceKind, Exporter, hookimpl
from plugins.ocds.examining import examine
from plugins.ocds.exporting import export
from plugins.ocds.notices import ALL


@hookimpl
def cocycle_evidence_kinds() -> list[EvidenceKind]:
    """Returns the published notice, whose file is looked at while it is handed in."""
    return [
        EvidenceKind(
            id="notice",
            title="Published notice with its OCDS file",
            file="required",
            fields={
                "published_on": {"type": "date", "title": "The notice was published on", "required": True},
                "notice_type": {
                    "type": "choice",
                    "title": "Which notice it is",
                    "of": [notice.id for notice in ALL],
                    "help": "uk1 to uk12: Procurement Act 2023; psr_…: Provider Selection Regime.",
                },
                "reference": {"type": "text", "title": "Reference of the notice"},
            },
            examine=examine,
        )
    ]


@hookimpl
def cocycle_exporters() -> list[Exporter]:
    """Returns the exporter of release and record packages."""
    return [Exporter(id="releases", title="OCDS 1.1 releases and records", export=export)]
