"""The three limbs of the equality duty, the nine protected characteristics, and the words for them.

Equality Act 2010, section 149. Marriage and civil partnership is looked at under the first limb only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

LIMBS: Final = {
    "eliminate": "stopping discrimination, harassment and victimisation",
    "advance": "advancing equality of opportunity",
    "foster": "fostering good relations",
}

IMPACTS: Final = ("positive", "neutral", "negative", "unknown")


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A protected characteristic: its id in fields, its name for people, and the limbs it is looked at under."""

    id: str
    title: str
    limbs: tuple[str, ...] = tuple(LIMBS)

    @property
    def cells(self) -> tuple[tuple[str, str], ...]:
        """The limbs with the field that holds the impact under each."""
        return tuple((limb, f"{self.id}_{limb}") for limb in self.limbs)


CHARACTERISTICS: Final = (
    Characteristic("age", "age"),
    Characteristic("disability", "disability"),
    Characteristic("gender_reassignment", "gender reassignment"),
    Characteristic("marriage", "marriage and civil partnership", ("eliminate",)),
    Characteristic("pregnancy", "pregnancy and maternity"),
    Characteristic("race", "race"),
    Characteristic("religion", "religion or belief"),
    Characteristic("sex", "sex"),
    Characteristic("orientation", "sexual orientation"),
)

IDS: Final = tuple(one.id for one in CHARACTERISTICS)


def cells() -> Iterator[tuple[Characteristic, str, str]]:
    """Yields every characteristic, limb and field of the assessment in which an impact stands."""
    for one in CHARACTERISTICS:
        for limb, field in one.cells:
            yield one, limb, field


def named(some: Iterable[Characteristic]) -> str:
    """Returns characteristics as people list them: `age, race and sex`."""
    return listed(one.title for one in some)


def listed(words: Iterable[str]) -> str:
    """Returns words as people list them, with an `and` before the last."""
    found = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""
