"""Random workflows, random partial histories, and somebody who does what an answer says, for the universal laws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from engine.core.answer import Act
from engine.core.commands import AddEvidence, Command
from engine.core.definition import Workflow

from .builders import (
    KINDS,
    LEVELS,
    NOTE,
    PROJECT_FIELDS,
    Json,
    affirm,
    against,
    all_of,
    any_of,
    at_least,
    check,
    decide_on,
    erase,
    gate,
    group,
    hand_in,
    meet,
    needs,
    regrade,
    rule,
    set_fields,
    share,
    sign,
    signature,
    span,
    wait,
    waive,
    withdraw,
    workflow,
)
from .builders import field as a_field
from .story import Story, story

TOP = "co_production"
INPUT = "input"
"""What records answer: handed in when a project begins, asked for by the second gate, and left alone."""
SIGNERS = ("sro", "cochair", "edi")  # `lead` hands in and never signs, so that duties are never in the way here
PRINCIPLES = ("P1", "P2")
DONE = ("good", "good", "poor", "sign", "sign", "withdraw", "regrade", "erase", "waive", "day")
"""What happens in histories; twice what should happen more often."""
RULES = (
    rule("scored", check("score", "at_least", 3)),
    rule(
        "quorum",
        group("all", check("present.lived", "at_least", 2), share(["present.lived", "present.carer"], "present", 50)),
    ),
    rule("reach", against("heard", "includes_all_of", "groups")),
    rule("cheap", against("cost", "at_most", "value")),
    rule("either", group("any", check("score", "at_least", 3), against("heard", "includes_all_of", "groups"))),
    rule("sized", check("project.size", "at_least", 2)),
    rule("apart", share(["present.lived"], "present", 40) | {"less": "aside"}),
    rule("enough", check("present.lived", "at_least", 2) | {"less": "aside"}),
    rule("answering", check("answers", "at_least", 1)),
    rule("small", group("any", check("few", "at_least", 1), check("present.carer", "at_least", 2))),
)
HIDDEN = {"small_hidden": True}
RICHER = {**NOTE, "fields": [*NOTE["fields"], a_field("aside", "counts", "lived", "carer", "clinician") | HIDDEN]}
RICHER["fields"] += [a_field("answers", "records"), a_field("few", "integer") | HIDDEN]
RICHER_KINDS = (RICHER, *KINDS[1:])
RICHER_FIELDS = (*PROJECT_FIELDS, a_field("known", "integer") | HIDDEN)
CLAIMS = (
    {
        "id": "claims_more",
        "title": "More is claimed",
        "says": "It claims co-design and counts nobody with lived experience.",
        "level": "co_design",
        "evidence": ["note"],
        "unless": check("present.lived", "at_least", 1),
    },
)
SATISFYING: dict[str, Any] = {
    "score": 5,
    "present": {"lived": 3, "carer": 1, "clinician": 2},
    "heard": ["Roma"],
    "cost": "10.00",
    "held_on": "2026-01-01",
    "aside": {"lived": 1, "carer": 0, "clinician": 2},
    "few": 2,
}
MENDING: dict[str, Any] = {"groups": ["roma"], "value": "100", "size": 3}
"""What the doer sets a field to: whatever was heard and spent in these worlds fulfils the rules then."""


def moderate(examples: int, steps: int = 30) -> settings:
    """Returns settings under which a run is the same everywhere and takes as long as it takes."""
    return settings(
        derandomize=True,
        deadline=None,
        max_examples=examples,
        stateful_step_count=steps,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )


def _sometimes(draw: st.DrawFn, one_in: int) -> bool:
    return draw(st.integers(1, one_in)) == 1


@dataclass(slots=True)
class Named:
    """What was drawn and later requirements can name: notices, to wait after, and evidence of decisions, to support."""

    notices: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    supporting: bool = False


@st.composite
def leaves(draw: st.DrawFn, id: str, named: Named, waits: bool) -> Json:
    """Draws a requirement that is no group."""
    asked: Json = {"principles": draw(st.lists(st.sampled_from(PRINCIPLES), unique=True, max_size=1))}
    if _sometimes(draw, 6):
        asked["profiles"] = [draw(st.sampled_from(["light", "standard"]))]
    if _sometimes(draw, 6):
        asked["when"] = check("project.groups", "not_empty")
    form = draw(st.sampled_from(["evidence", "evidence", "evidence", "signature", "notice", "wait"]))
    roles = st.lists(st.sampled_from(SIGNERS), unique=True, max_size=2)
    if form == "signature":
        return signature(id, *draw(st.lists(st.sampled_from(SIGNERS), unique=True, min_size=1, max_size=2)), **asked)
    if form == "wait" and named.notices and waits:
        unit = draw(st.sampled_from(["working_days", "days", "weeks", "months"]))
        after = f"{draw(st.sampled_from(named.notices))}.published_on"
        found = wait(id, after, draw(st.integers(1, 3)), unit, draw(st.sampled_from(["same_day", "next_day"])), **asked)
        found["wait"]["calendar"] = draw(st.sampled_from([None, "uk-any"]))
        return found
    supported = (
        {"supports": draw(st.sampled_from(named.evidence))}
        if named.evidence and named.supporting and _sometimes(draw, 4)
        else {}
    )
    if _sometimes(draw, 2):
        asked["level"] = draw(st.sampled_from(LEVELS))
    named.evidence.append(id)
    if form == "notice":
        named.notices.append(id)
        return needs(id, "notice", signed_by=draw(roles), **asked) | supported
    asked["rules"] = draw(st.lists(st.sampled_from([r["id"] for r in RULES]), unique=True, max_size=2))
    asked["fresh"] = draw(st.sampled_from([None, None, "this stage", span(10, "days"), span(2, "weeks")]))
    if _sometimes(draw, 3):
        return needs(id, count=draw(st.integers(1, 3)), **asked) | supported
    return needs(id, signed_by=draw(roles), **asked) | supported


@st.composite
def trees(draw: st.DrawFn, prefix: str, named: Named, depth: int, waits: bool) -> Json:
    """Draws a requirement, perhaps a group of requirements."""
    if depth == 0 or not _sometimes(draw, 3):
        return draw(leaves(prefix, named, waits))
    of = [draw(trees(f"{prefix}{n}", named, depth - 1, waits)) for n in range(draw(st.integers(1, 3)))]
    asked: Json = {"principles": draw(st.lists(st.sampled_from(PRINCIPLES), unique=True, max_size=1))}
    make = draw(st.sampled_from(["any_of", "all_of", "at_least"]))
    if make == "at_least":
        return at_least(prefix, draw(st.integers(1, len(of))), *of, **asked)
    return (any_of if make == "any_of" else all_of)(prefix, *of, **asked)


@st.composite
def workflows(draw: st.DrawFn, most: int = 4, depth: int = 2, waits: bool = True, supporting: bool = False) -> Workflow:
    """Draws a workflow with a gate of any kind after its first stage, and a plain one that takes what it answers."""
    named = Named(supporting=supporting)
    requires = [draw(trees(f"r{n}", named, depth, waits)) for n in range(draw(st.integers(1, most)))]
    asked = gate(
        *requires,
        decided_by=draw(st.lists(st.sampled_from(SIGNERS), unique=True, max_size=2)),
        waived_by=["sro", "cochair"],
        every_principle=draw(st.booleans()),
        if_unsound=draw(st.sampled_from(["warns", "freezes", "reopens"])),
    )
    return workflow(
        asked,
        gate(needs(INPUT), id="next", decided_by=["edi"]),
        rules=RULES,
        kinds=RICHER_KINDS,
        fields=RICHER_FIELDS,
        contradictions=CLAIMS,
        principles=PRINCIPLES,
        profiles={"light": check("project.target", "at_most", 5), "standard": None},
    )


def begun(draw: st.DrawFn, of: Workflow, *, checked: bool = False) -> Story:
    """Draws the fields of a new project of a workflow."""
    fields: dict[str, Any] = {"target": draw(st.sampled_from([3, 9])), "known": draw(st.integers(1, 9))}
    for name, value in MENDING.items():
        if draw(st.booleans()):
            fields[name] = value
    return story(of, checked=checked, **fields).given(hand_in(INPUT))


def leaf_ids(of: Workflow, *types: str) -> list[str]:
    """Returns the requirements of the first gate that are no groups."""
    asked = of.gates["gate"].all_requirements()
    return [r.id for r in asked if r.type in (types or ("evidence", "signature", "wait"))]


def satisfying(told: Story, requirement: str) -> AddEvidence:
    """Returns the handing in of a record that does all that is asked of it, today."""
    if told.workflow.requirements[requirement].evidence == "notice":
        return hand_in(requirement, TOP, published_on=told.today.isoformat())
    known = told.workflow.evidence["note"].fields
    standing = [r.id for r in told.project.records_for(INPUT) if r.erased_by is None and requirement != INPUT]
    facts = SATISFYING | {"answers": standing[:1]}
    return hand_in(requirement, TOP, **{name: said for name, said in facts.items() if name in known})


@st.composite
def histories(draw: st.DrawFn, of: Workflow, most: int = 8, *, checked: bool = False) -> Story:
    """Draws what happened so far: good and poor records, signatures, withdrawals, regradings, waivers, days."""
    told = begun(draw, of, checked=checked)
    for _ in range(draw(st.integers(0, most))):
        act = draw(st.sampled_from(DONE))
        if act == "day":
            told.on(told.today + timedelta(days=draw(st.integers(1, 9))))
        elif act == "waive":
            until = told.today + timedelta(days=draw(st.integers(0, 40)))
            told.when(waive(draw(st.sampled_from(list(of.requirements))), until.isoformat()))
        elif act in ("withdraw", "regrade", "erase"):
            handed_in = [r.id for r in told.project.records.values() if r.requirement != INPUT]
            if handed_in:
                record = draw(st.sampled_from(handed_in))
                level = draw(st.sampled_from(LEVELS))
                wishes: dict[str, Command] = {
                    "withdraw": withdraw(record),
                    "regrade": regrade(record, level),
                    "erase": erase(record),
                }
                told.when(wishes[act])
        elif act == "sign":
            told.when(sign(draw(st.sampled_from(list(of.requirements)))), by=draw(st.sampled_from(SIGNERS)))
        elif wanted := leaf_ids(of, "evidence"):
            requirement = draw(st.sampled_from(wanted))
            wish = satisfying(told, requirement) if act == "good" else draw(_poor(told, requirement))
            ago = timedelta(days=draw(st.sampled_from([0, 0, 0, 3, 12])))
            told.when(replace(wish, happened_on=(told.today - ago).isoformat()))
    return told


@st.composite
def _poor(draw: st.DrawFn, told: Story, requirement: str) -> AddEvidence:
    level = draw(st.sampled_from([None, *LEVELS]))
    if told.workflow.requirements[requirement].evidence == "notice":
        return hand_in(requirement, level, published_on=told.today.isoformat())
    kept = draw(st.lists(st.sampled_from(sorted(SATISFYING)), unique=True))
    return hand_in(requirement, level, **{name: SATISFYING[name] for name in kept})


@st.composite
def situations(draw: st.DrawFn, most: int = 4, depth: int = 2, waits: bool = True, so_far: int = 8) -> Story:
    """Draws a workflow and a project that has come some way in it."""
    return draw(histories(draw(workflows(most, depth, waits, supporting=True)), so_far))


def branch(told: Story) -> Story:
    """Returns a story that goes its own way from here."""
    return replace(told, entries=list(told.entries))


def do(told: Story, acts: Iterable[Act]) -> Story:
    """Does acts in their order, each on its day at the earliest; what is refused is passed over."""
    for act in acts:
        name = str(act.requirement)
        match act.act:
            case "set_field":
                told.when(set_fields(**{act.detail["field"]: MENDING[act.detail["field"]]}))
            case "add_evidence":
                told.when(satisfying(told, name))
            case "sign":
                told.when(sign(name), by=act.roles[0])
            case "wait":
                assert act.not_before is not None
                told.on(max(told.today, act.not_before))
            case "decide":
                for number in act.detail.get("conditions", ()):
                    told.when(meet(act.detail["affirm"], number), by=act.roles[0])
                told.when(affirm(act.detail["affirm"]) if "affirm" in act.detail else decide_on(), by=act.roles[0])
    return told
