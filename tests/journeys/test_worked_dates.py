"""Dates worked out by hand from the rules, and found by a register in which they were never typed in.

The first table is the history of the samples, read back from the ledger as it stood on a day: each date is one that the
story of the sample says, or follows from it. The second hands a notice or a contract in to a sample whose procurement
is under way. The arithmetic stands beside each: in brackets how many days are counted so far, in square brackets what
is left out. Every date is looked up twice, as it is derived and as it is kept in a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.core.deadlines_derived import derive
from engine.past import past, sight_of
from engine.room import calendar_of
from terminal.playing import ADMIN, LONDON, Act, Played, perform, play

BUYING = "CC-008"
WRITTEN_ON = datetime(2031, 6, 2, 9, 0, tzinfo=LONDON)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The samples, played once; what the tests of this page hand in comes on top, always the newest of its kind."""
    where: Path = tmp_path_factory.mktemp("dates") / "samples.db"
    played = play(where)
    played.clock.set(WRITTEN_ON)
    played.engine.confirm_clock(actor=ADMIN)
    yield played
    assert played.engine.verify()["problems"] == []
    played.engine.close()


def stood(played: Played, project: str, day: str) -> dict[str, str]:
    """Returns the days of a project's deadlines by what they are about, from the ledger as it stood on a day."""
    engine = played.engine
    with engine.database.read() as tx:
        sight = sight_of(past(tx, engine.room, project, day), engine.room, None)
    found = derive(sight.workflow, sight.project, sight.today, sight.calendar, calendar_of(sight.workflow))
    assert not found.not_known
    return {d.subject: d.due.isoformat() for d in found.deadlines}


HISTORY = [
    # Crisis cafés, most suitable provider. 14 days beginning with 17 February: 17 to 28 (12), 1 and 2 March (14).
    ("CC-001", "2025-02-17", "intended-approach-wait", "2025-03-03"),
    # Notice on Easter Tuesday, 22 April; [23] 24, 25 (2) 28-30 (5) 1, 2 May (7) [5, bank holiday] 6 (8); over the 7th.
    ("CC-001", "2025-04-22", "standstill-psr", "2025-05-07"),
    # Contract of 8 May: 23 days of May are left, and 7 of June make 30.
    ("CC-001", "2025-05-08", "award-confirmation", "2025-06-07"),
    # 23-25 April (3) 28-2 May (8) [5 May] 6-9 (12) 12-16 (17) 19-21 (20).
    ("CC-001", "2025-05-08", "feedback", "2025-05-21"),
    # Awarded in the year to 31 March 2026; six months after that.
    ("CC-001", "2025-05-08", "publications", "2026-09-30"),
    # Emotional wellbeing, competitive. Notice on Monday 9 February; [10] 11-13 (3) 16-20 (8).
    ("CC-002", "2026-02-09", "standstill-psr", "2026-02-21"),
    # Further decision on Monday 2 March, in the longer of two readings; [3] 4-6 (3) 9, 10 (5).
    ("CC-002", "2026-03-02", "representation-wait", "2026-03-11"),
    # Contract of 11 March: 20 days of March are left, and 10 of April make 30.
    ("CC-002", "2026-03-11", "award-confirmation", "2026-04-10"),
    # 10-13 February (4) 16-20 (9) 23-27 (14) 2-6 March (19) 9 (20).
    ("CC-002", "2026-03-11", "feedback", "2026-03-09"),
    # Awarded on 11 March 2026, twenty days before the year ends, and not yet through the gate.
    ("CC-002", "2026-06-30", "publications", "2026-09-30"),
    # The stage was entered on 29 September 2025: 52 weeks are 364 days.
    ("CC-002", "2026-06-30", "procure", "2026-09-28"),
    # Supported housing, light touch. Monday 22 September counts: 22-26 (5) 29-1 October (8).
    ("CC-004", "2025-09-22", "standstill-light-touch", "2025-10-02"),
    # Signed on 8 October: 23 left (23), November (53), December (84), January (115), 5 February (120).
    ("CC-004", "2025-10-08", "contract-details", "2026-02-05"),
    # 23-26 September (4) 29-3 October (9) 6-10 (14) 13-17 (19) 20 (20).
    ("CC-004", "2025-10-08", "feedback", "2025-10-20"),
    # Pathway renewal, direct award C. Notice on Monday 7 July; [8] 9-11 (3) 14-18 (8).
    ("CC-006", "2025-07-07", "standstill-psr", "2025-07-19"),
    # Contract of 21 July: 10 days of July are left, and 20 of August make 30.
    ("CC-006", "2025-07-21", "award-confirmation", "2025-08-20"),
    # The inherited assessment was made on 14 July 2025 and counts for twelve months.
    ("CC-007", "2026-06-30", "equality-inherited", "2026-07-14"),
    # Opened on 9 February 2026: 26 weeks are 182 days; 19 of February, 31, 30, 31, 30 and 31 are 172, and 10 of August.
    ("CC-007", "2026-06-30", "plan", "2026-08-10"),
]


@pytest.mark.parametrize(("project", "day", "subject", "due"), HISTORY)
def test_the_history_of_the_samples_had_these_deadlines(
    played: Played, project: str, day: str, subject: str, due: str
) -> None:
    """On the day it says, each project had the deadline it says, counted as it is written beside the table.

    Seen to fail when 5 May 2025 is a working day, when a yearly summary is of the year in which the gate was passed,
    and when the standstill begins with the day after the notice.
    """
    assert stood(played, project, day)[subject] == due


# The route, what is handed in and its day, what then has a deadline, and the day.
NOTICES = [
    # --- standstill of the Provider Selection Regime: the day after the notice is left out, then eight working days
    ("psr_competitive", "award-notice", "2026-02-02", "standstill-psr", "2026-02-14"),  # [3] 4-6 (3) 9-13 (8)
    ("psr_competitive", "award-notice", "2026-02-05", "standstill-psr", "2026-02-19"),  # [6] 9-13 (5) 16-18 (8)
    ("psr_competitive", "award-notice", "2026-02-06", "standstill-psr", "2026-02-19"),  # [7] 9-13 (5) 16-18 (8)
    ("psr_competitive", "award-notice", "2026-02-07", "standstill-psr", "2026-02-19"),  # [8] 9-13 (5) 16-18 (8)
    # Easter: [31] 1, 2 April (2) [3 Good Friday, 6 Easter Monday] 7-10 (6) 13, 14 (8)
    ("psr_competitive", "award-notice", "2026-03-30", "standstill-psr", "2026-04-15"),
    # Christmas and the year's end: [23] 24 (1) [25, 26] 29-31 (4) [1 January] 2 (5) 5-7 (8); 2 January counts here
    ("psr_competitive", "award-notice", "2025-12-22", "standstill-psr", "2026-01-08"),
    ("psr_competitive", "award-notice", "2026-05-20", "standstill-psr", "2026-06-04"),  # [21] 22 (1) [25] 26-29 (5) 1-3
    ("psr_competitive", "award-notice", "2026-07-08", "standstill-psr", "2026-07-22"),  # [9] 10 (1) 13-17 (6) 20, 21
    # both substitutes of 2027: [22] 23, 24 (2) [27 and 28 stand for Christmas and Boxing Day] 29-31 (5)
    # [3 January 2028 is no substitute: it stands for New Year's Day on a Saturday] 4-6 (8)
    ("psr_competitive", "award-notice", "2027-12-21", "standstill-psr", "2028-01-07"),
    # --- standstill of the Procurement Act: the day of the notice is the first, and any nation's holidays are left out
    ("pa23_full", "award-notice", "2026-02-02", "standstill-pa23", "2026-02-12"),  # 2-6 (5) 9-11 (8)
    ("pa23_full", "award-notice", "2026-02-05", "standstill-pa23", "2026-02-17"),  # 5, 6 (2) 9-13 (7) 16
    ("pa23_full", "award-notice", "2026-02-06", "standstill-pa23", "2026-02-18"),  # 6 (1) 9-13 (6) 16, 17
    ("pa23_full", "award-notice", "2026-02-07", "standstill-pa23", "2026-02-19"),  # Saturday; 9-13 (5) 16-18
    ("pa23_full", "award-notice", "2026-03-30", "standstill-pa23", "2026-04-11"),  # 30-2 (4) [3, 6] 7-10 (8)
    # Scotland's 2 January: 22-24 (3) [25, 26] 29-31 (6) [1, 2] 5, 6 (8)
    ("pa23_full", "award-notice", "2025-12-22", "standstill-pa23", "2026-01-07"),
    # Northern Ireland's 13 July, for Sunday the 12th: 8-10 (3) [13] 14-17 (7) 20
    ("pa23_full", "award-notice", "2026-07-08", "standstill-pa23", "2026-07-21"),
    ("pa23_light_touch", "award-notice", "2027-07-07", "standstill-light-touch", "2027-07-20"),  # 7-9 [12] 13-16 (7) 19
    # Scotland's summer holiday on 3 August: 29-31 July (3) [3] 4-7 (7) 10
    ("pa23_full", "award-notice", "2026-07-29", "standstill-pa23", "2026-08-11"),
    # St Andrew's Day: 26, 27 November (2) [30] 1-4 December (6) 7, 8
    ("pa23_full", "award-notice", "2026-11-26", "standstill-pa23", "2026-12-09"),
    # St Patrick's Day: 15, 16 March (2) [17] 18, 19 (4) 22-25 (8); over on Good Friday, which moves nothing
    ("pa23_full", "award-notice", "2027-03-15", "standstill-pa23", "2027-03-26"),
    # 23, 24 December (2) [25, 28 for Boxing Day] 29-31 (5) [1, 4 for Scotland's 2 January] 5-7 (8)
    ("pa23_direct_award", "award-notice", "2026-12-23", "standstill-pa23", "2027-01-08"),
    # --- calendar days
    # 25 days beginning with 10 December: 10 to 31 (22), 1 to 3 January; ten: 10 to 19
    ("pa23_full", "opening-notice", "2026-12-10", "tender-period-full", "2027-01-04"),
    ("pa23_full", "opening-notice", "2026-12-10", "tender-period-ten", "2026-12-20"),
    # 14 days across the clocks' going forward on 28 March and back on 31 October: 20 to 31 (12), the 1st and 2nd
    ("psr_most_suitable_provider", "opening-notice", "2027-03-20", "intended-approach-wait", "2027-04-03"),
    ("psr_most_suitable_provider", "opening-notice", "2027-10-20", "intended-approach-wait", "2027-11-03"),
    # and across a leap day: 20 to 29 February (10), 1 to 4 March
    ("psr_most_suitable_provider", "opening-notice", "2028-02-20", "intended-approach-wait", "2028-03-05"),
    ("psr_direct_award_a", "award-decision", "2027-12-15", "direct-award-notice", "2028-01-14"),  # 16 left, and 14
    (
        "psr_direct_award_b",
        "award-decision",
        "2028-01-31",
        "direct-award-notice",
        "2028-03-01",
    ),  # 29 of February, and 1
    (
        "psr_direct_award_b",
        "award-decision",
        "2027-01-31",
        "direct-award-notice",
        "2027-03-02",
    ),  # 28 of February, and 2
    ("pa23_full", "contract", "2028-02-01", "contract-details", "2028-03-02"),  # 28 left, and 2
    ("pa23_direct_award", "contract", "2027-02-01", "contract-details", "2027-03-03"),  # 27 left, and 3
    # 30 of December, 31 of January (61), 29 of February (90), and 30
    ("pa23_light_touch", "contract", "2027-12-01", "contract-details", "2028-03-30"),
    # --- months: 29 February and twelve months is the last of February; so is six months after 31 March its month's end
    ("pa23_full", "contract", "2028-02-29", "performance-notice", "2029-02-28"),
    ("pa23_full", "contract", "2027-02-28", "performance-notice", "2028-02-28"),
    ("psr_competitive", "contract", "2027-03-31", "publications", "2027-09-30"),
    ("psr_competitive", "contract", "2027-04-01", "publications", "2028-09-30"),
    ("psr_direct_award_a", "award-decision", "2028-02-29", "publications", "2028-09-30"),
    # --- twenty working days, by the calendar of England and Wales
    # 15-18 December (4) 21-24 (8) [25, 28] 29-31 (11) [1] 4-8 January (16) 11-14 (20)
    ("psr_competitive", "award-notice", "2026-12-14", "feedback", "2027-01-14"),
    # 23-25 March (3) [26 Good Friday, 29 Easter Monday] 30-2 April (7) 5-9 (12) 12-16 (17) 19-21 (20)
    ("psr_competitive", "award-notice", "2027-03-22", "feedback", "2027-04-21"),
    # Scotland's St Andrew's Day counts here: 23-27 November (5) 30-4 (10) 7-11 (15) 14-18 (20)
    ("psr_competitive", "award-notice", "2026-11-20", "feedback", "2026-12-18"),
    # below the threshold it runs from the letter: 26-29 May (4) 1-5 (9) 8-12 (14) 15-19 (19) 22; Friday 22 May [25]
    ("pa23_below_threshold", "outcome-letter", "2026-05-22", "feedback", "2026-06-22"),
    # the letter's own standstill: 22 (1) [25] 26-29 (5) 1-3 June (8)
    ("pa23_below_threshold", "outcome-letter", "2026-05-22", "standstill-below-threshold", "2026-06-04"),
]
LOCAL = {
    "intended-approach-wait",
    "award-confirmation",
    "feedback",
    "standstill-light-touch",
    "standstill-below-threshold",
}
"""What could not be confirmed, or what we chose ourselves."""


@pytest.mark.parametrize(("regime", "handed_in", "day", "subject", "due"), NOTICES)
def test_a_notice_handed_in_has_this_deadline(
    played: Played, regime: str, handed_in: str, day: str, subject: str, due: str
) -> None:
    """Whatever route CC-008 took, what is handed in for it has the deadline that is worked out beside the table.

    It is law exactly where it was confirmed, and nobody is late for a wait.
    Seen to fail when a notice of a route that was given up starts a timer of the next one.
    """
    played.engine.set_fields(BUYING, {"regime": regime}, actor=played.emails["ines"])
    facts: dict[str, object] = {"published_on": day}
    if handed_in in ("contract", "award-decision"):
        facts = {} if handed_in == "contract" else {"panel": {"lived_experience": 3, "carer": 1}}
    give(played, BUYING, handed_in, day, facts)
    found = deadline(played, BUYING, subject, day)
    assert found["due"] == due
    assert found["basis"]["kind"] == ("local" if subject in LOCAL else "law")
    assert found["severity"] == {"wait": "opens", "timer": "plan" if subject in LOCAL else "law"}[found["kind"]]


def give(played: Played, project: str, requirement: str, day: str, facts: dict[str, object]) -> None:
    """Hands a record of a day in, with a file where it is the contract."""
    act: Act = {"do": "evidence", "by": "hamish", "on": day, "requirement": requirement, "happened_on": day}
    file = {"file": "contract.pdf"} if requirement == "contract" else {}
    perform(played, project, {**act, "set": facts, **file})


def deadline(played: Played, project: str, subject: str, day: str) -> dict[str, Any]:
    """Returns a deadline as it is derived, seen from a day; the kept rows say the same."""
    alone = played.engine.deadlines(project, at=day)["deadlines"]
    kept = [d for d in played.engine.deadlines(at=day)["deadlines"] if d["project"] == project]
    assert kept == alone
    (found,) = [d for d in alone if d["requirement"] == subject]
    return dict(found)


def test_waits_of_the_other_gates(played: Played) -> None:
    """A consultation of twelve weeks, a call of twenty working days, and the wait after a further decision.

    Opened on Monday 5 January 2026: 84 days beginning with it are 27 of January, 28 (55) and 29 of March (84), across
    the day on which the clocks go forward; over on 30 March. A call of 20 April: 20-24 (5) 27-1 (10) [4 May] 5-8 (14)
    11-15 (19) 18 (20); over on 19 May. A decision of Monday 21 December 2026: [22] 23, 24 (2) [25, 28] 29-31 (5); over
    on 1 January 2027, a holiday, which moves nothing.
    """
    engine, people = played.engine, played.emails
    engine.set_fields("CC-005", {"consulted": "yes"}, actor=people["ines"])
    opened = {"opened_on": "2026-01-05", "closed_on": "2026-03-30"}
    fair = dict.fromkeys(("formative", "reasons_given", "enough_time", "weighed"), "yes")
    act: Act = {"do": "evidence", "on": "2026-03-30", "by": "josh", "requirement": "consultation", "file": "a.pdf"}
    perform(played, "CC-005", {**act, "set": {**opened, **fair}})
    assert deadline(played, "CC-005", "consultation-length", "2026-01-05")["due"] == "2026-03-30"
    act = {"do": "evidence", "on": "2026-04-20", "by": "priya", "requirement": "membership"}
    perform(played, "CC-007", {**act, "set": {"call_opened_on": "2026-04-20"}})
    assert deadline(played, "CC-007", "open-call", "2026-04-20")["due"] == "2026-05-19"
    engine.set_fields(BUYING, {"regime": "psr_competitive", "representation_received": "yes"}, actor=people["ines"])
    said = {"received_on": "2026-12-14", "decision_sent_on": "2026-12-21", "outcome": "confirmed", "reasons": "So."}
    give(played, BUYING, "representation-review", "2026-12-21", dict(said))
    assert deadline(played, BUYING, "representation-wait", "2026-12-21")["due"] == "2027-01-01"


def test_what_is_looked_at_every_year_clips_to_the_end_of_february(played: Played) -> None:
    """A provider's check of accessible information of 29 February 2028 counts for twelve months, to 28 February 2029.

    The law asks for it, so it is due soon twenty working days before: 31 January 2029 is a Wednesday, and 1, 2 (2)
    5-9 (7) 12-16 (12) 19-23 (17) 26-28 (20) are left.
    """
    act: Act = {"on": "2028-02-29", "requirement": "accessible-information", "happened_on": "2028-02-29"}
    handed = {"do": "evidence", "by": "hilary", "level": "engagement", "file": "ais.pdf"}
    perform(played, "CC-001", {**act, **handed})
    perform(played, "CC-001", {**act, "do": "sign", "role": "cm", "by": "owen"})
    states = {d: deadline(played, "CC-001", "accessible-information", d) for d in ("2029-01-30", "2029-01-31")}
    assert {d: (s["due"], s["state"], s["working_days_left"]) for d, s in states.items()} == {
        "2029-01-30": ("2029-02-28", "not_due_yet", 21),
        "2029-01-31": ("2029-02-28", "due_soon", 20),
    }
