"""Says where a value is not of the form that OCDS gives it, each place by its JSON path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from plugins.ocds.json_reading import quoted
from plugins.ocds.shapes import Codes, Form, ListOf, Parts

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*")
_SAYS = {
    "text": "has to be text",
    "full_text": "has to be text that is not empty",
    "id": "has to be an id: text that is not empty, or a whole number",
    "code": "has to be text or a whole number",
    "moment": "has to be a date with its time and time zone, like 2026-02-09T09:00:00Z",
    "number": "has to be a number",
    "whole": "has to be a whole number",
    "yes_no": "has to be true or false",
    "address": "has to be a web address",
    "currency": "has to be a currency of three letters, like GBP",
}


def misshapen(value: Any, form: Form, path: str = "$", most: int = 20) -> list[str]:
    """Returns a sentence for each place that is not of its form, at most `most`, each with its JSON path.

    A member that is null counts as absent. Members that the form does not name may be anything.
    """
    return list(islice(_faults(value, form, path), most))


def moment(value: Any) -> datetime | None:
    """Returns the moment a text of RFC 3339 names, with its time zone; None for everything else."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return None
    plain = re.sub(r"\.(\d{6})\d+", r".\1", value.upper())
    try:
        found = datetime.fromisoformat(plain)
        found.utcoffset()
    except ValueError:  # the 31st of June, or a zone of 99 hours
        return None
    return found


def _faults(value: Any, form: Form, path: str) -> Iterator[str]:
    if isinstance(form, Parts):
        yield from _of_parts(value, form, path)
    elif isinstance(form, ListOf):
        yield from _of_list(value, form, path)
    elif isinstance(form, Codes):
        if value not in form.words or not isinstance(value, str):
            yield f"At {path}: {quoted(value)} has to be one of: {', '.join(form.words)}."
    elif not _fits(value, form):
        yield f"At {path}: {quoted(value)} {_SAYS[form]}."


def _of_parts(value: Any, form: Parts, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"At {path}: here has to be an object with named members."
        return
    for name in form.needed:
        if value.get(name) is None:
            yield f"At {path}: {name} is missing; the standard asks for it."
    for name, inner in form.members.items():
        if value.get(name) is not None:
            yield from _faults(value[name], inner, f"{path}.{name}")


def _of_list(value: Any, form: ListOf, path: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"At {path}: here has to be a list."
        return
    if len(value) < form.at_least:
        yield f"At {path}: the list is empty and has to name at least one."
    if form.apart and _alike(value):
        yield f"At {path}: the list names the same thing twice."
    for place, inner in enumerate(value):
        yield from _faults(inner, form.form, f"{path}[{place}]")


def _alike(items: list[Any]) -> bool:
    seen = {repr(_sorted(item)) for item in items}
    return len(seen) < len(items)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return [(name, _sorted(value[name])) for name in sorted(value)]
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _fits(value: Any, form: str) -> bool:
    if form in ("whole", "number"):
        kinds = int if form == "whole" else int | float
        return isinstance(value, kinds) and not isinstance(value, bool)
    if form == "yes_no":
        return isinstance(value, bool)
    if form in ("id", "code") and isinstance(value, int) and not isinstance(value, bool):
        return True
    if not isinstance(value, str):
        return False
    if form == "currency":
        return re.fullmatch("[A-Z]{3}", value) is not None
    if form == "moment":
        return moment(value) is not None
    if form == "address":
        return _ADDRESS.fullmatch(value) is not None
    return form in ("text", "code") or bool(value)
