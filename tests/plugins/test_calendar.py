"""The calendar of deadlines: read again by a reader of our own, and the same for the same state."""

from __future__ import annotations

import copy
import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.hookspecs import CannotExport
from plugins.calendar import cocycle_exporters, export
from plugins.calendar.options import KINDS, Options, options_from

from .icalendar_reading import read_calendar

Json = dict[str, Any]


def a_deadline(kind: str = "freshness", due: str = "2026-07-14", **more: Any) -> Json:
    """Returns a deadline as an exporter is handed it."""
    return {
        "project": "CC-007",
        "what": "The last day it counts",
        "requirement": "equality",
        "due": due,
        "days_left": 14,
        "state": "due_soon",
        "id": f"CC-007/{kind}/equality/1",
        "kind": kind,
        "title": "Equality assessment",
        "project_title": "Dementia carers’ support",
        "on_hold": False,
        "act_by": due,
        "working_days_left": 10,
        "severity": "law",
        "who": ["edi", "sro"],
        "who_titles": ["Equality lead", "Senior responsible owner"],
        "owner": None,
        "gate": "plan-gate",
        "gate_title": "Plan gate",
        "passed": False,
        "one_of": None,
        "length": {"n": 12, "unit": "months"},
        "basis": {"kind": "law", "source": "Equality Act 2010, section 149"},
        "says": None,
    } | more


def what(
    *deadlines: Json, version: int = 35, at: str = "2026-06-09T08:30:00.000000Z", today: str = "2026-06-30"
) -> Json:
    """Returns an exporter's document of one project."""
    history = [{"seq": 1, "at": "2026-02-09T09:00:00.000000Z"}, {"seq": 2, "at": at}]
    project = {"project": "CC-007", "version": version, "deadlines": list(deadlines), "history": history}
    return {"register": "cocycle.example/demo", "today": today, "projects": [project]}


def made(document: Json, **given: str) -> bytes:
    """Returns the bytes of the calendar."""
    (file,) = export(document, given)
    assert (file.name, file.media_type) == ("deadlines.ics", "text/calendar; charset=utf-8")
    return file.content


def test_a_deadline_is_an_event_of_a_whole_day() -> None:
    """Its day, its project, whom to ask and its law stand in one event of the day itself, which takes nobody's time."""
    calendar = read_calendar(made(what(a_deadline())))
    assert (calendar["VERSION"], calendar["METHOD"], calendar["CALSCALE"]) == ("2.0", "PUBLISH", "GREGORIAN")
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "Deadlines, cocycle.example/demo"
    ((uid, event),) = calendar.events().items()
    assert uid == "CC-007/freshness/equality/1@cocycle.example/demo"
    assert (event["DTSTART"], event["DTEND"]) == ("20260714", "20260715")
    assert event.parameters("DTSTART") == event.parameters("DTEND") == {"VALUE": "DATE"}
    assert event["SUMMARY"] == "Last day it counts: Equality assessment (CC-007 Dementia carers’ support)"
    assert event["DESCRIPTION"].splitlines() == [
        "Project CC-007 Dementia carers’ support.",
        "The last day it counts, for the plan gate.",
        "Ask the equality lead or the senior responsible owner.",
        "Law: Equality Act 2010, section 149.",
        "To see more: cocycle gate CC-007",
    ]
    assert (event["CATEGORIES"], event["PRIORITY"], event["TRANSP"]) == ("Evidence expires,Law", "1", "TRANSPARENT")
    assert (event["SEQUENCE"], event["DTSTAMP"]) == ("35", "20260609T083000Z")


def test_people_are_reminded_a_working_week_before() -> None:
    """Each event rings at nine in the morning seven days before, or when the setting says, or never."""

    def triggers(**given: str) -> list[str]:
        ((_, event),) = read_calendar(made(what(a_deadline()), **given)).events().items()
        assert all(one["ACTION"] == "DISPLAY" and one["DESCRIPTION"] for one in event.inside)
        return [one["TRIGGER"] for one in event.inside]

    assert triggers() == ["-P6DT15H"]
    assert triggers(alarm_days="1") == ["-PT15H"]
    assert triggers(alarm_days="0") == []


def test_who_subscribes_is_told_when_to_look_again() -> None:
    """The calendar says how often to look, in the words of both the standard and those who came before it."""
    calendar = read_calendar(made(what(), refresh_hours="1"))
    assert calendar["REFRESH-INTERVAL"] == calendar["X-PUBLISHED-TTL"] == "PT1H"
    assert calendar.parameters("REFRESH-INTERVAL") == {"VALUE": "DURATION"}


def test_the_same_state_gives_the_same_bytes_on_any_day() -> None:
    """Neither the day it is made on, nor how near a deadline is, nor the order they come in changes a byte.

    Seen to fail when DTSTAMP is the moment of making.
    """
    one, two = a_deadline(), a_deadline("waiver", "2026-07-01")
    later = [d | {"days_left": -3, "working_days_left": -1, "state": "overdue"} for d in (two, one)]
    assert made(what(one, two)) == made(what(*later, today="2026-07-17"))


def test_a_deadline_that_moves_stays_itself_and_is_newer() -> None:
    """With another day it has the same UID and a higher SEQUENCE; one that is gone is not in the file any more."""
    before = read_calendar(made(what(a_deadline(), a_deadline("wait")))).events()
    moved = what(a_deadline(due="2026-09-01"), version=36, at="2026-06-10T08:30:00.000000Z")
    after = read_calendar(made(moved)).events()
    (uid,) = after
    assert before.keys() > after.keys()
    assert (after[uid]["DTSTART"], after[uid]["SEQUENCE"]) == ("20260901", "36")
    assert after[uid]["DTSTAMP"] > before[uid]["DTSTAMP"]


def test_no_person_and_nothing_that_somebody_typed_of_a_condition_goes_in() -> None:
    """The owner's id and the words of a condition stay out; that somebody owns it is said."""
    condition = a_deadline(
        "condition", what="Condition 1 is to be met", owner="p-0123456789abcdef", says="Ask Rosa.", basis=None
    )
    ((_, event),) = read_calendar(made(what(condition))).events().items()
    assert event["SUMMARY"].startswith("Condition 1 is to be met: Equality assessment")
    assert "or who owns the condition" in event["DESCRIPTION"]
    assert not any(word in made(what(condition)).decode() for word in ("Rosa", "p-0123"))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_had_alone(kind: str) -> None:
    """The setting `kinds` leaves in only what is named, and each kind has a heading and a category."""
    every = [a_deadline(one, title=f"Title of {one}") for one in KINDS]
    events = read_calendar(made(what(*every), kinds=kind)).events()
    assert list(events) == [f"CC-007/{kind}/equality/1@cocycle.example/demo"]
    assert all(f"Title of {kind}" in event["SUMMARY"] and event["CATEGORIES"] for event in events.values())


@pytest.mark.parametrize(
    ("given_wrong", "said"),
    [
        ({"alarm_days": "soon"}, "alarm_days is a number from 0 to 366, not soon."),
        ({"alarm_days": "367"}, "alarm_days is a number"),
        ({"refresh_hours": "0"}, "refresh_hours is a number from 1 to 744, not 0."),
        ({"kinds": "wait parties"}, "There is no kind of deadline parties"),
        ({"kinds": " "}, "Name at least one kind"),
        ({"colour": "red"}, "There is no setting colour"),
    ],
)
def test_a_setting_that_cannot_be_is_said(given_wrong: dict[str, str], said: str) -> None:
    """A setting that makes no sense is refused with what it may be, all of them at once."""
    with pytest.raises(CannotExport, match=re.escape(said)):
        options_from(given_wrong)
    with pytest.raises(CannotExport, match="refresh_hours"):
        options_from({**given_wrong, "refresh_hours": "never"})


def test_without_settings_everything_goes_in() -> None:
    """The defaults are those of the page: every kind, a reminder seven days before, a look twice a day."""
    assert options_from({}) == Options("", 7, 12, KINDS)
    assert [(one.id, one.whole) for one in cocycle_exporters()] == [("deadlines", True)]


texts = st.text(st.characters(codec="utf-8"), max_size=120)


@settings(derandomize=True, deadline=None, max_examples=150, database=None)
@given(texts, texts, texts, st.dates(date(1900, 1, 1), date(9998, 1, 1)))
def test_whatever_people_call_things_the_file_is_well_formed(
    title: str, project: str, register: str, day: date
) -> None:
    """Any title, any language and any day come out as a calendar that a strict reader takes, with the words as typed.

    Seen to fail when control characters of a title are left in.
    """
    document = what(a_deadline(due=day.isoformat(), title=title, project_title=project or None))
    document["register"] = register
    ((_, event),) = read_calendar(made(document)).events().items()
    assert event["DTEND"] == (day + timedelta(days=1)).isoformat().replace("-", "")
    assert without_blanks(title) in without_blanks(event["SUMMARY"])
    assert without_blanks(project) in without_blanks(event["DESCRIPTION"])


def without_blanks(text: str) -> str:
    """Returns text without blanks and what cannot be printed."""
    return "".join(c for c in text if c.isprintable() and not c.isspace())


def test_nothing_that_is_handed_in_is_changed() -> None:
    """An exporter reads its document and leaves it as it was."""
    document = what(a_deadline(), a_deadline("timer"))
    before = copy.deepcopy(document)
    made(document)
    assert document == before
