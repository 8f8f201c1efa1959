"""Every way in which one condition is broken on purpose: a number moved by one, a part left out, nobody taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Json = dict[str, Any]
Path = tuple[str | int, ...]
POINTS: Final = 10
"""By how many per cent a share is lowered."""
POUND: Final = 100
"""By how much an amount of money is moved, in pence."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a condition and what is put in its place."""

    path: Path
    value: Any
    kind: str
    change: str
    words: str


def conditions_broken(condition: Json | None, document: Json) -> Iterator[Slot]:
    """Yields every break of a condition, each with the path of what is replaced; nothing for no condition."""
    if condition is not None:
        yield from _broken(condition, (), _money_fields(document))


def _broken(condition: Json, path: Path, money: frozenset[str]) -> Iterator[Slot]:
    op = condition["op"]
    if op in ("all", "any", "none"):
        for n, part in enumerate(condition["of"]):
            yield from _broken(part, (*path, "of", n), money)
            if len(condition["of"]) > 1 and op != "any":
                left = condition | {"of": condition["of"][:n] + condition["of"][n + 1 :]}
                said = shown(part)
                yield Slot(path, left, "part of a rule dropped", f"{said} dropped", f"whether or not {said}")
        return
    if condition.get("less"):
        said = f"without taking away {condition['less']}"
        yield Slot(path, condition | {"less": None}, "less dropped", f"{shown(condition)}: less dropped", said)
    if op == "share":
        lower = max(condition["value"] - POINTS, 0)
        change = f"{shown(condition)} -> {lower}%"
        words = f"with {lower}% in place of {condition['value']}%"
        yield Slot(path, condition | {"value": lower}, "share lowered", change, words)
    elif op in ("at_least", "at_most") and isinstance(condition["value"], int):
        by = POUND if condition["field"] in money else 1
        moved = condition["value"] + (-by if op == "at_least" else by)
        change = f"{shown(condition)} -> {moved}"
        words = f"at {moved} in place of {condition['value']} ({condition['field']})"
        yield Slot(path, condition | {"value": moved}, "number lowered", change, words)


def _money_fields(document: Json) -> frozenset[str]:
    """Returns the paths of all fields that hold money; a name that means money in one kind is taken for it in all."""
    found = {f"project.{f['id']}" for f in document["fields"] if f["type"] == "money"}
    return frozenset(found | {f["id"] for k in document["evidence"] for f in k["fields"] if f["type"] == "money"})


def shown(condition: Mapping[str, Any]) -> str:
    """Returns a condition in few words, as the id of a break names it."""
    op = condition["op"]
    if op in ("all", "any", "none"):
        return f"{op} of ({', '.join(shown(c) for c in condition['of'])})"
    if op == "share":
        return f"share of {' and '.join(condition['fields'])} in {condition['field']} {condition['value']}%"
    value = condition["value"]
    if condition.get("project_field"):
        value = f"project.{condition['project_field']}"
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, list):
        value = ", ".join(map(str, value))
    return f"{condition['field']} {op}" + ("" if op == "not_empty" else f" {value}")
