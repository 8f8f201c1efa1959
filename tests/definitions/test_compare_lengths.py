"""Whether a length of time or a wait is longer than another, held against the days that the calendar gives."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

from engine.core.bank_holidays import england_and_wales, uk_any
from engine.core.calendar import add, last_day
from engine.core.definition import Span, Wait
from engine.definitions.comparing.lengths import longer, wait_kind

# two turns of the year, a leap day, Easter and the short month
STARTS = [date(2023, 12, 18) + timedelta(days=n) for n in (*range(20), *range(60, 75), *range(95, 115), 378, 400)]
CALENDARS = {"england-and-wales": england_and_wales(), "uk-any": uk_any()}
SPANS = [Span(n, "days") for n in (1, 7, 8, 14, 26, 28, 29, 30, 31, 35, 360, 365, 366, 375)]
SPANS += [
    Span(1, "weeks"),
    Span(2, "weeks"),
    Span(1, "months"),
    Span(12, "months"),
    Span(1, "years"),
    Span(13, "months"),
]
WAITED = [Span(n, unit) for unit in ("working_days", "days") for n in (1, 5, 7, 8, 10)] + [Span(1, "weeks")]
WAITED += [Span(1, "months")]


def test_a_longer_length_never_ends_sooner() -> None:
    """What is called longer ends no sooner from any day, what is called as long ends on the same day from each.

    Seen to fail when a month was taken for 30 days.
    """
    ends = {span: [add(day, span) for day in STARTS] for span in SPANS}
    for was, now in product(SPANS, SPANS):
        kind = longer(was, now)
        pairs = list(zip(ends[was], ends[now], strict=True))
        if kind in ("more", None):
            assert all(a <= b for a, b in pairs), (was, now)
        if kind in ("less", None):
            assert all(a >= b for a, b in pairs), (was, now)
    assert longer(Span(12, "months"), Span(1, "years")) is None
    assert longer(Span(30, "days"), Span(1, "months")) == "otherwise"


def test_a_wait_that_asks_more_is_never_over_sooner() -> None:
    """Whatever the length, the way of counting and the calendar: a wait told as asking more ends no sooner, ever.

    Seen to fail when counting after the day that follows was told as asking less.
    """
    waits = [
        Wait("notice", "published_on", span, counting, calendar)
        for span, counting, calendar in product(WAITED, ("same_day", "next_day"), CALENDARS)
    ]
    ends = [[last_day(day, w.length, w.counting_from, CALENDARS[str(w.calendar)]) for day in STARTS] for w in waits]
    seen = set()
    for (was, before), (now, after) in product(zip(waits, ends, strict=True), repeat=2):
        kind = wait_kind(was, now, (str(was.calendar), str(now.calendar)))
        seen.add(kind)
        if kind in ("more", None):
            assert all(a <= b for a, b in zip(before, after, strict=True)), (was, now)
        if kind in ("less", None):
            assert all(a >= b for a, b in zip(before, after, strict=True)), (was, now)
    assert seen == {"more", "less", "otherwise", None}
