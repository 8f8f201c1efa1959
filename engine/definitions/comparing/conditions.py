"""Whether one condition holds only where another holds: sure where it says yes, and silent where it cannot be sure."""

from __future__ import annotations

from engine.core.conditions import PROJECT
from engine.core.definition import Condition
from engine.definitions.comparing.change import Kind

MOST_PAIRS = 100_000
"""Two conditions with more pairs of parts than this are compared as they are written only; nobody writes such."""


def stricter_or_looser(was: Condition, is_now: Condition) -> Kind | None:
    """Returns `more` where the new condition is sure to hold in fewer cases, `less` in more, None in the same."""
    narrower, wider = implies(is_now, was), implies(was, is_now)
    if narrower and wider:
        return None
    if narrower:
        return "more"
    return "less" if wider else "otherwise"


def implies(one: Condition, other: Condition) -> bool:
    """Returns True only if `other` holds wherever `one` holds, whatever the project and the record."""
    if one == other:
        return True
    if _size(one) * _size(other) > MOST_PAIRS:
        return False
    return _implies(one, other, {})


def _size(condition: Condition) -> int:
    return 1 + sum(_size(c) for c in condition.of)


def _implies(one: Condition, other: Condition, known: dict[tuple[int, int], bool]) -> bool:
    key = (id(one), id(other))  # every part is looked at once beside every other, however deep they stand
    if key not in known:
        known[key] = one == other or _reckoned(one, other, known)
    return known[key]


def _reckoned(one: Condition, other: Condition, known: dict[tuple[int, int], bool]) -> bool:
    if other.op == "all":
        return all(_implies(one, part, known) for part in other.of)
    if one.op == "any":
        return all(_implies(part, other, known) for part in one.of)
    if other.op == "none" and one.op == "none":
        # whatever must not hold there must not hold here either
        return all(any(_implies(part, mine, known) for mine in one.of) for part in other.of)
    if one.op == "all" and any(_implies(part, other, known) for part in one.of):
        return True
    if other.op == "any":
        return any(_implies(one, part, known) for part in other.of)
    if one.of or other.of or "none" in (one.op, other.op) or "all" in (one.op, other.op):
        return False
    return _atom_implies(one, other)


def _atom_implies(one: Condition, other: Condition) -> bool:
    if one.field != other.field:
        return False
    if one.less != other.less:
        # taking people away never makes a number larger
        fewer = one.op == other.op == "at_least" and other.less is None
        return fewer and one.project_field == other.project_field and (one.value == other.value or _values(one, other))
    if one.op == "share" or other.op == "share":
        return one.op == other.op and _share_implies(one, other)
    if one.project_field is not None or other.project_field is not None:
        return (one.op, one.project_field, one.value) == (other.op, other.project_field, other.value)
    return _values(one, other)


def _share_implies(one: Condition, other: Condition) -> bool:
    if one.value < other.value:
        return False
    added = set(other.fields) - set(one.fields)
    # parts of a counts field are never negative, so adding them only makes the share larger
    counted = all("." in path.removeprefix(PROJECT) for path in added)
    once = len(set(one.fields)) == len(one.fields) and len(set(other.fields)) == len(other.fields)
    return once and set(one.fields) <= set(other.fields) and counted


def _values(one: Condition, other: Condition) -> bool:
    """Returns whether what a comparison with fixed values lets through is let through by another one, too."""
    if one.project_field is not None or other.project_field is not None:
        return False
    mine, theirs = one.value, other.value
    if one.op in ("equals", "in"):
        if other.op == "includes_all_of":
            return False
        return all(_passes(value, other) for value in ([mine] if one.op == "equals" else mine))
    match one.op, other.op:
        case ("at_least", "at_least") | ("after", "after"):
            return bool(mine >= theirs)
        case ("at_most", "at_most") | ("before", "before"):
            return bool(mine <= theirs)
        case ("at_least", "not"):
            return bool(theirs < mine)
        case ("at_most", "not"):
            return bool(theirs > mine)
        case ("before", "not"):
            return bool(theirs >= mine)
        case ("after", "not"):
            return bool(theirs <= mine)
        case ("not", "not"):
            return bool(mine == theirs)
        case ("at_least", "not_empty"):
            return bool(mine >= 1)
        case ("before" | "after", "not_empty"):
            return True
        case ("includes_all_of", "includes_all_of"):
            return all(item in mine for item in theirs)
        case ("includes_all_of", "not_empty"):
            return bool(mine)
    return False


def _passes(value: object, other: Condition) -> bool:
    """Returns whether a field that has this very value fulfils a comparison with a fixed value."""
    wanted = other.value
    match other.op:
        case "equals":
            return bool(value == wanted)
        case "not":
            return bool(value != wanted)
        case "in":
            return value in wanted
        case "at_least" | "after":
            return _ordered(wanted, value, strictly=other.op == "after")
        case "at_most" | "before":
            return _ordered(value, wanted, strictly=other.op == "before")
        case "not_empty":
            return value not in ("", [], 0)  # a count of nobody is empty, so a 0 is not sure to be something
    return False


def _ordered(low: object, high: object, *, strictly: bool) -> bool:
    if isinstance(low, int) and isinstance(high, int):
        return low < high if strictly else low <= high
    if isinstance(low, str) and isinstance(high, str):  # ISO dates order as text
        return low < high if strictly else low <= high
    return False
