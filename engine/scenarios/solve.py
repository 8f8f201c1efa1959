"""Facts that make conditions hold: begins with none, and mends one condition after the other until all of them do.

It knows the closed operators and nothing else, and trusts itself with nothing: what it returns was put before the
judge's own `holds`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine.core.conditions import Scope, holds, reasons
from engine.core.definition import Condition, Field

MOST_ROUNDS = 30
MOST_TURNS = 4
OF_PROJECT = "project."
MANY = 100
"""What a number is set to where a share of it is asked and it is not known yet."""


class Unsolvable(Exception):
    """No facts were found that make the conditions hold; the message says which do not."""


@dataclass(slots=True)
class Facts:
    """The facts of a record in the making.

    Attributes:
        records: the ids of records of the same project that it may cite.
        today: the day it is made.
        turn: which of several ways is tried first.
    """

    fields: Mapping[str, Field]
    project: Mapping[str, Any]
    project_fields: Mapping[str, Field]
    records: Sequence[str]
    today: date
    facts: dict[str, Any]
    turn: int = 0

    def scope(self) -> Scope:
        """Returns what a condition can see."""
        return Scope(self.project, self.project_fields, self.facts, self.fields)

    def value(self, path: str, less: str | None = None) -> Any:
        """Returns the value at a path, 0 for a number that is not there yet."""
        return self.scope().value(path, less)

    def put(self, path: str, value: Any) -> None:
        """Sets a field or a part of counts; a total is reached by its first part. What is the project's stays."""
        if path.startswith(OF_PROJECT):
            return
        name, _, part = path.partition(".")
        field = self.fields[name]
        if field.type == "records":
            self.facts[name] = list(self.records[: max(int(value), 0)])
        elif field.type != "counts":
            self.facts[name] = value
        else:
            counts = self.facts.setdefault(name, {})
            part = part or field.of[0]
            others = 0 if "." in path else sum(n for p, n in counts.items() if p != part)
            counts[part] = max(int(value) - others, 0)


def solved(made: Facts, conditions: Sequence[Condition]) -> dict[str, Any]:
    """Returns facts for which every condition holds, beginning with those that are there.

    Two conditions may undo what was done for the other. Then it begins anew and takes other ways first.

    Raises:
        Unsolvable: none were found.
    """
    first = deepcopy(made.facts)
    for made.turn in range(MOST_TURNS):
        made.facts = deepcopy(first)
        if _all_mended(made, conditions):
            return made.facts
    left = [r for c in conditions for r in reasons(c, made.scope())]
    raise Unsolvable(" ".join(left))


def _all_mended(made: Facts, conditions: Sequence[Condition]) -> bool:
    """Mends one condition after the other; True once all of them hold, False where that leads nowhere."""
    for _ in range(MOST_ROUNDS):
        wrong = [c for c in conditions if not holds(c, made.scope())]
        if not wrong:
            return True
        before = deepcopy(made.facts)
        for condition in wrong:
            _mend(made, condition)
        if made.facts == before:
            break
    return False


def _mend(made: Facts, condition: Condition) -> None:
    """Changes the facts towards a condition that does not hold."""
    if holds(condition, made.scope()):
        return
    op = condition.op
    if op == "all":
        for part in condition.of:
            _mend(made, part)
    elif op == "none":
        for part in condition.of:
            _break(made, part)
    elif op == "any":
        _mend_one(made, condition.of)
    elif op == "share":
        _mend_share(made, condition)
    else:
        _mend_value(made, condition)


def _mend_one(made: Facts, ways: Sequence[Condition]) -> None:
    """Takes the first way that works by itself, beginning with the one whose turn it is; else none."""
    before, first = made.facts, made.turn % len(ways)
    for way in (*ways[first:], *ways[:first]):
        made.facts = deepcopy(before)
        _mend(made, way)
        if holds(way, made.scope()):
            return
    made.facts = before


def _mend_value(made: Facts, condition: Condition) -> None:
    path, op = condition.field, condition.op
    wanted = condition.value if condition.project_field is None else made.project.get(condition.project_field)
    if op == "not_empty":
        made.put(path, _something(made, path))
        return
    if wanted is None or path.startswith(OF_PROJECT):
        return
    if op == "equals":
        made.put(path, wanted)
    elif op == "in":
        made.put(path, wanted[0])
    elif op == "not":
        made.put(path, _other(made, path, wanted))
    elif op in ("at_least", "at_most") and isinstance(wanted, int):
        made.put(path, wanted + (_away(made, path, condition.less) if op == "at_least" else 0))
    elif op in ("at_least", "at_most"):
        made.put(path, wanted)
    elif op in ("before", "after"):
        day = date.fromisoformat(str(wanted)) + timedelta(days=1 if op == "after" else -1)
        made.put(path, day.isoformat())
    elif op == "includes_all_of":
        have = made.facts.get(path) or []
        made.put(path, [*have, *(item for item in wanted if item not in have)])


def _away(made: Facts, path: str, less: str | None) -> int:
    """Returns how many of those that a path counts stood aside; `less` is a whole counts field."""
    if less is None:
        return 0
    part = path.removeprefix(OF_PROJECT).partition(".")[2]
    return int(made.value(f"{less}.{part}" if part else less) or 0)


def _mend_share(made: Facts, condition: Condition) -> None:
    """Raises the first part of a share that is the record's until it is reached; an unknown whole is set first."""
    if not made.value(condition.field):
        made.put(condition.field, MANY if made_type(made, condition.field) == "integer" else 1)
    path = next((f for f in condition.fields if not f.startswith(OF_PROJECT)), None)
    for _ in range(MANY * MANY):
        if path is None or holds(condition, made.scope()):
            return
        made.put(path, (made.value(path) or 0) + 1)


def made_type(made: Facts, path: str) -> str:
    """Returns the type of a field of the record; empty for one of the project."""
    found = made.fields.get(path.partition(".")[0])
    return "" if found is None or path.startswith(OF_PROJECT) else found.type


def _break(made: Facts, condition: Condition) -> None:
    """Changes the facts so that a condition no longer holds."""
    if not holds(condition, made.scope()):
        return
    op, path, wanted = condition.op, condition.field, condition.value
    if op in ("all", "any"):
        for part in condition.of[:1] if op == "all" else condition.of:
            _break(made, part)
    elif op == "none":
        _mend_one(made, condition.of)
    elif path.startswith(OF_PROJECT):
        return
    elif op in ("at_least", "at_most") and isinstance(wanted, int):
        made.put(path, wanted - 1 if op == "at_least" else wanted + 1)
    elif op in ("equals", "in"):
        made.put(path, _other(made, path, *(wanted if op == "in" else [wanted])))
    else:
        made.facts.pop(path.partition(".")[0], None)


def _something(made: Facts, path: str) -> Any:
    """Returns a value of a field that says something."""
    field = made.fields.get(path.partition(".")[0])
    if field is None:
        return None
    first: Mapping[str, Any] = {
        "text": "As the group wrote it.",
        "integer": 1,
        "money": 100,
        "date": made.today.isoformat(),
        "choice": field.of[0] if field.of else "",
        "yes_no": True,
        "counts": 1,
        "records": 1,
    }
    return [_item(made, field)] if field.type == "list" else first[field.type]


def _item(made: Facts, field: Field) -> Any:
    kinds: Mapping[str, Any] = {"integer": 1, "money": 100, "date": made.today.isoformat(), "yes_no": True}
    if field.of[:1] == ("choice",):
        return field.of[1]
    return kinds.get(field.of[0] if field.of else "text", "As the group said it")


def _other(made: Facts, path: str, *taken: Any) -> Any:
    """Returns a value of a field that is none of those."""
    field = made.fields.get(path.partition(".")[0])
    if field is not None and field.type == "choice":
        return next((o for o in field.of if o not in taken), field.of[0])
    if any(isinstance(t, bool) for t in taken):
        return True not in taken
    if any(isinstance(t, int) for t in taken):
        return max(t for t in taken if isinstance(t, int)) + 1
    return "Something else"


def required(made: Facts) -> None:
    """Gives every field that must be filled in a value, where it has none."""
    for field in made.fields.values():
        if field.id in made.facts:
            continue
        if field.default is not None:
            made.facts[field.id] = deepcopy(field.default)
        elif field.required:
            made.put(field.id, _something(made, field.id))
