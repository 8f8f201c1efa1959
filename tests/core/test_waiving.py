"""Waiving: a reason, an end, and two people who may and did not submit what is looked at."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.core.outcome import Actor

from .builders import (
    Json,
    advance,
    all_of,
    any_of,
    asking,
    check,
    gate,
    hand_in,
    hold,
    needs,
    set_fields,
    sign,
    wait,
    waive,
    withdraw,
    workflow,
)
from .story import STRANGER, Story, actor, story

COCHAIR = actor("cochair", "cochair")


def waiving(*requires: Json, by: tuple[str, ...] = ("sro", "cochair")) -> Story:
    return story(workflow(gate(*requires, decided_by=by), principles=["P1"]))


@pytest.fixture
def told() -> Story:
    return waiving(needs("talk", level="co_design"), needs("law", law=True))


def test_a_waiver_is_written_with_exactly_these_members(told: Story) -> None:
    """A waiver writes its end and its second person in clear and the reason among the words."""
    (event,) = told.when(waive("talk", "2026-07-01", COCHAIR, " No time. ")).accepted("waived").events
    assert event.body == {"waiver": "w1", "requirement": "talk", "until": "2026-07-01", "second": "cochair"}
    assert event.words == {"reason": "No time."}


def test_what_is_waived_says_what_it_would_have_said(told: Story) -> None:
    """A waiver is shown as *waived*, with what the requirement would have said."""
    told.given(hand_in("talk", "informing"), waive("talk"))
    found = told.told()["requirements"][0]
    assert (found["state"], found["waiver"]["would_be"]) == ("waived", "unmet")
    assert "at least co-design is needed" in found["why"][-1]


def test_a_waiver_counts_up_to_and_on_its_last_day(told: Story) -> None:
    """A waiver's `until` is inclusive."""
    told.given(waive("talk", "2026-06-03")).on("2026-06-03")
    assert told.state("talk") == "waived"
    assert told.on("2026-06-04").state("talk") == "unmet"


def test_a_waiver_may_end_today(told: Story) -> None:
    """An end today is no end in the past."""
    told.when(waive("talk", "2026-06-01")).accepted("waived")


@pytest.mark.parametrize(
    ("until", "says"),
    [("2026-05-31", "ended on 2026-05-31 already"), ("soon", "must be a date"), ("", "must be a date")],
)
def test_an_end_in_the_past_or_none_is_refused(told: Story, until: str, says: str) -> None:
    """A waiver that is over already, or that has no end, is a mistake of the input."""
    told.when(waive("talk", until)).refused("input", "input_refused", says)


def test_every_mistake_of_a_waiver_is_told_at_once(told: Story) -> None:
    """The reason and the end are told together."""
    found = told.when(waive("talk", "soon", reason="")).refused("input")
    assert [p["field"] for p in found.problems] == ["reason", "until"]


def test_waiving_an_unknown_requirement_is_not_found(told: Story) -> None:
    """A requirement that the workflow has not is not found."""
    told.when(waive("tolk")).refused("not_found", "no_such_requirement", "Did you mean talk?")


def test_law_is_never_waived(told: Story) -> None:
    """`law: true` cannot be waived."""
    told.when(waive("law")).refused("rules", "law", "required by law")


@pytest.mark.parametrize("make", [all_of, any_of])
def test_a_group_that_contains_a_requirement_of_law_is_law(make: Callable[..., Json]) -> None:
    """Neither the group nor the requirement inside it is waived."""
    told = waiving(make("both", needs("talk"), needs("law", law=True)))
    told.when(waive("both")).refused("rules", "law")
    told.when(waive("law")).refused("rules", "law")


def test_waiving_what_is_met_or_does_not_apply_is_refused() -> None:
    """There is nothing to waive where a requirement is met or does not apply."""
    told = waiving(needs("talk"), needs("reach", when=check("project.groups", "not_empty"))).given(hand_in("talk"))
    told.when(waive("talk")).refused("rules", "nothing_to_waive", "Talk is met")
    told.when(waive("reach")).refused("rules", "nothing_to_waive", "Reach does not apply")
    told.given(set_fields(groups="Roma")).when(waive("reach")).accepted("waived")


def test_something_met_under_a_waiver_is_met(told: Story) -> None:
    """Evidence that comes while a waiver runs meets the requirement."""
    told.given(waive("talk"), hand_in("talk", "co_design"))
    assert told.state("talk") == "met"


def test_a_running_wait_may_be_waived() -> None:
    """What is pending may be waived like what is unmet."""
    told = waiving(needs("notice", "notice"), wait("pause", "notice.published_on", 8))
    told.given(hand_in("notice", published_on="2026-06-01"))
    assert told.state("pause") == "pending"
    told.given(waive("pause"))
    assert told.state("pause") == "waived"


def test_a_waiver_may_be_given_anew(told: Story) -> None:
    """What is waived may be waived again, and the newer end counts."""
    told.given(waive("talk", "2026-06-02"), waive("talk", "2026-06-05")).on("2026-06-04")
    assert told.state("talk") == "waived"


def test_a_waiver_needs_two_people(told: Story) -> None:
    """The second person is somebody else."""
    sro = actor("sro", "sro")
    told.when(waive("talk", second=sro), by=sro).refused("not_permitted", "not_permitted", "somebody else")


@pytest.mark.parametrize("submitter", ["sro", "cochair"])
def test_neither_of_the_two_submitted_what_is_looked_at(told: Story, submitter: str) -> None:
    """Neither the first nor the second person handed in a record that the requirement looks at now."""
    told.given(hand_in("talk"), by=submitter)
    told.when(waive("talk")).refused("not_permitted", "not_permitted", f"{submitter.capitalize()} handed in")
    told.given(hand_in("talk"), by="lead").when(waive("talk")).accepted("waived")


def test_a_submitter_whose_record_was_withdrawn_may_waive(told: Story) -> None:
    """Only what the requirement looks at now counts."""
    told.given(hand_in("talk"), withdraw("a1"), by="sro").when(waive("talk")).accepted("waived")


def test_who_handed_in_for_a_part_may_not_waive_the_group() -> None:
    """A group looks at what its parts look at."""
    told = waiving(all_of("both", needs("talk"), needs("note"))).given(hand_in("talk"), by="sro")
    told.when(waive("both")).refused("not_permitted", says="Sro handed in what this requirement looks at")


def test_who_handed_in_one_of_several_records_may_not_waive() -> None:
    """Where records are counted, each of them is looked at."""
    told = waiving(needs("talk", count=3)).given(hand_in("talk"), by="sro").given(hand_in("talk"), by="lead")
    told.when(waive("talk")).refused("not_permitted", says="Sro handed in")


def test_by_default_holders_of_the_deciding_roles_waive(told: Story) -> None:
    """Without `waived_by`, both people hold one of the gate's `decided_by` roles."""
    told.when(waive("talk"), by="edi").refused(
        "not_permitted", "not_permitted", "You may not waive this; the senior responsible owner or the co-chair may."
    )
    told.when(waive("talk", second=actor("edi", "edi"))).refused("not_permitted", says="Edi may not waive this")
    told.when(waive("talk", second=actor("other", "sro"))).accepted("waived")


def test_waived_by_names_who_waives() -> None:
    """Where a gate says `waived_by`, holders of those roles waive and those who decide do not."""
    told = story(asking(needs("talk"), decided_by=["sro"], waived_by=["edi"]))
    told.when(waive("talk")).refused("not_permitted", says="the EDI lead may")
    told.when(waive("talk", second=actor("other", "edi")), by="edi").accepted("waived")


def test_where_nobody_decides_nobody_waives() -> None:
    """A gate with neither `waived_by` nor `decided_by` is waived by nobody."""
    waiving(needs("talk"), by=()).when(waive("talk")).refused("not_permitted", says="nobody may")


@pytest.mark.parametrize(
    ("second", "code"), [(STRANGER, "unknown_person"), (actor("a", "sro", register=("auditor",)), "not_permitted")]
)
def test_the_second_person_is_known_and_no_auditor(told: Story, second: Actor, code: str) -> None:
    """Somebody unknown and an auditor are no second person."""
    told.when(waive("talk", second=second)).refused("not_permitted", code)


def test_a_waiver_ends_with_the_cycle() -> None:
    """In the next cycle what was waived is asked for anew."""
    told = waiving(needs("talk"), by=("sro",))
    told.given(waive("talk", second=actor("other", "sro")))
    assert told.state("talk") == "waived"
    told = story(asking(needs("talk"), waived_by=["sro", "cochair"])).given(waive("talk"))
    told.given(advance(), advance(act="again"))
    assert told.state("talk") == "unmet"


def test_a_waived_requirement_evidences_no_principle() -> None:
    """A principle is evidenced by a requirement that is met, not by one that is waived."""
    told = waiving(needs("talk", principles=["P1"])).given(waive("talk"))
    assert told.judgement().principles == {"P1": ()}
    told.given(hand_in("talk"))
    assert told.judgement().principles == {"P1": ("talk",)}


def test_waiving_goes_on_while_on_hold_and_ends_with_the_project(told: Story) -> None:
    """A waiver may be given on hold; in a final stage there is nothing to waive."""
    told.given(hold()).when(waive("talk")).accepted("waived")
    ended = waiving(needs("talk")).given(advance("stopped", reason="No money."), by="sro")
    ended.when(waive("talk")).refused("rules", "project_ended")


def test_what_only_lacks_signatures_may_be_waived() -> None:
    """A record that waits for its signatures is unmet, and so may be waived; signed, it is met."""
    told = waiving(needs("talk", signed_by=["edi"])).given(hand_in("talk"), waive("talk"))
    assert told.state("talk") == "waived"
    told.given(sign("talk"), by="edi")
    assert told.state("talk") == "met"
