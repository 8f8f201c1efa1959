"""Rounds, ways back and ways out: cycles, sending back, stopping, holding, conditions, dissent and waivers."""

from __future__ import annotations

from pathlib import Path

from engine.api import InputRefused, RulesRefused

from .town import ADMIN, COCHAIR, LEAD, MANAGER, PROJECT, SRO, Json, Town, document, refused

YEARLY = Path(__file__).with_name("yearly.yaml")


def open_yearly(town: Town) -> None:
    """Opens a project of the yearly review."""
    town.engine.load_definition(YEARLY.read_bytes(), YEARLY.name, actor=ADMIN)
    town.engine.new_project("A year", "yearly", project_id=PROJECT, actor=MANAGER)
    town.engine.grant(SRO, "sro", project=PROJECT, actor=ADMIN)
    town.engine.grant(COCHAIR, "lx_cochair", project=PROJECT, actor=ADMIN)


def hand_in(town: Town, requirement: str, **more: object) -> str:
    """Hands in a document, or a note where `words` are given."""
    asked: Json = {"facts": more} if more else {"files": [document()]}
    return str(town.engine.add_evidence(PROJECT, requirement, actor=COCHAIR, **asked)["evidence"])


def fill_look(town: Town) -> None:
    """Meets every requirement of the look gate and decides."""
    for requirement in ("survey", "plan"):
        hand_in(town, requirement)
    for voice in ("one", "two", "three"):
        hand_in(town, "voices", words=voice)
    town.engine.sign(PROJECT, "word", actor=SRO)
    town.decide()


def test_a_new_cycle_starts_again_with_what_carries_over(town: Town) -> None:
    """In a new cycle only evidence that carries over counts, signatures are asked again, and old passings stay."""
    open_yearly(town)
    fill_look(town)
    town.engine.advance(PROJECT, actor=SRO)
    hand_in(town, "report")
    town.engine.decide(PROJECT, to="ended", actor=SRO)  # the same gate stands on both ways
    turned = town.engine.advance(PROJECT, act="again", actor=SRO)
    assert (turned["from"], turned["to"], turned["outcome"]) == ("act", "look", "passed")
    shown = town.engine.project(PROJECT)
    assert (shown["cycle"], shown["stage"]) == (2, "look")
    assert town.states() == {"survey": "met", "plan": "unmet", "voices": "unmet", "word": "unmet"}
    assert [(g["gate"], g["cycle"], g["sound"]) for g in shown["gates"]] == [
        ("look-gate", 1, True),
        ("act-gate", 1, True),
    ]
    hand_in(town, "plan")
    for voice in ("four", "five", "six"):
        hand_in(town, "voices", words=voice)
    town.engine.sign(PROJECT, "word", actor=SRO)
    town.decide()
    assert town.engine.advance(PROJECT, actor=SRO)["outcome"] == "passed"
    assert [g["cycle"] for g in town.passings()] == [1, 1, 2]
    assert all(g["sound"] for g in town.passings())


def test_a_counted_requirement_keeps_several_records(town: Town) -> None:
    """Where records are counted all of them are current, and each that is withdrawn is missed."""
    open_yearly(town)
    notes = [hand_in(town, "voices", words=voice) for voice in ("one", "two", "three", "four")]
    listed = {r["evidence"]: r["state"] for r in town.engine.evidence_list(PROJECT)["evidence"]}
    assert listed == dict.fromkeys(notes, "current")
    assert town.states()["voices"] == "met"
    for note in notes[:2]:
        town.engine.withdraw(note, "Said twice", actor=COCHAIR)
    assert town.states()["voices"] == "unmet"


def test_entering_a_stage_again_asks_for_this_stages_evidence_anew(town: Town) -> None:
    """After sending back, `fresh: this stage` starts anew, other evidence still counts, and decisions are gone."""
    open_yearly(town)
    fill_look(town)
    town.engine.advance(PROJECT, actor=SRO)
    refused(InputRefused, None, lambda: town.engine.advance(PROJECT, act="send_back", actor=COCHAIR))
    back = town.engine.advance(PROJECT, act="send_back", reason="The survey was too small", actor=COCHAIR)
    assert (back["to"], back["outcome"]) == ("look", "returned")
    assert town.states() == {"survey": "met", "plan": "unmet", "voices": "met", "word": "met"}
    assert town.engine.gate(PROJECT)["decisions"] == []
    assert town.passings()[0]["sound"]


def test_a_stopped_project_takes_nothing_more(town: Town) -> None:
    """A stopped project stands in a final stage: no evidence, no fields, no signature, no way on; it can be read."""
    town.open()
    stopped = town.engine.advance(PROJECT, act="stop", reason="No money", actor=SRO)
    assert (stopped["to"], stopped["outcome"]) == ("stopped", "stopped")
    engine = town.engine
    for attempt in (
        lambda: town.add("mandate"),
        lambda: engine.set_fields(PROJECT, {"regime": "psr"}, actor=MANAGER),
        lambda: engine.sign(PROJECT, "mandate", actor=SRO),
        lambda: engine.hold(PROJECT, "A pause", actor=MANAGER),
        lambda: engine.advance(PROJECT, actor=SRO),
        lambda: engine.decide(PROJECT, actor=SRO),
        lambda: engine.waive(PROJECT, "mandate", "Soon", "2026-07-01", COCHAIR, actor=SRO),
    ):
        refused(RulesRefused, "project_ended", attempt)
    gate = engine.gate(PROJECT)
    assert (gate["gate"], gate["open"], gate["to"], gate["acts"]) == (None, True, None, [])


def test_on_hold_nothing_is_decided_and_nothing_moves(town: Town) -> None:
    """On hold evidence still arrives and the gate answers as before; decisions and moves wait until it is resumed."""
    town.open()
    town.fill_plan()
    town.engine.decide(PROJECT, actor=SRO)
    before = town.engine.gate(PROJECT)
    town.engine.hold(PROJECT, "The board is new", actor=MANAGER)
    assert town.engine.gate(PROJECT) == before | {"on_hold": True}
    shown = town.engine.project(PROJECT)
    assert (shown["on_hold"], shown["hold"]["reason"]) == (True, "The board is new")
    refused(RulesRefused, "on_hold", lambda: town.engine.decide(PROJECT, actor=COCHAIR))
    refused(RulesRefused, "on_hold", lambda: town.engine.advance(PROJECT, actor=SRO))
    refused(RulesRefused, "on_hold", lambda: town.engine.advance(PROJECT, act="stop", reason="No", actor=SRO))
    refused(RulesRefused, "on_hold", lambda: town.engine.hold(PROJECT, "Again", actor=MANAGER))
    assert town.add("specification")
    town.engine.resume(PROJECT, "It met", actor=MANAGER)
    town.engine.decide(PROJECT, actor=COCHAIR)
    assert town.engine.advance(PROJECT, actor=SRO)["outcome"] == "passed"


def test_a_gate_is_passed_with_conditions(town: Town) -> None:
    """Each condition has an owner and a day, stands with the passing, and does not make it unsound."""
    town.open()
    town.fill_plan()
    town.decide()
    conditions = [("Ask the carers again", LEAD, "2026-07-01"), ("Find a room", SRO, "2026-06-01")]
    passed = town.engine.advance(PROJECT, conditions=conditions, actor=SRO)
    assert passed["outcome"] == "passed_with_conditions"
    [passing] = town.passings()
    assert [(c["text"], c["name"], c["due"]) for c in passing["conditions"]] == [
        ("Ask the carers again", "Lead", "2026-07-01"),
        ("Find a room", "Sro", "2026-06-01"),
    ]
    assert (passing["outcome"], passing["sound"]) == ("passed_with_conditions", True)
    past = [("Too late", SRO, "2026-05-31")]
    refused(InputRefused, None, lambda: town.engine.advance(PROJECT, conditions=past, actor=SRO))


def test_recorded_dissent_counts_as_having_decided(town: Town) -> None:
    """Where the definition only records dissent, the gate opens and the passing shows who dissented."""
    open_yearly(town)
    fill_look(town)
    town.engine.advance(PROJECT, actor=SRO)
    hand_in(town, "report")
    town.engine.decide(PROJECT, to="ended", dissent="We could do more", actor=SRO)
    assert town.engine.gate(PROJECT, to="ended")["open"]
    assert town.engine.advance(PROJECT, act="end", actor=SRO)["to"] == "ended"
    assert [d["dissent"] for d in town.passings()[-1]["decided_by"]] == [True]


def test_deciding_is_about_the_way_that_has_a_gate(town: Town) -> None:
    """Where a gated and an ungated way lead to one stage, deciding and asking for the gate mean the gated one."""
    open_yearly(town)
    fill_look(town)
    town.engine.advance(PROJECT, actor=SRO)
    hand_in(town, "report")
    assert town.engine.gate(PROJECT, to="look")["gate"] == "act-gate"
    town.engine.decide(PROJECT, to="look", actor=SRO)
    assert town.engine.gate(PROJECT, to="look")["open"]


def test_a_project_keeps_the_definition_it_was_opened_with(town: Town) -> None:
    """A newer definition is current for new projects; those that were opened keep theirs, word for word."""
    town.open()
    old = town.engine.workflow("two-gates")
    newer = old["definition_text"].replace('version: "1.0"', 'version: "2.0"').replace("[edi]", "[sro]")
    loaded = town.engine.load_definition(newer.encode(), "two-gates.yaml", actor=ADMIN)
    assert loaded["definition"] != old["definition"]
    town.open("CC-2")
    assert town.engine.project(PROJECT)["definition"] == old["definition"]
    assert town.engine.project("CC-2")["definition"] == loaded["definition"]
    current = [
        w["version"] for w in town.engine.workflows()["workflows"] if w["current"] and w["workflow"] == "two-gates"
    ]
    assert current == ["2.0"]
    refused(RulesRefused, "loaded_already", lambda: town.engine.load_definition(newer.encode(), "x", actor=ADMIN))
    town.engine.load_definition(old["definition_text"].encode(), "two-gates.yaml", actor=ADMIN)
    assert town.engine.workflow("two-gates")["definition"] == old["definition"], "what is loaded last is current"
