"""Sums of whole numbers with bounds: solved, or shown to have no solution (Fourier and Motzkin's elimination).

A constraint says that a sum of variables, each times a whole number, plus a whole number is at least 0. Eliminating a
variable adds up each pair of constraints that bound it from below and from above, which loses no rational solution; so
when what is left is false, there is no solution, whole or not. Values are then chosen backwards, whole ones only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd

Row = Mapping[str, int]
MOST_CONSTRAINTS = 1_500
MOST_PAIRS = 10_000
"""Most of the pairs that one elimination adds up say the same; more than this would take longer than they are worth."""


@dataclass(frozen=True, slots=True)
class AtLeastZero:
    """`sum(times * variable) + plus >= 0`."""

    times: Row
    plus: int


class Undecided(Exception):
    """Neither a solution was found nor a proof that there is none."""


def solve(constraints: Sequence[AtLeastZero]) -> dict[str, int] | None:
    """Returns whole numbers that keep all constraints, small ones where there is a choice; None where none can.

    Raises:
        Undecided: where the elimination grows too large, or only fractions would do.
    """
    system = [_tight(c) for c in constraints]
    steps: list[tuple[str, list[AtLeastZero]]] = []
    while True:
        if any(not c.times and c.plus < 0 for c in system):
            return None
        system = list({(tuple(sorted(c.times.items())), c.plus): c for c in system if c.times}.values())
        if not system:
            break
        variable = _cheapest(system)
        about = [c for c in system if variable in c.times]
        steps.append((variable, about))
        system = [c for c in system if variable not in c.times]
        lows = sum(c.times[variable] > 0 for c in about)
        if lows * (len(about) - lows) > MOST_PAIRS:
            raise Undecided
        system += [_without(variable, low, high) for low in about for high in about if _bounds(variable, low, high)]
        if len(system) > MOST_CONSTRAINTS:
            raise Undecided
    found: dict[str, int] = {}
    for variable, about in reversed(steps):
        found[variable] = _value(variable, about, found)
    return found


def _tight(c: AtLeastZero) -> AtLeastZero:
    """Returns the constraint in its smallest whole numbers; rounding down loses no whole solution."""
    times = {name: n for name, n in c.times.items() if n}
    common = gcd(*times.values()) if times else 1
    return AtLeastZero({name: n // common for name, n in times.items()}, c.plus // common)


def _cheapest(system: Sequence[AtLeastZero]) -> str:
    """Returns the variable whose elimination makes the fewest new constraints; the first by name of equals."""
    low: dict[str, int] = {}
    high: dict[str, int] = {}
    for c in system:
        for name, n in c.times.items():
            side = low if n > 0 else high
            side[name] = side.get(name, 0) + 1
    return min(sorted(low.keys() | high.keys()), key=lambda name: low.get(name, 0) * high.get(name, 0))


def _bounds(variable: str, low: AtLeastZero, high: AtLeastZero) -> bool:
    return low.times[variable] > 0 > high.times[variable]


def _without(variable: str, low: AtLeastZero, high: AtLeastZero) -> AtLeastZero:
    up, down = low.times[variable], -high.times[variable]
    names = (low.times.keys() | high.times.keys()) - {variable}
    times = {name: down * low.times.get(name, 0) + up * high.times.get(name, 0) for name in names}
    return _tight(AtLeastZero(times, down * low.plus + up * high.plus))


def _value(variable: str, about: Sequence[AtLeastZero], found: Mapping[str, int]) -> int:
    least: int | None = None
    most: int | None = None
    for c in about:
        rest = c.plus + sum(n * found.get(name, 0) for name, n in c.times.items() if name != variable)
        n = c.times[variable]
        if n > 0:
            bound = -(rest // n)  # the smallest whole number with n * value + rest >= 0
            least = bound if least is None else max(least, bound)
        else:
            bound = rest // -n
            most = bound if most is None else min(most, bound)
    if least is not None and most is not None and least > most:
        raise Undecided
    value = 0 if least is None else max(least, 0) if most is None or most >= 0 else least
    return value if most is None else min(value, most)
