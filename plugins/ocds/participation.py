"""Who took part, and at which level: what OCDS has no place for, and goes into `x_coproduction`.

Groups of fewer than five are given as a range, since a number so small can point to a person. Everything is held in
objects with names, never in lists of objects without ids: what merges releases would put such lists end to end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from plugins.ocds.process import Json, Record

SMALL = 5
_COUNTED = ("attendance", "panel", "members")


def took_part(facts: Mapping[str, Any]) -> Json:
    """Returns how many of each group a record counts, by the group's id; groups with nobody are left out."""
    counted: Mapping[str, Any] = next((facts[name] for name in _COUNTED if isinstance(facts.get(name), Mapping)), {})
    return {
        group: {"people": people} if people >= SMALL else {"from": 1, "to": SMALL - 1}
        for group, people in sorted(counted.items())
        if isinstance(people, int) and people > 0
    }


def is_engagement(record: Record) -> bool:
    """Returns whether a record tells of people taking part: it has a level, or counts who was there."""
    return record.level is not None or bool(took_part(record.facts))


def engagement(record: Record) -> Json:
    """Returns a record as a milestone of the type `engagement`."""
    said: Json = {"requirement": record.requirement, "level": record.level}
    if record.claimed != record.level:
        said["levelClaimed"] = record.claimed
    if groups := took_part(record.facts):
        said["tookPart"] = groups
    return {
        "id": record.id,
        "title": in_words(record.requirement),
        "type": "engagement",
        "code": record.requirement,
        "dateMet": day(record.happened_on),
        "status": "met",
        "x_coproduction": said,
    }


def levels(records: Iterable[Record]) -> Json:
    """Returns how many records stand at each level, by its id; levels are never added up.

    A level that was claimed and judged down stays with its nought, so that the newest release says it.
    """
    found = list(records)
    claimed = {level for record in found for level in (record.claimed, record.level) if level is not None}
    counted = Counter(record.level for record in found)
    return {level: counted[level] for level in sorted(claimed)}


def in_words(id: str) -> str:
    """Returns an id as a title: `needs-data` as `Needs data`. Titles of past gates are not in the ledger in clear."""
    plain = id.replace("-", " ").replace("_", " ")
    return plain[:1].upper() + plain[1:]


def day(iso: str) -> str:
    """Returns a day as the moment that OCDS wants: its midnight, UTC."""
    return f"{iso}T00:00:00Z"
