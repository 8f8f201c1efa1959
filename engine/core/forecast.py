"""A forecast of when stages are left, from how long the same stages took in other projects of the register.

How it is done, so that anybody can do it again:

* A case is a stage of the same workflow that a project left by going on; its days are those of the calendar from
  entering to leaving, time on hold counted, since a forecast answers *when*.
* A percentile is taken by nearest rank: the smallest number of days that at least so many per cent of the cases kept
  to. So it is always a number of days that did occur.
* For the stage at hand only those cases count that lasted at least as long as it has lasted already.
* For the stages ahead days are added up, one stage after the other. The median of a sum is not the sum of the medians,
  so each stage's cases are spread over the same number of imagined projects, for each stage in another fixed order, and
  the percentiles are those of the projects' sums. What a stage took is taken to say nothing about the next.

The order is a lattice (Korobov's rule): of a prime number of projects the one numbered n gets, for the k-th stage
ahead, the case at the place n times a stride to the power of k. With a stride in the golden ratio the cases of the
stages meet each other evenly, closer to all combinations than as many drawn by chance, and there is no chance in it.

Under five cases nothing is said, and after a stage of which nothing is said neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

FEWEST = 5
"""Fewer cases than this say nothing."""

MOST = 200
"""Only so many cases are looked at, those left last: older ones say less about today."""

IMAGINED = 4001
"""How many projects are imagined, a prime. With `MOST` cases or fewer it changes no percentile of a single stage."""

STRIDE = 2473  # the prime times the golden ratio; its powers run through all strides there are
MEDIAN, LIKELY = 50, 85
TOO_FEW = "Fewer than five finished cases; no forecast."


@dataclass(frozen=True, slots=True)
class Forecast:
    """What other projects say of a stage.

    Attributes:
        cases: how many finished cases it rests on.
        median_days, likely_days: what half of them, and 85 in 100, kept to in this stage alone.
        median_on, likely_on: the day it is left by in half, and in 85 in 100, of the imagined projects.
    """

    cases: int
    median_days: int
    likely_days: int
    median_on: date
    likely_on: date


@dataclass(frozen=True, slots=True)
class NoForecast:
    """Nothing can be said of a stage: on how many cases it would rest, and why not, in a sentence."""

    cases: int
    why: str


@dataclass(frozen=True, slots=True)
class Cases:
    """The finished cases of a stage, by its title: how many days each took."""

    title: str
    days: Sequence[int]


def percentile(days: Sequence[int], per_cent: int) -> int:
    """Returns the smallest of some numbers that at least so many per cent of them do not exceed, by nearest rank."""
    return sorted(days)[max(0, -(-len(days) * per_cent // 100) - 1)]


def forecast(here: Cases, ahead: Sequence[Cases], entered: date, lasted: int) -> list[Forecast | NoForecast]:
    """Returns what is said of the stage at hand, then of each one ahead.

    Args:
        here: the stage at hand; ahead: those after it, in their order.
        entered: the day the project came to the stage at hand.
        lasted: how many days it has lasted already.
    """
    longer = [days for days in here.days if days >= lasted]
    if len(here.days) < FEWEST:
        first: Forecast | NoForecast = NoForecast(len(here.days), TOO_FEW)
    elif len(longer) < FEWEST:
        said = f"Fewer than five of {len(here.days)} finished cases lasted as long as this; no forecast."
        first = NoForecast(len(longer), said)
    else:
        sums = _spread(longer, 0)
        first = _said(longer, sums, entered)
    found, silent = [first], here.title
    for place, stage in enumerate(ahead, 1):
        if isinstance(found[-1], NoForecast):
            found.append(NoForecast(len(stage.days), f"No forecast, since there is none for {silent}."))
        elif len(stage.days) < FEWEST:
            silent = stage.title
            found.append(NoForecast(len(stage.days), TOO_FEW))
        else:
            sums = [so_far + days for so_far, days in zip(sums, _spread(stage.days, place), strict=True)]
            found.append(_said(stage.days, sums, entered))
    return found


def _spread(days: Sequence[int], place: int) -> list[int]:
    """Returns the days of as many projects as are imagined, each case as often as another, in the order of a place."""
    ordered, stride = sorted(days), pow(STRIDE, place, IMAGINED)
    return [ordered[n * stride % IMAGINED * len(ordered) // IMAGINED] for n in range(IMAGINED)]


def _said(days: Sequence[int], sums: Sequence[int], entered: date) -> Forecast:
    on = [_after(entered, percentile(sums, per_cent)) for per_cent in (MEDIAN, LIKELY)]
    return Forecast(len(days), percentile(days, MEDIAN), percentile(days, LIKELY), *on)


def _after(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max
