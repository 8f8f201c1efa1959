"""Reads what was given for fields: `--set FIELD=VALUE`, repeated, on top of what a `--record` file holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from terminal.mistake import Mistake
from terminal.read_file import read_file

Fields = dict[str, Any]


def fields_given(words: Iterable[str], record: str | None = None) -> Fields:
    """Returns the fields by id, as the engine takes them.

    `attendance.carer=2` gives a part of `attendance`. A field given twice becomes a list, which only a list field
    takes. What `--set` says wins over the record, part by part.

    Raises:
        Mistake: with every mistake at once, each naming its field.
        CocycleError: the record is no file of fields.
    """
    found, problems = _from_words(words)
    if problems:
        details = {"problems": [{"field": field, "message": message} for field, message in problems]}
        raise Mistake(" ".join(message for _, message in problems), details=details)
    return _merged(_from_record(record), found) if record is not None else found


def _from_words(words: Iterable[str]) -> tuple[Fields, list[tuple[str, str]]]:
    found: Fields = {}
    problems: list[tuple[str, str]] = []
    for word in words:
        name, equals, value = word.partition("=")
        name = name.strip()
        field, dot, part = name.partition(".")
        if not equals or not field or (dot and not part):
            problems.append((name, f"{word} must be written FIELD=VALUE; say what {field or 'the field'} is."))
        elif dot:
            parts = found.setdefault(field, {})
            if not isinstance(parts, dict):
                problems.append((field, f"{field} was given both whole and in parts."))
            elif part in parts:
                problems.append((name, f"{name} was given twice."))
            else:
                parts[part] = value
        elif isinstance(found.get(field), dict):
            problems.append((field, f"{field} was given both whole and in parts."))
        else:
            found[field] = _added(found[field], value) if field in found else value
    return found, problems


def _added(before: Any, value: str) -> list[str]:
    """Returns the items of a list field that was given more than once."""
    items = before if isinstance(before, list) else _items(before)
    return [*items, *_items(value)]


def _items(value: str) -> list[str]:
    return [item for item in (part.strip() for part in value.split(",")) if item]


def _from_record(path: str) -> Mapping[str, Any]:
    from engine.api import read_record

    return _filled_in(read_record(read_file(path), path))


def _filled_in(record: Mapping[str, Any]) -> Fields:
    """Returns what stands in a record, without the lines of a form that nobody filled in."""
    found: Fields = {}
    for field, value in record.items():
        if isinstance(value, Mapping) and value:
            value = _filled_in(value)
            if not value:
                continue
        if value is not None:
            found[field] = value
    return found


def _merged(below: Mapping[str, Any], above: Fields) -> Fields:
    merged = dict(below)
    for field, value in above.items():
        under = merged.get(field)
        merged[field] = {**under, **value} if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def conditions_given(
    texts: tuple[str, ...], owners: tuple[str, ...], dues: tuple[str, ...]
) -> list[tuple[str, str, str]]:
    """Returns the conditions of a passing, each with its owner and its day; refuses an incomplete one."""
    if not len(texts) == len(owners) == len(dues):
        raise Mistake(
            "Each --condition needs its own --owner and --due: "
            f"there are {len(texts)} conditions, {len(owners)} owners and {len(dues)} dates.",
            code="usage",
        )
    return list(zip(texts, owners, dues, strict=True))


def paths_given(names: Iterable[str]) -> list[Path]:
    """Returns the paths of files to hand in; the engine reads them, and says at once all that is wrong with any."""
    return [Path(name) for name in names]
