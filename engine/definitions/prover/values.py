"""Values worth trying for a field: those a condition names, their neighbours, one it does not name, and none at all.

Between two neighbouring numbers or days that conditions name, all values make the same comparisons true. So where
fields are compared with what is written and with each other only, trying these values is trying them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, count, islice
from typing import Any, Final

from engine.core.conditions import PROJECT, Scope, holds
from engine.core.definition import Field
from engine.core.values import LARGEST, LONGEST_TEXT, MOST_ITEMS, MOST_RECORDS
from engine.definitions.prover.literals import Literal

ABSENT: Final = object()
USUAL_DAY: Final = "2026-01-05"
"""The day that is put where any day does: a Monday that is no holiday."""
_USUAL: Final[Mapping[str, Any]] = {
    "text": "As agreed",
    "integer": 1,
    "money": 10_000,
    "date": USUAL_DAY,
    "yes_no": True,
}
_AROUND: Final = 3  # so many fields may lie between two that are named and still be told apart
MOST_SUBSETS: Final = 6
"""Of so many items that conditions name, every choice is tried; a list of more is tried in the usual ways only."""


def usual(field: Field) -> Any:
    """Returns a value of a field of which nothing is asked but that it is there."""
    if field.default is not None:
        return field.default
    match field.type:
        case "choice":
            return field.of[0]
        case "list":
            return [_item(field, 0)]
        case "counts":
            return {field.of[0]: 1}
        case "records":
            return ["record-1"]
    return _USUAL[field.type]


def _item(field: Field, number: int) -> Any:
    """Returns an item for a list that nothing else names."""
    kind = field.of[0] if field.of else "text"
    if kind == "choice":
        return field.of[1 + number % (len(field.of) - 1)]
    if kind == "text":
        return f"Anything else {number + 1}"
    return _USUAL[kind]


def _items(field: Field, named: Sequence[Any]) -> list[Any]:
    """Returns items for a list, at least one that is not named unless all there are are named."""
    match field.of[0] if field.of else "text":
        case "choice":
            return list(field.of[1:])
        case "yes_no":
            return [True, False]
        case "date":
            return _days([USUAL_DAY, *named])
        case "integer" | "money":
            return [
                n
                for n in (max(_numbers(named), default=0) + 1, min(_numbers(named), default=0) - 1)
                if abs(n) <= LARGEST
            ]
    return [f"Anything else {n + 1}" for n in range(len(named) + 1)]


def to_try(field: Field, named: Sequence[Any]) -> list[Any]:
    """Returns the values to try where conditions name these; the usual ones first, ABSENT last."""
    found: list[Any]
    match field.type:
        case "choice":
            found = list(field.of)
        case "yes_no":
            found = [True, False]
        case "text":
            found = _texts(named)
        case "date":
            found = [USUAL_DAY, *_days([USUAL_DAY, *named])]
        case "list":
            found = _lists(field, named)
        case "records":
            sizes = {1, *(n + step for n in _numbers(named) for step in range(-1, 2))}
            found = [[f"record-{n + 1}" for n in range(size)] for size in sorted(sizes) if 0 <= size <= MOST_RECORDS]
        case "counts":
            found = [{}, dict.fromkeys(field.of, 1), dict.fromkeys(field.of, 10)]
        case _:
            usual_one = _USUAL[field.type]
            near = {n + step for n in [usual_one, *_numbers(named)] for step in range(-_AROUND, _AROUND + 1)}
            found = [usual_one, *(n for n in sorted(near) if abs(n) <= LARGEST)]
    if field.default is not None and field.default not in found:
        found.insert(0, field.default)
    return [*found, ABSENT]


def _numbers(named: Iterable[Any]) -> list[int]:
    return [n for n in named if isinstance(n, int) and not isinstance(n, bool)]


def _texts(named: Sequence[Any]) -> list[str]:
    texts = dict.fromkeys(text for text in named if isinstance(text, str) and len(text) <= LONGEST_TEXT)
    others = (text for n in count() if (text := f"As agreed {n}" if n else "As agreed") not in texts)
    return [*texts, *islice(others, _AROUND)]


def _days(named: Iterable[Any]) -> list[str]:
    found = []
    for day in named:
        for step in range(-_AROUND, _AROUND + 1):
            try:
                found.append((date.fromisoformat(day) + timedelta(days=step)).isoformat())
            except OverflowError:
                continue  # the first or the last day there is has neighbours on one side only
    return sorted(set(found))


def _lists(field: Field, named: Sequence[Any]) -> list[list[Any]]:
    """Returns lists of what is named: all of it first, since what a list lacks is asked for more often."""
    items: list[Any] = []
    for item in named:
        if item not in items and (field.of[:1] != ("choice",) or item in field.of[1:]):
            items.append(item)
    others = [item for item in _items(field, items) if item not in items][:1]
    lists = [items, [*items, *others], others, [], *([item] for item in items)]
    if len(items) <= MOST_SUBSETS:
        lists += [list(some) for size in range(2, len(items)) for some in combinations(items, size)]
    return [found for place, found in enumerate(lists) if found not in lists[:place] and len(found) <= MOST_ITEMS]


def all_lists_tried(field: Field, named: Iterable[Any]) -> bool:
    """True where `to_try` leaves out no list that conditions which name these items could tell from the others."""
    return field.type != "list" or len({repr(item) for item in named}) <= MOST_SUBSETS


def named_in(literals: Iterable[Literal]) -> list[Any]:
    """Returns the values that comparisons are written with, those inside lists by themselves."""
    found: list[Any] = []
    for literal in literals:
        value = literal.condition.value
        if literal.condition.op != "share" and value is not None and literal.condition.project_field is None:
            found.extend(value if isinstance(value, list) else [value])
    return found


def scope_of(found: Mapping[str, Any], record: Mapping[str, Field], project: Mapping[str, Field]) -> Scope:
    """Returns what a condition sees where fields have these values, those of the project under `project.X`."""
    mine = {key: value for key, value in found.items() if not key.startswith(PROJECT)}
    theirs = {key.removeprefix(PROJECT): value for key, value in found.items() if key.startswith(PROJECT)}
    return Scope(theirs, project, mine, record)


def keeps(literals: Iterable[Literal], scope: Scope) -> bool:
    """True where each literal says in this scope what it is wanted to say."""
    return all(holds(literal.condition, scope) == literal.wanted for literal in literals)
