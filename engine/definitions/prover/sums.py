"""Comparisons of counts and shares as sums: from what is asked to numbers, or to a proof that there are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise, product
from typing import Any

from engine.core.conditions import PROJECT
from engine.core.definition import Field
from engine.definitions.prover.linear import AtLeastZero, Undecided, solve
from engine.definitions.prover.literals import Literal, root

MOST_SYSTEMS = 200
REST = "(the others)"


@dataclass(frozen=True, slots=True)
class Sum:
    """Variables, each times a whole number, plus a whole number."""

    times: Mapping[str, int]
    plus: int = 0

    def scaled(self, by: int) -> Sum:
        """Returns the sum `by` times over."""
        return Sum({name: n * by for name, n in self.times.items()}, self.plus * by)

    def __add__(self, other: Sum) -> Sum:
        """Returns both together."""
        times = dict(self.times)
        for name, n in other.times.items():
            times[name] = times.get(name, 0) + n
        return Sum(times, self.plus + other.plus)

    def at_least(self, n: int) -> AtLeastZero:
        """Returns the constraint that the sum is at least `n`."""
        return AtLeastZero(self.times, self.plus - n)

    def at_most(self, n: int) -> AtLeastZero:
        """Returns the constraint that the sum is at most `n`."""
        return AtLeastZero({name: -times for name, times in self.times.items()}, n - self.plus)


@dataclass
class Ledger:
    """The numbers that a set of literals is about; `fixed` are fields whose values are given.

    `bent` says that something was taken for granted that need not be so: a solution counts then, a failure does not.
    """

    fields: Mapping[str, Field]
    fixed: Mapping[str, Any]
    literals: Sequence[Literal]
    there: set[str] = field(default_factory=set)
    bent: bool = False
    _taken_away: list[AtLeastZero] = field(default_factory=list)

    def __post_init__(self) -> None:
        keys = list(dict.fromkeys(key for literal in self.literals for key in _keys(literal)))
        for key in keys:
            if key in self.fixed:
                continue
            asked = any(key in _keys(literal) for literal in self.literals if literal.wanted)
            away = any(key == _away(literal) for literal in self.literals)
            if asked or away or self.fields[key].required:
                self.there.add(key)

    def numbers(self) -> dict[str, Any] | None:
        """Returns a value for each field that must be there; None where no numbers will do.

        Raises:
            Undecided: where neither is certain.
        """
        ways = [self._ways(literal) for literal in self.literals]
        undecided = False
        for place, rows in enumerate(product(*ways)):
            if place >= MOST_SYSTEMS:
                raise Undecided
            try:
                found = solve([*(row for part in rows for row in part), *self._natural(), *self._taken_away])
            except Undecided:
                undecided = True
                continue
            if found is not None:
                return {key: self._filled(key, found) for key in sorted(self.there)}
        if undecided or self.bent:
            raise Undecided
        return None

    def _natural(self) -> Iterator[AtLeastZero]:
        """Yields that counts are never below 0."""
        for key in self.there:
            if self.fields[key].type == "counts":
                for name in self._parts(key):
                    yield Sum({f"{key}.{name}": 1}).at_least(0)

    def _parts(self, key: str) -> list[str]:
        """Returns the parts of a counts field; those nobody names count as one, since only their total matters."""
        of = self.fields[key].of
        paths = {path for literal in self.literals for path in _paths(literal)}
        if any(literal.condition.less is not None for literal in self.literals):
            return list(of)
        named = [name for name in of if f"{key}.{name}" in paths]
        return named if len(named) == len(of) else [*named, REST]

    def _filled(self, key: str, found: Mapping[str, int]) -> Any:
        if self.fields[key].type != "counts":
            return found.get(key, 0)
        parts = {name: found.get(f"{key}.{name}", 0) for name in self._parts(key)}
        rest = parts.pop(REST, 0)
        if rest:
            parts[next(name for name in self.fields[key].of if name not in parts)] = rest
        return {name: n for name, n in parts.items() if n}

    def value(self, path: str, less: str | None = None) -> Sum | None:
        """Returns the number at a path as a sum, with those who stand aside taken away; None where it is absent."""
        key, part = root(path), _part(path)
        if key in self.fixed:
            given = self.fixed[key]
            if given is None:
                return None
            if less is not None:
                self.bent = True
            plain = given if not isinstance(given, dict) else given.get(part, 0) if part else sum(given.values())
            return Sum({}, len(plain) if isinstance(plain, list) else plain)
        if key not in self.there:
            return None
        if self.fields[key].type != "counts":
            return Sum({key: 1})
        parts = [part] if part else self._parts(key)
        whole = Sum({f"{key}.{name}": 1 for name in parts})
        return whole if less is None else self._left(key, parts, less, whole)

    def _left(self, key: str, parts: Iterable[str], less: str, whole: Sum) -> Sum:
        """Takes away those who stand aside, and never more than there are."""
        away, of_away = root(less), _part(less)
        if away in self.fixed or of_away:
            self.bent = True
            given = self.fixed.get(away)
            if given is None:
                return whole
            taken = given if isinstance(given, dict) else {}
            left = Sum({}, 0)
            for name in parts:
                one = Sum({f"{key}.{name}": 1}, -taken.get(name, 0))
                self._taken_away.append(one.at_least(0))
                left += one
            return left
        # whoever counts among them and is told apart by a comparison of its own, or is taken away elsewhere, too, may
        # outnumber those who are there
        elsewhere = any(_away(lit) == away and root(lit.condition.field) != key for lit in self.literals)
        told_apart = any(root(path) == away for lit in self.literals for path in _paths(lit))
        self.bent = self.bent or elsewhere or told_apart
        left = whole
        for name in parts:
            if name in self.fields[away].of:
                one = Sum({f"{key}.{name}": 1, f"{away}.{name}": -1})
                self._taken_away.append(one.at_least(0))
                left += Sum({f"{away}.{name}": -1})
        return left

    def _ways(self, literal: Literal) -> list[list[AtLeastZero]]:
        """Returns the ways in which a literal says what is wanted, each a list of constraints."""
        condition, wanted = literal.condition, literal.wanted
        whole = self.value(condition.field, condition.less)
        if whole is None:
            return [] if wanted else [[]]
        if condition.op == "share":
            return self._share(literal, whole)
        if condition.op == "not_empty":
            counts = self.fields[root(condition.field)].type == "counts"
            if not counts:
                return [[]] if wanted else []
            return [[whole.at_least(1)]] if wanted else [[whole.at_most(0)]]
        asked = condition.value
        if condition.project_field is not None:
            other = self.value(PROJECT + condition.project_field)
            if other is None:
                return [] if wanted else [[]]
            whole, asked = whole + other.scaled(-1), 0
        # one more than are tried, so that what is left out is noticed
        return list(islice(_compared(condition.op, whole, asked, wanted=wanted), MOST_SYSTEMS + 1))

    def _share(self, literal: Literal, whole: Sum) -> list[list[AtLeastZero]]:
        condition = literal.condition
        part = Sum({}, 0)
        for path in condition.fields:
            part += self.value(path, condition.less) or Sum({}, 0)
        over = part.scaled(100) + whole.scaled(-condition.value)
        if literal.wanted:
            return [[whole.at_least(1), over.at_least(0)]]
        if condition.value == 0:
            self.bent = True
        return [[whole.at_most(0)], [over.at_most(-1)]]


def _compared(op: str, whole: Sum, asked: Any, *, wanted: bool) -> Iterator[list[AtLeastZero]]:
    if not wanted:
        opposite = {"equals": "not", "not": "equals", "at_least": "at_most", "at_most": "at_least"}
        if op == "in":
            values = sorted(set(asked))
            yield [whole.at_most(values[0] - 1)]
            for low, high in pairwise(values):
                yield [whole.at_least(low + 1), whole.at_most(high - 1)]
            yield [whole.at_least(values[-1] + 1)]
            return
        moved = {"at_least": asked - 1, "at_most": asked + 1}.get(op, asked)
        yield from _compared(opposite[op], whole, moved, wanted=True)
        return
    match op:
        case "equals":
            yield [whole.at_least(asked), whole.at_most(asked)]
        case "not":
            yield [whole.at_least(asked + 1)]
            yield [whole.at_most(asked - 1)]
        case "in":
            for n in asked:
                yield [whole.at_least(n), whole.at_most(n)]
        case "at_least":
            yield [whole.at_least(asked)]
        case "at_most":
            yield [whole.at_most(asked)]
        case _:
            raise Undecided


def _part(path: str) -> str:
    return path.removeprefix(PROJECT).partition(".")[2]


def _paths(literal: Literal) -> list[str]:
    return [literal.condition.field, *literal.condition.fields]


def _away(literal: Literal) -> str | None:
    return None if literal.condition.less is None else root(literal.condition.less)


def _keys(literal: Literal) -> list[str]:
    found = [root(path) for path in _paths(literal)]
    away = _away(literal)
    if away is not None:
        found.append(away)
    if literal.condition.project_field is not None:
        found.append(PROJECT + literal.condition.project_field)
    return found
