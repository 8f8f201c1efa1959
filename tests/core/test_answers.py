"""The answer of a gate by example: what it says in the shape of the contract, in every state a gate can be in."""

from __future__ import annotations

from typing import Any

import pytest

from .builders import (
    Json,
    advance,
    any_of,
    asking,
    check,
    decide_on,
    field,
    gate,
    hand_in,
    hold,
    kind,
    needs,
    rule,
    sign,
    signature,
    span,
    stage,
    wait,
    waive,
    way,
    workflow,
)
from .story import Story, story

BASIS = {"kind": "guide", "source": "Working well together"}
MEETING = kind("meeting", field("held_on", "date", required=True), field("said"))
REACH = rule("reach", check("project.groups", "not_empty"), "Name the groups.")


def rich() -> Story:
    """Returns a project before a gate that asks for most things."""
    talk = needs(
        "talk",
        "meeting",
        level="co_design",
        rules=["reach"],
        signed_by=["cochair"],
        fresh=span(2, "months"),
        principles=["P1"],
        basis=BASIS,
        help="Meet first.",
    )
    either = any_of("either", needs("paper", "paper"), needs("note"))
    pause = wait("pause", "notice.published_on", 8)
    asked = gate(talk, either, needs("notice", "notice"), pause, decided_by=["sro"], waived_by=["sro", "cochair"])
    kinds = (MEETING, kind("note"), kind("paper", file="required"), kind("notice", field("published_on", "date")))
    return story(workflow(asked, rules=[REACH], principles=["P1", "P2"], kinds=kinds))


def part(told: dict[str, Any], id: str) -> dict[str, Any]:
    (found,) = (r for r in told["requirements"] if r["id"] == id)
    return dict(found)


def test_an_answer_has_the_members_of_the_contract() -> None:
    """A gate's answer says what was asked, when, under which definition, and everything that is to be said."""
    told = rich()
    found = told.told()
    plain = {name: found[name] for name in ("project", "gate", "from", "to", "open", "as_of", "definition")}
    assert plain == {
        "project": "CC-1",
        "gate": "gate",
        "from": "plan",
        "to": "build",
        "open": False,
        "as_of": "2026-06-01",
        "definition": told.workflow.digest,
    }
    assert (found["gate_title"], found["on_hold"], found["decisions"]) == ("Gate", False, [])
    assert found["principles"] == [
        {"id": "P1", "title": "Principle P1", "evidenced": False, "by": []},
        {"id": "P2", "title": "Principle P2", "evidenced": False, "by": []},
    ]


def test_every_requirement_says_what_it_is_and_what_it_needs() -> None:
    """A requirement gives its state, why, what was looked at, what would satisfy it, its basis and its principles."""
    found = part(rich().told(), "talk")
    needed = [(a["act"], a["requirement"], a["roles"]) for a in found.pop("needs")]
    assert needed == [
        ("set_field", None, ["programme_manager", "admin"]),
        ("add_evidence", "talk", ["sro", "cochair", "lead", "edi"]),
        ("sign", "talk", ["cochair"]),
    ]
    assert found == {
        "id": "talk",
        "title": "Talk",
        "help": "Meet first.",
        "state": "unmet",
        "why": ["Nothing has been handed in yet. Needed: Meeting."],
        "evidence": [],
        "signatures": [],
        "basis": BASIS,
        "law": False,
        "principles": ["P1"],
        "until": None,
        "waiver": None,
        "plugin": None,
        "of": [],
    }


def test_every_act_says_what_would_satisfy() -> None:
    """Each kind of act has its detail: a field, a record with its level, fields and rules, a role, a length of time."""
    acts = {a["act"]: a for a in rich().told()["acts"] if a["requirement"] in (None, "talk", "pause")}
    assert list(acts) == ["set_field", "add_evidence", "sign", "wait", "decide"]
    assert acts["set_field"]["detail"] == {"field": "groups", "title": "Groups"}
    assert acts["add_evidence"]["detail"] == {
        "kind": "meeting",
        "title": "Meeting",
        "file": "optional",
        "level": "co_design",
        "fields": ["held_on"],
        "rules": ["Name the groups."],
        "fresh": "2 months",
    }
    assert acts["sign"]["detail"] == {"role": "cochair"}
    assert acts["wait"]["detail"] == {"length": "8 working days", "after": "notice", "field": "published_on"}
    assert acts["decide"]["detail"] == {"role": "sro"}
    assert (acts["wait"]["roles"], acts["decide"]["roles"]) == ([], ["sro"])


def test_decide_beside_a_running_wait_carries_its_day() -> None:
    """`decide` carries the wait's `not_before`, and `earliest_open` is the last one of all."""
    found = rich().told()
    days = {a["act"]: a["not_before"] for a in found["acts"]}
    assert days["wait"] == days["decide"] == found["earliest_open"] == "2026-06-13"
    assert "The earliest day it can open is 13 June 2026." in found["summary"]


def test_a_group_gives_its_parts() -> None:
    """The parts of a group stand in `of`, each as a requirement."""
    found = part(rich().told(), "either")
    assert [r["id"] for r in found["of"]] == ["paper", "note"]
    assert [a["requirement"] for a in found["needs"]] in (["paper"], ["note"])


def test_signatures_that_count_are_told_with_who_and_when() -> None:
    """A signature gives its id, the role, the person with their name, and the moment."""
    told = story(asking(signature("yes", "sro", "cochair"))).given(sign("yes"), by="sro")
    (found,) = part(told.told(), "yes")["signatures"]
    at = told.project.signatures[0].at
    assert found == {"signature": "s1", "role": "sro", "person": "sro", "name": "Sro", "at": at}


def test_a_waiver_is_told_with_what_the_requirement_would_have_said() -> None:
    """A waived requirement names both people, the reason, the end, and what it would be, and needs nothing."""
    told = story(asking(needs("talk"), waived_by=["sro", "cochair"])).given(waive("talk", "2026-07-01"))
    found = part(told.told(), "talk")
    assert (found["state"], found["needs"]) == ("waived", [])
    assert found["waiver"] == {
        "waiver": "w1",
        "until": "2026-07-01",
        "reason": "It cannot be had yet.",
        "by": "sro",
        "second": "cochair",
        "would_be": "unmet",
    }


def test_a_fresh_record_says_until_when_it_counts() -> None:
    """`until` is the last day a record still counts."""
    told = story(asking(needs("talk", fresh=span(10, "days")))).given(hand_in("talk"))
    assert part(told.told(), "talk")["until"] == "2026-06-11"


def test_decisions_are_told_with_their_words() -> None:
    """A decision gives the person, the role, the moment, and of dissent the words."""
    told = story(asking(needs("talk"), decided_by=["sro", "edi"])).given(hand_in("talk"))
    told.given(decide_on(dissent="Too soon."), by="edi").given(decide_on(), by="sro")
    found = told.told()
    assert [(d["person"], d["name"], d["role"], d["dissent"], d["words"]) for d in found["decisions"]] == [
        ("edi", "Edi", "edi", True, "Too soon."),
        ("sro", "Sro", "sro", False, None),
    ]
    assert found["summary"] == (
        "Gate is shut: every requirement holds; still to decide: the EDI lead. There is dissent, and it blocks."
    )
    assert [(a["act"], a["roles"]) for a in found["acts"]] == [("decide", ["edi"])]


def test_an_open_gate_needs_nothing_and_is_open_today() -> None:
    """`acts` is empty where the gate is open, and `earliest_open` is today."""
    found = story(asking(needs("talk"))).given(hand_in("talk")).told()
    assert (found["open"], found["acts"], found["earliest_open"]) == (True, [], "2026-06-01")
    assert found["summary"] == "Gate is open: every requirement holds and everyone who decides has decided."


def test_a_stage_without_a_gate_answers_gate_null_and_open() -> None:
    """Where nothing guards the way, `gate` is null and `open` is true."""
    found = story(asking(needs("talk"))).told("stopped")
    assert (found["gate"], found["gate_title"], found["open"], found["to"]) == (None, None, True, "stopped")
    assert (found["requirements"], found["principles"], found["acts"]) == ([], [], [])
    assert found["summary"] == "Nothing guards the way to Stopped."


def test_a_final_stage_answers_that_the_project_has_ended() -> None:
    """In a final stage there is no way to ask about."""
    on = [stage("plan", way("advance", "done")), stage("done", final=True)]
    found = story(workflow(gate(needs("talk")), stages_=on)).given(advance()).told()
    assert (found["gate"], found["to"]) == (None, None)
    assert found["summary"] == "Done is a final stage: the project has ended."


def test_on_hold_what_the_gate_answers_is_unchanged() -> None:
    """A hold is shown, and changes nothing else of the answer."""
    told = story(asking(needs("talk")))
    before = told.told()
    assert told.given(hold()).told() == before | {"on_hold": True}


@pytest.mark.parametrize(
    ("requires", "says"),
    [
        ([needs("talk")], "Gate is shut: 1 of 1 requirements is missing."),
        ([needs("talk"), needs("note")], "Gate is shut: 2 of 2 requirements are missing."),
        (
            [needs("talk"), needs("reach", when=check("project.groups", "not_empty"))],
            "Gate is shut: 1 of 1 requirements is missing.",
        ),
    ],
)
def test_the_summary_counts_what_is_missing_of_what_applies(requires: list[Json], says: str) -> None:
    """The summary says how many of the requirements that apply are missing."""
    assert story(asking(*requires)).told()["summary"] == says


def test_acts_are_empty_and_the_summary_says_so_where_nothing_opens_the_gate() -> None:
    """`every_principle` with a principle that no requirement carries is a gate nobody can pass, and it says so."""
    asked = gate(needs("talk", principles=["P1"]), every_principle=True)
    told = story(workflow(asked, principles=["P1", "P2"])).given(hand_in("talk"))
    found = told.told()
    assert (found["open"], found["acts"], found["earliest_open"]) == (False, [], None)
    assert found["summary"].startswith("Gate is shut: nothing that is met evidences this yet: Principle P2.")
    assert "Nothing that anyone can do now opens it" in found["summary"]


def test_fresh_this_stage_is_told_in_these_words() -> None:
    """What a record must be says `this stage`, or nothing where no freshness is asked."""
    acts = story(asking(needs("talk", fresh="this stage"), needs("note"))).told()["acts"]
    assert [a["detail"]["fresh"] for a in acts] == ["this stage", None]


def test_what_would_expire_during_a_wait_is_handed_in_after_it() -> None:
    """A record that is not fresh any more when the last wait is over is handed in, and signed, after it."""
    talk = needs("talk", fresh=span(3, "days"), signed_by=["sro"])
    told = story(asking(talk, needs("notice", "notice"), wait("pause", "notice.published_on", 8), decided_by=["sro"]))
    assert told.acts() == ["add_evidence notice", "wait pause", "add_evidence talk", "sign talk sro", "decide sro"]
    assert [a["not_before"] for a in told.told()["acts"]] == [None, *["2026-06-13"] * 4]
