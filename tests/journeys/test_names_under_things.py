"""Names under things: dissent, decisions and signatures that lapse, and waivers by two people."""

from __future__ import annotations

import pytest

from engine.api import NotPermitted, RulesRefused

from .town import COCHAIR, LEAD, MANAGER, PROJECT, SRO, Town, document, refused


def test_dissent_blocks_until_the_same_person_decides(town: Town) -> None:
    """Dissent shuts the gate for everybody, nobody else can lift it, and the same person's decision does."""
    town.open()
    town.fill_plan()
    town.engine.decide(PROJECT, dissent="Carers were not heard", actor=COCHAIR)
    town.engine.decide(PROJECT, actor=SRO)
    gate = town.engine.gate(PROJECT)
    assert not gate["open"]
    assert [(d["role"], d["dissent"], d["words"]) for d in gate["decisions"]] == [
        ("lx_cochair", True, "Carers were not heard"),
        ("sro", False, None),
    ]
    assert [(a["act"], a["roles"]) for a in gate["acts"]] == [("decide", ["lx_cochair"])]
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=SRO))
    town.engine.decide(PROJECT, actor=COCHAIR)
    assert town.engine.advance(PROJECT, actor=SRO)["outcome"] == "passed"
    assert [d["dissent"] for d in town.passings()[0]["decided_by"]] == [False, False]


@pytest.mark.parametrize("change", ["newer record", "withdrawal", "field", "signature"])
def test_decisions_lapse_when_what_was_decided_on_changes(town: Town, change: str) -> None:
    """A decision is bound to the whole answer: once a verdict, or what it rests on, is another, it lapses."""
    town.open()
    records = town.fill_plan()
    town.engine.decide(PROJECT, actor=SRO)
    match change:
        case "newer record":
            answer = town.engine.add_evidence(PROJECT, "mandate", level="co_design", files=[document()], actor=LEAD)
        case "withdrawal":
            answer = town.engine.withdraw(records["priorities"], "Wrong", actor=LEAD)
        case "field":
            answer = town.engine.set_fields(PROJECT, {"priority_groups": "Roma"}, actor=MANAGER)
        case _:
            answer = town.engine.add_evidence(PROJECT, "specification", files=[document()], actor=LEAD)
    lapsed = change != "signature"
    assert ("decisions_lapsed" in answer["events"]) is lapsed, "what belongs to another gate changes nothing here"
    assert len(town.engine.gate(PROJECT)["decisions"]) == (0 if lapsed else 1)


def test_a_waiver_by_two_people_opens_a_gate_and_says_so(town: Town) -> None:
    """What two people waived is shown as waived, with what it would have been, and holds until its last day."""
    town.open()
    town.engine.waive(PROJECT, "priorities", "The room was flooded", "2026-06-10", COCHAIR, actor=SRO)
    town.add("mandate")
    town.sign("mandate", SRO, COCHAIR)
    assert town.states()["priorities"] == "waived"
    [waiver] = town.engine.project(PROJECT)["waivers"]
    assert {k: waiver[k] for k in ("requirement", "until", "reason", "by", "second")} == {
        "requirement": "priorities",
        "until": "2026-06-10",
        "reason": "The room was flooded",
        "by": "Sro",
        "second": "Cochair",
    }
    town.engine.decide(PROJECT, actor=SRO)
    town.on("2026-06-11")
    assert town.states()["priorities"] == "unmet"
    refused(RulesRefused, "gate_shut", lambda: town.engine.advance(PROJECT, actor=SRO))
    town.engine.waive(PROJECT, "priorities", "Still wet", "2026-06-11", SRO, actor=COCHAIR)
    assert town.engine.gate(PROJECT)["decisions"] == [], "a new waiver is another answer"
    town.decide()
    assert town.engine.advance(PROJECT, actor=SRO)["outcome"] == "passed"


def test_a_signature_lapses_with_its_record(town: Town) -> None:
    """A signature counts for the record it was given to; superseded or withdrawn, the next must be signed again."""
    town.open()
    first = town.add("priorities")
    town.sign("priorities", COCHAIR)
    second = town.add("priorities")
    assert town.states()["priorities"] == "unmet"
    refused(NotPermitted, None, lambda: town.engine.sign(PROJECT, "priorities", actor=LEAD))
    town.engine.withdraw(second, "Wrong minutes", actor=LEAD)
    assert town.states()["priorities"] == "unmet", "the older record counts again, its lapsed signature does not"
    assert town.engine.evidence_show(first)["state"] == "current"
    [lapsed] = town.engine.evidence_show(first)["signatures"]
    assert lapsed["lapsed"]
    town.sign("priorities", COCHAIR)
    assert town.states()["priorities"] == "met"
