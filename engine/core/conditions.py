"""The closed operators: whether a condition holds over a record and its project, and in words why it does not.

A condition over something absent is false, with a reason. Types were checked when the definition was loaded, so a
value that is there has the type its operator needs.

What was erased is not absent but unknown, a third value: whatever a condition makes of it, `none` included, does not
hold. Otherwise a record could come to say by losing its words what it never said with them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from engine.core.definition import Condition
from engine.core.scope import PROJECT, Scope

__all__ = [
    "PROJECT",
    "SOMETHING",
    "Scope",
    "Something",
    "describe",
    "fields_that_mend",
    "fields_to_set",
    "holds",
    "missing_items",
    "reasons",
]


class Something:
    """Stands for a value that is not known yet: it is there, and nothing more can be said of it. One: `SOMETHING`."""

    def __lt__(self, other: object) -> bool:
        """False; so are the other comparisons, which Python turns round where this stands on their right."""
        return False

    __gt__ = __le__ = __ge__ = __lt__

    def __iter__(self) -> Iterator[Any]:
        """No item is known."""
        return iter(())

    def __radd__(self, other: int) -> int:
        """Adds nothing to a sum."""
        return other


SOMETHING: Final = Something()


def holds(condition: Condition, scope: Scope) -> bool:
    """True when the condition holds; never by what was erased."""
    return _known(condition, scope) is True if scope.erased else _holds(condition, scope)


def _known(condition: Condition, scope: Scope) -> bool | None:
    """Returns whether a condition holds, or None where that hangs on something erased (Kleene's three values)."""
    if condition.op not in ("all", "any", "none"):
        return None if _hangs_on_erased(condition, scope) else _holds(condition, scope)
    parts = [_known(c, scope) for c in condition.of]
    if condition.op == "all":
        return False if False in parts else None if None in parts else True
    any_holds = True if True in parts else None if None in parts else False
    return any_holds if condition.op == "any" or any_holds is None else not any_holds


def _hangs_on_erased(condition: Condition, scope: Scope) -> bool:
    """True for a comparison that looks at erased words; `less` too, since nobody known to stand aside is nobody."""
    return any(scope.was_erased(path) for path in (condition.field, condition.less, *condition.fields))


def _holds(condition: Condition, scope: Scope) -> bool:
    op = condition.op
    if op == "all":
        return all(holds(c, scope) for c in condition.of)
    if op == "any":
        return any(holds(c, scope) for c in condition.of)
    if op == "none":
        return not any(holds(c, scope) for c in condition.of)
    less = condition.less
    value = scope.value(condition.field, less)
    if value is None:
        return False
    if op == "share":
        part = sum(scope.value(f, less) or 0 for f in condition.fields)
        return bool(value > 0 and part * 100 >= condition.value * value)
    if op == "not_empty":
        return not scope.is_empty(condition.field, less)
    wanted = condition.value
    if condition.project_field is not None:
        wanted = scope.project.get(condition.project_field)
        if wanted is None:
            return False
    return _compare(op, value, wanted)


def _compare(op: str, value: Any, wanted: Any) -> bool:
    match op:
        case "equals":
            return bool(value == wanted)
        case "not":
            return bool(value != wanted)
        case "in":
            return value in wanted
        case "at_least":
            return bool(value >= wanted)
        case "at_most":
            return bool(value <= wanted)
        case "before":
            return bool(value < wanted)  # ISO dates order as text
        case "after":
            return bool(value > wanted)
        case "includes_all_of":
            return not missing_items(value, wanted)
    raise AssertionError(f"an operator the loader does not know: {op}")


def missing_items(have: list[Any], wanted: list[Any]) -> list[Any]:
    """Returns the items of `wanted` that `have` lacks; text is compared without regard to case and spacing."""
    known = {_plain(item) for item in have}
    return [item for item in wanted if _plain(item) not in known]


def _plain(item: Any) -> Any:
    return " ".join(unicodedata.normalize("NFKC", item).casefold().split()) if isinstance(item, str) else item


_MUST = {
    "equals": "must be {}",
    "not": "must not be {}",
    "in": "must be one of: {}",
    "at_least": "must be at least {}",
    "at_most": "must be at most {}",
    "before": "must be before {}",
    "after": "must be after {}",
}


def reasons(condition: Condition, scope: Scope) -> list[str]:
    """Returns why the condition does not hold, one sentence a failing part; empty where it holds."""
    if holds(condition, scope):
        return []
    op = condition.op
    if op == "all":
        return [reason for c in condition.of for reason in reasons(c, scope)]
    if op == "any":
        parts = [" and ".join(r.rstrip(".") for r in reasons(c, scope)) for c in condition.of]
        return [f"None of these holds: {'; '.join(parts)}."]
    if op == "none":
        against = [f"This must not hold: {describe(c, scope)}." for c in condition.of if holds(c, scope)]
        return against or [reason for c in condition.of for reason in _unknown(c, scope)]
    if _hangs_on_erased(condition, scope):
        return _unknown(condition, scope)
    name, value = scope.name(condition.field), scope.value(condition.field, condition.less)
    if value is None:
        return [f"{name} is not recorded."]
    if op == "share":
        return [_share_reason(condition, scope, value)]
    if op == "not_empty":
        return [f"{name} is empty{_aside(condition, scope)}."]
    wanted = condition.value
    if condition.project_field is not None:
        wanted = scope.project.get(condition.project_field)
        if wanted is None:
            return [f"The project does not record {scope.name(PROJECT + condition.project_field)} yet."]
    if op == "includes_all_of":
        return [f"{name} lacks: {scope.words(condition.field, missing_items(value, wanted))}."]
    must = _MUST[op].format(_wanted_words(condition, scope, wanted)) + _aside(condition, scope)
    shown = scope.told(condition.field, condition.less)
    return [f"{name} {must}; the number is not shown." if shown is None else f"{name} is {shown} and {must}."]


def _unknown(condition: Condition, scope: Scope) -> list[str]:
    """Returns, for each erased field that a condition looks at, that nobody can tell any more what it said."""
    if condition.of:
        return list(dict.fromkeys(reason for c in condition.of for reason in _unknown(c, scope)))
    paths = (condition.field, condition.less, *condition.fields)
    erased = dict.fromkeys(scope.name(path) for path in paths if path is not None and scope.was_erased(path))
    return [f"{name} was erased, so nobody can tell any more." for name in erased]


def _wanted_words(condition: Condition, scope: Scope, wanted: Any) -> str:
    if condition.op == "in":
        return ", ".join(scope.words(condition.field, item) for item in wanted)
    if condition.project_field is not None:
        path = PROJECT + condition.project_field
        told, plainly = scope.told(path), scope.words(condition.field, wanted)
        return plainly if told == plainly else f"{scope.name(path)} ({told or 'not shown'})"  # a number that is hidden
    return scope.words(condition.field, wanted)


def _aside(condition: Condition, scope: Scope) -> str:
    """Returns who does not count here and how many they are; nothing where nobody stood aside."""
    if condition.less is None:
        return ""
    part = condition.field.removeprefix(PROJECT).partition(".")[2]
    path = f"{condition.less}.{part}" if part else condition.less
    if not scope.value(path):
        return ""
    return f", not counting those who stood aside ({scope.name(condition.less)}: {scope.told(path) or 'not shown'})"


def _share_reason(condition: Condition, scope: Scope, whole: int) -> str:
    names = ", ".join(scope.name(f).rpartition(": ")[2] for f in condition.fields)
    name, less, aside = scope.name(condition.field), condition.less, _aside(condition, scope)
    if whole <= 0:
        return f"{name} counts nobody, so no share can be reached{aside}."
    told = [scope.told(path, less) for path in (condition.field, *condition.fields) if scope.value(path) is not None]
    if all(number is not None and number.lstrip("-").isdecimal() for number in told):
        part = sum(scope.value(f, less) or 0 for f in condition.fields)
        return f"{names} are {part} of {whole} and must be at least {condition.value}%{aside}."
    return f"{names} must be at least {condition.value}% of {name}{aside}; the numbers are small and not shown."


def describe(condition: Condition, scope: Scope) -> str:
    """Returns the condition in words, whether it holds or not."""
    if condition.op in ("all", "any"):
        return (" and " if condition.op == "all" else " or ").join(describe(c, scope) for c in condition.of)
    if condition.op == "none":
        return "none of: " + "; ".join(describe(c, scope) for c in condition.of)
    name = scope.name(condition.field)
    less = "" if condition.less is None else f", not counting those who stood aside ({scope.name(condition.less)})"
    if condition.op == "share":
        parts = ", ".join(scope.name(f) for f in condition.fields)
        return f"{parts} are at least {condition.value}% of {name}{less}"
    if condition.op == "not_empty":
        return f"{name} is not empty{less}"
    if condition.project_field is not None:
        wanted = scope.name(PROJECT + condition.project_field)
    else:
        wanted = _wanted_words(condition, scope, condition.value)
    if condition.op == "includes_all_of":
        return f"{name} includes all of: {wanted}"
    must = _MUST[condition.op].replace("must not be", "is not").replace("must be", "is")
    return f"{name} {must.format(wanted)}{less}"


def fields_that_mend(condition: Condition, scope: Scope) -> list[str] | None:
    """Returns the project fields that, set rightly, would make the condition hold here; None where none would."""
    return _to_set(condition, scope, wanted=True, free=False)


def fields_to_set(condition: Condition, scope: Scope) -> list[str]:
    """Returns the project fields without which no record at all can fulfil the condition, in order."""
    return _to_set(condition, scope, wanted=True, free=True) or []


def _to_set(condition: Condition, scope: Scope, *, wanted: bool, free: bool) -> list[str] | None:
    """Returns the fewest project fields to set so that the condition is `wanted`; None where no fields do it.

    `free` says that the record is still to come and can say what is asked. Fields that are set are never proposed
    anew to suit a record; nor is ever the field of those who stood aside (`less`), for that would be escaping.
    """
    if condition.op in ("all", "any", "none"):
        each = wanted if condition.op != "none" else not wanted
        parts = [_to_set(c, scope, wanted=each, free=free) for c in condition.of]
        ways = [part for part in parts if part is not None]
        if wanted == (condition.op == "any"):  # one part will do
            return min(ways, key=len, default=None)
        return None if len(ways) < len(parts) else list(dict.fromkeys(name for way in ways for name in way))
    if _hangs_on_erased(condition, scope):
        return None
    # a share of a project's field is still the record's to fulfil, if it counts what the record says
    of_project = all(path.startswith(PROJECT) for path in (condition.field, *condition.fields))
    if holds(condition, scope) == wanted and (of_project or not free):
        return []
    names = _unset(condition, scope) if wanted else []
    if of_project:
        return names or [_field_name(condition.field)]
    if free:
        return names
    return names if names and scope.value(condition.field) is not None else None


def _unset(condition: Condition, scope: Scope) -> list[str]:
    """Returns the project fields a comparison looks at that are not recorded yet, in the order they are written."""
    found = []
    if condition.field.startswith(PROJECT) and scope.value(condition.field) is None:
        found.append(_field_name(condition.field))
    if condition.project_field is not None and scope.project.get(condition.project_field) is None:
        found.append(condition.project_field)
    return list(dict.fromkeys(found))


def _field_name(path: str) -> str:
    return path.removeprefix(PROJECT).partition(".")[0]
