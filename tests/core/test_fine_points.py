"""Fine points of the rulings that a first version of them got wrong."""

from __future__ import annotations

import pytest

from engine.core.bench import is_law
from engine.core.commands import OpenProject
from engine.core.decide import decide
from engine.core.events import ERASED, Event
from engine.core.outcome import Accepted, Actor, Refused
from engine.core.rulings.register import Registry, Scope, add_person

from .builders import (
    a_file,
    advance,
    all_of,
    any_of,
    asking,
    at_least,
    check,
    decide_on,
    field,
    gate,
    hand_in,
    needs,
    set_fields,
    sign,
    signature,
    span,
    waive,
    workflow,
)
from .story import STRANGER, Story, actor, story

DECIDED = ("sro", "cochair")


# law


def test_a_group_that_contains_law_is_law_and_so_is_the_way_round_it() -> None:
    """A group that contains a requirement of law is law; a part that would stand in for it cannot be waived either.

    Seen red: waiving the other part of an `any_of` made the group waived, and the law was gone round.
    """
    made = asking(
        all_of("beside", needs("law1", law=True), needs("free1")),
        any_of("instead", needs("law2", law=True), needs("round1")),
        at_least("two", 2, needs("a"), all_of("in", needs("law3", law=True), needs("round2"))),
        all_of("whole", needs("part"), law=True),
        any_of("free", needs("b"), needs("c")),
        decided_by=DECIDED,
    )
    law = {r.id for r in made.requirements.values() if is_law(made, r)}
    assert law == {
        *("beside", "law1", "instead", "law2", "round1", "two", "a", "in", "law3", "round2", "whole", "part"),
    }
    told = story(made)
    told.when(waive("round1")).refused("rules", "law", "Round1 stands beside a requirement of law")
    told.when(waive("free1")).accepted("waived")
    told.when(waive("free")).accepted("waived")
    assert [told.state(r) for r in ("free1", "free", "beside")] == ["waived", "waived", "unmet"]


def test_no_waiver_is_in_force_on_the_law_however_it_came_about() -> None:
    """A requirement of law cannot be waived: a waiver that is in the ledger all the same has no force."""
    told = story(asking(any_of("g", needs("law", law=True), needs("round")), decided_by=DECIDED))
    told.record(
        Event(
            "waived",
            "CC-1",
            {"waiver": "w", "requirement": "round", "until": "2027-01-01", "second": "x"},
            {"reason": "x"},
        ),
        "y",
    )
    assert [told.state("round"), told.state("g")] == ["unmet", "unmet"]


# waivers


@pytest.mark.parametrize("until", ["20260701", "2026-W27-3", "1 July 2026", "2026-13-01", ""])
def test_the_end_of_a_waiver_is_a_date_as_written_here(until: str) -> None:
    """The end of a waiver is compared as text, so it is written in the one way that sorts.

    Seen red: 20260701 was accepted, and such a waiver never ended.
    """
    told = story(asking(needs("a"), decided_by=DECIDED))
    assert told.when(waive("a", until)).refused("input").problems[0]["field"] == "until"


def test_whoever_submitted_a_part_may_not_waive_the_group() -> None:
    """Neither of the two who waive submitted a record the requirement looks at now, in a part of a group as well.

    Seen red: for a group only the records of its met parts were looked at.
    """
    told = story(asking(any_of("g", needs("a", level="co_production"), needs("b")), decided_by=DECIDED))
    told.given(hand_in("a"), by="cochair")
    told.when(waive("g")).refused("not_permitted", says="Cochair handed in what this requirement looks at")
    told.when(waive("b")).accepted("waived")


# decisions and passings


def test_a_passing_keeps_the_decisions_it_rested_on_and_no_older_ones() -> None:
    """A passing is decided by those who decided on that very answer, not by those whose answer time has changed.

    Seen red: two senior responsible owners stood under one passing.
    """
    asked = any_of("g", needs("a", fresh=span(3, "days")), needs("b", level="informing"))
    told = story(asking(asked, decided_by=["sro"])).given(hand_in("a"), hand_in("b", "informing"))
    told.given(decide_on(), by=actor("first", "sro"))
    told.on("2026-06-05")
    assert (told.answer().open, told.acts()) == (False, ["decide sro"])
    told.given(decide_on(), by=actor("second", "sro")).given(advance())
    assert [d.by for d in told.project.passings[0].decisions] == ["second"]


def test_who_lost_the_role_does_not_lift_the_dissent() -> None:
    """Deciding is for holders of the role: one who lost it may not lift the dissent they gave in it."""
    told = story(asking(needs("a"), decided_by=["sro"])).given(hand_in("a"), decide_on(dissent="No."))
    told.when(decide_on(), by=actor("sro", "lead")).refused("not_permitted")
    told.when(decide_on(), by="sro").accepted("decided")


def test_an_exact_repeat_is_refused_by_the_rules_whatever_else_is_open() -> None:
    """An exact repeat is refused (4), for somebody with several roles, too.

    Seen red: it was answered with the other role, as one person in two roles (6).
    """
    told = story(asking(signature("s", "sro", "cochair"), signature("t", "sro", "cochair")))
    both = actor("both", "sro", "cochair")
    told.given(sign("s"), by="sro").given(sign("s"), by=both)
    told.when(sign("s"), by=both).refused("rules", "signed_already", "signed by the co-chair")
    told.when(sign("s", "sro"), by=both).refused("not_permitted", says="one person, one role")
    told.given(sign("t", "cochair"), by=both).when(sign("t"), by=both).refused("rules", "signed_already")


# the order of refusals


@pytest.mark.parametrize("stage", ["plan", "done"])
def test_an_unknown_actor_is_not_told_what_the_rules_say(stage: str) -> None:
    """Not permitted (6) comes before the rules (4): an unknown actor is refused as such where no way leads on, too.

    Seen red: an unknown actor was told that the project had ended.
    """
    told = story(asking(needs("a"), decided_by=["sro"]))
    if stage == "done":
        told.given(hand_in("a"), decide_on(), advance(), advance())
    for wish in (advance(act="again"), decide_on(to="done")):
        told.when(wish, by=STRANGER).refused("not_permitted", "unknown_person")
        told.when(wish, by="integrator").refused("not_permitted", "not_permitted")
        told.when(wish, by="sro").refused("rules", "project_ended" if stage == "done" else "no_such_transition")


def test_wrong_input_comes_before_a_way_that_is_not_there() -> None:
    """Input (2) comes before the rules (4), and all its mistakes are told at once."""
    told = story(asking(needs("a"), decided_by=["sro"]))
    wish = advance(act="again", reason="\x00", conditions=[(" ", "p", "2026-02-30"), ("Do.", "p", "2026-01-01")])
    found = told.when(wish, by=STRANGER).refused("input")
    assert [p["field"] for p in found.problems] == ["reason", "condition", "due", "due"]
    found = told.when(decide_on(to="done", role="queen", dissent=" "), by=STRANGER).refused("input")
    assert [p["field"] for p in found.problems] == ["role", "dissent"]


def test_the_day_a_condition_is_due_is_kept_as_it_sorts() -> None:
    """What a condition says is trimmed, and its day is a date as written here."""
    told = story(asking(needs("a"))).given(hand_in("a"))
    told.when(advance(conditions=[("Do.", "p", "20260701")])).refused(
        "input", says="The day a condition is due must be"
    )
    told.given(advance(conditions=[(" Do\r\nit. ", "p", " 2026-07-01 ")]))
    (kept,) = told.project.passings[0].conditions
    assert (kept.text, kept.owner, kept.due) == ("Do\nit.", "p", "2026-07-01")


# opening, fields, evidence


def test_an_id_that_is_taken_is_a_conflict() -> None:
    """An id that is taken is 7, and that before anything else is looked at."""
    told = story(asking(needs("a")))
    told.when(OpenProject("CC-1", ""), by=STRANGER).refused("conflict", "id_taken")


def test_deciding_leaves_the_wish_as_it_was() -> None:
    """A wish is not changed by being ruled on; a count given as a whole and in parts is a mistake.

    Seen red: the part was written into the mapping of the caller.
    """
    told = story(asking(needs("a")))
    whole = {"lived": 1}
    told.when(hand_in("a", **{"present": whole, "present.carer": 2})).refused("input", says="as a whole and in parts")  # type: ignore[arg-type]  # members with dots cannot be written as keywords
    assert whole == {"lived": 1}
    told.when(hand_in("a", **{"said.": "x"})).refused("input", says="There is no field said..")  # type: ignore[arg-type]  # as above


def test_a_mistake_is_told_once() -> None:
    """A required count of which one part is wrong is not called missing as well.

    Seen red: both were said.
    """
    made = workflow(gate(needs("a")), fields=[field("team", "counts", "lived", required=True)])
    moment, manager = story(asking(needs("a"))).moment, actor("m", register=("admin",))
    wrong = decide(None, OpenProject("P", "T", {"team.lived": "x"}), made, manager, moment)
    assert isinstance(wrong, Refused)
    assert wrong.message == "Team: lived must be a whole number, like 12."
    lacking = decide(None, OpenProject("P", "T"), made, manager, moment)
    assert isinstance(lacking, Refused)
    assert lacking.message == "Team is required: give team.lived=…"


@pytest.mark.parametrize("name", ["a\nb.pdf", "a\tb.pdf", " .. ", "../x", "a\\b", "", "\x00"])
def test_the_name_of_a_file_is_a_name(name: str) -> None:
    """A file's name holds no path, no line break and no tab, however it is padded."""
    told = story(asking(needs("a")))
    told.when(hand_in("a", files=(a_file(name),))).refused("input")


def test_the_name_of_a_file_is_kept_trimmed() -> None:
    """Two names that differ in spaces at their ends are the same name, and what is kept has none."""
    told = story(asking(needs("a")))
    told.when(hand_in("a", files=(a_file("a.pdf"), a_file(" a.pdf ")))).refused("input", says="Two files are called")
    told.given(hand_in("a", files=(a_file(" a.pdf "),)))
    assert [f.name for f in told.record_of("a").files] == ["a.pdf"]


@pytest.mark.parametrize("happened_on", ["20260501", "2026-W18-5", "2026-06-31", "yesterday"])
def test_the_day_it_happened_is_a_date_as_written_here(happened_on: str) -> None:
    """The day something happened is written in one way."""
    told = story(asking(needs("a")))
    told.when(hand_in("a", happened_on=happened_on)).refused("input", says="The day it happened")


@pytest.mark.parametrize("email", ["a\x00b@example.org", "a\x7f@example.org", "a@exam\u202eple.org"])
def test_an_address_holds_nothing_that_cannot_be_printed(email: str) -> None:
    """An e-mail address with a control character in it is no address."""
    admin = actor("admin", register=("admin",))
    assert isinstance(add_person(admin, Registry(1), "p", email, "Sam", (), Scope()), Refused)
    assert isinstance(add_person(admin, Registry(1), "p", "sam@example.org", "Sam", (), Scope()), Accepted)


def test_an_erased_field_does_not_bring_its_older_value_back() -> None:
    """A field whose newest words were erased is absent; what it said before stays gone.

    Seen red: the project showed the older value again.
    """
    told = story(asking(needs("a")), summary="first").given(set_fields(summary="second"))
    told.record(Event("fields_set", "CC-1", {"fields": {}}, {"field.summary": ERASED}), "manager")
    assert "summary" not in told.project.fields


def test_not_empty_means_recorded() -> None:
    """`not_empty` asks whether something was said: 0 pounds and a no are said.

    Seen red: a lifetime value of 0 did not count as recorded.
    """
    told = story(asking(needs("a", when=check("project.value", "not_empty"))), value="0")
    assert told.state("a") == "unmet"


def test_people_are_told_of_a_stranger_by_name() -> None:
    """Somebody unknown is told that they are, by the e-mail they gave."""
    told: Story = story(asking(needs("a")))
    who = Actor("", "ghost@example.org")
    told.when(hand_in("a"), by=who).refused("not_permitted", "unknown_person", "ghost@example.org")
