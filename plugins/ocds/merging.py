"""Puts the releases of one process together, as the standard's merging routine does with the members we write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plugins.ocds.process import Json

_OF_ONE_RELEASE = ("id", "date", "tag")


def compiled(releases: Sequence[Json]) -> Json:
    """Returns the compiled release of a process, from its releases, oldest first; there is at least one.

    Objects are merged member by member, lists of objects with ids by id, other lists are replaced, and null takes a
    member away (Open Contracting Data Standard 1.1, merging).
    """
    merged: Json = {}
    for release in releases:
        _merge(merged, {name: value for name, value in release.items() if name not in _OF_ONE_RELEASE})
    last = releases[-1]
    return {
        "ocid": last["ocid"],
        "id": f"{last['ocid']}-{last['date']}",
        "date": last["date"],
        "tag": ["compiled"],
        **{name: value for name, value in merged.items() if name != "ocid"},
    }


def _merge(into: Json, newer: Json) -> None:
    for name, value in newer.items():
        if value is None:
            into.pop(name, None)
        elif isinstance(value, dict):
            held = into.get(name)
            target = held if isinstance(held, dict) else {}
            _merge(target, value)
            into[name] = target
        elif _by_id(value):
            held = into.get(name)
            into[name] = _merged_list(held if isinstance(held, list) else [], value)
        else:
            into[name] = value


def _merged_list(held: list[Any], newer: list[Json]) -> list[Any]:
    places = {item["id"]: place for place, item in enumerate(held)}
    for item in newer:
        if item["id"] in places:
            _merge(held[places[item["id"]]], item)
        else:
            places[item["id"]] = len(held)
            fresh: Json = {}
            _merge(fresh, item)
            held.append(fresh)
    return held


def _by_id(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) and "id" in item for item in value)
