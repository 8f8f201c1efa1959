"""A project of two-gates, opened, refused, brought through both gates by doing what the gate asks for, and done."""

from __future__ import annotations

import json
from typing import Any

from engine.api import InputRefused, RulesRefused

from .town import (
    COCHAIR,
    DEPUTY,
    GOOD,
    LEAD,
    MANAGER,
    PROJECT,
    PROJECT_ROLES,
    QUORUM,
    SRO,
    Json,
    Town,
    refused,
)

PLAN = {"mandate", "outreach", "priorities"}
DESIGN = {"specification", "equality", "early-sight", "notice-wait"}
HOLDER = {role: email for email, roles in PROJECT_ROLES.items() if email != DEPUTY for role in roles}


def do(town: Town, act: Json, facts: dict[str, Any]) -> Json | None:
    """Does exactly what an act of the answer says, by somebody who holds one of its roles."""
    engine = town.engine
    match act["act"]:
        case "add_evidence":
            assert "coprod_lead" in act["roles"]
            asked = GOOD[act["requirement"]] | {"level": act["detail"]["level"]}
            asked |= {"facts": facts} if act["detail"]["fields"] or act["detail"]["rules"] else {}
            return engine.add_evidence(PROJECT, act["requirement"], actor=LEAD, **asked)
        case "sign":
            [role] = act["roles"]
            return engine.sign(PROJECT, act["requirement"], role=role, actor=HOLDER[role])
        case "decide":
            [role] = act["roles"]
            return engine.decide(PROJECT, role=role, actor=HOLDER[role])
        case "set_field":
            assert act["roles"] == ["programme_manager", "admin"]
            return engine.set_fields(PROJECT, {act["detail"]["field"]: "psr"}, actor=MANAGER)
    assert act["act"] == "wait"
    town.on(act["not_before"])
    return None


def test_a_project_goes_from_plan_to_done_by_doing_what_the_gate_asks_for(town: Town) -> None:
    """Whoever does the acts of the answer, in their order and nothing else, gets through every gate of a workflow."""
    engine = town.engine
    town.open(priority_groups="Roma,Deaf people", regime="psr")
    answers: list[Json] = []
    facts: dict[str, Any] = QUORUM | {"groups_heard": ["Roma", "Deaf people"], "published_on": "2026-06-03"}

    for stage, after, asked in (("plan", "design", PLAN), ("design", "done", DESIGN)):
        shut = refused(RulesRefused, "gate_shut", lambda: engine.advance(PROJECT, actor=SRO))
        gate = engine.gate(PROJECT)
        assert {name: shut.details[name] for name in gate} == gate, "the refusal is the complete answer"
        answers.append(shut.details)  # it is on record, and so takes a place as well
        assert (gate["from"], gate["to"], gate["open"]) == (stage, after, False)
        assert {r["id"] for r in gate["requirements"]} == asked
        assert all(r["state"] == "unmet" and r["why"] and r["needs"] for r in gate["requirements"]), gate
        while acts := gate["acts"]:
            town.clock.set(town.clock.moment.replace(minute=town.clock.moment.minute + 1))
            wanted = {k: v for k, v in facts.items() if k in _fields_of(town, acts[0])}
            answer = do(town, acts[0], wanted)
            answers += [answer] if answer else []
            assert len(acts) > len((gate := engine.gate(PROJECT))["acts"]), "each act brings the gate closer"
        assert gate["open"]
        assert gate["acts"] == []
        answers.append(engine.advance(PROJECT, actor=SRO))
        assert {k: answers[-1][k] for k in ("from", "to", "outcome")} == {
            "from": stage,
            "to": after,
            "outcome": "passed",
        }

    assert [a["seq"] - b["seq"] for b, a in zip(answers, answers[1:], strict=False)] == [
        len(a["events"]) for a in answers[1:]
    ], "between two writes the index grows by the number of events"
    done = engine.project(PROJECT)
    assert (done["stage"], done["final"], done["waiting_for"]) == ("done", True, [])
    assert [(g["gate"], g["outcome"], g["sound"]) for g in done["gates"]] == [
        ("plan-gate", "passed", True),
        ("design-gate", "passed", True),
    ]
    people = {p["email"]: p["id"] for p in engine.people()["people"]}
    for passing in done["gates"]:
        assert [(d["person"], d["role"]) for d in passing["decided_by"]] == [
            (people[SRO], "sro"),
            (people[COCHAIR], "lx_cochair"),
        ]
    ended = engine.gate(PROJECT)
    assert (ended["gate"], ended["open"], ended["acts"]) == (None, True, [])


def _fields_of(town: Town, act: Json) -> set[str]:
    if act["act"] != "add_evidence":
        return set()
    kinds = town.engine.titles(PROJECT)["kinds"]
    return set(kinds[act["detail"]["kind"]]["fields"])


def test_every_write_says_which_events_it_made_and_where_the_last_one_stands(town: Town) -> None:
    """The answer to a write names its events, and its `seq` is the index of the last of them in the ledger."""
    before = town.size
    town.open()
    records = town.fill_plan()
    town.engine.decide(PROJECT, actor=SRO)
    lapsing = town.engine.withdraw(records["mandate"], "The wrong paper", actor=LEAD)
    assert lapsing["events"] == ["evidence_withdrawn", "decisions_lapsed"]
    names = [leaf["event"] for leaf in town.leaves()]
    assert lapsing["seq"] == town.size - 1
    assert names[lapsing["seq"] - 1 :] == lapsing["events"]
    assert names[before:] == ["project_opened", *["role_granted"] * 6, *town.happened()[1:]]


def test_the_ledger_of_a_whole_story_is_dense_and_its_clock_never_goes_back(town: Town) -> None:
    """Each index holds a canonical JSON leaf with `at` in UTC, and no leaf is earlier than the one before it."""
    town.open()
    town.pass_plan()
    town.fill_design()
    moments = []
    for seq in range(town.size):
        raw = town.engine.leaf(seq)
        leaf = json.loads(raw)
        assert json.dumps(leaf, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == raw
        assert leaf["at"].endswith("Z")
        moments.append(leaf["at"])
    assert moments == sorted(moments)


def test_a_project_is_read_back_as_it_was_opened(town: Town) -> None:
    """`project show` gives money as text in pounds, lists and choices as they are, and what the definition defaults."""
    town.open(priority_groups="Roma, Deaf people", lifetime_value="£1,450,000.5")
    shown = town.engine.project(PROJECT)
    assert shown["fields"] == {
        "lifetime_value": "1450000.50",
        "regime": "undecided",
        "priority_groups": ["Roma", "Deaf people"],
    }
    assert shown["version"] == town.engine.version(PROJECT) == 1
    assert (shown["stage"], shown["cycle"], shown["on_hold"], shown["gates"]) == ("plan", 1, False, [])
    assert shown["expected_by"] == "2026-11-30", "26 weeks from the first of June"
    assert shown["definition"] == town.engine.workflow("two-gates")["definition"]
    [listed] = town.engine.projects()["projects"]
    assert {k: listed[k] for k in ("project", "title", "workflow", "stage", "on_hold", "unsound", "expected_by")} == {
        k: shown[k] for k in ("project", "title", "workflow", "stage", "on_hold", "expected_by")
    } | {"unsound": False}
    assert listed["waiting_for"] == shown["waiting_for"] == list(HOLDER), "anyone may hand in a record nobody signs"


def test_the_list_of_projects_is_paged_by_id(town: Town) -> None:
    """Pages of any length, followed by their cursors, give every project once, in the order of ids."""
    for n in range(5):
        town.engine.new_project(f"Project {n}", "two-gates", fields={"lifetime_value": "1"}, actor=MANAGER)
    for limit in (1, 2, 5, 1000):
        ids, after = [], None
        while True:
            page = town.engine.projects(limit=limit, after=after)
            ids += [p["project"] for p in page["projects"]]
            after = page["next"]
            if after is None:
                break
        assert ids == [f"P-000{n}" for n in range(1, 6)]
    refused(InputRefused, None, lambda: town.engine.projects(limit=0))
