"""Keeps small numbers out of what people read: 1 to 4 people can often be named by those who know the place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SMALLEST_SHOWN: Final = 5
"""From this number on a number is shown; 0 is, too, for nobody can be known by it."""
FEW: Final = "<5"
"""What stands in JSON for a number of 1 to 4."""
UNTOLD: Final = "hidden"
"""What stands in JSON for a larger number that would give a small one away."""
IN_WORDS: Final[Mapping[str, str]] = {FEW: "fewer than 5", UNTOLD: "not shown"}


def is_few(number: int) -> bool:
    """True for the numbers that are not shown: 1 to 4."""
    return 1 <= number < SMALLEST_SHOWN


def covered(counts: Mapping[str, int]) -> dict[str, int | str]:
    """Returns the parts of a count as they may be shown.

    Where just one part is small, the smallest of the others is not shown either: whoever knows the total could work
    the small one out by taking the rest away.
    """
    few = [name for name, number in counts.items() if is_few(number)]
    found: dict[str, int | str] = {name: FEW if is_few(number) else number for name, number in counts.items()}
    others = [(number, name) for name, number in counts.items() if number >= SMALLEST_SHOWN]
    if len(few) == 1 and others:
        found[min(others)[1]] = UNTOLD
    return found
