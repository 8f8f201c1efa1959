"""Forecasts: percentiles by nearest rank, what they are silent about, and sums that anybody can draw again."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.forecast import FEWEST, MOST, TOO_FEW, Cases, Forecast, NoForecast, forecast, percentile

from .worlds import moderate

ENTERED = date(2026, 6, 1)
DAYS = st.lists(st.integers(0, 900), min_size=FEWEST, max_size=MOST)


def said(here: list[int], *ahead: list[int], lasted: int = 0) -> list[Forecast | NoForecast]:
    """Returns the forecast of a stage called A and of those after it, B and so on."""
    stages = [Cases(name, days) for name, days in zip("BCD", ahead, strict=False)]
    return forecast(Cases("A", here), stages, ENTERED, lasted)


def known(one: Forecast | NoForecast) -> Forecast:
    """Returns a forecast; fails where there is none."""
    assert isinstance(one, Forecast), one
    return one


@pytest.mark.parametrize(
    ("days", "per_cent", "found"),
    [
        ([15, 20, 35, 40, 50], 30, 20),
        ([15, 20, 35, 40, 50], 40, 20),
        ([15, 20, 35, 40, 50], 50, 35),
        ([15, 20, 35, 40, 50], 85, 50),
        ([15, 20, 35, 40, 50], 100, 50),
        ([3, 6, 7, 8, 8, 10, 13, 15, 16, 20], 50, 8),
        ([3, 6, 7, 8, 8, 10, 13, 15, 16, 20], 85, 16),
        (list(range(1, 101)), 85, 85),
        ([7], 50, 7),
    ],
)
def test_a_percentile_is_taken_by_nearest_rank(days: list[int], per_cent: int, found: int) -> None:
    """The worked examples of the nearest-rank method come out as they are printed."""
    assert percentile(days, per_cent) == found
    assert percentile(days[::-1], per_cent) == found


@given(DAYS, st.integers(1, 100))
@moderate(60)
def test_a_percentile_is_the_smallest_case_that_enough_kept_to(days: list[int], per_cent: int) -> None:
    """At least so many per cent took so long or less, and no smaller case has that property."""
    found = percentile(days, per_cent)
    share = {day: Fraction(sum(one <= day for one in days), len(days)) for day in days}
    assert found == min(day for day in days if share[day] >= Fraction(per_cent, 100))


def test_under_five_cases_nothing_is_said() -> None:
    """Four finished cases give no forecast and say how many there are; the fifth one gives one.

    Seen to fail when four are enough.
    """
    assert said([10] * 4) == [NoForecast(4, TOO_FEW)]
    assert TOO_FEW == "Fewer than five finished cases; no forecast."
    assert said([10] * 5) == [Forecast(5, 10, 10, date(2026, 6, 11), date(2026, 6, 11))]


ABOUT_FIVE = st.integers(FEWEST - 2, FEWEST + 2).flatmap(lambda n: st.lists(st.integers(0, 90), min_size=n, max_size=n))


@given(st.lists(ABOUT_FIVE, min_size=1, max_size=4), st.integers(0, 60))
@moderate(60)
def test_under_five_cases_it_is_silent_whatever_else_is_known(stages: list[list[int]], lasted: int) -> None:
    """No stage of which fewer than five cases are left speaks, nor any behind it, and each says how many there are.

    Seen to fail when the stages ahead are content with four.
    """
    here, *ahead = stages
    left = [[days for days in here if days >= lasted], *ahead]
    silent = next((n for n, days in enumerate(left) if len(days) < FEWEST), len(left))
    found = said(here, *ahead, lasted=lasted)
    assert [isinstance(one, Forecast) for one in found] == [n < silent for n in range(len(stages))]
    assert [one.cases for one in found] == [len(here) if len(here) < FEWEST else len(left[0]), *map(len, ahead)]


def test_what_has_lasted_longer_is_compared_with_what_lasted_as_long() -> None:
    """Only cases that lasted at least as long count for the stage at hand; under five of them nothing is said."""
    days = [10, 20, 30, 40, 50, 60, 70, 80]
    assert known(said(days, lasted=30)[0]) == Forecast(6, 50, 80, date(2026, 7, 21), date(2026, 8, 20))
    assert known(said(days, lasted=40)[0]).cases == 5
    assert said(days, lasted=41) == [
        NoForecast(4, "Fewer than five of 8 finished cases lasted as long as this; no forecast.")
    ]


def test_after_a_stage_without_a_forecast_there_is_none() -> None:
    """A stage behind one of which nothing can be said is not forecast, and says behind which."""
    assert said([10] * 5, [10] * 4, [10] * 9)[1:] == [
        NoForecast(4, TOO_FEW),
        NoForecast(9, "No forecast, since there is none for B."),
    ]
    assert [type(one) for one in said([], [10] * 9, [10] * 9)] == [NoForecast] * 3


def test_stages_of_one_length_simply_add_up() -> None:
    """Where every case of each stage took the same time, the forecast is the sum, with no spread."""
    assert [known(one).likely_on for one in said([10] * 5, [20] * 6, [30] * 7)] == [
        ENTERED + timedelta(days=days) for days in (10, 30, 60)
    ]


def test_the_sum_of_medians_is_not_the_median_of_the_sum() -> None:
    """Two lopsided stages: the median of both lies where that of all pairs lies, and not at twice the median."""
    lopsided = [10] * 6 + [300] * 4
    pairs = [a + b for a, b in product(lopsided, lopsided)]
    found = known(said(lopsided, lopsided)[1])
    assert percentile(pairs, 50) == 310
    assert found.median_on == ENTERED + timedelta(days=310)
    assert found.median_days == 10


@given(DAYS)
@moderate(60)
def test_imagining_changes_no_percentile_of_the_stage_at_hand(days: list[int]) -> None:
    """For the stage at hand the forecast is the percentile of the cases themselves, to the day."""
    found = known(said(days)[0])
    assert found.median_on == ENTERED + timedelta(days=percentile(days, 50))
    assert found.likely_on == ENTERED + timedelta(days=percentile(days, 85))
    assert (found.median_days, found.likely_days) == (percentile(days, 50), percentile(days, 85))


@given(DAYS, DAYS, st.randoms(use_true_random=False))
@moderate(40)
def test_the_same_cases_give_the_same_forecast_in_any_order(here: list[int], ahead: list[int], by: object) -> None:
    """Asked twice, or with the cases in another order, the forecast is the same, and no stage is before the last."""
    found = said(here, ahead)
    assert said(sorted(here), ahead[::-1]) == found
    first, second = map(known, found)
    assert first.median_on <= second.median_on
    assert first.likely_on <= second.likely_on
    assert second.median_on >= ENTERED + timedelta(days=min(here) + min(ahead))
    assert second.likely_on <= ENTERED + timedelta(days=max(here) + max(ahead))


@given(st.lists(st.integers(0, 400), min_size=5, max_size=30), st.lists(st.integers(0, 400), min_size=5, max_size=30))
@moderate(40)
def test_an_imagined_sum_is_near_the_sum_of_all_pairs(here: list[int], ahead: list[int]) -> None:
    """The percentile of two stages lies between percentiles of all pairs that are one point to either side.

    Seen to fail when both stages are gone through in the same order.
    """
    pairs = [a + b for a, b in product(here, ahead)]
    found = known(said(here, ahead)[1])
    for on, per_cent in ((found.median_on, 50), (found.likely_on, 85)):
        days = (on - ENTERED).days
        assert percentile(pairs, per_cent - 1) <= days <= percentile(pairs, per_cent + 1)


def test_a_forecast_beyond_the_calendar_is_its_last_day() -> None:
    """A sum that no calendar has any more is told as the last day there is, and breaks nothing."""
    late = forecast(Cases("A", [900] * 5), [], date(9999, 1, 1), 0)
    assert known(late[0]).median_on == date.max
