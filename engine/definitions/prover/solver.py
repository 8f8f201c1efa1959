"""Finds values of fields for which conditions hold, or shows that there are none.

A condition is taken apart into the ways in which it holds; in each way the fields that are compared with each other
are solved together: by trying every value that can make a difference, or as sums where counts and shares are added up.
What is found is checked by the engine's own conditions before it is believed. What is not found is called impossible
only where every way was shown to be closed; otherwise nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

from engine.core.conditions import PROJECT, holds
from engine.core.definition import Condition, Field
from engine.definitions.prover.linear import Undecided
from engine.definitions.prover.literals import Branch, Literal, branches, roots
from engine.definitions.prover.sums import Ledger
from engine.definitions.prover.values import ABSENT, all_lists_tried, keeps, named_in, scope_of, to_try

MOST_TRIES = 4_000


@dataclass(frozen=True, slots=True)
class Found:
    """Values for which the conditions hold, by field; those of the project under `project.X`, absent ones left out."""

    values: Mapping[str, Any]

    @property
    def record(self) -> dict[str, Any]:
        """Returns the values of the record."""
        return {key: value for key, value in self.values.items() if not key.startswith(PROJECT)}

    @property
    def project(self) -> dict[str, Any]:
        """Returns the values of the project."""
        return {key.removeprefix(PROJECT): v for key, v in self.values.items() if key.startswith(PROJECT)}


@dataclass(frozen=True, slots=True)
class Impossible:
    """There are no such values."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Nothing was found and nothing was shown."""


Outcome = Found | Impossible | Unsure
IMPOSSIBLE, UNSURE = Impossible(), Unsure()


@dataclass(slots=True)
class Space:
    """The fields whose values are looked for.

    `given` are the values of the project where they are known; where it is None the project's fields are free, too.
    """

    record: Mapping[str, Field]
    project: Mapping[str, Field]
    given: Mapping[str, Any] | None = None
    fields: dict[str, Field] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fields = {**self.record, **{PROJECT + name: f for name, f in self.project.items()}}

    def is_given(self, key: str) -> bool:
        """True for a field of a project that is known."""
        return self.given is not None and key.startswith(PROJECT)

    def value(self, key: str) -> Any:
        """Returns the value of a given field; None where it is absent."""
        return (self.given or {}).get(key.removeprefix(PROJECT))

    def solve(self, conditions: Sequence[Condition]) -> Outcome:
        """Returns values for which all the conditions hold together."""
        if not conditions:
            return Found({})
        ways, complete = branches(conditions)
        for way in ways:
            found = self._way(way)
            if isinstance(found, Found):
                scope = scope_of({**self._given_values(), **found.values}, self.record, self.project)
                if all(holds(condition, scope) for condition in conditions):
                    return found
                complete = False
            elif isinstance(found, Unsure):
                complete = False
        return IMPOSSIBLE if complete else UNSURE

    def _given_values(self) -> dict[str, Any]:
        return {PROJECT + name: value for name, value in (self.given or {}).items()}

    def _way(self, way: Branch) -> Outcome:
        values: dict[str, Any] = {}
        unsure = False
        for literals in self._parts(way):
            found = self._part(literals)
            if isinstance(found, Impossible):
                return IMPOSSIBLE
            if isinstance(found, Unsure):
                unsure = True
            else:
                values.update(found.values)
        return UNSURE if unsure else Found(values)

    def _parts(self, way: Branch) -> list[list[Literal]]:
        """Returns the literals in parts that have no unknown field in common."""
        parts: list[tuple[set[str], list[Literal]]] = []
        for literal in way:
            keys = {key for key in roots(literal.condition) if not self.is_given(key)}
            together = [part for part in parts if part[0] & keys] if keys else []
            parts = [part for part in parts if not any(part is other for other in together)]
            merged = [lit for _, literals in together for lit in literals]
            parts.append((keys.union(*(part[0] for part in together)), [*merged, literal]))
        return [literals for _, literals in parts]

    def _part(self, literals: Sequence[Literal]) -> Outcome:
        keys = list(dict.fromkeys(key for literal in literals for key in roots(literal.condition)))
        unknown = [key for key in keys if not self.is_given(key)]
        if not unknown:
            return Found({}) if keeps(literals, scope_of(self._given_values(), {}, self.project)) else IMPOSSIBLE
        if any(lit.condition.op == "share" or lit.condition.less for lit in literals) or any(
            self.fields[key].type == "counts" for key in unknown
        ):
            return self._summed(literals, keys)
        return self._tried(literals, unknown)

    def _summed(self, literals: Sequence[Literal], keys: Iterable[str]) -> Outcome:
        fixed = {key: self.value(key) for key in keys if self.is_given(key)}
        try:
            found = Ledger(self.fields, fixed, literals).numbers()
        except Undecided:
            return UNSURE
        return IMPOSSIBLE if found is None else Found(found)

    def _tried(self, literals: Sequence[Literal], unknown: Sequence[str]) -> Outcome:
        given = self._given_values()
        named = named_in(literals)
        named += [self.value(key) for lit in literals for key in roots(lit.condition) if self.is_given(key)]
        flat = [
            item for value in named if value is not None for item in (value if isinstance(value, list) else [value])
        ]
        each = []
        for key in unknown:
            values = to_try(self.fields[key], [v for v in flat if _suits(self.fields[key], v)])
            each.append(values[:-1] if self.fields[key].required else values)
        if prod(len(values) for values in each) > MOST_TRIES:
            return UNSURE
        for chosen in product(*each):
            found = {key: value for key, value in zip(unknown, chosen, strict=True) if value is not ABSENT}
            if keeps(literals, scope_of({**given, **found}, self.record, self.project)):
                return Found(found)
        lists = any(self.fields[key].type == "list" for key in unknown)
        exact = len(unknown) == 1 or (len(unknown) == 2 and not lists)
        return IMPOSSIBLE if exact and all_lists_tried(self.fields[unknown[0]], flat) else UNSURE


def _suits(field: Field, value: Any) -> bool:
    """True where a named value can be one of this field, or an item of its list."""
    kind = field.of[0] if field.type == "list" and field.of else field.type
    if kind in ("integer", "money", "records"):
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "date":
        return isinstance(value, str) and len(value) == 10 and value[4:5] == value[7:8] == "-"
    return True
