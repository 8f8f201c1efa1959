"""What is proved, shown and compared of definitions that use plugins."""

from __future__ import annotations

from engine.core.definition import Workflow
from engine.definitions.brought import NO_PLUGINS
from engine.definitions.comparing.compare import compare
from engine.definitions.compile import compile_definition, problems_in, workflow_of
from engine.definitions.showing.diagram import in_words, svg
from engine.definitions.showing.page import page
from tests.definitions.plugins.bringing import ACME
from tests.definitions.plugins.small import WHOLE
from tests.definitions.plugins.test_building_on import CANONICAL

OPTIONS = "with: {seats: 4, fee: 3, since: 2026-01-31, places: [north, south]}"


def workflow(text: str) -> Workflow:
    return compile_definition(text.encode(), "small.yaml", None, ACME).workflow


def said(text: str) -> list[tuple[str, str]]:
    found = compare(workflow(WHOLE), workflow(text))
    return [(change.kind, change.says) for change in found.changes]


def test_a_gate_that_plugins_judge_is_not_said_to_be_impassable() -> None:
    """What a plugin asks nobody can prove, so nothing is claimed of a gate because of it."""
    assert problems_in(WHOLE.encode(), "small.yaml", None, ACME)[1] == []
    insists = WHOLE.replace("roles:", "principles: {P1: {title: One}}\nroles:", 1)
    insists = insists.replace("plan-gate:\n", "plan-gate:\n    every_principle: true\n")
    carried = insists.replace("use: acme/plain}", "use: acme/plain, principles: [P1]}")
    assert problems_in(carried.encode(), "small.yaml", None, ACME)[1] == []


def test_all_else_about_such_a_gate_is_still_proved() -> None:
    """A principle that nothing carries, and rules that exclude each other, are found beside a plugin's requirement.

    Seen to fail when the prover asked nobody: every gate stayed shut because of the plugin, and nothing was found.
    """
    insists = WHOLE.replace("roles:", "principles: {P1: {title: One}}\nroles:", 1)
    insists = insists.replace("plan-gate:\n", "plan-gate:\n    every_principle: true\n")
    assert "proof/principle" in {p.rule for p in problems_in(insists.encode(), "small.yaml", None, ACME)[1]}
    clash = WHOLE.replace("rules:\n", "rules:\n  early: {field: printed_on, before: 2025-01-01}\n", 1)
    clash = clash.replace("rules: [printed]", "rules: [printed, early]")
    assert "proof/contradiction" in {p.rule for p in problems_in(clash.encode(), "small.yaml", None, ACME)[1]}


def test_a_wait_may_count_from_a_record_that_a_plugin_judges() -> None:
    """A record is handed in for a plugin's requirement as well, so a wait that counts from it is over in the proof.

    Seen to fail when records were handed in for evidence only: the wait never began, and the principle went untold.
    """
    brings = type(ACME)(ACME.stages, ACME.kinds, {**ACME.evidence, "acme/panel_note": ACME.evidence["acme/leaflet"]})
    text = WHOLE.replace("        when: {field: project.big, equals: true}\n", "")
    text += "      - {id: later, wait: {after: panel.printed_on, days: 3, counting_from: same_day}}\n"
    assert problems_in(text.encode(), "small.yaml", None, brings)[1] == []
    insists = text.replace("roles:", "principles: {P1: {title: One}}\nroles:", 1)
    insists = insists.replace("plan-gate:\n", "plan-gate:\n    every_principle: true\n")
    assert "proof/principle" in {p.rule for p in problems_in(insists.encode(), "small.yaml", None, brings)[1]}


def test_two_alternatives_that_plugins_judge_are_not_called_redundant() -> None:
    """Of what a plugin asks nothing is known, so neither of two alternatives is said to ask more."""
    pair = "[{id: a, use: acme/panel, with: {seats: 1}}, {id: b, use: acme/panel, with: {seats: 2}}]"
    text = f"{WHOLE}      - {{id: either, any_of: {pair}}}\n"
    assert problems_in(text.encode(), "small.yaml", None, ACME)[1] == []


def test_the_page_names_the_plugin() -> None:
    """The page says which plugin judges and which examines, and what the plugin is told."""
    shown = page(workflow(WHOLE)).replace("\\", "")
    assert "Judged by the plugin acme: panel. It is told: " in shown
    assert "seats 4" in shown
    assert "places north and south" in shown
    assert "Records of “Note of the panel” can be handed in for it." in shown
    assert "Examined by the plugin acme: panel" in shown


def test_the_diagram_says_which_gates_plugins_judge() -> None:
    """The words of the diagram name the plugin beside the gate; the picture is drawn without it."""
    words = in_words(workflow(WHOLE))
    assert "through the gate Plan gate with 4 requirements, judged in part by the plugin acme, decided by SRO" in words
    assert "<svg" in svg(workflow(WHOLE))


def test_a_form_is_read_shown_and_compared_without_the_plugin() -> None:
    """The canonical form alone is enough for the page, the diagram and a comparison."""
    alone = workflow_of(CANONICAL)
    assert page(alone) == page(workflow(WHOLE))
    assert compare(alone, workflow(WHOLE)).same
    assert problems_in(WHOLE.encode(), "small.yaml", None, NO_PLUGINS)[0] is None


def test_another_option_is_told_and_neither_more_nor_less() -> None:
    """Each option that changed is told; only the plugin knows which of two asks more.

    Seen to fail when options were not compared: the two were called the same.
    """
    found = said(WHOLE.replace(OPTIONS, "with: {seats: 9, fee: 3, since: 2026-01-31}"))
    assert found == [
        ("otherwise", "“A panel of residents” now tells the plugin acme: panel seats 9 (was 4)."),
        ("otherwise", "“A panel of residents” now tells the plugin acme: panel places nothing (was north and south)."),
    ]


def test_another_judge_is_told() -> None:
    """A requirement that another kind judges, or a plugin no longer judges, is told as that."""
    found = said(WHOLE.replace("title: My own words, use: acme/plain", "title: My own words, evidence: document"))
    assert ("otherwise", "“My own words” now asks for a record (was what a plugin judges).") in found
    found = said(
        WHOLE.replace("title: My own words, use: acme/plain", "title: My own words, use: acme/panel, with: {seats: 1}")
    )
    assert (
        "otherwise",
        "“My own words” is now judged by the plugin acme: panel (was the plugin acme: plain).",
    ) in found
    assert ("otherwise", "“Note of the panel” is now handed in for “My own words” (was “nothing”).") in found


def test_an_examiner_that_comes_asks_more() -> None:
    """A kind of evidence that is examined from now on asks more, and one that no longer is, less."""
    own = WHOLE.replace(
        "leaflet: {use: acme/leaflet, title: Our leaflet}", "leaflet: {use: acme/examined, title: Our leaflet}"
    )
    kind = ACME.evidence["acme/leaflet"]
    seen = type(kind)(kind.title, kind.file, kind.fields, True)
    brings = type(ACME)(ACME.stages, ACME.kinds, {**ACME.evidence, "acme/examined": seen})
    looked_at = compile_definition(own.encode(), "small.yaml", None, brings).workflow
    more = compare(workflow(WHOLE), looked_at).changes
    assert [(c.kind, c.says) for c in more] == [
        ("more", "A record of “Our leaflet” is now examined by the plugin acme: examined (was: nobody).")
    ]
    assert [c.kind for c in compare(looked_at, workflow(WHOLE)).changes] == ["less"]
