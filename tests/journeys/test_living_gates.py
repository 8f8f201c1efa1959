"""Living gates in a register: affirming, conditions, freezing, reopening; on the project, the list and the ledger."""

from __future__ import annotations

import pytest

from engine.api import InputRefused, NotFound, NotPermitted, RulesRefused

from .town import (
    COCHAIR,
    EDI,
    GOOD,
    LEAD,
    MANAGER,
    PROJECT,
    SRO,
    Json,
    Town,
    document,
    refused,
)

CONDITION = ("Mend the ramp", LEAD, "2026-06-10")


def strictly(town: Town, if_unsound: str) -> None:
    """Opens a project on two-gates with a plan gate that warns, as it does by itself, or freezes or reopens."""
    town.make_strict(if_unsound)
    town.open()


def pass_plan(town: Town, *conditions: tuple[str, str, str]) -> dict[str, str]:
    """Takes the project through the plan gate, with conditions; returns the records it rests on."""
    records = town.fill_plan()
    town.decide()
    town.engine.advance(PROJECT, conditions=conditions, actor=SRO)
    return records


def mend(town: Town) -> None:
    """Hands in a mandate that is as good as the first one, signed."""
    town.add("mandate", files=[document("mandate-2.pdf", b"the right paper")])
    town.sign("mandate", SRO, COCHAIR)


def affirm(town: Town) -> list[Json]:
    [passing] = town.passings()
    return [town.engine.affirm(PROJECT, passing["seq"], actor=by) for by in (SRO, COCHAIR)]


def alter(town: Town, word: str = "mandate") -> None:
    """Writes other bytes over the stored files that hold a word."""
    town.wrecked = True
    with town.sql() as database:
        database.execute(f"UPDATE file SET content = replace(content, '{word}', upper('{word}'))")


def listed(town: Town, **asked: object) -> list[str]:
    return [p["project"] for p in town.engine.projects(**asked)["projects"]]  # type: ignore[arg-type]  # as the call takes them


def test_a_gate_is_lost_put_right_and_affirmed(town: Town) -> None:
    """A withdrawal, a better record, and both who decide: the gate is sound again, and all of it is in the ledger."""
    town.open()
    records = pass_plan(town)
    town.engine.withdraw(records["mandate"], "The wrong paper", actor=LEAD)
    mend(town)
    first, last = affirm(town)
    assert (first["events"], first["heals"], last["heals"]) == (["affirmed"], False, True)
    [passing] = town.passings()
    assert (passing["sound"], passing["why_unsound"]) == (True, [])
    assert [a["role"] for a in passing["affirmed_by"]] == ["sro", "lx_cochair"]
    assert not town.engine.projects()["projects"][0]["unsound"]
    refused(RulesRefused, "sound_already", lambda: affirm(town))


def test_the_same_affirming_is_done_once(town: Town) -> None:
    """Under one key it gives one event and the same answer; with another passing the key is in use."""
    town.open()
    records = pass_plan(town)
    town.engine.withdraw(records["mandate"], "The wrong paper", actor=LEAD)
    mend(town)
    seq = town.passings()[0]["seq"]
    once = town.engine.affirm(PROJECT, seq, actor=SRO, key="a")
    assert town.engine.affirm(PROJECT, seq, actor=SRO, key="a") == once | {"replayed": True}
    refused(NotFound, "no_such_passing", lambda: town.engine.affirm(PROJECT, seq + 1, actor=SRO))


def test_conditions_are_listed_and_met(town: Town) -> None:
    """A condition stands open until somebody who decided accepts it; its owner does not."""
    town.open()
    pass_plan(town, CONDITION)
    [asked] = town.engine.conditions(PROJECT)["conditions"]
    seq = asked["passing"]
    assert (asked["number"], asked["text"], asked["state"], asked["met_on"]) == (1, "Mend the ramp", "open", None)
    refused(NotPermitted, None, lambda: town.engine.meet_condition(PROJECT, seq, 1, "Done", actor=LEAD))
    refused(NotFound, "no_such_condition", lambda: town.engine.meet_condition(PROJECT, seq, 2, "Done", actor=SRO))
    refused(InputRefused, None, lambda: town.engine.meet_condition(PROJECT, seq, 1, "", actor=SRO))
    answer = town.engine.meet_condition(PROJECT, seq, 1, "Tried with a wheelchair", actor=COCHAIR)
    assert (answer["events"], answer["passing"], answer["condition"]) == (["condition_met"], seq, 1)
    [met] = town.passings()[0]["conditions"]
    assert (met["state"], met["met_by"], met["met_how"]) == ("met", "Cochair", "Tried with a wheelchair")
    refused(RulesRefused, "met_already", lambda: town.engine.meet_condition(PROJECT, seq, 1, "Done", actor=SRO))


def test_an_overdue_condition_is_shown_for_the_day_that_is_asked_about(town: Town) -> None:
    """On its due day the gate is sound, the day after it is not: on the project and in the list, today or ahead.

    Seen to fail when the list leaves the day out.
    """
    town.open()
    pass_plan(town, CONDITION)
    for at, sound in (("2026-06-10", True), ("2026-06-11", False)):
        assert town.passings(at=at)[0]["sound"] is sound
        assert town.engine.projects(at=at)["projects"][0]["unsound"] is not sound
        assert listed(town, at=at, unsound=True) == ([] if sound else [PROJECT])
    town.on("2026-06-11")
    assert town.engine.conditions(PROJECT)["conditions"][0]["state"] == "overdue"
    assert town.engine.hold(PROJECT, "Wait", actor=MANAGER)["events"] == ["held", "gate_unsound"]


def test_reading_never_writes(town: Town) -> None:
    """What time has taken away is told by readings without a single entry."""
    strictly(town, "reopens")
    pass_plan(town, CONDITION)
    town.on("2026-06-11")
    before = town.size
    assert not town.passings()[0]["sound"]
    assert listed(town, unsound=True) == [PROJECT]
    assert town.engine.gate(PROJECT)["frozen"]
    assert town.size == before


def test_a_frozen_project_is_put_right(town: Town) -> None:
    """The gate says what comes first, nothing is decided meanwhile, and affirmed it goes on."""
    strictly(town, "freezes")
    records = pass_plan(town)
    town.fill_design()
    town.engine.withdraw(records["mandate"], "The wrong paper", actor=LEAD)
    shown = town.engine.gate(PROJECT)
    seq = town.passings()[0]["seq"]
    assert not shown["open"]
    assert [f["passing"] for f in shown["frozen"]] == [seq]
    acts = [(a["act"], a["requirement"], a["detail"].get("affirm")) for a in shown["acts"][:4]]
    assert acts == [
        ("add_evidence", "mandate", None),
        ("sign", "mandate", None),
        ("sign", "mandate", None),
        ("decide", None, seq),
    ]
    no = refused(RulesRefused, "frozen", lambda: town.engine.decide(PROJECT, actor=SRO))
    assert no.details == shown | {"seq": town.size - 1, "events": ["refused"]}
    assert "Plan gate, passed on 1 June 2026" in no.message
    refused(RulesRefused, "frozen", lambda: town.engine.advance(PROJECT, actor=SRO))
    assert town.engine.project(PROJECT)["frozen"]
    mend(town)
    affirm(town)
    town.decide()
    assert town.engine.advance(PROJECT, actor=SRO)["to"] == "done"


def test_altered_bytes_freeze_until_a_new_record_is_affirmed(town: Town) -> None:
    """Bytes that are others are seen by the gate, by deciding and by affirming, and named in the ledger by an act."""
    strictly(town, "freezes")
    records = pass_plan(town)
    town.fill_design()
    alter(town)
    assert "altered" in town.engine.gate(PROJECT)["summary"]
    refused(RulesRefused, "frozen", lambda: town.engine.decide(PROJECT, actor=SRO))
    refused(RulesRefused, "still_unsound", lambda: affirm(town))
    mend(town)
    history = town.engine.history(PROJECT)["history"]
    [lost] = [e["body"] for e in history if e["event"] == "gate_unsound"]
    assert lost["altered"] == [records["mandate"]]
    assert [a["heals"] for a in affirm(town)] == [False, True]
    assert town.passings()[0]["sound"]
    assert [d["events"] for d in town.decide()] == [["decided"], ["decided"]]


def test_a_reopened_project_stands_before_its_gate(town: Town) -> None:
    """The act that takes something away puts the project back, its answer says so, and the rest still counts."""
    strictly(town, "reopens")
    records = pass_plan(town)
    answer = town.engine.withdraw(records["mandate"], "The wrong paper", actor=LEAD)
    assert answer["events"] == ["evidence_withdrawn", "gate_unsound", "gate_reopened"]
    assert (answer["reopened"]["from"], answer["reopened"]["to"]) == ("design", "plan")
    shown = town.engine.project(PROJECT)
    assert (shown["stage"], shown["gates"][0]["reopened"], shown["gates"][0]["sound"]) == ("plan", True, True)
    assert listed(town, unsound=True) == []
    assert listed(town, stage="plan") == [PROJECT]
    assert town.states()["priorities"] == "met"
    mend(town)
    town.decide()
    assert town.engine.advance(PROJECT, actor=SRO)["to"] == "design"


def test_only_the_unsound_are_listed_page_by_page(town: Town) -> None:
    """Pages of the unsound leave none out and show none twice, whatever stands between them.

    Seen to fail when the filter is left out.
    """
    names = [f"CC-{n}" for n in range(1, 8)]
    for name in names:
        town.open(name)
        if name in ("CC-2", "CC-5", "CC-6"):
            records = town.pass_plan(name)
            town.engine.withdraw(records["mandate"], "The wrong paper", actor=LEAD)
    found: list[str] = []
    after: str | None = None
    while True:
        page = town.engine.projects(unsound=True, limit=2, after=after)
        assert all(p["unsound"] and p["why_unsound"][0].startswith("Plan gate: Mandate") for p in page["projects"])
        found += [p["project"] for p in page["projects"]]
        if (after := page["next"]) is None:
            break
    assert found == ["CC-2", "CC-5", "CC-6"]


def test_only_the_list_of_the_unsound_reads_the_files(town: Town) -> None:
    """Altered bytes are found by `--unsound` and by the project itself; the plain list reads no file."""
    town.open()
    pass_plan(town)
    alter(town)
    assert [p["unsound"] for p in town.engine.projects()["projects"]] == [False]
    assert listed(town, unsound=True) == [PROJECT]
    assert not town.passings()[0]["sound"]


@pytest.mark.parametrize("if_unsound", ["warns", "freezes"])
def test_a_workflow_that_only_warns_reads_no_file_to_move(town: Town, if_unsound: str) -> None:
    """Deciding and moving look at the files of passed gates only where one of them freezes or reopens."""
    strictly(town, if_unsound)
    pass_plan(town)
    town.fill_design()
    alter(town)
    if if_unsound == "freezes":
        refused(RulesRefused, "frozen", lambda: town.engine.decide(PROJECT, actor=SRO))
        return
    town.decide()
    assert town.engine.advance(PROJECT, actor=SRO)["to"] == "done"


def test_a_state_in_an_older_form_is_read_from_the_ledger(town: Town) -> None:
    """A snapshot of an earlier cocycle is not misread: the project is what its events make, conditions and all."""
    town.open()
    pass_plan(town, CONDITION)
    shown = town.engine.project(PROJECT)
    with town.sql() as database:
        database.execute("UPDATE project SET snapshot = '{\"form\": 2}'")
    assert town.engine.project(PROJECT) == shown
    assert town.engine.verify()["problems"] == []
    town.engine.add_evidence(PROJECT, "equality", actor=EDI, **GOOD["equality"])
    assert town.passings()[0]["conditions"] == shown["gates"][0]["conditions"]
