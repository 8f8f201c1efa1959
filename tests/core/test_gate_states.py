"""What a gate says of waits, groups, conditions, profiles and principles, and when it is open."""

from __future__ import annotations

from datetime import date

import pytest

from engine.core.calendar import Calendar
from engine.core.profiles import profile_of

from .builders import (
    Json,
    advance,
    all_of,
    any_of,
    asking,
    at_least,
    check,
    decide_on,
    gate,
    group,
    hand_in,
    hold,
    needs,
    set_fields,
    sign,
    signature,
    wait,
    waive,
    withdraw,
    workflow,
)
from .story import Story, story

# waits


def waiting(
    n: int = 8, unit: str = "working_days", counting_from: str = "next_day", name: str = "published_on"
) -> Story:
    notice, pause = needs("notice", "notice"), wait("pause", f"notice.{name}", n, unit, counting_from)
    return story(asking(notice, pause), "2026-02-02")


def test_with_no_record_a_wait_is_unmet_not_pending() -> None:
    """A wait with no record is unmet, not pending: it has not begun."""
    told = waiting()
    assert told.state("pause") == "unmet"
    assert (
        told.why("pause") == "Wait of 8 working days after “Notice”: that has no record yet, so the wait has not begun."
    )


def test_a_wait_on_a_date_that_the_record_does_not_say_is_unmet() -> None:
    """A record without the date leaves the wait unmet, and says so."""
    told = waiting(name="note_on").given(hand_in("notice", published_on="2026-02-02"))
    assert told.state("pause") == "unmet"
    assert "that does not say the date, so" in told.why("pause")


@pytest.mark.parametrize(("counting_from", "last"), [("next_day", "2026-02-13"), ("same_day", "2026-02-11")])
def test_a_wait_is_met_on_the_day_after_its_last_day(counting_from: str, last: str) -> None:
    """A wait is met on the next calendar day after its last day, and pending until then."""
    told = waiting(counting_from=counting_from).given(hand_in("notice", published_on="2026-02-02"))
    assert told.on(last).state("pause") == "pending"
    after = date.fromisoformat(last).toordinal() + 1
    assert told.verdict("pause").over_on == date.fromordinal(after)
    assert told.on(date.fromordinal(after)).state("pause") == "met"
    assert told.verdict("pause").evidence == ("a1",)


def test_a_wait_tells_how_it_counts() -> None:
    """A wait says what it counts from, how, by which calendar, and its last day."""
    told = waiting().given(hand_in("notice", published_on="2026-02-02"))
    assert told.why("pause") == (
        "8 working days from “Notice” (Published on: 2 February 2026). The day after that, 3 February, is left out: "
        "the 1st working day is 4 February, the 8th and last is 13 February 2026. Not counted: weekends. "
        "Calendar: England and Wales. It is over on 14 February 2026; the first working day from then is "
        "16 February 2026."
    )
    told = waiting(2, "weeks", "same_day").given(hand_in("notice", published_on="2026-02-02"))
    assert told.why("pause") == (
        "2 weeks from “Notice” (Published on: 2 February 2026). That day itself counts: the 1st day is 2 February, "
        "the last is 15 February 2026. Every day counts, weekends and bank holidays too. "
        "It is over on 16 February 2026."
    )


def test_a_wait_reads_the_newest_record_met_or_not() -> None:
    """A wait reads the newest record of its requirement, met or not, and a withdrawal gives the older one back."""
    notice = needs("notice", "notice", level="co_production", signed_by=["sro"])
    told = story(asking(notice, wait("pause", "notice.published_on", 1, "days", "same_day")), "2026-02-02")
    told.given(hand_in("notice", published_on="2026-01-01"))
    assert [told.state("notice"), told.state("pause")] == ["unmet", "met"]
    told.given(hand_in("notice", published_on="2026-02-02"))
    assert told.state("pause") == "pending"
    told.given(withdraw("a2"))
    assert told.state("pause") == "met"


def test_a_wait_the_calendar_cannot_count_is_an_error() -> None:
    """An error is never met and never unmet: the gate stays shut and says what broke."""
    told = waiting().given(hand_in("notice", published_on="2035-12-28"))
    assert told.state("pause") == "error"
    assert told.why("pause") == "The calendar England and Wales has the holidays of 2015 to 2035, not of 2036."
    assert not told.answer().open


def test_a_waiver_does_not_hide_an_error() -> None:
    """A waiver of a requirement that is broken leaves the gate shut."""
    told = story(
        asking(needs("notice", "notice"), wait("pause", "notice.published_on", 8), decided_by=["sro", "cochair"])
    )
    told.given(waive("pause"))
    assert told.state("pause") == "waived"
    told.given(hand_in("notice", published_on="2035-12-28"))
    assert told.state("pause") == "error"


@pytest.mark.parametrize("published", ["9999-12-31", "9999-12-30"])
def test_a_wait_beyond_the_last_date_is_an_error(published: str) -> None:
    """A notice said to be published at the end of time breaks its wait, not the engine."""
    told = waiting(1, "days", "same_day").given(hand_in("notice", published_on=published))
    assert told.state("pause") == ("error" if published == "9999-12-31" else "pending")


def test_a_wait_that_would_end_outside_the_calendar_is_not_proposed() -> None:
    """Where the calendar cannot say when a wait would end, nothing opens the gate, and asking is no crash."""
    told = waiting().on("2035-12-28")
    assert told.state("pause") == "unmet"
    assert (told.answer().acts, told.answer().earliest_open) == ((), None)


def test_a_wait_uses_the_calendar_that_is_handed_in() -> None:
    """The holidays of the definition's calendar are what a wait skips."""
    told = waiting(2, "working_days", "same_day").given(hand_in("notice", published_on="2026-02-02"))
    told.calendar = Calendar("x", "Nowhere", {date(2026, 2, 3): "Market day"}, (2026, 2026))
    assert "the 2nd and last is 4 February 2026. Not counted: weekends and Market day 3 February." in told.why("pause")
    assert "Calendar: Nowhere." in told.why("pause")


# groups

STATES = ["met", "waived", "pending", "unmet", "error", "not_applicable"]


def part(id: str, state: str) -> Json:
    """A requirement that will be in this state in the project of `grouped`."""
    if state in ("pending", "error"):
        return wait(id, f"notice.{'note_on' if state == 'error' else 'published_on'}", 8)
    return signature(id, "sro", when=check("project.target", "at_least", 1) if state == "not_applicable" else None)


def grouped(make: str, *states: str, need: int = 0) -> Story:
    """Returns a project in which the parts of a group are in these states."""
    parts = [part(f"p{n}", state) for n, state in enumerate(states)]
    one = (
        {"any_of": any_of, "all_of": all_of}[make]("all", *parts)
        if make != "at_least"
        else at_least("all", need, *parts)
    )
    told = story(asking(one, needs("notice", "notice"), decided_by=["sro", "cochair"]))
    told.given(hand_in("notice", published_on="2026-06-01", note_on="2035-12-28"))
    for n, state in enumerate(states):
        if state == "met":
            told.given(sign(f"p{n}"))
        if state == "waived":
            told.given(waive(f"p{n}"))
    assert [told.state(f"p{n}") for n in range(len(states))] == list(states)
    return told


@pytest.mark.parametrize(
    ("states", "any_", "all_", "two"),
    [
        ("met met", "met", "met", "met"),
        ("met unmet", "met", "unmet", "unmet"),
        ("met waived", "met", "waived", "waived"),
        ("met pending", "met", "pending", "pending"),
        ("waived pending", "waived", "pending", "pending"),
        ("waived unmet", "waived", "unmet", "unmet"),
        ("pending unmet", "pending", "unmet", "unmet"),
        ("unmet unmet", "unmet", "unmet", "unmet"),
        ("error met", "met", "error", "error"),
        ("error unmet", "error", "unmet", "unmet"),
        ("error error", "error", "error", "error"),
        ("error pending", "pending", "error", "error"),
        ("not_applicable met", "met", "met", "unmet"),
        ("not_applicable unmet", "unmet", "unmet", "unmet"),
        ("not_applicable waived", "waived", "waived", "unmet"),
        ("not_applicable not_applicable", "not_applicable", "not_applicable", "not_applicable"),
        ("met met unmet", "met", "unmet", "met"),
        ("met waived unmet", "met", "unmet", "waived"),
        ("met pending waived", "met", "pending", "waived"),
        ("met not_applicable met", "met", "met", "met"),
        ("error met unmet", "met", "unmet", "error"),
    ],
)
def test_a_group_takes_the_best_that_enough_children_reach(states: str, any_: str, all_: str, two: str) -> None:
    """A group takes the best of met, waived, pending that enough children reach; those that do not apply drop out.

    Seen red: with `all_of` needing every child rather than every child that applies.
    """
    parts = states.split()
    assert grouped("any_of", *parts).state("all") == any_
    assert grouped("all_of", *parts).state("all") == all_
    assert grouped("at_least", *parts, need=2).state("all") == two


def test_a_group_says_what_it_needs_and_has() -> None:
    """A group says how many of its parts it needs, and which hold so far."""
    assert grouped("any_of", "unmet", "unmet").why("all") == "Needs one of 2; so far none."
    assert grouped("all_of", "met", "waived", "unmet").why("all") == "Needs all of 3; so far “P0”, “P1”."
    assert (
        grouped("at_least", "met", "not_applicable", "unmet", need=2).why("all")
        == "Needs at least 2 of 2; so far “P0”."
    )
    assert grouped("any_of", "not_applicable").why("all") == "None of its parts applies."


def test_a_group_shows_its_parts_and_the_evidence_of_those_that_are_met() -> None:
    """A group carries the verdicts of its parts, and the records that the met ones rest on, each once."""
    told = story(asking(any_of("g", needs("a"), all_of("h", needs("b"), needs("c", level="co_design")))))
    told.given(hand_in("a"), hand_in("b"), hand_in("c"))
    found = told.verdict("g")
    assert [v.requirement.id for v in found.family()] == ["g", "a", "h", "b", "c"]
    assert found.evidence == ("a1",)
    assert told.verdict("h").evidence == ("a2",)


# when and profiles


@pytest.mark.parametrize(("target", "state"), [(None, "not_applicable"), (1, "not_applicable"), (2, "unmet")])
def test_where_its_condition_does_not_hold_a_requirement_does_not_apply(target: int | None, state: str) -> None:
    """Where `when` does not hold the requirement is not applicable, with the reason; absent is false."""
    told = story(asking(needs("talk", when=check("project.target", "at_least", 2))))
    told.given(*[set_fields(target=target)] if target is not None else [])
    assert told.state("talk") == state
    assert told.answer().open is (state == "not_applicable")
    if target is None:
        assert told.why("talk") == "Does not apply. Target is not recorded."


PROFILES: dict[str, Json | None] = {
    "light": check("project.target", "at_most", 5),
    "standard": None,
    "enhanced": check("project.target", "at_least", 100),
}


@pytest.mark.parametrize(
    ("target", "profile", "why"),
    [
        (3, "light", "Target is at most 5."),
        (100, "enhanced", "Target is at least 100."),
        (50, "standard", "No other profile's condition holds."),
        (None, "standard", "No other profile's condition holds."),
    ],
)
def test_the_first_profile_that_holds_is_the_project_s(target: int | None, profile: str, why: str) -> None:
    """The first profile that holds is the project's, shown with its reason; `otherwise` is last wherever it stands."""
    made = workflow(gate(needs("talk")), profiles=PROFILES)
    assert profile_of(made, {} if target is None else {"target": target}) == (profile, why)


def test_a_project_may_have_no_profile() -> None:
    """Without profiles there is none and no reason; without `otherwise` none may hold, and that is said."""
    assert profile_of(asking(needs("talk")), {"target": 3}) == (None, "")
    made = workflow(gate(needs("talk")), profiles={"light": PROFILES["light"]})
    assert profile_of(made, {"target": 30}) == (None, "No profile's condition holds.")


def test_a_requirement_is_asked_in_its_profiles_only() -> None:
    """`profiles` limits a requirement to these profiles of proportionality; it does not apply in others."""
    asked = gate(needs("all"), needs("deep", profiles=["enhanced", "standard"]))
    told = story(workflow(asked, profiles=PROFILES), target=3)
    assert [told.state("all"), told.state("deep")] == ["unmet", "not_applicable"]
    assert told.why("deep") == "Asked of enhanced and standard projects only; this one is light."
    told.given(set_fields(target=100))
    assert told.state("deep") == "unmet"
    none = story(workflow(asked, profiles={"light": PROFILES["light"], "enhanced": PROFILES["enhanced"]}), target=50)
    assert none.why("deep") == "Asked of enhanced and standard projects only; this one is of no profile."


# principles


def test_a_principle_is_evidenced_by_a_requirement_that_is_met() -> None:
    """A principle is evidenced by a requirement that is met, not by one that is waived or does not apply."""
    asked = gate(
        needs("a", principles=["P1"]),
        needs("b", principles=["P1", "P2"]),
        needs("c", principles=["P3"], when=check("project.target", "at_least", 1)),
        every_principle=True,
        waived_by=["sro", "cochair"],
    )
    told = story(workflow(asked, principles=["P1", "P2", "P3"])).given(hand_in("a"), waive("b"))
    assert told.judgement().principles == {"P1": ("a",), "P2": (), "P3": ()}
    assert told.judgement().unevidenced == ("P2", "P3")
    assert not told.answer().open
    told.given(hand_in("b"))
    assert told.judgement().principles == {"P1": ("a", "b"), "P2": ("b",), "P3": ()}
    assert (told.answer().open, told.answer().earliest_open) == (False, None)


def test_where_the_gate_does_not_insist_principles_are_only_shown() -> None:
    """Without `every_principle` a principle that nothing evidences is shown and does not shut the gate."""
    told = story(workflow(gate(needs("a", principles=["P1"])), principles=["P1", "P2"])).given(hand_in("a"))
    assert told.judgement().principles == {"P1": ("a",), "P2": ()}
    assert told.answer().open


def test_groups_and_their_parts_evidence_principles() -> None:
    """A group that is met evidences its principles, and a part that is met its own, in a waived group too."""
    asked = gate(
        any_of("g", needs("a", principles=["P1"]), needs("b", principles=["P2"]), principles=["P3"]),
        all_of("h", needs("c", principles=["P4"]), needs("d"), principles=["P5"]),
        every_principle=True,
        waived_by=["sro", "cochair"],
    )
    told = story(workflow(asked, principles=[f"P{n}" for n in range(1, 6)]))
    told.given(hand_in("a"), hand_in("c"), waive("h"))
    assert told.judgement().unevidenced == ("P2", "P5")
    assert told.acts() == ["add_evidence b", "add_evidence d"]


def test_every_principle_that_nothing_carries_is_a_gate_nobody_can_pass() -> None:
    """`every_principle` with a principle that no requirement carries is a gate nobody can pass: no acts, and never."""
    told = story(workflow(gate(needs("a", principles=["P1"]), every_principle=True), principles=["P1", "P2"]))
    assert (told.answer().acts, told.answer().earliest_open) == ((), None)
    assert "Nothing that anyone can do now opens it" in told.told()["summary"]


# open


def test_a_gate_is_open_when_all_that_applies_is_met_or_waived() -> None:
    """A gate is open when every requirement that applies is met or waived, and everybody decided."""
    asked = asking(
        needs("a"),
        needs("b"),
        needs("c", when=check("project.target", "at_least", 1)),
        decided_by=["sro", "cochair"],
    )
    told = story(asked).given(hand_in("a"), waive("b"))
    assert (told.judgement().holds, told.answer().open) == (True, False)
    told.given(decide_on(), by="sro").given(decide_on(), by="cochair")
    assert told.answer().open
    told.given(set_fields(target=1))
    assert not told.answer().open


def test_the_answer_on_hold_is_unchanged() -> None:
    """What the gate answers is unchanged by a hold."""
    told = story(asking(needs("a"))).given(hand_in("a"))
    before = told.told()
    told.given(hold())
    assert told.told() == before | {"on_hold": True}


def test_a_stage_without_a_gate_answers_open() -> None:
    """A stage without a gate answers `gate: null, open: true`, and so does a final one."""
    told = story(asking(needs("a"))).given(hand_in("a"), advance())
    found = told.told()
    assert (found["gate"], found["open"], found["to"], found["earliest_open"]) == (None, True, "done", "2026-06-01")
    assert found["summary"] == "Nothing guards the way to Done."
    told.given(advance())
    found = told.told()
    assert (found["gate"], found["open"], found["to"], found["acts"]) == (None, True, None, [])
    assert found["summary"] == "Done is a final stage: the project has ended."


def test_judging_knows_nothing_but_what_it_is_given() -> None:
    """The same project, definition, day and calendar give the same judgement, whatever the order of its fields."""
    asked = asking(
        needs("a", rules=["r"]),
        rules=[{"id": "r", "title": "R", "otherwise": "x", "condition": group("all", check("score", "at_least", 1))}],
    )
    told = story(asked, target=1, size=2).given(hand_in("a", score=1, said="x"))
    before = told.judgement()
    project = told.project
    project.fields = dict(reversed(list(project.fields.items())))
    for record in project.records.values():
        record.facts = dict(reversed(list(record.facts.items())))
    assert told.judgement() == before
    assert told.judgement().binds == before.binds
