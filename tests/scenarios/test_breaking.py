"""Breaking a definition on purpose: which breaks there are, what they touch, and how unnoticed ones are explained."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson
import pytest

from engine.api import InputRefused, workflows_folder
from engine.core.canonical_form import workflow_from
from engine.definitions.compile import compile_definition
from engine.scenarios.breaking import broken, refused
from engine.scenarios.breaks import breaks_of
from engine.scenarios.mutate import Story
from engine.scenarios.play import play
from engine.scenarios.read import read_scenarios
from engine.scenarios.steps import Kept
from tests.core import builders as b

from .conftest import EXAMPLE, Played, story

SHIPPED = sorted(p for p in workflows_folder().glob("*/workflow.yaml") if b"\nextends:" not in p.read_bytes())


def canonical(file: Path) -> dict[str, Any]:
    """Returns the canonical form of the definition in a file."""
    found: dict[str, Any] = orjson.loads(compile_definition(file.read_bytes(), file.name).canonical)
    return found


@pytest.mark.parametrize("file", [EXAMPLE / "workflow.yaml", *SHIPPED], ids=lambda p: p.parent.name)
def test_each_break_is_one_change_of_its_own(file: Path) -> None:
    """Every break has an id of its own, changes the definition, leaves the original alone and can be judged.

    Seen to fail when an edit was made in the original.
    """
    document = canonical(file)
    before = deepcopy(document)
    breaks = breaks_of(document)
    assert len({one.id for one in breaks}) == len(breaks)
    changed = {one.id: broken(document, one) for one in breaks}
    assert document == before
    for id, form in list(changed.items())[:: max(1, len(changed) // 100)]:
        assert form != document, id
        if refused(form) is None:
            assert workflow_from(form, "0" * 64).stages, id


def everything() -> dict[str, Any]:
    """Returns the canonical form of a definition in which there is something of every sort to break."""
    loose = {"op": "at_least", "field": "people.one", "value": 3, "less": "people"}
    waits = b.wait("w", "a.on", 8)
    ladder = b.group(
        "all",
        loose,
        b.check("cost", "at_most", 500),
        b.check("cost", "at_most", 500),
        b.share(["people.one"], "people", 50),
    )
    asked = [
        b.needs("a", level="co_design", rules=["r"], signed_by=["sro", "edi"], fresh=b.span(12, "months"), law=True),
        b.needs("b", count=2, carries_over=True, profiles=["light", "full"]) | {"supports": "a"},
        waits | {"wait": waits["wait"] | {"calendar": "uk-any"}},
        b.at_least("g", 2, b.needs("g1"), b.needs("g2")),
        b.all_of("h", b.needs("h1"), b.signature("h2", "sro", "edi")),
        b.needs("c", fresh="this stage", when=b.check("project.value", "at_least", 100)),
    ]
    gate = b.gate(*asked, decided_by=["sro", "cochair"], every_principle=True) | {"if_unsound": "freezes"}
    follows = {"requirement": "a", "field": "way", "value": "on"}
    return {
        "levels": list(b.LEVELS),
        "roles": [{"id": role} for role in b.ROLES],
        "fields": [b.field("value", "money")],
        "evidence": [b.kind("note", b.field("cost", "money"), b.field("people", "counts", "one"))],
        "rules": [b.rule("r", ladder)],
        "profiles": [
            {"id": "light", "condition": b.check("project.value", "at_most", 900)},
            {"id": "full", "condition": None},
        ],
        "gates": [gate],
        "stages": [{"id": "s", "transitions": [b.way("advance", "t", "gate", by=["sro"]) | {"follows": follows}]}],
    }


KINDS = {
    "requirement dropped": "a: dropped",
    "level lowered": "a: level co_design -> engagement",
    "rule dropped": "a: rule r dropped",
    "part of a rule dropped": "r: cost at_most 500 dropped",
    "number lowered": "r: people.one at_least 3 -> 2",
    "share lowered": "r: share of people.one in people 50% -> 40%",
    "less dropped": "r: people.one at_least 3: less dropped",
    "signatory dropped": "a: signature of sro dropped",
    "signatory swapped": "a: signature of sro -> cochair",
    "decider dropped": "gate: decision of cochair dropped",
    "wait loosened": "w: wait 8 -> 7 working days",
    "wait counted otherwise": "w: counting next_day -> same_day",
    "freshness lengthened": "a: fresh 12 -> 13 months",
    "freshness dropped": "c: fresh dropped",
    "when dropped or turned": "c: when turned round",
    "condition of applying moved": "c: when project.value at_least 100 -> 0",
    "law off": "a: law off",
    "profile dropped": "b: profile light dropped",
    "profile moved": "profile light: project.value at_most 900 -> 1000",
    "every_principle off": "gate: every_principle off",
    "gate removed": "s.advance: gate dropped",
    "dissent recorded": "gate: dissent recorded",
    "by dropped": "s.advance: by dropped",
    "supports dropped": "b: supports dropped",
    "follows dropped": "s.advance: follows dropped",
    "if_unsound warns": "gate: if_unsound freezes -> warns",
    "carries over": "b: carries_over off",
    "group loosened": "h: all_of -> any_of",
}


def test_there_is_a_break_of_every_sort() -> None:
    """Each sort of break is made where there is something to break, with an id that says what was changed.

    Seen to fail when the breaks of one sort were left out.
    """
    breaks = breaks_of(everything())
    assert {one.kind for one in breaks} == KINDS.keys()
    for kind, id in KINDS.items():
        assert id in {one.id for one in breaks if one.kind == kind}, kind


def test_equal_changes_are_told_apart() -> None:
    """Where a rule says the same thing twice, the breaks of the two have different ids.

    Seen to fail when the second was not numbered.
    """
    ids = [one.id for one in breaks_of(everything())]
    assert len(set(ids)) == len(ids)
    assert "r: cost at_most 500 dropped (2)" in ids


def test_what_would_not_load_is_refused() -> None:
    """A break that leaves a name pointing nowhere, or a group or gate with too little in it, would be refused."""
    document = everything()
    found = {one.id: refused(broken(document, one)) for one in breaks_of(document)}
    assert {id for id, why in found.items() if why is not None} == {"a: dropped", "g1: dropped", "g2: dropped"}


QUIET = story(then="{stage: plan}")


def test_what_nobody_noticed_is_told_in_words(played: Played) -> None:
    """A break that no story notices is a finding in words with its id, and the whole is not good."""
    report = played(QUIET, breaking=True)
    figures = report["mutants"]["two-gates"]
    assert not report["ok"]
    told = {s["break"]: s["words"] for s in figures["survivors"]}
    assert told["mandate: level co_design -> engagement"] == "Nobody noticed that “mandate” took engagement."
    assert figures["breaks"] == figures["noticed"] + figures["refused"] + len(told)


def test_an_explanation_makes_a_survivor_good(played: Played) -> None:
    """Where every break that nobody noticed is explained, the whole is good and the reasons are shown."""
    survivors = played(QUIET, breaking=True)["mutants"]["two-gates"]["survivors"]
    entries = [f'  - {{break: "{s["break"]}", because: It is so.}}' for s in survivors]
    report = played(QUIET, breaking=True, unnoticed="\n".join(["unnoticed:", *entries]))
    assert report["ok"]
    assert {s["because"] for s in report["mutants"]["two-gates"]["survivors"]} == {"It is so."}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('{break: "mandate: droped", because: x}', "Did you mean"),
        ('{break: "mandate: dropped", because: x}', "is noticed, by “One”"),
        ('{break: "early-sight: dropped", because: x}', "it would be refused"),
        ('{break: "mandate: dropped"}', "An entry has break"),
        ('{break: "mandate: dropped", why: x}', "An entry has break"),
        ("mandate", "An entry has break"),
    ],
)
def test_a_needless_explanation_is_a_mistake(entry: str, said: str, played: Played) -> None:
    """An explanation for a break that is noticed, or that does not exist, is refused with its line."""
    noticing = story(then="{states: {mandate: unmet}}")
    with pytest.raises(InputRefused, match=said) as refused_:
        played(noticing, breaking=True, unnoticed=f"unnoticed:\n  - {entry}\n")
    assert refused_.value.details["problems"][0]["line"] == 2


def test_an_explanation_is_given_once(played: Played) -> None:
    """Two explanations for one break are a mistake."""
    entry = '  - {break: "mandate: law off", because: x}\n'.replace("mandate: law", "equality: law")
    with pytest.raises(InputRefused, match="explained in line 2, too"):
        played(QUIET, breaking=True, unnoticed=f"unnoticed:\n{entry}{entry}")


def test_a_story_notices_that_what_it_makes_ready_is_gone(played: Played) -> None:
    """A story that makes a requirement ready by its name notices that it was dropped.

    Seen to end in a KeyError when the requirement was looked up in the broken definition.
    """
    report = played(story(given="[{ready: mandate}]", then="{stage: plan}"), breaking=True)
    assert "mandate: dropped" not in {s["break"] for s in report["mutants"]["two-gates"]["survivors"]}


def test_a_story_that_is_left_out_would_not_have_noticed() -> None:
    """Stories that have nothing to do with a break are not played for it, and none of them would have noticed it.

    Seen to fail when a story was taken to touch only the stage it ends in.
    """
    compiled = compile_definition((EXAMPLE / "workflow.yaml").read_bytes(), "workflow.yaml")
    document, stories = orjson.loads(compiled.canonical), list[Story]()
    for file in sorted((EXAMPLE / "scenarios").glob("*.yaml")):
        for scenario in read_scenarios(file.read_bytes(), file.name, compiled.workflow)[0].scenarios:
            facts: Kept = {}
            stories.append(Story(scenario, facts, play(scenario, compiled.workflow, facts).touched))
    left_out = 0
    for one in breaks_of(document):
        form = broken(document, one)
        if refused(form) is not None:
            continue
        workflow = workflow_from(form, one.id)
        for story_ in stories:
            if one.where and story_.touched.isdisjoint(one.where):
                left_out += 1
                assert play(story_.scenario, workflow, dict(story_.kept)).ok, (one.id, story_.scenario.title)
    assert left_out > 500
