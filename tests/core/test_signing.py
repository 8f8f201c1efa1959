"""Signing: one a role and a person, bound to what was signed, and never by its submitter alone."""

from __future__ import annotations

import pytest

from engine.core.commands import Command
from engine.core.evidence import digest_of

from .builders import (
    advance,
    any_of,
    asking,
    check,
    gate,
    hand_in,
    hold,
    needs,
    regrade,
    rule,
    sign,
    signature,
    withdraw,
    workflow,
)
from .story import Story, actor, story

BOTH = actor("both", "sro", "cochair")


@pytest.fixture
def told() -> Story:
    """Returns a project with one record that two sign, one that one signs, and a bare signature."""
    two = needs("plan", signed_by=["sro", "cochair"])
    one, bare = needs("note", signed_by=["sro"]), signature("yes", "sro", "cochair")
    begun = story(workflow(gate(two, one, bare, needs("free"))))
    return begun.given(hand_in("plan", "co_design"), hand_in("note"), by="lead")


def test_a_signature_under_a_record_is_written_with_exactly_these_members(told: Story) -> None:
    """A signature is bound to the digest of the newest record of its requirement."""
    (event,) = told.when(sign("plan"), by="sro").accepted("signed").events
    assert event.body == {
        "signature": "s3",
        "requirement": "plan",
        "role": "sro",
        "evidence": "a1",
        "binds": told.record_of("plan").digest,
    }
    assert event.words == {}


def test_a_signature_without_a_record_is_bound_to_requirement_definition_and_cycle(told: Story) -> None:
    """Where no record lies behind it, a signature binds to what was asked of whom, and when."""
    (event,) = told.when(sign("yes"), by="sro").accepted("signed").events
    bound = digest_of({"definition": told.workflow.digest, "requirement": "yes", "cycle": 1})
    assert (event.body["evidence"], event.body["binds"]) == (None, bound)


def test_one_signature_for_each_role_meets_the_requirement(told: Story) -> None:
    """One signature for each role in `signed_by` is needed, each by a different person."""
    told.given(sign("plan"), by="sro")
    assert told.state("plan") == "unmet"
    told.given(sign("plan"), by="cochair")
    assert told.state("plan") == "met"


def test_one_person_signs_in_one_role_per_requirement(told: Story) -> None:
    """Somebody who holds both roles signs in one of them, and elsewhere in the other."""
    told.given(sign("plan", "sro"), by=BOTH)
    told.when(sign("plan", "cochair"), by=BOTH).refused("not_permitted", "not_permitted", "one person, one role")
    told.when(sign("yes", "cochair"), by=BOTH).accepted("signed")


def test_a_role_taken_up_later_is_no_second_signature(told: Story) -> None:
    """Whoever signed in a role they have lost since does not sign in another one."""
    told.given(sign("plan"), by=actor("sam", "sro"))
    told.when(sign("plan"), by=actor("sam", "cochair")).refused("not_permitted", says="one person, one role")


@pytest.mark.parametrize("role", [None, "sro"])
def test_an_exact_repeat_is_refused(told: Story, role: str | None) -> None:
    """The same person in the same role signs the same record once."""
    told.given(sign("plan"), by="sro")
    told.when(sign("plan", role), by="sro").refused("rules", "signed_already")


def test_a_role_that_has_signed_is_not_signed_for_again(told: Story) -> None:
    """Another holder of the role that has signed is told so."""
    told.given(sign("plan"), by="sro")
    told.when(sign("plan"), by=actor("other", "sro")).refused("rules", "signed_already")


def test_who_holds_several_open_roles_is_asked_which(told: Story) -> None:
    """With two roles open somebody who holds both is asked; with one left they sign in that."""
    told.when(sign("plan"), by=BOTH).refused("input", "input_refused", "--role sro or cochair")
    told.given(sign("plan"), by="sro")
    (event,) = told.when(sign("plan"), by=BOTH).accepted("signed").events
    assert event.body["role"] == "cochair"


def test_a_repeat_by_somebody_of_both_roles_is_known_as_a_repeat(told: Story) -> None:
    """Who signed in one of their roles and signs again without naming one repeats that signature."""
    told.given(sign("plan", "sro"), by=BOTH)
    told.when(sign("plan"), by=BOTH).refused("rules", "signed_already", "senior responsible owner")


def test_the_submitter_may_be_one_of_several_signatories(told: Story) -> None:
    """Where two roles sign, the submitter may be one of the two."""
    told.given(hand_in("plan"), by="sro").given(sign("plan"), by="sro").given(sign("plan"), by="cochair")
    assert told.state("plan") == "met"


@pytest.mark.parametrize("role", [None, "sro"])
def test_the_submitter_is_never_the_only_signatory(told: Story, role: str | None) -> None:
    """Where one role signs, the submitter is refused at signing; another holder of the role is not."""
    told.given(hand_in("note"), by="sro")
    told.when(sign("note", role), by="sro").refused("not_permitted", "not_permitted", "You handed this record in")
    told.when(sign("note", role), by=actor("other", "sro")).accepted("signed")


@pytest.mark.parametrize(
    ("wish", "by", "why"),
    [
        (hand_in("plan"), "lead", "a newer record took its place"),
        (withdraw("a1"), "lead", "the record was withdrawn"),
        (regrade("a1", "informing"), "auditor", "the record was judged down"),
    ],
)
def test_signatures_lapse_with_their_record(told: Story, wish: Command, by: str, why: str) -> None:
    """When a record is superseded, withdrawn or judged down, its signatures lapse, and no others."""
    told.given(sign("plan"), sign("note"), sign("yes"), by="sro").given(wish, by=by)
    assert {s.requirement: s.lapsed for s in told.project.signatures} == {"plan": why, "note": "", "yes": ""}


def test_who_signed_what_lapsed_may_sign_anew(told: Story) -> None:
    """A signature that lapsed is no repeat: the new record is signed like the old one, in any role."""
    told.given(sign("plan", "sro"), by=BOTH).given(hand_in("plan"))
    told.when(sign("plan", "cochair"), by=BOTH).accepted("signed")


def test_what_fails_its_rules_can_still_be_signed() -> None:
    """A signature says that this is the record; the rules judge it."""
    scored = rule("scored", check("score", "at_least", 3))
    told = story(asking(needs("talk", rules=["scored"], signed_by=["sro"]), rules=[scored]))
    told.given(hand_in("talk", score=1)).when(sign("talk")).accepted("signed")
    assert told.state("talk") == "unmet"


def test_losing_a_role_later_does_not_undo_a_signature(told: Story) -> None:
    """A signature counts though its signatory acts without the role afterwards."""
    told.given(sign("note"), by=actor("sam", "sro")).given(hand_in("free"), by=actor("sam", "lead"))
    assert told.state("note") == "met"


def test_a_signature_without_a_record_lasts_to_the_end_of_the_cycle() -> None:
    """It counts through stages gone back to, and in the next cycle it is asked for anew."""
    told = story(workflow(gate(signature("yes", "sro"))))
    told.given(sign("yes")).given(advance(), advance(act="send_back", reason="More to do."))
    assert told.state("yes") == "met"
    told.given(advance(), advance(act="again"))
    assert told.state("yes") == "unmet"
    told.when(sign("yes")).accepted("signed")


def test_there_must_be_something_to_sign(told: Story) -> None:
    """A requirement for evidence is signed once something was handed in, and not when it was withdrawn."""
    told.given(withdraw("a1")).when(sign("plan")).refused("rules", "nothing_to_sign", "Nothing has been handed in")


def test_a_requirement_that_asks_for_no_signature_takes_none(told: Story) -> None:
    """Signing where no signature is asked is a mistake of the input; so it is for a group."""
    told.when(sign("free")).refused("input", says="Free asks for no signature.")
    story(asking(any_of("either", signature("yes", "sro")))).when(sign("either")).refused("input")


def test_signing_an_unknown_requirement_is_not_found(told: Story) -> None:
    """A requirement that the workflow has not is not found."""
    told.when(sign("plam")).refused("not_found", "no_such_requirement", "Did you mean plan?")


def test_signing_in_an_unknown_role_is_a_mistake(told: Story) -> None:
    """A role that the definition has not is a mistake, with the role that was meant."""
    told.when(sign("plan", "srro")).refused("input", says="Did you mean sro?")


@pytest.mark.parametrize(
    ("role", "by", "says"),
    [
        ("edi", "edi", "The EDI lead does not sign this"),
        ("cochair", "sro", "You do not hold the role co-chair"),
        (None, "lead", "Only the senior responsible owner or the co-chair may sign this."),
    ],
)
def test_only_holders_of_the_role_named_sign(told: Story, role: str | None, by: str, says: str) -> None:
    """A role not asked for, one not held, and no role at all are each refused in their own words."""
    told.when(sign("plan", role), by=by).refused("not_permitted", "not_permitted", says)


def test_signing_goes_on_while_on_hold_and_ends_with_the_project(told: Story) -> None:
    """On hold nothing is decided, but names may be put under what is there; after the end nothing is signed."""
    told.given(hold()).when(sign("plan"), by="sro").accepted("signed")
    ended = story(asking(signature("yes", "sro"))).given(advance("stopped", reason="No money."), by="sro")
    ended.when(sign("yes")).refused("rules", "project_ended")
