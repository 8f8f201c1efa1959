"""Erasing what people typed in one entry: titles, texts, reasons, dissents, conditions, corrections, authorities."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.api import NotFound, NotPermitted, RulesRefused

from .test_erasing import AUTHORITY, CANARY, SECOND, bytes_of, erase, with_second_admin
from .town import ADMIN, COCHAIR, LEAD, MANAGER, PROJECT, QUORUM, SRO, Json, Town, refused


def title(town: Town) -> int:
    return int(town.engine.new_project(CANARY, "two-gates", fields={"lifetime_value": "1"}, actor=MANAGER)["seq"])


def text_field(town: Town) -> int:
    return int(town.engine.set_fields(PROJECT, {"priority_groups": [CANARY]}, actor=MANAGER)["seq"])


def hold(town: Town) -> int:
    return int(town.engine.hold(PROJECT, CANARY, actor=MANAGER)["seq"])


def resume(town: Town) -> int:
    town.engine.hold(PROJECT, "Money is short.", actor=MANAGER)
    return int(town.engine.resume(PROJECT, CANARY, actor=MANAGER)["seq"])


def waiver(town: Town) -> int:
    return int(town.engine.waive(PROJECT, "priorities", CANARY, "2026-12-31", COCHAIR, actor=SRO)["seq"])


def dissent(town: Town) -> int:
    town.fill_plan()
    return int(town.engine.decide(PROJECT, dissent=CANARY, actor=SRO)["seq"])


def condition(town: Town) -> int:
    town.fill_plan()
    town.decide()
    asked = [(CANARY, LEAD, "2026-12-01")]
    return int(town.engine.advance(PROJECT, conditions=asked, actor=SRO)["seq"])


def how_a_condition_was_met(town: Town) -> int:
    town.fill_plan()
    town.decide()
    passing = town.engine.advance(PROJECT, conditions=[("A chair", LEAD, "2026-12-01")], actor=SRO)["seq"]
    return int(town.engine.meet_condition(PROJECT, passing, 1, CANARY, actor=COCHAIR)["seq"])


def stop(town: Town) -> int:
    return int(town.engine.advance(PROJECT, to="stopped", reason=CANARY, actor=SRO)["seq"])


def hear(town: Town) -> str:
    """Hands in that the priority groups were heard, by which the gate looks at that field of the project."""
    return town.add("outreach", level="engagement", facts=QUORUM | {"groups_heard": [CANARY]})


def withdrawal(town: Town) -> int:
    return int(town.engine.withdraw(town.add("mandate"), CANARY, actor=LEAD)["seq"])


def correction(town: Town) -> int:
    return int(town.engine.correct(town.size - 1, CANARY, MANAGER, actor=ADMIN)["seq"])


def authority(town: Town) -> int:
    return int(town.engine.erase(town.add("mandate"), CANARY, SRO, actor=ADMIN)["seq"])


TYPED = [title, text_field, hold, resume, waiver, dissent, condition, how_a_condition_was_met, stop, withdrawal]
TYPED += [correction, authority]


@pytest.mark.parametrize("typed", TYPED, ids=lambda one: one.__name__)
def test_what_was_typed_in_an_entry_is_gone_from_every_byte(town: Town, typed: Callable[[Town], int]) -> None:
    """Whatever kind of entry a text stands in, it can be erased: no byte is left, and verify is green and counts it.

    Seen to fail when the state was not folded anew: the title, the reason and the condition stood in the snapshot.
    """
    with_second_admin(town)
    town.open()
    seq = typed(town)
    assert CANARY.encode() in bytes_of(town)
    leaf = town.engine.leaf(seq)
    answer = erase(town, str(seq), second=SECOND)
    assert answer["events"][0] in ("words_erased", "register_words_erased")
    assert (answer["entry"], answer["erased"]["words"], answer["left"]) == (seq, 1, None)
    assert CANARY.encode() not in bytes_of(town)
    assert town.engine.leaf(seq) == leaf
    verified = town.engine.verify()
    assert (verified["ok"], verified["problems"]) == (True, [])
    assert verified["erasures"][-1]["what"] == f"entry {seq}"
    refused(RulesRefused, "erased_already", lambda: erase(town, str(seq), second=SECOND))


def test_a_passed_gate_that_hung_on_an_erased_field_keeps_its_verdict(town: Town) -> None:
    """What the project said when a gate was passed can be erased; the gate stays sound, says so, and verify agrees.

    Seen to fail when the fields of the passing were just left out: the gate was put back to.
    """
    town.make_strict("reopens")
    opened = town.open(priority_groups=CANARY)["seq"]
    town.add("mandate")
    town.sign("mandate", SRO, COCHAIR)
    hear(town)
    town.add("priorities")
    town.sign("priorities", COCHAIR)
    town.decide()
    town.engine.advance(PROJECT, actor=SRO)
    answer = erase(town, str(opened))
    assert answer["events"] == ["words_erased"]
    (passing,) = town.passings()
    assert (passing["sound"], passing["reopened"]) == (True, False)
    assert passing["erasures"] == [
        "What the project said then of “Priority groups” was erased since; its recorded verdict stands."
    ]
    verified = town.engine.verify()
    assert (verified["ok"], verified["problems"]) == (True, [])
    assert {one["erased_by"] for one in verified["not_rejudged"]} == {answer["seq"]}


def test_what_is_withdrawn_under_such_a_gate_still_counts(town: Town) -> None:
    """The erasure of a field hides no other loss: a record withdrawn afterwards makes the gate unsound.

    Seen to fail when every requirement of the passing was let be.
    """
    opened = town.open(priority_groups=CANARY)["seq"]
    town.add("mandate")
    town.sign("mandate", SRO, COCHAIR)
    heard = hear(town)
    town.add("priorities")
    town.sign("priorities", COCHAIR)
    town.decide()
    town.engine.advance(PROJECT, actor=SRO)
    erase(town, str(opened))
    assert town.passings()[0]["sound"]
    town.engine.withdraw(heard, "A slip.", actor=LEAD)
    assert not town.passings()[0]["sound"]
    assert town.engine.verify()["problems"] == []


def test_a_decision_on_an_erased_field_lapses(town: Town) -> None:
    """Where the gate ahead looks at an erased field, decisions on the old answer lapse; nobody's name is moved on."""
    opened = town.open(priority_groups=CANARY)["seq"]
    town.add("mandate")
    town.sign("mandate", SRO, COCHAIR)
    hear(town)
    town.add("priorities")
    town.sign("priorities", COCHAIR)
    town.decide()
    assert erase(town, str(opened))["events"] == ["words_erased", "decisions_lapsed"]
    assert not town.engine.gate(PROJECT)["open"]
    assert town.states()["outreach"] == "not_applicable"
    town.engine.set_fields(PROJECT, {"priority_groups": [CANARY.upper()]}, actor=MANAGER)
    assert town.states()["outreach"] == "met"
    assert town.engine.verify()["problems"] == []


def test_a_value_set_since_stays(town: Town) -> None:
    """Erasing what a field said first leaves what it says now, and the other way round it says nothing."""
    opened = town.open(priority_groups="Roma")["seq"]
    later = town.engine.set_fields(PROJECT, {"priority_groups": ["Deaf people"]}, actor=MANAGER)["seq"]
    erase(town, str(opened))
    assert town.engine.project(PROJECT)["fields"]["priority_groups"] == ["Deaf people"]
    erase(town, str(later))
    assert town.engine.project(PROJECT)["fields"].get("priority_groups") is None
    assert town.engine.project(PROJECT)["title"] is None
    assert town.engine.verify()["problems"] == []


def test_who_may_erase_the_words_of_an_entry(town: Town) -> None:
    """Two admins, or an admin and the project's sro for what is of that project; nobody else, and nobody alone."""
    with_second_admin(town)
    town.open()
    seq, adding = hold(town), town.engine.correct(0, "No.", MANAGER, actor=ADMIN)["seq"]
    for actor, second in ((MANAGER, SRO), (SRO, ADMIN), (ADMIN, ADMIN), (ADMIN, COCHAIR)):
        refused(NotPermitted, None, lambda a=actor, s=second: erase(town, str(seq), actor=a, second=s))  # type: ignore[misc]  # mypy cannot tell what a default makes of a lambda
    refused(NotPermitted, None, lambda: erase(town, str(adding)))  # the sro answers for the project, not the register
    assert erase(town, str(seq))["events"] == ["words_erased"]
    assert erase(town, str(adding), second=SECOND)["events"] == ["register_words_erased"]
    assert town.engine.verify()["problems"] == []


def test_what_an_entry_cannot_lose_is_said(town: Town) -> None:
    """A record and a person are erased whole, an entry without words has nothing to lose, and there must be one."""
    with_second_admin(town)
    town.open()
    evidence = town.add("mandate")
    refused(RulesRefused, "erase_whole", lambda: erase(town, str(town.size - 1), second=SECOND))
    people = [seq for seq, leaf in enumerate(town.leaves()) if leaf["event"] == "person_added"]
    refused(RulesRefused, "erase_whole", lambda: erase(town, str(people[0]), second=SECOND))
    refused(RulesRefused, "nothing_typed", lambda: erase(town, "0", second=SECOND))
    refused(NotFound, None, lambda: erase(town, "999999", second=SECOND))
    assert town.engine.evidence_show(evidence)["state"] == "current"


def test_a_replayed_erasure_answers_as_it_did(town: Town) -> None:
    """The same key gives the same answer, and the act whose words went is replayed without them."""
    with_second_admin(town)
    asked: Json = {"fields": {"lifetime_value": "1"}, "project_id": "CC-9", "actor": MANAGER, "key": "k1"}
    opened = town.engine.new_project(CANARY, "two-gates", **asked)
    first = erase(town, str(opened["seq"]), second=SECOND, key="k2")
    assert erase(town, str(opened["seq"]), second=SECOND, key="k2") == first | {"replayed": True}
    assert CANARY not in str(town.engine.new_project(CANARY, "two-gates", **asked))
    assert first["stays"] == {"corrections": []}
    history = town.engine.history("CC-9")["history"]
    assert [entry["words"] for entry in history] == [{"title": None}, {"authority": AUTHORITY}]
