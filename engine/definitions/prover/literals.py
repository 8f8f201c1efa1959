"""Conditions taken apart: the ways in which a set of them holds, each way a list of plain comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from engine.core.conditions import PROJECT
from engine.core.definition import Condition

MOST_BRANCHES = 256
"""A condition that holds in more ways than this is not taken apart any further, and nothing is claimed about it."""


@dataclass(frozen=True, slots=True)
class Literal:
    """One comparison or share, and whether it is to hold."""

    condition: Condition
    wanted: bool


Branch = tuple[Literal, ...]


def branches(conditions: Iterable[Condition]) -> tuple[list[Branch], bool]:
    """Returns the ways in which all the conditions hold, and whether these are all the ways there are."""
    return _joined([_ways(condition, wanted=True) for condition in conditions])


def _ways(condition: Condition, *, wanted: bool) -> tuple[list[Branch], bool]:
    if condition.op not in ("all", "any", "none"):
        return [(Literal(condition, wanted),)], True
    each = wanted if condition.op != "none" else not wanted
    parts = [_ways(child, wanted=each) for child in condition.of]
    if wanted == (condition.op == "any"):  # one part will do
        found = [branch for ways, _ in parts for branch in ways]
        return found[:MOST_BRANCHES], len(found) <= MOST_BRANCHES and all(complete for _, complete in parts)
    return _joined(parts)


def _joined(parts: Sequence[tuple[list[Branch], bool]]) -> tuple[list[Branch], bool]:
    complete = all(whole for _, whole in parts)
    found: list[Branch] = [()]
    for ways, _ in parts:
        joined: list[Branch] = [(*first, *second) for first, second in product(found, ways)]
        if len(joined) > MOST_BRANCHES:
            joined, complete = joined[:MOST_BRANCHES], False
        found = joined
    return found, complete


def root(path: str) -> str:
    """Returns the field a path leads to, without the part: `attendance` or `project.regime`."""
    if path.startswith(PROJECT):
        return PROJECT + path.removeprefix(PROJECT).partition(".")[0]
    return path.partition(".")[0]


def roots(condition: Condition) -> list[str]:
    """Returns the fields one comparison or share looks at, each once."""
    paths = [condition.field, *condition.fields]
    if condition.less is not None:
        paths.append(condition.less)
    if condition.project_field is not None:
        paths.append(PROJECT + condition.project_field)
    return list(dict.fromkeys(root(path) for path in paths))


def comparisons(condition: Condition) -> Iterator[Condition]:
    """Yields every comparison and share inside a condition."""
    if condition.op in ("all", "any", "none"):
        for child in condition.of:
            yield from comparisons(child)
    else:
        yield condition
