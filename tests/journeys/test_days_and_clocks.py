"""Time: days begin at midnight in London, summer or winter, and a clock that is wrong writes nothing wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from engine.api import InputRefused, RulesRefused, Settings, settings_from

from .town import COCHAIR, LEAD, LONDON, MANAGER, PROJECT, Town, refused


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


def the_wait(town: Town, **at: str) -> tuple[str, str, list[str]]:
    """Returns the state of the wait, the day it is over, and what it says."""
    [wait] = [r for r in town.engine.gate(PROJECT, **at)["requirements"] if r["id"] == "notice-wait"]
    return wait["state"], next((act["not_before"] for act in wait["needs"]), ""), wait["why"]


def at_the_wait(town: Town) -> None:
    """Brings the project to the wait: a notice of 30 March 2026, with Easter in between."""
    town.open(regime="psr")
    town.pass_plan()
    town.add("market-notice", facts={"published_on": "2026-03-30"})


MOURNING = {"COCYCLE_EXTRA_HOLIDAYS": "2026-04-09=Day of mourning"}


def test_a_wait_says_how_it_was_counted_on_every_day_it_is_asked_about(town: Town) -> None:
    """`--at` before, on and after the last day: pending until that day has ended, over on the next, by one count."""
    at_the_wait(town)
    for day, state in (("2026-04-01", "pending"), ("2026-04-14", "pending"), ("2026-04-15", "met")):
        found, _, why = the_wait(town, at=day)
        assert found == state, day
        assert "the 8th and last is 14 April 2026." in why[1]
        assert why[2] == "Not counted: weekends, Good Friday 3 April and Easter Monday 6 April."
    assert the_wait(town, at="2026-04-15")[2][-1] == "It has been over since 15 April 2026."


def test_an_extra_holiday_moves_a_wait_and_is_named(town: Town) -> None:
    """A holiday of the setting makes the wait a day longer, and the answer names it; without the setting it does not.

    Seen to fail when only writes went by the setting, and readings by the table alone.
    """
    at_the_wait(town)
    assert the_wait(town, at="2026-04-10")[1] == "2026-04-15"
    town.reopen(settings=Settings(str(town.path), extra_holidays=settings_from(MOURNING).extra_holidays))
    state, over, why = the_wait(town, at="2026-04-10")
    assert (state, over) == ("pending", "2026-04-16")
    assert "Not counted either, by a setting of this register: Day of mourning 9 April." in why
    assert the_wait(town, at="2026-04-15")[0] == "pending"
    town.reopen()
    assert the_wait(town, at="2026-04-15")[0] == "met"


def test_an_act_goes_by_the_extra_holidays_and_the_ledger_by_none(town: Town) -> None:
    """What the setting delays is refused until then; where the setting is not known the same act is granted.

    The ledger keeps what was decided, so it verifies on either machine.
    Seen to fail when the moment of an act carried the calendar without the setting.
    """
    town.open(regime="psr")
    town.pass_plan()
    town.fill_design()
    town.add("market-notice", facts={"published_on": "2026-06-01"})
    assert the_wait(town)[1] == "2026-06-13"
    extra = settings_from({"COCYCLE_EXTRA_HOLIDAYS": "2026-06-11"}).extra_holidays
    town.reopen(settings=Settings(str(town.path), extra_holidays=extra))
    town.on("2026-06-13")
    refused(RulesRefused, "gate_shut", lambda: town.engine.decide(PROJECT, actor=COCHAIR))
    assert town.engine.verify()["ok"]
    town.reopen()
    town.engine.decide(PROJECT, actor=COCHAIR)
    assert town.engine.verify()["ok"]


def test_the_target_of_a_stage_is_the_same_on_every_machine(town: Town) -> None:
    """The day a stage should be left is stored, and is counted without the setting, so that every audit agrees.

    Seen to fail when that day was counted now with an extra holiday and now without.
    """
    town.engine.load_definition(SOON, "soon.yaml", actor="admin@example.org")
    extra = settings_from({"COCYCLE_EXTRA_HOLIDAYS": "2026-06-02=Day of mourning"}).extra_holidays
    town.reopen(settings=Settings(str(town.path), extra_holidays=extra))
    town.engine.new_project("Soon", "soon", project_id="S-1", actor=MANAGER)
    assert town.engine.verify()["ok"]
    town.reopen()
    assert town.engine.verify()["ok"]


SOON = b"""
cocycle: 1
id: soon
version: "1"
title: Soon
stages:
  - {id: start, target: 2 working days, transitions: [{id: advance, to: done}]}
  - {id: done, final: true}
"""

WRITTEN = {
    "2026-05-08": [("2026-05-08", "Extra holiday")],
    " 2027-06-02 = Jubilee , 2026-05-08=Day of mourning,": [
        ("2026-05-08", "Day of mourning"),
        ("2027-06-02", "Jubilee"),
    ],
    "2026-05-08=A = B": [("2026-05-08", "A = B")],
    "": [],
    " , ": [],
}


@pytest.mark.parametrize(("written", "read"), WRITTEN.items())
def test_extra_holidays_are_read_as_they_are_written(written: str, read: list[tuple[str, str]]) -> None:
    """Dates stand between commas, each with its name after = or without one, and come out in the order of the days."""
    found = settings_from({"COCYCLE_EXTRA_HOLIDAYS": written}).extra_holidays
    assert [(day.isoformat(), name) for day, name in found] == read


WRONG = {
    "tomorrow": "“tomorrow” must be a date, written like 2026-06-30.",
    "2026-02-30": "“2026-02-30”: 2026-02-30 is not a day of the calendar.",
    "8.5.2026=Day of mourning": "“8.5.2026” must be a date, written like 2026-06-30.",
    "2026-05-08=": "The name of “2026-05-08” must not be empty.",
    "2036-05-08": "“2036-05-08” is not in the years 2015 to 2035 of the calendars.",
    "2026-05-08,2026-05-08=Twice": "“2026-05-08” stands there twice; leave one of them out.",
    "2026-05-08=" + "a" * 81: "The name of “2026-05-08” has 81 characters; 80 is the most.",
    "2026-05-08=a\x1b[2J": "The name of “2026-05-08” holds a control character; take it out.",
    "\x1b[2J" + "z" * 99: "“?[2Jzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz…” must be a date, written like 2026-06-30.",
    "=Name": "“” must be a date, written like 2026-06-30.",
}


@pytest.mark.parametrize(("written", "said"), WRONG.items())
def test_extra_holidays_that_cannot_be_read_are_refused(written: str, said: str) -> None:
    """A date that cannot be used is said in one sentence and is never left out quietly: a wait would be too short."""
    refusal = refused(InputRefused, None, lambda: settings_from({"COCYCLE_EXTRA_HOLIDAYS": written}))
    assert refusal.message == f"COCYCLE_EXTRA_HOLIDAYS cannot be used. {said}"


def test_all_mistakes_of_the_extra_holidays_are_told_at_once() -> None:
    """Two mistakes are told together, beside a date that is right."""
    refusal = refused(InputRefused, None, lambda: settings_from({"COCYCLE_EXTRA_HOLIDAYS": "soon,2026-05-08,late"}))
    assert refusal.message.count("must be a date") == 2


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
