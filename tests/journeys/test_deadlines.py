"""Deadlines of a register: of one project or of all, mine, within some days, on another day."""

from __future__ import annotations

from typing import Any

from engine.api import InputRefused, NotFound, NotPermitted

from .town import COCHAIR, EDI, IDLE, LEAD, MANAGER, PROJECT, SRO, UNKNOWN, Json, Town, refused


def listed(town: Town, project: str | None = None, **asked: Any) -> list[tuple[str, str, str]]:
    """Returns the deadlines as project, kind and day."""
    found = town.engine.deadlines(project, **asked)["deadlines"]
    return [(d["project"], d["kind"], d["due"]) for d in found]


def with_a_condition(town: Town, project: str = PROJECT) -> None:
    """Takes a project through its plan gate on 1 June, with a condition due on 1 July that the lead owns."""
    town.open(project, regime="psr")
    town.fill_plan(project)
    town.decide(project)
    town.engine.advance(project, conditions=[("Find a room", LEAD, "2026-07-01")], actor=SRO)


def test_a_deadline_has_the_members_of_the_contract(town: Town) -> None:
    """Each says its project, what it means, its requirement, its day, how near that is, and its state."""
    with_a_condition(town)
    (condition,) = [d for d in town.engine.deadlines()["deadlines"] if d["kind"] == "condition"]
    assert (
        condition.items()
        >= {
            "project": PROJECT,
            "what": "Condition 1 is to be met",
            "requirement": None,
            "due": "2026-07-01",
            "days_left": 30,
            "working_days_left": 22,
            "state": "not_due_yet",
            "project_title": "A project",
            "who": ["sro", "lx_cochair"],
            "says": "Find a room",
        }.items()
    )
    assert town.engine.deadlines()["as_of"] == "2026-06-01"


def test_the_standstill_of_the_gate_is_a_deadline_of_the_same_day(town: Town) -> None:
    """Where the gate says that an act cannot be before a day, the deadlines have that day, by working days, too."""
    with_a_condition(town)
    town.add("market-notice")
    waits = {a["requirement"]: a["not_before"] for a in town.engine.gate(PROJECT)["acts"] if a["act"] == "wait"}
    found = {d["requirement"]: d["due"] for d in town.engine.deadlines(PROJECT)["deadlines"] if d["kind"] == "wait"}
    assert found == waits
    assert list(found.values()) == ["2026-06-13"]
    town.on("2026-06-14")
    assert "wait" not in [kind for _, kind, _ in listed(town)]


def test_a_stage_is_due_when_the_project_says_it_is_expected(town: Town) -> None:
    """The deadline of a stage is the `expected_by` of the project, also where a register has holidays of its own."""
    town.open()
    expected = town.engine.project(PROJECT)["expected_by"]
    assert [day for _, kind, day in listed(town, PROJECT) if kind == "stage"] == [d for d in (expected,) if d]
    assert expected is not None


def test_another_day_moves_nothing_but_the_distance(town: Town) -> None:
    """With `at` the same deadlines are there, nearer or overdue, and nothing is recorded by looking."""
    with_a_condition(town)
    size = town.size
    now, then = (town.engine.deadlines(at=at)["deadlines"] for at in (None, "2026-07-20"))
    fixed = [
        [{k: v for k, v in d.items() if not k.endswith("_left") and k != "state"} for d in each] for each in (now, then)
    ]
    assert sorted(fixed[0], key=str) == sorted(fixed[1], key=str)
    assert {d["kind"]: d["state"] for d in then}["condition"] == "critically_overdue"
    assert town.size == size


def test_the_most_pressing_come_first_over_all_projects(town: Town) -> None:
    """All projects stand in one list, sorted by state and then by day; one project's stand alone where it is named."""
    with_a_condition(town)
    with_a_condition(town, "CC-2")
    town.engine.waive("CC-2", "specification", "No room", "2026-06-20", COCHAIR, actor=SRO)
    town.on("2026-07-03")
    found = town.engine.deadlines()["deadlines"]
    states = ["critically_overdue", "overdue", "due_soon", "not_due_yet"]
    keys = [(states.index(d["state"]), d["due"], d["id"]) for d in found]
    assert keys == sorted(keys)
    assert {d["project"] for d in found} == {PROJECT, "CC-2"}
    assert found[0]["due"] == "2026-06-20"
    assert {project for project, _, _ in listed(town, PROJECT)} == {PROJECT}


def test_within_some_days_what_is_overdue_stays(town: Town) -> None:
    """With `within` only what is due by then is listed, the day itself included, and everything that is overdue."""
    with_a_condition(town)
    assert listed(town, within=29) == []
    assert listed(town, within=30) == [(PROJECT, "condition", "2026-07-01")]
    assert listed(town, within=0, at="2026-07-02") == [(PROJECT, "condition", "2026-07-01")]
    refused(InputRefused, None, lambda: town.engine.deadlines(within=-1))
    refused(InputRefused, None, lambda: town.engine.deadlines(at="soon"))


def test_mine_is_what_my_roles_or_my_name_are_under(town: Town) -> None:
    """Somebody's are those of a role they hold in that project, and the conditions they own; nobody else's are."""
    with_a_condition(town)
    conditions = {who: [k for _, k, _ in listed(town, mine=who)].count("condition") for who in (SRO, LEAD, EDI, IDLE)}
    assert conditions == {SRO: 1, LEAD: 1, EDI: 0, IDLE: 0}
    assert listed(town, mine=IDLE) == []
    refused(NotPermitted, "unknown_person", lambda: town.engine.deadlines(mine=UNKNOWN))
    refused(NotPermitted, "unknown_person", lambda: town.engine.deadlines(acting=UNKNOWN))
    refused(NotFound, "no_such_project", lambda: town.engine.deadlines("CC-9"))


def test_a_project_on_hold_says_so(town: Town) -> None:
    """The deadlines of a project on hold stay, each with the word that it is on hold; an ended one has none."""
    with_a_condition(town)
    before = listed(town)
    town.engine.hold(PROJECT, "A pause", actor=MANAGER)
    assert listed(town) == before
    found: list[Json] = town.engine.deadlines()["deadlines"]
    assert all(d["on_hold"] for d in found)


def test_a_day_nobody_can_tell_is_told_apart(town: Town) -> None:
    """A wait into a year without holidays is listed as not known, with the reason, and stops nothing."""
    with_a_condition(town)
    town.on("2035-12-28")
    town.add("market-notice", facts={"published_on": "2035-12-28"})
    found = town.engine.deadlines()
    assert [(one["project"], one["kind"]) for one in found["not_known"]] == [(PROJECT, "wait")]
    assert "2036" in found["not_known"][0]["why"]
    assert found["deadlines"]


def test_each_condition_is_listed_with_its_own_words(town: Town) -> None:
    """Of several conditions of one passing each has its own day, owner and words, read from the project.

    Seen to fail when the words of the first are shown for all.
    """
    town.open()
    town.fill_plan()
    town.decide()
    asked = [("Find a room", LEAD, "2026-07-01"), ("Ask around", EDI, "2026-06-20"), ("Paint it", LEAD, "2026-07-09")]
    town.engine.advance(PROJECT, conditions=asked, actor=SRO)
    for found in (town.engine.deadlines(), town.engine.deadlines(PROJECT)):
        said = {d["says"]: d["due"] for d in found["deadlines"] if d["kind"] == "condition"}
        assert said == {words: day for words, _, day in asked}
    assert [d["says"] for d in town.engine.deadlines(mine=EDI)["deadlines"] if d["says"]] == ["Ask around"]
