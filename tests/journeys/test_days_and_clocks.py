"""Time: days begin at midnight in London, summer or winter, and a clock that is wrong writes nothing wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from engine.api import InputRefused, RulesRefused

from .town import LEAD, LONDON, MANAGER, PROJECT, Town, refused


def shift(town: Town, **by: float) -> None:
    """Puts the clock a step after (or before) the last entry."""
    last = datetime.fromisoformat(town.leaves(town.size - 1)[0]["at"])
    town.clock.set(last + timedelta(**by))


@pytest.mark.parametrize("behind", [0.000001, 1, 1.999])
def test_a_clock_a_little_behind_is_borne_and_time_does_not_go_back(town: Town, behind: float) -> None:
    """A clock up to two seconds behind the last entry writes, under the last entry's moment."""
    town.open()
    last = town.leaves(town.size - 1)[0]["at"]
    shift(town, seconds=-behind)
    seq = town.engine.hold(PROJECT, "A pause", actor=MANAGER)["seq"]
    assert town.leaves(seq)[0]["at"] == last


@pytest.mark.parametrize("behind", [timedelta(seconds=3), timedelta(hours=1), timedelta(days=400)])
def test_a_clock_far_behind_writes_nothing(town: Town, behind: timedelta) -> None:
    """A clock more than two seconds behind the last entry refuses every write, and reading goes on."""
    town.open()
    record = town.add("mandate")
    size = town.size
    shift(town, seconds=-behind.total_seconds())
    for write in (
        lambda: town.engine.hold(PROJECT, "A pause", actor=MANAGER),
        lambda: town.engine.withdraw(record, "Wrong", actor=LEAD),
        lambda: town.engine.add_person("new@example.org", "New", actor="admin@example.org"),
        lambda: town.engine.new_project("T", "two-gates", fields={"lifetime_value": 1}, actor=MANAGER),
    ):
        refused(RulesRefused, "clock_behind", write)
    assert town.size == size
    assert town.engine.gate(PROJECT)["open"] is False


# moments in UTC, and the day it is then in London: summer begins on 28 March 2027 and ends on 31 October
DAYS = {
    "2027-03-27T23:59:59": "2027-03-27",
    "2027-03-28T00:30:00": "2027-03-28",
    "2027-03-28T22:59:59": "2027-03-28",
    "2027-03-28T23:00:00": "2027-03-29",
    "2027-06-30T22:59:59": "2027-06-30",
    "2027-06-30T23:00:00": "2027-07-01",
    "2027-10-30T23:00:00": "2027-10-31",
    "2027-10-31T00:30:00": "2027-10-31",
    "2027-10-31T01:30:00": "2027-10-31",
    "2027-10-31T23:59:59": "2027-10-31",
    "2027-11-01T00:00:00": "2027-11-01",
    "2027-12-31T23:59:59": "2027-12-31",
    "2028-02-29T12:00:00": "2028-02-29",
}


@pytest.mark.parametrize(("moment", "day"), DAYS.items())
def test_a_day_is_a_day_in_london(town: Town, moment: str, day: str) -> None:
    """What happens at a moment is recorded on the day it then is in London; that day is not the future, the next is."""
    town.open()
    town.clock.set(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    tomorrow = (datetime.fromisoformat(day) + timedelta(days=1)).date().isoformat()
    shown = town.engine.evidence_show(town.add("mandate", happened_on=day))
    assert shown["happened_on"] == town.engine.gate(PROJECT)["as_of"] == day
    assert shown["recorded_at"].startswith(moment)
    assert town.engine.evidence_show(town.add("mandate"))["happened_on"] == day, "today, where nothing is said"
    refused(InputRefused, None, lambda: town.add("mandate", happened_on=tomorrow))


def test_a_wait_is_over_at_midnight_in_london(town: Town) -> None:
    """A wait over a change of the clocks is over when the day begins in London, not when it begins in UTC."""
    town.open(regime="psr")
    town.pass_plan()
    town.on("2027-03-26")
    town.add("market-notice", facts={"published_on": "2027-03-16"})
    [wait] = [r for r in town.engine.gate(PROJECT)["requirements"] if r["id"] == "notice-wait"]
    assert (wait["state"], wait["needs"][0]["not_before"]) == ("pending", "2027-04-01"), "Good Friday is the 26th"
    town.clock.set(datetime(2027, 3, 31, 22, 59, 59, tzinfo=UTC))
    assert town.states()["notice-wait"] == "pending"
    town.clock.set(datetime(2027, 3, 31, 23, 0, 0, tzinfo=UTC))
    assert town.states()["notice-wait"] == "met"


def test_freshness_ends_at_midnight_in_london(town: Town) -> None:
    """The last day of freshness ends when it ends in London, also on the long day in October."""
    town.open(priority_groups="Roma")
    town.on("2026-10-31")
    town.add("outreach", facts={"attendance": {"carer": 1}, "groups_heard": "Roma"})
    for moment, state in (
        (datetime(2027, 10, 31, 23, 59, 59, tzinfo=UTC), "met"),
        (datetime(2027, 11, 1, 0, 0, 0, tzinfo=UTC), "unmet"),
    ):
        town.clock.set(moment)
        assert town.states()["outreach"] == state


def test_the_day_and_the_moment_of_a_record_agree(town: Town) -> None:
    """However near to midnight a record is handed in, the day in it is the day of the moment in it."""
    town.open()
    for n in range(1, 9):
        midnight = datetime(2026, 6, 1, tzinfo=LONDON) + timedelta(days=n)
        town.clock.set(midnight - timedelta(microseconds=n))
        leaf = json.loads(
            town.engine.leaf(town.engine.add_evidence(PROJECT, "market-meeting", facts=CARER, actor=LEAD)["seq"])
        )
        day = datetime.fromisoformat(leaf["at"]).astimezone(LONDON).date().isoformat()
        assert leaf["body"]["recorded_on"] == day


CARER = {"attendance": {"carer": 1}}
