"""`as_of` answers from what stood then; `at` moves only waits, freshness and waivers, given what stands now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from engine.api import NotFound

from .town import COCHAIR, EDI, LEAD, MANAGER, PROJECT, QUORUM, SRO, Json, Town, refused


def test_the_past_reads_as_it_read_then(town: Town) -> None:
    """What a project and its gate say as of an index, a moment or a day is, member for member, what they said then."""
    seen: list[tuple[int, str, str, Json, Json]] = []

    def look() -> None:
        now = town.clock.moment
        engine = town.engine
        seen.append(
            (town.size - 1, now.isoformat(), now.date().isoformat(), engine.project(PROJECT), engine.gate(PROJECT))
        )

    town.open()
    look()
    stories: tuple[Callable[[], object], ...] = (
        lambda: town.add("mandate"),
        lambda: town.sign("mandate", SRO, COCHAIR),
        lambda: town.engine.hold(PROJECT, "A pause", actor=MANAGER),
        lambda: town.engine.resume(PROJECT, "Go on", actor=MANAGER),
        lambda: town.engine.waive(PROJECT, "priorities", "No room", "2026-06-20", COCHAIR, actor=SRO),
        lambda: town.decide(),
        lambda: town.engine.advance(PROJECT, conditions=[("Find a room", SRO, "2026-07-01")], actor=SRO),
        lambda: town.engine.set_fields(PROJECT, {"regime": "pa23", "priority_groups": ["Roma"]}, actor=MANAGER),
        lambda: town.fill_design(),
    )
    for day, story in enumerate(stories, 2):
        town.on(f"2026-06-{day:02d}")
        story()
        look()
    town.on("2026-09-01")
    town.reopen()
    for seq, moment, its_day, project, gate in seen:
        for when in (str(seq), moment, moment.replace("+00:00", "Z"), its_day):
            assert town.engine.project(PROJECT, as_of=when) == project, when
            assert town.engine.gate(PROJECT, as_of=when) == gate, when


def test_a_day_of_the_past_ends_at_midnight_in_london(town: Town) -> None:
    """As of a day means as of its last moment in the definition's time zone, in summer an hour before UTC's."""
    town.open()
    town.on("2026-06-30", "23:59")
    town.add("mandate")
    town.on("2026-07-01", "00:00")
    town.add("priorities")
    assert town.engine.gate(PROJECT, as_of="2026-06-30")["as_of"] == "2026-06-30"
    evidence = {
        day: [r["id"] for r in town.engine.gate(PROJECT, as_of=day)["requirements"] if r["evidence"]]
        for day in ("2026-06-29", "2026-06-30", "2026-07-01")
    }
    assert evidence == {"2026-06-29": [], "2026-06-30": ["mandate"], "2026-07-01": ["mandate", "priorities"]}


def test_before_it_was_opened_there_is_no_project(town: Town) -> None:
    """As of a point before it was opened a project is not found, however near the point is."""
    town.on("2026-06-02", "00:00")
    opened = town.clock.moment
    seq = town.open()["seq"]
    for when in ("2026-06-01", str(seq - 1), (opened - timedelta(seconds=1)).isoformat()):
        refused(NotFound, "no_such_project", lambda: town.engine.project(PROJECT, as_of=when))  # noqa: B023  # called at once
    for when in ("2026-06-02", str(seq), (opened + timedelta(seconds=1)).isoformat()):
        assert town.engine.project(PROJECT, as_of=when)["version"] == 1


def test_as_of_an_index_counts_only_what_was_recorded_up_to_it(town: Town) -> None:
    """As of the index of another project's event, a project reads as it stood at that moment."""
    town.open()
    town.open("CC-2")
    town.add("mandate")
    other = town.engine.hold("CC-2", "A pause", actor=MANAGER)["seq"]
    town.add("priorities")
    assert town.engine.project(PROJECT, as_of=str(other))["version"] == 2


def test_freshness_is_asked_for_any_day(town: Town) -> None:
    """Evidence fresh for twelve months is met on the day a year after it happened, and unmet on the next."""
    town.open(priority_groups="Roma")
    town.add("outreach", facts=QUORUM | {"groups_heard": "Roma"}, happened_on="2026-05-20")
    states = {day: town.states(at=day)["outreach"] for day in ("2026-05-01", "2027-05-20", "2027-05-21", "2036-01-01")}
    assert states == {"2026-05-01": "met", "2027-05-20": "met", "2027-05-21": "unmet", "2036-01-01": "unmet"}
    assert town.states()["outreach"] == "met"


def test_a_wait_is_asked_for_any_day(town: Town) -> None:
    """Eight working days counted from the next day are over on the calendar day after the eighth, and not before."""
    town.open(regime="psr")
    town.pass_plan()
    town.fill_design()
    town.add("market-notice", facts={"published_on": "2026-06-03"})
    gate = town.engine.gate(PROJECT)
    [wait] = [act for act in gate["acts"] if act["act"] == "wait"]
    assert wait["not_before"] == gate["earliest_open"] == "2026-06-17", "Thursday 4 June, and eight working days"
    assert [a["not_before"] for a in gate["acts"] if a["act"] == "decide"] == ["2026-06-17"] * 2
    states = {day: town.states(at=day)["notice-wait"] for day in ("2026-06-04", "2026-06-16", "2026-06-17")}
    assert states == {"2026-06-04": "pending", "2026-06-16": "pending", "2026-06-17": "met"}


def test_a_waiver_is_asked_for_any_day(town: Town) -> None:
    """A waiver counts on its last day and not on the next; what it would be without is told beside it."""
    town.open()
    town.engine.waive(PROJECT, "mandate", "The board meets late", "2026-06-20", COCHAIR, actor=SRO)
    states = {day: town.states(at=day)["mandate"] for day in ("2026-06-20", "2026-06-21")}
    assert states == {"2026-06-20": "waived", "2026-06-21": "unmet"}
    [mandate] = [r for r in town.engine.gate(PROJECT)["requirements"] if r["id"] == "mandate"]
    assert mandate["waiver"]["would_be"] == "unmet"
    assert mandate["waiver"]["reason"] == "The board meets late"


def test_looking_ahead_moves_no_evidence_and_writes_nothing(town: Town) -> None:
    """Asking for another day changes nothing of what stands: the same records are looked at, and no event is made."""
    town.open()
    town.pass_plan()
    town.fill_design()
    size = town.size
    for day in ("2020-01-01", "2026-06-01", "2030-01-01"):
        assert set(town.states(at=day).values()) == {"met", "unmet", "not_applicable"}
        assert town.passings(at=day)[0]["sound"]
        assert town.engine.project(PROJECT, at=day)["stage"] == "design"
        assert [p["stage"] for p in town.engine.projects(at=day)["projects"]] == ["design"]
    assert town.size == size
    assert town.engine.project(PROJECT, as_of=str(size - 1), at="2030-01-01")["as_of"] == "2030-01-01"


def test_names_of_people_are_not_lost_in_the_past(town: Town) -> None:
    """The past gives the same people and roles for a passing as the present does."""
    town.open()
    town.pass_plan()
    town.fill_design()
    then = town.size - 1
    town.engine.revoke(EDI, "edi", project=PROJECT, actor="admin@example.org")
    town.engine.withdraw(town.engine.evidence_list(PROJECT)["evidence"][0]["evidence"], "Wrong", actor=LEAD)
    [now], [before] = town.passings(), town.passings(as_of=str(then))
    assert before["decided_by"] == now["decided_by"]
    assert (before["sound"], now["sound"]) == (True, False)
