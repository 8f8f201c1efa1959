"""What people said about a gate and about an entry: decisions and dissents that came before, and corrections after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.core.definition import Gate
from engine.core.events import ERASED, Entry
from engine.packing.gathering import Gathered

Json = dict[str, Any]
NEW_ROUND = frozenset({"advanced", "gate_reopened"})


def voices(found: Gathered, gate: str, before: int) -> list[Json]:
    """Returns every decision and dissent on a gate since the project came to its stage, oldest first.

    A dissent stays in it when the same person decided to pass later: what somebody objected to is not to be lost.

    Args:
        found: the project.
        gate: the gate's id.
        before: the number of the entry up to which is told.
    """
    heard: list[Json] = []
    for entry in found.entries:
        if entry.seq >= before:
            break
        body = entry.event.body
        if entry.event.name in NEW_ROUND:
            heard = []
        elif entry.event.name == "decided" and body["gate"] == gate:
            heard.append(
                {
                    "decision": body["decision"],
                    "entry": entry.seq,
                    "person": entry.by,
                    "name": found.name(entry.by),
                    "role": body["role"],
                    "role_title": found.workflow.roles.get(body["role"], body["role"]),
                    "at": entry.at,
                    "dissent": body["dissent"],
                    "words": _word(entry, "dissent"),
                }
            )
    return heard


def undecided(found: Gathered, gate: Gate, heard: list[Json]) -> Iterator[str]:
    """Yields whose decision was missing, as plain text; nothing where each of them had decided to pass."""
    for role in gate.decided_by:
        last = next((one for one in reversed(heard) if one["role"] == role), None)
        title = found.workflow.roles.get(role, role)
        if last is None:
            yield f"{title}: has not decided"
        elif last["dissent"] and gate.dissent == "blocks":
            yield f"{title}: dissents"


def corrections(found: Gathered, seq: int) -> list[Json]:
    """Returns what was said to be wrong with an entry, oldest first: by whom, with whom, and why."""
    return [
        {
            "entry": entry.seq,
            "at": entry.at,
            "name": found.name(entry.by),
            "second": found.name(entry.event.body["second"]),
            "reason": _word(entry, "reason"),
        }
        for entry in found.everything()
        if entry.event.name == "corrected" and entry.event.body["entry"] == seq
    ]


def _word(entry: Entry, name: str) -> Any:
    word = entry.event.words.get(name)
    return None if word is ERASED else word
