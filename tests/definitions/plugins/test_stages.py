"""Stages that plugins bring: where they are placed, what comes with them, and what is told where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.core.errors import Elsewhere
from tests.definitions.plugins.bringing import ACME, ASSESSMENT, BARE, Plugins
from tests.definitions.plugins.small import WHOLE, document_of, entry, mistakes_of, only, pointed_at, requirement


def bringing(text: str) -> Plugins:
    """Returns the plugins, with another text for the stage."""
    return replace(ACME, stages={**ACME.stages, "acme/assessment": text})


def test_a_stage_comes_with_its_gate_on_the_way_to_the_stage_listed_next() -> None:
    """Without transitions a stage advances to the one listed after it, through the gate it brings.

    Seen to fail when the gate was left off the way: a project walked through the stage with nothing handed in.
    """
    found = entry(document_of(WHOLE), "stages", "assessment")
    assert (found["title"], found["target"]) == ("Assessment", {"n": 4, "unit": "weeks"})
    assert [(t["id"], t["to"], t["gate"]) for t in found["transitions"]] == [("advance", "pause", "assessment-gate")]


def test_all_that_the_stage_needs_comes_with_it_and_what_is_there_stays() -> None:
    """Roles, evidence, rules and the gate are brought in; a role of the same id keeps the title it has here."""
    found = document_of(WHOLE)
    assert {r["id"]: r["title"] for r in found["roles"]} == {"sro": "SRO", "lead": "Lead", "edi": "Equality lead"}
    assert [g["id"] for g in found["gates"]] == ["plan-gate", "assessment-gate"]
    assert [r["id"] for r in found["rules"]] == ["printed", "heard"]
    assert [k["id"] for k in found["evidence"]] == ["document", "leaflet", "impact_record", "panel_note"]


def test_a_stage_may_use_its_own_plugins_kinds() -> None:
    """What a plugin's stage asks for may be judged by the plugin itself, and is read with the options said there."""
    found = requirement(document_of(WHOLE), "residents")
    assert (found["use"], found["with"]["seats"], found["evidence"]) == ("acme/panel", 6, "panel_note")
    text = ASSESSMENT.replace(
        "  impact_record:\n    fields:\n      people: {type: integer, required: true}\n",
        "  impact_record: {use: acme/panel_note}\n",
    )
    text = text.replace("field: people", "field: present")
    assert entry(document_of(WHOLE, bringing(text)), "evidence", "impact_record")["examiner"] == "acme/panel_note"


def test_transitions_said_where_it_is_placed_are_its_ways_out() -> None:
    """A stage placed with transitions has those and no others; the stage's gate guards the advance all the same.

    Seen to fail when the gate was only put on a way made for it: the author's own advance went round it.
    """
    text = WHOLE.replace(
        "  - use: acme/assessment\n",
        "  - use: acme/assessment\n    transitions: [{id: advance, to: done}, {id: back, to: plan}]\n",
    )
    text = text.replace(
        "[{id: advance, to: done}, {id: back, to: plan, by: [lead]}]", "[{id: advance, to: done, by: [lead]}]"
    )
    text = text.replace("advance, to: assessment", "advance, to: assessment").replace(
        "to: done}, {id: back", "to: pause}, {id: back"
    )
    ways = entry(document_of(text), "stages", "assessment")["transitions"]
    assert [(t["id"], t["to"], t["gate"]) for t in ways] == [
        ("advance", "pause", "assessment-gate"),
        ("back", "plan", None),
    ]


def test_another_gate_may_guard_the_advance_where_the_author_says_so() -> None:
    """A gate named on the author's own advance stands there in place of the plugin's."""
    text = WHOLE.replace(
        "  - use: acme/assessment\n",
        "  - {use: acme/assessment, transitions: [{id: advance, to: pause, gate: own}]}\n",
    )
    text += "  own:\n    decided_by: [sro]\n"
    assert entry(document_of(text), "stages", "assessment")["transitions"][0]["gate"] == "own"


def test_a_stage_listed_last_needs_transitions() -> None:
    """Where no stage follows, a stage without transitions leads nowhere, which is told once at the use."""
    text = WHOLE.replace("  - {id: done, final: true}\n", "").replace("to: done", "to: assessment")
    text = text.replace("  - use: acme/assessment\n", "  - {id: ended, final: true}\n", 1) + ""
    text = text.replace("gates:\n", "  - use: acme/assessment\ngates:\n", 1)
    found = only(text)
    assert found.rule == "plugin/stage"
    assert "listed last" in found.message
    assert pointed_at(text, found) == "acme/assessment"


def test_nothing_but_transitions_goes_with_use() -> None:
    """What the stage is called and how long it takes is the plugin's to say; an id beside use is a mistake."""
    for other in ("id: mine", "title: Mine", "target: 3 weeks", "final: true"):
        text = WHOLE.replace("  - use: acme/assessment\n", f"  - {{use: acme/assessment, {other}}}\n")
        found = mistakes_of(text)
        assert [p.rule for p in found] == ["shape/form"], found
        assert pointed_at(text, found[0]).startswith(other[:4])


def test_a_mistake_inside_the_plugins_text_is_told_there_and_where_it_is_used() -> None:
    """A mistake in the text names the text with line and column, and stands at the use that brought it in."""
    text = ASSESSMENT.replace("rules: [heard]", "rules: [herd]")
    found = only(WHOLE, bringing(text))
    assert found.rule == "name/rule"
    assert found.message.startswith("In what the plugin brings (stage acme/assessment, line 6): There is no rule")
    assert pointed_at(WHOLE, found) == "acme/assessment"
    at = text.splitlines()[5].index("herd") + 1
    assert found.also == Elsewhere("stage acme/assessment", 6, at, "gate.requires[0].rules[0]")


@pytest.mark.parametrize(
    ("wrong", "rule", "line"),
    [
        ("stage: {id: assessment\n", "yaml/syntax", 1),
        ("stage: &a {id: assessment}\n", "yaml/anchor", 1),
        ("stage: {id: assessment}\nstages: []\n", "shape/unknown-key", 2),
        ("stage: {id: assessment, ways: []}\n", "shape/unknown-key", 1),
        ("stage: {title: Assessment}\n", "shape/missing-key", 1),
        ("gate: {id: g, decided_by: [sro]}\n", "shape/missing-key", 1),
        ("stage: {id: assessment}\ngate: {decided_by: [sro]}\n", "shape/missing-key", 2),
        ("stage: {id: assessment, transitions: [{id: advance, to: done}]}\n", "plugin/stage", 1),
        ("stage: {use: acme/pause}\n", "plugin/stage", 1),
        ("[stage]\n", "shape/type", 1),
        ("", "yaml/empty", 1),
        ("stage: {id: assessment}\nroles: {auditor: {}}\n", "name/reserved", 2),
        ("stage: {id: assessment}\nevidence: {x: {use: acme/nix}}\n", "plugin/absent", 2),
    ],
)
def test_every_kind_of_wrong_text_is_told_once_at_the_use(wrong: str, rule: str, line: int) -> None:
    """Text that cannot be read, has the wrong shape, or takes what it may not, is one mistake at the use."""
    found = only(WHOLE, bringing(wrong))
    assert found.rule == rule
    assert pointed_at(WHOLE, found) == "acme/assessment"
    assert found.also is not None
    assert found.also.line == line


@pytest.mark.parametrize(
    ("ours", "what"),
    [
        ("  heard: {field: printed_on, not_empty: true}\n", "rule"),
        ("  impact_record: {fields: {people: {type: text}}}\n", "kind of evidence"),
        ("  impact_record: {use: acme/leaflet}\n", "kind of evidence"),
        ("  assessment-gate: {decided_by: [sro]}\n", "gate"),
        ("  - {id: assessment, final: true}\n", "stage"),
        ("      - {id: impact, evidence: document}\n", "requirement"),
    ],
)
def test_the_same_id_with_another_meaning_names_both_places(ours: str, what: str) -> None:
    """What the definition has under an id that the stage brings otherwise is told with both places, and nothing else.

    Seen to fail when the definition's own rule was kept in silence: the plugin's gate asked for something else.
    """
    section = {"rule": "rules:\n", "kind of evidence": "evidence:\n", "stage": "stages:\n", "gate": "gates:\n"}
    after = section.get(what, "    requires:\n")
    text = WHOLE.replace(after, after + ours, 1)
    if what == "stage":
        text = text.replace("stages:\n" + ours, "stages:\n").replace("gates:\n", ours + "gates:\n", 1)
    line = text.splitlines().index(ours.rstrip("\n")) + 1
    found = only(text)
    assert found.rule == "plugin/clash"
    assert f"brings the {what} " in found.message
    assert "(stage acme/assessment, line " in found.message
    assert f"in small.yaml, line {line};" in found.message


def test_the_same_id_with_the_same_meaning_is_left_as_it_is() -> None:
    """A rule and a kind that mean the same are the definition's own: its titles stay, and nothing stands twice."""
    same = "  heard: {title: Heard here, field: people, at_least: 3}\n"
    kind = "  impact_record: {title: Ours, file: optional, fields: {people: {type: integer, required: true}}}\n"
    text = WHOLE.replace("rules:\n", "rules:\n" + same, 1).replace("evidence:\n", "evidence:\n" + kind, 1)
    found = document_of(text)
    assert entry(found, "rules", "heard")["title"] == "Heard here"
    assert entry(found, "evidence", "impact_record")["title"] == "Ours"


def test_a_stage_that_is_not_there_is_one_mistake() -> None:
    """Ways to it, its roles and its gate are not told as missing beside it."""
    text = WHOLE.replace("use: acme/assessment", "use: acme/assesment").replace("by: [lead]", "by: [edi]")
    text = text.replace("decided_by: [sro]", "decided_by: [sro, edi]")
    found = only(text)
    assert found.rule == "plugin/absent"
    assert 'Did you mean "assessment"?' in found.message
    assert pointed_at(text, found) == "acme/assesment"


def test_a_stage_is_placed_once() -> None:
    """The same stage a second time clashes with the first, since its ids are used already."""
    text = WHOLE.replace("  - use: acme/assessment\n", "  - use: acme/assessment\n  - use: acme/assessment\n")
    assert {p.rule for p in mistakes_of(text)} == {"plugin/clash"}


def test_a_stage_of_a_plugin_can_be_the_first_and_can_be_final() -> None:
    """Where a stage stands is the author's choice: it may begin the work, and one that is final ends it."""
    text = WHOLE.replace("  - {id: done, final: true}\n", "  - use: acme/ended\n").replace("to: done", "to: ended")
    brings = replace(ACME, stages={**ACME.stages, "acme/ended": "stage: {id: ended, final: true}\n"})
    assert document_of(text, brings)["stages"][-1]["final"] is True
    first = text.replace(
        "  - use: acme/pause\n    transitions: [{id: advance, to: ended}, {id: back, to: plan, by: [lead]}]\n", ""
    )
    first = first.replace("stages:\n", "stages:\n  - use: acme/pause\n").replace("by: [lead]", "")
    first = first.replace("lead: {title: Lead}", "edi: {title: Equality lead}")
    assert document_of(first, brings)["stages"][0]["id"] == "pause"


@pytest.mark.parametrize("ours", ["roles: {edi: 5, sro", "rules:\n  heard: 5", "evidence:\n  impact_record: [x]"])
def test_a_part_of_the_wrong_shape_beside_one_that_is_brought_is_told_as_that(ours: str) -> None:
    """What the definition has under an id that a stage brings, and is no mapping, is a mistake of shape, and no crash.

    Seen to fail (with an AttributeError) when the two were compared all the same.
    """
    text = WHOLE.replace("roles: {sro" if "roles" in ours else ours.partition("\n")[0], ours, 1)
    rules = [found.rule for found in mistakes_of(text)]
    assert (rules[0], "plugin/clash" in rules) == ("shape/type", False)


@pytest.mark.parametrize(
    ("brought", "ours"),
    [
        ("{use: acme/leaflet}", "{fields: {printed_on: {type: date}}}"),
        ("{fields: {printed_on: {type: date}}}", "{use: acme/leaflet}"),
        ("{fields: {title: {type: text}}}", "{fields: {title: {type: integer}, printed_on: {type: date}}}"),
        ("{fields: {printed_on: {type: date}, title: {type: text}}}", "{fields: {printed_on: {type: date}}}"),
    ],
)
def test_a_kind_that_is_written_out_is_another_than_the_plugins(brought: str, ours: str) -> None:
    """A kind of evidence of a plugin and one that only holds the same clash, whichever of them the stage brings.

    Seen to fail, line by line, when the two were taken for one because they hold the same fields, and when a field
    called `title` was taken for a title.
    """
    brings = replace(ACME, stages={**ACME.stages, "acme/pause": BARE + f"evidence: {{leaflet: {brought}}}\n"})
    text = WHOLE.replace("{use: acme/leaflet, title: Our leaflet}", ours)
    assert [p.rule for p in mistakes_of(text, brings)] == ["plugin/clash"]
