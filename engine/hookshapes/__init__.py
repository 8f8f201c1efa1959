"""What plugin authors write with: the shapes that hooks return, and the shapes that their functions are handed.

Everything here is plain and frozen. What a plugin is handed was recorded already, and what it answers is a value: it
gets no register, no key and no way to change anything. Days are ISO text (`2026-11-22`), money is whole pence.
"""

from __future__ import annotations

from engine.hookshapes.examined import EvidenceKind, Finding, Submission, SubmittedFile
from engine.hookshapes.exported import ExportedFile, Exporter
from engine.hookshapes.failed import CannotExport, DeliveryFailed
from engine.hookshapes.judged import Facts, FileFact, RecordFact, RequirementKind, Verdict, met, pending, unmet
from engine.hookshapes.placed import Stage
from engine.hookshapes.plain import Json
from engine.hookshapes.told import Channel, Entry, Notice, Observer

__all__ = [
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
    "met",
    "pending",
    "unmet",
]
